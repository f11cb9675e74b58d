"""The head of an HTTP answer, honest and otherwise."""

from __future__ import annotations

import http.client
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.net.answer import MAX_HEADERS, LeanAnswer, read_headers


class FakeSocket:
    """Has already received everything it will."""

    def __init__(self, received: bytes) -> None:
        self._received = received

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._received)


def answer(received: bytes, method: str = "GET") -> LeanAnswer:
    made = LeanAnswer(FakeSocket(received), method=method)  # type: ignore[arg-type]
    made.begin()
    return made


def headers(lines: bytes) -> list[tuple[str, str]]:
    return read_headers(io.BytesIO(lines)).items()


def test_headers_are_read_in_order_with_their_repetitions() -> None:
    assert headers(b"A: 1\r\nb:2 \r\nA:  3\r\n\r\nbody: no") == [("A", "1"), ("b", "2"), ("A", "3")]


def test_a_malformed_line_hides_nothing_behind_it() -> None:
    lines = b"no colon here\r\n: empty\r\nX\x00Y: 1\r\nX Y: 1\r\nContent-Type: text/xml\r\n folded\r\nETag: 1\r\n\r\n"
    assert headers(lines) == [("Content-Type", "text/xml folded"), ("ETag", "1")]


def test_a_folded_line_without_a_header_before_it_is_skipped() -> None:
    assert headers(b" folded\r\nA: 1\r\n\r\n") == [("A", "1")]


def test_too_many_headers_are_refused() -> None:
    with pytest.raises(http.client.HTTPException, match="100 headers"):
        headers(b"A: 1\r\n" * (MAX_HEADERS + 1) + b"\r\n")


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(http.client.LineTooLong):
        headers(b"A: " + b"1" * 70_000)


@given(st.binary(max_size=400))
def test_any_bytes_are_headers_or_an_http_error(noise: bytes) -> None:
    for name, value in headers(noise):
        assert name
        assert "\n" not in value


def test_interim_answers_are_skipped() -> None:
    hints = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    got = answer(hints + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi!")
    assert (got.status, got.headers.items(), got.read()) == (200, [("Content-Length", "2")], b"hi")


@pytest.mark.parametrize(
    ("head", "method", "length", "closes"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "GET", 5, False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n", "GET", 5, True),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n", "GET", 5, True),
        (b"HTTP/1.1 200 OK\r\n\r\n", "GET", None, True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "GET", None, True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1_0\r\n\r\n", "GET", None, True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD", 0, False),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "GET", 0, False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nContent-Length: 5\r\n\r\n", "GET", None, False),
    ],
)
def test_where_the_body_ends(head: bytes, method: str, length: int | None, closes: bool) -> None:
    got = answer(head, method)
    assert (got.length, got.will_close) == (length, closes)


@pytest.mark.parametrize(
    "head", [b"<rss>", b"HTTP/9.9 abc\r\n\r\n", b"HTTP/2 200 OK\r\n\r\n", b"HTTP/1.1 9 x\r\n\r\n", b""]
)
def test_what_is_no_http_is_an_http_error(head: bytes) -> None:
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        answer(head)
