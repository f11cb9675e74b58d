"""The detector's core: arrays of counts in, score, expected count and limit per bucket out. Pure, causal.

    season  ->  baseline  ->  burst (and voices)  ->  tail  ->  score
    what hour   how many      more than usual?        rare,      one scale for
    it is       to expect     from many sides?        for this   all widths
                                                      series?

A fold goes through the buckets of many rows at once, oldest first. A bucket is scored from what was learnt before it
and its own count, never from later ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alerts.detect import baseline, burst, tail, voices
from alerts.detect.gamma import Array
from alerts.detect.limit import limit as limit_of
from alerts.detect.season import Season
from alerts.detect.tempo import SHARES, Tempo

DAMPED = 1.0
EXCEPTIONAL = 0.5
CURIOSITY = 4.0  # times the usual that a planned event may bring without being news
CURIOUS_SHAPE = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rows of one length, buckets first: all arrays are (buckets, rows).

    ``count`` is what may raise an alarm (no backfill); ``exposure`` the share of the bucket that was watched, 0 where
    it is missing; ``publishers`` -1 where they are not known; ``joined`` 1 where backfill shows that a source was added
    or read again; ``planned`` 1 near an event that was known beforehand and raises the count by itself, 0.5 where it
    only makes the bucket no example of an ordinary one.
    """

    count: Array
    exposure: Array
    publishers: Array
    joined: Array
    planned: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Of the newest buckets: (buckets, rows). ``limit`` is the smallest count that reaches the threshold, given what
    went before; nan where it was not asked for. ``learnt`` is how many buckets had been watched before."""

    score: Array
    expected: Array
    limit: Array
    learnt: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """All that a fold knows after ``buckets`` of its buckets; every array has a column per row, in its last axis."""

    baseline: baseline.Baseline
    voices: voices.Voices
    tail: tail.Tail
    odds: Array
    learnt: Array
    buckets: int

    @property
    def rows(self) -> int:
        return len(self.learnt)

    def some(self, rows: NDArray[np.int64]) -> Folded:
        return with_arrays([array[..., rows] for array in self.arrays()], self.buckets)

    def arrays(self) -> tuple[Array, ...]:
        state, past = self.baseline, self.tail
        return (
            state.mean, state.covariance, state.pace, state.spread, state.awake,
            self.voices.log_weight, past.weight, past.first, past.second, past.recent, self.odds, self.learnt,
        )  # fmt: skip


def with_arrays(arrays: Sequence[Array], buckets: int) -> Folded:
    """The inverse of :meth:`Folded.arrays`."""
    mean, covariance, pace, spread, awake, log_weight, weight, first, second, recent, odds, learnt = arrays
    return Folded(
        baseline=baseline.Baseline(mean=mean, covariance=covariance, pace=pace, spread=spread, awake=awake),
        voices=voices.Voices(log_weight=log_weight),
        tail=tail.Tail(weight=weight, first=first, second=second, recent=recent),
        odds=odds,
        learnt=learnt,
        buckets=buckets,
    )


def begin(rows: int, season: Season, tempo: Tempo) -> Folded:
    """Before the first bucket."""
    return Folded(
        baseline=baseline.begin(rows, season, tempo),
        voices=voices.begin(rows),
        tail=tail.begin(rows, tempo),
        odds=burst.begin(rows, tempo),
        learnt=np.zeros(rows),
        buckets=0,
    )


def fold(
    before: Folded, grid: Grid, season: Season, tempo: Tempo, *, last: int, threshold: float | None = None
) -> tuple[Folded, Assessment]:
    """What is known after the buckets of ``grid``, and what is said of its newest ``last``. ``before`` stays as it is,
    and bucket by bucket comes to the same as all at once. ``season`` begins with the grid, whose buckets are none that
    ``before`` has seen. ``threshold`` on the score asks for limits."""
    buckets, rows = grid.count.shape
    first = buckets - last
    known = with_arrays([array.copy() for array in before.arrays()], before.buckets)
    state, crowd, past, odds, learnt = known.baseline, known.voices, known.tail, known.odds, known.learnt
    score, expected, limit, watched_before = (np.empty((last, rows)) for _ in range(4))
    knows_publishers = tempo.alone > 0 and bool((grid.publishers >= 0).any())
    for at in range(buckets):
        watched = (grid.exposure[at] > 0) * 1.0
        count, curious = grid.count[at], (grid.planned[at] > 0) * 1.0
        baseline.advance(state, tempo)
        seen = baseline.forecast(state, season.column(at), np.where(watched > 0, grid.exposure[at], 1.0), tempo)
        mean, variance = _with_curiosity(seen, (grid.planned[at] >= DAMPED) * 1.0)
        odds = burst.carry(odds, tempo)
        told = burst.stories(mean, variance, tempo)
        factors = np.where(watched > 0, burst.evidence(count, told), 1.0)
        alone = (
            voices.lone_voice(crowd, count, grid.publishers[at], seen.expected, seen.variance, factors, watched, tempo)
            if knows_publishers
            else np.zeros(rows)
        )
        carried, odds = odds, odds * factors / (1.0 + alone)
        together = odds.sum(axis=0)
        log_odds = np.log10(together)
        scale, shape = tail.scale_and_shape(past)
        rare = tail.without_echo(past, tail.rarity(log_odds, scale, shape), before.buckets + at, tempo)
        if at >= first:
            here = at - first
            score[here] = _on_scale(rare, tempo)
            expected[here], watched_before[here] = mean, learnt
            if threshold is None:
                limit[here] = np.nan
            else:
                bar = tail.odds_at(np.full(rows, np.interp(threshold, SHARES, tempo.rarities)), scale, shape)
                limit[here] = limit_of(carried, bar, mean, variance, told)
        unusual = together + alone / (1.0 + alone) * (1.0 + together)
        baseline.learn(state, seen, count, watched, unusual / (1.0 + unusual), curious, tempo)
        baseline.widen(state, grid.joined[at])
        tail.learn(past, log_odds, watched * (1.0 - curious))
        learnt = learnt + watched
    after = replace(known, odds=odds, learnt=learnt, buckets=before.buckets + buckets)
    return after, Assessment(score=score, expected=expected, limit=limit, learnt=watched_before)


def _on_scale(rarity: Array, tempo: Tempo) -> Array:
    """Minus the log10 of the share of ordinary buckets that reach as much, as measured per width."""
    result: Array = np.round(np.interp(rarity, tempo.rarities, SHARES), 6)
    return result


def _with_curiosity(seen: baseline.Forecast, curious: Array) -> tuple[Array, Array]:
    """Near a planned event everybody writes: more is expected, and nobody knows how much."""
    if not curious.any():
        return seen.expected, seen.variance
    mean = np.where(curious > 0, CURIOSITY * seen.expected, seen.expected)
    relative = 1.0 / seen.shape + 1.0 / CURIOUS_SHAPE
    return mean, np.where(curious > 0, seen.spread * mean + mean * mean * relative, seen.variance)
