"""docs/reference/signals.md against the data it describes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from collector.judge.evidence import SIGNAL_NAMES
from collector.judge.signs import Lexicon, shipped

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "signals.md"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return shipped()


@pytest.fixture(scope="module")
def rows() -> dict[str, list[str]]:
    """The cells of every table row that begins with a name."""
    found = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells and re.fullmatch(r"`\w+`", cells[0]):
            found[cells[0].strip("`")] = cells[1:]
    return found


def points(number: float) -> str:
    return f"{number:g}".replace("-", "−")


def test_every_signal_stands_there_with_its_points_and_sentences(lexicon: Lexicon, rows: dict[str, list[str]]) -> None:
    signs = [sign for group in lexicon.groups for sign in group.signs] + list(lexicon.trust)
    for sign in signs:
        assert rows[sign.id][0] == points(sign.points), sign.id
        assert {sign.reason.id, sign.reason.en} <= set(rows[sign.id]), sign.id


def test_every_combination_stands_there(lexicon: Lexicon, rows: dict[str, list[str]]) -> None:
    for combo in lexicon.combos:
        cells = rows[combo.id]
        assert cells[0] == points(combo.points)
        assert set(cells[1].split(" + ")) == combo.groups
        assert {combo.reason.id, combo.reason.en} <= set(cells)


def test_every_marker_and_everything_left_out_stands_there(lexicon: Lexicon, rows: dict[str, list[str]]) -> None:
    for name, reason in lexicon.markers.reasons.items():
        assert rows[name] == [reason.id, reason.en]
    for name, why in lexicon.left_out.items():
        assert rows[name] == [why]


def test_nothing_stands_there_that_is_not_in_the_data(lexicon: Lexicon, rows: dict[str, list[str]]) -> None:
    known = {sign.id for group in lexicon.groups for sign in group.signs} | {sign.id for sign in lexicon.trust}
    known |= {combo.id for combo in lexicon.combos} | set(lexicon.markers.reasons) | set(lexicon.left_out)
    assert set(rows) == known | set(SIGNAL_NAMES) | {"source", "known_claim", "like_claim"}


def test_the_caps_and_bands_are_those_of_the_data(lexicon: Lexicon) -> None:
    text = PAGE.read_text(encoding="utf-8")
    for group in lexicon.groups:
        assert f"## {group.id} (at most {group.cap:g})" in text
    assert dict(lexicon.bands) == {"low": 0, "watch": 3, "suspicious": 6, "high": 9}
