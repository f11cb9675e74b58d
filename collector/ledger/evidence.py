"""Copies of the pages of suspicious items, fetched after the fact: evidence that outlives its deletion.

Never on an alarm's way: the item was stored, counted and told before its page is asked for, politely (robots.txt, one
request per host at a time), behind every poll that waits. What is kept is what the server sent, cut at ``max_bytes``.
"""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta
from hashlib import sha256

from collector.model.clock import Clock
from collector.model.ledger import CopyState, PageCopy
from collector.model.source import Failed, FailureClass, Fetched, Role, Source
from collector.reading import ask_for
from collector.sources.base import Fetcher
from collector.store.base import Storage
from collector.store.copies import CopyWish

WANTED_FOR = timedelta(days=2)
ATTEMPTS = 4
_AGAIN = (timedelta(minutes=15), timedelta(hours=2), timedelta(hours=12))


class Archivist:
    """Keeps pages. Safe to share between threads: it keeps nothing between them."""

    def __init__(self, *, store: Storage, fetcher: Fetcher, clock: Clock, max_bytes: int) -> None:
        self._store = store
        self._fetcher = fetcher
        self._clock = clock
        self._max_bytes = max_bytes

    def due(self, limit: int) -> tuple[CopyWish, ...]:
        now = self._clock.now()
        return self._store.copies.due(now, since=now - WANTED_FOR, limit=limit)

    def keep(self, wish: CopyWish) -> PageCopy | None:
        """Fetch and keep one page; what became of it, or None where the item is gone. Raises StoreError."""
        source = Source(id=wish.source_id, kind="page", url=wish.url, role=Role.SOCIAL, lang=wish.lang)
        answer = ask_for(self._fetcher, source, wish.url, self._clock.now())
        if isinstance(answer, Failed):
            again = _again_at(wish, answer)
            self._store.copies.failed(wish.item_id, wish.url, answer.reason, again_at=again)
        else:
            copy, body = copy_of(wish.item_id, answer, self._max_bytes)
            self._store.copies.keep(copy, body)
        return self._store.copies.of(wish.item_id)


def copy_of(item_id: int, answer: Fetched, max_bytes: int) -> tuple[PageCopy, bytes]:
    """A fetched page as it is kept, and its gzip bytes. The hash is of all that was received."""
    body = gzip.compress(answer.body[:max_bytes], mtime=0)
    copy = PageCopy(
        item_id=item_id,
        url=answer.final_url,
        state=CopyState.KEPT,
        fetched_at=answer.fetched_at,
        status=answer.status,
        media_type=answer.media_type,
        sha256=sha256(answer.body).hexdigest(),
        page_bytes=len(answer.body),
        kept_bytes=len(body),
        whole=len(answer.body) <= max_bytes,
        attempts=1,
        next_at=None,
        error=None,
    )
    return copy, body


def _again_at(wish: CopyWish, failed: Failed) -> datetime | None:
    if failed.failure_class is FailureClass.HARD or wish.attempts + 1 >= ATTEMPTS:
        return None
    return failed.failed_at + _AGAIN[min(wish.attempts, len(_AGAIN) - 1)]
