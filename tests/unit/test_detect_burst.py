"""How strongly a count speaks for a burst, and from which count on it is enough."""

from __future__ import annotations

from math import lgamma, log

import numpy as np
import pytest

from alerts.detect import burst
from alerts.detect.gamma import Array
from alerts.detect.limit import limit
from alerts.detect.tempo import HOURLY

MEANS = np.array([0.02, 0.4, 2.0, 6.5, 40.0, 900.0])
VARIANCES = MEANS * 1.5 + MEANS**2 / 20
TOLD = burst.stories(MEANS, VARIANCES, HOURLY)


def likelihood(count: float, mean: float, variance: float) -> float:
    """The log of the negative binomial chance, up to a term that depends on the count only."""
    size = mean * mean / (variance - mean)
    chance = log(mean / (size + mean))
    return lgamma(count + size) - lgamma(size) + size * log(size / (size + mean)) + count * chance


def by_the_book(count: int, mean: float, variance: float, size: float) -> float:
    """The most that any count up to this one speaks for a burst of so many deviations."""
    raised = mean + size * (variance + HOURLY.smallest**2) ** 0.5
    spare = (variance - mean) * (raised / mean if size == burst.SIZES[-1] else 1.0)
    gains = [likelihood(n, raised, raised + spare) - likelihood(n, mean, variance) for n in range(count + 1)]
    return max(gains)


@pytest.mark.parametrize("count", [0, 1, 2, 5, 8, 9, 30, 1200])
def test_a_count_speaks_as_the_chances_of_both_stories_say(count: int) -> None:
    found = np.log(burst.evidence(np.full(len(MEANS), float(count)), TOLD))
    for row, (mean, variance) in enumerate(zip(MEANS, VARIANCES, strict=True)):
        wanted = [by_the_book(count, mean, variance, size) for size in burst.SIZES]
        assert found[:, row] == pytest.approx(np.clip(wanted, -50.0, 80.0), abs=1e-5)


def test_counted_one_by_one_or_by_gamma_functions_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = np.array([0.0, 1.0, 3.0, 8.0, 7.0, 2.0])
    counted = burst.evidence(counts, TOLD)
    monkeypatch.setattr(burst, "FEW", 0)
    assert burst.evidence(counts, TOLD) == pytest.approx(counted, rel=1e-5)


def odds_of(count: Array, before: Array) -> Array:
    odds: Array = np.log10((before * burst.evidence(count, TOLD)).sum(axis=0))
    return odds


@pytest.mark.parametrize("bar", [-2.0, 0.5, 2.0, 6.0])
def test_the_limit_is_the_smallest_count_above_the_mean_that_reaches_the_bar(bar: float) -> None:
    before = burst.carry(burst.begin(len(MEANS), HOURLY), HOURLY)
    found = limit(before, np.full(len(MEANS), bar), MEANS, VARIANCES, TOLD)
    assert (odds_of(found, before) >= bar).all()
    assert ((odds_of(found - 1, before) < bar) | (found == np.floor(MEANS) + 1)).all()


def test_a_bar_that_no_count_reaches_is_not_looked_for_for_ever() -> None:
    before = burst.begin(len(MEANS), HOURLY)
    found = limit(before, np.full(len(MEANS), 1e9), MEANS, VARIANCES, TOLD)
    assert found == pytest.approx(np.ceil(MEANS + 100.0 * np.sqrt(VARIANCES) + 100.0))
