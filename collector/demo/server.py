"""The outlets' HTTP server on loopback: answers with what the story holds at the simulated moment."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from collector.demo.site import Answer, Site
from collector.model.clock import Clock


class Newsstand:
    """Serves a :class:`Site`. ``answered`` counts its answers by status code."""

    def __init__(self, site: Site, clock: Clock) -> None:
        self.answered: Counter[int] = Counter()
        self._site = site
        self._clock = clock
        self._server = _server(self)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        answer = self._site.answer(path, headers, self._clock.now())
        self.answered[answer.status] += 1
        return answer

    @contextmanager
    def running(self) -> Iterator[Newsstand]:
        with serving(self._server):
            yield self


def _server(stand: Newsstand) -> ThreadingHTTPServer:
    class Handler(QuietHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = stand.answer(self.path.partition("?")[0], headers)
            self.reply(answer.status, dict(answer.headers), answer.body)

    return LoopbackServer(("127.0.0.1", 0), Handler)


class LoopbackServer(ThreadingHTTPServer):
    """Many short requests, and no waiting for idle connections at the end."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128


class QuietHandler(BaseHTTPRequestHandler):
    """Keeps connections open, writes each answer in one piece and logs nothing."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body in one packet
    timeout: ClassVar[float | None] = 30

    def reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """The daemon's own log says enough."""


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
