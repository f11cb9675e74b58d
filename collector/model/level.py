"""How high an alert stands above what makes it one."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """In rising order. The count is compared with the smallest one that is a spike (``Reading.limit``): a rule's own
    floor or its method's, so that levels mean the same under every method."""

    RISING = "rising"  # at the limit or above
    SHARP = "sharp"  # at twice the limit or above
    EXTREME = "extreme"  # at four times the limit or above

    @property
    def rank(self) -> int:
        return list(Level).index(self)


SHARP_TIMES = 2.0
EXTREME_TIMES = 4.0


def level_of(count: int, limit: float) -> Level:
    """``limit`` is the smallest count that is a spike."""
    times = count / max(limit, 1.0)
    if times >= EXTREME_TIMES:
        return Level.EXTREME
    return Level.SHARP if times >= SHARP_TIMES else Level.RISING
