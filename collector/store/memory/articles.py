"""Articles behind headlines in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from collector.store.articles import ArticleRead, ArticleState, ArticleWish
from collector.store.memory.items import MemoryItems
from collector.store.memory.room import Core, Room, atomic
from collector.store.text import storable


class MemoryArticles(Room):
    def __init__(self, core: Core, items: MemoryItems) -> None:
        super().__init__(core)
        self._items = items

    @atomic
    def due(self, source_id: str, now: datetime, *, wanted_since: datetime, limit: int) -> tuple[ArticleWish, ...]:
        found = [
            wish
            for wish in self._tables.wishes.values()
            if (wish.source_id, wish.state) == (source_id, ArticleState.WANTED)
            and wish.wanted_at >= wanted_since
            and wish.next_at <= now
        ]
        return tuple(sorted(found, key=lambda wish: (wish.wanted_at, wish.item_id), reverse=True)[:limit])

    @atomic
    def attempts(self, source_id: str, since: datetime) -> int:
        return sum(
            wish.attempts
            for wish in self._tables.wishes.values()
            if wish.source_id == source_id and wish.tried_at is not None and wish.tried_at >= since
        )

    @atomic
    def begin(self, item_id: int, now: datetime, again_at: datetime) -> int:
        wish = self._tables.wishes.get(item_id)
        if wish is None or wish.state is not ArticleState.WANTED or wish.next_at > now:
            return 0
        begun = replace(wish, attempts=wish.attempts + 1, tried_at=now, next_at=again_at)
        self._tables.wishes[item_id] = begun
        return begun.attempts

    @atomic
    def read(self, article: ArticleRead) -> bool:
        t, item = self._tables, self._tables.items.get(article.item_id)
        if item is None or item.content_hash != storable(article.content_hash):
            return False
        t.items[item.id] = replace(item, excerpt=storable(article.excerpt))
        self._items.conclude(item.id, article.matches, article.judgement, article.read_at)
        self._settle(item.id, state=ArticleState.READ, error=None)
        return True

    @atomic
    def failed(self, item_id: int, error: str, *, again_at: datetime | None) -> None:
        if again_at is None:
            self._settle(item_id, state=ArticleState.FAILED, error=storable(error))
        else:
            self._settle(item_id, state=ArticleState.WANTED, error=storable(error), next_at=again_at)

    def _settle(self, item_id: int, **outcome: Any) -> None:
        wish = self._tables.wishes.get(item_id)
        if wish is not None:
            self._tables.wishes[item_id] = replace(wish, **outcome)

    @atomic
    def of(self, item_id: int) -> ArticleWish | None:
        return self._tables.wishes.get(item_id)

    @atomic
    def counts(self) -> Mapping[ArticleState, int]:
        return {state: sum(wish.state is state for wish in self._tables.wishes.values()) for state in ArticleState}
