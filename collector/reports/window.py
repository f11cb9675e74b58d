"""Windows of whole days. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal

from collector.model.clock import utc
from collector.model.dated import dated
from collector.model.phrase import Language

Step = Literal["day", "week", "month"]
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.first} is after {self.last}")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def holds(self, first: date, last: date) -> bool:
        """Whether all of these days lie within."""
        return self.first <= first and last <= self.last

    def touches(self, first: date, last: date) -> bool:
        """Whether any of these days does."""
        return first <= self.last and self.first <= last

    def moments(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Its beginning and the beginning of the day after it, in UTC. Raises ValueError beyond the calendar."""
        try:
            start = utc(datetime.combine(self.first, time(), tzinfo=zone))
            return start, utc(datetime.combine(self.last + DAY, time(), tzinfo=zone))
        except OverflowError:
            raise ValueError(f"{self.first} to {self.last} lies beyond the calendar") from None

    def parts(self, step: Step) -> Iterator[Window]:
        """Days, weeks (Monday to Sunday) or months, the first and the last one cut where the window is."""
        first = self.first
        while first <= self.last:
            last = min(self.last, _end_of(first, step))
            yield Window(first=first, last=last)
            first = last + DAY

    def likeness(self, other: Window) -> float:
        """Days in both, of the days in either."""
        both = (min(self.last, other.last) - max(self.first, other.first)).days + 1
        return both / (self.days + other.days - both) if both > 0 else 0.0

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"

    def length(self, language: Language) -> str:
        return f"{self.days} hari" if language == "id" else f"{self.days} day{'' if self.days == 1 else 's'}"


def window_of(first: str, last: str) -> Window:
    """Of two days or months. Raises ValueError."""
    return Window(first=dated(first).day, last=dated(last).last)


def window_of_range(text: str) -> Window:
    """Of ``FROM..TO``. Raises ValueError."""
    first, dots, last = text.partition("..")
    if not dots:
        raise ValueError(f"{text!r} is no window such as 2023-10-01..2024-02-29")
    return window_of(first, last)


def _end_of(day: date, step: Step) -> date:
    if step == "day":
        return day
    if step == "week":
        return day + timedelta(days=6 - day.weekday())
    return dated(f"{day.year:04}-{day.month}").last
