"""Behind a proxy: who tries to log in is known where the proxy is trusted, and nobody else is believed."""

from __future__ import annotations

import re
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from http.cookiejar import CookieJar
from urllib.parse import urlencode

import pytest
from pageroom import PageRoom, page_room

from collector.config.secret import Secret
from collector.config.settings import Web
from collector.store.memory import MemoryStore
from collector.web.desk import Desk
from collector.web.login import COUNTED_FOR
from collector.web.serving import PageHost
from collector.web.site import create

CLIENT, FAKE = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def room(now: datetime) -> PageRoom:
    return page_room(MemoryStore(), now)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def served(room: PageRoom, proxy: str | None) -> Iterator[str]:
    web = Web(listen=f"127.0.0.1:{free_port()}", password=Secret("sandi bersama"), trusted_proxy=proxy)
    room.app.settings = replace(room.app.settings, web=web)
    host = PageHost(lambda: create(Desk(lambda: room.app)))
    host.follow(web)
    try:
        yield f"http://{web.listen}"
    finally:
        host.stop()


def tries_a_password(address: str, forwarded: str) -> None:
    """As somebody behind a proxy that passes this header on."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    browser.addheaders = [("X-Forwarded-For", forwarded), ("X-Forwarded-Host", "evil.example"), ("Forwarded", "for=1")]
    with browser.open(f"{address}/login", timeout=10) as answer:
        page = answer.read().decode()
    token = re.search(r'name="form_token" value="([0-9a-f]{64})"', page)
    assert token is not None
    form = urlencode({"form_token": token[1], "name": "", "password": "salah"}).encode()
    with pytest.raises(urllib.error.HTTPError) as refused:
        browser.open(f"{address}/login", form, timeout=10)
    with refused.value:
        assert refused.value.code in (401, 403)


def failed_from(room: PageRoom, address: str) -> int:
    return room.store.people.failures(f"from:{address}", room.clock.now() - COUNTED_FOR).count


@pytest.mark.parametrize(
    ("proxy", "forwarded", "seen"),
    [
        (None, FAKE, "127.0.0.1"),  # nobody is believed: the header is a stranger's
        ("10.0.0.7", FAKE, "127.0.0.1"),  # it does not come from the trusted one
        ("127.0.0.1", CLIENT, CLIENT),
        ("127.0.0.1", f"{FAKE}, {CLIENT}", CLIENT),  # what the proxy wrote is the last
    ],
)
def test_a_failed_log_in_counts_for_whoever_tried(room: PageRoom, proxy: str | None, forwarded: str, seen: str) -> None:
    with served(room, proxy) as address:
        tries_a_password(address, forwarded)
    assert {one: failed_from(room, one) for one in (CLIENT, FAKE, "127.0.0.1")} == {
        CLIENT: int(seen == CLIENT),
        FAKE: 0,
        "127.0.0.1": int(seen == "127.0.0.1"),
    }


def test_a_reload_that_names_a_proxy_is_followed(room: PageRoom) -> None:
    port = free_port()
    host = PageHost(lambda: create(Desk(lambda: room.app)))
    plain = Web(listen=f"127.0.0.1:{port}", password=Secret("sandi bersama"))
    try:
        for web, seen in ((plain, "127.0.0.1"), (replace(plain, trusted_proxy="127.0.0.1"), CLIENT)):
            room.app.settings = replace(room.app.settings, web=web)
            host.follow(web)
            tries_a_password(f"http://127.0.0.1:{port}", CLIENT)
            assert failed_from(room, seen) == 1
            room.clock.moves(timedelta(minutes=1))
    finally:
        host.stop()
