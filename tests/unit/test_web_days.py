"""Days of a zone, and what is usual."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from collector.web.days import BEFORE, SHOWN, days_of, span_of
from collector.web.words import points

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)  # the 26th in Jakarta, 01.30
SPAN = span_of(NOW, JAKARTA)


def test_days_are_cut_at_midnight_of_the_zone() -> None:
    assert SPAN.today == date(2026, 11, 26)
    assert SPAN.edges[-2:] == (datetime(2026, 11, 25, 17, tzinfo=UTC), datetime(2026, 11, 25, 19, tzinfo=UTC))
    assert len(SPAN.edges) == SHOWN + BEFORE + 1


def test_a_day_of_a_change_of_clocks_is_one_day() -> None:
    span = span_of(datetime(2026, 10, 30, 12, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    lengths = {after - before for before, after in zip(span.edges, span.edges[1:-1], strict=False)}
    assert lengths == {timedelta(hours=24), timedelta(hours=25)}


def test_the_usual_day_is_the_median_of_the_four_weeks_before() -> None:
    days = days_of(SPAN, [3] * 20 + [100] * 8 + [1] * SHOWN, 7, watched_since=date(2026, 1, 1))
    assert (days.usual, days.counts, days.lately) == (3.0, (1,) * SHOWN, 7)
    assert (days.rise, days.is_high) == (7 / 3, True)


def test_days_before_the_first_poll_say_nothing() -> None:
    counts = [0] * 18 + [5] * 10 + [5] * SHOWN
    assert days_of(SPAN, counts, 5, watched_since=date(2026, 11, 2)).usual == 5.0
    assert days_of(SPAN, counts, 5, watched_since=date(2026, 11, 8)).usual is None
    assert days_of(SPAN, counts, 5, watched_since=None).usual is None


def test_small_numbers_are_no_rise() -> None:
    assert not days_of(SPAN, [0] * (SHOWN + BEFORE), 1, watched_since=date(2026, 1, 1)).is_high


def test_points_are_written_as_the_reader_writes_numbers() -> None:
    assert [points(value, "id") for value in (0.39, -1.3, 4, 10)] == ["+0,39", "−1,3", "+4", "+10"]
    assert points(1.92, "en", signed=False) == "1.92"
