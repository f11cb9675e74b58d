"""The outbox of deliveries. Every change here is durable."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from collector.model.alert import Delivery, DeliveryState
from collector.model.errors import NotFound
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.rows import json_text, moment, moment_or_none, time_text, time_text_or_none
from collector.store.sqlite.statements import outbox as sql
from collector.store.text import storable


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
                return ()  # the usual case: no write
        # After a power cut there is no worker left whose lease would matter: no sync to disk.
        with self._connections.write() as db:
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


def delivery_of(row: sqlite3.Row) -> Delivery:
    return Delivery(
        id=row["id"],
        alert_id=row["alert_id"],
        receiver=row["receiver"],
        reason=row["reason"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        created_at=moment(row["created_at"]),
        not_before_at=moment(row["not_before_at"]),
        claimed_by=row["claimed_by"],
        claimed_until=moment_or_none(row["claimed_until"]),
        sent_at=moment_or_none(row["sent_at"]),
        last_error=row["last_error"],
        dedup_key=row["dedup_key"],
        notice=row["notice"],
        recipient=row["recipient"],
    )


def delivery_row(delivery: Delivery) -> dict[str, object]:
    return {
        "alert_id": delivery.alert_id,
        "receiver": delivery.receiver,
        "reason": delivery.reason,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "created_at": time_text(delivery.created_at),
        "not_before_at": time_text(delivery.not_before_at),
        "claimed_by": delivery.claimed_by,
        "claimed_until": time_text_or_none(delivery.claimed_until),
        "sent_at": time_text_or_none(delivery.sent_at),
        "last_error": None if delivery.last_error is None else storable(delivery.last_error),
        "dedup_key": delivery.dedup_key,
        "notice": storable(delivery.notice),
        "recipient": delivery.recipient,
    }
