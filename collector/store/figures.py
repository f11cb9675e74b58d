"""Figures for reports, in the storage seam: what others published, and what the ledger counts in a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from collector.model.ledger import ActionKind, Precision, PublishedCount

MONTH = timedelta(days=32)  # a date known by its month may lie so much before a window and still reach into it


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many there are of one kind in one hour (or at one day or month, as ``precision`` says), under ``label``."""

    at: datetime
    precision: Precision
    label: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCounts:
    """Items that name somebody or something: all, those flagged as suspicious, those that stood behind an alert."""

    items: int
    flagged: int
    alerted: int


class Figures(Protocol):
    def add_counts(self, counts: Sequence[PublishedCount], now: datetime) -> int:
        """Store published figures (``id`` is ignored); the same window, topic and source takes over the new count.
        Returns how many were new."""

    def counts(self) -> tuple[PublishedCount, ...]:
        """By first day."""

    def issues(
        self, since: datetime, until: datetime, *, topic_id: str | None, label: str, by_day: bool = False
    ) -> tuple[Counted, ...]:
        """Issues by the hour in which their first suspicious item or debunk was seen (backfill apart; of those with a
        verdict of the desk their first item), or by the date
        under which a desk entered them (from a :data:`MONTH` before the window on: what is not exact is the
        reader's to place). ``label``: ``""``, ``topic`` (an issue counts under each) or ``source`` (the
        publisher of that first item). ``by_day``: nothing finer is asked for than the days of 24 hours from ``since``
        on, and those a store may have kept."""

    def items(
        self, since: datetime, until: datetime, *, topic_id: str | None, label: str, by_day: bool = False
    ) -> tuple[Counted, ...]:
        """Suspicious items, and those that spread what the desk found wrong or unproven, by the hour in which they were
        first seen (backfill apart); and items that a desk brought, by their own date. ``by_day`` as above."""

    def actions(
        self, since: datetime, until: datetime, *, topic_id: str | None
    ) -> tuple[tuple[ActionKind, Counted], ...]:
        """Actions by when they were taken; ``label`` is empty."""

    def naming(self, phrases: Sequence[str], since: datetime, until: datetime) -> NamedCounts:
        """Items first seen in the window (those that a desk brought: dated in it) that name one of the phrases in title
        or excerpt, as whole words."""

    def on_topic(self, topic_id: str, since: datetime, until: datetime) -> NamedCounts:
        """The same for the items that mention a topic."""

    def kept_since(self) -> datetime | None:
        """When the oldest stored item was first seen: what retention deleted before can be counted no more."""
