"""The calendar: what is shipped, one's own days, and the budget that siaga check prints."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from collector.cli import siaga
from collector.config.calendar import shipped_events
from collector.config.load import load
from collector.config.settings import Settings
from collector.config.topics import shipped_topics
from collector.model.calendar import AROUND, PlannedEvent
from collector.model.errors import ConfigError
from collector.model.phrase import Phrase
from collector.model.rule import Sensitivity

RULE = "rules: [{name: uji, receivers: [layar]}]\nreceivers: [{name: layar, console: {}}]\n"


def settings_of(folder: Path, text: str) -> Settings:
    file = folder / "sources.yaml"
    file.write_text(text + RULE, encoding="utf-8")
    return load(file, environ={})


def problems_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        settings_of(folder, text)
    return [str(problem) for problem in caught.value.problems]


def test_the_elections_are_shipped_and_concern_shipped_topics() -> None:
    assert shipped_events()["pemilu_2024"].first == date(2024, 2, 14)
    assert {topic for event in shipped_events().values() for topic in event.topics} <= set(shipped_topics())
    assert all(event.topics for event in shipped_events().values())


def test_without_a_calendar_all_shipped_events_hold(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "").calendar == tuple(shipped_events().values())


def test_an_empty_calendar_knows_no_event(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "calendar: []\n").calendar == ()


def test_shipped_events_and_ones_own_stand_side_by_side(tmp_path: Path) -> None:
    text = "calendar:\n- pilkada_2024\n- {name: Debat, from: 2029-01-12, topics: [pemilu_umum]}\n"
    shipped, own = settings_of(tmp_path, text).calendar
    assert shipped == shipped_events()["pilkada_2024"]
    assert (own.first, own.last, own.topics) == (date(2029, 1, 12), date(2029, 1, 12), ("pemilu_umum",))


def test_wrong_entries_are_told_with_what_is_near(tmp_path: Path) -> None:
    text = (
        "calendar:\n- pilkada_2042\n- {name: A, from: 14 Februari}\n- {name: B, from: 2029-02-14, to: 2029-02-13}\n"
        "- {name: C, from: 2029-02-14, topics: [pemilu]}\n"
    )
    told = problems_of(tmp_path, text)
    assert len(told) == 4
    assert 'did you mean "pilkada_2024"' in told[0]
    assert "2029-02-14" in told[1]
    assert "comes before from" in told[2]
    assert "pemilu" in told[3]


def test_auto_and_balanced_are_the_defaults(tmp_path: Path) -> None:
    (rule,) = settings_of(tmp_path, "").rules
    assert (rule.method, rule.sensitivity) == ("auto", Sensitivity.BALANCED)


def test_check_prints_the_budget(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(RULE.replace("name: uji,", "name: uji, method: auto,"), encoding="utf-8")
    result = CliRunner().invoke(siaga, ["--config", str(tmp_path / "sources.yaml"), "check"])
    assert "uji" in result.output
    assert "one false alarm" in result.output


def test_an_event_reaches_two_local_days_beyond_itself() -> None:
    jakarta = ZoneInfo("Asia/Jakarta")
    event = PlannedEvent(id="x", name=Phrase(id="x", en="x"), first=date(2024, 2, 14), last=date(2024, 2, 15))
    start, end = event.near(jakarta)
    assert start == datetime(2024, 2, 13, 17, tzinfo=UTC) - AROUND
    assert end - start == timedelta(days=2) + 2 * AROUND


def test_an_event_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="last day"):
        PlannedEvent(id="x", name=Phrase(id="x", en="x"), first=date(2024, 2, 14), last=date(2024, 2, 13))
