"""Whether a burst has many voices or one: what the number of publishers says. Pure.

When ``n`` items come from a newsroom landscape in which the r-th largest outlet has a share of 1/r, a certain number of
distinct publishers is to be expected; how many outlets there are is learnt per series. A count that is high while the
publishers are as few as on an ordinary day is rather one source that republishes its archive.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from alerts.detect.burst import SIZES
from alerts.detect.gamma import Array
from alerts.detect.tempo import Tempo

OUTLETS = np.array([1, 2, 3, 4, 5, 6, 8, 10, 13, 18, 30, 60])
MOST_ITEMS = 400
FEWEST = 2  # items below which nothing can be said
_ROUGH = 0.05
_MORE = 0.6  # publishers that one flooding source adds, on average
_SLACK = 0.1
_FADES = 0.995
_LEAST = -30.0


@dataclass(slots=True, kw_only=True)
class Voices:
    """``log_weight`` (outlets, rows): how well each number of outlets has explained the publishers so far."""

    log_weight: Array


def begin(rows: int) -> Voices:
    return Voices(log_weight=np.zeros((len(OUTLETS), rows)))


def lone_voice(
    state: Voices,
    count: Array,
    publishers: Array,
    expected: Array,
    variance: Array,
    factors: Array,
    usable: Array,
    tempo: Tempo,
) -> Array:
    """The odds that one source alone raised the count, against "ordinary"; learns from the buckets where that is
    unlikely. ``factors``: the evidence for a burst by size. ``usable``: 0 or 1, 0 where publishers are not known."""
    usable = usable * (count >= FEWEST) * (publishers > 0)
    if not usable.any():
        return np.zeros_like(count)
    means, variances = _publishers()
    many = np.minimum(count, MOST_ITEMS).astype(np.int64)
    few = np.minimum(expected, MOST_ITEMS - 1.0)
    whole = few.astype(np.int64)
    part = few - whole
    slope = means[:, whole + 1] - means[:, whole]
    by_many = _log_density(publishers, means[:, many], variances[:, many])
    mean = means[:, whole] + part * slope + _MORE
    by_one = _log_density(publishers, mean, variances[:, whole] + slope**2 * variance + _SLACK)
    weight = np.exp(state.log_weight - state.log_weight.max(axis=0))
    ratio = ((weight * np.exp(by_one)).sum(axis=0) + 1e-30) / ((weight * np.exp(by_many)).sum(axis=0) + 1e-30)
    odds: Array = usable * tempo.alone * np.clip(ratio, 1e-9, 1e9) * factors.sum(axis=0) / len(SIZES)
    learnt = state.log_weight * _FADES + by_many
    learnt = np.maximum(learnt, learnt.max(axis=0) + _LEAST)
    state.log_weight = np.where((usable > 0) & (odds < 0.3), learnt, state.log_weight)
    return odds


def _log_density(at: Array, mean: Array, variance: Array) -> Array:
    result: Array = -0.5 * (at - mean) ** 2 / variance - 0.5 * np.log(variance)
    return result


@lru_cache(maxsize=1)
def _publishers() -> tuple[Array, Array]:
    """Mean and variance of the number of distinct publishers among 0..400 items, per number of outlets."""
    items = np.arange(MOST_ITEMS + 1, dtype=np.float64)
    means, variances = [], []
    for outlets in OUTLETS:
        share = 1.0 / np.arange(1, outlets + 1)
        share = share / share.sum()
        silent = (1.0 - share) ** items[:, None]
        both = np.maximum(1.0 - share[:, None] - share[None, :], 0.0)
        pairs = np.array([(both**n).sum() - (np.diagonal(both) ** n).sum() for n in items])
        covariance = pairs - (silent.sum(axis=1) ** 2 - (silent**2).sum(axis=1))
        means.append((1.0 - silent).sum(axis=1))
        variances.append(np.maximum((silent * (1.0 - silent)).sum(axis=1) + covariance, 0.0) + _ROUGH)
    return np.array(means), np.array(variances)
