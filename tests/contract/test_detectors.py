"""What every detector promises. A new one joins by one line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from series import hours, rule

from alerts.detect.auto import AutoDetector
from alerts.detect.base import Detector
from alerts.detect.ratio import RatioDetector
from alerts.detect.threshold import ThresholdDetector
from collector.model.alert import Reading, ReadingState
from collector.model.bucket import Series
from collector.model.clock import HOUR

DETECTORS: list[Callable[[], Detector]] = [
    AutoDetector,
    ThresholdDetector,
    RatioDetector,
]

pytestmark = pytest.mark.parametrize("make", DETECTORS)
RULE = rule(window=3, at_least=4, min_sources=2, times=2.0)


@st.composite
def histories(draw: st.DrawFn, longest: int = 24 * 18) -> Series:
    """Hours with quiet and loud stretches, gaps in coverage, late items and backfill."""
    length = draw(st.integers(1, longest))
    base = draw(st.lists(st.integers(0, 6), min_size=1, max_size=30))
    covered = draw(st.lists(st.sampled_from([0.0, 0.4, 0.5, 1.0, 1.0, 1.0]), min_size=1, max_size=30))
    backfilled = draw(st.lists(st.integers(0, 6), min_size=1, max_size=30))
    count = [base[i % len(base)] for i in range(length)]
    return hours(
        count,
        backfill=[min(n, backfilled[i % len(backfilled)]) for i, n in enumerate(count)],
        coverage=[covered[i % len(covered)] for i in range(length)],
        publishers=draw(st.integers(1, 4)),
    )


def cut(series: Series, length: int) -> Series:
    """The series as it stood after so many hours."""
    return replace(
        series,
        count=series.count[:length],
        late=series.late[:length],
        backfill=series.backfill[:length],
        publishers=series.publishers[:length],
        coverage=series.coverage[:length],
    )


def of(detector: Detector, series: Series, last: int = 1) -> tuple[Reading, ...]:
    (readings,) = detector.readings([series], RULE, last=last)
    return readings


@given(series=histories())
@settings(max_examples=30, deadline=None)
def test_the_same_hours_give_the_same_readings(make: Callable[[], Detector], series: Series) -> None:
    assert of(make(), series, last=30) == of(make(), series, last=30)


@given(series=histories(), data=st.data())
@settings(max_examples=40, deadline=None)
def test_later_hours_change_no_earlier_reading(
    make: Callable[[], Detector], series: Series, data: st.DataObject
) -> None:
    length = data.draw(st.integers(1, len(series)))
    then = of(make(), cut(series, length))[-1]
    now = of(make(), series, last=len(series))[length - 1]
    assert now == then


@given(series=histories())
@settings(max_examples=30, deadline=None)
def test_backfill_never_raises_an_alarm(make: Callable[[], Detector], series: Series) -> None:
    only_backfill = replace(
        series, backfill=series.count, publishers=tuple(frozenset[str]() for _ in series.publishers)
    )
    assert all(reading.state is not ReadingState.SPIKE for reading in of(make(), only_backfill, last=len(series)))


@given(series=histories())
@settings(max_examples=30, deadline=None)
def test_more_backfill_in_an_hour_changes_nothing_about_it(make: Callable[[], Detector], series: Series) -> None:
    more = replace(
        series,
        count=(*series.count[:-1], series.count[-1] + 50),
        backfill=(*series.backfill[:-1], series.backfill[-1] + 50),
    )
    assert of(make(), more) == of(make(), series)


@given(series=histories())
@settings(max_examples=30, deadline=None)
def test_floor_and_publishers_always_apply(make: Callable[[], Detector], series: Series) -> None:
    for reading in of(make(), series, last=len(series)):
        if reading.state is ReadingState.SPIKE:
            assert reading.observed >= RULE.at_least
            assert reading.publishers >= RULE.min_sources


def test_an_uncovered_hour_without_items_is_missing(make: Callable[[], Detector]) -> None:
    series = hours([0] * 500, coverage=[1.0] * 499 + [0.0])
    assert of(make(), series)[-1].state is ReadingState.MISSING


def test_a_storm_after_two_calm_weeks_is_a_spike(make: Callable[[], Detector]) -> None:
    series = hours([0] * 24 * 15 + [40])
    assert of(make(), series)[-1].state is ReadingState.SPIKE


def test_a_batch_reads_like_its_series_one_by_one(make: Callable[[], Detector]) -> None:
    batch = [hours([0] * 400), hours([1] * 399 + [90]), hours([7] * 20)]
    together = make().readings(batch, RULE, last=3)
    assert together == tuple(of(make(), series, last=3) for series in batch)


def test_no_more_readings_than_hours_are_given(make: Callable[[], Detector]) -> None:
    assert len(of(make(), hours([1, 2]), last=5)) == 2


def test_an_empty_batch_has_no_readings(make: Callable[[], Detector]) -> None:
    assert make().readings([], RULE) == ()


def test_readings_follow_hour_by_hour_and_end_with_the_newest(make: Callable[[], Detector]) -> None:
    series = hours([0] * 400)
    starts = [reading.bucket_start for reading in of(make(), series, last=4)]
    assert starts == [series.start_of(396) + i * HOUR for i in range(4)]


def test_every_reason_is_a_sentence_in_both_languages(make: Callable[[], Detector]) -> None:
    storm = hours([0] * 24 * 15 + [40], coverage=[1.0] * 24 * 15 + [1.0])
    for series in (storm, hours([0] * 400), hours([9]), hours([0], coverage=[0.0])):
        reason = of(make(), series)[-1].reason
        assert reason.id.endswith(".")
        assert reason.en.endswith(".")


def test_it_names_itself_and_its_history(make: Callable[[], Detector]) -> None:
    detector = make()
    assert detector.name
    assert detector.version
    assert detector.history(RULE) >= timedelta(hours=RULE.window_hours)
