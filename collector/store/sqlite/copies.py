"""Copies of pages, compressed, beside the items they belong to."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from collector.model.ledger import CopyState, PageCopy
from collector.store.copies import CopyWish
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.rows import moment_or_none, time_text, time_text_or_none
from collector.store.sqlite.statements import copies as sql
from collector.store.text import storable


class SqliteCopies:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def due(self, now: datetime, *, since: datetime, limit: int) -> tuple[CopyWish, ...]:
        wanted = {"now": time_text(now), "since": time_text(since), "limit": limit}
        with self._connections.read() as db:
            return tuple(
                CopyWish(
                    item_id=row["item_id"],
                    source_id=row["source_id"],
                    url=row["url"],
                    lang=row["lang"],
                    attempts=row["attempts"],
                )
                for row in db.execute(sql.COPIES_DUE, wanted)
            )

    def keep(self, copy: PageCopy, body: bytes) -> bool:
        values = {
            "item_id": copy.item_id,
            "url": storable(copy.url),
            "fetched_at": time_text_or_none(copy.fetched_at),
            "status": copy.status,
            "media_type": storable(copy.media_type),
            "sha256": copy.sha256,
            "page_bytes": copy.page_bytes,
            "kept_bytes": len(body),
            "whole": copy.whole,
            "body": body,
        }
        with self._connections.write() as db:
            return db.execute(sql.COPY_KEEP, values).rowcount > 0

    def failed(self, item_id: int, url: str, error: str, *, again_at: datetime | None) -> None:
        state = CopyState.FAILED if again_at is None else CopyState.WAITING
        values = {
            "item_id": item_id,
            "url": storable(url),
            "state": state.value,
            "error": storable(error),
            "next_at": time_text_or_none(again_at),
        }
        with self._connections.write() as db:
            db.execute(sql.COPY_FAILED, values)

    def of(self, item_id: int) -> PageCopy | None:
        with self._connections.read() as db:
            row = db.execute(sql.COPY_OF, (item_id,)).fetchone()
        return None if row is None else _copy_of(row)

    def body(self, item_id: int) -> bytes | None:
        with self._connections.read() as db:
            row = db.execute(sql.COPY_BODY, (item_id,)).fetchone()
        return None if row is None else bytes(row[0])

    def remove(self, item_id: int) -> bool:
        with self._connections.write() as db:
            return db.execute(sql.COPY_REMOVE, (item_id,)).rowcount > 0

    def prune(self, before: datetime) -> int:
        with self._connections.write() as db:
            return db.execute(sql.COPY_PRUNE, (time_text(before),)).rowcount

    def counts(self) -> Mapping[CopyState, int]:
        with self._connections.read() as db:
            found = {row["state"]: row["n"] for row in db.execute(sql.COPY_COUNTS)}
        return {state: found.get(state.value, 0) for state in CopyState}


def _copy_of(row: sqlite3.Row) -> PageCopy:
    return PageCopy(
        item_id=row["item_id"],
        url=row["url"],
        state=CopyState(row["state"]),
        fetched_at=moment_or_none(row["fetched_at"]),
        status=row["status"],
        media_type=row["media_type"],
        sha256=row["sha256"],
        page_bytes=row["page_bytes"],
        kept_bytes=row["kept_bytes"],
        whole=bool(row["whole"]),
        attempts=row["attempts"],
        next_at=moment_or_none(row["next_at"]),
        error=row["error"],
    )
