"""The channel seam."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A PNG that the HTML shows by ``cid:`` and its name, so that nothing is loaded from elsewhere."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A rendered notice: the same facts as subject, plain text, a short text for chats, HTML with its pictures, and
    JSON. Each channel takes what it can carry."""

    type: str
    at: datetime
    subject: str
    text: str
    html: str
    data: Mapping[str, object]
    brief: str = ""
    pictures: tuple[Picture, ...] = ()
    thread: str | None = None  # messages of one alert share it
    only: str | None = None  # one address of the receiver: the others have this message already


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One address of a receiver that was left out while others got the message; ``permanent`` as in ChannelError."""

    address: str
    reason: str
    permanent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the receiver's side answered when it took the message, for people to read; and for whom it did not."""

    answer: str
    refused: tuple[Refusal, ...] = ()


class Channel(Protocol):
    """Sends a message to one configured receiver."""

    def send(self, message: Message, key: str, *, now: datetime) -> Receipt:
        """``key`` is the same on every attempt for one delivery. Raises ChannelError where nobody got it."""


class Probed(Protocol):
    """A channel that can say, without sending a message, whether one would get through."""

    def probe(self) -> Receipt:
        """Raises ChannelError."""
