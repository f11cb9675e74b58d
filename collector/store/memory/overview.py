"""What the pages ask, in memory."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from collector.model.alert import Alert, AlertState, Delivery, DeliveryState
from collector.model.bucket import Measure, Subject
from collector.model.clock import hour_of
from collector.model.item import Item, Timing
from collector.store.base import JudgedItem
from collector.store.hourly import is_suspicious
from collector.store.memory.buckets import MemoryBuckets
from collector.store.memory.items import MemoryItems
from collector.store.memory.room import Core, Room, atomic
from collector.store.overview import Rising


class MemoryOverview(Room):
    def __init__(self, core: Core, items: MemoryItems, buckets: MemoryBuckets) -> None:
        super().__init__(core)
        self._items = items
        self._buckets = buckets

    @atomic
    def counts(self, topic_id: str, measure: Measure, edges: Sequence[datetime]) -> tuple[int, ...]:
        subject = Subject(kind="topic", id=topic_id)
        (series,) = self._buckets.series((subject,), measure, edges[0], edges[-1])
        found = [0] * (len(edges) - 1)
        for place in range(len(series)):
            if edges[0] <= series.start_of(place) < edges[-1]:
                found[bisect_right(edges, series.start_of(place)) - 1] += series.count[place] - series.backfill[place]
        return tuple(found)

    @atomic
    def rising(self, since: datetime, limit: int) -> tuple[Rising, ...]:
        t = self._tables
        found: dict[int, list[Item]] = {}
        for item in t.items.values():
            judgement = t.judgements[item.id]
            live = item.seen_at >= since and item.timing is not Timing.BACKFILL
            if item.issue_id is not None and live and is_suspicious(judgement.stance, judgement.suspicion):
                found.setdefault(item.issue_id, []).append(item)
        rising = [
            Rising(
                issue_id=issue_id,
                items=len(items),
                publishers=len({item.publisher for item in items}),
                last_seen_at=max(item.seen_at for item in items),
            )
            for issue_id, items in found.items()
        ]
        return tuple(sorted(rising, key=lambda one: (one.items, one.last_seen_at, one.issue_id), reverse=True)[:limit])

    @atomic
    def items(self, item_ids: Sequence[int]) -> tuple[JudgedItem, ...]:
        return tuple(self._items.get(item_id) for item_id in item_ids if item_id in self._tables.items)

    @atomic
    def items_of_issue(self, issue_id: int, limit: int) -> tuple[JudgedItem, ...]:
        found = [item for item in self._tables.items.values() if item.issue_id == issue_id]
        found.sort(key=lambda item: (item.seen_at, item.id), reverse=True)
        return tuple(self._items.get(item.id) for item in found[:limit])

    @atomic
    def resolved(self, limit: int) -> tuple[Alert, ...]:
        found = [alert for alert in self._tables.alerts.values() if alert.state is AlertState.RESOLVED]
        return tuple(sorted(found, key=lambda alert: (alert.opened_at, alert.id), reverse=True)[:limit])

    @atomic
    def deliveries(self, alert_id: int, limit: int) -> tuple[Delivery, ...]:
        found = [delivery for delivery in self._tables.deliveries.values() if delivery.alert_id == alert_id]
        return tuple(sorted(found, key=lambda delivery: delivery.id, reverse=True)[:limit])

    @atomic
    def covered_hours(self, since: datetime, until: datetime) -> Mapping[str, int]:
        within = (source_id for source_id, hour in self._tables.covered if hour_of(since) <= hour < until)
        return Counter(within)

    @atomic
    def items_by_source(self, since: datetime) -> Mapping[str, int]:
        return Counter(item.source_id for item in self._tables.items.values() if item.seen_at >= since)

    @atomic
    def unsent(self) -> Mapping[DeliveryState, int]:
        counts = Counter(delivery.state for delivery in self._tables.deliveries.values())
        return {state: counts[state] for state in (DeliveryState.PENDING, DeliveryState.DEAD)}
