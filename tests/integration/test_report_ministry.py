"""The ministry's own table, reported: what its published figures say, and what they do not."""

from __future__ import annotations

import calendar
import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from collector.cli import siaga

CONFIG = "version: 1\ntopics: [pemilu_umum]\n"
FROM_MARCH_TO_JULY = ("2024-03-01", "2024-07-31", "87", "", "the rest of the stated 379")

pytestmark = pytest.mark.shared


@pytest.fixture
def folder(tmp_path: Path, shared: Path) -> Path:
    (tmp_path / "sources.yaml").write_text(CONFIG, encoding="utf-8")
    with (shared / "data" / "kominfo_monthly.csv").open(encoding="utf-8") as handle:
        rows = [row_of(row["month"], row["issues"], row["source"]) for row in csv.DictReader(handle)]
    with (tmp_path / "counts.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([("from", "to", "issues", "topic", "source"), *rows, FROM_MARCH_TO_JULY])
    siaga_does(tmp_path, "import", "counts", str(tmp_path / "counts.csv"))
    return tmp_path


@pytest.fixture
def raw(tmp_path: Path, shared: Path) -> Path:
    """The ministry's table as it lies there, and the row of five months in a file of its own."""
    (tmp_path / "sources.yaml").write_text(CONFIG, encoding="utf-8")
    siaga_does(tmp_path, "import", "counts", str(shared / "data" / "kominfo_monthly.csv"))
    with (tmp_path / "rest.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([("from", "to", "issues", "topic", "source"), FROM_MARCH_TO_JULY])
    siaga_does(tmp_path, "import", "counts", str(tmp_path / "rest.csv"))
    return tmp_path


@pytest.mark.parametrize(
    ("first", "last", "issues"),
    [("2023-01-01", "2024-11-18", 379), ("2023-10", "2024-02", 200), ("2024-08", "2024-11-18", 22)],
)
def test_the_table_as_published_by_month_says_the_same(raw: Path, first: str, last: str, issues: int) -> None:
    found = reported(raw, first, last)
    assert (found["issues"], found["left_out"], found["coverage"]["ratio"]) == (issues, [], 1.0)


def test_a_total_over_months_is_not_counted_beside_them(raw: Path) -> None:
    total = "dari,sampai,jumlah,sumber\n2023-10,2024-02,200,MerahPutih\n2023-01,2024-11-18,379,ANTARA\n"
    (raw / "totals.csv").write_text(total, encoding="utf-8")
    siaga_does(raw, "import", "counts", str(raw / "totals.csv"))
    found = reported(raw, "2023-01", "2024-11-18")
    assert found["issues"] == 379
    assert [(left["issues"], left["why"]) for left in found["left_out"]] == [(379, "overlaps"), (200, "overlaps")]


def row_of(month: str, issues: str, source: str) -> tuple[str, ...]:
    year, number = map(int, month.split("-"))
    last = 18 if month == "2024-11" else calendar.monthrange(year, number)[1]  # the last figure is of 18 November
    return f"{month}-01", f"{month}-{last:02}", issues, "", source


def siaga_does(folder: Path, *words: str) -> str:
    paths = ["--config", str(folder / "sources.yaml"), "--db", str(folder / "siaga.db")]
    result = CliRunner().invoke(siaga, [*paths, *words], standalone_mode=False)
    assert result.exception is None, result.output
    return result.output


def reported(folder: Path, first: str, last: str, *more: str) -> dict:  # type: ignore[type-arg]
    found: dict = json.loads(siaga_does(folder, "report", "--from", first, "--to", last, *more, "--json"))  # type: ignore[type-arg]
    return found


@pytest.mark.parametrize(
    ("first", "last", "issues", "days"),
    [("2023-01-01", "2024-11-18", 379, 688), ("2023-10", "2024-02", 200, 152), ("2024-08", "2024-11-18", 22, 110)],
)
def test_windows_add_up_to_what_was_published(folder: Path, first: str, last: str, issues: int, days: int) -> None:
    found = reported(folder, first, last)
    assert (found["issues"], found["days"]) == (issues, days)
    assert found["per_day"] == pytest.approx(issues / days, abs=5e-5)
    assert found["coverage"]["ratio"] == 1.0
    assert found["left_out"] == []


def test_a_window_that_cuts_the_figure_of_five_months_leaves_it_out_and_says_so(folder: Path) -> None:
    found = reported(folder, "2024-02-01", "2024-05-31")
    assert found["issues"] == 40
    assert [(left["issues"], left["why"]) for left in found["left_out"]] == [(87, "cut")]
    assert found["coverage"]["days"] == 29


def test_the_last_month_is_cut_by_a_window_that_ends_before_the_18th(folder: Path) -> None:
    assert reported(folder, "2024-08-01", "2024-11-17")["issues"] == 18


def test_between_the_two_elections_the_published_seventy_percent_fits_neither(folder: Path) -> None:
    change = reported(folder, "2024-08", "2024-11-18", "--vs", "2023-10..2024-02")["change"]
    assert (change["total_percent"], change["per_day_percent"]) == (-89.0, -84.8)
    assert "200 isu dalam 152 hari" in change["sentence"]
    assert "1,32 isu per hari" in change["sentence"]
    (published,) = change["published_changes"]
    assert (published["percent"], published["fits"]) == (-70, "neither")


def test_by_month_no_figure_is_split(folder: Path) -> None:
    groups = reported(folder, "2023-01", "2024-11-18", "--by", "month")["groups"]
    assert sum(group["issues"] or 0 for group in groups) == 379
    assert [group["label"] for group in groups if group["note"]] == ["2024-03-01..2024-07-31"]
    assert [group["issues"] for group in groups if group["label"] == "2024-04"] == [None]


def test_every_form_names_the_definition_and_the_windows(folder: Path) -> None:
    words = ("report", "--from", "2024-08", "--to", "2024-11-18", "--vs", "2023-10..2024-02", "--by", "month")
    text, page, table = (siaga_does(folder, *words, *form) for form in ((), ("--html",), ("--csv",)))
    for shown in (text, page):
        assert "satu klaim, berapa pun konten" in shown
        assert "−89,0 % dalam jumlah, −84,8 % per hari" in shown
        assert "tidak cocok dengan keduanya" in shown
    rows = list(csv.DictReader(table.splitlines()))
    assert [row["issues"] for row in rows] == ["7", "3", "8", "4", "22", "200"]
    assert "152 hari" in rows[4]["note"]
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
