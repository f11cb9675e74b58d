"""The page about templates names what there is, and no more."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from alerts import view
from alerts.layout import NAMES

PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/templates.md").read_text(encoding="utf-8")
PLACES = {
    "view": view.View,
    "view.days": view.DaysView,
    "view.days.days[]": view.DayView,
    "view.issues[]": view.IssueView,
    "view.checks[]": view.CheckView,
    "view.actions": view.ActionsView,
    "view.members[]": view.MemberView,
}


@pytest.mark.parametrize("place", PLACES)
def test_each_field_has_its_line_in_its_order(place: str) -> None:
    section = PAGE.partition(f"### `{place}`\n")[2].partition("\n### ")[0]
    described = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
    assert described == [field.name for field in dataclasses.fields(PLACES[place])]


def test_each_file_that_may_be_replaced_is_named() -> None:
    assert [name for name in NAMES if f"`{name}`" not in PAGE] == []
