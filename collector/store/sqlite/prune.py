"""Deleting what retention no longer wants, in small transactions so that polls go on between them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from collector.store.sqlite.connection import Connections
from collector.store.sqlite.rows import json_text, time_text
from collector.store.sqlite.search import indexed_to
from collector.store.sqlite.statements import prune as sql
from collector.store.sqlite.statements import search as search_sql

ITEMS_PER_BATCH = 500
POLLS_PER_BATCH = 5000


def prune(connections: Connections, *, items_before: datetime, polls_before: datetime) -> Mapping[str, int]:
    """The roll-up and the coverage that explains it are kept."""
    deleted = dict.fromkeys(sql.PRUNE_OF_ITEMS, 0) | {"polls": 0}
    while _prune_items(connections, time_text(items_before), deleted):
        pass
    while _prune_polls(connections, time_text(polls_before), deleted):
        pass
    connections.optimize()
    connections.empty_log()  # what was removed on request leaves it within a day
    return deleted


def _prune_items(connections: Connections, before: str, deleted: dict[str, int]) -> bool:
    with connections.write() as db:
        ids = [row[0] for row in db.execute(sql.PRUNABLE_ITEMS, (before, ITEMS_PER_BATCH))]
        if not ids:
            return False
        db.execute(sql.ITEMS_LAST_ID_NOTE)
        gone = json_text(ids)
        db.execute(search_sql.SEARCH_DROP_MANY, (gone, indexed_to(db)))
        for table, statement in sql.PRUNE_OF_ITEMS.items():
            deleted[table] += db.execute(statement, (gone,)).rowcount
    return True


def _prune_polls(connections: Connections, before: str, deleted: dict[str, int]) -> bool:
    """Polls lie in order of time but for some seconds, so a stretch without an old one ends the search."""
    with connections.write() as db:
        count = db.execute(sql.PRUNE_POLLS, (before, POLLS_PER_BATCH)).rowcount
    deleted["polls"] += count
    return count > 0


def count_prunable(connections: Connections, *, items_before: datetime, polls_before: datetime) -> Mapping[str, int]:
    """What :func:`prune` would delete of the two tables people ask about."""
    with connections.read() as db:
        return {
            "items": db.execute(sql.COUNT_PRUNABLE_ITEMS, (time_text(items_before),)).fetchone()[0],
            "polls": db.execute(sql.COUNT_PRUNABLE_POLLS, (time_text(polls_before),)).fetchone()[0],
        }
