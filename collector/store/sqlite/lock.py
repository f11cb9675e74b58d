"""The sole daemon of a database, by a lock on a file beside it: the kernel lets go of it even after kill -9."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.model.errors import DatabaseInUse, StoreError

_TRIES = 5  # is_locked() in another process holds the lock for some microseconds
_PAUSE_S = 0.02


def lock_path(database: Path) -> Path:
    return database.with_name(f"{database.name}.lock")


@contextmanager
def daemon_lock(database: Path) -> Iterator[None]:
    """Hold ``<database>.lock``, our process id written into it. Raises DatabaseInUse with the holder's id."""
    path = lock_path(database)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}") from error
    try:
        _acquire(handle, database)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _acquire(handle: int, database: Path) -> None:
    for _ in range(_TRIES):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE_S)
        else:
            return
    holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
    raise DatabaseInUse(f"{database} is already served by another daemon (process {holder})")


def is_locked(database: Path) -> bool:
    """Whether a daemon serves the database now."""
    try:
        handle = os.open(lock_path(database), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
