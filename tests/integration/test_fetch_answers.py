"""The fetcher against a real server on loopback: what is asked, what comes back, what is refused."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import trustme
from loopback import Answer, LoopbackServer, Request

from collector.model.source import Failed, FailureClass, Fetched, Source, SourceState
from collector.sources.fetch import HttpFetcher, user_agent

FEED = b"<rss><channel><title>Kanal</title></channel></rss>"


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as running:
        running.answer(
            "/feed", body=FEED, headers={"ETag": '"1"', "Content-Type": "application/rss+xml; charset=utf-8"}
        )
        yield running


@pytest.fixture
def fetcher(server: LoopbackServer) -> Iterator[HttpFetcher]:
    made = HttpFetcher(version="1.0", contact="mailto:desk@example.org", allow_private=(server.host_port,))
    yield made
    made.close()


class Poll:
    """One fetch with the arguments that most tests do not care about."""

    def __init__(self, fetcher: HttpFetcher, now: datetime) -> None:
        self._fetcher = fetcher
        self._now = now

    def __call__(
        self, url: str, state: SourceState | None = None, *, robots: bool = False, timeout: float = 10
    ) -> Fetched | Failed:
        source = Source(id="s", kind="feed", url=url, timeout=timedelta(seconds=timeout))
        return self._fetcher.fetch(source, url, state, accept="application/rss+xml", robots=robots, now=self._now)

    def fetched(self, url: str, state: SourceState | None = None, *, robots: bool = False) -> Fetched:
        answer = self(url, state, robots=robots)
        assert isinstance(answer, Fetched), answer
        return answer

    def failed(self, url: str, *, robots: bool = False, timeout: float = 10) -> Failed:
        answer = self(url, robots=robots, timeout=timeout)
        assert isinstance(answer, Failed), answer
        return answer


@pytest.fixture
def poll(fetcher: HttpFetcher, now: datetime) -> Poll:
    return Poll(fetcher, now)


def state(now: datetime, **changes: str) -> SourceState:
    return SourceState(source_id="s", next_poll_at=now, **changes)  # type: ignore[arg-type]


def test_a_body_comes_with_its_hash_and_lower_case_headers(server: LoopbackServer, poll: Poll, now: datetime) -> None:
    answer = poll.fetched(server.url("/feed"))
    assert (answer.status, answer.body, answer.media_type) == (200, FEED, "application/rss+xml")
    assert answer.headers["etag"] == '"1"'
    assert len(answer.body_hash) == 32
    assert now <= answer.fetched_at <= now + timedelta(seconds=10)


def test_a_request_says_who_asks_and_for_what(server: LoopbackServer, poll: Poll) -> None:
    poll(server.url("/feed"))
    headers = server.requests[0].headers
    assert headers["user-agent"] == "siaga/1.0 (+mailto:desk@example.org)"
    assert headers["accept"] == "application/rss+xml"
    assert headers["accept-encoding"] == "gzip"
    assert not {"cookie", "authorization", "if-none-match", "if-modified-since"} & headers.keys()


def test_a_contact_cannot_smuggle_a_header() -> None:
    assert user_agent("1", "a\r\nX: y (ö)") == "siaga/1 (+aX: y )"
    assert user_agent("1", None) == "siaga/1"


def test_known_validators_make_the_request_conditional(server: LoopbackServer, poll: Poll, now: datetime) -> None:
    def unless_known(request: Request) -> Answer:
        known = request.headers.get("if-none-match") == '"1"'
        return Answer(status=304, headers={"ETag": '"1"'}) if known else Answer(body=FEED)

    server.answer("/c", unless_known)
    answer = poll.fetched(server.url("/c"), state(now, etag='"1"', last_modified="Wed, 25 Nov 2026 03:30:00 GMT"))
    assert answer.not_modified
    assert (answer.body, answer.body_hash) == (b"", "")
    assert server.requests[0].headers["if-modified-since"] == "Wed, 25 Nov 2026 03:30:00 GMT"


def test_absurd_validators_are_not_sent(server: LoopbackServer, poll: Poll, now: datetime) -> None:
    poll.fetched(server.url("/feed"), state(now, etag='"' + "e" * 60_000 + '"', last_modified="besok\r\nX-Evil: 1"))
    assert not {"if-none-match", "if-modified-since", "x-evil"} & server.requests[0].headers.keys()


def test_a_304_nobody_asked_for_is_a_failure(server: LoopbackServer, poll: Poll) -> None:
    server.answer("/odd", status=304)
    assert poll.failed(server.url("/odd")).status == 304


def test_connections_are_kept_between_requests(server: LoopbackServer, poll: Poll, now: datetime) -> None:
    server.answer("/304", status=304)
    server.answer("/503", status=503, body=b"short")
    server.answer("/moved", status=301, headers={"Location": "/feed"})
    for path in ("/feed", "/304", "/503", "/moved", "/feed"):
        poll(server.url(path), state(now, etag='"1"'))
    assert server.connections == 1


def test_a_kept_connection_that_was_closed_meanwhile_is_nobodys_fault(now: datetime) -> None:
    """The server hangs up exactly when the second request arrives: asked again on a new connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfeed"

        def serve() -> None:
            first, _ = listener.accept()
            first.recv(4096)
            first.sendall(answer)
            first.recv(4096)  # the second request, left without an answer
            first.close()
            second, _ = listener.accept()
            second.recv(4096)
            second.sendall(answer)
            second.close()

        thread = threading.Thread(target=serve)
        thread.start()
        fetcher = HttpFetcher(version="1", allow_private=(f"127.0.0.1:{port}",))
        poll = Poll(fetcher, now)
        assert [poll.fetched(f"http://127.0.0.1:{port}/").body for _ in range(2)] == [b"feed"] * 2
        thread.join(5)
        fetcher.close()


