"""Alerts with their events and evidence, and the outbox of deliveries. Every change here is durable."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from collector.model.alert import Alert, AlertEvent, AlertState, Delivery, DeliveryState
from collector.model.errors import NotFound
from collector.model.withheld import Withheld
from collector.store.sqlite import statements as sql
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.rows import (
    alert_of,
    alert_row,
    delivery_of,
    delivery_row,
    event_of,
    json_text,
    moment_or_none,
    time_text,
    withheld_row,
)
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
            db.executemany(sql.DELIVERY_ADD, [delivery_row(delivery) for delivery in deliveries])
            db.executemany(sql.WITHHELD_ADD, [withheld_row(one) for one in withheld])

    def events(self, alert_id: int) -> tuple[AlertEvent, ...]:
        with self._connections.read() as db:
            return tuple(event_of(row) for row in db.execute(sql.EVENTS_OF_ALERT, (alert_id,)))

    def evidence(self, alert_id: int) -> tuple[int, ...]:
        with self._connections.read() as db:
            return tuple(row[0] for row in db.execute(sql.EVIDENCE_OF_ALERT, (alert_id,)))


class SqliteOutbox:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, deliveries: Sequence[Delivery]) -> None:
        with self._connections.write(durable=True) as db:
            db.executemany(sql.DELIVERY_ADD, [delivery_row(delivery) for delivery in deliveries])

    def claim(
        self, worker: str, now: datetime, lease: timedelta, limit: int, *, held: Collection[str] = ()
    ) -> tuple[Delivery, ...]:
        asked = {
            "worker": worker,
            "now": time_text(now),
            "until": time_text(now + lease),
            "limit": limit,
            "held": json_text(sorted(held)),
        }
        with self._connections.read() as db:
            if db.execute(sql.DELIVERIES_CLAIMABLE, asked).fetchone() is None:
                return ()  # the usual case: no write, no sync to disk
        with self._connections.write(durable=True) as db:
            claimed = [delivery_of(row) for row in db.execute(sql.DELIVERIES_CLAIM, asked)]
        return tuple(sorted(claimed, key=lambda delivery: (delivery.not_before_at, delivery.id)))

    def free(self, workers: str) -> int:
        with self._connections.write(durable=True) as db:
            return db.execute(sql.DELIVERIES_FREE, {"workers": workers}).rowcount

    def sent(self, delivery_id: int, worker: str, now: datetime) -> bool:
        return self._settle(sql.DELIVERY_SENT, (time_text(now), delivery_id, worker))

    def retry(self, delivery_id: int, worker: str, error: str, not_before_at: datetime) -> bool:
        return self._settle(sql.DELIVERY_RETRY, (storable(error), time_text(not_before_at), delivery_id, worker))

    def dead(self, delivery_id: int, worker: str, error: str) -> bool:
        return self._settle(sql.DELIVERY_DEAD, (storable(error), delivery_id, worker))

    def _settle(self, statement: str, values: Iterable[object]) -> bool:
        with self._connections.write(durable=True) as db:
            return db.execute(statement, tuple(values)).rowcount == 1

    def counts(self) -> Mapping[DeliveryState, int]:
        with self._connections.read() as db:
            found = {row["state"]: row["n"] for row in db.execute(sql.DELIVERY_COUNTS)}
        return {state: found.get(state.value, 0) for state in DeliveryState}

    def resend(self, delivery_id: int, now: datetime) -> None:
        if not self._settle(sql.DELIVERY_RESEND, (time_text(now), delivery_id)):
            raise NotFound(f"no undeliverable delivery {delivery_id} is stored")

    def list(self, *, alert_id: int | None = None, dead_only: bool = False, limit: int = 100) -> tuple[Delivery, ...]:
        with self._connections.read() as db:
            return tuple(delivery_of(row) for row in db.execute(sql.DELIVERIES_LIST, (alert_id, dead_only, limit)))
