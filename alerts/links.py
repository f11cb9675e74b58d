"""Signed links by which a reader reacts to an alert without logging in. Pure: the key and the time come in.

A link names what it asks for, the alert and when it ends. Following it changes nothing: the page behind it shows a
question, and only the answer (a POST) acts, because mail scanners follow every link they see.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from itsdangerous import BadData, URLSafeSerializer

from collector.model.clock import utc
from collector.model.errors import SiagaError
from collector.model.phrase import Phrase

VERSION = 1
LASTS = timedelta(days=7)
_SALT = "siaga.links"
_NOT_OURS = Phrase(
    id="Tautan ini tidak utuh atau bukan dari Siaga ini.", en="This link is damaged or not of this Siaga."
)
_ENDED = Phrase(id="Tautan ini sudah tidak berlaku.", en="This link has ended.")
_OTHER_VERSION = Phrase(
    id="Tautan ini dibuat oleh versi Siaga yang lain.", en="This link was made by another version of Siaga."
)


class ActionKind(StrEnum):
    """What a link asks for; also the first part of its path."""

    ACK = "ack"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What a valid link asks for, and until when it may."""

    kind: ActionKind
    alert_id: int
    ends_at: datetime


class LinkRefused(SiagaError):
    """A link that must not be followed; ``why`` is for whoever clicked it."""

    def __init__(self, why: Phrase) -> None:
        super().__init__(why.en)
        self.why = why


class ActionLinks:
    """Makes links below ``base_url`` (``https://siaga.example.org``), good for ``lasts``."""

    def __init__(self, base_url: str, key: bytes, *, lasts: timedelta = LASTS) -> None:
        self._base_url = base_url.rstrip("/")
        self._key = key
        self._lasts = lasts

    @property
    def base_url(self) -> str:
        """Where the page is."""
        return self._base_url

    def page(self, alert_id: int) -> str:
        """The alert with its evidence. Not signed: whoever may read the page may read it."""
        return f"{self._base_url}/alert/{alert_id}"

    def ack(self, alert_id: int, now: datetime) -> str:
        return self._link(ActionKind.ACK, alert_id, now)

    def silence(self, alert_id: int, now: datetime) -> str:
        return self._link(ActionKind.SILENCE, alert_id, now)

    def _link(self, kind: ActionKind, alert_id: int, now: datetime) -> str:
        ends = int((utc(now) + self._lasts).timestamp())
        token = _serializer(self._key).dumps([VERSION, kind.value, alert_id, ends])
        words = token.decode("ascii") if isinstance(token, bytes) else token
        return f"{self._base_url}/{kind.value}/{words}"


def read(token: str, key: bytes, now: datetime) -> Action:
    """The last part of a link's path as what it asks for. Raises LinkRefused: damaged, signed with another key, of
    another version, or ended."""
    try:
        told = _serializer(key).loads(token)
    except (BadData, ValueError):
        raise LinkRefused(_NOT_OURS) from None
    if not isinstance(told, list) or not told or told[0] != VERSION:
        raise LinkRefused(_OTHER_VERSION)
    _, kind, alert_id, ends = told
    ends_at = datetime.fromtimestamp(ends, UTC)
    if utc(now) >= ends_at:
        raise LinkRefused(_ENDED)
    return Action(kind=ActionKind(kind), alert_id=int(alert_id), ends_at=ends_at)


def _serializer(key: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=_SALT, signer_kwargs={"digest_method": hashlib.sha256})
