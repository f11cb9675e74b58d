"""Issues: items that carry one claim."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from collector.model.errors import NotFound
from collector.model.issue import GroupedText, Issue, Membership
from collector.store.base import JudgedItem
from collector.store.ledger import issue_of_claim_key
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.items import judged_items
from collector.store.sqlite.rows import moment, moment_or_none, time_text
from collector.store.sqlite.statements import file as file_sql
from collector.store.sqlite.statements import issues as sql
from collector.store.text import storable, storable_or_none

EVER = ""  # sorts before every time


class SqliteIssues:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def next_id(self) -> int:
        with self._connections.read() as db:
            number: int = db.execute(sql.ISSUE_NEXT_ID).fetchone()[0]
        return number

    def reserve(self, count: int = 1) -> int:
        with self._connections.write() as db:
            return reserve(db, count)

    def ungrouped(self, after: int, limit: int) -> tuple[JudgedItem, ...]:
        with self._connections.read() as db:
            return judged_items(db, db.execute(sql.UNGROUPED, (after, limit)).fetchall())

    def grouped(self, since: datetime, limit: int) -> tuple[GroupedText, ...]:
        with self._connections.read() as db:
            rows = db.execute(sql.GROUPED, (time_text(since), limit)).fetchall()
        return tuple(
            GroupedText(
                item_id=row["id"],
                issue_id=row["issue_id"],
                voice=row["voice"],
                title=row["title"],
                excerpt=row["excerpt"],
                claim_key=row["claim_key"],
                seen_at=moment(row["seen_at"]),
            )
            for row in reversed(rows)
        )

    def save(self, members: Sequence[Membership]) -> None:
        with self._connections.write() as db:
            for member in members:
                _enter(db, _row(member))

    def get(self, issue_id: int) -> Issue:
        with self._connections.read() as db:
            row = db.execute(sql.ISSUE_GET, (issue_id,)).fetchone()
        if row is None:
            raise NotFound(f"no issue {issue_id} is stored")
        return issue_of(row)

    def list(
        self, *, topic_id: str | None = None, since: datetime | None = None, limit: int = 100
    ) -> tuple[Issue, ...]:
        with self._connections.read() as db:
            rows = db.execute(sql.ISSUES_LIST, (EVER if since is None else time_text(since), topic_id, limit))
            return tuple(issue_of(row) for row in rows)


def reserve(db: sqlite3.Connection, count: int) -> int:
    """Take numbers for new issues within the caller's transaction."""
    first: int = db.execute(sql.ISSUE_NEXT_ID).fetchone()[0]
    db.execute(file_sql.META_SET, ("issues.last_id", str(first + count - 1)))
    return first


def of_claim(db: sqlite3.Connection, claim_key: str) -> int | None:
    """The unmerged issue of a checked claim, or of a desk's own."""
    row = db.execute(sql.ISSUE_OF_CLAIM, (storable(claim_key),)).fetchone()
    if row is not None:
        return int(row[0])
    number = issue_of_claim_key(claim_key)
    found = None if number is None else db.execute(sql.ISSUE_TARGET, (number,)).fetchone()
    return None if found is None else int(found["id"])


def _enter(db: sqlite3.Connection, row: dict[str, object]) -> None:
    """One item into its issue, or into the one that this was merged into or that has its claim."""
    issue_id, claim_key = row["issue_id"], row["claim_key"]
    known = db.execute(sql.ISSUE_TARGET, (issue_id,)).fetchone()
    if known is None and claim_key is not None:
        target = of_claim(db, str(claim_key))
        if target is not None and target != issue_id:
            db.execute(sql.ISSUE_ALIAS, row | {"target": target})
            known = db.execute(sql.ISSUE_TARGET, (issue_id,)).fetchone()
    if known is not None and known["merged_into"] is not None:
        voice = int(str(row["voice"])) + known["voice_offset"]
        db.execute(sql.ISSUE_TOUCH, {"target": known["id"], "seen_at": row["seen_at"]})
        db.execute(sql.ISSUE_JOIN_MERGED, row | {"target": known["id"], "voice": voice})
        return
    db.execute(sql.ISSUE_SAVE, row)
    db.execute(sql.ISSUE_JOIN, row)


def issue_of(row: sqlite3.Row) -> Issue:
    """The issue of a row of ``issues`` with its counts."""
    return Issue(
        id=row["id"],
        title=row["title"],
        claim_key=row["claim_key"],
        opened_at=moment(row["opened_at"]),
        last_seen_at=moment(row["last_seen_at"]),
        claimed_at=moment_or_none(row["claimed_at"]),
        items=row["items"],
        voices=row["voices"],
        suspicious=row["suspicious"],
        debunks=row["debunks"],
    )


def _row(member: Membership) -> dict[str, object]:
    return {
        "item_id": member.item_id,
        "issue_id": member.issue_id,
        "voice": member.voice,
        "title": storable(member.title),
        "claim_key": storable_or_none(member.claim_key),
        "seen_at": time_text(member.seen_at),
    }
