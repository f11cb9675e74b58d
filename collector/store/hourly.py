"""What one item adds to the hourly roll-up, and which of its rows a measure reads (pure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from collector.model.bucket import Measure, Series, Subject
from collector.model.clock import HOUR, hour_of
from collector.model.item import Timing
from collector.model.judgement import Stance

SUSPICIOUS_FROM = 0.5
NOBODY: frozenset[str] = frozenset()
# A debunk quotes the rumour and satire exaggerates on purpose: neither is ever counted as spreading it.
SPREADING = frozenset({Stance.SPREAD, Stance.NEWS})


def is_suspicious(stance: Stance, suspicion: float, at_least: float = SUSPICIOUS_FROM) -> bool:
    """Whether ``Measure.SUSPICIOUS`` counts the item."""
    return suspicion >= at_least and stance in SPREADING


@dataclass(frozen=True, slots=True)
class HourlyKey:
    """Key of a roll-up row; positional because one is made per mention in the hot path."""

    topic_id: str
    hour: str
    publisher: str
    stance: str
    suspicious: bool


@dataclass(slots=True)
class Counts:
    """A roll-up row while it is added up."""

    count: int = 0
    late: int = 0
    backfill: int = 0

    def add(self, timing: Timing, sign: int = 1) -> None:
        self.count += sign
        if timing is Timing.LATE:
            self.late += sign
        elif timing is Timing.BACKFILL:
            self.backfill += sign


@dataclass(slots=True)
class Tally:
    """Roll-up changes of one transaction, added up before they are written."""

    rows: dict[HourlyKey, Counts] = field(default_factory=lambda: defaultdict(Counts))

    def add(
        self,
        topics: Iterable[str],
        *,
        hour: str,
        publisher: str,
        stance: str,
        suspicion: float,
        timing: Timing,
        sign: int = 1,
    ) -> None:
        suspicious = suspicion >= SUSPICIOUS_FROM
        for topic in topics:
            self.rows[HourlyKey(topic, hour, publisher, stance, suspicious)].add(timing, sign)


class HourCount(NamedTuple):
    """Part of an hour of one series: what one publisher had. A tuple, because a window holds tens of thousands."""

    hour: int  # its place in the series
    publisher: str
    total: int
    late: int
    backfill: int


def hours_through(since: datetime, until: datetime) -> tuple[datetime, int]:
    """First hour and number of hours from the one that holds ``since`` through the one that holds ``until``."""
    first = hour_of(since)
    return first, max(0, (hour_of(until) - first) // HOUR + 1)


def series_of(
    subject: Subject,
    measure: Measure,
    first: datetime,
    parts: Iterable[HourCount],
    coverage: Sequence[float],
) -> Series:
    """Lay the parts out as columns; absent hours are 0. As many hours as ``coverage`` has."""
    hours = len(coverage)
    count, late, backfill = [0] * hours, [0] * hours, [0] * hours
    publishers: dict[int, set[str]] = {}
    for hour, publisher, total, late_part, backfill_part in parts:
        count[hour] += total
        late[hour] += late_part
        backfill[hour] += backfill_part
        if total > backfill_part:
            publishers.setdefault(hour, set()).add(publisher)
    names = [NOBODY] * hours  # most hours: a set for each would cost more than the rows
    for hour, those in publishers.items():
        names[hour] = frozenset(those)
    return Series(
        subject=subject,
        measure=measure,
        start=first,
        count=tuple(count),
        late=tuple(late),
        backfill=tuple(backfill),
        publishers=tuple(names),
        coverage=tuple(coverage),
    )


def ratios(tally: Iterable[tuple[int, int]]) -> tuple[float, ...]:
    """Share of the expected sources that were covered; 0 where none was expected yet."""
    return tuple(min(1.0, covered / expected) if expected else 0.0 for covered, expected in tally)
