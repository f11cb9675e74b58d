"""A requests adapter that cannot be led astray: checked peers, one deadline, bounded bytes, verified TLS.

``requests`` bounds each read, not the whole (a byte a second never ends), and connects wherever a name leads. Here the
socket itself asks, before every read, how much time is left, and counts what arrives; and a connection is made only to
an address that the policy passes, checked before connecting and again on the connected socket before a byte is sent.
Proxies are not used: behind one, the address check would judge the proxy.

    adapter = GuardedAdapter(AddressPolicy.from_texts(network.allow_private), ca_bundle=None)
    session = requests.Session()
    session.trust_env = False                     # no proxies, no netrc, no environment
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    response = session.post(url, data=body, timeout=15, stream=True, allow_redirects=False)

``timeout`` is the *total* for name lookup, connecting, TLS, request, headers and body: seconds (of a pair, the larger),
or a :class:`Deadline` shared by several requests. Failures are subclasses of what requests raises anyway:
:class:`RefusedConnection` (never retry), :class:`TotalTimeout`, :class:`Oversized`; a body read with ``stream=True``
raises urllib3's own errors, through which :func:`cause_of` finds ours.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import DEFAULT_POOLBLOCK, HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError, NewConnectionError
from urllib3.poolmanager import PoolManager
from urllib3.response import HTTPResponse
from urllib3.util import Timeout

from collector.net.address import AddressPolicy
from collector.net.answer import LeanAnswer
from collector.net.deadline import MAX_HEADER_BYTES, AddressRefused, Deadline, DeadlinePassed, TooManyBytes
from collector.net.names import SocketAddress, lookup
from collector.net.origin import Origin

DEFAULT_SECONDS = 30.0
MAX_ANSWER_BYTES = 1024 * 1024
MAX_IDLE_HOSTS = 256  # idle sockets are bounded: the image runs with 1,024 file descriptors
MAX_PER_HOST = 4
SHORTEST_CONNECT = 2.0

E_ = TypeVar("E_", bound=BaseException)


class RefusedConnection(requests.exceptions.ConnectionError):
    """The address must not be reached. Trying again cannot help."""


class TotalTimeout(requests.exceptions.Timeout):
    """The deadline passed before the answer's headers were complete."""


class Oversized(requests.exceptions.ConnectionError):
    """The answer's headers would not end."""


class Get(requests.PreparedRequest):
    """A GET that is already prepared: an address that was parsed once, the path with its query, headers."""

    def __init__(self, *, origin: Origin, path: str, url: str, headers: Mapping[str, str]) -> None:
        self.origin = origin
        self.path = path
        self.method = "GET"
        self.url = url
        self.headers = headers  # type: ignore[assignment]  # a dict, which urllib3 copies faster
        self.body = None

    @property
    def path_url(self) -> str:
        return self.path


def _origin(request: requests.PreparedRequest) -> Origin:
    """Raises InvalidURL."""
    try:
        parts = urlsplit(request.url or "")
        scheme = parts.scheme.lower()
        port = parts.port or {"http": 80, "https": 443}[scheme]
        if parts.hostname:
            return Origin(scheme, parts.hostname, port)
    except (ValueError, KeyError) as error:
        raise requests.exceptions.InvalidURL(f"not an address to connect to: {error}", request=request) from error
    raise requests.exceptions.InvalidURL("an address without a host", request=request)


class Exchange:
    """What one request may take: deadline, bytes, policy. ``reused``: it went out on a kept connection."""

    __slots__ = ("allowance", "body_bytes", "deadline", "policy", "received", "reused")

    def __init__(self, deadline: Deadline, policy: AddressPolicy, body_bytes: int) -> None:
        self.deadline = deadline
        self.policy = policy
        self.body_bytes = body_bytes
        self.allowance = MAX_HEADER_BYTES
        self.received = 0
        self.reused = False

    def took(self, count: int) -> None:
        """Raises TooManyBytes once more arrived than allowed so far."""
        self.received += count
        if self.received > self.allowance:
            raise TooManyBytes(f"more than {self.allowance} bytes")

    def headers_are_in(self) -> None:
        self.allowance = MAX_HEADER_BYTES + self.body_bytes


