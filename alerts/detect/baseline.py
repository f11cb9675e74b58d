"""What a count should be: a discounted gamma-Poisson regression, learnt bucket by bucket. Pure.

A dynamic generalised linear model (West, Harrison and Migon 1985, JASA 80): the log of the mean is a sum of a level
that drifts, weekdays, hours and times of year; its uncertainty is matched to a gamma distribution, so that zeros and
single items are weighed as the counts they are, and the forecast is negative binomial. The variance beyond Poisson's is
learnt beside it (:mod:`alerts.detect.spread`), and so is how fast the level drifts (:mod:`alerts.detect.pace`).

Arrays carry one entry per row (a row is one fold of one series) in their last axis. The functions change the state they
are given; :func:`alerts.detect.fold.fold` hands them a copy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alerts.detect import pace, spread
from alerts.detect.gamma import Array, digamma_and_trigamma, inverse_trigamma
from alerts.detect.season import Season
from alerts.detect.tempo import Tempo

FIRST_LEVEL = -1.5  # log items a bucket, before anything is known
WIDEN = 0.09  # variance added to the level when a source joins: it may be half as much again from now on
CUT_COUNTS = 6.0
LEAST_KEPT = 0.2
CURIOUS_WEIGHT = 10.0  # how much less a bucket near a planned event says about ordinary ones


@dataclass(slots=True, kw_only=True)
class Baseline:
    """``mean`` (effects, paces, rows) and ``covariance`` (effects, effects, paces, rows) of the regression at each
    pace; ``pace``: how well each foretold the counts; ``spread``: what is known of the spread beyond Poisson.
    ``awake``: something was read."""

    mean: Array
    covariance: Array
    pace: Array
    spread: Array
    awake: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Of one bucket for every row: ``expected`` count, ``variance``, gamma ``shape`` of what is not known of the mean;
    ``by_pace`` is what learning needs."""

    expected: Array
    variance: Array
    shape: Array
    spread: Array
    by_pace: ByPace


@dataclass(frozen=True, slots=True, kw_only=True)
class ByPace:
    """(paces, rows): gamma ``shape`` and ``rate`` and the ``expected`` count; ``direction`` (effects, paces, rows)."""

    shape: Array
    rate: Array
    expected: Array
    log_mean: Array
    log_variance: Array
    trigamma: Array
    direction: Array


def begin(rows: int, season: Season, tempo: Tempo) -> Baseline:
    known, paces = len(season.beforehand), len(tempo.drifts)
    effects = known + (tempo.slope > 0)
    mean = np.zeros((effects, paces, rows))
    mean[0] = FIRST_LEVEL
    covariance = np.zeros((effects, effects, paces, rows))
    covariance[:known, :known] = season.beforehand[:, :, None, None]
    if tempo.slope > 0:
        covariance[-1, -1] = tempo.slope**2
    return Baseline(
        mean=mean,
        covariance=covariance,
        pace=pace.begin(paces, rows),
        spread=spread.begin(rows, tempo),
        awake=np.zeros(rows),
    )


def advance(state: Baseline, tempo: Tempo) -> None:
    """One bucket passes: what was known becomes a little less certain. Before anything was read, time stands still."""
    if tempo.slope > 0:
        state.mean[0] += state.mean[-1] * state.awake
        state.covariance[0] += state.covariance[-1] * state.awake
        state.covariance[:, 0] += state.covariance[:, -1] * state.awake
    for level, drift in zip(state.covariance[0, 0], tempo.drifts, strict=True):
        level += drift * drift * state.awake  # in its place


def widen(state: Baseline, joined: Array) -> None:
    """Backfill came (1): a source was added or read again, and the level may be another one from now on."""
    state.covariance[0, 0] += WIDEN * joined * state.awake


def forecast(state: Baseline, column: Array, exposure: Array, tempo: Tempo) -> Forecast:
    """``column``: the bucket's season (effects), or (effects, rows) where it differs from row to row; ``exposure``
    (0..1]: the share of it that was watched."""
    effects, _, *each = state.covariance.shape
    if column.ndim == 2:
        column = column[:, None]
        direction = (column[:, None] * state.covariance).sum(axis=0)
        log_variance, log_mean = (column * direction).sum(axis=0), (column * state.mean).sum(axis=0)
    else:
        if len(column) < effects:
            column = np.append(column, 0.0)
        direction = (column @ state.covariance.reshape(effects, -1)).reshape(effects, *each)
        log_variance = (column @ direction.reshape(effects, -1)).reshape(each)
        log_mean = (column @ state.mean.reshape(effects, -1)).reshape(each)
    log_variance = np.maximum(log_variance, 1e-9)
    shapes = inverse_trigamma(log_variance)
    digamma, trigamma = digamma_and_trigamma(shapes)
    rates = np.exp(np.clip(digamma - log_mean, -40.0, 40.0)) / exposure
    by_pace = ByPace(
        shape=shapes,
        rate=rates,
        expected=shapes / rates,
        log_mean=digamma - np.log(rates),
        log_variance=log_variance,
        trigamma=trigamma,
        direction=direction,
    )
    expected, shape = pace.mixture(state.pace, by_pace.expected, shapes)
    times = spread.estimate(state.spread, tempo)
    return Forecast(
        expected=expected,
        variance=times * expected + expected * expected / shape,
        shape=shape,
        spread=times,
        by_pace=by_pace,
    )


def learn(
    state: Baseline, seen: Forecast, count: Array, watched: Array, burst: Array, curious: Array, tempo: Tempo
) -> None:
    """``burst``: how likely the bucket is not ordinary. ``watched``, ``curious`` (a planned event is near): 0 or 1."""
    above = count > seen.expected
    kept = np.where(above, np.maximum(1.0 - tempo.keeps * burst**tempo.keep_power, LEAST_KEPT), 1.0)
    example = watched * (1.0 - curious)
    state.spread = spread.learn(
        state.spread,
        count,
        seen.expected,
        seen.shape,
        seen.variance,
        example,
        np.where(above, burst, 0.0),
        tempo,
    )
    each = seen.by_pace
    state.pace = pace.learn(state.pace, count, each.expected, each.shape, seen.spread, seen.variance, example)
    weight = watched * kept / (seen.spread * (1.0 + (CURIOUS_WEIGHT - 1.0) * curious))
    cut = np.minimum(count, seen.expected + CUT_COUNTS * np.sqrt(seen.variance) + 2.0)
    shape, rate = each.shape + weight * cut, each.rate + weight
    digamma, trigamma = digamma_and_trigamma(shape)
    gain = (digamma - np.log(rate) - each.log_mean) / each.log_variance
    shrink = np.maximum(1.0 - trigamma / each.trigamma, 0.0) / each.log_variance
    state.mean += each.direction * gain
    scaled = each.direction * shrink
    for effect, row in enumerate(scaled):  # by rows of the matrix: no temporary as large as the matrix itself
        state.covariance[effect] -= row * each.direction
    state.awake = np.maximum(state.awake, watched)
