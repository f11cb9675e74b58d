"""Configured sources, how they stand, who is due, and which hours were covered."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from collector.model.clock import HOUR, hour_of
from collector.model.errors import NotFound
from collector.model.source import Source, SourceState
from collector.store.coverage import HourSpan, tally
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.rows import json_text, moment, moment_or_none, seconds, time_text
from collector.store.sqlite.statements import sources as sql
from collector.store.text import storable


class SqliteSources:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def register(self, sources: Sequence[Source], now: datetime) -> None:
        wanted = {source.id: _columns(source) for source in sources}
        with self._connections.write() as db:
            rows = {row["id"]: dict(row) for row in db.execute(sql.SOURCES_CONFIGURED)}
            at = time_text(now)
            new = [row | {"now": at} for name, row in wanted.items() if name not in rows]
            changed = [
                row | {"now": at}
                for name, row in wanted.items()
                if name in rows and row | {"removed_at": None} != rows[name]
            ]
            gone = [{"id": name, "now": at} for name in rows if name not in wanted]
            db.executemany(sql.SOURCE_ADD, new)
            db.executemany(sql.SOURCE_CHANGE, changed)
            db.executemany(sql.SOURCE_REMOVE, gone)

    def state(self, source_id: str) -> SourceState:
        with self._connections.read_hot() as db:
            row = db.execute(sql.SOURCE_STATE, (source_id,)).fetchone()
        if row is None:
            raise NotFound(f"no source named {source_id!r} is stored")
        return state_of(row)

    def states(self) -> tuple[SourceState, ...]:
        with self._connections.read() as db:
            return tuple(state_of(row) for row in db.execute(sql.SOURCE_STATES))

    def due(self, now: datetime) -> tuple[str, ...]:
        with self._connections.read() as db:
            return tuple(row[0] for row in db.execute(sql.SOURCES_DUE, (time_text(now),)))

    def coverage(self, since: datetime, until: datetime) -> tuple[tuple[int, int], ...]:
        with self._connections.read() as db:
            covered = [
                HourSpan(start=moment(row[0]), end=moment(row[1]))
                for row in db.execute(sql.COVERAGE_BETWEEN, (time_text(since), time_text(until)))
            ]
            expected = [
                HourSpan(start=hour_of(moment(row[0])), end=_first_hour_after(moment_or_none(row[1]), until))
                for row in db.execute(sql.SOURCES_EXPECTED)
            ]
        return tally(covered, expected, since, until)


def _first_hour_after(ended_at: datetime | None, until: datetime) -> datetime:
    return until if ended_at is None else hour_of(ended_at) + HOUR


def _columns(source: Source) -> dict[str, object]:
    return {
        "id": source.id,
        "kind": source.kind,
        "url": storable(source.url),
        "role": source.role.value,
        "every_s": seconds(source.every),
        "timeout_s": seconds(source.timeout),
        "expect_every_s": None if source.expect_every is None else seconds(source.expect_every),
        "lang": source.lang,
        "enabled": int(source.enabled),
        "options": storable(json_text(dict(source.options))),
    }


def state_of(row: sqlite3.Row) -> SourceState:
    return SourceState(
        source_id=row["id"],
        next_poll_at=moment(row["next_poll_at"]),
        last_poll_at=moment_or_none(row["last_poll_at"]),
        last_ok_at=moment_or_none(row["last_ok_at"]),
        first_ok_at=moment_or_none(row["first_ok_at"]),
        newest_item_at=moment_or_none(row["newest_item_at"]),
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_hash=row["body_hash"],
        failure_score=row["failure_score"],
        failures=row["failures"],
        last_error=row["last_error"],
    )