_current: ContextVar[Exchange] = ContextVar("_current")  # set while GuardedAdapter.send runs, in its thread only


class GuardedSocket(socket.socket):
    """A socket that asks its exchange before every read. http.client reads through ``recv_into`` only."""

    exchange: Exchange

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        exchange = self.exchange
        self.settimeout(exchange.deadline.remaining())
        try:
            count = super().recv_into(*args, **kwargs)
        except TimeoutError as error:
            raise DeadlinePassed("nothing more came before the deadline") from error
        exchange.took(count)
        return count


class GuardedTLSSocket(GuardedSocket, ssl.SSLSocket):
    """The same over TLS."""


class _Guarded(HTTPConnection):
    """Connects to checked addresses and hands the socket each request's exchange."""

    response_class = LeanAnswer

    sock: Any

    def _new_conn(self) -> socket.socket:
        exchange = _current.get()
        refusals: list[str] = []
        failure: OSError | None = None
        addresses = self._addresses(exchange)
        for index, (family, sockaddr) in enumerate(addresses):
            refusal = exchange.policy.refusal(sockaddr[0], self.host, sockaddr[1])
            if refusal:
                refusals.append(refusal)
                continue
            try:
                return self._connected(exchange, family, sockaddr, len(addresses) - index)
            except AddressRefused:
                raise
            except OSError as error:
                failure = error
        if failure is None:
            raise AddressRefused(f"{self.host}: {refusals[0] if refusals else 'no address'}")
        exchange.deadline.remaining()
        raise NewConnectionError(self, f"{failure.strerror or failure}") from failure

    def _addresses(self, exchange: Exchange) -> tuple[tuple[int, SocketAddress], ...]:
        try:
            return lookup(self._dns_host, self.port, exchange.deadline)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error

    def _connected(self, exchange: Exchange, family: int, sockaddr: SocketAddress, chances: int) -> socket.socket:
        """One address gets its share of the time that is left, so that a dead IPv6 route does not cost all of it."""
        sock = GuardedSocket(family, socket.SOCK_STREAM)
        try:
            left = exchange.deadline.remaining()
            sock.settimeout(min(left, max(SHORTEST_CONNECT, left / chances)))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.connect(sockaddr)
            refusal = exchange.policy.refusal(sock.getpeername()[0], self.host, sockaddr[1])
            if refusal:
                raise AddressRefused(f"{self.host}: {refusal}")
            sock.settimeout(exchange.deadline.remaining())  # bounds the whole TLS handshake
        except BaseException:
            sock.close()
            raise
        exchange.reused = False
        sock.exchange = exchange
        return sock

    def connect(self) -> None:
        super().connect()
        self.sock.exchange = _current.get()

    def request(self, *args: Any, **kwargs: Any) -> None:
        exchange = _current.get()
        if self.sock is not None:
            exchange.reused = self.sock.exchange is not exchange
            self.sock.exchange = exchange
            self.sock.settimeout(exchange.deadline.remaining())  # sendall: total for the whole request
        super().request(*args, **kwargs)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3 does
        response = super().getresponse()
        _current.get().headers_are_in()
        return response


class GuardedHTTPConnection(_Guarded):
    pass


class GuardedHTTPSConnection(_Guarded, HTTPSConnection):
    pass


class GuardedHTTPPool(HTTPConnectionPool):
    ConnectionCls = GuardedHTTPConnection


class GuardedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = GuardedHTTPSConnection


