"""A real HTTP server on loopback whose answers a test chooses.

with LoopbackServer() as server:
    server.answer("/feed", body=b"<rss/>", headers={"ETag": '"1"'})
    ...
    assert server.requests[0].headers["user-agent"]

An address without an answer is 404. ``answer`` twice for one path gives the answers one after the other; the last one
stays. A callable answer is handed the request and returns an :class:`Answer`. HTTP/1.1 with keep-alive.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it arrived. ``headers`` has lower-case names; ``path`` includes the query."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``raw`` replaces status, headers and body by exactly these bytes, after which the connection is closed."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    raw: bytes | None = None


Answering = Answer | Callable[[Request], Answer]


class LoopbackServer:
    """``base`` is its address without a final slash, ``host_port`` what ``allow_private`` wants to hear."""

    def __init__(self, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self._answers: dict[str, list[Answering]] = {}
        self._lock = threading.Lock()
        self._server = _Server((host, 0), _handler_for(self))
        self._tls = tls
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), name="loopback", daemon=True)

    def __enter__(self) -> LoopbackServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def host_port(self) -> str:
        return f"{self._server.server_address[0]!s}:{self.port}"

    @property
    def base(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self.host_port}"

    def url(self, path: str) -> str:
        return self.base + path

    def answer(
        self,
        path: str,
        answer: Answering | None = None,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        body: bytes | str = b"",
        raw: bytes | None = None,
    ) -> None:
        """Answer requests for this path (without query) so; see the module for repeated calls."""
        content = body.encode() if isinstance(body, str) else body
        made = answer or Answer(status=status, headers=headers or {}, body=content, raw=raw)
        with self._lock:
            self._answers.setdefault(path, []).append(made)

    def forget(self, path: str) -> None:
        with self._lock:
            self._answers.pop(path, None)

    def asked(self, path: str) -> list[Request]:
        """The requests for this path (without query) so far."""
        with self._lock:
            return [request for request in self.requests if request.path.partition("?")[0] == path]

    def answer_to(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            answers = self._answers.get(request.path.partition("?")[0])
            if not answers:
                return Answer(status=404, body=b"no such path")
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return answer(request) if callable(answer) else answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what some tests are about."""


def _handler_for(owner: LoopbackServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            owner.connections += 1

        def handle_any(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(length) if length else b""
            if len(body) < length:  # the sender died in the middle: no server takes half a request
                self.close_connection = True
                return
            request = Request(
                method=self.command,
                path=self.path,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=body,
            )
            self.write(owner.answer_to(request))

        do_GET = do_POST = do_HEAD = handle_any  # noqa: N815 - http.server looks for these names

        def write(self, answer: Answer) -> None:
            if answer.raw is not None:
                self.wfile.write(answer.raw)
                self.close_connection = True
                return
            self.send_response(answer.status)
            names = {name.lower() for name in answer.headers}
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if "content-length" not in names and "transfer-encoding" not in names and answer.status not in (204, 304):
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
            pass

    return Handler
