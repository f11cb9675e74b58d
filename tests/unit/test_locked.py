"""A locked database is told soon, with who holds it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from collector.cli import siaga
from collector.model.errors import StoreError
from collector.store.sqlite import SqliteStore
from collector.store.sqlite.connection import PATIENT_S, QUICK_S
from collector.store.sqlite.holder import holder_of

CONFIG = "{version: 1, sources: [{name: T, url: https://t.example/feed}], topics: [bansos], receivers: [], rules: []}"
HOLD = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute(f"pragma locking_mode = {sys.argv[2]}")
db.execute("begin immediate" if sys.argv[2] == "normal" else "begin exclusive")
db.execute("insert or replace into meta (key, value) values ('held', '1')")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources.yaml").write_text(CONFIG, encoding="utf-8")
    SqliteStore(tmp_path / "siaga.db").close()
    return tmp_path


@pytest.fixture(params=["normal", "exclusive"])
def holder(request: pytest.FixtureRequest, folder: Path) -> Iterator[int]:
    """Another program that is writing, in either of SQLite's ways; its process id."""
    words = [sys.executable, "-c", HOLD, str(folder / "siaga.db"), request.param]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        yield other.pid
        other.kill()


def test_a_command_says_who_holds_the_database(folder: Path, holder: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.store.sqlite.connection.QUICK_S", 0.05)
    words = ["--config", str(folder / "sources.yaml"), "silence", "add", "--topic", "bansos", "--for", "8h"]
    result = CliRunner().invoke(siaga, [*words, "--comment", "x"], standalone_mode=False)
    assert isinstance(result.exception, StoreError)
    assert str(result.exception).startswith(f"{folder / 'siaga.db'} is locked: process {holder} (")
    assert str(result.exception).endswith("holds it; try again")


def test_a_command_waits_for_seconds_and_a_daemon_longer() -> None:
    assert QUICK_S <= 5 < PATIENT_S


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1: POSIX  ADVISORY  WRITE 4711 {device}:{inode} 120 120", "process 4711 (siaga)"),
        ("1: POSIX  ADVISORY  WRITE 4712 {device}:{inode} 120 120", "process 4712"),
        ("1: POSIX  ADVISORY  READ  4711 {device}:{inode} 124 124", "another process"),
        ("1: POSIX  ADVISORY  WRITE 0 {device}:{inode} 120 120", "another process"),  # outside of the container
        ("1: POSIX  ADVISORY  WRITE 4711 {device}:9 120 120", "another process"),  # of another file
        ("1: -> POSIX", "another process"),
        ("", "another process"),
    ],
)
def test_the_holder_is_whoever_has_the_write_lock(tmp_path: Path, line: str, said: str) -> None:
    database, locks = tmp_path / "siaga.db", tmp_path / "locks"
    database.touch()
    found = database.stat()
    device = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}"
    locks.write_text(line.format(device=device, inode=found.st_ino) + "\n", encoding="ascii")
    (tmp_path / "4711").mkdir()
    (tmp_path / "4711" / "comm").write_text("siaga\n", encoding="ascii")
    assert holder_of(database, locks=locks, processes=tmp_path) == said


def test_a_system_without_such_a_list_names_nobody(tmp_path: Path) -> None:
    assert holder_of(tmp_path / "siaga.db", locks=tmp_path / "none") == "another process"
