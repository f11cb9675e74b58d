"""Hours folded into the days of a zone, and what is usual. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from statistics import median

from collector.model.bucket import COVERED_FROM
from collector.model.clock import HOUR, hour_of, utc

SHOWN = 14
BEFORE = 28  # days before those shown: they say what is usual
LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Counts per day, the last one today's so far; None for a day that nobody watched. ``usual`` is the median watched
    day of the four weeks before the first one shown; None where too few were watched. ``lately`` counts the last 24
    hours."""

    last: date
    counts: tuple[int | None, ...]
    usual: float | None
    lately: int

    @property
    def total(self) -> int:
        return sum(count or 0 for count in self.counts)

    @property
    def gaps(self) -> bool:
        """Whether one of the days was not watched."""
        return None in self.counts

    @property
    def rise(self) -> float:
        """The last 24 hours against a usual day; small numbers are no rise."""
        return self.lately / max(1.0, self.usual or 0.0) if self.lately >= 2 else 0.0

    @property
    def is_high(self) -> bool:
        """Whether the last 24 hours are worth the accent: twice a usual day, and more than a handful."""
        return self.lately >= 3 and self.rise >= 2

    def day(self, place: int) -> date:
        return self.last - timedelta(days=len(self.counts) - 1 - place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days that a picture and its usual day need, as moments: midnights of a zone up to the coming hour, and the
    last 24 hours. Made once for a page."""

    today: date
    edges: tuple[datetime, ...]
    lately: tuple[datetime, datetime]


def span_of(now: datetime, zone: tzinfo) -> Span:
    today = now.astimezone(zone).date()
    first = today - timedelta(days=SHOWN + BEFORE - 1)
    midnights = (datetime.combine(first + timedelta(days=age), time.min, tzinfo=zone) for age in range(SHOWN + BEFORE))
    end = hour_of(now) + HOUR
    return Span(today=today, edges=(*(utc(midnight) for midnight in midnights), end), lately=(end - LATELY, end))


def watched_days(span: Span, coverage: Sequence[tuple[int, int]]) -> tuple[bool, ...]:
    """For each day of the span whether half of the sources were read in one of its hours. ``coverage`` holds sources
    read and sources expected, hour by hour from the span's first full hour on."""
    start = hour_of(span.edges[0])
    watched = [False] * (len(span.edges) - 1)
    for hour, (read, expected) in enumerate(coverage):
        if expected and read >= COVERED_FROM * expected:
            day = bisect_right(span.edges, start + hour * HOUR) - 1
            if 0 <= day < len(watched):
                watched[day] = True
    return tuple(watched)


def days_of(
    span: Span, counts: Sequence[int], lately: int, *, watched_since: date | None, watched: Sequence[bool]
) -> Days:
    """``counts`` between the edges of the span, ``watched`` whether each of these days was. ``watched_since``: the day
    on which the first source was read; what lies before it says nothing of what is usual."""
    first = span.today - timedelta(days=SHOWN + BEFORE - 1)
    known = [count if count or seen else None for count, seen in zip(counts, watched, strict=True)]
    earlier = [
        count
        for age, count in enumerate(known[:BEFORE])
        if count is not None and watched_since is not None and first + timedelta(days=age) > watched_since
    ]
    enough = len(earlier) >= BEFORE // 4
    return Days(
        last=span.today, counts=tuple(known[BEFORE:]), usual=float(median(earlier)) if enough else None, lately=lately
    )
