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


# Minus the log10 of the share of ordinary buckets that reach the rarity in the same place of ``Tempo.rarities``, as
# measured; the last carries the slope further than any count goes.
SHARES = (0.0, 1.52, 2.0, 2.3, 2.7, 3.0, 3.3, 3.7, 22.3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """The constants for one class of widths.

    ``echo``: for so many buckets a burst that does not grow is no news (hours and days are long enough to be one).
    ``warm_up`` and ``stretch`` in weeks (``by_bucket``: in buckets): a bucket is judged by a fold that begins between
    ``warm_up`` and ``warm_up + stretch`` before it, at a fixed place of the calendar. ``drifts`` are standard
    deviations of the level's step per bucket, on the log scale, weighed against each other; each costs a regression of
    its own. ``ends`` is the chance per bucket that a burst is over, ``begins`` that one starts, ``sizes`` how often it
    has which size: small ones come more often than large ones.
    ``smallest`` is the least excess worth calling a burst, in items a bucket. ``spreads`` (variances per mean) are
    weighed against each other, each with its chance beforehand; without them the spread is learnt from squares,
    beginning with ``spread_weight`` squares of ``spread_prior``.
    """

    warm_up: int
    stretch: int
    by_bucket: bool = False
    drifts: tuple[float, ...]
    slope: float = 0.0
    weekdays: bool = False
    hour_waves: int = 0
    weekend_waves: int = 0
    year_waves: int = 0
    begins: float
    ends: float
    sizes: tuple[float, ...] = (0.2, 0.2, 0.2, 0.2, 0.2)
    smallest: float
    spreads: tuple[tuple[float, float], ...] = ()
    spread_prior: float = 0.0
    spread_weight: float = 0.0
    spread_keeps: float = 0.4
    sparse_weight: float = 0.5
    keeps: float = 0.5
    keep_power: float = 4.0
    echo: int = 0
    alone: float = 0.001
    needed: int
    rarities: tuple[float, ...]


BY_THE_HOUR = (-3.0, -0.56, -0.09, 0.36, 1.08, 1.61, 2.3, 3.3, 50.0)
BY_THE_DAY = (-3.0, -0.29, 0.19, 0.65, 1.28, 1.84, 2.54, 3.68, 50.0)
BY_THE_WEEK = (-3.0, -1.10, -0.72, -0.46, -0.20, 0.18, 0.77, 1.55, 50.0)

SPREADS = ((1.02, 0.25), (1.3, 0.25), (1.7, 0.2), (2.3, 0.15), (3.3, 0.1), (5.0, 0.05))

FINE = Tempo(
    warm_up=4, stretch=1, drifts=(0.01,), weekdays=True, hour_waves=1, begins=0.003, ends=0.8, smallest=0.3,
    spread_prior=1.5, spread_weight=100.0, spread_keeps=0.0, keeps=0.4, keep_power=1.0, echo=288, needed=3 * 288,
    rarities=BY_THE_HOUR,
)  # fmt: skip
HOURLY = Tempo(
    warm_up=6, stretch=12, drifts=(0.005,), weekdays=True, hour_waves=4, weekend_waves=1, begins=0.03, ends=0.12,
    smallest=0.3, spread_prior=2.0, spread_weight=20.0, keeps=0.4, keep_power=2.0, needed=7 * 24, rarities=BY_THE_HOUR,
)  # fmt: skip
DAILY = Tempo(
    warm_up=39, stretch=13, drifts=(0.005, 0.015), weekdays=True, begins=0.05, ends=0.3,
    sizes=(0.45, 0.3, 0.15, 0.08, 0.02), smallest=1.0, spreads=SPREADS, spread_keeps=1.0, alone=0.0002, needed=14,
    rarities=BY_THE_DAY,
)  # fmt: skip
WEEKLY = Tempo(
    warm_up=520, stretch=104, by_bucket=True, drifts=(0.005, 0.02), slope=0.002, year_waves=2, begins=0.02, ends=0.5,
    smallest=0.5, spread_prior=2.0, spread_weight=20.0, spread_keeps=1.0, alone=0.0, needed=8, rarities=BY_THE_WEEK,
)  # fmt: skip


def tempo_of(width: timedelta) -> Tempo:
    if width < HOUR:
        return FINE
    if width < DAY:
        return HOURLY
    return DAILY if width < WEEK else WEEKLY
