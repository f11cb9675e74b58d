"""From which count on a bucket is unusual: the smallest whole one whose odds of a burst reach the bar. Pure.

The evidence never falls as the count grows. Where few items are usual the counts are tried one by one, each a
multiplication of the one before; where many are, by halving.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alerts.detect import burst
from alerts.detect.gamma import Array

FEW = 8.0  # items expected, up to which counting from none is quicker
COUNTED = 32
_HALVINGS = 26
_HIGHEST_BAR = 300.0  # decades of odds; more than any count reaches


def limit(before: Array, bar: Array, mean: Array, variance: Array, told: burst.Stories) -> Array:
    """``before`` (sizes, rows): the odds before the count is seen; ``bar``: log10 of the odds to reach. Always above
    the mean."""
    found = np.full(len(mean), np.inf)
    (few,) = np.nonzero(mean < FEW)
    if few.size:
        some, those = (told, before) if few.size == len(mean) else (told.some(few), before[:, few])
        counted = _by_counting(those, bar[few], some)
        found[few] = np.where(counted < COUNTED, np.maximum(counted, np.floor(mean[few]) + 1.0), np.inf)
    (many,) = np.nonzero(np.isinf(found))
    if many.size:
        found[many] = _by_halving(before[:, many], bar[many], mean[many], variance[many], told.some(many))
    return found


def _by_counting(before: Array, bar: Array, told: burst.Stories) -> Array:
    """How many of the counts 0, 1, ... do not reach the bar; no more than ``COUNTED``."""
    missed = np.zeros(len(bar))
    rows = np.arange(len(bar))
    odds, enough = before * np.exp(told.nothing), np.exp(np.log(10.0) * np.minimum(bar, _HIGHEST_BAR))
    for count in range(COUNTED):
        short = odds.sum(axis=0) < enough
        missed[rows] += short
        left = np.count_nonzero(short)
        if not left:
            break
        if 2 * left < len(rows):  # else picking them out costs more than it saves
            those = np.nonzero(short)[0]
            rows, odds, enough, told = rows[those], odds[:, those], enough[those], told.some(those)
        burst.grow(odds, told, count)
    return missed


def _by_halving(before: Array, bar: Array, mean: Array, variance: Array, told: burst.Stories) -> Array:
    """Mostly within eight standard deviations, and never looked for beyond a hundred."""

    def enough(count: Array, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        factors = burst.evidence(count, told.some(rows))
        result: NDArray[np.bool_] = np.log10((before[:, rows] * factors).sum(axis=0)) >= bar[rows]
        return result

    deviation = np.sqrt(variance)
    low, high = np.floor(mean), np.ceil(mean + 8.0 * deviation + 4.0)
    near = enough(high, np.arange(len(mean)))
    low = np.where(near, low, high)
    high = np.where(near, high, np.ceil(mean + 100.0 * deviation + 100.0))
    for _ in range(_HALVINGS):
        (open_,) = np.nonzero(high - low > 1.0)
        if not open_.size:
            break
        middle = np.floor((low[open_] + high[open_]) / 2)
        reached = enough(middle, open_)
        high[open_] = np.where(reached, middle, high[open_])
        low[open_] = np.where(reached, low[open_], middle)
    return high
