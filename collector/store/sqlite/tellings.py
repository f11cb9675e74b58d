"""Who was told what of an issue, in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from collector.model.errors import NotFound
from collector.model.judgement import Verdict
from collector.model.ledger import Telling
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.rows import moment, moment_or_none, time_text, time_text_or_none
from collector.store.sqlite.statements import ledger as sql
from collector.store.text import storable


class SqliteTellings:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def tell(self, tellings: Sequence[Telling]) -> None:
        with self._connections.write() as db:
            db.executemany(sql.TELLING_ADD, [_telling_row(telling) for telling in tellings])

    def told(self, issue_id: int) -> tuple[Telling, ...]:
        with self._connections.read() as db:
            return tuple(_telling_of(row) for row in db.execute(sql.TOLD, {"id": issue_id}))

    def told_to(self, channel: str, recipient: str, limit: int) -> tuple[Telling, ...]:
        with self._connections.read() as db:
            rows = db.execute(sql.TOLD_TO, (channel, storable(recipient), limit))
            return tuple(_telling_of(row) for row in rows)

    def owed(self, channel: str | None = None) -> tuple[Telling, ...]:
        with self._connections.read() as db:
            return tuple(_telling_of(row) for row in db.execute(sql.OWED, {"channel": channel}))

    def renumbered(self, channel: str, recipient: str) -> tuple[int, ...]:
        with self._connections.read() as db:
            asked = {"channel": channel, "recipient": storable(recipient)}
            return tuple(row[0] for row in db.execute(sql.RENUMBERED, asked))

    def answered(self, telling_id: int, answer: str, at: datetime) -> None:
        with self._connections.write() as db:
            if db.execute(sql.TELLING_ANSWER, (storable(answer), time_text(at), telling_id)).rowcount == 0:
                raise NotFound(f"nobody was told under number {telling_id}")


def _telling_of(row: sqlite3.Row) -> Telling:
    return Telling(
        id=row["id"],
        issue_id=row["issue_id"],
        recipient=row["recipient"],
        channel=row["channel"],
        at=moment(row["at"]),
        about=row["about"],
        verdict=None if row["verdict"] is None else Verdict(row["verdict"]),
        correction=bool(row["correction"]),
        reference=row["reference"],
        answer=row["answer"],
        answered_at=moment_or_none(row["answered_at"]),
        told_as=row["told_as"],
    )


def _telling_row(telling: Telling) -> dict[str, object]:
    return {
        "issue_id": telling.issue_id,
        "recipient": storable(telling.recipient),
        "channel": telling.channel,
        "at": time_text(telling.at),
        "about": storable(telling.about),
        "verdict": telling.verdict and telling.verdict.value,
        "correction": telling.correction,
        "reference": storable(telling.reference),
        "answer": storable(telling.answer),
        "answered_at": time_text_or_none(telling.answered_at),
    }
