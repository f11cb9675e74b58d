"""Whose turn it is: polite to every host, fair to every source, and nobody waits in a thread for it.

:class:`Turns` decides purely, with the time as an argument; :class:`HostQueue` is the thin, blocking shell around it
that worker threads take their work from.

The rules, per host:

* one request at a time, and ``gap`` seconds between the end of one and the start of the next;
* a source that holds its host's turn for longer than ``patience`` passes the turn on to the next source of that host:
  one slow source must never delay another, and forty feeds of one aggregator share one host. It goes on beside the
  others until its own deadline. At most ``MAX_STUCK`` requests run at a host at once, whatever happens;
* among the hosts whose turn has come, the smallest ``priority`` starts first, then whoever waited longest, so that a
  host with a hundred sources gets no more turns than a host with one.

Redirects to another host count for the first host only: where they lead is known only once the request runs.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

MAX_STUCK = 4
PATIENCE = timedelta(seconds=5)


def host_of(url: str) -> str:
    """The host whose turn a request for this address takes: its name, lower case, without port. "" for no address."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@dataclass(slots=True)
class _Host:
    """One host's sources: waiting as a heap of (priority, number, key), running as key -> when it started."""

    name: str
    waiting: list[tuple[float, int, str]] = field(default_factory=list)
    running: dict[str, float] = field(default_factory=dict)
    rested_at: float = float("-inf")  # when the gap after the last request is over
    entry: int = 0  # number of its one valid entry in the heaps; 0: none

    def opens_at(self, patience: float) -> float | None:
        """When the next source may start; None: only after one of the running ones has ended."""
        if not self.running:
            return self.rested_at
        if len(self.running) >= MAX_STUCK:
            return None
        return max(self.rested_at, max(self.running.values()) + patience)


class Turns:
    """Decides which source may start next. Times are seconds on any clock that only moves forward. Not thread-safe.

    ``put``, ``take`` and ``done`` cost O(log n).
    """

    def __init__(self, *, gap: float, patience: float) -> None:
        self._gap = gap
        self._patience = patience
        self._hosts: dict[str, _Host] = {}
        self._host_by_key: dict[str, _Host] = {}
        self._later: list[tuple[float, int, _Host]] = []  # by the time it opens
        self._open: list[tuple[float, int, _Host]] = []  # by the priority of its first source
        self._count = 0

    def __len__(self) -> int:
        """Sources waiting or running."""
        return len(self._host_by_key)

    @property
    def running(self) -> int:
        return sum(len(host.running) for host in self._hosts.values())

    def put(self, host: str, key: str, priority: float = 0.0) -> bool:
        """Queue a source. Smaller priorities start first. False where the key already waits or runs."""
        if key in self._host_by_key:
            return False
        queue = self._hosts.get(host)
        if queue is None:
            queue = self._hosts[host] = _Host(name=host)
        self._host_by_key[key] = queue
        heapq.heappush(queue.waiting, (priority, self._number(), key))
        if queue.waiting[0][2] == key:  # it changes when, or how urgently, the host wants its turn
            self._enter(queue)
        return True

    def set_gap(self, gap: float) -> None:
        """From the next request that ends; pauses that have begun are kept."""
        self._gap = gap

    def take(self, now: float) -> str | None:
        """The source that may start now, or None."""
        while self._later and (self._later[0][0] <= now or self._is_stale(self._later[0])):
            _, number, host = heapq.heappop(self._later)
            if number == host.entry:
                heapq.heappush(self._open, (host.waiting[0][0], number, host))
        while self._open:
            _, number, host = heapq.heappop(self._open)
            if number == host.entry:
                return self._start(host, now)
        return None

    def opens_at(self) -> float | None:
        """When asking again can help: the earliest time at which a host opens; None: only after ``put`` or ``done``."""
        while self._later and self._is_stale(self._later[0]):
            heapq.heappop(self._later)
        return self._later[0][0] if self._later else None

    def done(self, key: str, now: float) -> None:
        """A source's request has ended. Raises KeyError for a key that was not taken."""
        host = self._host_by_key[key]
        del host.running[key]
        del self._host_by_key[key]
        host.rested_at = max(host.rested_at, now + self._gap)
        self._enter(host)

    def drop_waiting(self) -> int:
        """Forget all that waits; what runs goes on. Returns how many were dropped."""
        dropped = 0
        for host in self._hosts.values():
            for _, _, key in host.waiting:
                del self._host_by_key[key]
                dropped += 1
            host.waiting.clear()
            host.entry = 0
        self._later.clear()
        self._open.clear()
        return dropped

    def _start(self, host: _Host, now: float) -> str:
        _, _, key = heapq.heappop(host.waiting)
        host.running[key] = now
        self._enter(host)
        return key

    def _enter(self, host: _Host) -> None:
        """Give the host its one valid entry. Older ones stay in the heaps and are skipped when they come up."""
        host.entry = 0
        if not host.waiting:
            return
        opens_at = host.opens_at(self._patience)
        if opens_at is None:
            return
        host.entry = self._number()
        heapq.heappush(self._later, (opens_at, host.entry, host))

    def _is_stale(self, entry: tuple[float, int, _Host]) -> bool:
        return entry[1] != entry[2].entry

    def _number(self) -> int:
        self._count += 1
        return self._count


