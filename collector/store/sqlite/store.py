"""The store in one SQLite file: all rooms on one set of connections."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from secrets import token_hex

from collector.model.errors import StoreError
from collector.store.base import StoreFacts
from collector.store.sqlite.alerts import SqliteAlerts
from collector.store.sqlite.articles import SqliteArticles
from collector.store.sqlite.audit import SqliteAudit
from collector.store.sqlite.buckets import SqliteBuckets
from collector.store.sqlite.claims import SqliteClaims
from collector.store.sqlite.connection import PATIENT_S, Connections
from collector.store.sqlite.copies import SqliteCopies
from collector.store.sqlite.figures import SqliteFigures
from collector.store.sqlite.issues import SqliteIssues
from collector.store.sqlite.items import SqliteItems
from collector.store.sqlite.ledger import SqliteLedger
from collector.store.sqlite.lock import daemon_lock
from collector.store.sqlite.outbox import SqliteOutbox
from collector.store.sqlite.overview import SqliteOverview
from collector.store.sqlite.partners import SqlitePartners
from collector.store.sqlite.people import SqlitePeople
from collector.store.sqlite.reactions import SqliteReactions
from collector.store.sqlite.search import merge
from collector.store.sqlite.sources import SqliteSources
from collector.store.sqlite.statements import file as sql
from collector.store.sqlite.version import SCHEMA_VERSION, copy_database
from collector.store.sqlite.withheld import SqliteWithheld
from collector.store.text import storable

LINKS_KEY = "links"


class SqliteStore:
    """Creates or migrates the file when opened; waits ``patience_s`` for another's lock. Knows no clock: every moment
    is handed in.

    Raises StoreError where the file cannot be opened or is another program's, SchemaTooNew.
    """

    def __init__(self, path: str | Path, *, patience_s: float = PATIENT_S) -> None:
        self.path = Path(path)
        self._connections = Connections(self.path, patience_s)
        self.sources = SqliteSources(self._connections)
        self.items = SqliteItems(self._connections)
        self.articles = SqliteArticles(self._connections)
        self.claims = SqliteClaims(self._connections)
        self.issues = SqliteIssues(self._connections)
        self.ledger = SqliteLedger(self._connections)
        self.copies = SqliteCopies(self._connections)
        self.figures = SqliteFigures(self._connections)
        self.buckets = SqliteBuckets(self._connections, self.sources)
        self.alerts = SqliteAlerts(self._connections)
        self.outbox = SqliteOutbox(self._connections)
        self.withheld = SqliteWithheld(self._connections)
        self.reactions = SqliteReactions(self._connections)
        self.audit = SqliteAudit(self._connections)
        self.people = SqlitePeople(self._connections)
        self.partners = SqlitePartners(self._connections)
        self.overview = SqliteOverview(self._connections)

    def __enter__(self) -> SqliteStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[None]:
        with self._connections.write(durable=durable):
            yield

    def meta(self, key: str) -> str | None:
        with self._connections.read() as db:
            row = db.execute(sql.META_GET, (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        with self._connections.write() as db:
            db.execute(sql.META_SET, (key, storable(value)))

    def signing_key(self) -> bytes:
        with self._connections.read() as db:
            row = db.execute(sql.KEY_GET, (LINKS_KEY,)).fetchone()
        if row is None:
            with self._connections.write(durable=True) as db:
                db.execute(sql.KEY_MAKE, (LINKS_KEY, token_hex(32)))
                row = db.execute(sql.KEY_GET, (LINKS_KEY,)).fetchone()
        return bytes.fromhex(row[0])

    def lock(self) -> AbstractContextManager[None]:
        return self._locked()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with daemon_lock(self.path):
            self._connections.take_over_checkpoints()
            yield

    def facts(self) -> StoreFacts:
        files = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        return StoreFacts(
            engine=f"SQLite {sqlite3.sqlite_version}",
            schema=SCHEMA_VERSION,
            size_bytes=sum(file.stat().st_size for file in files if file.exists()),
        )

    def faults(self) -> tuple[str, ...]:
        try:
            with self._connections.read_long() as db:
                found = [str(row[0]) for row in db.execute(sql.QUICK_CHECK)]
        except StoreError as error:
            if error.can_retry:
                raise
            return (str(error),)  # too damaged even to be checked
        return () if found == ["ok"] else tuple(found)

    def scrub(self) -> bool:
        merge(self._connections)
        return self._connections.empty_log()

    def backup(self, path: str) -> None:
        """An earlier copy under that name is replaced, and only by a complete one."""
        target = Path(path)
        if target.exists() and target.samefile(self.path):
            raise StoreError(f"{target} is the database itself")
        try:
            with self._connections.read_long() as db:
                copy_database(db, target)
        except OSError as error:
            raise StoreError(f"cannot write {target}: {error.strerror}") from error

    def close(self) -> None:
        self._connections.close()
