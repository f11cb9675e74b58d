"""What one item adds to the hourly roll-up, and which of its rows a measure reads (pure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from collector.model.bucket import COVERED_FROM, Measure, Series, Subject
from collector.model.clock import HOUR, hour_of
from collector.model.item import Timing
from collector.model.judgement import Stance

SUSPICIOUS_FROM = 0.5
_MISSING = 1_000_003  # so that an hour nobody watched and a count do not weigh the same in a mark
NOBODY: frozenset[str] = frozenset()
# A debunk quotes the rumour and satire exaggerates on purpose: neither is ever counted as spreading it.
SPREADING = frozenset({Stance.SPREAD, Stance.NEWS})


def is_suspicious(stance: Stance, suspicion: float, at_least: float = SUSPICIOUS_FROM) -> bool:
    """Whether ``Measure.SUSPICIOUS`` counts the item."""
    return suspicion >= at_least and stance in SPREADING


def is_rolled_up(subject: Subject, measure: Measure, suspicion_at_least: float) -> bool:
    """Whether the hourly roll-up tells the series; the others are counted from the items."""
    if measure is Measure.SUSPICIOUS and suspicion_at_least != SUSPICIOUS_FROM:
        return False
    return subject.kind == "topic" and measure in (Measure.MENTIONS, Measure.SUSPICIOUS, Measure.DEBUNKS)


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
    """Part of an hour of one series, such as what one publisher had. A tuple, because a window holds tens of
    thousands."""

    subject: int  # its place among the subjects
    hour: int  # its place in the series
    publisher: str
    total: int
    late: int
    backfill: int


def hours_through(since: datetime, until: datetime) -> tuple[datetime, int]:
    """First hour and number of hours from the one that holds ``since`` through the one that holds ``until``."""
    first = hour_of(since)
    return first, max(0, (hour_of(until) - first) // HOUR + 1)


class _Columns:
    """Of one series, while it is laid out."""

    __slots__ = ("backfill", "count", "late", "names")

    def __init__(self, hours: int) -> None:
        self.count, self.late, self.backfill = [0] * hours, [0] * hours, [0] * hours
        self.names = [NOBODY] * hours


def series_of(
    subjects: Sequence[Subject],
    measure: Measure,
    first: datetime,
    parts: Iterable[tuple[int, int, str, int, int, int]],
    coverage: Sequence[float],
) -> tuple[Series, ...]:
    """Lay the parts (:class:`HourCount`, or plain tuples of the same) out as columns, a series per subject; absent
    hours are 0. As many hours as ``coverage`` has."""
    columns = [_Columns(len(coverage)) for _ in subjects]
    joined: dict[tuple[frozenset[str], str], frozenset[str]] = {}  # the same few publishers meet again and again
    for place, hour, publisher, total, late, backfill in parts:
        these = columns[place]
        these.count[hour] += total
        if late:
            these.late[hour] += late
        if backfill:
            these.backfill[hour] += backfill
        if total > backfill:
            before = these.names[hour]
            if publisher not in before:
                after = joined.get((before, publisher))
                if after is None:
                    after = joined[before, publisher] = before | {publisher}
                these.names[hour] = after
    watched = tuple(coverage)
    return tuple(
        Series(
            subject=subject,
            measure=measure,
            start=first,
            count=tuple(these.count),
            late=tuple(these.late),
            backfill=tuple(these.backfill),
            publishers=tuple(these.names),
            coverage=watched,
        )
        for subject, these in zip(subjects, columns, strict=True)
    )


def ratios(tally: Iterable[tuple[int, int]]) -> tuple[float, ...]:
    """Share of the expected sources that were covered; 0 where none was expected yet."""
    return tuple(min(1.0, covered / expected) if expected else 0.0 for covered, expected in tally)


def unwatched_mark(since: datetime, tally: Iterable[tuple[int, int]]) -> int:
    """What the hours from ``since`` on that are missing add to a mark."""
    first = int(since.timestamp()) // 3600
    missing = (hour for hour, ratio in enumerate(ratios(tally), first) if ratio < COVERED_FROM)
    return _MISSING * sum(missing)
