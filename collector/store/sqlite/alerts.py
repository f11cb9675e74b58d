"""Alerts with their events and evidence. Every change here is durable."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from collector.model.alert import Alert, AlertEvent, AlertReason, AlertState, Delivery
from collector.model.bucket import Measure, Subject
from collector.model.errors import NotFound
from collector.model.level import Level
from collector.model.withheld import Hold, Withheld
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.outbox import delivery_row
from collector.store.sqlite.rows import moment, moment_or_none, seconds, time_text, time_text_or_none
from collector.store.sqlite.statements import alerts as sql
from collector.store.sqlite.statements import outbox as outbox_sql
from collector.store.sqlite.statements import withheld as withheld_sql
from collector.store.sqlite.withheld import withheld_row
from collector.store.text import storable


class SqliteAlerts:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def open(self, key: str) -> Alert | None:
        with self._connections.read() as db:
            row = db.execute(sql.ALERT_OPEN, (key,)).fetchone()
        return None if row is None else alert_of(row)

    def firing(self) -> tuple[Alert, ...]:
        with self._connections.read() as db:
            return tuple(alert_of(row) for row in db.execute(sql.ALERTS_FIRING))

    def get(self, alert_id: int) -> Alert:
        with self._connections.read() as db:
            row = db.execute(sql.ALERT_GET, (alert_id,)).fetchone()
        if row is None:
            raise NotFound(f"no alert {alert_id} is stored")
        return alert_of(row)

    def list(self, *, state: AlertState | None = None, limit: int = 100) -> tuple[Alert, ...]:
        wanted = None if state is None else state.value
        with self._connections.read() as db:
            return tuple(alert_of(row) for row in db.execute(sql.ALERTS_LIST, (wanted, limit)))

    def last_resolved_at(self, key: str) -> datetime | None:
        with self._connections.read() as db:
            return moment_or_none(db.execute(sql.ALERT_LAST_RESOLVED, (key,)).fetchone()[0])

    def next_id(self) -> int:
        with self._connections.read() as db:
            number: int = db.execute(sql.ALERT_NEXT_ID).fetchone()[0]
        return number

    def save(
        self,
        alert: Alert,
        events: Sequence[AlertEvent] = (),
        deliveries: Sequence[Delivery] = (),
        evidence: Sequence[int] = (),
        withheld: Sequence[Withheld] = (),
    ) -> None:
        with self._connections.write(durable=True) as db:
            db.execute(sql.ALERT_SAVE, alert_row(alert))
            db.executemany(
                sql.EVENT_ADD,
                [
                    (e.alert_id, time_text(e.at), e.reason.value, e.count, storable(e.text), e.hold and e.hold.value)
                    for e in events
                ],
            )
            db.executemany(sql.EVIDENCE_ADD, [(alert.id, item_id) for item_id in evidence])
            db.executemany(outbox_sql.DELIVERY_ADD, [delivery_row(delivery) for delivery in deliveries])
            db.executemany(withheld_sql.WITHHELD_ADD, [withheld_row(one) for one in withheld])

    def events(self, alert_id: int) -> tuple[AlertEvent, ...]:
        with self._connections.read() as db:
            return tuple(event_of(row) for row in db.execute(sql.EVENTS_OF_ALERT, (alert_id,)))

    def evidence(self, alert_id: int) -> tuple[int, ...]:
        with self._connections.read() as db:
            return tuple(row[0] for row in db.execute(sql.EVIDENCE_OF_ALERT, (alert_id,)))


def alert_of(row: sqlite3.Row) -> Alert:
    return Alert(
        id=row["id"],
        key=row["key"],
        rule=row["rule"],
        subject=Subject(kind=row["subject_kind"], id=row["subject_id"]),
        measure=Measure(row["measure"]),
        state=AlertState(row["state"]),
        opened_at=moment(row["opened_at"]),
        last_spike_at=moment(row["last_spike_at"]),
        updated_at=moment(row["updated_at"]),
        resolved_at=moment_or_none(row["resolved_at"]),
        notified_at=moment(row["notified_at"]),
        notified_count=row["notified_count"],
        window=timedelta(seconds=row["window_s"]),
        count=row["count"],
        peak=row["peak"],
        expected=row["expected"],
        limit=row["limit_count"],
        publishers=row["publishers"],
        detector=row["detector"],
        detector_version=row["detector_version"],
        title=row["title"],
        summary=row["summary"],
        level=Level(row["level"]),
        repeats=row["repeats"],
        hushed_at=moment_or_none(row["hushed_at"]),
        hushed_count=row["hushed_count"],
    )


def alert_row(alert: Alert) -> dict[str, object]:
    return {
        "id": alert.id,
        "key": alert.key,
        "rule": alert.rule,
        "subject_kind": alert.subject.kind,
        "subject_id": alert.subject.id,
        "measure": alert.measure.value,
        "state": alert.state.value,
        "opened_at": time_text(alert.opened_at),
        "last_spike_at": time_text(alert.last_spike_at),
        "updated_at": time_text(alert.updated_at),
        "resolved_at": time_text_or_none(alert.resolved_at),
        "notified_at": time_text(alert.notified_at),
        "notified_count": alert.notified_count,
        "window_s": seconds(alert.window),
        "count": alert.count,
        "peak": alert.peak,
        "expected": alert.expected,
        "limit_count": alert.limit,
        "publishers": alert.publishers,
        "detector": alert.detector,
        "detector_version": alert.detector_version,
        "title": storable(alert.title),
        "summary": storable(alert.summary),
        "level": alert.level.value,
        "repeats": alert.repeats,
        "hushed_at": time_text_or_none(alert.hushed_at),
        "hushed_count": alert.hushed_count,
    }


def event_of(row: sqlite3.Row) -> AlertEvent:
    return AlertEvent(
        alert_id=row["alert_id"],
        at=moment(row["at"]),
        reason=AlertReason(row["reason"]),
        count=row["count"],
        text=row["text"],
        hold=None if row["hold"] is None else Hold(row["hold"]),
    )
