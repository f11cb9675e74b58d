"""Two seams: a source kind reads a body; a fetcher brings one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from collector.model.item import Entry
from collector.model.source import Failed, Fetched, Source, SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a body held. ``more`` names further addresses to fetch in the same poll (members of a sitemap index).

    ``wordless`` counts entries that were left out because they had neither title, text, link nor guid.
    """

    entries: tuple[Entry, ...]
    title: str | None = None
    more: tuple[str, ...] = ()
    wordless: int = 0


class SourceKind(Protocol):
    """Reads what its kind of source serves. Pure: no network, no clock."""

    name: str
    needs_robots: bool  # pages ask robots.txt first; feeds are made to be polled

    def address(self, source: Source) -> str:
        """The address to fetch (a telegram source names a channel)."""

    def accept(self) -> str:
        """The Accept header."""

    def parse(self, source: Source, fetched: Fetched) -> Parsed:
        """Raises ParseError where the body is not of this kind."""


class Fetcher(Protocol):
    """Brings the body of a source's address, politely and within limits. Failures come back as values."""

    def fetch(
        self, source: Source, url: str, state: SourceState | None, *, accept: str, robots: bool, now: datetime
    ) -> Fetched | Failed:
        """``state`` gives the validators for a conditional request (None: unconditional)."""

    def close(self) -> None: ...
