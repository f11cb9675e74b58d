"""Name lookup with a deadline. The system's resolver has none: a dead name server holds a caller for half a minute."""

from __future__ import annotations

import socket
import threading
from typing import Any

from collector.net.deadline import Deadline, DeadlinePassed

SocketAddress = tuple[Any, ...]  # (address, port) or (address, port, flow, scope)
MAX_WAITING = 32
_places = threading.BoundedSemaphore(MAX_WAITING)  # lookups that never come back must not eat all threads


def lookup(host: str, port: int, deadline: Deadline) -> tuple[tuple[int, SocketAddress], ...]:
    """The addresses of a host as (family, socket address), in the resolver's order.

    A numeric host is answered at once; a name is asked for in a thread of its own, which is left behind when the
    deadline passes. Raises socket.gaierror where the name does not resolve, DeadlinePassed.
    """
    try:
        return _ask(host, port, socket.AI_NUMERICHOST)
    except socket.gaierror:
        pass
    if not _places.acquire(timeout=deadline.remaining()):
        raise DeadlinePassed(f"too many name lookups are waiting; {host} had no turn")
    question = _Question(host, port)
    threading.Thread(target=question.ask, name="siaga-lookup", daemon=True).start()
    return question.answer(deadline)


class _Question:
    """One lookup and its answer, handed from its thread to the one that waits."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._done = threading.Event()
        self._found: tuple[tuple[int, SocketAddress], ...] = ()
        self._error: socket.gaierror | None = None

    def ask(self) -> None:
        try:
            self._found = _ask(self._host, self._port, 0)
        except socket.gaierror as error:
            self._error = error
        finally:
            _places.release()
            self._done.set()

    def answer(self, deadline: Deadline) -> tuple[tuple[int, SocketAddress], ...]:
        if not self._done.wait(deadline.remaining()):
            raise DeadlinePassed(f"the lookup of {self._host} took too long")
        if self._error is not None:
            raise self._error
        return self._found


def _ask(host: str, port: int, flags: int) -> tuple[tuple[int, SocketAddress], ...]:
    try:
        # Bytes keep Python from applying its own, older IDNA; a name that is no ASCII was not made by a URL parser.
        found = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM, flags=flags)
    except (UnicodeError, OSError) as error:
        if isinstance(error, socket.gaierror):
            raise
        raise socket.gaierror(socket.EAI_NONAME, f"{host!r} cannot be looked up: {error}") from error
    return tuple((family, sockaddr) for family, _, _, _, sockaddr in found)
