"""Full-text search: an FTS5 table over items, filled in batches up to a noted item id."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Sequence

from collector.store.sqlite.connection import Connections
from collector.store.sqlite.statements import file as file_sql
from collector.store.sqlite.statements import search as sql
from collector.store.text import BEGINS_FROM

MERGED_PAGES = 400  # at once: each step is a transaction, and polls go on between them
MERGED_ANYTHING = 2  # changes: sqlite.org/fts5.html#the_merge_command
INDEXED_TO = "search.indexed_to"
_WORD = re.compile(r"\w+")


def query(words: str) -> str | None:
    """Plain words as an FTS5 query: all of them, the last one as a beginning from three letters on (of a million items,
    every fifth has a word that begins with s). None where there is no word.

    Each word is quoted, so that operators (``OR``, ``NEAR``, ``*``, ``title:``) are just words.
    """
    found = _WORD.findall(unicodedata.normalize("NFC", words))
    if not found:
        return None
    return " ".join(f'"{word}"' for word in found) + (" *" if len(found[-1]) >= BEGINS_FROM else "")


def phrases_query(phrases: Sequence[str]) -> str | None:
    """Any of the phrases, each as its words in this order. None where there is no word."""
    found = [_WORD.findall(unicodedata.normalize("NFC", phrase)) for phrase in phrases]
    return " OR ".join('"' + " ".join(words) + '"' for words in found if words) or None


def indexed_to(db: sqlite3.Connection) -> int:
    row = db.execute(file_sql.META_GET, (INDEXED_TO,)).fetchone()
    return 0 if row is None else int(row[0])


def index_pending(db: sqlite3.Connection, limit: int) -> int:
    """Index the next ``limit`` items within the caller's transaction; returns how many there were."""
    start = indexed_to(db)
    ids = [row[0] for row in db.execute(sql.SEARCH_PENDING, (start, limit))]
    if ids:
        db.execute(sql.SEARCH_ADD, (start, ids[-1]))
        db.execute(file_sql.META_SET, (INDEXED_TO, str(ids[-1])))
    return len(ids)


def reindex(db: sqlite3.Connection, item_id: int, old: tuple[str, str], new: tuple[str, str]) -> None:
    """Replace the words of an item that is already indexed; the others come with their batch."""
    if item_id <= indexed_to(db):
        db.execute(sql.SEARCH_DROP_ONE, (item_id, *old))
        db.execute(sql.SEARCH_ADD_ONE, (item_id, *new))


def merge(connections: Connections) -> None:
    """Write the whole index anew, in steps: FTS5 only marks what was dropped, and its words stay until then (its own
    ``secure-delete`` needs SQLite 3.42)."""
    pages = -MERGED_PAGES  # below zero: all segments, however they lie, into one
    while _merge_some(connections, pages) >= MERGED_ANYTHING:
        pages = MERGED_PAGES


def _merge_some(connections: Connections, pages: int) -> int:
    with connections.write() as db:
        db.execute(file_sql.OVERWRITE_DELETED)
        try:
            before = db.total_changes
            db.execute(sql.SEARCH_MERGE, (pages,))
            return db.total_changes - before
        finally:
            db.execute(file_sql.LEAVE_DELETED)
