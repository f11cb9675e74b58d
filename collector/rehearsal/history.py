"""What a store holds of a stretch of time, read once and handed out hour by hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.model.bucket import Measure, Series, Subject
from collector.model.clock import HOUR, hour_of
from collector.model.rule import Rule
from collector.store.base import Storage

OLDEST = timedelta(days=3660)  # nobody's history is longer; ten years of hours are added up in a moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Whole UTC hours, half-open."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"a span must end after it starts: {self.start} .. {self.end}")

    @property
    def hours(self) -> int:
        return (self.end - self.start) // HOUR

    @property
    def weeks(self) -> float:
        return (self.end - self.start) / timedelta(weeks=1)


def known_span(store: Storage, now: datetime) -> Span | None:
    """From the first hour in which a source was read through the last one; None where nothing was read yet."""
    until = hour_of(now) + HOUR
    since = hour_of(until - OLDEST)
    read = [index for index, (covered, _) in enumerate(store.sources.coverage(since, until)) if covered]
    if not read:
        return None
    return Span(start=since + read[0] * HOUR, end=since + (read[-1] + 1) * HOUR)


class History:
    """The series of ``subjects`` over ``span`` and as long before it as ``before`` says.

    The store is asked once per measure: a year of hours would otherwise be a million small questions.
    """

    def __init__(self, store: Storage, subjects: Sequence[Subject], span: Span, *, before: timedelta) -> None:
        self.store = store
        self.span = span
        self.subjects = tuple(subjects)
        self._since = hour_of(span.start - before)
        self._columns: dict[tuple[Measure, float], dict[Subject, Series]] = {}

    def series(
        self, subjects: Sequence[Subject], measure: Measure, since: datetime, until: datetime, suspicion: float
    ) -> tuple[Series, ...]:
        """As :meth:`collector.store.base.Buckets.series` would answer, but never beyond the span."""
        until = min(until, self.span.end - HOUR)
        columns = self._of(measure, suspicion)
        if hour_of(since) < self._since or any(subject not in columns for subject in subjects):
            return self.store.buckets.series(subjects, measure, since, until, suspicion_at_least=suspicion)
        return tuple(cut(columns[subject], hour_of(since), hour_of(until)) for subject in subjects)

    def of_rule(self, rule: Rule, since: datetime, until: datetime) -> tuple[Series, ...]:
        """One series per topic of the rule, in its order."""
        return self.series(subjects_of(rule), rule.measure, since, until, rule.suspicion_at_least)

    def _of(self, measure: Measure, suspicion: float) -> dict[Subject, Series]:
        key = (measure, suspicion if measure is Measure.SUSPICIOUS else 0.5)
        if key not in self._columns:
            whole = self.store.buckets.series(
                self.subjects, measure, self._since, self.span.end - HOUR, suspicion_at_least=key[1]
            )
            self._columns[key] = {series.subject: series for series in whole}
        return self._columns[key]


def subjects_of(rule: Rule) -> tuple[Subject, ...]:
    return tuple(Subject(kind="topic", id=topic_id) for topic_id in rule.topics)


def cut(series: Series, first: datetime, last: datetime) -> Series:
    """The hours from ``first`` through ``last``, both within the series."""
    start, end = (first - series.start) // HOUR, (last - series.start) // HOUR + 1
    end = max(start, end)
    return Series(
        subject=series.subject,
        measure=series.measure,
        start=first,
        count=series.count[start:end],
        late=series.late[start:end],
        backfill=series.backfill[start:end],
        publishers=series.publishers[start:end],
        coverage=series.coverage[start:end],
    )
