"""Dates as a desk writes them: with a time, a day, or only a month. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from collector.model.clock import utc
from collector.model.ledger import Precision

EXPECTED = "a date such as 2024-11-18, 18/11/2024, 18 November 2024, or a month such as 2024-11"
_MONTHS = (
    ("januari", "january", "jan"),
    ("februari", "february", "feb", "peb"),
    ("maret", "march", "mar"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("agustus", "august", "agu", "ags", "aug"),
    ("september", "sep", "sept"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nov", "nop"),
    ("desember", "december", "des", "dec"),
)
_BY_NAME = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?")
_DAY_FIRST = re.compile(r"(?:(\d{1,2})[-/.])?(\d{1,2})[-/.](\d{4})")
_NAMED = re.compile(r"(?:(\d{1,2})\s+)?([A-Za-z]+)\.?,?\s+(\d{4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A day, or the first day of a month."""

    day: date
    precision: Precision

    @property
    def last(self) -> date:
        """The last day it may mean."""
        if self.precision is not Precision.MONTH:
            return self.day
        return self.day.replace(day=monthrange(self.day.year, self.day.month)[1])


def dated(text: str) -> Dated:
    """A day or a month. Raises ValueError."""
    plain = " ".join(text.split())
    if found := _YEAR_FIRST.fullmatch(plain):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(plain):
        day, month, year = found.groups()
    elif (found := _NAMED.fullmatch(plain)) and found[2].lower() in _BY_NAME:
        day, month, year = found[1], str(_BY_NAME[found[2].lower()]), found[3]
    else:
        raise ValueError(f"{text!r} is not {EXPECTED}")
    try:
        precision = Precision.MONTH if day is None else Precision.DAY
        return Dated(day=date(int(year), int(month), int(day or 1)), precision=precision)
    except ValueError as error:
        raise ValueError(f"{text!r} is not {EXPECTED}") from error


def moment_of(text: str, zone: tzinfo) -> tuple[datetime, Precision]:
    """UTC, and how much of it is known; a day or a month is its beginning in ``zone``. Raises ValueError."""
    plain = text.strip()
    if len(plain) > len("2024-11-18") and plain[4:5] == "-":
        try:
            given = datetime.fromisoformat(plain)
            return utc(given if given.tzinfo else given.replace(tzinfo=zone)), Precision.TIME
        except (ValueError, OverflowError):
            pass
    found = dated(plain)
    try:
        return utc(datetime.combine(found.day, time(), tzinfo=zone)), found.precision
    except OverflowError:
        raise ValueError(f"{text!r} is not {EXPECTED}") from None