def test_gzip_is_unpacked(server: LoopbackServer, poll: Poll) -> None:
    server.answer("/gz", body=gzip.compress(FEED), headers={"Content-Encoding": "gzip"})
    answer = poll.fetched(server.url("/gz"))
    assert answer.body == FEED
    assert not {"content-encoding", "content-length"} & answer.headers.keys()


def test_chunks_are_put_together(server: LoopbackServer, poll: Poll) -> None:
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<rss\r\n2\r\n/>\r\n0\r\n\r\n"
    server.answer("/chunked", raw=raw)
    assert poll.fetched(server.url("/chunked")).body == b"<rss/>"


@pytest.mark.parametrize(
    ("status", "headers", "failure_class", "wait"),
    [
        (429, {"Retry-After": "120"}, FailureClass.TEMPORARY, timedelta(minutes=2)),
        (503, {"Retry-After": "Wed, 25 Nov 2026 04:30:00 GMT"}, FailureClass.TEMPORARY, timedelta(hours=1)),
        (503, {"Retry-After": "99999999"}, FailureClass.TEMPORARY, timedelta(hours=24)),
        (503, {}, FailureClass.TEMPORARY, None),
        (500, {"Retry-After": "soon"}, FailureClass.SOFT, None),
        (403, {}, FailureClass.HARD, None),
        (404, {}, FailureClass.HARD, None),
        (204, {}, FailureClass.SOFT, None),
    ],
)
def test_a_bad_status_is_a_failure_with_its_weight_and_wait(
    server: LoopbackServer,
    poll: Poll,
    status: int,
    headers: dict[str, str],
    failure_class: FailureClass,
    wait: timedelta | None,
) -> None:
    server.answer("/bad", status=status, headers=headers, body=b"<html>" if status != 204 else b"")
    failed = poll.failed(server.url("/bad"))
    assert (failed.status, failed.failure_class, failed.retry_after) == (status, failure_class, wait)


