"""Messages that wait for company, a digest or the morning, and those that were never sent."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from collector.model.alert import Delivery
from collector.model.withheld import Heard, Hold, Withheld
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.outbox import delivery_row
from collector.store.sqlite.rows import moment, moment_or_none, time_text, time_text_or_none
from collector.store.sqlite.statements import outbox as outbox_sql
from collector.store.sqlite.statements import withheld as sql
from collector.store.text import storable

_HEARD = (Heard.NOTHING, Heard.UNDERWAY, Heard.SENT)


class SqliteWithheld:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def waiting(self) -> tuple[Withheld, ...]:
        with self._connections.read() as db:
            return tuple(withheld_of(row) for row in db.execute(sql.WITHHELD_WAITING))

    def release(self, row_ids: Sequence[int], delivery: Delivery, now: datetime) -> int:
        with self._connections.write(durable=True) as db:
            db.execute(outbox_sql.DELIVERY_ADD, delivery_row(delivery))
            number: int = db.execute(outbox_sql.DELIVERY_BY_KEY, (delivery.dedup_key,)).fetchone()[0]
            db.execute(sql.WITHHELD_SETTLE, (time_text(now), number, json.dumps(list(row_ids))))
        return number

    def give_up(self, row_id: int, hold: Hold, why: str, now: datetime) -> None:
        with self._connections.write(durable=True) as db:
            db.execute(sql.WITHHELD_GIVE_UP, (time_text(now), hold.value, storable(why), row_id))

    def wait_longer(self, row_id: int, hold: Hold, why: str, until_at: datetime | None) -> None:
        with self._connections.write(durable=True) as db:
            db.execute(sql.WITHHELD_WAIT, (hold.value, storable(why), time_text_or_none(until_at), row_id))

    def heard(self, alert_id: int, receiver: str) -> Heard:
        with self._connections.read() as db:
            found: int | None = db.execute(sql.WITHHELD_HEARD, (alert_id, receiver)).fetchone()[0]
        return _HEARD[found or 0]

    def addressed(self, alert_id: int) -> tuple[str, ...]:
        with self._connections.read() as db:
            return tuple(row["receiver"] for row in db.execute(sql.WITHHELD_ADDRESSED, (alert_id,)))

    def of_alert(self, alert_id: int) -> tuple[Withheld, ...]:
        with self._connections.read() as db:
            return tuple(withheld_of(row) for row in db.execute(sql.WITHHELD_OF_ALERT, (alert_id,)))

    def suppressed(self, now: datetime, limit: int = 1000) -> tuple[Withheld, ...]:
        with self._connections.read() as db:
            return tuple(withheld_of(row) for row in db.execute(sql.WITHHELD_SUPPRESSED, (time_text(now), limit)))

    def take_slot(self, receiver: str, slot: str, delivery_id: int, now: datetime) -> bool:
        with self._connections.write(durable=True) as db:
            return db.execute(sql.DIGEST_ADD, (receiver, slot, time_text(now), delivery_id)).rowcount == 1

    def slot_taken(self, receiver: str, slot: str) -> bool:
        with self._connections.read() as db:
            return db.execute(sql.DIGEST_GET, (receiver, slot)).fetchone() is not None


def withheld_of(row: sqlite3.Row) -> Withheld:
    return Withheld(
        id=row["id"],
        alert_id=row["alert_id"],
        receiver=row["receiver"],
        reason=row["reason"],
        hold=Hold(row["hold"]),
        why=row["why"],
        company=row["company"],
        made_at=moment(row["made_at"]),
        until_at=moment_or_none(row["until_at"]),
        dedup_key=row["dedup_key"],
        notice=row["notice"],
        settled_at=moment_or_none(row["settled_at"]),
        delivery_id=row["delivery_id"],
    )


def withheld_row(withheld: Withheld) -> dict[str, object]:
    return {
        "alert_id": withheld.alert_id,
        "receiver": withheld.receiver,
        "reason": withheld.reason,
        "hold": withheld.hold.value,
        "why": storable(withheld.why),
        "company": withheld.company,
        "made_at": time_text(withheld.made_at),
        "until_at": time_text_or_none(withheld.until_at),
        "settled_at": time_text_or_none(withheld.settled_at),
        "delivery_id": withheld.delivery_id,
        "dedup_key": withheld.dedup_key,
        "notice": storable(withheld.notice),
    }
