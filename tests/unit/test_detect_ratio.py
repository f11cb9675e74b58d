"""The ratio detector: so many times the usual of the same hours."""

from __future__ import annotations

from datetime import timedelta
from itertools import repeat

import pytest
from series import END, hours, rule

from alerts.detect.ratio import RatioDetector
from collector.model.alert import Reading, ReadingState
from collector.model.bucket import Series

DETECTOR = RatioDetector()
DAY = 24


def days(
    before: list[int], today: int, *, hour: int = 23, uncovered: tuple[int, ...] = (), publishers: int = 3
) -> Series:
    """So many items in one hour of each day, oldest first, and ``today`` in that hour; it is the last hour.
    ``uncovered``: days (0 the oldest) on which nothing was read."""
    counts: list[int] = []
    coverage: list[float] = []
    for day, count in enumerate([*before, today]):
        counts += [*repeat(0, hour), count]
        coverage += repeat(0.0 if day in uncovered else 1.0, DAY)
    return hours(counts, coverage=coverage[: len(counts)], publishers=publishers)


def read(series: Series, **settings: int | float) -> Reading:
    (reading,) = DETECTOR.readings([series], rule(method="ratio", window=1, **settings))[0]  # type: ignore[arg-type]
    return reading


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (18, ReadingState.SPIKE),  # three times six
        (17, ReadingState.QUIET),  # just below
    ],
)
def test_a_spike_is_so_many_times_the_mean_of_the_days_before(today: int, state: ReadingState) -> None:
    reading = read(days([6] * 14, today), times=3)
    assert (reading.state, reading.expected, reading.limit) == (state, 6.0, 18.0)


def test_the_score_reaches_times_exactly_at_the_limit() -> None:
    assert read(days([6] * 14, 18), times=3).score == pytest.approx(3.0)


def test_at_least_applies_however_high_the_ratio() -> None:
    reading = read(days([1] * 14, 4), at_least=5)
    assert (reading.state, reading.limit) == (ReadingState.QUIET, 5.0)


def test_where_the_usual_is_nothing_at_least_decides() -> None:
    reading = read(days([0] * 14, 5), at_least=5)
    assert (reading.state, reading.expected) == (ReadingState.SPIKE, 0.0)
    assert "batas 5 yang menentukan" in reading.reason.id


def test_publishers_apply_too() -> None:
    assert read(days([1] * 14, 50, publishers=1)).state is ReadingState.QUIET


def test_only_the_fourteen_days_before_count() -> None:
    assert read(days([1000, *[6] * 14], 18)).expected == 6.0


def test_days_that_were_not_read_are_left_out_of_the_mean() -> None:
    reading = read(days([0] * 7 + [6] * 7, 20, uncovered=tuple(range(7))))
    assert (reading.expected, reading.state) == (6.0, ReadingState.SPIKE)


def test_a_partly_read_day_is_scaled_up_because_missing_is_not_zero() -> None:
    window = rule(method="ratio", window=2)
    counts = [*([0] * 22 + [3, 3]) * 14, *[0] * 22, 3, 3]
    coverage = [1.0] * len(counts)
    coverage[22] = 0.0  # the oldest day: one of its two hours was not read
    (reading,) = DETECTOR.readings([hours(counts, coverage=coverage)], window)[0]
    assert reading.expected == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("covered", "date_id", "date_en"),
    [
        (6, "26 November 2026", "26 November 2026"),  # one more day is needed
        (0, "2 Desember 2026", "2 December 2026"),  # seven
    ],
)
def test_too_little_history_names_the_first_possible_date(covered: int, date_id: str, date_en: str) -> None:
    reading = read(days([6] * 14, 99, uncovered=tuple(range(14 - covered))))
    assert (reading.state, reading.expected) == (ReadingState.NOT_ENOUGH_HISTORY, None)
    assert reading.reason.id == (
        f"Belum cukup riwayat: {covered} dari 7 hari terkumpul, peringatan paling cepat mungkin {date_id}."
    )
    assert reading.reason.en.endswith(f"first alert possible on {date_en}.")


def test_seven_days_are_enough() -> None:
    assert read(days([6] * 14, 99, uncovered=tuple(range(7)))).state is ReadingState.SPIKE


def test_covered_days_about_to_fall_out_delay_the_date() -> None:
    """The six covered days are the oldest ones: each day that passes loses one and wins one."""
    reading = read(days([6] * 14, 99, uncovered=tuple(range(6, 14))))
    assert reading.reason.en.endswith("first alert possible on 2 December 2026.")


def test_the_windows_of_a_week_long_rule_do_not_overlap_with_itself() -> None:
    week = rule(method="ratio", window=7 * DAY)
    assert DETECTOR.history(week) == timedelta(days=7 + 20)
    calm, storm = [1] * (DAY * 21), [10] * (DAY * 7)
    (reading,) = DETECTOR.readings([hours(calm + storm)], week)[0]
    assert reading.expected == 7 * DAY


def test_the_reason_says_how_many_times_the_usual() -> None:
    reading = read(days([6] * 14, 34, publishers=9), at_least=5, times=3)
    assert reading.reason.id == (
        "34 sebutan mencurigakan dalam 1 jam dari 9 sumber berbeda; biasanya 6 (rata-rata jam yang sama pada 14 hari "
        "sebelumnya yang terpantau), kini 5,7 kali lipat; batas aturan ini 3 kali lipat dan sedikitnya 5."
    )


def test_three_times_a_third_is_one() -> None:
    reading = read(days([1, 1, 0] * 3 + [0] * 5, 1), at_least=1, times=14 / 6, min_sources=1)
    assert reading.state is ReadingState.SPIKE


def test_the_reading_is_of_the_last_hour() -> None:
    assert read(days([6] * 14, 18)).bucket_start == END - timedelta(hours=1)
