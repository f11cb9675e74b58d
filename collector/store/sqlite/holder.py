"""Who holds a locked database, as far as Linux tells by /proc/locks. Nothing is tried or changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

LOCKS = Path("/proc/locks")
PROCESSES = Path("/proc")


def holder_of(database: Path, *, locks: Path = LOCKS, processes: Path = PROCESSES) -> str:
    """``process 4711 (siaga)``, or ``another process`` where that is not known (another system, a container)."""
    own = os.getpid()
    for pid in _writers(database, locks):
        if pid != own:
            name = _text(processes / str(pid) / "comm").strip()
            return f"process {pid} ({name})" if name else f"process {pid}"
    return "another process"


def _writers(database: Path, locks: Path) -> Iterator[int]:
    """Processes with a write lock on the file or on its shared memory, where SQLite notes who writes to the log."""
    files = set()
    for name in (database, database.with_name(f"{database.name}-shm")):
        try:
            found = name.stat()
        except OSError:
            continue
        files.add(f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}")
    for line in _text(locks).splitlines():
        # 1: POSIX  ADVISORY  WRITE 4711 fd:01:262146 120 120
        words = line.split()
        if len(words) >= 6 and words[3] == "WRITE" and words[5] in files and words[4].isdecimal():
            pid = int(words[4])
            if pid:
                yield pid


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
