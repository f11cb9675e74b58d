"""What whole days of the past counted, kept in the database: a report of a year reads a line a day, not a million
items.

A kept day goes as soon as anything it counted is changed: triggers see to that, whoever changes it (a better judge, a
verdict, a merge, retention). They also note that they did, so that a count made meanwhile is not kept.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.model.errors import StoreError
from collector.model.ledger import Precision
from collector.store.figures import Counted
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.rows import moment, time_text
from collector.store.sqlite.statements import counted as sql

DAY = timedelta(days=1)
FRESH = timedelta(days=2)  # before the newest item: still being judged and grouped, so not worth keeping
LONG_ENOUGH = 35  # days: a shorter window is counted quickly

Ask = Callable[[datetime, datetime], Sequence[Counted]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is counted of each day: ``figure`` is issues or items, ``topic`` is empty for all."""

    figure: str
    topic: str
    label: str

    def bound(self, since: datetime, until: datetime) -> Mapping[str, str]:
        return {
            "figure": self.figure,
            "topic": self.topic,
            "label": self.label,
            "since": time_text(since),
            "until": time_text(until),
        }


class CountedDays:
    """Safe to share between threads and processes."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def counts(self, question: Question, since: datetime, until: datetime, ask: Ask) -> tuple[Counted, ...]:
        """Per day of 24 hours from ``since`` on; ``ask`` counts what is not kept, and what is too fresh to be."""
        if (until - since) / DAY < LONG_ENOUGH or since.minute:  # counts come by the hour
            return tuple(ask(since, until))
        settled = self._settled(since, until)
        kept = self._kept(question, since, settled)
        found = [one for start in sorted(kept) for one in kept[start]]
        for begin, end in _gaps(since, settled, kept.keys()):
            days = self._count(question, begin, end, ask)
            found.extend(one for day in days for one in day)
        return (*found, *ask(settled, until)) if settled < until else tuple(found)

    def _settled(self, since: datetime, until: datetime) -> datetime:
        """The end of the last day that is worth keeping."""
        with self._connections.read() as db:
            newest = db.execute(sql.NEWEST).fetchone()[0]
        last = since if newest is None else min(until, moment(newest) - FRESH)
        return since + max(0, (last - since) // DAY) * DAY

    def _kept(self, question: Question, since: datetime, until: datetime) -> Mapping[datetime, list[Counted]]:
        with self._connections.read() as db:
            rows = db.execute(sql.KEPT, question.bound(since, until))
            found = [(moment(row["starts"]), row) for row in rows]
        return {start: _counted(start, row) for start, row in found if (start - since) % DAY == timedelta(0)}

    def _count(self, question: Question, begin: datetime, end: datetime, ask: Ask) -> list[list[Counted]]:
        """Count the days, and keep them unless something was changed meanwhile."""
        changes = self._announce(end)
        days: list[list[Counted]] = [[] for _ in range((end - begin) // DAY)]
        for one in ask(begin, end):
            days[(one.at - begin) // DAY].append(one)
        folded = [_folded(begin + place * DAY, day) for place, day in enumerate(days)]
        if changes is not None:
            self._keep(question, begin, folded, changes)
        return folded

    def _announce(self, end: datetime) -> int | None:
        """From now on a change before ``end`` is noted. None where the database is busy: then nothing is kept."""
        try:
            with self._connections.write() as db:
                db.execute(sql.ANNOUNCE, (time_text(end),))
                changes: int = db.execute(sql.CHANGES).fetchone()[0]
        except StoreError:
            return None
        return changes

    def _keep(self, question: Question, begin: datetime, days: Sequence[Sequence[Counted]], changes: int) -> None:
        rows = [
            {
                **question.bound(begin + place * DAY, begin + (place + 1) * DAY),
                "counts": json.dumps([[one.label, one.n] for one in day], ensure_ascii=False, separators=(",", ":")),
            }
            for place, day in enumerate(days)
        ]
        try:
            with self._connections.write() as db:
                if db.execute(sql.CHANGES).fetchone()[0] == changes:
                    db.executemany(sql.KEEP, rows)
        except StoreError:
            return


def _gaps(since: datetime, until: datetime, kept: Collection[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """Runs of days that are not kept."""
    begin: datetime | None = None
    day = since
    while day < until:
        if day in kept and begin is not None:
            yield begin, day
            begin = None
        elif day not in kept and begin is None:
            begin = day
        day += DAY
    if begin is not None:
        yield begin, until


def _folded(start: datetime, counts: Sequence[Counted]) -> list[Counted]:
    totals: dict[str, int] = {}
    for one in counts:
        totals[one.label] = totals.get(one.label, 0) + one.n
    return [Counted(at=start, precision=Precision.TIME, label=label, n=n) for label, n in totals.items()]


def _counted(start: datetime, row: sqlite3.Row) -> list[Counted]:
    return [Counted(at=start, precision=Precision.TIME, label=label, n=n) for label, n in json.loads(row["counts"])]
