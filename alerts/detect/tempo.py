"""How fast things change, by the width of a bucket: the detector's constants, in one place. Pure.

None of them was fitted to one series. They were chosen on simulated series of several seeds and read off on others,
and on NAB's; ``docs/explain/detection.md`` says how, and what a change of each costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """The constants for one class of widths.

    ``warm_up`` and ``stretch`` in weeks (``by_bucket``: in buckets): a bucket is judged by a fold that begins between
    ``warm_up`` and ``warm_up + stretch`` before it, at a fixed place of the calendar. ``drift`` is the standard
    deviation of the level's step per bucket, on the log scale. ``ends`` is the chance per bucket that a burst is over,
    ``begins`` that one starts. ``smallest`` is the least excess worth calling a burst, in items a bucket.
    """

    warm_up: int
    stretch: int
    by_bucket: bool = False
    drift: float
    slope: float = 0.0
    slope_drift: float = 0.0
    weekdays: bool = False
    hour_waves: int = 0
    weekend_waves: int = 0
    year_waves: int = 0
    begins: float
    ends: float
    smallest: float
    spread_prior: float
    spread_weight: float
    spread_keeps: float = 0.4
    spread_memory: float = 1.0
    sparse_weight: float = 0.5
    keeps: float = 0.5
    keep_power: float = 4.0
    tail_memory: float = 1.0
    alone: float = 0.001
    needed: int
    offset: float
    gain: float


FINE = Tempo(
    warm_up=4, stretch=1, drift=0.01, weekdays=True, hour_waves=3, begins=0.01, ends=0.1, smallest=0.3,
    spread_prior=2.0, spread_weight=20.0, keeps=0.2, keep_power=1.0, tail_memory=1.0,
    needed=3 * 288, offset=2.0, gain=1.0,
)  # fmt: skip
HOURLY = Tempo(
    warm_up=8, stretch=4, drift=0.005, weekdays=True, hour_waves=6, weekend_waves=2, begins=0.03, ends=0.12,
    smallest=0.3, spread_prior=2.0, spread_weight=20.0, keeps=0.4, keep_power=2.0, needed=7 * 24, offset=2.0, gain=1.0,
)  # fmt: skip
DAILY = Tempo(
    warm_up=39, stretch=13, drift=0.01, weekdays=True, begins=0.03, ends=0.3, smallest=1.0, spread_prior=1.5,
    spread_weight=40.0, sparse_weight=0.1, needed=14, offset=2.0, gain=1.0,
)  # fmt: skip
WEEKLY = Tempo(
    warm_up=520, stretch=104, by_bucket=True, drift=0.01, slope=0.002, year_waves=2, begins=0.02, ends=0.5,
    smallest=0.5, spread_prior=2.0, spread_weight=20.0, spread_keeps=1.0, alone=0.0, needed=8, offset=2.0, gain=1.0,
)  # fmt: skip


def tempo_of(width: timedelta) -> Tempo:
    if width < HOUR:
        return FINE
    if width < DAY:
        return HOURLY
    return DAILY if width < WEEK else WEEKLY
