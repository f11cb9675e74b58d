"""What is known beforehand: days on which everybody will write about a topic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from collector.model.phrase import Phrase

AROUND = timedelta(days=2)  # people write about it before and after


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedEvent:
    """One entry of ``calendar`` in sources.yaml: local days, both included. No ``topics``: it concerns all of them."""

    id: str
    name: Phrase
    first: date
    last: date
    topics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"event {self.id}: its last day comes before its first")

    def concerns(self, topic_id: str) -> bool:
        return not self.topics or topic_id in self.topics

    def near(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """From when up to when (UTC, half-open) more than usual is to be expected."""
        start = datetime.combine(self.first, time.min, zone) - AROUND
        end = datetime.combine(self.last, time.min, zone) + timedelta(days=1) + AROUND
        return start.astimezone(UTC), end.astimezone(UTC)
