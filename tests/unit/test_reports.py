"""Reports of periods: windows, published figures, changes, even-handedness."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from records import HOUR, NOW, draft, record, source

from collector.model.clock import hour_of
from collector.model.dated import dated, moment_of
from collector.model.ledger import Precision, PublishedCount
from collector.model.phrase import Phrase
from collector.reports.change import Claimed, Side, change, shipped_claims
from collector.reports.evenness import Asked, evenness, shipped_names, wilson
from collector.reports.gather import report
from collector.reports.period import DEFINITIONS, Raw, groups_by_label, groups_by_time, period
from collector.reports.published import Why, choose
from collector.reports.window import DAY, Window, window_of, window_of_range
from collector.store.figures import Counted, NamedCounts
from collector.store.memory import MemoryStore

JAKARTA = ZoneInfo("Asia/Jakarta")
NO_ROWS = choose((), Window(first=date(2024, 1, 1), last=date(2024, 1, 2)), None)


def row(first: str, last: str, issues: int = 10, topic: str = "", number: int = 1) -> PublishedCount:
    window = window_of(first, last)
    return PublishedCount(
        id=number, first=window.first, last=window.last, issues=issues, topic=topic, source=f"s{number}"
    )


def one(at: datetime, n: int = 1, label: str = "", precision: Precision = Precision.TIME) -> Counted:
    return Counted(at=at, precision=precision, label=label, n=n)


def raw(*issues: Counted, watched: frozenset[date] = frozenset(), **of_topic: tuple[Counted, ...]) -> Raw:
    return Raw(issues=issues, items=(), actions=(), watched=watched, of_topic=of_topic)


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2024-11-18", date(2024, 11, 18), Precision.DAY),
        ("18/11/2024", date(2024, 11, 18), Precision.DAY),  # day first, as people write it here
        ("18 Nopember 2024".replace("Nopember", "Nov"), date(2024, 11, 18), Precision.DAY),
        ("Agustus 2024", date(2024, 8, 1), Precision.MONTH),
        ("2024-02", date(2024, 2, 1), Precision.MONTH),
        ("02/2024", date(2024, 2, 1), Precision.MONTH),
    ],
)
def test_dates_are_read_as_a_desk_writes_them(text: str, day: date, precision: Precision) -> None:
    assert (dated(text).day, dated(text).precision) == (day, precision)


@pytest.mark.parametrize("text", ["", "2024", "31/02/2024", "kemarin", "2024-13", "99999-01-01"])
def test_what_is_no_date_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        dated(text)


def test_a_day_begins_in_the_desks_zone_and_a_time_keeps_its_own() -> None:
    assert moment_of("2024-11-18", JAKARTA) == (datetime(2024, 11, 17, 17, tzinfo=UTC), Precision.DAY)
    assert moment_of("2024-11-18T10:00:00Z", JAKARTA) == (datetime(2024, 11, 18, 10, tzinfo=UTC), Precision.TIME)


# ---------------------------------------------------------------- windows


def test_a_window_counts_both_ends() -> None:
    assert window_of("2023-01", "2024-11-18").days == 688
    assert window_of_range("2023-10..2024-02").last == date(2024, 2, 29)


@pytest.mark.parametrize("text", ["2023-10", "2024-02..2023-10", "x..y"])
def test_a_window_that_is_none_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"window|after|date"):
        window_of_range(text)


def test_months_and_weeks_are_cut_where_the_window_is() -> None:
    window = window_of("2024-01-30", "2024-02-13")
    assert [str(part) for part in window.parts("month")] == ["2024-01-30..2024-01-31", "2024-02-01..2024-02-13"]
    assert [part.days for part in window.parts("week")] == [6, 7, 2]
    assert sum(part.days for part in window.parts("day")) == 15


# ---------------------------------------------------------------- published figures


def test_a_window_that_cuts_a_row_leaves_it_out_and_says_so() -> None:
    chosen = choose([row("2024-03", "2024-07", 87)], window_of("2024-03", "2024-05"), None)
    assert (chosen.issues, [left.why for left in chosen.left_out]) == (0, [Why.CUT])
    assert "never split" in chosen.left_out[0].reason.en


def test_no_day_is_counted_twice_and_the_shorter_row_wins() -> None:
    rows = [row("2023-10", "2024-02", 200), row("2023-10", "2023-10", 23), row("2023-11", "2023-11", 52)]
    chosen = choose(rows, window_of("2023-10", "2024-02"), None)
    assert chosen.issues == 75
    assert [(left.row.issues, left.why) for left in chosen.left_out] == [(200, Why.OVERLAPS)]


def test_rows_of_different_topics_may_count_the_same_days() -> None:
    rows = [row("2024-01", "2024-01", 5, "bansos"), row("2024-01", "2024-01", 7, "mbg", 2)]
    window = window_of("2024-01", "2024-01")
    assert choose(rows, window, None).issues == 12
    assert choose(rows, window, "mbg").issues == 7
    assert choose([*rows, row("2024-01", "2024-01", 90, "", 3)], window, None).issues == 90


def test_a_row_outside_the_window_is_not_mentioned() -> None:
    chosen = choose([row("2024-01", "2024-01")], window_of("2024-02", "2024-02"), None)
    assert (chosen.taken, chosen.left_out) == ((), ())


# ---------------------------------------------------------------- periods


def test_days_are_cut_in_the_desks_zone() -> None:
    window = window_of("2024-01-02", "2024-01-02")
    counts = raw(one(datetime(2024, 1, 1, 17, tzinfo=UTC)), one(datetime(2024, 1, 2, 17, tzinfo=UTC)))
    found = period(window, None, counts, NO_ROWS, JAKARTA)
    assert (found.figures.issues, found.per_day) == (1, 1.0)


def test_what_is_known_by_month_counts_only_in_a_window_that_holds_the_month() -> None:
    month = one(datetime(2024, 1, 31, 17, tzinfo=UTC), precision=Precision.MONTH)
    whole = period(window_of("2024-02", "2024-02"), None, raw(month), NO_ROWS, JAKARTA)
    cut = period(window_of("2024-02-10", "2024-02-29"), None, raw(month), NO_ROWS, JAKARTA)
    assert (whole.figures.issues, whole.cut_dates) == (1, 0)
    assert (cut.figures.issues, cut.cut_dates) == (0, 1)


def test_the_ledgers_own_issues_stand_beside_a_published_figure_of_the_same_days() -> None:
    window = window_of("2024-01-01", "2024-02-29")
    chosen = choose([row("2024-01", "2024-01", 38)], window, None)
    own = (one(datetime(2024, 1, 10, tzinfo=UTC), 3), one(datetime(2024, 2, 10, tzinfo=UTC), 2))
    found = period(window, None, raw(*own), chosen, JAKARTA)
    assert (found.figures.issues, found.published_issues, found.own_issues, found.beside) == (40, 38, 2, 3)


def test_only_a_topics_own_issues_give_way_to_a_figure_about_that_topic() -> None:
    window = window_of("2024-01", "2024-01")
    chosen = choose([row("2024-01", "2024-01", 38, "pemilu")], window, None)
    at = datetime(2024, 1, 10, tzinfo=UTC)
    found = period(window, None, raw(one(at, 5), pemilu=(one(at, 3),)), chosen, JAKARTA)
    assert (found.own_issues, found.published_issues) == (2, 38)


def test_coverage_counts_published_and_watched_days_once() -> None:
    window = window_of("2024-01-01", "2024-01-10")
    chosen = choose([row("2024-01-01", "2024-01-04")], window, None)
    watched = frozenset({date(2024, 1, 4), date(2024, 1, 5), date(2023, 1, 1)})
    found = period(window, None, raw(watched=watched), chosen, JAKARTA).coverage
    assert (found.days, found.of, found.published_days, found.watched_days, found.ratio) == (5, 10, 4, 2, 0.5)


def test_a_long_figure_stands_whole_beside_months_that_have_none_of_their_own() -> None:
    window = window_of("2024-02", "2024-07")
    chosen = choose([row("2024-02", "2024-02", 40), row("2024-03", "2024-07", 87, number=2)], window, None)
    groups = groups_by_time(window, "month", raw(), chosen, JAKARTA)
    assert [(group.label, group.figures.issues, group.unknown) for group in groups][:3] == [
        ("2024-02", 40, False),
        ("2024-03", 0, True),
        ("2024-03-01..2024-07-31", 87, False),
    ]
    assert sum(group.figures.issues for group in groups) == chosen.issues


def test_sources_and_topics_are_counted_by_name() -> None:
    window = window_of("2024-01", "2024-02")
    chosen = choose([row("2024-01", "2024-01", 38)], window, None)
    own = one(datetime(2024, 2, 10, tzinfo=UTC), 2, "bansos mbg")
    found = groups_by_label(window, "topic", raw(own), chosen, JAKARTA)
    assert [(group.label, group.figures.issues) for group in found] == [("—", 38), ("bansos", 2), ("mbg", 2)]


def test_every_figure_has_its_definition_in_both_languages() -> None:
    assert set(DEFINITIONS) == {"issues", "items", "actions", "days", "per_day", "coverage"}
    assert all(phrase.id and phrase.en and phrase.id != phrase.en for phrase in DEFINITIONS.values())


# ---------------------------------------------------------------- changes


def side(first: str, last: str, issues: int, covered: int | None = None) -> Side:
    window = window_of(first, last)
    return Side(window=window, issues=issues, covered_days=window.days if covered is None else covered)


ELECTION, REGIONAL = side("2023-10", "2024-02", 200), side("2024-08", "2024-11-18", 22)


def test_a_percentage_comes_with_lengths_units_and_rates() -> None:
    found = change(ELECTION, REGIONAL)
    assert (found.total_percent, found.per_day_percent) == (-89.0, pytest.approx(-84.8, abs=0.05))
    for part in ("200 issues in 152 days", "1.32 issues per day", "22 issues in 110 days", "0.20 issues per day"):
        assert part in found.sentence.en


def test_the_published_seventy_percent_fits_neither() -> None:
    (checked,) = change(ELECTION, REGIONAL, shipped_claims()).checked
    assert (checked.fits_total, checked.fits_per_day) == (False, False)
    assert "70 %" in checked.reason.en
    assert "fits neither" in checked.reason.en


def test_a_published_change_says_nothing_of_other_windows() -> None:
    assert change(side("2022-10", "2023-02", 10), REGIONAL, shipped_claims()).checked == ()


@pytest.mark.parametrize(
    ("percent", "fits"),
    [(-89.0, (True, False)), (-85.0, (False, True)), (-90.0, (True, False)), (-50.0, (False, False))],
)
def test_a_claimed_change_is_compared_with_total_and_rate(percent: float, fits: tuple[bool, bool]) -> None:
    said = Phrase(id="x", en="x")
    (checked,) = change(ELECTION, REGIONAL, [Claimed(percent=percent, says=said, source=said)]).checked
    assert (checked.fits_total, checked.fits_per_day) == fits


def test_no_percentage_of_nothing_and_none_where_there_is_no_data() -> None:
    assert change(side("2024-01", "2024-01", 0), REGIONAL).total_percent is None
    blind = change(side("2024-01", "2024-01", 5), side("2024-02", "2024-02", 0, covered=0))
    assert (blind.total_percent, blind.per_day_percent) == (None, None)
    assert "not computable" in blind.sentence.en


def test_missing_days_are_said_in_the_sentence() -> None:
    assert "data for 20 days only" in change(ELECTION, side("2024-08", "2024-11-18", 22, covered=20)).sentence.en


# ---------------------------------------------------------------- even-handedness


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_gives_the_published_intervals(part: int, whole: int, low: float, high: float) -> None:
    """Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I (method 3): 81 of 263."""
    found = wilson(part, whole)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_nothing_gives_no_share_and_every_interval() -> None:
    assert (wilson(0, 0).share, wilson(0, 0).low, wilson(0, 0).high) == (None, 0.0, 1.0)
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


def test_small_counts_carry_a_warning_and_a_gap_is_pointed_out() -> None:
    names = [Asked(kind="candidate", name=name, phrases=(name,)) for name in ("a", "b", "c")]
    counts = [
        NamedCounts(items=200, flagged=100, alerted=0),
        NamedCounts(items=200, flagged=20, alerted=0),
        NamedCounts(items=3, flagged=1, alerted=0),
    ]
    first, second, third = evenness(list(zip(names, counts, strict=True)))
    assert (first.stands_out, second.stands_out, third.stands_out) == (True, True, False)
    assert first.warning is None
    assert third.warning is not None
    assert "too few" in third.warning.en


def test_candidates_and_parties_are_packaged() -> None:
    kinds = {asked.kind for asked in shipped_names()}
    assert kinds == {"candidate", "party"}
    assert all(asked.phrases for asked in shipped_names())


def test_days_whose_items_retention_deleted_are_not_covered() -> None:
    store = MemoryStore()
    store.sources.register([source()], NOW - 3 * DAY)
    for age in (1, 2, 3):
        hours = [NOW - age * DAY + hour * HOUR for hour in range(14)]
        at = NOW - age * DAY
        store.items.record_poll(record(draft(f"n{age}", seen_at=at), at=at, covers=[hour_of(hour) for hour in hours]))
    window = Window(first=(NOW - 3 * DAY).date(), last=(NOW - DAY).date())
    assert report(store, window, zone=UTC).period.coverage.days == 3
    store.items.prune(items_before=NOW - 2 * DAY, polls_before=NOW)
    assert report(store, window, zone=UTC).period.coverage.days == 2
