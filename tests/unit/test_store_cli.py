"""The verbs status, mentions, export, backup and prune, as typed."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest
from click.testing import CliRunner, Result
from records import HOUR, alert, delivery, draft, record, state

from collector.cli import siaga
from collector.cli.data import defused
from collector.cli.mentions import moment
from collector.config.load import load
from collector.model.errors import StoreError
from collector.model.heartbeat import Heartbeat
from collector.model.judgement import Stance
from collector.store.base import PollRecord
from collector.store.sqlite import SqliteStore

CONFIG = """
version: 1
sources:
  - {name: Tempo, url: "https://tempo.example/feed", expect_every: 3d}
  - {name: Antara, url: "https://antara.example/feed"}
topics:
  - {id: bansos, name: Bansos, strong: [bansos]}
"""
Siaga = Callable[..., Result]


@pytest.fixture
def siaga_(tmp_path: Path) -> Siaga:
    """Runs the program on a configuration of its own."""
    config = tmp_path / "sources.yaml"
    config.write_text(CONFIG, encoding="utf-8")

    def run(*words: str) -> Result:
        return CliRunner().invoke(siaga, ["--config", str(config), *words], catch_exceptions=False)

    return run


@pytest.mark.parametrize("verb", ["mentions", "issues", "alerts"])
def test_a_database_that_is_not_there_is_not_silently_an_empty_one(siaga_: Siaga, verb: str) -> None:
    first, second = siaga_(verb), siaga_(verb)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "no database yet at" in first.stderr
    assert "no database yet" not in second.stderr


@pytest.fixture
def now() -> datetime:
    """The verbs ask the machine's clock."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def store(tmp_path: Path, siaga_: Siaga, now: datetime) -> Iterator[SqliteStore]:
    with SqliteStore(tmp_path / "siaga.db") as store:
        store.sources.register(load(tmp_path / "sources.yaml").sources, now)
        yield store


# ---------------------------------------------------------------- status


def test_status_before_anything_was_collected_says_what_to_do(siaga_: Siaga, tmp_path: Path) -> None:
    result = siaga_("status")
    assert result.exit_code == 1
    assert "siaga once" in result.stderr
    assert not (tmp_path / "siaga.db").exists()


def test_status_tells_healthy_failing_and_quiet_sources(siaga_: Siaga, store: SqliteStore, now: datetime) -> None:
    store.items.record_poll(record(name="Tempo", at=now - timedelta(days=9)))
    failing = record(name="Antara", at=now)
    store.items.record_poll(PollRecord(poll=failing.poll, state=state("Antara", at=now, failures=3)))
    shown = siaga_("status").stdout
    assert "0 healthy, 1 failing, 1 quiet" in shown
    assert "Antara (3 times): timed out" in shown
    assert "quiet      Tempo" in shown


def test_status_as_json_counts_what_matters(siaga_: Siaga, store: SqliteStore, now: datetime) -> None:
    store.items.record_poll(record(draft(seen_at=now), name="Tempo", at=now))
    store.alerts.save(alert(), deliveries=[delivery()])
    shown = json.loads(siaga_("status", "--json").stdout)
    assert shown["today"] == {"items": 1, "mentions": 1, "suspicious": 1}
    assert shown["alerts_firing"] == ["Lonjakan: Bansos"]
    assert shown["deliveries"]["pending"] == 1
    assert shown["sources"] == {"healthy": 1, "failing": {}, "quiet": [], "unpolled": 1}
    assert shown["database"]["engine"] == f"SQLite {sqlite3.sqlite_version}"


def test_a_probe_believes_a_recent_sign_of_life_only(siaga_: Siaga, store: SqliteStore, now: datetime) -> None:
    for age, code in ((timedelta(minutes=1), 0), (timedelta(minutes=6), 1)):
        store.set_meta("daemon.heartbeat_at", (now - age).isoformat())
        result = siaga_("status", "--probe")
        assert result.exit_code == code
        assert len(result.output.splitlines()) == 1


def test_a_probe_without_a_database_is_not_well_and_makes_none(siaga_: Siaga, tmp_path: Path) -> None:
    assert siaga_("status", "--probe").exit_code == 1
    assert not (tmp_path / "siaga.db").exists()


def test_a_probe_survives_a_configuration_that_was_just_broken(
    siaga_: Siaga, store: SqliteStore, tmp_path: Path, now: datetime
) -> None:
    store.set_meta("daemon.heartbeat_at", now.isoformat())
    (tmp_path / "sources.yaml").write_text("version: [", encoding="utf-8")
    assert siaga_("status", "--probe").exit_code == 0


def test_five_minutes_without_a_beat_is_too_long(now: datetime) -> None:
    assert not Heartbeat().is_alive(now)
    assert Heartbeat(beat_at=now - timedelta(minutes=4, seconds=59)).is_alive(now)
    assert not Heartbeat(beat_at=now - timedelta(minutes=5)).is_alive(now)


