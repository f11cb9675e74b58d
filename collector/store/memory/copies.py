"""Copies of pages in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from collector.model.item import Timing
from collector.model.ledger import CopyState, PageCopy
from collector.model.partner import partner_of
from collector.store.copies import CopyWish
from collector.store.hourly import is_suspicious
from collector.store.memory.room import Room, atomic
from collector.store.text import storable


class MemoryCopies(Room):
    @atomic
    def due(self, now: datetime, *, since: datetime, limit: int) -> tuple[CopyWish, ...]:
        t = self._tables
        wanted = [
            item
            for item in t.items.values()
            if item.seen_at >= since
            and item.url is not None
            and item.timing is not Timing.BACKFILL
            and partner_of(item.source_id) is None
            and t.mentions[item.id]
            and is_suspicious(t.judgements[item.id].stance, t.judgements[item.id].suspicion)
            and self._may_try(item.id, now)
        ]
        wanted.sort(key=lambda item: (item.seen_at, item.id), reverse=True)
        return tuple(
            CopyWish(
                item_id=item.id,
                source_id=item.source_id,
                url=item.url or "",
                lang=item.lang,
                attempts=t.copies[item.id][0].attempts if item.id in t.copies else 0,
            )
            for item in wanted[:limit]
        )

    def _may_try(self, item_id: int, now: datetime) -> bool:
        if item_id not in self._tables.copies:
            return True
        copy = self._tables.copies[item_id][0]
        return copy.state is CopyState.WAITING and copy.next_at is not None and copy.next_at <= now

    @atomic
    def keep(self, copy: PageCopy, body: bytes) -> bool:
        t = self._tables
        item, old = t.items.get(copy.item_id), t.copies.get(copy.item_id)
        if item is None or not item.content_hash or (old is not None and old[0].state is not CopyState.WAITING):
            return False
        kept = replace(
            copy,
            state=CopyState.KEPT,
            fetched_at=None if copy.fetched_at is None else copy.fetched_at.replace(microsecond=0),
            kept_bytes=len(body),
            attempts=1 if old is None else old[0].attempts + 1,
            next_at=None,
            error=None,
        )
        t.copies[copy.item_id] = (kept, body)
        return True

    @atomic
    def failed(self, item_id: int, url: str, error: str, *, again_at: datetime | None) -> None:
        t = self._tables
        item, old = t.items.get(item_id), t.copies.get(item_id)
        if item is None or not item.content_hash or (old is not None and old[0].state is not CopyState.WAITING):
            return
        copy = PageCopy(
            item_id=item_id,
            url=storable(url),
            state=CopyState.FAILED if again_at is None else CopyState.WAITING,
            fetched_at=None,
            status=None,
            media_type="",
            sha256="",
            page_bytes=0,
            kept_bytes=0,
            whole=False,
            attempts=1 if old is None else old[0].attempts + 1,
            next_at=again_at,
            error=storable(error),
        )
        t.copies[item_id] = (copy, b"")

    @atomic
    def of(self, item_id: int) -> PageCopy | None:
        found = self._tables.copies.get(item_id)
        return None if found is None else found[0]

    @atomic
    def body(self, item_id: int) -> bytes | None:
        found = self._tables.copies.get(item_id)
        return found[1] if found is not None and found[0].state is CopyState.KEPT else None

    @atomic
    def remove(self, item_id: int) -> bool:
        found = self._tables.copies.get(item_id)
        if found is None or found[0].state is not CopyState.KEPT:
            return False
        gone = replace(found[0], state=CopyState.FAILED, kept_bytes=0, error="removed")
        self._tables.copies[item_id] = (gone, b"")
        return True

    @atomic
    def prune(self, before: datetime) -> int:
        t = self._tables
        old = [n for n, (copy, _) in t.copies.items() if copy.fetched_at is not None and copy.fetched_at < before]
        for number in old:
            del t.copies[number]
        return len(old)

    @atomic
    def counts(self) -> Mapping[CopyState, int]:
        found = Counter(copy.state for copy, _ in self._tables.copies.values())
        return {state: found[state] for state in CopyState}
