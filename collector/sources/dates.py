"""Dates as feeds and Indonesian pages write them, to aware UTC.

Indonesian forms after the list in our calibration notes: day first, always; WIB, WITA, WIT are UTC+7, +8, +9; the dot
may separate hours from minutes; month names in both languages, with their old spellings. Our own patterns come first
(they cost 2 µs); dateparser is imported only for what they leave over and only where the caller wants it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

JAKARTA = ZoneInfo("Asia/Jakarta")
FIRST_YEAR, LAST_YEAR = 1900, 2999
_LONGEST = 120  # characters of a text that can be a date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb peb februari pebruari february",
            "mar maret march mrt",
            "apr april",
            "mei may",
            "jun juni june",
            "jul juli july",
            "agu agt ags agust agustus aug august",
            "sep sept september",
            "okt oct oktober october",
            "nov nop november nopember",
            "des dec desember december",
        ),
        start=1,
    )
    for name in names.split()
}
_ZONES = {
    name: timezone(timedelta(hours=hours))
    for hours, names in (
        (0, "z ut utc gmt"),
        *((7, "wib"), (8, "wita sgt myt"), (9, "wit jst")),
        *((-4, "edt"), (-5, "est cdt"), (-6, "cst mdt"), (-7, "mst pdt"), (-8, "pst")),
        *((1, "bst cet"), (2, "cest"), (10, "aest"), (11, "aedt")),
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_FLAGS = re.ASCII | re.IGNORECASE

_RFC822 = re.compile(
    r"(?:[a-z]{3,9}, ?)?(\d\d?) ([a-z]{3,9}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? (?:gmt|utc?|z|([+-])(\d\d):?(\d\d))",
    _FLAGS,
)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]|\Z)", _FLAGS)
_ISO_END = re.compile(r"(?:\s*\[[\w/+-]+\])\Z", _FLAGS)
_DAY_FIRST = re.compile(
    rf"(?<!\d)(\d\d?)(?:st|nd|rd|th)?[\s./-]+({_MONTH})\b[.,]?[\s./,-]*(\d{{4}}|\d\d)(?![\d:])", _FLAGS
)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\.?\s+(\d\d?)(?:st|nd|rd|th)?(?:,\s*|\s+)(\d{{4}})(?!\d)", _FLAGS)
_ASCTIME = re.compile(
    rf"\b({_MONTH})\s+(\d\d?)\s+(\d\d:\d\d(?::\d\d)?)\s+(?:([a-z]{{3,5}})\s+)?(\d{{4}})(?!\d)", _FLAGS
)
_DIGITS = re.compile(r"(?<![\d.:/-])(\d\d?)([/.-])(\d\d?)\2(\d{4}|\d\d)(?![\d:])", _FLAGS)
_TIME = re.compile(
    r"(?<![\d/.:+-])(\d\d?)[:.](\d\d)(?:[:.](\d\d)(?:\.\d+)?)?(?![\d/])\s*(am|pm)?\b\s*(?:([+-])(\d\d):?(\d\d)|\(?([a-z]{1,5}))?",
    _FLAGS,
)
_EPOCH = re.compile(r"(\d{10})(\d{3})?", _FLAGS)
_AGO = re.compile(
    r"\b(?:(\d{1,4})|(se)|an?)\s*(detik|menit|jam|hari|minggu|pekan|bulan|tahun|seconds?|secs?|minutes?|mins?|hours?|hrs?"
    r"|days?|weeks?|months?|years?)\s+(?:yang\s+)?(?:lalu|ago)\b",
    _FLAGS,
)
_UNITS = {
    name: seconds
    for seconds, names in (
        (1, "detik second sec"),
        (60, "menit minute min"),
        (3_600, "jam hour hr"),
        (86_400, "hari day"),
        (604_800, "minggu pekan week"),
        (2_592_000, "bulan month"),
        (31_536_000, "tahun year"),
    )
    for name in names.split()
}
_NAMED_DAY = re.compile(r"\b(kemarin|yesterday|hari\s+ini|today|baru\s+saja|just\s+now)\b", _FLAGS)


def parse_date(text: str, *, now: datetime, fallback_zone: tzinfo = JAKARTA, thorough: bool = True) -> datetime | None:
    """The moment that ``text`` names, in UTC; None where it names none, an impossible one or an absurd year.

    ``now`` anchors "2 jam yang lalu" and "kemarin". A time without a zone is in ``fallback_zone``; a date without a
    time is that day's start there. ``thorough`` lets dateparser (Indonesian and English) try what the patterns leave
    over. Never raises.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        found = _exact(text, fallback_zone) or _spelled(text, now, fallback_zone)
        if found is None and thorough and any(map(str.isdigit, text)) and any(map(str.isalpha, text)):
            found = _by_dateparser(text, now, fallback_zone)
        return None if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _exact(text: str, zone: tzinfo) -> datetime | None:
    """The forms that the feed standards ask for."""
    if match := _RFC822.fullmatch(text):
        day, name, year, hour, minute, second, sign, hours, minutes = match.groups()
        month = _MONTHS.get(name.lower())
        if month is not None:
            return datetime(
                int(year),
                month,
                int(day),
                int(hour),
                int(minute),
                _second(second),
                tzinfo=_offset(sign, hours, minutes),
            )
    if _ISO.match(text):
        moment = datetime.fromisoformat(_ISO_END.sub("", text))
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
    if match := _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(match[1]), UTC)
    return None


