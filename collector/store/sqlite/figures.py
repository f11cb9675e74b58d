"""Figures for reports: what others published, and what the ledger counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from collector.model.ledger import ActionKind, Precision, PublishedCount
from collector.store.figures import MONTH, Counted, NamedCounts
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.counted import CountedDays, Question
from collector.store.sqlite.rows import moment, moment_or_none, time_text
from collector.store.sqlite.search import phrases_query
from collector.store.sqlite.statements import figures as sql
from collector.store.text import storable

SEEN = {
    ("issues", ""): sql.ISSUES_COUNTED,
    ("issues", "topic"): sql.ISSUES_BY_TOPIC,
    ("issues", "source"): sql.ISSUES_BY_SOURCE,
    ("items", ""): sql.ITEMS_COUNTED,
    ("items", "topic"): sql.ITEMS_BY_TOPIC,
    ("items", "source"): sql.ITEMS_BY_SOURCE,
}
BROUGHT = {
    ("issues", ""): sql.ISSUES_BROUGHT,
    ("issues", "topic"): sql.ISSUES_BROUGHT_BY_TOPIC,
    ("issues", "source"): sql.ISSUES_BROUGHT,
    ("items", ""): sql.ITEMS_BROUGHT,
    ("items", "topic"): sql.ITEMS_BROUGHT_BY_TOPIC,
    ("items", "source"): sql.ITEMS_BROUGHT_BY_SOURCE,
}


class SqliteFigures:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._days = CountedDays(connections)

    def add_counts(self, counts: Sequence[PublishedCount], now: datetime) -> int:
        rows = [
            {
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
                "issues": one.issues,
                "topic": storable(one.topic),
                "source": storable(one.source),
                "now": time_text(now),
            }
            for one in counts
        ]
        with self._connections.write() as db:
            before: int = db.execute(sql.COUNTS_COUNT).fetchone()[0]
            db.executemany(sql.COUNT_ADD, rows)
            after: int = db.execute(sql.COUNTS_COUNT).fetchone()[0]
        return after - before

    def counts(self) -> tuple[PublishedCount, ...]:
        with self._connections.read() as db:
            return tuple(
                PublishedCount(
                    id=row["id"],
                    first=date.fromisoformat(row["first_day"]),
                    last=date.fromisoformat(row["last_day"]),
                    issues=row["issues"],
                    topic=row["topic"],
                    source=row["source"],
                )
                for row in db.execute(sql.COUNTS)
            )

    def issues(
        self, since: datetime, until: datetime, *, topic_id: str | None, label: str, by_day: bool = False
    ) -> tuple[Counted, ...]:
        return self._counted("issues", since, until, topic_id, label, by_day)

    def items(
        self, since: datetime, until: datetime, *, topic_id: str | None, label: str, by_day: bool = False
    ) -> tuple[Counted, ...]:
        return self._counted("items", since, until, topic_id, label, by_day)

    def _counted(
        self, figure: str, since: datetime, until: datetime, topic_id: str | None, label: str, by_day: bool
    ) -> tuple[Counted, ...]:
        def seen(first: datetime, last: datetime) -> tuple[Counted, ...]:
            return self._asked(SEEN[figure, label], first, last, topic_id)

        brought = self._asked(BROUGHT[figure, label], since, until, topic_id)
        if not by_day:
            return (*seen(since, until), *brought)
        question = Question(figure=figure, topic=topic_id or "", label=label)
        return (*self._days.counts(question, since, until, seen), *brought)

    def _asked(self, statement: str, since: datetime, until: datetime, topic_id: str | None) -> tuple[Counted, ...]:
        with self._connections.read() as db:
            rows = db.execute(statement, _window(since, until, topic_id))
            return tuple(_counted_of(row, row["label"]) for row in rows)

    def actions(
        self, since: datetime, until: datetime, *, topic_id: str | None
    ) -> tuple[tuple[ActionKind, Counted], ...]:
        with self._connections.read() as db:
            rows = db.execute(sql.ACTIONS_COUNTED, _window(since, until, topic_id))
            return tuple((ActionKind(row["kind"]), _counted_of(row, "")) for row in rows)

    def naming(self, phrases: Sequence[str], since: datetime, until: datetime) -> NamedCounts:
        words = phrases_query(phrases)
        if words is None:
            return NamedCounts(items=0, flagged=0, alerted=0)
        wanted = {"phrases": words, "since": time_text(since), "until": time_text(until)}
        with self._connections.read() as db:
            return _named(db.execute(sql.NAMING, wanted).fetchone())

    def on_topic(self, topic_id: str, since: datetime, until: datetime) -> NamedCounts:
        wanted = {"topic": topic_id, "since": time_text(since), "until": time_text(until)}
        with self._connections.read() as db:
            return _named(db.execute(sql.ON_TOPIC, wanted).fetchone())

    def kept_since(self) -> datetime | None:
        with self._connections.read() as db:
            return moment_or_none(db.execute(sql.KEPT_SINCE).fetchone()[0])


def _window(since: datetime, until: datetime, topic_id: str | None) -> Mapping[str, object]:
    return {
        "since": time_text(since),
        "since_month": time_text(since - MONTH),
        "until": time_text(until),
        "topic": topic_id,
    }


def _counted_of(row: sqlite3.Row, label: str) -> Counted:
    return Counted(at=moment(row["at"]), precision=Precision(row["precision"]), label=label, n=row["n"])


def _named(row: sqlite3.Row) -> NamedCounts:
    return NamedCounts(items=row["items"], flagged=row["flagged"], alerted=row["alerted"])
