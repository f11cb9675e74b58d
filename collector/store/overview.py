"""What the page asks of the store: each question answered along an index, whatever the size of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from collector.model.alert import Alert, Delivery, DeliveryState
from collector.model.bucket import Measure

if TYPE_CHECKING:
    from collector.store.base import JudgedItem

MEASURES = (Measure.SUSPICIOUS, Measure.MENTIONS, Measure.DEBUNKS)
"""What the hourly roll-up holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rising:
    """An issue's suspicious items since a moment, and their publishers."""

    issue_id: int
    items: int
    publishers: int
    last_seen_at: datetime


class Overview(Protocol):
    """Lists are newest first."""

    def counts(self, topic_id: str, measure: Measure, edges: Sequence[datetime]) -> tuple[int, ...]:
        """Live items (backfill apart) between each two of the ascending ``edges``; an hour belongs where it begins.
        ``measure`` is one of ``MEASURES``."""

    def rising(self, since: datetime, limit: int) -> tuple[Rising, ...]:
        """Issues with suspicious items seen since then, those with most items first. Backfill is left out."""

    def items(self, item_ids: Sequence[int]) -> tuple[JudgedItem, ...]:
        """Those that are stored, in the order asked for."""

    def items_of_issue(self, issue_id: int, limit: int) -> tuple[JudgedItem, ...]: ...

    def resolved(self, limit: int) -> tuple[Alert, ...]:
        """Alerts that are over, the last opened first."""

    def deliveries(self, alert_id: int, limit: int) -> tuple[Delivery, ...]: ...

    def covered_hours(self, since: datetime, until: datetime) -> Mapping[str, int]:
        """Per source: hours of that time in which it was read; those without any are left out."""

    def items_by_source(self, since: datetime) -> Mapping[str, int]:
        """Items first seen since then, by the source that showed them first."""

    def unsent(self) -> Mapping[DeliveryState, int]:
        """Messages that wait and messages that were given up; those sent are not counted."""
