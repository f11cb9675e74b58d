"""Figures that others publish, as their tables write them."""

from __future__ import annotations

from datetime import date

import pytest

from collector.ledger.table import count_table

FEB = (date(2024, 2, 1), date(2024, 2, 29))


def windows(text: str) -> list[tuple[date, date]]:
    return [(row.first, row.last) for _, row in count_table(text).rows]


@pytest.mark.parametrize(
    ("header", "row", "window"),
    [
        ("month,issues", "2024-02,40", FEB),
        ("Bulan,Jumlah", "Februari 2024,40", FEB),
        ("month,issues,basis", "2024-11,4,reported (to 18 Nov)", (date(2024, 11, 1), date(2024, 11, 18))),
        ("bulan,isu,catatan", "2024-11,4,sampai 18 November 2024", (date(2024, 11, 1), date(2024, 11, 18))),
        ("bulan,isu,catatan", "2024-11,4,s/d tanggal 18", (date(2024, 11, 1), date(2024, 11, 18))),
        ("bulan,isu,catatan", "2024-11,4,s.d. 18", (date(2024, 11, 1), date(2024, 11, 18))),
        ("month,issues,basis", "2024-02,40,200 for Oct 2023 to 14 Mar 2024", FEB),  # of another month
        ("month,issues,basis", "2024-02,40,to 31", FEB),  # no such day
        ("month,issues,basis", "2024-02,40,derived", FEB),
        ("from,to,month,issues", "2024-02-03,2024-02-04,2024-05,1", (date(2024, 2, 3), date(2024, 2, 4))),
        ("from,to,month,issues", ",,2024-02,40", FEB),
    ],
)
def test_a_window_is_given_by_its_ends_or_by_its_month(header: str, row: str, window: tuple[date, date]) -> None:
    assert windows(f"{header}\n{row}\n") == [window]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("Total,379", "line 3: a total over other rows, which count its issues already"),
        ("jumlah,379", "line 3: a total over other rows, which count its issues already"),
        (",1", "line 3: '' is not a date"),
        ("2024,1", "line 3: '2024' is not a date"),
    ],
)
def test_what_is_no_month_is_left_out_with_its_reason(row: str, problem: str) -> None:
    table = count_table(f"month,issues\n2024-02,40\n{row}\n")
    assert [row.issues for _, row in table.rows] == [40]
    assert [found[: len(problem)] for found in table.problems] == [problem]


@pytest.mark.parametrize(
    ("header", "missing"), [("from,issues", "to"), ("issues,topic", "from, to"), ("month", "issues")]
)
def test_a_table_without_windows_or_figures_is_refused(header: str, missing: str) -> None:
    with pytest.raises(ValueError, match=f"no column {missing}"):
        count_table(f"{header}\n1\n")
