"""The page as the daemon serves it: over a real socket, moved by a reload, gone when the daemon ends."""

from __future__ import annotations

import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from collector.config.settings import Settings, Web
from collector.daemon import Daemon
from collector.model.errors import DatabaseInUse
from collector.web.serving import CannotListen


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def asked(port: int, path: str = "/healthz") -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    path = tmp_path / "sources.yaml"
    path.write_text("version: 1\n")
    return Settings(path=path, database=tmp_path / "siaga.db", web=Web(listen=f"127.0.0.1:{free_port()}"))


@pytest.fixture
def start() -> Iterator[Callable[[Settings, Callable[[], Settings]], Daemon]]:
    started: list[Daemon] = []

    def begin(settings: Settings, load: Callable[[], Settings]) -> Daemon:
        daemon = Daemon(settings, load=load)
        daemon.start()
        started.append(daemon)
        return daemon

    yield begin
    for daemon in started:
        daemon.stop()


def port_of(settings: Settings) -> int:
    assert settings.web is not None
    return int(settings.web.listen.rpartition(":")[2])


def test_the_daemon_serves_the_page_and_is_ready_once_it_polls(settings: Settings, start) -> None:  # type: ignore[no-untyped-def]
    daemon = start(settings, lambda: settings)
    daemon.poll()
    assert asked(port_of(settings)) == (200, b"up\n")
    assert asked(port_of(settings), "/readyz") == (200, b"up\n")
    assert b"Siaga" in asked(port_of(settings), "/")[1]


def test_the_end_of_the_daemon_is_the_end_of_the_page(settings: Settings) -> None:
    daemon = Daemon(settings, load=lambda: settings)
    daemon.start()
    port = port_of(settings)
    with closing(socket.create_connection(("127.0.0.1", port))) as idle:  # somebody who connected and says nothing
        idle.sendall(b"GET /healthz HT")
        assert daemon.stop()
    with pytest.raises(urllib.error.URLError):
        asked(port)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("web", "waitress"))]


def test_a_reload_moves_the_page_or_takes_it_away(settings: Settings, start) -> None:  # type: ignore[no-untyped-def]
    moved = replace(settings, web=Web(listen=f"127.0.0.1:{free_port()}"))
    wanted = [moved]
    daemon = start(settings, lambda: wanted[0])
    daemon.reload()
    daemon.poll()
    assert asked(port_of(moved)) == (200, b"up\n")
    wanted[0] = replace(settings, web=None)
    daemon.reload()
    daemon.poll()
    for gone in (settings, moved):
        with pytest.raises(urllib.error.URLError):
            asked(port_of(gone))


def test_a_taken_address_is_told_and_lets_go_of_the_database(settings: Settings, start) -> None:  # type: ignore[no-untyped-def]
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", port_of(settings)))
        other.listen()
        with pytest.raises(CannotListen, match=r"web\.listen 127\.0\.0\.1:\d+: Address already in use"):
            Daemon(settings, load=lambda: settings).start()
    start(settings, lambda: settings)
    with pytest.raises(DatabaseInUse):
        Daemon(settings, load=lambda: settings).start()
