"""Memory that the C library keeps for itself.

glibc gives each few threads an arena of their own and hands back only what lies free at an arena's end. Thirty-two
threads that each once held a 10 MB body and its parsed tree keep it for good: behind a server of nothing but huge
bodies the daemon grew to 400 MB in nine minutes, of which 45 MB were in use. Trimmed it stays at about 100 MB.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache


def give_back() -> bool:
    """Hand free memory back to the system; takes milliseconds. False where the C library has no such function."""
    trim = _trim()
    return trim is not None and bool(trim(0))


@cache
def _trim() -> Callable[[int], int] | None:
    """``malloc_trim`` of the C library this process runs on: glibc has it; musl, macOS and Windows do not."""
    try:
        function = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):
        return None
    function.argtypes, function.restype = (ctypes.c_size_t,), ctypes.c_int
    return function
