"""One claim, however many items carry it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issue (isu) with its counts so far.

    ``title`` is that of its most central item. ``claim_key`` names the checked claim that it repeats or answers, where
    there is one. ``claimed_at`` is when its first suspicious item or debunk was seen: until then it is talk of the
    topic, not a claim worth a look. ``voices`` counts copies of one text as one. Times are UTC.
    """

    id: int
    title: str
    claim_key: str | None
    opened_at: datetime
    last_seen_at: datetime
    claimed_at: datetime | None
    items: int
    voices: int
    suspicious: int
    debunks: int

    def __post_init__(self) -> None:
        if not 1 <= self.voices <= self.items:
            raise ValueError(f"issue {self.id}: {self.voices} voices among {self.items} items")


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """That an item belongs to an issue. ``voice`` numbers the texts of the issue, copies alike; ``title`` is the
    issue's once the item has joined, ``claim_key`` the checked claim that the item speaks of; ``seen_at`` the item's.
    """

    item_id: int
    issue_id: int
    voice: int
    title: str
    claim_key: str | None
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupedText:
    """What a grouping has to remember of an item to go on after a restart."""

    item_id: int
    issue_id: int
    voice: int
    title: str
    excerpt: str
    claim_key: str | None
    seen_at: datetime