class GuardedAdapter(HTTPAdapter):
    """Mount it on a session, or call :meth:`send` with a prepared request. Safe to share between threads.

    ``ca_bundle`` is a PEM file or a folder of certificates (None: certifi's); certificates are verified against it
    always, whatever ``verify`` says. ``max_answer_bytes`` bounds what is read from the wire after the headers.
    """

    def __init__(
        self,
        policy: AddressPolicy,
        *,
        ca_bundle: str | None = None,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
        pool_connections: int = MAX_IDLE_HOSTS,
        pool_maxsize: int = MAX_PER_HOST,
        **http_adapter_kwargs: Any,
    ) -> None:
        self._policy = policy
        self._ca_bundle = ca_bundle
        self._max_answer_bytes = max_answer_bytes
        self._tls: ssl.SSLContext | None = None
        super().__init__(pool_connections=pool_connections, pool_maxsize=pool_maxsize, **http_adapter_kwargs)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = DEFAULT_POOLBLOCK, **pool_kwargs: Any
    ) -> None:
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": GuardedHTTPPool, "https": GuardedHTTPSPool}

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> HTTPConnectionPool:
        """The pool of the request's origin, under a key of three words instead of urllib3's 27 (40 µs)."""
        origin = request.origin if isinstance(request, Get) else _origin(request)
        pools = self.poolmanager.pools
        with pools.lock:
            pool: HTTPConnectionPool | None = pools.get(origin)
            if pool is None:
                pool = pools[origin] = self._new_pool(origin)
        return pool

    def _new_pool(self, origin: Origin) -> HTTPConnectionPool:
        context = self.poolmanager.connection_pool_kw.copy()
        if origin.scheme == "https":
            context["ssl_context"] = self._tls_context()
        pool: HTTPConnectionPool = self.poolmanager._new_pool(origin.scheme, origin.host, origin.port, context)
        return pool

    def request_url(self, request: requests.PreparedRequest, proxies: Any) -> str:
        return request.path_url

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """For :class:`Get` a response that has its status and ``raw`` only; complete for any other request."""
        if not isinstance(req, Get):
            return super().build_response(req, resp)
        response = requests.Response()
        response.status_code, response.raw = resp.status, resp
        return response

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing to set per connection: the context holds the certificates, loaded once."""

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        raise requests.exceptions.ProxyError("proxies are not used: behind one the address check would be blind")

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Raises RefusedConnection, TotalTimeout, Oversized and whatever else requests raises."""
        exchange = Exchange(as_deadline(timeout), self._policy, self._max_answer_bytes)
        return self.send_within(exchange, request)

    def send_within(self, exchange: Exchange, request: requests.PreparedRequest) -> requests.Response:
        """The same with an exchange of the caller's, who can then see whether a kept connection was used."""
        before = _current.set(exchange)
        try:
            return super().send(request, stream=True, timeout=_NO_OTHER_TIMEOUT, verify=True, proxies=None)
        except (requests.exceptions.RequestException, OSError) as error:
            raise translated(error, request) from error
        finally:
            _current.reset(before)

    def _tls_context(self) -> ssl.SSLContext:
        """Made at the first https request: loading the certificates takes some 20 ms."""
        if self._tls is None:
            bundle = self._ca_bundle or DEFAULT_CA_BUNDLE_PATH
            folder = Path(bundle).is_dir()
            context = ssl.create_default_context(cafile=None if folder else bundle, capath=bundle if folder else None)
            context.sslsocket_class = GuardedTLSSocket
            self._tls = context
        return self._tls


_NO_OTHER_TIMEOUT: Any = Timeout(connect=None, read=None)


def as_deadline(timeout: Any) -> Deadline:
    """A Deadline as it is; seconds, or the larger of a (connect, read) pair, from now on; None: 30 s."""
    if isinstance(timeout, Deadline):
        return timeout
    if isinstance(timeout, tuple):
        timeout = max((part for part in timeout if part is not None), default=None)
    return Deadline(DEFAULT_SECONDS if timeout is None else float(timeout))


def translated(error: Exception, request: requests.PreparedRequest) -> Exception:
    """The same error as the more telling of our own kinds, where one of ours is the cause."""
    translations: tuple[tuple[type[OSError], Callable[..., requests.exceptions.RequestException]], ...] = (
        (AddressRefused, RefusedConnection),
        (DeadlinePassed, TotalTimeout),
        (TooManyBytes, Oversized),
    )
    for kind, ours in translations:
        cause = cause_of(error, kind)
        if cause is not None:
            return ours(str(cause), request=request)
    if isinstance(error, requests.exceptions.RequestException):
        return error
    return requests.exceptions.ConnectionError(error, request=request)


def cause_of(error: BaseException, kind: type[E_]) -> E_ | None:
    """The error of that kind among those this one was made from, if any. urllib3 keeps some only in ``args``."""
    return next((cause for cause in _causes(error) if isinstance(cause, kind)), None)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        more = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        waiting.extend(cause for cause in more if isinstance(cause, BaseException))
