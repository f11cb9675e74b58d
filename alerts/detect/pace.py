"""How fast a topic's usual level moves: a few paces weighed against each other. Pure.

A level that hardly moves is known well, and small bursts stand out from it; one that moves must be followed, or a
season is taken for a burst. Which of the two a topic has shows in how well each pace foretold its counts (models
averaged by their predictive likelihood: West and Harrison 1997, *Bayesian Forecasting and Dynamic Models*, ch. 12).
"""

from __future__ import annotations

import numpy as np

from alerts.detect.gamma import Array, log_rising

CUT_DEVIATIONS = 3.0  # further out a count says more of a burst than of a pace
_LEAST = -10.0  # so that a topic that changes its ways is followed within weeks


def begin(paces: int, rows: int) -> Array:
    """The log weight of each pace: (paces, rows)."""
    return np.zeros((paces, rows))


def mixture(log_weight: Array, expected: Array, shape: Array) -> tuple[Array, Array]:
    """Of gamma forecasts (paces, rows) the mean, and the gamma shape with the variance, of them all together."""
    if len(log_weight) == 1:
        return expected[0], shape[0]
    weight = np.exp(log_weight - log_weight.max(axis=0))
    weight /= weight.sum(axis=0)
    mean = (weight * expected).sum(axis=0)
    variance = (weight * (expected * expected / shape + (expected - mean) ** 2)).sum(axis=0)
    return mean, mean * mean / variance


def learn(
    log_weight: Array, count: Array, expected: Array, shape: Array, spread: Array, variance: Array, watched: Array
) -> Array:
    """``expected`` and ``shape`` of each pace; ``spread`` (variance per mean) and ``variance`` of the mixture;
    ``watched`` 0 or 1."""
    if len(log_weight) == 1:
        return log_weight
    cut = np.minimum(count, np.floor(expected.max(axis=0) + CUT_DEVIATIONS * np.sqrt(variance) + 1.0))
    size = expected / (spread - 1.0 + expected / shape)
    total = size + expected
    told = log_rising(size, cut) + size * np.log(size / total) + cut * np.log(expected / total)
    learnt = log_weight + watched * told
    result: Array = np.maximum(learnt - learnt.max(axis=0), _LEAST)
    return result
