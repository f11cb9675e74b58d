"""Rules about issues in a rehearsal: a list's rows are grouped, and hours passed over change nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from collector.cli import siaga
from collector.config.load import load
from collector.model.source import Role
from collector.rehearsal.replay import replay
from collector.rehearsal.stage import listed

FILE = """\
version: 1
timezone: Asia/Jakarta
language: en
sources:
  - {name: Kabar, url: "https://kabar.example/feed"}
topics: [judi_online]
rules:
  - {name: one claim, per: issue, count: debunks, method: threshold, window: 24h, at_least: 3, min_sources: 3,
     receivers: [layar]}
  - {name: new issues, count: issues, method: threshold, window: 24h, at_least: 500, min_sources: 3, receivers: [layar]}
  - {name: checks, count: debunks, method: threshold, window: 24h, at_least: 500, min_sources: 3, receivers: [layar]}
receivers:
  - {name: layar, console: {}}
"""
CLAIM = "Menteri Kominfo bagikan saldo judi online gratis untuk warga Melati"
ROWS = [
    *(f"2026-02-{day:02},Judi online makin marak di kota nomor {day},koran-{day}" for day in range(1, 9)),
    *(f"2026-02-15,{CLAIM}{more},koran-{n}" for n, more in enumerate(("", " beredar luas", " viral lagi", " ramai"))),
    "2026-02-20,Polisi tutup kasino judi online di pelabuhan,koran-1",
]


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    (tmp_path / "sources.yaml").write_text(FILE, encoding="utf-8")
    path = tmp_path / "list.csv"
    path.write_text("\n".join(["date,title,publisher", *ROWS]), encoding="utf-8")
    return path


def test_one_claim_at_many_publishers_is_found_in_a_list(sheet: Path) -> None:
    with listed(load(sheet.parent / "sources.yaml", environ={}), sheet, Role.FACTCHECK) as stage:
        (episode,) = replay(stage.history(), stage.configuration).episodes
    assert episode.subject.kind == "issue"
    assert f"{episode.opened_at:%Y-%m-%d}" == "2026-02-15"


def test_hours_that_are_passed_over_hide_no_issue(sheet: Path) -> None:
    with listed(load(sheet.parent / "sources.yaml", environ={}), sheet, Role.FACTCHECK) as stage:
        skipping = replay(stage.history(), stage.configuration)
        looking = replay(stage.history(), stage.configuration, every_hour=True)
    assert [(one.opened_at, one.ended_at) for one in skipping.episodes] == [
        (one.opened_at, one.ended_at) for one in looking.episodes
    ]


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        (("replay",), "one claim, new issues"),
        (("tune",), "one claim, new issues"),
        (("plot", "judi_online", "--measure", "issues", "--out", "out.svg"), "new issues"),
    ],
)
def test_a_list_of_bare_counts_says_which_rules_it_cannot_feed(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, typed: tuple[str, ...], named: str
) -> None:
    monkeypatch.chdir(sheet.parent)
    sheet.write_text("date,topic,count\n2026-02,judi_online,9\n", encoding="utf-8")
    verdict = CliRunner().invoke(siaga, ["--config", "sources.yaml", *typed, "--input", str(sheet)])
    assert f"rules about issues cannot speak: {named}\n" in verdict.stderr, verdict.output


def test_a_picture_of_another_rule_needs_no_such_note(sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sheet.parent)
    sheet.write_text("date,topic,count\n2026-02,judi_online,9\n", encoding="utf-8")
    typed = ["--config", "sources.yaml", "plot", "judi_online", "--measure", "debunks", "--out", "out.svg"]
    assert "cannot speak" not in CliRunner().invoke(siaga, [*typed, "--input", str(sheet)]).output
