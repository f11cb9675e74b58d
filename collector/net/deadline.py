"""How long and how much one exchange over the network may take, whatever the other side does."""

from __future__ import annotations

import time
from collections.abc import Callable

MAX_HEADER_BYTES = 128 * 1024
"""Status lines, headers and 1xx answers together, before the body. Honest answers stay under 10 kB."""


class Deadline:
    """A moment on the monotonic clock by which everything has to be over: name lookup, connecting, TLS, headers, body.

    One deadline may span several requests (redirects, robots.txt). ``clock`` is for tests.
    """

    __slots__ = ("_clock", "ends")

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.ends = clock() + seconds

    def remaining(self) -> float:
        """Seconds left, more than 0. Raises DeadlinePassed."""
        left = self.ends - self._clock()
        if left <= 0:
            raise DeadlinePassed("the deadline has passed")
        return left


class DeadlinePassed(TimeoutError):
    """The other side was too slow. An OSError, so that urllib3 treats it as it treats any time-out."""


class TooManyBytes(OSError):
    """The other side sent more than this exchange may take."""


class AddressRefused(OSError):
    """The name leads to an address that must not be reached (see :mod:`collector.net.address`)."""
