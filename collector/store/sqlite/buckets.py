"""Hourly series from the roll-up, or counted from the rows where another threshold is asked for."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from collector.model.bucket import Measure, Series, Subject
from collector.model.clock import HOUR
from collector.store.hourly import (
    SUSPICIOUS_FROM,
    hours_through,
    is_rolled_up,
    ratios,
    series_of,
    unwatched_mark,
)
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.rows import time_text
from collector.store.sqlite.sources import SqliteSources
from collector.store.sqlite.statements import buckets as sql

_ROLLED_UP = {
    Measure.MENTIONS: sql.HOURLY_MENTIONS,
    Measure.SUSPICIOUS: sql.HOURLY_SUSPICIOUS,
    Measure.DEBUNKS: sql.HOURLY_DEBUNKS,
}
_COUNTED = {Measure.KNOWN_CLAIMS: sql.COUNTED_KNOWN_CLAIMS, Measure.ISSUES: sql.COUNTED_ISSUES}  # there are few
_MARKS = {
    Measure.MENTIONS: sql.MARKS_MENTIONS,
    Measure.SUSPICIOUS: sql.MARKS_SUSPICIOUS,
    Measure.DEBUNKS: sql.MARKS_DEBUNKS,
}

_Row = tuple[int, str, str, int, int, int]


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
        coverage = ratios(self._sources.coverage(first, first + hours * HOUR))
        index = {time_text(first + n * HOUR): n for n in range(hours)}
        with self._connections.read() as db:
            rows = _rows(db, subjects, measure, index, suspicion_at_least)
            parts = (
                (place, index[hour], publisher, total, late, backfill)
                for place, hour, publisher, total, late, backfill in rows
            )
            return series_of(subjects, measure, first, parts, coverage)

    def marks(
        self,
        subjects: Sequence[Subject],
        measure: Measure,
        since: datetime,
        until: datetime,
        *,
        suspicion_at_least: float = SUSPICIOUS_FROM,
    ) -> tuple[int, ...] | None:
        if not all(is_rolled_up(subject, measure, suspicion_at_least) for subject in subjects):
            return None
        if since >= until:
            return (0,) * len(subjects)
        unwatched = unwatched_mark(since, self._sources.coverage(since, until))
        with self._connections.read() as db:
            rows = _plain(db, _MARKS[measure], (_topics(subjects), time_text(since), time_text(until - HOUR)))
            return tuple((mark or 0) + unwatched for (mark,) in rows)


def _rows(
    db: sqlite3.Connection, subjects: Sequence[Subject], measure: Measure, index: Mapping[str, int], at_least: float
) -> Iterator[_Row]:
    """Place of the subject, hour, publisher, and how many. ``index`` begins with the first hour and ends with the
    last."""
    if not index:
        return iter(())
    hours = min(index), max(index)
    rolled_up = [is_rolled_up(subject, measure, at_least) for subject in subjects]
    found = [_plain(db, _ROLLED_UP[measure], (_topics(subjects), *hours))] if any(rolled_up) else []
    others = [place for place, is_ in enumerate(rolled_up) if not is_]
    return chain(*found, *(_counted(db, place, subjects[place], measure, hours, at_least) for place in others))


def _counted(
    db: sqlite3.Connection, place: int, subject: Subject, measure: Measure, hours: tuple[str, str], at_least: float
) -> Iterator[_Row]:
    key = (subject.kind, subject.id, *hours)
    rows: Iterable[tuple[str, str, int, int, int]] = ()
    if subject.kind == "issue":
        rows = _plain(db, sql.COUNTED_OF_ISSUE, (*key[1:], measure.value, at_least))
    elif subject.kind != "topic":
        pass
    elif measure is Measure.SUSPICIOUS:
        rows = _plain(db, sql.COUNTED_SUSPICIOUS, (*key, at_least))
    else:
        rows = _plain(db, _COUNTED[measure], key)
    for row in rows:
        yield (place, *row)


def _topics(subjects: Sequence[Subject]) -> str:
    """Their ids, each at the subject's place; null for what is no topic."""
    return json.dumps([subject.id if subject.kind == "topic" else None for subject in subjects])


def _plain(db: sqlite3.Connection, statement: str, bound: Sequence[object]) -> sqlite3.Cursor:
    """Rows as plain tuples: there may be a million."""
    cursor = db.cursor()
    cursor.row_factory = None
    return cursor.execute(statement, bound)
