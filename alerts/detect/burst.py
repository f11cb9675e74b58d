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

from alerts.detect.gamma import Array, log_gamma
from alerts.detect.tempo import Tempo

SIZES = np.array([1.0, 2.0, 4.0, 8.0, 40.0])
_MOST = 80.0  # log of the largest factor one bucket may contribute


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
class Story:
    """A negative binomial count with ``size``; what does not depend on the count is reckoned once."""

    size: Array
    constant: Array
    slope: Array

    def some(self, rows: NDArray[np.int64]) -> Story:
        return Story(size=self.size[..., rows], constant=self.constant[..., rows], slope=self.slope[..., rows])

    def log_likelihood(self, count: Array) -> Array:
        """Up to a term that depends on the count only."""
        result: Array = log_gamma(count + self.size) + self.constant + count * self.slope
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    """What an ordinary bucket and bursts of each size (sizes, rows) would bring. ``highest``: the count up to which the
    evidence for a burst grows."""

    ordinary: Story
    burst: Story
    highest: Array

    def some(self, rows: NDArray[np.int64]) -> Stories:
        return Stories(ordinary=self.ordinary.some(rows), burst=self.burst.some(rows), highest=self.highest[:, rows])


def stories(expected: Array, variance: Array, tempo: Tempo) -> Stories:
    """Both sides are negative binomial. A burst adds items without adding much chance, so its variance is that of an
    ordinary bucket and the excess; only the largest keeps the same variance per mean, so that no count is too large to
    be one."""
    sizes = SIZES[:, None]
    raised = expected + sizes * np.sqrt(variance + tempo.smallest**2)
    spare = variance - expected
    more = np.where(sizes == SIZES[-1], spare / expected * raised, spare)
    # Where the two log likelihoods part fastest, by Stirling's formula; the largest size has no such point.
    highest = np.where(sizes == SIZES[-1], np.inf, (variance * (raised + expected) - expected * expected) / spare)
    return Stories(
        ordinary=_story(expected, expected * expected / spare),
        burst=_story(raised, raised * raised / more),
        highest=highest,
    )


def _story(mean: Array, size: Array) -> Story:
    """With the variance ``mean + mean^2 / size``."""
    size = np.minimum(size, 1e6)
    total = size + mean
    return Story(size=size, constant=size * np.log(size / total) - log_gamma(size), slope=np.log(mean / total))


def evidence(count: Array, told: Stories) -> Array:
    """By which factor the count speaks for a burst of each size: (sizes, rows). It never falls as the count grows:
    beyond its highest point it stays."""
    gain = told.burst.log_likelihood(np.minimum(count, told.highest)) - told.ordinary.log_likelihood(count)
    (beyond,) = np.nonzero((count > told.highest).any(axis=0))
    if beyond.size:
        there = told.some(beyond)
        capped = np.minimum(count[beyond], there.highest)
        gain[:, beyond] = there.burst.log_likelihood(capped) - there.ordinary.log_likelihood(capped)
    result: Array = np.exp(np.clip(gain, -50.0, _MOST))
    return result
