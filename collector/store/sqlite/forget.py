"""Removing content on request, everywhere it stands, within the caller's transaction. Counts stay as they are."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from collector.model.ledger import Tombstone
from collector.store.ledger import CLAIMS_REMOVED, FORGOTTEN, desk_claim_key, identity_hash
from collector.store.redact import Removed, redacted_notice, unquoted
from collector.store.sqlite.rows import moment
from collector.store.sqlite.search import reindex
from collector.store.sqlite.statements import file as file_sql
from collector.store.sqlite.statements import forget as sql
from collector.store.sqlite.statements import ledger as ledger_sql


def forget(db: sqlite3.Connection, identity: str, at: str, actor: str, why: str) -> tuple[Tombstone, int | None]:
    """The tombstone, and the issue that the item belongs to."""
    row = db.execute(sql.FORGET_FIND, (identity,)).fetchone()
    mark = identity_hash(identity)
    stone = db.execute(sql.TOMBSTONE_ADD, (mark, None if row is None else row["id"], at, actor, why)).fetchone()
    if row is not None:
        _remove(db, row, f"forgotten:{mark}")
    return tombstone_of(stone), None if row is None else row["issue_id"]


def _remove(db: sqlite3.Connection, row: sqlite3.Row, identity: str) -> None:
    item_id, title = row["id"], row["title"]
    wordings = {title, *(words for (words,) in db.execute(sql.FORGET_WORDINGS, (item_id,)))}
    db.execute(sql.FORGET_ITEM, (identity, FORGOTTEN, item_id))
    reindex(db, item_id, (title, row["excerpt"]), (FORGOTTEN, ""))
    for statement in sql.FORGET_PARTS:
        db.execute(statement, (item_id,))
    if row["url"] is not None:
        _remove_claims(db, row["url"])
    if row["issue_id"] is not None:
        _retitle(db, row["issue_id"], wordings)
    removed = Removed(item_id=item_id, wordings={*wordings, row["excerpt"]}, url=row["url"])
    _redact_messages(db, removed, row["issue_id"])


def _remove_claims(db: sqlite3.Connection, url: str) -> None:
    """A fact-check that is to be forgotten takes the claim that was learnt from it along."""
    for claim in db.execute(sql.FORGET_CLAIMS_OF_URL, (url,)).fetchall():
        db.execute(sql.FORGET_CLAIM_LINKS, (claim["id"],))
        db.execute(sql.FORGET_CLAIM_OF_ISSUES, (claim["key"],))
        db.execute(sql.FORGET_CLAIM, (claim["id"],))
        db.execute(file_sql.META_SET, (CLAIMS_REMOVED, str(claim["id"])))


def _retitle(db: sqlite3.Connection, issue_id: int, wordings: Collection[str]) -> None:
    issue = db.execute(ledger_sql.LEDGER_GET, (issue_id,)).fetchone()
    if issue is not None and issue["title"] in wordings:
        db.execute(sql.FORGET_TITLE, (issue_id, FORGOTTEN))
        new = db.execute(ledger_sql.LEDGER_GET, (issue_id,)).fetchone()["title"]
        db.execute(sql.FORGET_IN_CLAIM, (desk_claim_key(issue_id), new))
    for words in filter(None, wordings):
        db.execute(sql.FORGET_IN_EVENTS, (issue_id, words, FORGOTTEN))
        db.execute(sql.FORGET_IN_TELLINGS, (issue_id, words, FORGOTTEN))


def _redact_messages(db: sqlite3.Connection, removed: Removed, issue_id: int | None) -> None:
    """Alerts about the issue quote a title, cut to fit: every quotation goes. Others show the item as evidence."""
    for alert in db.execute(sql.ALERTS_ABOUT, (removed.item_id, issue_id)).fetchall():
        own = bool(alert["own"])
        if own:
            db.execute(sql.ALERT_REWORD, (unquoted(alert["title"]), unquoted(alert["summary"]), alert["id"]))
            for event in db.execute(sql.ALERT_EVENTS_OF, (alert["id"],)).fetchall():
                db.execute(sql.ALERT_EVENT_REWORD, (unquoted(event["text"]), event["id"]))
        for row in db.execute(sql.DELIVERIES_OF_ALERT, {"alert": alert["id"]}).fetchall():
            db.execute(sql.DELIVERY_REWORD, (redacted_notice(row["notice"], removed, quotations=own), row["id"]))
        for row in db.execute(sql.WITHHELD_OF_ALERT, (alert["id"],)).fetchall():
            db.execute(sql.WITHHELD_REWORD, (redacted_notice(row["notice"], removed, quotations=own), row["id"]))
    for row in db.execute(sql.DELIVERIES_TOLD, (issue_id,)).fetchall():
        db.execute(sql.DELIVERY_REWORD, (redacted_notice(row["notice"], removed, quotations=True), row["id"]))


def tombstone_of(row: sqlite3.Row) -> Tombstone:
    return Tombstone(
        identity_hash=row["identity_hash"],
        item_id=row["item_id"],
        at=moment(row["at"]),
        actor=row["actor"],
        why=row["why"],
    )
