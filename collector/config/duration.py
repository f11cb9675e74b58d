"""Lengths of time as people write them: ``90s``, ``15m``, ``6h``, ``3d``, ``2w``, ``1h30m``."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_WHOLE = re.compile(r"(?:(\d{1,9})w)?(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?")
PATTERN = r"^([0-9]{1,9}[wdhms])+$"
EXPECTED = "a length of time such as 90s, 15m, 6h, 3d or 1h30m"


def duration(text: str) -> timedelta:
    """Raises ValueError where ``text`` is no length of time. Units are required, from large to small, each once."""
    found = _WHOLE.fullmatch(text) if text.isascii() else None
    if not found or not text:
        raise ValueError(EXPECTED)
    seconds = sum(int(count) * unit for count, unit in zip(found.groups("0"), _UNITS.values(), strict=True))
    try:
        return timedelta(seconds=seconds)
    except OverflowError:
        raise ValueError(EXPECTED) from None


def spoken(length: timedelta) -> str:
    """The same in one spelling, without weeks: 90 minutes are ``1h30m``."""
    left, text = int(length.total_seconds()), ""
    for unit in "dhms":
        count, left = divmod(left, _UNITS[unit])
        text += f"{count}{unit}" if count else ""
    return text or "0s"
