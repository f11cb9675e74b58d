"""Where to put marks on an axis, and what to write beside them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from math import ceil, floor, log10

from alerts.catalogue import short_month
from collector.model.phrase import Language

DAY = timedelta(days=1)
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """``minor`` marks have no words."""

    at: datetime
    words: str


def levels(top: float, most: int = 5) -> tuple[float, ...]:
    """Round numbers from 0 to the first one that is at least ``top``; whole ones, as they stand for counts."""
    top = max(1.0, top)
    rough = top / (most - 1)
    power = 10.0 ** floor(log10(rough)) if rough > 0 else 1.0
    step = next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough)
    step = float(max(1, ceil(step)))
    return tuple(step * place for place in range(ceil(top / step) + 1))


def marks(start: datetime, end: datetime, zone: tzinfo, language: Language, most: int) -> tuple[Mark, ...]:
    """At most ``most`` moments from ``start`` up to ``end`` at which a day, a month or an hour begins in the zone."""
    local, last = start.astimezone(zone), end.astimezone(zone)
    days = (last.date() - local.date()).days
    if days < most / 2:
        return _hours(local, last, zone, language, most)
    for step in (1, 2, 3, 7, 14):
        if days / step <= most:
            return _days(local.date(), last, zone, language, step)
    return _months(local.date(), last, zone, language, most)


def _hours(start: datetime, end: datetime, zone: tzinfo, language: Language, most: int) -> tuple[Mark, ...]:
    hours = (end - start) / timedelta(hours=1)
    step = next((step for step in (1, 2, 3, 6, 12) if hours / step <= most), 24)
    found: list[Mark] = []
    day = start.date()
    while _at(day, zone) < end:
        for hour in range(0, 24, step):
            at = datetime.combine(day, time(hour), tzinfo=zone)
            if start <= at < end:
                clock = f"{hour:02}.00" if language == "id" else f"{hour:02}:00"
                found.append(Mark(at=at, words=_day(day, language) if hour == 0 else clock))
        day += DAY
    return tuple(found)


def _days(first: date, end: datetime, zone: tzinfo, language: Language, step: int) -> tuple[Mark, ...]:
    """Weeks are cut on Mondays."""
    day = first + DAY
    if step in (7, 14):
        day += timedelta(days=-day.weekday() % 7)
    found: list[Mark] = []
    while _at(day, zone) < end:
        found.append(Mark(at=_at(day, zone), words=_day(day, language)))
        day += timedelta(days=step)
    return tuple(found)


def _months(first: date, end: datetime, zone: tzinfo, language: Language, most: int) -> tuple[Mark, ...]:
    months = (end.year - first.year) * MONTHS_A_YEAR + end.month - first.month
    step = next((step for step in (1, 2, 3, 6, 12) if months / step <= most), 12 * ceil(months / 12 / most))
    place = first.year * MONTHS_A_YEAR + first.month  # the month after, counted from January of year 0
    place += -place % step
    found: list[Mark] = []
    while True:
        day = date(place // MONTHS_A_YEAR, place % MONTHS_A_YEAR + 1, 1)
        if _at(day, zone) >= end:
            return tuple(found)
        name = short_month(day.month, language)
        found.append(Mark(at=_at(day, zone), words=f"{name} {day.year}" if day.month == 1 or not found else name))
        place += step


def _at(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


def _day(day: date, language: Language) -> str:
    return f"{day.day} {short_month(day.month, language)}"
