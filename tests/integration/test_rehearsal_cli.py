"""``siaga replay``, ``tune`` and ``plot`` as a person types them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from collector.cli import siaga

FILE = """\
version: 1
timezone: Asia/Jakarta
language: en
database: siaga.db
sources:
  - {{name: Kabar, url: "https://kabar.example/feed"}}
topics: [judi_online, bansos]
rules:
  - name: debunks
    topics: [judi_online, bansos]
    count: debunks
    method: threshold
    window: 72h
    at_least: {at_least}
    min_sources: 1
    receivers: [layar]
receivers:
  - {{name: layar, console: {{}}}}
"""
QUIET = [f"2026-02-{day:02},Judi online tidak dibiayai negara ({day}),cekfakta" for day in range(1, 25, 6)]
STORM = [f"2026-02-15,Situs judi online resmi Kominfo ({n}),cekfakta" for n in range(6)]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration, another one, a dated list and labelled events."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sources.yaml").write_text(FILE.format(at_least=4))
    (tmp_path / "other.yaml").write_text(FILE.format(at_least=50))
    (tmp_path / "list.csv").write_text("\n".join(["date,title,publisher", *QUIET, *STORM, "2026-02-28,Akhir,cekfakta"]))
    (tmp_path / "events.csv").write_text("start,end,topic,name\n2026-02-14,2026-02-16,judi_online,Badai\n")
    return tmp_path


def typed(*words: str) -> Result:
    return CliRunner().invoke(siaga, list(words), standalone_mode=False)


def data(*words: str) -> Mapping[str, Any]:
    result = typed(*words)
    assert result.exception is None, result.exception
    found: Mapping[str, Any] = json.loads(result.output)
    return found


def test_replay_tells_what_would_have_been_told(desk: Path) -> None:
    said = typed("replay", "--input", "list.csv", "--events", "events.csv").output
    assert "2026-02-15 14:00  Online gambling" in said
    assert "Situs judi online resmi Kominfo" in said
    assert "ended (" in said
    assert "1 of 1 events found" in said
    assert "0 false alarms (0.00 a week)" in said


def test_replay_as_data(desk: Path) -> None:
    found = data("replay", "--input", "list.csv", "--events", "events.csv", "--json")
    (one,) = found["alerts"]
    assert (one["topic"], one["rule"], one["measure"], one["publishers"]) == ("judi_online", "debunks", "debunks", 1)
    assert one["events"][0]["reason"] == "first"
    assert found["events"][0]["delay_s"] == 38 * 3600 - 1


def test_a_span_may_be_chosen(desk: Path) -> None:
    assert data("replay", "--input", "list.csv", "--to", "2026-02-14", "--json")["alerts"] == []
    late = data("replay", "--input", "list.csv", "--from", "2026-02-15", "--json")
    assert late["from"] == "2026-02-14T17:00:00Z"


def test_other_rules_may_be_tried(desk: Path) -> None:
    assert data("replay", "--input", "list.csv", "--rules", "other.yaml", "--json")["alerts"] == []


def test_compare_shows_what_a_change_would_change(desk: Path) -> None:
    said = typed("replay", "--input", "list.csv", "--compare", "other.yaml").output
    assert "Only with sources.yaml: 1" in said
    assert "Only with other.yaml: 0" in said


def test_nothing_is_sent_unless_told(desk: Path) -> None:
    assert "[REPLAY]" not in typed("replay", "--input", "list.csv").output
    told = typed("replay", "--input", "list.csv", "--send-to", "layar", "--send-at-most", "1")
    assert "[Siaga] RISING: [REPLAY] Online gambling" in told.output
    assert "held back" in told.output


def test_without_a_history_the_list_is_proposed(desk: Path) -> None:
    result = typed("replay")
    assert result.exception is not None
    assert "no database at" in str(result.exception)
    assert "--input" in str(result.exception)
    assert not (desk / "siaga.db").exists()


def test_tune_shows_the_trade_and_proposes(desk: Path) -> None:
    said = typed("tune", "--input", "list.csv", "--events", "events.csv", "--alerts-per-week", "0.3").output
    assert "at_least" in said
    assert " now" in said
    assert "Proposed, together" in said


def test_tune_keeps_to_the_wish(desk: Path) -> None:
    found = data("tune", "--input", "list.csv", "--alerts-per-week", "0.3", "--topic", "judi_online", "--json")
    (rule,) = found["rules"]
    assert found["proposed_per_week"] <= 0.3
    assert rule["topics"] == ["judi_online"]
    assert rule["proposed_at_least"] in [trial["at_least"] for trial in rule["trials"]]


@pytest.mark.parametrize("name", ["gambar.svg", "gambar.png"])
def test_plot_draws_a_file(desk: Path, name: str) -> None:
    result = typed("plot", "judi_online", "--input", "list.csv", "--out", name)
    assert result.exception is None
    assert (desk / name).read_bytes()[:4] in (b"<svg", b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plot", "judi_onlin", "--input", "list.csv", "--out", "x.svg"), "did you mean judi_online?"),
        (("plot", "judi_online", "--input", "list.csv", "--out", "x.gif"), "neither in .svg nor in .png"),
        (("plot", "judi_online", "--measure", "mentions", "--input", "list.csv", "--out", "x.svg"), "there are: none"),
        (("replay", "--input", "none.csv"), "cannot be read"),
        (("replay", "--input", "list.csv", "--from", "2030-01-01"), "nothing is known of that time"),
        (("replay", "--input", "list.csv", "--send-to", "nobody"), "there are: layar"),
        (
            ("replay", "--input", "list.csv", "--from", "2026-02-16", "--to", "2026-02-14"),
            "is not before --to 2026-02-14",
        ),
        (("tune", "--input", "list.csv", "--rule", "x"), "there are: debunks"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(desk: Path, words: tuple[str, ...], said: str) -> None:
    result = typed(*words)
    assert result.exception is not None
    assert said in getattr(result.exception, "message", str(result.exception))
