"""Copies of pages, in the storage seam: evidence that outlives its deletion by whoever published it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from collector.model.ledger import CopyState, PageCopy


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyWish:
    """A suspicious item whose page is not kept yet. ``attempts`` were made already."""

    item_id: int
    source_id: str
    url: str
    lang: str
    attempts: int


class Copies(Protocol):
    def due(self, now: datetime, *, since: datetime, limit: int) -> tuple[CopyWish, ...]:
        """Suspicious items with a link, first seen since then and no backfill, without a copy; newest first. Not those
        of partners: nobody else decides what this machine fetches."""

    def keep(self, copy: PageCopy, body: bytes) -> bool:
        """Store a page; ``body`` is gzip. False where the item was forgotten or removed meanwhile. An earlier copy of
        the item stays, and so does False."""

    def failed(self, item_id: int, url: str, error: str, *, again_at: datetime | None) -> None:
        """Count the attempt and note why; ``again_at`` None: never again."""

    def of(self, item_id: int) -> PageCopy | None: ...

    def body(self, item_id: int) -> bytes | None:
        """The gzip bytes of a kept copy."""

    def remove(self, item_id: int) -> bool:
        """Throw a copy away; it is not fetched again. False where there was none."""

    def prune(self, before: datetime) -> int:
        """Drop what was fetched earlier; returns how many."""

    def counts(self) -> Mapping[CopyState, int]: ...
