"""How high an alert stands above what is usual, and above what makes it one."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """In rising order. A count is compared with the smallest one that is a spike (``Reading.limit``) and, where the
    method has one, with the usual count; the louder of the two holds."""

    RISING = "rising"  # at the limit or above
    SHARP = "sharp"  # at twice the limit, or five times the usual
    EXTREME = "extreme"  # at four times the limit, or ten times the usual

    @property
    def rank(self) -> int:
        return list(Level).index(self)


SHARP_TIMES, EXTREME_TIMES = 2.0, 4.0
SHARP_TIMES_USUAL, EXTREME_TIMES_USUAL = 5.0, 10.0
LEAST_USUAL = 2.0  # six where one is usual is no sharp rise yet


def level_of(count: int, limit: float, expected: float | None = None) -> Level:
    """``limit`` is the smallest count that is a spike, ``expected`` the usual one where there is one."""
    beyond = count / max(limit, 1.0)
    above = 0.0 if expected is None else count / max(expected, LEAST_USUAL)
    if beyond >= EXTREME_TIMES or above >= EXTREME_TIMES_USUAL:
        return Level.EXTREME
    return Level.SHARP if beyond >= SHARP_TIMES or above >= SHARP_TIMES_USUAL else Level.RISING
