"""Days of a zone, and what is usual."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from collector.model.phrase import Language
from collector.web import bars
from collector.web.days import BEFORE, SHOWN, days_of, span_of, watched_days
from collector.web.words import picture_label, points

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)  # the 26th in Jakarta, 01.30
SPAN = span_of(NOW, JAKARTA)
ALL = [True] * (SHOWN + BEFORE)


def test_days_are_cut_at_midnight_of_the_zone() -> None:
    assert SPAN.today == date(2026, 11, 26)
    assert SPAN.edges[-2:] == (datetime(2026, 11, 25, 17, tzinfo=UTC), datetime(2026, 11, 25, 19, tzinfo=UTC))
    assert len(SPAN.edges) == SHOWN + BEFORE + 1


def test_a_day_of_a_change_of_clocks_is_one_day() -> None:
    span = span_of(datetime(2026, 10, 30, 12, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    lengths = {after - before for before, after in zip(span.edges, span.edges[1:-1], strict=False)}
    assert lengths == {timedelta(hours=24), timedelta(hours=25)}


def test_the_usual_day_is_the_median_of_the_four_weeks_before() -> None:
    days = days_of(SPAN, [3] * 20 + [100] * 8 + [1] * SHOWN, 7, watched_since=date(2026, 1, 1), watched=ALL)
    assert (days.usual, days.counts, days.lately) == (3.0, (1,) * SHOWN, 7)
    assert (days.rise, days.is_high) == (7 / 3, True)


def test_days_before_the_first_poll_say_nothing() -> None:
    counts = [0] * 18 + [5] * 10 + [5] * SHOWN
    assert days_of(SPAN, counts, 5, watched_since=date(2026, 11, 2), watched=ALL).usual == 5.0
    assert days_of(SPAN, counts, 5, watched_since=date(2026, 11, 8), watched=ALL).usual is None
    assert days_of(SPAN, counts, 5, watched_since=None, watched=ALL).usual is None


def test_a_day_that_nobody_watched_is_no_zero_unless_something_was_seen_in_it() -> None:
    watched = [True] * (SHOWN + BEFORE)
    watched[-3] = watched[-4] = False
    counts = [2] * BEFORE + [0] * (SHOWN - 4) + [7, 0, 0, 0]
    days = days_of(SPAN, counts, 0, watched_since=date(2026, 1, 1), watched=watched)
    assert days.counts[-5:] == (0, 7, None, 0, 0)
    assert (days.gaps, days.total) == (True, 7)


def test_days_that_nobody_watched_say_nothing_of_what_is_usual() -> None:
    watched = [False] * 20 + [True] * (8 + SHOWN)
    counts = [0] * 20 + [5] * 8 + [5] * SHOWN
    assert days_of(SPAN, counts, 5, watched_since=date(2026, 1, 1), watched=watched).usual == 5.0


def test_a_day_is_watched_when_half_of_the_sources_were_read_in_an_hour_of_it() -> None:
    hours = int((SPAN.edges[-1] - SPAN.edges[0]) / timedelta(hours=1))
    coverage = [(0, 4)] * hours
    coverage[0], coverage[24], coverage[-1] = (2, 4), (1, 4), (4, 4)
    watched = watched_days(SPAN, coverage)
    assert (watched[0], watched[1], watched[-1], sum(watched)) == (True, False, True, 2)
    assert not any(watched_days(SPAN, [(0, 0)] * hours))


@pytest.mark.parametrize("language", ["id", "en"])
def test_unwatched_days_are_hatched_in_the_picture_and_told_in_words(language: Language) -> None:
    watched = [True] * (BEFORE + SHOWN - 2) + [False, True]
    days = days_of(SPAN, [1] * BEFORE + [3] * 12 + [0, 3], 3, watched_since=date(2026, 1, 1), watched=watched)
    assert bars.small(days, "x").count('class="gap"') == 1
    assert bars.large(days, "x", language).count('class="gap"') == 2
    assert f"3, {'tidak terpantau' if language == 'id' else 'not watched'}, 3" in picture_label(days, language)


def test_small_numbers_are_no_rise() -> None:
    assert not days_of(SPAN, [0] * (SHOWN + BEFORE), 1, watched_since=date(2026, 1, 1), watched=ALL).is_high


def test_points_are_written_as_the_reader_writes_numbers() -> None:
    assert [points(value, "id") for value in (0.39, -1.3, 4, 10)] == ["+0,39", "−1,3", "+4", "+10"]
    assert points(1.92, "en", signed=False) == "1.92"
