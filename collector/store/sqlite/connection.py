"""Connections to the file: one that writes, guarded by a lock, and one per thread that only reads.

Write-ahead logging lets readers (threads here, other processes beside us) go on while one transaction is written.
Only one process at a time moves the log into the database file (checkpoint), because SQLite before 3.51.3 can lose
pages when a checkpoint and a writer of two connections meet in one instant (the "WAL-reset" bug): the daemon does it,
or a command that finds no daemon. Readers are opened read-only and therefore never do.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.model.errors import StoreError
from collector.store.sqlite.holder import holder_of
from collector.store.sqlite.lock import is_locked
from collector.store.sqlite.version import ensure_schema

PATIENT_S = 15.0  # how long to wait for a lock: for a daemon, which would lose what it fetched
QUICK_S = 3.0  # for a command at which somebody sits and waits
STATEMENTS_CACHED = 256
CHECKPOINT_PAGES = 1000
LOG_BYTES = 64 * 1024 * 1024  # what a long reader made the log grow beyond is given back
MMAP_BYTES = 256 * 1024 * 1024  # looking up 30 known items in a 60 MB file: 93 µs; with page reads 170 µs
CLOSE_PATIENCE_S = 1.0  # a reader's statement is shorter


class Connections:
    """Opens the file, creating or migrating it. ``patience_s``: how long to wait for somebody else's lock.
    Raises StoreError, SchemaTooNew."""

    def __init__(self, path: Path, patience_s: float = PATIENT_S) -> None:
        self._checkpoints = False  # whether we are the daemon
        self.path = path
        self._patience_s = patience_s
        self._lock = threading.RLock()
        self._depth = 0
        self._durable_inside = False
        self._local = threading.local()
        self._readers: list[Reader] = []
        self._readers_lock = threading.Lock()  # its own: a new reader must not wait for a transaction
        with _as_store_error(path):
            self._writer = _open(path, patience_s)
            try:
                ensure_schema(self._writer, path)
                self._writer.row_factory = sqlite3.Row
                _prepare_writer(self._writer, checkpoints=not is_locked(path))
            except BaseException:
                self._writer.close()
                raise

    @contextmanager
    def write(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """A transaction on the writing connection. Inside another one of this thread it becomes a part of that
        (a savepoint). ``durable``: on return it survives a power cut."""
        with self._lock, _as_store_error(self.path):
            if self._depth:
                yield from self._nested(durable)
            else:
                yield from self._outermost(durable)

    def _outermost(self, durable: bool) -> Iterator[sqlite3.Connection]:
        writer = self._writer
        self._durable_inside = False
        if durable:
            writer.execute("pragma synchronous = full")
        try:
            writer.execute("begin immediate")
            self._depth = 1
            try:
                yield writer
                writer.execute("commit")
            except BaseException:
                writer.rollback()
                raise
            finally:
                self._depth = 0
        finally:
            if durable:
                writer.execute("pragma synchronous = normal")
        if self._durable_inside and not durable:
            self._sync_log()

    def _nested(self, durable: bool) -> Iterator[sqlite3.Connection]:
        writer = self._writer
        self._durable_inside = self._durable_inside or durable
        self._depth += 1
        name = f"nested_{self._depth}"
        writer.execute(f"savepoint {name}")
        try:
            yield writer
        except BaseException:
            if writer.in_transaction:
                writer.execute(f"rollback to {name}")
                writer.execute(f"release {name}")
            raise
        else:
            writer.execute(f"release {name}")
        finally:
            self._depth -= 1

    def _sync_log(self) -> None:
        """SQLite cannot raise ``synchronous`` within a transaction; the same is had by syncing the log after it."""
        handle = os.open(f"{self.path}-wal", os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees all that is committed, and this thread's open transaction if there is one."""
        with _as_store_error(self.path):
            if self._in_transaction_here():
                yield self._writer
            else:
                reader = self._reader()
                with reader.in_use:
                    yield reader.connection

    @contextmanager
    def read_hot(self) -> Iterator[sqlite3.Connection]:
        """The writing connection, for the short questions of a poll: its page cache is warm, while every write of
        another connection empties a reader's (measured: docs/reference/database.md)."""
        with self._lock, _as_store_error(self.path):
            yield self._writer

    @contextmanager
    def read_long(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own with one unchanging view, for streaming."""
        with _as_store_error(self.path):
            reader = _open_reader(self.path, self._patience_s)
            try:
                reader.execute("begin")
                yield reader
            finally:
                reader.close()

    def take_over_checkpoints(self) -> None:
        with self._lock:
            self._checkpoints = True
            self._writer.execute(f"pragma wal_autocheckpoint = {CHECKPOINT_PAGES}")

    def empty_log(self) -> bool:
        """Move all of the log into the file and cut it to nothing, where that is ours to do: in the daemon, or where
        none runs. False where it is not, or somebody was reading."""
        with self._lock, _as_store_error(self.path):
            if not self._checkpoints and is_locked(self.path):
                return False
            busy: int = self._writer.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
        return busy == 0

    def optimize(self) -> None:
        """Refresh the query planner's figures where they are stale."""
        with self._lock, _as_store_error(self.path):
            self._writer.execute("pragma analysis_limit = 400")
            self._writer.execute("pragma optimize")

    def _in_transaction_here(self) -> bool:
        """Whether *this* thread is inside :meth:`write` (the lock is re-entrant: only its owner gets it at once)."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            return self._depth > 0
        finally:
            self._lock.release()

    def _reader(self) -> Reader:
        reader: Reader | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = Reader(_open_reader(self.path, self._patience_s))
            self._local.reader = reader
            with self._readers_lock:
                self._readers.append(reader)
        return reader

    def close(self) -> None:
        """A reader that another thread is still using is left to the end of the process: SQLite crashes where a
        connection is closed under a statement that runs."""
        with self._lock, self._readers_lock:
            for reader in self._readers:
                if reader.in_use.acquire(timeout=CLOSE_PATIENCE_S):
                    reader.connection.close()
                    reader.in_use.release()
            self._readers.clear()
            self._local = threading.local()
            self._writer.close()


class Reader:
    """One thread's reading connection. ``in_use`` is held while it is read from, by that thread, or closed."""

    __slots__ = ("connection", "in_use")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.in_use = threading.RLock()


def _open(path: Path, patience_s: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path,
        timeout=patience_s,
        isolation_level=None,  # transactions are ours to begin
        check_same_thread=False,
        cached_statements=STATEMENTS_CACHED,
    )
    if connection.execute("pragma journal_mode").fetchone()[0] != "wal":
        connection.execute("pragma journal_mode = wal")
    return connection


def _prepare_writer(connection: sqlite3.Connection, *, checkpoints: bool) -> None:
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma synchronous = normal")
    connection.execute("pragma cache_size = -16000")  # 16 MB
    connection.execute(f"pragma mmap_size = {MMAP_BYTES}")
    connection.execute(f"pragma journal_size_limit = {LOG_BYTES}")
    connection.execute(f"pragma wal_autocheckpoint = {CHECKPOINT_PAGES if checkpoints else 0}")


def _open_reader(path: Path, patience_s: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        timeout=patience_s,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=STATEMENTS_CACHED,
    )
    connection.execute(f"pragma mmap_size = {MMAP_BYTES}")
    connection.row_factory = sqlite3.Row
    return connection


@contextmanager
def _as_store_error(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a mistake of ours, not of the database
    except sqlite3.DatabaseError as error:
        busy = getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
        wrapped = StoreError(f"{path} is locked: {holder_of(path)} holds it; try again" if busy else f"{path}: {error}")
        wrapped.can_retry = busy
        raise wrapped from error
