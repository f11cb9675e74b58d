"""Dates as people write them into tables: a day, a month, or a moment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from collector.rehearsal.sheet import RowFault

EARLIEST_YEAR = 1995
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")
EXPECTED = "a day (2024-02-14), a month (2024-02) or a moment (2024-02-14 18:30)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The time a date leaves open, half-open, in UTC; a moment is a stretch of nothing."""

    start: datetime
    end: datetime

    @property
    def exact(self) -> bool:
        return self.start == self.end


def stretch(column: str, text: str, zone: tzinfo) -> Stretch:
    """Days, months and moments without a zone are ``zone``'s. Raises RowFault."""
    try:
        found = _stretch(text, zone)
    except (ValueError, OverflowError):
        raise RowFault(column, f'"{text[:40]}" is no date' if text else "is empty", EXPECTED) from None
    if not EARLIEST_YEAR <= found.start.year <= date.max.year - 1:
        raise RowFault(column, f'"{text[:40]}" is out of range', f"a year from {EARLIEST_YEAR} on")
    return found


def _stretch(text: str, zone: tzinfo) -> Stretch:
    if _DAY.fullmatch(text):
        day = date.fromisoformat(text)
        return Stretch(start=_midnight(day, zone), end=_midnight(day + timedelta(days=1), zone))
    if _MONTH.fullmatch(text):
        first = date.fromisoformat(f"{text}-01")
        after = (first + timedelta(days=32)).replace(day=1)
        return Stretch(start=_midnight(first, zone), end=_midnight(after, zone))
    moment = datetime.fromisoformat(text)
    at = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    return Stretch(start=at, end=at)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
