"""The store in memory, for tests: small, and the same answers as SQLite's (one contract suite runs on both)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from secrets import token_bytes

from collector.model.errors import DatabaseInUse, StoreError
from collector.store.base import StoreFacts
from collector.store.memory.alerts import MemoryAlerts
from collector.store.memory.articles import MemoryArticles
from collector.store.memory.audit import MemoryAudit
from collector.store.memory.buckets import MemoryBuckets
from collector.store.memory.claims import MemoryClaims
from collector.store.memory.copies import MemoryCopies
from collector.store.memory.figures import MemoryFigures
from collector.store.memory.issues import MemoryIssues
from collector.store.memory.items import MemoryItems
from collector.store.memory.ledger import MemoryLedger
from collector.store.memory.outbox import MemoryOutbox
from collector.store.memory.overview import MemoryOverview
from collector.store.memory.partners import MemoryPartners
from collector.store.memory.people import MemoryPeople
from collector.store.memory.reactions import MemoryReactions
from collector.store.memory.room import Core
from collector.store.memory.sources import MemorySources
from collector.store.memory.withheld import MemoryWithheld
from collector.store.text import storable


class MemoryStore:
    """Forgets everything at the end of the process. Cannot be backed up."""

    def __init__(self) -> None:
        self._core = Core()
        self.sources = MemorySources(self._core)
        self.items = MemoryItems(self._core)
        self.articles = MemoryArticles(self._core, self.items)
        self.claims = MemoryClaims(self._core)
        self.issues = MemoryIssues(self._core, self.items)
        self.ledger = MemoryLedger(self._core, self.items, self.issues)
        self.copies = MemoryCopies(self._core)
        self.figures = MemoryFigures(self._core, self.items)
        self.buckets = MemoryBuckets(self._core, self.sources)
        self.alerts = MemoryAlerts(self._core)
        self.outbox = MemoryOutbox(self._core)
        self.withheld = MemoryWithheld(self._core)
        self.reactions = MemoryReactions(self._core)
        self.audit = MemoryAudit(self._core)
        self.people = MemoryPeople(self._core)
        self.partners = MemoryPartners(self._core)
        self.overview = MemoryOverview(self._core, self.items, self.buckets)

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[None]:
        with self._core.transaction():
            yield

    def meta(self, key: str) -> str | None:
        return self._core.tables.meta.get(key)

    def set_meta(self, key: str, value: str) -> None:
        with self._core.transaction() as tables:
            tables.meta[key] = storable(value)

    def signing_key(self) -> bytes:
        with self._core.transaction() as tables:
            tables.links_key = tables.links_key or token_bytes(32)
            return tables.links_key

    def lock(self) -> AbstractContextManager[None]:
        return self._locked()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if not self._core.served.acquire(blocking=False):
            raise DatabaseInUse("the store in memory is already served by another daemon")
        try:
            yield
        finally:
            self._core.served.release()

    def facts(self) -> StoreFacts:
        return StoreFacts(engine="memory", schema=0, size_bytes=0)

    def faults(self) -> tuple[str, ...]:
        return ()

    def scrub(self) -> bool:
        return True

    def backup(self, path: str) -> None:
        raise StoreError(f"a store in memory cannot be copied to {Path(path)}")

    def close(self) -> None:
        """Nothing to close."""
