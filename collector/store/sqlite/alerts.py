"""Alerts with their events and evidence. Every change here is durable."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from collector.model.alert import Alert, AlertEvent, AlertState, Delivery
from collector.model.errors import NotFound
from collector.model.withheld import Withheld
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.rows import (
    alert_of,
    alert_row,
    delivery_row,
    event_of,
    moment_or_none,
    time_text,
    withheld_row,
)
from collector.store.sqlite.statements import alerts as sql
from collector.store.sqlite.statements import outbox as outbox_sql
from collector.store.sqlite.statements import withheld as withheld_sql
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
