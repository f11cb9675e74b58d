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

# Without a gap up to where the landscape hardly matters: where all eleven outlets publish every day, "ten" and
# "thirteen" explain so little that one that floods seems likelier than a burst in which all take part.
OUTLETS = np.array([*range(1, 15), 16, 20, 30, 60])
MOST_ITEMS = 400
FEWEST = 2  # items below which nothing can be said
_ROUGH = 0.1  # variance beyond that, for shares are never quite 1/r
_MORE = 0.6  # publishers that one flooding source adds, on average
_SLACK = 0.1
_FADES = 0.995
_LEAST = -30.0
_NOT_ALONE = 0.3


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
    odds = np.zeros_like(count)
    (told,) = np.nonzero((usable > 0) & (count >= FEWEST) & (publishers > 0))
    if not told.size:
        return odds
    among = _publishers()
    log_weight = state.log_weight[:, told]
    many = np.minimum(count[told], MOST_ITEMS).astype(np.int64)
    away = publishers[told] - among.mean[:, many]
    by_many = away * away * among.per_square[:, many] + among.at_mean[:, many]
    loud = count[told] > expected[told]  # else nobody has flooded anything
    if loud.any():
        here = told[loud]
        by_one = _if_one(publishers[here], expected[here], variance[here])
        weight = log_weight[:, loud]
        ratio = (np.exp(weight + by_one).sum(axis=0) + 1e-30) / (np.exp(weight + by_many[:, loud]).sum(axis=0) + 1e-30)
        odds[here] = tempo.alone * np.clip(ratio, 1e-9, 1e9) * factors[:, here].sum(axis=0) / len(SIZES)
    learnt = log_weight * _FADES + by_many
    learnt = np.maximum(learnt - learnt.max(axis=0), _LEAST)
    state.log_weight[:, told] = np.where(odds[told] < _NOT_ALONE, learnt, log_weight)
    return odds


def _if_one(publishers: Array, expected: Array, variance: Array) -> Array:
    """The log density of the publishers if an ordinary number of items came, and one flooding source beside them."""
    among = _publishers()
    few = np.minimum(expected, MOST_ITEMS - 1.0)
    whole = few.astype(np.int64)
    slope = among.slope[:, whole]
    mean = among.mean[:, whole] + (few - whole) * slope + _MORE
    spread = among.variance[:, whole] + slope * slope * variance + _SLACK
    result: Array = -0.5 * ((publishers - mean) ** 2 / spread + np.log(spread))
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class _Among:
    """The number of distinct publishers among 0..400 items: (outlets, items). ``slope``: how much one item more adds
    to the mean; ``at_mean`` and ``per_square``: the log density at the mean, and what a squared distance adds to it."""

    mean: Array
    slope: Array
    variance: Array
    at_mean: Array
    per_square: Array


@lru_cache(maxsize=1)
def _publishers() -> _Among:
    items = np.arange(MOST_ITEMS + 1, dtype=np.float64)
    means, variances = [], []
    for outlets in OUTLETS:
        share = 1.0 / np.arange(1, outlets + 1)
        share = share / share.sum()
        silent = (1.0 - share) ** items[:, None]
        first, second = np.triu_indices(outlets, 1)
        both = np.maximum(1.0 - share[first] - share[second], 0.0)
        pairs = np.empty(len(items))
        neither = np.ones_like(both)
        for n in range(len(items)):
            pairs[n] = 2.0 * neither.sum()
            neither *= both
        covariance = pairs - (silent.sum(axis=1) ** 2 - (silent**2).sum(axis=1))
        means.append((1.0 - silent).sum(axis=1))
        variances.append(np.maximum((silent * (1.0 - silent)).sum(axis=1) + covariance, 0.0) + _ROUGH)
    mean, variance = np.array(means), np.array(variances)
    return _Among(
        mean=mean,
        slope=np.diff(mean, append=mean[:, -1:]),
        variance=variance,
        at_mean=-0.5 * np.log(variance),
        per_square=-0.5 / variance,
    )
