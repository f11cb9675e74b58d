"""What a person at the terminal does about alerts: has one in hand, wants to hear nothing of a topic for a while."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from newsroom import JUDOL, Newsroom
from series import rule

from alerts.detect.threshold import ThresholdDetector
from alerts.watch import Watch
from collector.cli import siaga
from collector.model.clock import WallClock
from collector.store.sqlite.store import SqliteStore

CONFIG = """\
version: 1
database: siaga.db
sources:
  - {name: satu, url: "https://satu.example/rss"}
topics: [judi_online]
rules:
  - {name: lonjakan, at_least: 5, receivers: [meja]}
receivers:
  - {name: meja, console: {}}
"""


class Terminal:
    """``siaga`` in a folder where one alert fires."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "sources.yaml").write_text(CONFIG)
        self.watches(6)

    def __call__(self, *words: str) -> Result:
        config = str(self.folder / "sources.yaml")
        return CliRunner().invoke(siaga, ["--config", config, "--log-level", "error", *words])

    def watches(self, count: int) -> None:
        """So many items come in, and the rule looks at them."""
        now = WallClock().now() - timedelta(minutes=1)
        with SqliteStore(self.folder / "siaga.db") as store:
            Newsroom(store, now).publishes(count, now)
            detectors = {"threshold": ThresholdDetector()}
            Watch(store, (rule(receivers=("meja",)),), (JUDOL,), detectors, zone=ZoneInfo("Asia/Jakarta")).tick(now)

    def audit(self) -> list[tuple[str, str, str]]:
        with SqliteStore(self.folder / "siaga.db") as store:
            return [(entry.actor, entry.action, entry.subject) for entry in store.audit.list()]


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_an_alert_in_hand_is_shown_with_who_and_why(terminal: Terminal) -> None:
    done = terminal("ack", "1", "--by", "Rina", "--note", "sudah dihubungi")
    assert done.exit_code == 0
    assert "Alert 1 is quiet until it gets worse than 6 by a step, or ends" in done.output
    assert "acknowledged by Rina: sudah dihubungi" in terminal("alerts").output
    (alert,) = json.loads(terminal("alerts", "--json").stdout)
    assert [(ack["made_by"], ack["count"], ack["ended_at"]) for ack in alert["acknowledgements"]] == [("Rina", 6, None)]
    assert terminal.audit() == [("Rina", "ack", "alert:1")]


def test_a_second_person_takes_over(terminal: Terminal) -> None:
    terminal("ack", "1", "--by", "Rina")
    assert "acknowledged by Rina before; that is replaced" in terminal("ack", "1", "--by", "Budi").output


def test_an_alert_that_is_not_there_cannot_be_taken_in_hand(terminal: Terminal) -> None:
    failed = terminal("ack", "9", "--by", "Rina")
    assert failed.exit_code == 1
    assert str(failed.exception) == "no alert 9 is stored"


def test_a_silence_is_listed_and_ended(terminal: Terminal) -> None:
    done = terminal("silence", "add", "--topic", "judi_online", "--for", "3d", "--comment", "kampanye", "--by", "Rina")
    assert done.exit_code == 0, done.output
    assert "Silence 1 holds until" in done.output
    assert "HOLDS" in terminal("silence", "list").output
    assert "kampanye (Rina," in terminal("silence", "list").output
    assert "Silence 1 is over" in terminal("silence", "expire", "1", "--by", "Budi").output
    assert terminal("silence", "list").output == "No silence is in force.\n"
    (past,) = json.loads(terminal("silence", "list", "--all", "--json").stdout)
    assert (past["expired_by"], past["holds"]) == ("Budi", False)
    assert [action for _, action, _ in terminal.audit()] == ["silence-expire", "silence"]


def test_what_is_suppressed_is_shown_with_its_reason_and_its_end(terminal: Terminal) -> None:
    assert "Nothing is kept back" in terminal("alerts", "--suppressed").output
    terminal("silence", "add", "--rule", "lonjakan", "--until", "2099-01-01", "--comment", "uji", "--by", "Rina")
    assert (
        "within 366 days" in terminal("silence", "add", "--rule", "lonjakan", "--for", "400d", "--comment", "x").output
    )
    terminal("silence", "add", "--rule", "lonjakan", "--for", "2h", "--comment", "uji", "--by", "Rina")
    terminal.watches(20)
    shown = terminal("alerts", "--suppressed").output
    assert "meja: worse silenced until" in shown
    assert "Dibisukan oleh Rina: uji" in shown
    assert "worse     not told (silenced): Dibisukan oleh Rina" in terminal("alerts").output
    (row,) = json.loads(terminal("alerts", "--suppressed", "--json").stdout)
    assert (row["hold"], row["reason"], row["receiver"]) == ("silenced", "worse", "meja")
    terminal("silence", "expire", "1")
    assert "Nothing is kept back" in terminal("alerts", "--suppressed").output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--topic", "judi_onlin", "--for", "1d"), "Did you mean judi_online?"),
        (("--rule", "lain", "--for", "1d"), "there are: lonjakan"),
        (("--source", "entah", "--for", "1d"), "no source entah"),
        (("--topic", "judi_online"), "one of --for and --until"),
        (("--topic", "judi_online", "--for", "1d", "--until", "2099-01-01"), "one of --for and --until"),
        (("--topic", "judi_online", "--for", "3 hari"), "is no length of time"),
        (("--topic", "judi_online", "--until", "besok"), "is no time"),
        (("--topic", "judi_online", "--until", "2020-01-01"), "ends in the future"),
        (("--for", "1d"), "exactly one of"),
        (("--topic", "judi_online", "--rule", "lonjakan", "--for", "1d"), "exactly one of"),
    ],
)
def test_a_silence_that_makes_no_sense_is_refused(terminal: Terminal, words: tuple[str, ...], told: str) -> None:
    refused = terminal("silence", "add", "--comment", "x", *words)
    assert refused.exit_code == 2
    assert told in refused.output


@pytest.mark.parametrize("comment", [(), ("--comment", "  ")])
def test_a_silence_needs_a_comment(terminal: Terminal, comment: tuple[str, ...]) -> None:
    refused = terminal("silence", "add", "--topic", "judi_online", "--for", "1d", *comment)
    assert refused.exit_code == 2
    assert "--comment" in refused.output


def test_an_issue_that_is_not_stored_cannot_be_silenced(terminal: Terminal) -> None:
    refused = terminal("silence", "add", "--issue", "7", "--for", "1d", "--comment", "x")
    assert refused.exit_code == 1


def test_a_publisher_may_be_silenced_like_a_source(terminal: Terminal) -> None:
    assert terminal("silence", "add", "--source", "kabar.example", "--for", "1d", "--comment", "x").exit_code == 0
