"""Waitress in a thread of its own: listens as the configuration says, moves when that changes, ends when told."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import structlog

from collector.config.settings import Web
from collector.model.errors import SiagaError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 4
MOST_BODY_BYTES = 1024 * 1024
CONNECTIONS = 200
MOST_HEADERS = 100
SLOWEST_REQUEST_S = 20.0  # from its first byte to its last
IDLE_S = 30  # an open connection that says nothing is closed

log = structlog.get_logger()


class CannotListen(SiagaError):
    """The address is taken, or not this machine's, or its port needs root."""


@cache
def channel_class() -> type[Any]:
    """Waitress's channel, but stricter: whose request dawdles is cut off, and what can be read in two ways is refused
    (RFC 9112, section 6.1: a length beside chunks)."""
    from waitress.channel import HTTPChannel
    from waitress.parser import HTTPRequestParser, ParsingError

    class Parser(HTTPRequestParser):
        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            if self.chunked and "CONTENT_LENGTH" in self.headers:
                raise ParsingError("a length beside chunks")
            if len(self.headers) > MOST_HEADERS:
                raise ParsingError("too many headers")

    class Channel(HTTPChannel):
        parser_class = Parser
        begun = 0.0

        def received(self, data: bytes) -> bool:
            if self.request is None:
                self.begun = time.monotonic()
            taken: bool = super().received(data)
            if self.request is not None and time.monotonic() - self.begun > SLOWEST_REQUEST_S:
                self.handle_close()
                return False
            return taken

    return Channel


class PageServer:
    """One listening address. ``application`` answers in waitress's threads. Only from ``trusted_proxy`` the header
    ``X-Forwarded-For`` is taken, its last entry: the one which that proxy wrote. Any other forwarding header goes."""

    def __init__(self, application: WSGIApplication, listen: str, *, trusted_proxy: str | None = None) -> None:
        self._application = application
        self._listen = listen
        self._trusted_proxy = trusted_proxy
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._server: Any = None
        self._map: dict[int, Any] = {}

    def start(self) -> None:
        """Raises CannotListen."""
        from waitress.server import create_server

        logging.getLogger("waitress").setLevel(logging.ERROR)  # every queue that forms is no news
        proxy = self._trusted_proxy
        trusted: dict[str, Any] = {} if proxy is None else {"trusted_proxy": proxy}
        if trusted:
            trusted["trusted_proxy_headers"] = {"x-forwarded-for"}
        self._server = create_server(
            self._application,
            map=self._map,
            sockets=[_listening(self._listen)],
            threads=THREADS,
            ident=None,
            max_request_body_size=MOST_BODY_BYTES,
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE_S,
            cleanup_interval=10,
            clear_untrusted_proxy_headers=True,
            **trusted,
        )
        self._server.channel_class = channel_class()
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """``host:port`` as bound."""
        host, port = self._server.socket.getsockname()[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def _run(self) -> None:
        from waitress import wasyncore

        while not self._ending.is_set():
            wasyncore.loop(timeout=1.0, use_poll=True, map=self._map, count=1)

    def stop(self, within: timedelta = timedelta(seconds=2)) -> None:
        """Answers under way may finish within that time."""
        from waitress import wasyncore

        if self._thread is None:
            return
        self._ending.set()
        self._server.pull_trigger()
        self._thread.join(2)
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=within.total_seconds())
        wasyncore.close_all(self._map, ignore_all=True)
        self._thread = None


class PageHost:
    """Serves while ``web:`` is in the configuration, at the address that it names."""

    def __init__(self, make: Callable[[], WSGIApplication]) -> None:
        self._make = make
        self._server: PageServer | None = None
        self._served: tuple[str, str | None] | None = None  # where, and behind which proxy

    def follow(self, web: Web | None) -> None:
        """Start, stop or move. What is served is asked of the current configuration at every request. Raises
        CannotListen; nothing is served then."""
        wanted = None if web is None else (web.listen, web.trusted_proxy)
        if wanted == self._served:
            return
        self.stop()
        if web is None:
            return
        server = PageServer(self._make(), web.listen, trusted_proxy=web.trusted_proxy)
        server.start()
        self._server, self._served = server, wanted
        log.info("page served", address=web.address, listen=server.address)

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()
        self._server = self._served = None


def _listening(listen: str) -> socket.socket:
    host, _, port = listen.rpartition(":")
    machine = host.strip("[]")
    family = socket.AF_INET6 if ":" in machine else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((machine, int(port)))
        made.listen(128)
    except OSError as error:
        made.close()
        raise CannotListen(f"web.listen {listen}: {error.strerror or error}") from None
    made.setblocking(False)
    return made
