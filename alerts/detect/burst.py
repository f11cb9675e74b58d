"""Whether more is going on than usual: the odds of a burst, carried from bucket to bucket. Pure.

A two-state switching model (Hamilton 1989, Econometrica 57; for outbreaks Le Strat and Carrat 1999, Statistics in
Medicine 18): a bucket is ordinary, or lies in a burst of one of five sizes, from one to forty standard deviations of
the forecast. Each new count multiplies the odds by how much better a burst explains it; between buckets a burst may end
and another may begin. So several buckets a little too high weigh as much as one far too high, and once a bucket is
ordinary again the odds fall at once: no window lengths have to be chosen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alerts.detect.gamma import Array, log_rising
from alerts.detect.tempo import Tempo

SIZES = np.array([1.0, 2.0, 4.0, 8.0, 40.0])
_LEAST, _MOST = -50.0, 80.0  # log of the factors one bucket may contribute
FEW = 8  # items that are multiplied one by one, which costs a division each instead of four gamma functions


def begin(rows: int, tempo: Tempo) -> Array:
    """What the odds come to when nothing is seen, so that time before the first bucket changes nothing."""
    return np.repeat(tempo.begins / tempo.ends * np.array(tempo.sizes)[:, None], rows, axis=1)


def carry(odds: Array, tempo: Tempo) -> Array:
    """The odds (sizes, rows) against "ordinary" one bucket later, before its count is seen."""
    together = odds.sum(axis=0)
    begun = tempo.begins * np.array(tempo.sizes)[:, None]
    result: Array = (odds * (1.0 - tempo.ends) + begun) / ((1.0 - tempo.begins) + tempo.ends * together)
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    """What an ordinary bucket and bursts of each size would bring, as negative binomial counts.

    ``ordinary`` (rows) and ``burst`` (sizes, rows) are their sizes; ``nothing`` the log of the factor by which a count
    of zero speaks for a burst; each item more multiplies it by ``times`` and by the ratio of the sizes, both grown by
    the items before. ``most`` is the whole count up to which that is more than 1: the evidence never falls as the count
    grows, beyond its highest point it stays.
    """

    ordinary: Array
    burst: Array
    nothing: Array
    times: Array
    most: Array

    def some(self, rows: NDArray[np.int64] | slice) -> Stories:
        return Stories(
            ordinary=self.ordinary[rows],
            burst=self.burst[:, rows],
            nothing=self.nothing[:, rows],
            times=self.times[:, rows],
            most=self.most[:, rows],
        )


def stories(expected: Array, variance: Array, tempo: Tempo) -> Stories:
    """Both sides are negative binomial. A burst adds items without adding much chance, so its variance is that of an
    ordinary bucket and the excess; only the largest keeps the same variance per mean, so that no count is too large to
    be one."""
    sizes = SIZES[:, None]
    raised = expected + sizes * np.sqrt(variance + tempo.smallest**2)
    spare = variance - expected
    more = np.repeat(spare[None], len(SIZES), axis=0)
    more[-1] *= raised[-1] / expected
    ordinary, nothing, share = _story(expected, spare)
    burst, nothing_raised, share_raised = _story(raised, more)
    times = share_raised / share
    most = np.ceil((times * burst - ordinary) / np.where(times < 1.0, 1.0 - times, 1.0))
    most[times >= 1.0] = np.inf
    most[-1] = np.inf
    return Stories(ordinary=ordinary, burst=burst, nothing=nothing_raised - nothing, times=times, most=most)


def _story(mean: Array, spare: Array) -> tuple[Array, Array, Array]:
    """Size, log chance of zero, and the share in which each item more comes, of the variance ``mean + spare``."""
    size = np.minimum(mean * mean / spare, 1e6)
    total = size + mean
    return size, size * np.log(size / total), mean / total


def evidence(count: Array, told: Stories) -> Array:
    """By which factor the whole count speaks for a burst of each size: (sizes, rows)."""
    factors: Array = np.exp(np.maximum(told.nothing, _LEAST))
    (few,) = np.nonzero((count > 0) & (count <= FEW))
    if few.size:
        few = few[np.argsort(-count[few], kind="stable")]  # so that those with more to go are always the first ones
        grown, more = np.exp(told.nothing[:, few]), told.some(few)
        for passed in range(int(count[few[0]])):
            left = np.count_nonzero(count[few] > passed)
            grow(grown[:, :left], more.some(slice(left)), passed)
        factors[:, few] = np.clip(grown, np.exp(_LEAST), np.exp(_MOST))
    (many,) = np.nonzero(count > FEW)
    if many.size:
        factors[:, many] = _by_gamma(count[many], told.some(many))
    return factors


def grow(factors: Array, told: Stories, count: int) -> None:
    """What ``count`` items speak, changed into what one more does."""
    factors *= np.maximum((told.burst + count) / (told.ordinary + count) * told.times, 1.0)


def _by_gamma(count: Array, told: Stories) -> Array:
    capped = np.clip(count, 0.0, told.most)
    rising = log_rising(told.burst, capped) - log_rising(told.ordinary, capped)
    result: Array = np.exp(np.clip(told.nothing + rising + capped * np.log(told.times), _LEAST, _MOST))
    return result
