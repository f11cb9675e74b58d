"""Items: what a poll asks and writes, and what people look up."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from collector.model.bucket import Measure
from collector.model.errors import NotFound
from collector.model.item import Revision, Sighting
from collector.model.judgement import Judgement
from collector.model.topic import Mention
from collector.store.base import ItemCounts, JudgedItem, Known, KnownItem, MentionFilter, PollRecord, PollResult
from collector.store.hourly import SUSPICIOUS_FROM
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.export import export
from collector.store.sqlite.polls import write_judgements, write_poll
from collector.store.sqlite.prune import count_prunable, prune
from collector.store.sqlite.rows import (
    item_of,
    json_text,
    judgement_of,
    mention_of,
    revision_of,
    sighting_of,
    time_text,
)
from collector.store.sqlite.search import index_pending, query
from collector.store.sqlite.statements import items as sql
from collector.store.text import storable


class SqliteItems:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    # ------------------------------------------------------------ the poll

    def known(self, source_id: str, identities: Sequence[str], guids: Sequence[str]) -> Known:
        by_identity: dict[str, KnownItem] = {}
        by_guid: dict[str, KnownItem] = {}
        with self._connections.read_hot() as db:
            for spelling, item in _known(db, sql.KNOWN_BY_IDENTITY, source_id, identities):
                by_identity[spelling] = item
                if item.guid is not None and (item.guid not in by_guid or by_guid[item.guid].item_id < item.item_id):
                    by_guid[item.guid] = item
            # Mostly the link already led to the item that carries the guid; only the others are looked up.
            wanted = {guid for guid in guids if guid not in by_guid}
            by_guid = {guid: by_guid[guid] for guid in guids if guid in by_guid}
            by_guid.update(_known(db, sql.KNOWN_BY_GUID, source_id, wanted))
        return Known(by_identity=by_identity, by_guid=by_guid)

    def record_poll(self, record: PollRecord) -> PollResult:
        with self._connections.write() as db:
            return write_poll(db, record)

    # ------------------------------------------------------------ questions

    def get(self, item_id: int) -> JudgedItem:
        found = self._one(sql.ITEM_GET, item_id)
        if found is None:
            raise NotFound(f"no item {item_id} is stored")
        return found

    def find(self, identity: str) -> JudgedItem | None:
        return self._one(sql.ITEM_FIND, storable(identity))

    def _one(self, statement: str, key: object) -> JudgedItem | None:
        with self._connections.read() as db:
            return next(iter(judged_items(db, db.execute(statement, (key,)).fetchall())), None)

    def list(self, wanted: MentionFilter) -> tuple[JudgedItem, ...]:
        search = None if wanted.search is None else query(wanted.search)
        if wanted.search is not None and search is None:
            return ()
        with self._connections.read() as db:
            rows = db.execute(_statement(wanted), _narrowing(wanted) | {"search": search}).fetchall()
            return judged_items(db, rows)

    def sightings(self, item_id: int) -> tuple[Sighting, ...]:
        with self._connections.read() as db:
            return tuple(sighting_of(row) for row in db.execute(sql.SIGHTINGS_OF_ITEM, (item_id,)))

    def revisions(self, item_id: int) -> tuple[Revision, ...]:
        with self._connections.read() as db:
            return tuple(revision_of(row) for row in db.execute(sql.REVISIONS_OF_ITEM, (item_id,)))

    def counts(self, since: datetime) -> ItemCounts:
        with self._connections.read() as db:
            items, mentions, suspicious = db.execute(sql.ITEM_COUNTS, {"since": time_text(since)}).fetchone()
        return ItemCounts(items=items, mentions=mentions, suspicious=suspicious)

    # ------------------------------------------------------------ upkeep

    def after(self, item_id: int, limit: int) -> tuple[JudgedItem, ...]:
        with self._connections.read() as db:
            return judged_items(db, db.execute(sql.ITEMS_AFTER, (item_id, limit)).fetchall())

    def rescore(self, batch: Sequence[tuple[int, Judgement]], now: datetime) -> int:
        with self._connections.write() as db:
            return write_judgements(db, batch, time_text(now))

    def index_pending(self, limit: int) -> int:
        with self._connections.write() as db:
            return index_pending(db, limit)

    def export(self, table: str) -> Iterator[Mapping[str, object]]:
        return export(self._connections, table)

    def prune(self, *, items_before: datetime, polls_before: datetime, dry_run: bool = False) -> Mapping[str, int]:
        if dry_run:
            return count_prunable(self._connections, items_before=items_before, polls_before=polls_before)
        return prune(self._connections, items_before=items_before, polls_before=polls_before)


def _known(
    db: sqlite3.Connection, statement: str, source_id: str, keys: Collection[str]
) -> Iterator[tuple[str, KnownItem]]:
    """Pairs of an asked key, as the caller spelled it, and what is known under it."""
    if not keys:
        return
    asked = {storable(key): key for key in keys}
    for key, item_id, identity, title, digest, first, here, guid in db.execute(
        statement, (json_text(list(asked)), source_id)
    ):
        yield (
            asked[key],
            KnownItem(
                item_id=item_id,
                identity=identity,
                title=title,
                content_hash=digest,
                here=here == 1,
                guid=guid,
                first_here=first == source_id,
            ),
        )


def _statement(wanted: MentionFilter) -> str:
    newest = wanted.measure is None
    if wanted.search is not None:
        return sql.LIST_SEARCH_NEWEST if newest else sql.LIST_SEARCH_WORST
    if wanted.topic_id is not None:
        return sql.LIST_TOPIC_NEWEST if newest else sql.LIST_TOPIC_WORST
    if wanted.issue_id is not None:
        return sql.LIST_ISSUE_NEWEST if newest else sql.LIST_ISSUE_WORST
    return sql.LIST_ALL_NEWEST if newest else sql.LIST_ALL_WORST


def _narrowing(wanted: MentionFilter) -> dict[str, object]:
    suspicion = wanted.suspicion_at_least
    if wanted.measure is Measure.SUSPICIOUS and suspicion is None:
        suspicion = SUSPICIOUS_FROM
    return {
        "topic": wanted.topic_id,
        "since": "" if wanted.since is None else time_text(wanted.since),
        "until": "9" if wanted.until is None else time_text(wanted.until),
        "suspicion": suspicion,
        "measure": None if wanted.measure is None else wanted.measure.value,
        "issue": wanted.issue_id,
        "backfill": wanted.include_backfill,
        "on_topic": wanted.on_topic_only or wanted.topic_id is not None,
        "limit": wanted.limit,
    }


def judged_items(db: sqlite3.Connection, rows: Sequence[sqlite3.Row]) -> tuple[JudgedItem, ...]:
    """The items of rows that a statement beginning with ``_JUDGED`` gave."""
    mentions: dict[int, list[Mention]] = {row["id"]: [] for row in rows}
    for row in db.execute(sql.MENTIONS_OF_ITEMS, (json.dumps(list(mentions)),)):
        mentions[row["item_id"]].append(mention_of(row))
    return tuple(
        JudgedItem(
            item=item_of(row),
            judgement=judgement_of(row),
            mentions=tuple(mentions[row["id"]]),
            sightings=row["sightings"],
        )
        for row in rows
    )
