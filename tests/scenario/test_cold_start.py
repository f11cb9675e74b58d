"""A fresh installation: which rules wait for some past, and what the user hears of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from newsroom import JUDOL, Newsroom

from alerts.cold_start import waiting
from alerts.detect.auto import AutoDetector
from alerts.detect.base import Detector
from alerts.detect.ratio import RatioDetector
from alerts.detect.threshold import ThresholdDetector
from collector.cli import siaga
from collector.model.clock import HOUR
from collector.model.rule import Rule
from collector.store.memory import MemoryStore

ZONE = ZoneInfo("Asia/Jakarta")
START = datetime(2026, 11, 1, 3, tzinfo=UTC)
DETECTORS: Mapping[str, Detector] = {
    "auto": AutoDetector(zone=ZONE),
    "threshold": ThresholdDetector(zone=ZONE),
    "ratio": RatioDetector(zone=ZONE),
}


def rule(method: str, window: int) -> Rule:
    return Rule(
        name=f"{method} {window}", topics=(JUDOL.id,), receivers=(), method=method, window=timedelta(hours=window)
    )


RULES = (rule("auto", 6), rule("auto", 24), rule("threshold", 6), rule("ratio", 6))


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def test_on_the_first_day_each_rule_that_compares_names_its_first_possible_day(store: MemoryStore) -> None:
    told = {one.rule: one.why.en for one in waiting(store, RULES, DETECTORS, START)}
    assert told["auto 6"] == "Not enough history: 0 of 7 days collected, first alert possible on 8 November 2026."
    assert told["auto 24"] == "Not enough history: 0 of 14 days collected, first alert possible on 15 November 2026."
    assert set(told) == {"auto 6", "auto 24", "ratio 6"}


def test_after_eight_watched_days_only_the_rule_by_the_day_waits(store: MemoryStore) -> None:
    now = Newsroom(store, START).is_quiet_for(8 * 24, START)
    told = {one.rule: one.why.en for one in waiting(store, RULES, DETECTORS, now)}
    assert list(told) == ["auto 24"]
    assert "16 November 2026" in told["auto 24"]


def test_days_nobody_watched_put_the_first_alarm_off(store: MemoryStore) -> None:
    newsroom = Newsroom(store, START)
    newsroom.is_quiet_for(24, START)
    now = newsroom.is_quiet_for(24, START + timedelta(days=4))
    (told,) = waiting(store, RULES[:1], DETECTORS, now)
    assert "11 November 2026" in told.why.en


def test_an_outage_just_now_is_no_lack_of_history(store: MemoryStore) -> None:
    now = Newsroom(store, START).is_quiet_for(8 * 24, START)
    assert waiting(store, RULES[:1], DETECTORS, now + 5 * HOUR) == ()


def test_status_and_check_tell_it(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(
        "version: 1\ndefaults: {}\nsources: []\nreceivers: [{name: layar, console: {}}]\n"
        "rules: [{name: belajar, receivers: [layar]}]\n",
        encoding="utf-8",
    )
    CliRunner().invoke(siaga, ["--config", str(file), "once"], catch_exceptions=False)
    told = CliRunner().invoke(siaga, ["--config", str(file), "status"]).output
    assert "belajar: not enough history: 0 of 7 days collected, first alert possible on" in told
    assert "needs 7 watched days" in CliRunner().invoke(siaga, ["--config", str(file), "check"]).output
