"""How much the counts jump about beyond chance: the variance is so many times the mean. Pure.

Learnt in one of two ways. By the hour and by the week from squares: the mean of squared errors in units of the mean,
shrunk towards a prior, with counts far out of the way cut (as in Noufaily et al. 2013). By the day, where buckets are
fewer and there is time for it, from likelihoods: each of a few spreads is weighed by how well it has explained the
counts so far, and their weighted mean is taken. A bucket that looks like a burst teaches little in both.

What is known is an array whose last axis has an entry per row: squares and their weight, or a log weight per spread.
"""

from __future__ import annotations

import numpy as np

from alerts.detect.gamma import Array, log_gamma
from alerts.detect.tempo import Tempo

LEAST = 1.001  # Poisson's, and as much more as the negative binomial needs
CUT_SQUARES = 25.0
CUT_DEVIATIONS = 5.0


def begin(rows: int, tempo: Tempo) -> Array:
    if tempo.spreads:
        return np.repeat(_prior(tempo), rows, axis=1)
    return np.repeat([[tempo.spread_weight * tempo.spread_prior], [tempo.spread_weight]], rows, axis=1)


def estimate(known: Array, tempo: Tempo) -> Array:
    if not tempo.spreads:
        squares, weights = known
        return _from_squares(squares, weights)
    chances = np.exp(known - known.max(axis=0))
    result: Array = (chances * _spreads(tempo)).sum(axis=0) / chances.sum(axis=0)
    return result


def learn(
    known: Array,
    count: Array,
    expected: Array,
    shape: Array,
    variance: Array,
    watched: Array,
    burst: Array,
    tempo: Tempo,
) -> Array:
    """``expected`` has the gamma ``shape``; ``variance`` is that of the forecast. ``watched``: 0 or 1; ``burst``: how
    likely the count is too high to be an ordinary one."""
    kept = watched * np.maximum(1.0 - burst * burst, 1.0 - tempo.spread_keeps)
    if tempo.spreads:
        return _with_likelihoods(known, count, expected, shape, variance, kept, tempo)
    square = np.minimum((count - expected) ** 2, CUT_SQUARES * variance + 2.0)
    squares, weights = known
    ratio = square / (expected + expected**2 / (shape * _from_squares(squares, weights)))
    weight = kept * expected / (expected + tempo.sparse_weight)
    return known + np.stack([weight * ratio, weight])


def _from_squares(squares: Array, weights: Array) -> Array:
    result: Array = np.maximum(squares / weights, LEAST)
    return result


def _with_likelihoods(
    known: Array, count: Array, expected: Array, shape: Array, variance: Array, kept: Array, tempo: Tempo
) -> Array:
    """Of the negative binomial with each spread, and with what is not known of the mean."""
    cut = np.minimum(count, np.floor(expected + CUT_DEVIATIONS * np.sqrt(variance) + 1.0))
    spare = (_spreads(tempo) - 1.0) * expected + expected * expected / shape
    size = expected * expected / spare
    total = size + expected
    explained = log_gamma(cut + size) - log_gamma(size) + size * np.log(size / total) + cut * np.log(expected / total)
    result: Array = known + kept * (explained - explained.mean(axis=0))
    return result


def _spreads(tempo: Tempo) -> Array:
    result: Array = np.array([[spread] for spread, _ in tempo.spreads])
    return result


def _prior(tempo: Tempo) -> Array:
    result: Array = np.log([[chance] for _, chance in tempo.spreads])
    return result
