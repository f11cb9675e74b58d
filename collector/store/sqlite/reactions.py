"""Acknowledgements and silences. Every change here is durable."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from collector.model.errors import NotFound
from collector.model.reaction import AckEnd, Acknowledgement, Silence, SilenceKind
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.rows import moment, moment_or_none, time_text, time_text_or_none
from collector.store.sqlite.statements import reactions as sql
from collector.store.text import storable


class SqliteReactions:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def acknowledge(self, ack: Acknowledgement) -> Acknowledgement:
        values = (ack.alert_id, storable(ack.made_by), storable(ack.note), time_text(ack.made_at), ack.count)
        with self._connections.write(durable=True) as db:
            db.execute(sql.ACK_END, (time_text(ack.made_at), AckEnd.REPLACED.value, ack.alert_id))
            number = db.execute(sql.ACK_ADD, values).lastrowid
        return replace(ack, id=number or 0)

    def acknowledged(self) -> Mapping[int, Acknowledgement]:
        with self._connections.read() as db:
            return {row["alert_id"]: acknowledgement_of(row) for row in db.execute(sql.ACKS_HOLDING)}

    def acknowledgements(self, alert_id: int) -> tuple[Acknowledgement, ...]:
        with self._connections.read() as db:
            return tuple(acknowledgement_of(row) for row in db.execute(sql.ACKS_OF_ALERT, (alert_id,)))

    def end_acknowledgement(self, alert_id: int, because: AckEnd, now: datetime) -> bool:
        with self._connections.write(durable=True) as db:
            return db.execute(sql.ACK_END, (time_text(now), because.value, alert_id)).rowcount == 1

    def silence(self, silence: Silence) -> Silence:
        values = (
            silence.kind.value,
            storable(silence.target),
            storable(silence.comment),
            storable(silence.made_by),
            time_text(silence.made_at),
            time_text(silence.ends_at),
        )
        with self._connections.write(durable=True) as db:
            number = db.execute(sql.SILENCE_ADD, values).lastrowid
        return replace(silence, id=number or 0)

    def silences(self, *, holding_at: datetime | None = None, limit: int = 1000) -> tuple[Silence, ...]:
        with self._connections.read() as db:
            found = db.execute(sql.SILENCES_LIST, (time_text_or_none(holding_at), limit))
            return tuple(silence_of(row) for row in found)

    def expire(self, silence_id: int, made_by: str, now: datetime) -> Silence:
        with self._connections.write(durable=True) as db:
            if db.execute(sql.SILENCE_EXPIRE, (time_text(now), storable(made_by), silence_id)).rowcount != 1:
                raise NotFound(f"no silence {silence_id} is in force")
        with self._connections.read() as db:
            return silence_of(db.execute(sql.SILENCE_GET, (silence_id,)).fetchone())


def acknowledgement_of(row: sqlite3.Row) -> Acknowledgement:
    return Acknowledgement(
        id=row["id"],
        alert_id=row["alert_id"],
        made_by=row["made_by"],
        note=row["note"],
        made_at=moment(row["made_at"]),
        count=row["count"],
        ended_at=moment_or_none(row["ended_at"]),
        ended_because=None if row["ended_because"] is None else AckEnd(row["ended_because"]),
    )


def silence_of(row: sqlite3.Row) -> Silence:
    return Silence(
        id=row["id"],
        kind=SilenceKind(row["kind"]),
        target=row["target"],
        comment=row["comment"],
        made_by=row["made_by"],
        made_at=moment(row["made_at"]),
        ends_at=moment(row["ends_at"]),
        expired_at=moment_or_none(row["expired_at"]),
        expired_by=row["expired_by"],
    )
