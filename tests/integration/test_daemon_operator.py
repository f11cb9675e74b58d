"""A running daemon tells its operator: of a refused file at its reload, and of a database that cannot be used."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from loopback import LoopbackServer

from alerts.operator import operator_notice
from collector.app import App
from collector.config.load import load
from collector.config.settings import Settings
from collector.daemon import Daemon, TickTimes
from collector.model.errors import StoreError
from collector.model.phrase import Phrase
from collector.store.sqlite.store import SqliteStore

OFTEN = timedelta(seconds=0.05)
FILE = """\
version: 1
database: siaga.db
network: {{allow_private: ["{web}"]}}
sources: []
receivers: [{{name: teknisi, webhook: {{url: "http://{web}/hook"}}}}]
operator: {{receivers: [teknisi]}}
"""


@pytest.fixture
def web() -> Iterator[LoopbackServer]:
    with LoopbackServer() as server:
        server.answer("/hook", status=204)
        yield server


@pytest.fixture
def file(tmp_path: Path, web: LoopbackServer) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_text(FILE.format(web=web.host_port), encoding="utf-8")
    return path


@contextmanager
def at_work(file: Path, read_again: list[Path] | None = None) -> Iterator[Daemon]:
    """``read_again`` grows by one at each reload."""

    def load_again() -> Settings:
        if read_again is not None:
            read_again.append(file)
        return load(file)

    ticks = TickTimes(poll=OFTEN, watch=OFTEN, deliver=OFTEN, prune=OFTEN, digest=OFTEN)
    daemon = Daemon(load(file), load=load_again, ticks=ticks)
    daemon.start()
    try:
        yield daemon
    finally:
        daemon.stop()


def waits_until(done: Callable[[], bool]) -> None:
    begun = time.monotonic()
    while not done():
        assert time.monotonic() - begun < 20
        time.sleep(0.01)


def saves(file: Path, text: str) -> None:
    """As editors do: never half a file."""
    fresh = file.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)


def told(web: LoopbackServer) -> list[str]:
    bodies = [json.loads(request.body) for request in web.asked("/hook")]
    assert {body["type"] for body in bodies} <= {"system.degraded"}
    return [json.dumps(body["data"], ensure_ascii=False) for body in bodies]


def test_a_file_that_is_refused_at_the_reload_is_told_once(file: Path, web: LoopbackServer) -> None:
    again: list[Path] = []
    with at_work(file, again):
        saves(file, file.read_text(encoding="utf-8") + "topik: []\n")
        waits_until(lambda: web.asked("/hook") != [])
        saves(file, file.read_text(encoding="utf-8"))
        waits_until(lambda: len(again) >= 2)
    (message,) = told(web)
    assert "sources.yaml ditolak" in message
    assert "topik" in message


def test_a_file_that_meets_a_locked_database_is_at_work_once_it_is_free(
    file: Path, web: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[Path] = []

    def is_locked(*_: object) -> None:
        error = StoreError("siaga.db is locked")
        error.can_retry = True
        raise error

    with at_work(file, again) as daemon:
        with monkeypatch.context() as locked:
            locked.setattr(daemon.app.store.sources, "register", is_locked)
            saves(file, file.read_text(encoding="utf-8") + "# edited\nlanguage: en\n")
            waits_until(lambda: len(again) >= 2)
        waits_until(lambda: daemon.app.settings.language == "en")
    assert web.asked("/hook") == []


def test_a_database_that_fails_is_told_past_it_and_once(
    file: Path, web: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[object] = []

    def refuses(*what: object, **__: object) -> None:
        refused.append(what)
        raise StoreError("siaga.db: database or disk is full")

    with at_work(file) as daemon:
        monkeypatch.setattr(daemon.app.store.outbox, "add", refuses)
        monkeypatch.setattr(App, "digest_now", refuses)
        monkeypatch.setattr(App, "watch_now", refuses)
        waits_until(lambda: web.asked("/hook") != [] and len(refused) > 9)
    (message,) = told(web)
    assert "Basis data bermasalah" in message
    assert "database or disk is full" in message


def test_what_a_dead_daemon_had_begun_is_sent_by_the_next_one_at_once(file: Path, web: LoopbackServer) -> None:
    words = Phrase(id="uji", en="test")
    now = datetime.now(UTC)
    with closing(SqliteStore(load(file).database)) as store:
        store.outbox.add(operator_notice("uji", words, words, ("teknisi",), now))
        store.outbox.claim("daemon-lain-1", now, timedelta(minutes=5), 4)  # and then it was killed
    with at_work(file):
        waits_until(lambda: len(web.asked("/hook")) == 1)
