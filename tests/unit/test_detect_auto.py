"""`auto` in small: what it must cope with, said one at a time. The level it reaches is in test_spike_bench.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from series import END
from series import hours as plain_hours

from alerts.detect.auto import AutoDetector, threshold
from collector.model.alert import Reading, ReadingState
from collector.model.bucket import Measure, Series, Subject
from collector.model.calendar import PlannedEvent
from collector.model.clock import HOUR
from collector.model.phrase import Phrase
from collector.model.rule import Rule, Sensitivity

WEEK = 7 * 24
RULE = Rule(name="lonjakan", topics=("judi_online",), receivers=("meja",), method="auto", at_least=3, min_sources=2)
BY_HOUR = replace(RULE, window=timedelta(hours=1))
BY_DAY = replace(RULE, window=timedelta(hours=24))


def ordinary(weeks: int = 8, mean: float = 2.0, seed: int = 1) -> list[int]:
    """Hours of chance around a mean that doubles in the daytime."""
    chance = Random(seed)
    means = [mean * (1.4 if 1 <= hour % 24 <= 14 else 0.5) for hour in range(weeks * WEEK)]
    return [sum(chance.random() < each / 20 for _ in range(20)) for each in means]


def hours(count: Sequence[int], **columns: Sequence[float]) -> Series:
    """As in series.py, with more outlets the more there is."""
    series = plain_hours(count, **columns)  # type: ignore[arg-type]
    live = (n - held_back for n, held_back in zip(series.count, series.backfill, strict=True))
    outlets = [frozenset(f"outlet-{i}" for i in range(n)) for n in range(13)]
    return replace(series, publishers=tuple(outlets[min(12, -(-2 * n // 3))] for n in live))


def newest(series: Series, rule: Rule = BY_HOUR, calendar: Sequence[PlannedEvent] = ()) -> Reading:
    ((reading,),) = AutoDetector(calendar=calendar).readings([series], rule)
    return reading


def test_an_ordinary_hour_is_quiet_and_a_loud_one_a_spike() -> None:
    calm = ordinary()
    assert newest(hours([*calm, 2])).state is ReadingState.QUIET
    assert newest(hours([*calm, 30])).state is ReadingState.SPIKE


def test_the_limit_is_the_smallest_count_that_is_a_spike() -> None:
    calm = ordinary()
    limit = int(newest(hours([*calm, 2])).limit)
    assert newest(hours([*calm, limit - 1])).state is ReadingState.QUIET
    assert newest(hours([*calm, limit])).state is ReadingState.SPIKE


def test_the_usual_follows_the_hour_of_the_day() -> None:
    calm = ordinary(mean=6.0)
    by_hour = [newest(hours([*calm, *ordinary(1, 6.0, 2)[:more], 4])).expected for more in range(24)]
    assert max(by_hour) > 2 * min(by_hour)  # type: ignore[type-var,operator]


def test_the_first_burst_on_a_silent_topic_is_seen() -> None:
    assert newest(hours([0] * 8 * WEEK + [4])).state is ReadingState.SPIKE


def test_several_hours_a_little_too_high_weigh_as_much_as_one_far_too_high() -> None:
    calm = ordinary()
    once = newest(hours([*calm, 7])).score
    assert newest(hours([*calm, 7, 7, 7, 7])).score > once


def test_once_an_hour_is_ordinary_again_the_alarm_is_over() -> None:
    assert newest(hours([*ordinary(), 30, 30, 1])).state is ReadingState.QUIET


def test_an_hour_nobody_watched_is_not_zero() -> None:
    calm = ordinary(mean=8.0)
    watched = [1.0] * len(calm)
    blind = [0.0 if 3 * WEEK <= i < 6 * WEEK else 1.0 for i in range(len(calm))]
    silenced = [0 if not seen else n for n, seen in zip(calm, blind, strict=True)]
    full = newest(hours([*calm, 8], coverage=[*watched, 1.0])).expected
    holed = newest(hours([*silenced, 8], coverage=[*blind, 1.0])).expected
    assert full == pytest.approx(holed, rel=0.25)


def test_what_an_outage_held_back_raises_no_alarm_when_it_arrives_late() -> None:
    calm = ordinary()
    gap = [0.0] * 12
    caught_up = hours(
        [*calm, *[0] * 12, 26], late=[0] * (len(calm) + 12) + [24], coverage=[1.0] * len(calm) + gap + [1.0]
    )
    assert newest(caught_up).state is ReadingState.QUIET


def test_backfill_raises_no_alarm() -> None:
    calm = ordinary()
    assert newest(hours([*calm, 60], backfill=[0] * len(calm) + [58])).state is ReadingState.QUIET


def test_one_source_that_republishes_its_archive_scores_less_than_many_voices() -> None:
    calm = [n // 2 for n in ordinary()]
    alone = hours([*calm, 12])
    many = replace(alone, publishers=(*alone.publishers[:-1], frozenset(f"outlet-{i}" for i in range(9))))
    one = replace(alone, publishers=(*alone.publishers[:-1], frozenset({"outlet-1"})))
    rule = replace(BY_HOUR, min_sources=1)
    assert newest(one, rule).score < threshold(rule) <= newest(many, rule).score


def test_a_planned_day_is_damped_and_a_storm_on_it_still_seen() -> None:
    calm = ordinary()
    today = END.date()
    event = PlannedEvent(id="pemilu", name=Phrase(id="pemilu", en="election"), first=today, last=today)
    busy, storm = hours([*calm, 12]), hours([*calm, 400])
    assert newest(busy).state is ReadingState.SPIKE
    assert newest(busy, calendar=[event]).state is ReadingState.QUIET
    assert newest(storm, calendar=[event]).state is ReadingState.SPIKE


def test_what_fact_checkers_refute_on_a_planned_day_is_news_all_the_same() -> None:
    today = END.date()
    event = PlannedEvent(id="pemilu", name=Phrase(id="pemilu", en="election"), first=today, last=today)
    busy = replace(hours([*ordinary(), 12]), measure=Measure.DEBUNKS)
    assert newest(busy, calendar=[event]).state is ReadingState.SPIKE


def test_a_planned_day_of_another_topic_changes_nothing() -> None:
    today = END.date()
    event = PlannedEvent(
        id="pemilu", name=Phrase(id="pemilu", en="election"), first=today, last=today, topics=("pemilu_umum",)
    )
    busy = hours([*ordinary(), 12])
    assert newest(busy, calendar=[event]) == newest(busy)


def test_without_enough_history_it_says_when_an_alarm_is_first_possible() -> None:
    reading = newest(hours([1] * 24))
    assert reading.state is ReadingState.NOT_ENOUGH_HISTORY
    assert reading.reason.en == "Not enough history: 0 of 7 days collected, first alert possible on 1 December 2026."


def test_a_restart_changes_no_reading() -> None:
    """A watch that was away asks for more hours at once, and is handed more of the past."""
    series = hours(ordinary(14))
    back = AutoDetector().history(BY_HOUR) // HOUR
    for rule in (BY_HOUR, RULE):
        caught_up = AutoDetector().readings([series], rule, last=40)[0]
        for age in (0, 7, 39):
            end = len(series) - age
            handed = cut(series, max(0, end - back - 1), end)
            assert AutoDetector().readings([handed], rule)[0] == (caught_up[-1 - age],)


def test_hours_before_the_first_poll_are_the_same_as_none() -> None:
    calm = ordinary(5)
    empty = hours([0] * 300 + calm, coverage=[0.0] * 300 + [1.0] * len(calm))
    assert newest(empty) == newest(hours(calm))


def cut(series: Series, first: int, end: int) -> Series:
    return replace(
        series,
        start=series.start_of(first),
        count=series.count[first:end],
        late=series.late[first:end],
        backfill=series.backfill[first:end],
        publishers=series.publishers[first:end],
        coverage=series.coverage[first:end],
    )


def test_a_window_of_a_day_or_more_is_read_by_days_that_end_with_the_hour() -> None:
    calm = ordinary(30, 0.3)
    slow = [n + (i % 3 == 0) for i, n in enumerate(calm[-24:])]
    series = hours([*calm[:-24], *slow])
    assert newest(series, BY_DAY).observed == sum(slow)
    assert newest(series, BY_DAY).expected == pytest.approx(sum(calm[-WEEK:]) / 7, rel=0.4)


def test_a_week_of_slow_growth_is_found_by_days_and_not_by_the_hour() -> None:
    calm = ordinary(30, 0.15)
    swollen = [n + (i % 5 == 0) for i, n in enumerate(calm[-72:])]
    series = hours([*calm[:-72], *swollen])
    assert newest(series, BY_DAY).state is ReadingState.SPIKE
    assert newest(series, BY_DAY).score > newest(series, BY_HOUR).score


def test_more_sensitive_means_a_lower_limit() -> None:
    series = hours([*ordinary(mean=10.0), 2])
    limits = [newest(series, replace(BY_HOUR, sensitivity=word)).limit for word in Sensitivity]
    assert limits == sorted(limits, reverse=True)
    assert len(set(limits)) == 3


def test_a_long_list_of_topics_shares_its_false_alarms() -> None:
    few, many = (replace(RULE, topics=tuple(f"t{i}" for i in range(n))) for n in (20, 200))
    assert threshold(few) == threshold(RULE)
    assert threshold(many) == pytest.approx(threshold(few) + 1.0)


def test_series_of_months_weeks_and_minutes_are_read_as_well() -> None:
    for width in (timedelta(minutes=5), timedelta(days=1), timedelta(days=7), timedelta(days=30)):
        series = replace(hours([3, 4, 2, 5] * 300 + [80]), width=width, start=datetime(2020, 1, 6, tzinfo=UTC))
        reading = newest(series, replace(RULE, window=max(HOUR, width)))
        assert reading.state is ReadingState.SPIKE, width


def test_the_reason_can_be_read_without_statistics() -> None:
    reading = newest(hours([*ordinary(), 30]))
    assert reading.reason.en.startswith("30 suspicious mentions in 1 hour from 12 sources; usually about 1")
    assert "So much comes by chance in" in reading.reason.en
    assert "Kebetulan belaka membawa sebanyak ini pada" in reading.reason.id


def test_the_name_of_a_day_is_not_the_name_of_a_subject() -> None:
    series = replace(hours([*ordinary(), 12]), subject=Subject(kind="issue", id="41"), measure=Measure.MENTIONS)
    event = PlannedEvent(
        id="x", name=Phrase(id="x", en="x"), first=date(2026, 11, 25), last=date(2026, 11, 25), topics=("judi_online",)
    )
    assert newest(series, calendar=[event]).score < newest(series).score
