"""A level that hardly moves and one that moves, learnt side by side; outlets and rest days."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from alerts.detect import pace
from alerts.detect.fold import Folded, Grid, begin, fold
from alerts.detect.gamma import Array
from alerts.detect.season import season
from alerts.detect.tempo import DAILY

DAY = timedelta(days=1)
STEADY, MOVING = 0, 1


def folded(counts: Array, publishers: Array | None = None) -> tuple[Folded, Array]:
    """What is known after days of these counts (days, rows), and the score of the last."""
    nothing = np.zeros_like(counts)
    grid = Grid(
        count=counts,
        exposure=np.ones_like(counts),
        publishers=nothing - 1.0 if publishers is None else publishers,
        joined=nothing,
        planned=nothing,
    )
    when = season(len(counts), DAY, DAILY)
    after, said = fold(begin(counts.shape[1], when, DAILY), grid, when, DAILY, last=1)
    return after, said.score[-1]


def test_of_one_pace_the_mixture_is_that_pace() -> None:
    expected, shape = np.array([[3.0, 0.2]]), np.array([[50.0, 4.0]])
    mean, mixed = pace.mixture(pace.begin(1, 2), expected, shape)
    assert (mean.tolist(), mixed.tolist()) == (expected[0].tolist(), shape[0].tolist())


def test_where_two_paces_disagree_less_is_known_of_the_mean() -> None:
    shape = np.array([[50.0], [50.0]])
    _, agreed = pace.mixture(pace.begin(2, 1), np.array([[3.0], [3.0]]), shape)
    _, parted = pace.mixture(pace.begin(2, 1), np.array([[2.0], [4.0]]), shape)
    assert agreed[0] == pytest.approx(50.0)
    assert parted[0] < 10.0


def test_a_topic_that_moves_and_one_that_does_not_are_told_apart() -> None:
    days = np.arange(280)
    wave = 20.0 * np.exp(np.sin(days * 2 * np.pi / 120))  # there and back within a season
    counts = np.random.default_rng(5).poisson(np.stack([np.full(len(days), 20.0), wave], axis=1)).astype(float)
    after, _ = folded(counts)
    weight = after.baseline.pace
    assert weight[STEADY, 0] > weight[MOVING, 0]
    assert weight[STEADY, 1] < weight[MOVING, 1]


def test_a_burst_in_which_every_outlet_takes_part_is_no_flood_however_many_there_are() -> None:
    rng = np.random.default_rng(6)
    for outlets in (7, 9, 11, 12):
        share = 1.0 / np.arange(1, outlets + 1)
        days = rng.multinomial(rng.poisson(50, 150), share / share.sum())
        counts, publishers = days.sum(axis=1, dtype=float), (days > 0).sum(axis=1).astype(float)
        counts[-1], publishers[-1] = 150.0, float(outlets)
        _, score = folded(counts[:, None], publishers[:, None])
        assert score[0] > 3.3, outlets


def test_a_quiet_saturday_lets_a_quiet_sunday_be_expected() -> None:
    when = season(14, DAY, DAILY)
    known = when.beforehand[1:8, 1:8]
    assert known[5, 6] > 0.0 > known[4, 5]
    assert known[0, 1] < known[5, 6]
    assert np.linalg.eigvalsh(when.beforehand).min() > 0.0


def test_one_pace_costs_one_regression() -> None:
    one = replace(DAILY, drifts=(0.013,))
    when = season(7, DAY, one)
    assert begin(3, when, one).baseline.covariance.shape[2:] == (1, 3)
