"""The only place that fetches what sources serve.

    address ── read as WHATWG ──> robots.txt (pages) ──> ask ──> 304 | 200 ──> body, unpacked ──> Fetched
                    ^                                     │
                    └────────── Location, at most 5 ──────┘ (its body is never read)

Each arrow may end in a :class:`Setback`, which leaves here as a :class:`Failed`. One deadline (``source.timeout``)
spans all of it: name lookups, every hop, robots.txt, the body. Every hop's address is checked on the socket that is
connected (:mod:`collector.net.connection`). Cookies, credentials, proxies and the environment are not used.

One adapter with its pool of kept connections serves all threads: a session per thread would open a connection for
almost every request, since a host's next request comes from another thread. requests' ``Session.send`` is left out
(cookies, hooks, redirects, environment); its adapter, which is thread-safe, does the work.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from http.client import HTTPException

from requests.exceptions import ConnectionError as NoConnection
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from collector.model.source import Failed, FailureClass, Fetched, Source, SourceState
from collector.net.address import AddressPolicy
from collector.net.connection import Exchange, Get, GuardedAdapter, Oversized, RefusedConnection
from collector.net.deadline import Deadline
from collector.net.retry_after import retry_after
from collector.sources.body import MAX_BYTES, BodyTooLarge, BodyUnreadable, read_body
from collector.sources.robots import MAX_ROBOTS_BYTES, Robots, RobotsAnswer
from collector.sources.setback import Setback, setback_of_error, setback_of_status
from collector.sources.target import BadAddress, Target, target_of
from collector.sources.validator import usable_validator

MAX_REDIRECTS = 5
MAX_HEADERS = 64
MAX_HEADER_CHARS = 2048
FRAMED = 2  # how much longer than its content a chunked body may be on the wire
MAX_DRAINED_BYTES = 4096  # an error's body is read only to keep the connection, and only if it says it is so short
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_READABLE = frozenset({200, 203})
_LEFT_OUT = frozenset({"set-cookie", "connection", "content-encoding", "content-length", "transfer-encoding"})
_FOREIGN_ERRORS = (OSError, HTTPError, HTTPException, ValueError)  # requests' own are OSErrors


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """One fetch: what is asked with, and within which limits."""

    headers: Mapping[str, str]
    deadline: Deadline
    now: datetime
    robots: bool
    max_bytes: int
    beginning_will_do: bool = False

    @property
    def conditional(self) -> bool:
        return "If-None-Match" in self.headers or "If-Modified-Since" in self.headers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpFetcher:
    """Implements :class:`collector.sources.base.Fetcher`. Safe to share between threads.

    ``contact`` (an address for the operators of what is fetched) goes into the User-Agent. ``allow_private`` holds
    ``host:port``, address or CIDR texts; raises ValueError where one cannot be read. ``ca_bundle`` is a PEM file or a
    folder (None: certifi's). Seconds are measured on the monotonic clock; moments are ``now`` plus those.
    """

    def __init__(
        self,
        *,
        version: str,
        contact: str | None = None,
        allow_private: tuple[str, ...] = (),
        ca_bundle: str | None = None,
        max_bytes: int = MAX_BYTES,
        max_redirects: int = MAX_REDIRECTS,
    ) -> None:
        self._user_agent = user_agent(version, contact)
        self._policy = AddressPolicy.from_texts(allow_private)
        self._adapter = GuardedAdapter(self._policy, ca_bundle=ca_bundle)
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
        self._robots = Robots()

    def fetch(
        self, source: Source, url: str, state: SourceState | None, *, accept: str, robots: bool, now: datetime
    ) -> Fetched | Failed:
        """One request, with its redirects, within ``source.timeout``. Never raises for what the world does.

        ``Fetched.body`` is unpacked and complete; ``headers`` has lower-case names, without those that describe only
        the transport, and without values over 2 kB; ``body_hash`` is BLAKE2b-128 of the body in hex.
        """
        started = time.monotonic()
        question = _Question(
            headers=self._headers(accept, state),
            deadline=Deadline(source.timeout.total_seconds()),
            now=now,
            robots=robots,
            max_bytes=self._max_bytes,
        )
        try:
            answer = self._follow(url, question)
        except Setback as setback:
            duration = timedelta(seconds=time.monotonic() - started)
            return Failed(
                url=url,
                failure_class=setback.failure_class,
                reason=setback.reason,
                failed_at=now + duration,
                duration=duration,
                status=setback.status,
                retry_after=setback.retry_after,
            )
        duration = timedelta(seconds=time.monotonic() - started)
        return Fetched(
            url=url,
            final_url=answer.final_url,
            status=answer.status,
            body=answer.body,
            headers=answer.headers,
            fetched_at=now + duration,
            duration=duration,
            body_hash=blake2b(answer.body, digest_size=16).hexdigest() if answer.body else "",
        )

    def close(self) -> None:
        """Close all kept connections."""
        self._adapter.close()

    def _headers(self, accept: str, state: SourceState | None) -> Mapping[str, str]:
        headers = {"User-Agent": self._user_agent, "Accept": accept, "Accept-Encoding": "gzip"}
        if state is not None:
            etag, last_modified = usable_validator(state.etag), usable_validator(state.last_modified)
            if etag:
                headers["If-None-Match"] = etag
            if last_modified:
                headers["If-Modified-Since"] = last_modified
        return headers

    def _follow(self, url: str, question: _Question) -> _Answer:
        """Raises Setback."""
        target = _target(url)
        for _ in range(self._max_redirects + 1):
            if question.robots:
                self._ask_robots(target, question)
            response = self._ask(target, question)
            if response.status not in _REDIRECTS:
                return self._answer(target, response, question)
            location = response.headers.get("location")
            _leave(response)
            if not location:
                raise Setback(FailureClass.SOFT, "a redirect to nowhere", status=response.status)
            target = _target(_as_utf8(location), target.url)
        raise Setback(FailureClass.HARD, f"more than {self._max_redirects} redirects")

    def _ask_robots(self, target: Target, question: _Question) -> None:
        """Raises Setback where the page must not be fetched."""

        def ask(url: str) -> RobotsAnswer:
            return self._robots_txt(url, question)

        refusal = self._robots.refusal(target, question.now, ask)
        if refusal is not None:
            raise refusal

    def _robots_txt(self, url: str, question: _Question) -> RobotsAnswer:
        asking = _Question(
            headers=self._headers("text/plain", None),
            deadline=question.deadline,
            now=question.now,
            robots=False,
            max_bytes=MAX_ROBOTS_BYTES,
            beginning_will_do=True,
        )
        try:
            answer = self._follow(url, asking)
        except Setback as setback:
            return RobotsAnswer(status=setback.status, reason=setback.reason)
        return RobotsAnswer(status=200, body=answer.body)

    def _ask(self, target: Target, question: _Question) -> HTTPResponse:
        """Send the request; returns with the headers read and the body not. Raises Setback."""
        request = Get(origin=target.place, path=target.path, url=target.url, headers=question.headers)
        while True:
            exchange = Exchange(question.deadline, self._policy, FRAMED * question.max_bytes)
            try:
                return self._adapter.send_within(exchange, request).raw
            except NoConnection as error:
                # The server closed a kept connection in the same moment: nobody's fault, ask again on another.
                stale = exchange.reused and not exchange.received
                if not stale or isinstance(error, RefusedConnection | Oversized):
                    raise setback_of_error(error) from error
            except _FOREIGN_ERRORS as error:
                raise setback_of_error(error) from error

    def _answer(self, target: Target, response: HTTPResponse, question: _Question) -> _Answer:
        """Raises Setback for every status but 200, 203 and an asked-for 304, and for a body that cannot be read."""
        try:
            body = self._body(response, question)
        except Setback:
            _leave(response)
            raise
        except (*_FOREIGN_ERRORS, BodyTooLarge, BodyUnreadable) as error:
            response.close()
            raise setback_of_error(error) from error
        return _Answer(final_url=target.url, status=response.status, headers=_kept(response.headers), body=body)

    def _body(self, response: HTTPResponse, question: _Question) -> bytes:
        if response.status == 304 and question.conditional:
            response.drain_conn()  # there is no body; this hands the connection back
            return b""
        if response.status == 304:
            raise Setback(FailureClass.SOFT, "answered 304 to a request without conditions", status=304)
        if response.status not in _READABLE:
            raise setback_of_status(response.status, retry_after(response.headers.get("retry-after"), question.now))
        body = self._content(response, question)
        if not body:
            raise Setback(FailureClass.SOFT, "an empty answer", status=response.status)
        return body

    def _content(self, response: HTTPResponse, question: _Question) -> bytes:
        try:
            return read_body(response, question.max_bytes)
        except BodyTooLarge as error:
            if not question.beginning_will_do:
                raise
            response.close()
            return error.beginning


def user_agent(version: str, contact: str | None) -> str:
    """``siaga/0.1 (+mailto:desk@example.org)``: who asks, and whom to write to, as far as a header can carry it."""
    whom = "".join(char for char in contact or "" if "\x20" <= char <= "\x7e" and char not in "()\\")
    return f"siaga/{version} (+{whom})" if whom else f"siaga/{version}"


def _target(address: str, base: str | None = None) -> Target:
    try:
        return target_of(address, base)
    except BadAddress as error:
        raise setback_of_error(error) from error


def _as_utf8(location: str) -> str:
    """http.client reads headers as Latin-1; what servers send is mostly UTF-8."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location


def _leave(response: HTTPResponse) -> None:
    """Be done with an answer whose body is not wanted: keep the connection where that costs next to nothing."""
    length = response.headers.get("content-length", "")
    short = length.isascii() and length.isdigit() and len(length) < 6 and int(length) <= MAX_DRAINED_BYTES
    if response.status in _REDIRECTS:
        short = length == "0"
    if not (short or response.status in (204, 304)):
        response.close()
        return
    try:
        response.read(decode_content=False)
    except _FOREIGN_ERRORS:
        response.close()


def _kept(headers: Mapping[str, str]) -> Mapping[str, str]:
    """The headers as the rest of Siaga sees them. A value that is too long is left out: half an ETag would be wrong."""
    kept: dict[str, str] = {}
    for name, value in headers.items():
        if len(kept) == MAX_HEADERS:
            break
        name = name.lower()
        if name not in _LEFT_OUT and len(value) <= MAX_HEADER_CHARS:
            kept[name] = value
    return kept
