"""Whether more is going on than usual: the odds of a burst, carried from bucket to bucket. Pure.

A two-state switching model (Hamilton 1989, Econometrica 57; for outbreaks Le Strat and Carrat 1999, Statistics in
Medicine 18): a bucket is ordinary, or lies in a burst of one of five sizes, from one to forty standard deviations of
the forecast. Each new count multiplies the odds by how much better a burst explains it; between buckets a burst may end
and another may begin. So several buckets a little too high weigh as much as one far too high, and once a bucket is
ordinary again the odds fall at once: no window lengths have to be chosen.
"""

from __future__ import annotations

import numpy as np

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


def evidence(count: Array, expected: Array, variance: Array, tempo: Tempo) -> Array:
    """By which factor the count speaks for a burst of each size: (sizes, rows).

    Both sides are negative binomial. A burst adds items without adding much chance, so its variance is that of an
    ordinary bucket and the excess; only the largest keeps the same variance per mean, so that no count is too large to
    be one. The factor never falls as the count grows: beyond its highest point it stays.
    """
    sizes = SIZES[:, None]
    raised = expected + sizes * np.sqrt(variance + tempo.smallest**2)
    spare = variance - expected
    more = np.where(sizes == SIZES[-1], spare / expected * raised, spare)
    size, raised_size = expected * expected / spare, raised * raised / more
    # Where the two log likelihoods part fastest, by Stirling's formula; the largest size has no such point.
    highest = np.where(sizes == SIZES[-1], np.inf, (variance * (raised + expected) - expected * expected) / spare)
    gain = _log_likelihood(np.minimum(count, highest), raised, raised_size) - _log_likelihood(count, expected, size)
    (beyond,) = np.nonzero((count > highest).any(axis=0))
    if beyond.size:
        there = (slice(None), beyond)
        capped = np.minimum(count[beyond], highest[there])
        gain[there] = _log_likelihood(capped, raised[there], raised_size[there]) - _log_likelihood(
            capped, expected[beyond], size[beyond]
        )
    result: Array = np.exp(np.clip(gain, -50.0, _MOST))
    return result


def _log_likelihood(count: Array, mean: Array, size: Array) -> Array:
    """Of the negative binomial with variance ``mean + mean^2 / size``, up to a term that depends on the count only."""
    size = np.minimum(size, 1e6)
    total = size + mean
    result: Array = (
        log_gamma(count + size) - log_gamma(size) + size * np.log(size / total) + count * np.log(mean / total)
    )
    return result
