"""Readers of one thread, closed by another: SQLite itself crashes the process where that meets a running statement."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from collector.store.sqlite import connection
from collector.store.sqlite.connection import Connections

SOON = 10.0


def test_closing_waits_for_a_statement_that_runs(tmp_path: Path) -> None:
    connections = Connections(tmp_path / "siaga.db")
    reading, read = threading.Event(), threading.Event()

    def read_slowly() -> None:
        with connections.read() as db:
            rows = db.execute("select 1 union select 2")
            assert rows.fetchone()[0] == 1
            reading.set()
            assert not read.wait(0.1)  # the closing has begun by now
            assert rows.fetchone()[0] == 2
            read.set()

    thread = threading.Thread(target=read_slowly)
    thread.start()
    assert reading.wait(SOON)
    connections.close()
    assert read.is_set()
    thread.join(SOON)


def test_a_reader_that_does_not_end_is_left_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CLOSE_PATIENCE_S", 0.05)
    connections = Connections(tmp_path / "siaga.db")
    reading, closed = threading.Event(), threading.Event()
    seen: list[int] = []

    def read_for_ever() -> None:
        with connections.read() as db:
            reading.set()
            assert closed.wait(SOON)
            seen.append(db.execute("select 3").fetchone()[0])
            db.close()

    thread = threading.Thread(target=read_for_ever)
    thread.start()
    assert reading.wait(SOON)
    connections.close()
    closed.set()
    thread.join(SOON)
    assert seen == [3]


def test_a_closed_reader_is_closed(tmp_path: Path) -> None:
    connections = Connections(tmp_path / "siaga.db")
    with connections.read() as db:
        db.execute("select 1")
    connections.close()
    with pytest.raises(sqlite3.ProgrammingError):
        db.execute("select 1")
