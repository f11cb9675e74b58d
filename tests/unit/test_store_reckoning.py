"""The pure parts of the store: hours covered, counts per hour, moments of retention, storable text."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.model.bucket import Measure, Subject
from collector.model.clock import HOUR, hour_of
from collector.model.item import Timing
from collector.model.judgement import Stance
from collector.store.coverage import HourSpan, tally, with_hours
from collector.store.hourly import HourCount, HourlyKey, Tally, hours_through, is_suspicious, ratios, series_of
from collector.store.retention import cutoffs
from collector.store.sqlite.rows import moment, time_text
from collector.store.sqlite.search import query
from collector.store.text import storable, storable_or_none

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
HOURS = st.integers(0, 48).map(lambda n: NOON + n * HOUR)


def span(start: int, end: int) -> HourSpan:
    return HourSpan(start=NOON + start * HOUR, end=NOON + end * HOUR)


def hours_of(spans: tuple[HourSpan, ...]) -> set[datetime]:
    return {one.start + n * HOUR for one in spans for n in range((one.end - one.start) // HOUR)}


# ---------------------------------------------------------------- coverage


def test_touching_hours_become_one_span() -> None:
    assert with_hours([span(0, 2)], [NOON + 2 * HOUR]) == (span(0, 3),)


def test_a_gap_stays_a_gap_until_it_is_filled() -> None:
    assert with_hours([span(0, 1)], [NOON + 2 * HOUR]) == (span(0, 1), span(2, 3))
    assert with_hours([span(0, 1), span(2, 3)], [NOON + HOUR]) == (span(0, 3),)


@given(st.lists(st.lists(HOURS)))
def test_spans_hold_exactly_the_hours_that_were_given(polls: list[list[datetime]]) -> None:
    spans: tuple[HourSpan, ...] = ()
    for hours in polls:
        spans = with_hours(spans, hours)
    assert hours_of(spans) == {hour for hours in polls for hour in hours}
    assert all(a.end < b.start for a, b in itertools.pairwise(spans))


def test_a_tally_counts_the_spans_that_hold_each_hour_and_ignores_the_rest() -> None:
    covered = [span(-5, 1), span(0, 9), span(7, 8)]
    assert tally(covered, [span(1, 2)], NOON, NOON + 3 * HOUR) == ((2, 0), (1, 1), (1, 0))


def test_a_tally_of_no_time_is_empty() -> None:
    assert tally([span(0, 1)], [], NOON, NOON) == ()
    assert tally([span(0, 1)], [], NOON, NOON - HOUR) == ()


def test_an_hour_in_which_no_source_was_expected_is_not_covered() -> None:
    assert ratios([(1, 2), (0, 0), (3, 2)]) == (0.5, 0.0, 1.0)


# ---------------------------------------------------------------- hours


def test_a_series_begins_with_the_hour_of_since_and_ends_with_the_hour_of_until() -> None:
    assert hours_through(NOON + HOUR / 2, NOON + HOUR) == (NOON, 2)
    assert hours_through(NOON, NOON) == (NOON, 1)
    assert hours_through(NOON, NOON - HOUR) == (NOON, 0)


def test_publishers_of_an_hour_are_those_with_more_than_backfill() -> None:
    parts = [HourCount(0, 0, "a", 3, 1, 2), HourCount(0, 0, "b", 2, 0, 2), HourCount(0, 1, "b", 1, 0, 0)]
    (found,) = series_of([Subject(kind="topic", id="x")], Measure.MENTIONS, NOON, parts, [1.0, 1.0, 0.0])
    assert (found.count, found.late, found.backfill) == ((5, 1, 0), (1, 0, 0), (4, 0, 0))
    assert found.publishers == (frozenset({"a"}), frozenset({"b"}), frozenset())


def test_a_tally_that_adds_and_takes_the_same_is_nothing() -> None:
    counts = Tally()
    place = {"hour": "2026-11-25T12:00:00Z", "publisher": "a", "stance": "news", "suspicion": 0.5}
    for sign in (1, -1):
        counts.add(["x"], timing=Timing.LATE, sign=sign, **place)  # type: ignore[arg-type]
    ((key, row),) = counts.rows.items()
    assert key == HourlyKey("x", "2026-11-25T12:00:00Z", "a", "news", True)
    assert (row.count, row.late, row.backfill) == (0, 0, 0)


@pytest.mark.parametrize(("stance", "counts"), [("spread", True), ("news", True), ("debunk", False), ("satire", False)])
def test_only_spreading_and_news_can_be_suspicious(stance: str, counts: bool) -> None:
    assert is_suspicious(Stance(stance), 1.0) is counts
    assert not is_suspicious(Stance(stance), 0.49)


# ---------------------------------------------------------------- retention


def test_retention_counts_back_from_now() -> None:
    until = cutoffs(NOON, items=timedelta(days=400), polls=timedelta(days=90))
    assert (until.items_before, until.polls_before) == (NOON - timedelta(days=400), NOON - timedelta(days=90))


def test_keeping_everything_for_ever_is_no_overflow() -> None:
    assert cutoffs(NOON, items=timedelta.max, polls=timedelta.max).items_before.year == 1


def test_keeping_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        cutoffs(NOON, items=timedelta(0), polls=timedelta(days=1))


# ---------------------------------------------------------------- text


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_becomes_storable_and_then_stays_as_it_is(text: str) -> None:
    once = storable(text)
    once.encode()
    assert "\0" not in once
    assert storable(once) == once


@given(st.text())
def test_sound_text_is_kept(text: str) -> None:
    assert storable(text) == text.replace("\0", "")


def test_nothing_stays_nothing() -> None:
    assert storable_or_none(None) is None
    assert storable_or_none("a\0") == "a"


@given(MOMENTS, MOMENTS)
def test_times_as_text_sort_like_times(one: datetime, other: datetime) -> None:
    assert moment(time_text(one)) == one.replace(microsecond=0)
    if hour_of(one) < hour_of(other):
        assert time_text(one) < time_text(other)


def test_times_of_other_zones_are_kept_in_utc() -> None:
    wib = datetime.fromisoformat("2026-11-25T10:30:00+07:00")
    assert time_text(wib) == "2026-11-25T03:30:00Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        time_text(datetime(2026, 11, 25))  # noqa: DTZ001 - the mistake under test


QUERIES = [
    ("bansos dihapus", '"bansos" "dihapus" *'),
    ('"a" OR b*', '"a" "OR" "b"'),
    ("title:bansos", '"title" "bansos" *'),
    ("  ... !", None),
    ("", None),
]


@pytest.mark.parametrize(("words", "expected"), QUERIES)
def test_search_words_are_quoted_one_by_one(words: str, expected: str | None) -> None:
    assert query(words) == expected
