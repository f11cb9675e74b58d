"""How bad a failure is."""

from __future__ import annotations

import socket
import ssl
from http.client import BadStatusLine, RemoteDisconnected

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError, ProtocolError

from collector.model.source import FailureClass
from collector.net.deadline import AddressRefused, DeadlinePassed, TooManyBytes
from collector.sources.setback import MAX_REASON_CHARS, Setback, setback_of_error, setback_of_status
from collector.sources.target import BadAddress

TEMPORARY, SOFT, HARD = FailureClass.TEMPORARY, FailureClass.SOFT, FailureClass.HARD


def unresolved() -> MaxRetryError:
    pool: object = None
    reason = NameResolutionError("a.example", None, socket.gaierror(-2, "unknown"))  # type: ignore[arg-type]
    return MaxRetryError(pool, "/", reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "failure_class", "words"),
    [
        (unresolved(), TEMPORARY, "does not resolve"),
        (BadAddress("only http and https"), HARD, "only http"),
        (ProtocolError("aborted", AddressRefused("127.0.0.1 is inside")), HARD, "inside"),
        (ProtocolError("aborted", DeadlinePassed("x")), SOFT, "too slow"),
        (TimeoutError("timed out"), SOFT, "too slow"),
        (ProtocolError("aborted", TooManyBytes("x")), SOFT, "would not end"),
        (ProtocolError("aborted", RemoteDisconnected("x")), SOFT, "hung up"),
        (ProtocolError("aborted", ConnectionResetError(104, "reset")), SOFT, "broke"),
        (ProtocolError("aborted", BadStatusLine("x")), SOFT, "not HTTP"),
        (ssl.SSLCertVerificationError(1, "self-signed"), SOFT, "certificate"),
        (ssl.SSLError(1, "wrong version number"), SOFT, "TLS"),
        (NewConnectionError(None, "No route to host"), SOFT, "No route"),  # type: ignore[arg-type]
        (UnicodeEncodeError("latin-1", "x", 0, 1, "no"), HARD, "cannot be sent"),
        (ValueError("odd"), SOFT, "odd"),
    ],
)
def test_the_most_telling_cause_decides(error: Exception, failure_class: FailureClass, words: str) -> None:
    setback = setback_of_error(error)
    assert setback.failure_class is failure_class
    assert words in setback.reason


@pytest.mark.parametrize(
    ("status", "failure_class"),
    [
        *((status, TEMPORARY) for status in (408, 429, 503)),
        *((status, SOFT) for status in (204, 300, 500, 502)),
        *((status, HARD) for status in (400, 401, 403, 404, 410, 451)),
    ],
)
def test_each_status_has_its_weight(status: int, failure_class: FailureClass) -> None:
    setback = setback_of_status(status)
    assert setback.failure_class is failure_class
    assert setback.status == status
    assert f"HTTP {status}" in setback.reason


@given(st.text(max_size=400))
def test_a_reason_is_one_short_printable_line(text: str) -> None:
    reason = Setback(SOFT, text).reason
    assert len(reason) <= MAX_REASON_CHARS
    assert reason.isprintable()
