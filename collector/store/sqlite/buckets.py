"""Hourly series from the roll-up, or counted from the rows where another threshold is asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from collector.model.bucket import Measure, Series, Subject
from collector.model.clock import HOUR
from collector.store.hourly import SUSPICIOUS_FROM, HourCount, hours_through, ratios, series_of
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.rows import time_text
from collector.store.sqlite.sources import SqliteSources
from collector.store.sqlite.statements import buckets as sql

_ROLLED_UP = {
    Measure.MENTIONS: sql.HOURLY_MENTIONS,
    Measure.SUSPICIOUS: sql.HOURLY_SUSPICIOUS,
    Measure.DEBUNKS: sql.HOURLY_DEBUNKS,
    Measure.KNOWN_CLAIMS: sql.COUNTED_KNOWN_CLAIMS,  # from the rows: there are few
    Measure.ISSUES: sql.COUNTED_ISSUES,
}


class SqliteBuckets:
    def __init__(self, connections: Connections, sources: SqliteSources) -> None:
        self._connections = connections
        self._sources = sources

    def series(
        self,
        subjects: Sequence[Subject],
        measure: Measure,
        since: datetime,
        until: datetime,
        *,
        suspicion_at_least: float = SUSPICIOUS_FROM,
    ) -> tuple[Series, ...]:
        first, hours = hours_through(since, until)
        end = first + hours * HOUR
        coverage = ratios(self._sources.coverage(first, end))
        index = {time_text(first + n * HOUR): n for n in range(hours)}
        with self._connections.read() as db:
            return tuple(
                series_of(subject, measure, first, _parts(db, subject, measure, index, suspicion_at_least), coverage)
                for subject in subjects
            )


def _parts(
    db: sqlite3.Connection, subject: Subject, measure: Measure, index: Mapping[str, int], at_least: float
) -> Iterator[HourCount]:
    """``index``: the hours of the series, in order, and which is which."""
    if not index:
        return
    key: tuple[object, ...] = (subject.kind, subject.id, min(index), max(index))
    if subject.kind == "issue":
        rows = db.execute(sql.COUNTED_OF_ISSUE, (*key[1:], measure.value, at_least))
    elif measure is Measure.SUSPICIOUS and at_least != SUSPICIOUS_FROM:
        rows = db.execute(sql.COUNTED_SUSPICIOUS, (*key, at_least))
    else:
        rows = db.execute(_ROLLED_UP[measure], key)
    for hour, publisher, count, late, backfill in rows:
        yield HourCount(index[hour], publisher, count, late, backfill)
