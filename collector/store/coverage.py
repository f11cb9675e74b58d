"""Which hours sources were being read, as spans of hours (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.model.clock import HOUR, hour_of


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class HourSpan:
    """Consecutive UTC hours, half-open: ``start`` and ``end`` are full hours."""

    start: datetime
    end: datetime


def with_hours(spans: Iterable[HourSpan], hours: Iterable[datetime]) -> tuple[HourSpan, ...]:
    """The spans together with single hours, sorted, touching ones made one."""
    merged: list[HourSpan] = []
    for span in sorted([*spans, *(HourSpan(start=hour, end=hour + HOUR) for hour in hours)]):
        if merged and span.start <= merged[-1].end:
            last = merged.pop()
            span = HourSpan(start=last.start, end=max(last.end, span.end))
        merged.append(span)
    return tuple(merged)


def tally(
    covered: Iterable[HourSpan], expected: Iterable[HourSpan], since: datetime, until: datetime
) -> tuple[tuple[int, int], ...]:
    """Per hour from ``hour_of(since)`` up to ``until`` (exclusive): spans of each kind that hold it."""
    first = hour_of(since)
    hours = max(0, -((first - until) // HOUR))
    return tuple(zip(_counts(covered, first, hours), _counts(expected, first, hours), strict=True))


def _counts(spans: Iterable[HourSpan], first: datetime, hours: int) -> Sequence[int]:
    steps = [0] * (hours + 1)
    for span in spans:
        start = max(0, (span.start - first) // HOUR)
        end = min(hours, (span.end - first) // HOUR)
        if start < end:
            steps[start] += 1
            steps[end] -= 1
    counts, running = [], 0
    for step in steps[:hours]:
        running += step
        counts.append(running)
    return counts
