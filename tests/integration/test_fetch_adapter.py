"""The guarded adapter as webhooks use it: mounted on a session, against real sockets."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
import trustme
from loopback import LoopbackServer
from urllib3.exceptions import HTTPError

from collector.net import names
from collector.net.address import AddressPolicy
from collector.net.connection import GuardedAdapter, Oversized, RefusedConnection, TotalTimeout, cause_of
from collector.net.deadline import Deadline, DeadlinePassed, TooManyBytes


def session(*allowed: str, **options: object) -> requests.Session:
    made = requests.Session()
    made.trust_env = False
    adapter = GuardedAdapter(AddressPolicy.from_texts(allowed), **options)  # type: ignore[arg-type]
    made.mount("http://", adapter)
    made.mount("https://", adapter)
    return made


@contextmanager
def speaking(speak: Callable[[socket.socket], None], tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server that reads one request and then does as it likes with the connection."""

    def serve() -> None:
        try:
            connection, _ = listener.accept()
            with connection if tls is None else tls.wrap_socket(connection, server_side=True) as one:
                one.recv(4096)
                speak(one)
        except OSError:
            pass  # the client hangs up: that is what is tested

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
    thread.join(5)


def drip(before: bytes) -> Callable[[socket.socket], None]:
    """Sends the beginning, then a byte every 20 ms until nobody listens."""

    def speak(connection: socket.socket) -> None:
        connection.sendall(before)
        while True:
            connection.sendall(b"a")
            time.sleep(0.02)

    return speak


def flood(before: bytes, more: bytes) -> Callable[[socket.socket], None]:
    def speak(connection: socket.socket) -> None:
        connection.sendall(before)
        while True:
            connection.sendall(more)

    return speak


def test_a_post_through_a_session_arrives() -> None:
    with LoopbackServer() as server, session(server.host_port) as http:
        server.answer("/hook", status=204)
        response = http.post(server.url("/hook"), data=b"{}", timeout=5, stream=True, allow_redirects=False)
        assert response.status_code == 204
        assert server.requests[0].body == b"{}"


def test_an_inside_address_is_refused_before_a_connection_is_made() -> None:
    with LoopbackServer() as server, session() as http:
        with pytest.raises(RefusedConnection, match=r"network\.allow_private"):
            http.post(server.url("/hook"), data=b"{}", timeout=5)
        assert server.connections == 0


def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with LoopbackServer() as server, session() as http:
        inside = ((socket.AF_INET, ("127.0.0.1", server.port)),)
        monkeypatch.setattr("collector.net.connection.lookup", lambda *_: inside)
        with pytest.raises(RefusedConnection, match=r"feed\.example: 127\.0\.0\.1 is an inside address"):
            http.get(f"http://feed.example:{server.port}/", timeout=5)
        assert server.connections == 0


def test_the_next_address_is_tried_where_one_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with LoopbackServer() as server, session("127.0.0.0/8") as http:
        server.answer("/", body=b"here")
        addresses = ((socket.AF_INET, ("127.0.0.77", server.port)), (socket.AF_INET, ("127.0.0.1", server.port)))
        monkeypatch.setattr("collector.net.connection.lookup", lambda *_: addresses)
        assert http.get(f"http://feed.example:{server.port}/", timeout=5).content == b"here"


def test_no_session_can_switch_the_certificate_check_off() -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with LoopbackServer(tls=context) as server, session(server.host_port) as http:
        with pytest.raises(requests.exceptions.SSLError):
            http.get(server.url("/"), timeout=5, verify=False)
        assert not server.requests


@pytest.mark.parametrize(
    "before", [b"", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 "], ids=["status line", "header", "version"]
)
def test_headers_that_drip_are_over_at_the_deadline(before: bytes) -> None:
    with speaking(drip(before)) as port, session(f"127.0.0.1:{port}") as http:
        started = time.monotonic()
        with pytest.raises(TotalTimeout):
            http.get(f"http://127.0.0.1:{port}/", timeout=0.3)
        assert time.monotonic() - started < 1.3


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_a_body_that_drips_is_over_at_the_deadline(secure: bool, tmp_path: Path) -> None:
    authority = trustme.CA()
    context = None
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
    bundle = str(tmp_path / "ca.pem")
    authority.cert_pem.write_to_path(bundle)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n"
    with speaking(drip(head), context) as port, session(f"127.0.0.1:{port}", ca_bundle=bundle) as http:
        started = time.monotonic()
        url = f"{'https' if secure else 'http'}://127.0.0.1:{port}/"
        with pytest.raises((requests.RequestException, HTTPError)) as caught:
            http.get(url, timeout=0.4)
        assert cause_of(caught.value, DeadlinePassed)
        assert time.monotonic() - started < 1.4


@pytest.mark.parametrize(
    ("before", "more"),
    [(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100), (b"HTTP/1.1 200 OK\r\n", b"X: " + b"a" * 60_000 + b"\r\n")],
    ids=["1xx", "headers"],
)
def test_headers_without_end_are_given_up(before: bytes, more: bytes) -> None:
    with speaking(flood(before, more)) as port, session(f"127.0.0.1:{port}") as http, pytest.raises(Oversized):
        http.get(f"http://127.0.0.1:{port}/", timeout=10)


def test_a_body_without_end_is_given_up_at_the_byte_limit() -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    with speaking(flood(head, b"a" * 65_536)) as port, session(f"127.0.0.1:{port}", max_answer_bytes=100_000) as http:
        with pytest.raises((requests.RequestException, HTTPError)) as caught:
            http.get(f"http://127.0.0.1:{port}/", timeout=10)
        assert cause_of(caught.value, TooManyBytes)


def test_one_deadline_may_span_several_requests() -> None:
    with LoopbackServer() as server, session(server.host_port) as http:
        server.answer("/", body=b"x")
        moment = [0.0]
        deadline = Deadline(10, clock=lambda: moment[0])
        assert http.get(server.url("/"), timeout=deadline).content == b"x"  # type: ignore[arg-type]
        moment[0] = 10.5
        with pytest.raises(TotalTimeout):
            http.get(server.url("/"), timeout=deadline)  # type: ignore[arg-type]


def test_a_name_server_that_never_answers_does_not_outlast_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()
    ask = names._ask

    def hang(host: str, port: int, flags: int) -> object:
        if flags:
            return ask(host, port, flags)
        answered.wait(10)
        raise socket.gaierror(socket.EAI_AGAIN, "at last")

    monkeypatch.setattr(names, "_ask", hang)
    try:
        with session() as http, pytest.raises(TotalTimeout, match="lookup"):
            http.get("http://slow.example/", timeout=0.2)
    finally:
        answered.set()


def test_a_name_that_cannot_be_looked_up_at_all_does_not_resolve() -> None:
    with pytest.raises(socket.gaierror):
        names.lookup("a" * 70 + ".example", 80, Deadline(5))
    with pytest.raises(socket.gaierror):
        names.lookup("b\u00fccher.example", 80, Deadline(5))
