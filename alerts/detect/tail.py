"""How rare a series' own high odds are: a heavy tail is met with a higher bar. Pure.

Some topics live in bursts: their odds of a burst are high every other day, and only the largest mean something. The
excesses of a series' past log odds over zero are fitted by a generalised Pareto distribution (peaks over threshold:
Pickands 1975; as an alarm for streams Siffer et al. 2017, KDD), by moments shrunk towards the exponential that
well-behaved series show, and a new excess is expressed as minus the log of its tail probability.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alerts.detect.gamma import Array
from alerts.detect.tempo import Tempo

PRIOR_WEIGHT = 100.0  # excesses' worth
PRIOR_MEAN = 0.5  # decades of odds
ECHO = 0.7
_MOST = 30.0


@dataclass(slots=True, kw_only=True)
class Tail:
    """``weight`` of the excesses so far, their sum and their squares' sum; the last rarities."""

    weight: Array
    first: Array
    second: Array
    recent: Array


def begin(rows: int, tempo: Tempo) -> Tail:
    return Tail(
        recent=np.full((max(tempo.echo, 1), rows), -np.inf),
        weight=np.full(rows, PRIOR_WEIGHT),
        first=np.full(rows, PRIOR_WEIGHT * PRIOR_MEAN),
        second=np.full(rows, PRIOR_WEIGHT * 2.0 * PRIOR_MEAN**2),
    )


def scale_and_shape(state: Tail) -> tuple[Array, Array]:
    """Of the generalised Pareto distribution, by its first two moments; the shape is at least 0 (exponential)."""
    mean = state.first / state.weight
    ratio = np.maximum(state.second / state.weight / (mean * mean), 2.0)
    shape = (ratio - 2.0) / (2.0 * (ratio - 1.0))
    return mean * (1.0 - shape), shape


def rarity(log_odds: Array, scale: Array, shape: Array) -> Array:
    """Log odds below zero as they are; above, minus the log of the tail probability."""
    excess = np.maximum(log_odds, 0.0) / scale
    bent = np.log1p(shape * excess) / np.maximum(shape, 1e-6)
    result: Array = np.where(log_odds > 0.0, np.where(shape > 1e-4, bent, excess), log_odds)
    return result


def odds_at(level: Array, scale: Array, shape: Array) -> Array:
    """The inverse of :func:`rarity`."""
    straight = np.maximum(level, 0.0)
    bent = np.expm1(np.minimum(shape * straight, 50.0)) / np.maximum(shape, 1e-6)
    result: Array = np.where(level > 0.0, scale * np.where(shape > 1e-4, bent, straight), level)
    return result


def without_echo(state: Tail, rare: Array, at: int, tempo: Tempo) -> Array:
    """A bucket that stays below a recent one tells the same story again, and counts for less. ``at`` numbers it."""
    if not tempo.echo:
        return rare
    repeats = (rare > 0.0) & (rare <= state.recent.max(axis=0))
    state.recent[at % tempo.echo] = rare
    result: Array = np.where(repeats, ECHO * rare, rare)
    return result


def learn(state: Tail, log_odds: Array, watched: Array) -> None:
    over = watched * (log_odds > 0.0)
    excess = np.minimum(np.maximum(log_odds, 0.0), _MOST)
    state.weight = state.weight + over
    state.first = state.first + over * excess
    state.second = state.second + over * excess * excess