class HostQueue:
    """The queue that worker threads take sources from. Every method may be called from any thread.

    A worker's loop::

        while (key := queue.take()) is not None:
            try:
                poll(key)
            finally:
                queue.done(key)

    ``clock`` is monotonic seconds, for tests.
    """

    def __init__(
        self, *, gap: timedelta, patience: timedelta = PATIENCE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._turns = Turns(gap=gap.total_seconds(), patience=patience.total_seconds())
        self._clock = clock
        lock = threading.Lock()
        self._changed = threading.Condition(lock)  # workers wait here, each called one at a time
        self._empty = threading.Condition(lock)  # joiners here, or they would swallow a worker's call
        self._watched = False  # one idle worker watches the clock for all; the others sleep until they are called
        self._closed = False

    def __len__(self) -> int:
        """Sources waiting or running."""
        with self._changed:
            return len(self._turns)

    @property
    def running(self) -> int:
        with self._changed:
            return self._turns.running

    def put(self, host: str, key: str, priority: float = 0.0) -> bool:
        """Queue a source under its host (see :func:`host_of`). False where the key waits or runs already, or the queue
        was closed."""
        with self._changed:
            if self._closed or not self._turns.put(host, key, priority):
                return False
            self._changed.notify()
            return True

    def take(self, timeout: float | None = None) -> str | None:
        """Wait until some host's turn has come and return its source, to be handed back by :meth:`done`.

        None: ``timeout`` seconds have passed (None: no limit), or the queue was closed.
        """
        gives_up_at = None if timeout is None else self._clock() + timeout
        with self._changed:
            try:
                while not self._closed:
                    now = self._clock()
                    key = self._turns.take(now)
                    if key is not None or (gives_up_at is not None and now >= gives_up_at):
                        return key
                    self._wait(now, gives_up_at)
                return None
            finally:
                self._changed.notify()  # the next idle worker looks for itself, or watches the clock

    def _wait(self, now: float, gives_up_at: float | None) -> None:
        watches = not self._watched
        opens_at = self._turns.opens_at() if watches else None
        moments = [moment for moment in (opens_at, gives_up_at) if moment is not None]
        self._watched = True
        try:
            self._changed.wait(max(0.0, min(moments) - now) if moments else None)
        finally:
            if watches:
                self._watched = False

    def done(self, key: str) -> None:
        """End the source's turn. Raises KeyError for a key that was not taken."""
        with self._changed:
            self._turns.done(key, self._clock())
            self._changed.notify()
            self._tell_joiners()

    def set_gap(self, gap: timedelta) -> None:
        """Change the pause after each request, from the next one that ends."""
        with self._changed:
            self._turns.set_gap(gap.total_seconds())

    def join(self, timeout: float | None = None) -> bool:
        """Wait until nothing waits and nothing runs; False if something still did after ``timeout`` seconds."""
        with self._changed:
            return self._empty.wait_for(lambda: not len(self._turns), timeout)

    def drop_waiting(self) -> int:
        """Forget all that waits; what runs goes on. Returns how many were dropped."""
        with self._changed:
            dropped = self._turns.drop_waiting()
            self._tell_joiners()
            return dropped

    def close(self) -> None:
        """Drop what waits and send every waiting worker home. What runs still ends by :meth:`done`."""
        with self._changed:
            self._closed = True
            self._turns.drop_waiting()
            self._changed.notify_all()
            self._tell_joiners()

    def _tell_joiners(self) -> None:
        if not len(self._turns):
            self._empty.notify_all()