def test_an_empty_answer_is_a_failure(server: LoopbackServer, poll: Poll) -> None:
    server.answer("/empty", body=b"")
    assert poll.failed(server.url("/empty")).reason == "an empty answer"


def test_an_answer_that_is_cut_short_is_a_failure(server: LoopbackServer, poll: Poll) -> None:
    server.answer("/cut", raw=b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<rss>")
    failed = poll.failed(server.url("/cut"))
    assert (failed.failure_class, failed.reason) == (FailureClass.SOFT, "the answer was cut short")


def test_a_body_of_more_than_ten_megabytes_is_refused(server: LoopbackServer, poll: Poll) -> None:
    server.answer("/big", body=b" " * (10 * 1024 * 1024 + 1))
    server.answer("/fits", body=b" " * (10 * 1024 * 1024))
    assert poll.failed(server.url("/big")).failure_class is FailureClass.HARD
    assert len(poll.fetched(server.url("/fits")).body) == 10 * 1024 * 1024


def test_five_redirects_are_followed_and_a_sixth_is_not(server: LoopbackServer, poll: Poll) -> None:
    for hop in range(7):
        server.answer(f"/r{hop}", status=302, headers={"Location": f"r{hop + 1}"}, body=b"moved")
    server.answer("/r7", body=FEED)
    assert poll.fetched(server.url("/r2")).final_url == server.url("/r7")
    assert "redirects" in poll.failed(server.url("/r1")).reason


def test_a_location_may_be_written_in_utf8(server: LoopbackServer, poll: Poll) -> None:
    location = "/berita-\u00e9".encode()
    server.answer("/moved", raw=b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n")
    server.answer("/berita-%C3%A9", body=FEED)
    assert poll.fetched(server.url("/moved")).body == FEED


def test_a_redirect_to_an_inside_address_is_not_followed(server: LoopbackServer, poll: Poll) -> None:
    with LoopbackServer() as inside:
        server.answer("/trap", status=302, headers={"Location": inside.url("/secret")})
        failed = poll.failed(server.url("/trap"))
        assert failed.failure_class is FailureClass.HARD
        assert "network.allow_private" in failed.reason
        assert inside.connections == 0


def test_without_leave_nothing_on_loopback_is_even_connected_to(server: LoopbackServer, now: datetime) -> None:
    poll = Poll(HttpFetcher(version="1"), now)
    for host in ("127.0.0.1", "localhost", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0"):  # noqa: S104 - refused
        assert poll.failed(f"http://{host}:{server.port}/feed").failure_class is FailureClass.HARD
    assert server.connections == 0


def test_a_name_that_does_not_resolve_is_temporary(poll: Poll) -> None:
    failed = poll.failed("http://tidak-ada.invalid/feed")
    assert (failed.failure_class, failed.reason) == (FailureClass.TEMPORARY, "the host's name does not resolve")


def test_a_port_where_nobody_listens_is_soft(now: datetime) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    poll = Poll(HttpFetcher(version="1", allow_private=(f"127.0.0.1:{port}",)), now)
    failed = poll.failed(f"http://127.0.0.1:{port}/")
    assert (failed.failure_class, failed.reason) == (FailureClass.SOFT, "connection refused")


def test_an_address_that_is_none_is_hard(poll: Poll) -> None:
    assert poll.failed("http://[::1").failure_class is FailureClass.HARD


def test_cookies_are_not_kept(server: LoopbackServer, poll: Poll) -> None:
    server.answer("/cookie", body=FEED, headers={"Set-Cookie": "a=b; Path=/"})
    answer = poll.fetched(server.url("/cookie"))
    poll(server.url("/cookie"))
    assert "set-cookie" not in answer.headers
    assert "cookie" not in server.requests[1].headers


def test_the_environments_proxy_is_not_used(
    server: LoopbackServer, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1/")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    assert poll.fetched(server.url("/feed")).body == FEED


# ---------------------------------------------------------------- robots.txt


def test_feeds_do_not_ask_for_robots_txt(server: LoopbackServer, poll: Poll) -> None:
    poll(server.url("/feed"))
    assert not server.asked("/robots.txt")


def test_pages_ask_once_and_obey(server: LoopbackServer, poll: Poll) -> None:
    server.answer("/robots.txt", body="User-agent: *\nDisallow: /private\n")
    server.answer("/page", body=b"<html>")
    server.answer("/private/page", body=b"<html>")
    assert poll.fetched(server.url("/page"), robots=True).body == b"<html>"
    failed = poll.failed(server.url("/private/page"), robots=True)
    assert (failed.failure_class, failed.reason) == (FailureClass.SOFT, "robots.txt forbids")
    assert len(server.asked("/robots.txt")) == 1
    assert not server.asked("/private/page")


def test_a_page_may_not_redirect_past_robots_txt(server: LoopbackServer, poll: Poll) -> None:
    server.answer("/robots.txt", body="User-agent: *\nDisallow: /private\n")
    server.answer("/page", status=302, headers={"Location": "/private/page"})
    assert poll.failed(server.url("/page"), robots=True).reason == "robots.txt forbids"
    assert not server.asked("/private/page")


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (410, True), (403, False), (401, False), (500, False)])
def test_the_status_of_robots_txt_decides(server: LoopbackServer, poll: Poll, status: int, allowed: bool) -> None:
    server.answer("/robots.txt", status=status)
    server.answer("/page", body=b"<html>")
    assert isinstance(poll(server.url("/page"), robots=True), Fetched) == allowed


def test_an_endless_robots_txt_counts_as_far_as_its_first_500_kib(server: LoopbackServer, poll: Poll) -> None:
    server.answer("/robots.txt", body=b"User-agent: *\nDisallow: /private\n" + b"# filler\n" * 200_000)
    server.answer("/page", body=b"<html>")
    assert isinstance(poll(server.url("/page"), robots=True), Fetched)
    assert isinstance(poll(server.url("/private"), robots=True), Failed)


# ---------------------------------------------------------------- TLS


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def secure(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_a_certificate_of_the_given_authority_is_trusted(authority: trustme.CA, tmp_path: Path, now: datetime) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with LoopbackServer(tls=secure(authority, "127.0.0.1")) as server:
        server.answer("/feed", body=FEED)
        fetcher = HttpFetcher(version="1", allow_private=(server.host_port,), ca_bundle=str(tmp_path / "ca.pem"))
        assert Poll(fetcher, now).fetched(server.url("/feed")).body == FEED
        fetcher.close()


@pytest.mark.parametrize(("name", "trusted"), [("127.0.0.1", False), ("example.org", True)])
def test_an_unknown_authority_or_another_name_is_refused(
    authority: trustme.CA, tmp_path: Path, now: datetime, name: str, trusted: bool
) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with LoopbackServer(tls=secure(authority, name)) as server:
        server.answer("/feed", body=FEED)
        bundle = str(tmp_path / "ca.pem") if trusted else None
        fetcher = HttpFetcher(version="1", allow_private=(server.host_port,), ca_bundle=bundle)
        failed = Poll(fetcher, now).failed(server.url("/feed"))
        assert failed.failure_class is FailureClass.SOFT
        assert failed.reason.startswith("certificate not trusted")
        assert not server.requests


def test_a_tls_handshake_that_never_ends_is_over_at_the_deadline(now: datetime) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:  # accepts, and says nothing
        port = listener.getsockname()[1]
        poll = Poll(HttpFetcher(version="1", allow_private=(f"127.0.0.1:{port}",)), now)
        failed = poll.failed(f"https://127.0.0.1:{port}/", timeout=0.3)
    assert failed.reason.startswith("too slow")
    assert failed.duration < timedelta(seconds=1.3)
