"""Hours folded into the days of a zone, and what is usual. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from statistics import median

SHOWN = 14
BEFORE = 28  # days before those shown: they say what is usual
LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Counts per day, the last one today's so far. ``usual`` is the median day of the four weeks before the first one
    shown; None where they were not watched. ``lately`` counts the last 24 hours."""

    last: date
    counts: tuple[int, ...]
    usual: float | None
    lately: int

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


def begin_of(now: datetime, zone: tzinfo) -> datetime:
    """From when on hours are needed: midnight before the first day that counts."""
    today = now.astimezone(zone).date()
    return datetime.combine(today - timedelta(days=SHOWN + BEFORE - 1), time.min, tzinfo=zone)


def days_of(hours: Mapping[datetime, int], now: datetime, zone: tzinfo, *, watched_since: datetime | None) -> Days:
    """``hours``: UTC hours from :func:`begin_of` on. ``watched_since``: when the first source was read; what lies
    before it says nothing of what is usual."""
    today = now.astimezone(zone).date()
    per_day: dict[date, int] = {}
    for hour, count in hours.items():
        day = hour.astimezone(zone).date()
        per_day[day] = per_day.get(day, 0) + count
    first = today - timedelta(days=SHOWN - 1)
    earlier = [first - timedelta(days=age) for age in range(1, BEFORE + 1)]
    if watched_since is not None:
        known = watched_since.astimezone(zone).date()
        earlier = [day for day in earlier if day > known]
    enough = watched_since is not None and len(earlier) >= BEFORE // 4
    return Days(
        last=today,
        counts=tuple(per_day.get(first + timedelta(days=place), 0) for place in range(SHOWN)),
        usual=float(median(per_day.get(day, 0) for day in earlier)) if enough else None,
        lately=sum(count for hour, count in hours.items() if hour > now - LATELY),
    )
