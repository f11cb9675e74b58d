"""What went wrong with a request, and how bad that is. Foreign errors end here.

| class | weight | what |
| --- | --- | --- |
| temporary | 0.25 | the name does not resolve; 408, 425, 429, 503; robots.txt cannot be read just now |
| soft | 0.5 | no connection, reset, too slow, TLS or certificate fault, not HTTP, cut short, endless headers, 5xx, |
| | | an empty or unasked-for answer, a redirect to nowhere, robots.txt forbids |
| hard | 1 | bad address, inside address, too many redirects, 401, 403, 404, 410 and other 4xx, larger than allowed |

Names that do not resolve often come back; a bad address does not (after mediacloud/rss-fetcher). A server that is
overloaded asks for time (429, 503) and gets it through Retry-After; one that forbids (403) is asked less and less.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPException, IncompleteRead, RemoteDisconnected

from requests.exceptions import InvalidURL
from urllib3.exceptions import (
    IncompleteRead as BodyCutShort,
)
from urllib3.exceptions import (
    InvalidChunkLength,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
)

from collector.model.source import FailureClass
from collector.net.connection import RefusedConnection, cause_of
from collector.net.deadline import AddressRefused, DeadlinePassed, TooManyBytes
from collector.sources.body import BodyTooLarge, BodyUnreadable
from collector.sources.target import BadAddress

MAX_REASON_CHARS = 200


class Setback(Exception):
    """Ends a request inside the fetcher; at its edge it becomes a Failed."""

    def __init__(
        self,
        failure_class: FailureClass,
        reason: str,
        *,
        status: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(reason)
        self.failure_class = failure_class
        self.reason = _printable(reason)[:MAX_REASON_CHARS]
        self.status = status
        self.retry_after = retry_after


_TEMPORARY_STATUSES = frozenset({408, 425, 429, 503})
_MEANINGS = {
    401: "a login is asked for",
    403: "forbidden",
    404: "not found",
    410: "gone for good",
    429: "too many requests",
    503: "not available just now",
}

Describe = Callable[[BaseException], str]
# The first row whose error is among the causes decides: from the most telling to the most general.
_ERRORS: tuple[tuple[type[BaseException], FailureClass, Describe], ...] = (
    (BadAddress, FailureClass.HARD, str),
    (AddressRefused, FailureClass.HARD, str),
    (RefusedConnection, FailureClass.HARD, str),
    (DeadlinePassed, FailureClass.SOFT, lambda _: "too slow: the time limit has passed"),
    (TimeoutError, FailureClass.SOFT, lambda _: "too slow: no connection in time"),
    (TooManyBytes, FailureClass.SOFT, lambda _: "headers or framing would not end"),
    (BodyTooLarge, FailureClass.HARD, lambda error: f"too large: {error}"),
    (BodyUnreadable, FailureClass.SOFT, str),
    (NameResolutionError, FailureClass.TEMPORARY, lambda _: "the host's name does not resolve"),
    (ssl.SSLCertVerificationError, FailureClass.SOFT, lambda error: f"certificate not trusted: {_verify(error)}"),
    (ssl.SSLError, FailureClass.SOFT, lambda error: f"TLS failed: {error}"),
    (BodyCutShort, FailureClass.SOFT, lambda _: "the answer was cut short"),
    (IncompleteRead, FailureClass.SOFT, lambda _: "the answer was cut short"),
    (InvalidChunkLength, FailureClass.SOFT, lambda _: "the answer's chunks are damaged"),
    (RemoteDisconnected, FailureClass.SOFT, lambda _: "the server hung up without an answer"),
    (ConnectionRefusedError, FailureClass.SOFT, lambda _: "connection refused"),
    (ConnectionResetError, FailureClass.SOFT, lambda _: "the server broke the connection off"),
    (NewConnectionError, FailureClass.SOFT, lambda error: f"no connection: {_last_words(error)}"),
    (HTTPException, FailureClass.SOFT, lambda error: f"the answer is not HTTP: {str(error) or type(error).__name__}"),
    (ProtocolError, FailureClass.SOFT, lambda error: f"the connection broke: {error}"),
    (LocationParseError, FailureClass.HARD, str),
    (InvalidURL, FailureClass.HARD, str),
    (UnicodeError, FailureClass.HARD, lambda _: "the address cannot be sent"),
    (OSError, FailureClass.SOFT, lambda error: f"{type(error).__name__}: {error}"),
)


def setback_of_error(error: BaseException) -> Setback:
    """The row of the table that fits an error raised while asking or reading."""
    for kind, failure_class, describe in _ERRORS:
        cause = cause_of(error, kind)
        if cause is not None:
            return Setback(failure_class, describe(cause))
    return Setback(FailureClass.SOFT, f"{type(error).__name__}: {error}")


def setback_of_status(status: int, retry_after: timedelta | None = None) -> Setback:
    """For an answer that is neither 200 nor 304 nor a redirect."""
    if status in _TEMPORARY_STATUSES:
        failure_class = FailureClass.TEMPORARY
    else:
        failure_class = FailureClass.HARD if 400 <= status < 500 else FailureClass.SOFT
    meaning = _MEANINGS.get(status)
    reason = f"HTTP {status}" + (f" ({meaning})" if meaning else "")
    return Setback(failure_class, reason, status=status, retry_after=retry_after)


def _verify(error: BaseException) -> str:
    return getattr(error, "verify_message", "") or str(error)


def _last_words(error: BaseException) -> str:
    return str(error).rpartition(": ")[2]


def _printable(text: str) -> str:
    """One line, without control characters: reasons are shown in terminals and mails."""
    return "".join(char if char.isprintable() else " " for char in text)
