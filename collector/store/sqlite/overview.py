"""What the page asks, of SQLite."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from collector.model.alert import Alert, Delivery, DeliveryState
from collector.model.bucket import Measure
from collector.model.clock import HOUR, hour_of
from collector.store.base import JudgedItem
from collector.store.overview import Rising
from collector.store.sqlite.alerts import alert_of
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.items import judged_items
from collector.store.sqlite.outbox import delivery_of
from collector.store.sqlite.rows import moment, time_text
from collector.store.sqlite.statements import overview as sql

_HOURS = {
    Measure.MENTIONS: sql.HOURS_MENTIONS,
    Measure.SUSPICIOUS: sql.HOURS_SUSPICIOUS,
    Measure.DEBUNKS: sql.HOURS_DEBUNKS,
}


class SqliteOverview:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def counts(self, topic_id: str, measure: Measure, edges: Sequence[datetime]) -> tuple[int, ...]:
        marks = [time_text(edge) for edge in edges]  # compared as text: no hour has to be parsed
        found = [0] * (len(marks) - 1)
        with self._connections.read() as db:
            for hour, count in db.execute(_HOURS[measure], (topic_id, marks[0], marks[-1])):
                found[bisect_right(marks, hour) - 1] += count
        return tuple(found)

    def rising(self, since: datetime, limit: int) -> tuple[Rising, ...]:
        with self._connections.read() as db:
            return tuple(
                Rising(
                    issue_id=row["issue_id"],
                    items=row["items"],
                    publishers=row["publishers"],
                    last_seen_at=moment(row["last_seen_at"]),
                )
                for row in db.execute(sql.RISING, (time_text(since), limit))
            )

    def items(self, item_ids: Sequence[int]) -> tuple[JudgedItem, ...]:
        with self._connections.read() as db:
            return judged_items(db, db.execute(sql.ITEMS_BY_ID, (json.dumps(list(item_ids)),)).fetchall())

    def items_of_issue(self, issue_id: int, limit: int) -> tuple[JudgedItem, ...]:
        with self._connections.read() as db:
            return judged_items(db, db.execute(sql.ITEMS_OF_ISSUE, (issue_id, limit)).fetchall())

    def resolved(self, limit: int) -> tuple[Alert, ...]:
        with self._connections.read() as db:
            return tuple(alert_of(row) for row in db.execute(sql.ALERTS_RESOLVED, (limit,)))

    def deliveries(self, alert_id: int, limit: int) -> tuple[Delivery, ...]:
        with self._connections.read() as db:
            return tuple(delivery_of(row) for row in db.execute(sql.DELIVERIES_OF_ALERT, (alert_id, limit)))

    def covered_hours(self, since: datetime, until: datetime) -> Mapping[str, int]:
        hours: Counter[str] = Counter()
        with self._connections.read() as db:
            asked = {"since": time_text(hour_of(since)), "until": time_text(until)}
            for source_id, start, end in db.execute(sql.COVERED, asked):
                hours[source_id] += -(-(moment(end) - moment(start)) // HOUR)
        return hours

    def items_by_source(self, since: datetime) -> Mapping[str, int]:
        with self._connections.read() as db:
            return dict(db.execute(sql.ITEMS_BY_SOURCE, (time_text(since),)).fetchall())

    def unsent(self) -> Mapping[DeliveryState, int]:
        with self._connections.read() as db:
            pending, dead = db.execute(sql.UNSENT).fetchone()
        return {DeliveryState.PENDING: pending, DeliveryState.DEAD: dead}
