"""The full-text index, brought up to what is stored."""

from __future__ import annotations

from collector.store.base import Items

BATCH = 2000  # items added in one transaction


def index_all(items: Items) -> None:
    while items.index_pending(BATCH) == BATCH:
        pass
