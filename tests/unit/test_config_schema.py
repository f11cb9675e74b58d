"""The shipped file, its packaged copy, its JSON Schema and its reference page say the same as the code."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from collector.config.load import load
from collector.config.schema import SCHEMA_FILE, json_schema, reference_tables, schema_text
from collector.config.settings import Settings
from collector.config.topics import shipped_topics
from collector.model.bucket import Measure
from collector.model.source import Role

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "sources.yaml"
FLOORS = {
    "mbg": 6,
    "bansos": 7,
    "stabilitas_pemerintahan": 4,
    **dict.fromkeys(
        ["lowongan_pemerintah", "pemilu_umum", "pemilu_2029", "pilpres_2024", "pilkada_2024", "psu_2025"], 3
    ),
    **dict.fromkeys(["judi_online", "koperasi_merah_putih"], 3),
}
NOT_READ = {"https://cekfakta.com/api-index", "https://trends.google.com/trending/rss?geo=ID"}


@pytest.fixture(scope="module")
def shipped() -> Settings:
    return load(SHIPPED, environ={})


@pytest.fixture(scope="module")
def tree() -> Any:
    return yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))


def test_the_packaged_copy_is_the_shipped_file() -> None:
    assert (SCHEMA_FILE.parent / "sources.yaml").read_bytes() == SHIPPED.read_bytes()


def test_the_schema_on_disk_is_the_one_of_the_code() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


def test_the_first_line_leads_editors_to_the_schema() -> None:
    first = SHIPPED.read_text(encoding="utf-8").splitlines()[0]
    assert (ROOT / first.partition("$schema=")[2]).resolve() == SCHEMA_FILE.resolve()


def test_the_shipped_file_and_the_contract_fit_the_schema(tree: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    validator = jsonschema.Draft202012Validator(json_schema())
    contract = yaml.safe_load((ROOT / "tests" / "data" / "contract.yaml").read_text(encoding="utf-8"))
    assert [error.message for document in (tree, contract) for error in validator.iter_errors(document)] == []


def test_the_schema_knows_mistakes() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    for wrong in (
        {"souces": []},
        {"language": "no"},
        {"defaults": {"every": 5}},
        {"topics": ["mgb"]},
        {"sources": [{}]},
    ):
        assert not validator.is_valid(wrong), wrong


def test_every_key_is_in_the_reference_as_the_code_has_it() -> None:
    page = (ROOT / "docs" / "reference" / "sources-yaml.md").read_text(encoding="utf-8")
    rows = [line for line in reference_tables().splitlines() if line.startswith("|")]
    assert [row for row in rows if row not in page] == []
    assert [line for line in page.splitlines() if line.startswith("| `") and line not in rows] == []


def test_every_topic_is_watched_and_has_a_debunk_rule_with_its_floor(shipped: Settings) -> None:
    assert shipped.topics == tuple(shipped_topics().values())
    floors = {
        topic: rule.at_least
        for rule in shipped.rules
        if rule.measure is Measure.DEBUNKS and rule.method == "threshold"
        for topic in rule.topics
    }
    assert set(floors) == set(shipped_topics())
    assert {topic: floors[topic] for topic in FLOORS} == FLOORS
    assert all(rule.window_hours == 168 for rule in shipped.rules if rule.measure is Measure.DEBUNKS)
    assert {rule.measure for rule in shipped.rules} == set(Measure)


def test_the_shipped_rules_speak_from_the_first_hour_and_learn_beside_it(shipped: Settings) -> None:
    at_once = {rule.measure for rule in shipped.rules if rule.method == "threshold"}
    assert at_once >= {Measure.DEBUNKS, Measure.SUSPICIOUS}
    assert {rule.method for rule in shipped.rules} == {"threshold", "auto"}


def test_every_rule_reaches_a_receiver_without_any_setting(shipped: Settings) -> None:
    assert {shipped.receiver(name).kind for rule in shipped.rules for name in rule.receivers} == {"console"}  # type: ignore[union-attr]


def test_every_source_carries_a_mark_and_every_switched_off_default_its_reason() -> None:
    listed = SHIPPED.read_text(encoding="utf-8").partition("\nsources:\n")[2].partition("\ntopics:\n")[0].splitlines()
    marks = {"live_2026", "seen", "unverified"}
    for line, following in pairwise(listed):
        if line.startswith("  - name: "):
            mark, _, reason = line.partition("   # ")[2].partition(": ")
            assert mark in marks, line
            assert reason or following.removeprefix("    url: ") not in NOT_READ, line


@pytest.mark.shared
def test_the_defaults_of_the_research_are_in_the_file_and_run(shared: Path, shipped: Settings) -> None:
    by_url = {source.url: source for source in shipped.sources}
    with (shared / "domain" / "sources.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["default_on"] == "yes"]
    assert len(rows) == 44
    for row in rows:
        source = by_url[row["url"]]
        assert source.enabled == (row["url"] not in NOT_READ), row["name"]
        assert source.role == Role(row["role"])
        assert source.every.total_seconds() == int(row["poll_minutes"]) * 60
        assert source.lang == row["language"]


def test_the_schema_is_small_enough_to_read() -> None:
    assert len(json.dumps(json_schema())) < 60_000
