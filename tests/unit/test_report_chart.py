"""The picture of a report: columns, gaps that are not zero, and nothing where a picture would say nothing."""

from __future__ import annotations

from datetime import date, timedelta

from collector.reports.chart import columns
from collector.reports.period import Figures, Group
from collector.reports.window import Window

FIRST = date(2024, 8, 1)


def day(number: int, issues: int, *, covered: bool = True) -> Group:
    at = FIRST + timedelta(days=number)
    return Group(
        label=at.isoformat(),
        window=Window(first=at, last=at),
        figures=Figures(issues=issues, items=0, actions=0),
        covered_days=1 if covered else 0,
    )


def test_each_part_is_a_column_with_its_figure() -> None:
    picture = columns([day(0, 7), day(1, 3)], "Isu", "id")
    assert picture.count('class="bar"') == 2
    assert ">7</text>" in picture
    assert 'aria-label="Isu: 2024-08-01 7; 2024-08-02 3"' in picture


def test_a_part_without_data_is_pale_and_not_zero() -> None:
    picture = columns([day(0, 7), day(1, 0, covered=False)], "Isu", "id")
    assert picture.count('class="gap"') == 1
    assert "2024-08-02 —" in picture
    assert "bukan nol" in picture


def test_there_is_no_picture_of_one_part_or_of_nothing_known() -> None:
    assert columns([day(0, 7)], "Isu", "id") == ""
    assert columns([day(n, 0, covered=False) for n in range(9)], "Isu", "id") == ""


def test_topics_and_sources_are_no_row_of_times() -> None:
    topic = Group(label="bansos", window=None, figures=Figures(issues=3, items=4, actions=0))
    assert columns([topic, topic], "Isu", "id") == ""


def test_words_from_outside_are_escaped() -> None:
    assert "<b>" not in columns([day(0, 7), day(1, 3)], "<b>", "en")