def test_a_daemon_that_ended_in_order_is_not_at_work_until_the_next_one_beats(now: datetime) -> None:
    ended = Heartbeat(beat_at=now - timedelta(seconds=20), stopped_at=now - timedelta(seconds=10))
    assert ended.ended
    assert not ended.is_alive(now)
    assert Heartbeat(beat_at=now, stopped_at=ended.stopped_at).is_alive(now)


def test_a_stopped_daemon_is_told_as_such(siaga_: Siaga, store: SqliteStore, now: datetime) -> None:
    store.set_meta("daemon.heartbeat_at", now.isoformat())
    store.set_meta("daemon.stopped_at", now.isoformat())
    assert "not running (stopped just now)" in siaga_("status").stdout
    assert siaga_("status", "--probe").exit_code == 1


# ---------------------------------------------------------------- mentions


def test_mentions_are_shown_in_the_configured_zone_and_without_control_characters(
    siaga_: Siaga, store: SqliteStore
) -> None:
    seen_at = datetime(2026, 11, 25, 20, 30, tzinfo=UTC)
    store.items.record_poll(record(draft(title="Bansos \x1b[2Jdihapus \u202egnp", seen_at=seen_at)))
    shown = siaga_("mentions").stdout
    assert "2026-11-26 03:30  0.60 spread" in shown  # WIB is 7 hours ahead
    assert not {"\x1b", "\u202e"} & set(shown)
    assert "because: Meminta pembaca menyebarkan pesan" in shown


def test_mentions_as_json_hold_the_reasons(siaga_: Siaga, store: SqliteStore) -> None:
    store.items.record_poll(record(draft()))
    (shown,) = json.loads(siaga_("mentions", "--json").stdout)
    assert (shown["url"], shown["seen_at"]) == ("https://tempo.example/a", "2026-11-25T03:30:00Z")
    assert shown["signals"][0]["reason"]["en"] == "Asks readers to pass it on"
    assert shown["topics"] == {"bansos": ["bansos"]}


def test_mentions_are_narrowed_as_asked(siaga_: Siaga, store: SqliteStore, now: datetime) -> None:
    store.items.record_poll(
        record(
            draft("a", title="baru", seen_at=now),
            draft("b", title="lama", seen_at=now - 48 * HOUR),
            draft("c", title="bantahan", seen_at=now, stance=Stance.DEBUNK),
        )
    )

    def titles(*options: str) -> set[str]:
        return {item["title"] for item in json.loads(siaga_("mentions", "--json", *options).stdout)}

    assert titles("--since", "24h") == {"baru", "bantahan"}
    assert titles("--until", "24h") == {"lama"}
    assert titles("--suspicious") == {"baru", "lama"}
    assert titles("--debunks") == {"bantahan"}
    assert titles("--search", "lam") == {"lama"}  # indexes what waits
    assert titles("--topic", "bansos", "--limit", "1", "--suspicious") == {"baru"}


def test_a_mistyped_topic_gets_a_suggestion(siaga_: Siaga, store: SqliteStore) -> None:
    result = siaga_("mentions", "--topic", "bansoss")
    assert result.exit_code == 2
    assert "did you mean bansos?" in result.stderr


def test_suspicious_and_debunks_exclude_each_other(siaga_: Siaga) -> None:
    assert siaga_("mentions", "--suspicious", "--debunks").exit_code == 2


NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)  # in Jakarta
JAKARTA = ZoneInfo("Asia/Jakarta")
MOMENTS = [
    ("24h", False, datetime(2026, 11, 24, 5, 0, tzinfo=UTC)),
    ("7d", False, datetime(2026, 11, 18, 5, 0, tzinfo=UTC)),
    ("2026-11-25", False, datetime(2026, 11, 24, 17, 0, tzinfo=UTC)),  # the day begins in Jakarta
    ("2026-11-25", True, datetime(2026, 11, 25, 17, 0, tzinfo=UTC)),  # and is included as an end
    ("2026-11-25 08:00", False, datetime(2026, 11, 25, 1, 0, tzinfo=UTC)),
    ("2026-11-25T08:00:00Z", False, datetime(2026, 11, 25, 8, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("text", "end_of_day", "expected"), MOMENTS)
def test_a_time_is_a_length_or_a_date_in_the_configured_zone(text: str, end_of_day: bool, expected: datetime) -> None:
    assert moment(text, NOON, JAKARTA, end_of_day=end_of_day) == expected


@pytest.mark.parametrize("text", ["kemarin", "", "2026-13-01", "9999-12-31", "0001-01-01", "24"])
def test_another_time_is_a_wrong_usage_that_says_what_is_right(text: str) -> None:
    with pytest.raises(click.BadParameter, match="neither a length of time"):
        moment(text, NOON, JAKARTA, end_of_day=text > "1")


def test_since_ever_is_no_crash() -> None:
    assert moment("999999999d", NOON, JAKARTA).year == 1


# ---------------------------------------------------------------- export

# text, as it stands in the CSV
CELLS = [
    ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
    ("+62 812", "'+62 812"),
    ("-1+1", "'-1+1"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("\t=1", "'\t=1"),
    ("\r=1", "'\r=1"),
    ("\n=1", "'\n=1"),
    ("＝1+1", "'＝1+1"),
    ("＋1", "'＋1"),
    ("－1", "'－1"),
    ("＠x", "'＠x"),
    (" =1+1", "' =1+1"),
    ("\u200b=1+1", "'\u200b=1+1"),
    ("\x00=1+1", "'=1+1"),
    ("a;=cmd|x!A0;b", "a;'=cmd|x!A0;b"),
    ("a; +1", "a;' +1"),
    ("a;b; c", "a;b; c"),
    ("Bansos = bantuan", "Bansos = bantuan"),
    ("\x1b[31mmerah", "[31mmerah"),
    ("", ""),
    ("   ", "   "),
]


@pytest.mark.parametrize(("text", "cell"), CELLS)
def test_a_cell_that_a_spreadsheet_would_run_is_defused(text: str, cell: str) -> None:
    assert defused(text) == cell


def test_csv_is_defused_and_complete(siaga_: Siaga, store: SqliteStore) -> None:
    store.items.record_poll(record(draft("a", title='=cmd|"/c calc"!A1'), draft("b", title='dua\nbaris, "kutip"')))
    rows = list(csv.DictReader(io.StringIO(siaga_("export", "items").stdout)))
    assert [row["title"] for row in rows] == ['\'=cmd|"/c calc"!A1', 'dua\nbaris, "kutip"']
    assert rows[0]["url"] == "https://tempo.example/a"
    assert float(rows[0]["suspicion"]) == 0.6


def test_json_and_ndjson_are_left_as_they_are(siaga_: Siaga, store: SqliteStore) -> None:
    store.items.record_poll(record(draft(title="=1+1")))
    (whole,) = json.loads(siaga_("export", "items", "--format", "json").stdout)
    (line,) = siaga_("export", "items", "--format", "ndjson").stdout.splitlines()
    assert json.loads(line) == whole
    assert (whole["title"], whole["topics"], whole["signals"][0]["name"]) == ("=1+1", ["bansos"], "share")


def test_a_sighting_names_its_source_and_its_item(siaga_: Siaga, store: SqliteStore) -> None:
    store.items.record_poll(record(draft()))
    (line,) = siaga_("export", "sightings", "--format", "ndjson").stdout.splitlines()
    row = json.loads(line)
    assert (row["source"], row["url"]) == ("Tempo", "https://tempo.example/a")
    assert row["title"] == "Bansos dihapus, sebarkan!"


def test_an_empty_table_is_empty_in_every_format(siaga_: Siaga, store: SqliteStore) -> None:
    assert siaga_("export", "alerts").stdout == ""
    assert json.loads(siaga_("export", "alerts", "--format", "json").stdout) == []
    assert siaga_("export", "alerts", "--format", "ndjson").stdout == ""


def test_an_export_to_a_file_appears_whole_or_not_at_all(siaga_: Siaga, store: SqliteStore, tmp_path: Path) -> None:
    store.items.record_poll(record(draft()))
    out = tmp_path / "mentions.csv"
    assert siaga_("export", "mentions", "--out", str(out)).exit_code == 0
    assert out.read_bytes().startswith(b"item_id,topic,url,title")
    assert list(tmp_path.glob("*.partial")) == []


def test_an_export_runs_beside_an_open_transaction(siaga_: Siaga, store: SqliteStore) -> None:
    with store.transaction():
        store.items.record_poll(record(draft()))
        assert siaga_("export", "items").exit_code == 0


# ---------------------------------------------------------------- backup and prune


def test_a_backup_into_a_folder_that_is_not_there_names_that_folder(siaga_: Siaga, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot write .*nowhere/copy\.db"):
        siaga_("backup", str(tmp_path / "nowhere" / "copy.db"))


def test_a_backup_is_a_whole_database_and_replaces_nothing_unasked(
    siaga_: Siaga, store: SqliteStore, tmp_path: Path
) -> None:
    store.items.record_poll(record(draft()))
    copy = tmp_path / "copy.db"
    assert siaga_("backup", str(copy)).exit_code == 0
    assert siaga_("backup", str(copy)).exit_code == 2
    assert siaga_("backup", "--force", str(copy)).exit_code == 0
    with SqliteStore(copy) as restored:
        assert restored.items.find("https://tempo.example/a") is not None


def test_prune_says_first_and_then_deletes(siaga_: Siaga, store: SqliteStore, now: datetime) -> None:
    old = now - timedelta(days=500)
    store.items.record_poll(record(draft("old", seen_at=old), draft("new", seen_at=now), at=old))
    assert "1  items would be deleted" in siaga_("prune", "--dry-run").stdout
    assert store.items.find("https://tempo.example/old") is not None
    assert "1  items deleted" in siaga_("prune").stdout
    assert store.items.find("https://tempo.example/old") is None
    assert store.items.find("https://tempo.example/new") is not None
    assert [entry.action for entry in store.audit.list()] == ["prune"]
