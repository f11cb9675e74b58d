"""Free memory goes back to the system."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pytest

from collector import memory


def resident_kb() -> int:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="only glibc keeps free memory this way")
def test_what_lies_free_below_something_in_use_is_given_back() -> None:
    pieces = [b"x" * (100_000 + number) for number in range(600)]  # under 128 kB each: taken from the heap
    kept = b"x" * 100_000  # above them, so that the heap cannot simply end earlier
    before = resident_kb()
    pieces.clear()
    assert memory.give_back()
    assert resident_kb() < before - 30_000
    assert len(kept) == 100_000


def test_without_such_a_function_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_trim", lambda: None)
    assert memory.give_back() is False
