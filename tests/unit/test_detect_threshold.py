"""The threshold detector: a floor in the sliding window, from enough publishers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from series import hours, rule

from alerts.detect.threshold import ThresholdDetector
from collector.model.alert import ReadingState
from collector.model.bucket import Measure
from collector.model.rule import Rule

DETECTOR = ThresholdDetector()


@pytest.mark.parametrize(
    ("counts", "publishers", "state"),
    [
        ([0, 0, 5], 2, ReadingState.SPIKE),  # exactly enough, in the newest hour
        ([5, 0, 0], 2, ReadingState.SPIKE),  # still within the three hours
        ([5, 0, 0, 0], 2, ReadingState.QUIET),  # slid out of the window
        ([2, 2, 1], 2, ReadingState.SPIKE),  # enough only together
        ([2, 2, 0], 2, ReadingState.QUIET),  # one short
        ([0, 0, 50], 1, ReadingState.QUIET),  # one outlet alone is no spike, however loud
    ],
)
def test_the_window_is_added_up_and_publishers_are_distinct(
    counts: list[int], publishers: int, state: ReadingState
) -> None:
    series = hours(counts, publishers=publishers)
    (reading,) = DETECTOR.readings([series], rule(window=3, at_least=5, min_sources=2))[0]
    assert reading.state is state


def test_backfill_does_not_count() -> None:
    series = hours([9], backfill=[8])
    (reading,) = DETECTOR.readings([series], rule(at_least=2))[0]
    assert (reading.observed, reading.state) == (1, ReadingState.QUIET)


def test_late_items_do_count() -> None:
    (reading,) = DETECTOR.readings([hours([9], late=[9])], rule(at_least=5))[0]
    assert reading.state is ReadingState.SPIKE


def test_an_hour_nobody_watched_is_missing_and_not_quiet() -> None:
    (reading,) = DETECTOR.readings([hours([0], coverage=[0.2])], rule())[0]
    assert reading.state is ReadingState.MISSING
    assert "bukan nol" in reading.reason.id


def test_enough_seen_in_a_badly_watched_hour_is_a_spike_all_the_same() -> None:
    (reading,) = DETECTOR.readings([hours([9], coverage=[0.2])], rule(at_least=5))[0]
    assert reading.state is ReadingState.SPIKE


def test_the_reason_is_a_sentence_with_the_numbers_in_both_languages() -> None:
    (reading,) = DETECTOR.readings([hours([0, 34], publishers=9)], rule(window=6, at_least=5))[0]
    assert reading.reason.id == (
        "34 sebutan mencurigakan dalam 6 jam dari 9 sumber berbeda; batas aturan ini 5, dari sedikitnya 2 sumber."
    )
    assert reading.reason.en == (
        "34 suspicious mentions in 6 hours from 9 sources; this rule's limit is 5, from at least 2 sources."
    )


def test_one_publisher_says_why_it_is_not_enough() -> None:
    (reading,) = DETECTOR.readings([hours([12], publishers=1)], rule(at_least=5))[0]
    assert (
        reading.reason.en == "12 suspicious mentions in 6 hours, but from only 1 source; this rule asks for at least 2."
    )


def test_series_of_different_lengths_come_back_in_their_order() -> None:
    loud, calm = hours([9, 9]), hours([0])
    first, second, third = DETECTOR.readings([calm, loud, calm], rule(at_least=5))
    states = [one[-1].state for one in (first, second, third)]
    assert states == [ReadingState.QUIET, ReadingState.SPIKE, ReadingState.QUIET]


def test_it_wants_one_window_of_history() -> None:
    assert DETECTOR.history(rule(window=6)) == timedelta(hours=6)


def test_a_seven_day_rule_of_debunks_speaks_of_days_and_fact_checks() -> None:
    week = Rule(
        name="cek", topics=("t",), receivers=("r",), measure=Measure.DEBUNKS, window=timedelta(days=7), at_least=3
    )
    (reading,) = DETECTOR.readings([hours([1, 1, 1])], week)[0]
    assert reading.reason.en.startswith("3 fact-checks in 7 days")
