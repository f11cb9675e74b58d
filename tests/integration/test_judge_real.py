"""The judge on real sentences: what is true, or only reported, must not be condemned."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collector.judge.combined import UNSOURCED, CombinedJudge
from collector.model.item import Entry
from collector.model.judgement import Context, Judgement, Stance
from collector.model.source import Role, Source

pytestmark = pytest.mark.shared
JUDGE = CombinedJudge.shipped()
NEWSROOM = Source(id="x", kind="feed", url="https://unknown.example/feed", role=Role.NEWS)


def judged(title: str, source: Source) -> Judgement:
    return JUDGE.judge(Entry(title=title), Context(source=source, matches=(), now=datetime(2026, 11, 1, tzinfo=UTC)))


def column(path: Path, name: str) -> list[str]:
    with path.open(encoding="utf-8", newline="") as handle:
        return [row[name] for row in csv.DictReader(handle)]


@pytest.fixture
def controls(shared: Path) -> list[str]:
    return column(shared / "domain" / "control_claims.csv", "text")


def test_no_control_sentence_of_a_newsroom_is_suspicious(controls: list[str]) -> None:
    assert [text for text in controls if judged(text, NEWSROOM).suspicion >= 0.5] == []


def test_a_report_of_spoilt_meals_is_not_suspicious_whoever_tells_it(controls: list[str]) -> None:
    (report,) = [text for text in controls if text.startswith("Ratusan siswa keracunan")]
    assert judged(report, UNSOURCED).suspicion < 0.5


def test_a_labelled_debunk_is_one_without_a_source_too(controls: list[str]) -> None:
    labelled = [text for text in controls if text.startswith(("[", "Cek Fakta:", "Keliru:", "Hoaks!"))]
    assert len(labelled) >= 6
    assert {judged(text, UNSOURCED).stance for text in labelled} == {Stance.DEBUNK}


def test_most_known_claims_worded_as_claims_are_suspicious_in_a_post(shared: Path) -> None:
    claims = column(shared / "domain" / "known_narratives.csv", "claim")
    caught = sum(judged(claim, UNSOURCED).suspicion >= 0.5 for claim in claims)
    assert caught / len(claims) > 0.57