def _spelled(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """The forms that people and content systems write."""
    if match := _ASCTIME.search(text):
        name, day, clock, letters, year = match.groups()
        return _at(int(year), _MONTHS[name.lower()], int(day), f"{clock} {letters or ''}", zone)
    if match := _DAY_FIRST.search(text):
        return _at(_year(match[3]), _MONTHS[match[2].lower()], int(match[1]), _rest(text, match), zone)
    if match := _MONTH_FIRST.search(text):
        return _at(int(match[3]), _MONTHS[match[1].lower()], int(match[2]), _rest(text, match), zone)
    if match := _DIGITS.search(text):
        return _at(_year(match[4]), int(match[3]), int(match[1]), _rest(text, match), zone)
    return _relative(text, now, zone)


def _relative(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    if match := _AGO.search(text.replace("sejam", "1 jam").replace("semenit", "1 menit").replace("sehari", "1 hari")):
        unit = match[3].lower()
        seconds = _UNITS.get(unit) or _UNITS[unit.removesuffix("s")]
        return now - timedelta(seconds=seconds * int(match[1] or 1))
    if match := _NAMED_DAY.search(text):
        word = match[1].lower().split()[0]
        if word in ("baru", "just"):
            return now
        day = now.astimezone(zone) - timedelta(days=1 if word in ("kemarin", "yesterday") else 0)
        return _at(day.year, day.month, day.day, _rest(text, match), zone)
    match = _TIME.search(text)
    if match is None or not (match[8] and match[8].lower() in ("wib", "wita", "wit")):
        return None
    day = now.astimezone(zone)
    moment = _at(day.year, day.month, day.day, text, zone)
    return moment if moment <= now else moment - timedelta(days=1)


def _at(year: int, month: int, day: int, rest: str, zone: tzinfo) -> datetime:
    """That day, at the time which ``rest`` tells (00:00 where it tells none). Raises ValueError."""
    match = _TIME.search(rest)
    if match is None:
        return datetime(year, month, day, tzinfo=zone)
    hour, minute, second, half, sign, hours, minutes, letters = match.groups()
    if sign is not None:
        zone = _offset(sign, hours, minutes)
    elif letters is not None:
        zone = _ZONES.get(letters.lower(), zone)
    return datetime(year, month, day, _hour(int(hour), half), int(minute), _second(second), tzinfo=zone)


def _rest(text: str, match: re.Match[str]) -> str:
    """What stands beside the date: the time, before or after it."""
    return f"{text[match.end() :]} | {text[: match.start()]}"


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(f"no hour {hour} {half}")
    return hour % 12 + (12 if half.lower() == "pm" else 0)


def _second(digits: str | None) -> int:
    """Leap seconds exist in feeds and not in datetime."""
    second = int(digits or 0)
    return 59 if second == 60 else second


def _offset(sign: str | None, hours: str | None, minutes: str | None) -> tzinfo:
    """A zone from its digits; UTC where there are none. Raises ValueError for an offset no place on earth has."""
    if sign is None or hours is None or minutes is None:
        return UTC
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    if ahead > timedelta(hours=14) or int(minutes) > 59:
        raise ValueError(f"no offset {sign}{hours}{minutes}")
    return timezone(ahead if sign == "+" else -ahead)


def _by_dateparser(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    import dateparser  # 0.5 s: only where nothing else understood the date

    found: datetime | None = dateparser.parse(
        text,
        languages=["id", "en"],
        settings={
            "DATE_ORDER": "DMY",
            "RELATIVE_BASE": now.astimezone(zone).replace(tzinfo=None),
            "REQUIRE_PARTS": ["day", "month", "year"],
            "PARSERS": ["absolute-time", "relative-time"],
        },
    )
    if found is None:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=zone)
