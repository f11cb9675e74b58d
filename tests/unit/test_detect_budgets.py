"""The budgets of false alarms: what was measured is what the docs and ``siaga check`` say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.detect.auto import THRESHOLDS, false_alarms
from collector.model.bucket import Measure
from collector.model.rule import Rule, Sensitivity

DOCS = Path(__file__).parents[2] / "docs" / "explain" / "detection.md"
RULE = Rule(name="any", topics=("t",), receivers=(), measure=Measure.MENTIONS, method="auto", at_least=1, min_sources=1)
WINDOWS = (timedelta(hours=6), timedelta(hours=24))


@pytest.mark.parametrize("word", Sensitivity)
def test_the_docs_give_the_measured_budgets(word: Sensitivity) -> None:
    row = next(line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{word.value}` |"))
    said = [float(re.match(r" *([0-9.]+)", cell)[1]) for cell in row.split("|")[2:5]]  # type: ignore[index]
    rule = replace(RULE, sensitivity=word)
    assert said == [THRESHOLDS[word], *(false_alarms(replace(rule, window=window)) for window in WINDOWS)]


def test_budgets_hold_about_one_a_quarter_a_month_and_a_week() -> None:
    often = [false_alarms(replace(RULE, sensitivity=word, window=WINDOWS[0])) for word in Sensitivity]
    for measured, wanted in zip(sorted(often), (1 / 13, 1 / 4.35, 1.0), strict=True):
        assert wanted / 1.5 < measured < wanted * 1.5
