"""``siaga explain`` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from records import NOW, draft, record, source

from collector.app.database import open_store
from collector.cli import siaga
from collector.config.load import load
from collector.model.claim import CheckedClaim
from collector.model.errors import NotFound
from collector.model.judgement import Verdict
from collector.store.base import MentionFilter

CONFIG = """
version: 1
language: en
sources: [{name: Satu, url: "https://satu.example/feed"}]
topics: [mbg]
receivers: [{name: layar, console: {}}]
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("SIAGA_CONFIG", "SIAGA_DB"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "sources.yaml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(siaga, ["explain", *arguments])


def test_a_text_is_told_its_topics_signals_and_band(here: Path) -> None:
    told = run("AKHIRNYA!! PRABOWO R3SMI HAPUS MBG").output
    assert "mbg" in told
    assert "“MBG” at title 31-34" in told
    assert "leet_words: Digits in place of letters" in told
    assert "points: high" in told


def test_json_holds_places_points_and_both_sentences(here: Path) -> None:
    told = json.loads(run("--json", "AKHIRNYA!! PRABOWO R3SMI HAPUS MBG").stdout)
    assert told["topics"][0]["words"][-1] == {"term": "mbg", "field": "title", "start": 31, "end": 34, "surface": "MBG"}
    assert told["stance"] == "spread"
    assert told["band"] == "high"
    assert told["points"] == pytest.approx(sum(signal["points"] for signal in told["signals"]))
    assert all(signal["reason"]["id"] and signal["reason"]["en"] for signal in told["signals"])


def test_the_role_decides_the_stance(here: Path) -> None:
    told = json.loads(run("--json", "--role", "factcheck", "Keliru: Klaim MBG").stdout)
    assert (told["stance"], told["verdict"], told["suspicion"]) == ("debunk", "false", 0)


def test_a_text_without_anything_says_so(here: Path) -> None:
    told = run("Cuaca cerah").output
    assert "Topics: none" in told
    assert "points: low" in told


@pytest.mark.parametrize("what", ["99", "https://satu.example/none"])
def test_what_is_not_stored_is_a_sentence(here: Path, what: str) -> None:
    assert isinstance(run(what).exception, NotFound)


def test_a_stored_item_is_found_by_number_and_by_any_spelling_of_its_address(here: Path) -> None:
    store = open_store(load(here / "sources.yaml"))
    store.sources.register([source("Tempo")], NOW)
    store.items.record_poll(record(draft("a", title="Bansos dihapus, sebarkan!")))
    number = store.items.list(MentionFilter())[0].item.id
    store.close()
    by_number = json.loads(run("--json", str(number)).stdout)
    by_address = json.loads(run("--json", "http://www.tempo.example/a/?utm_source=x").stdout)
    assert by_number == by_address
    assert by_number["item"] == number
    assert by_number["topics"][0]["id"] == "bansos"
    assert by_number["signals"][0]["words"] == ["sebarkan"]
    assert "first seen 2026-11-25 10:30 WIB" in run(str(number)).output


@pytest.mark.parametrize("number", ["9" * 19, "9" * 30, "9" * 5000])
def test_a_number_larger_than_any_item_is_simply_not_stored(here: Path, number: str) -> None:
    result = run(number)
    assert isinstance(result.exception, NotFound)


@pytest.mark.parametrize("nothing", ["", "  \n"])
def test_nothing_to_explain_is_wrong_usage(here: Path, nothing: str) -> None:
    assert run(nothing).exit_code == 2


def test_the_nearest_checked_claim_is_shown_with_what_differs(here: Path) -> None:
    claim = CheckedClaim(
        id=0,
        key="k",
        text="Prabowo hapus MBG",
        title="[SALAH] Prabowo hapus MBG",
        verdict=Verdict.FALSE,
        publisher="TurnBackHoax",
        url="https://turnbackhoax.example/1",
        checked_at=NOW,
    )
    store = open_store(load(here / "sources.yaml"))
    store.claims.add([claim], NOW)
    store.close()
    assert "repeats: “Prabowo hapus MBG” (false, TurnBackHoax)" in run("prabowo hapus mbg gaes").output
    told = json.loads(run("--json", "Istana bantah rencana hapus MBG").stdout)["claims"]
    assert [one["relation"] for one in told] == ["sets right"]
    assert {difference["kind"] for difference in told[0]["differences"]} >= {"who", "denial"}
