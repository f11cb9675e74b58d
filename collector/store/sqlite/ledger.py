"""The ledger in SQLite. Every change is one transaction with its rows of history."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from collector.model.claim import CheckedClaim
from collector.model.errors import NotFound, StoreError
from collector.model.judgement import Verdict
from collector.model.ledger import (
    Action,
    ActionKind,
    EventKind,
    IssueEvent,
    IssueOrigin,
    IssueState,
    LedgerIssue,
    Precision,
    Tombstone,
)
from collector.store.base import Draft
from collector.store.hourly import Tally
from collector.store.ledger import BROUGHT_BY, CHANGED, ActionDraft, IssueChange, IssueDraft, IssueFilter
from collector.store.sqlite.claims import claim_of
from collector.store.sqlite.forget import forget, tombstone_of
from collector.store.sqlite.issues import of_claim, reserve
from collector.store.sqlite.polls import forgotten, write_drafts, write_tally
from collector.store.sqlite.rows import json_text, moment, moment_or_none, time_text
from collector.store.sqlite.search import query
from collector.store.sqlite.statements import file as file_sql
from collector.store.sqlite.statements import forget as forget_sql
from collector.store.sqlite.statements import ledger as sql
from collector.store.sqlite.statements import polls as polls_sql
from collector.store.sqlite.tellings import SqliteTellings
from collector.store.text import storable, storable_or_none

CANDIDATES = 5000  # items looked at for a search or a topic, the newest


class SqliteLedger(SqliteTellings):
    """Issues and what people made of them; who was told what stands in the class it builds on."""

    # ------------------------------------------------------------ questions

    def get(self, issue_id: int) -> LedgerIssue:
        with self._connections.read() as db:
            return _whole(db, [_row(db, issue_id)])[0]

    def list(self, wanted: IssueFilter) -> tuple[LedgerIssue, ...]:
        with self._connections.read() as db:
            among = _among(db, wanted)
            if among is not None and not among:
                return ()
            narrowing = _narrowing(wanted) | {"among": json_text(among or [])}
            return _whole(db, db.execute(_statement(wanted, among), narrowing).fetchall())

    def of_claim(self, claim_key: str) -> int | None:
        with self._connections.read() as db:
            return of_claim(db, claim_key)

    def claim(self, claim_key: str) -> CheckedClaim | None:
        with self._connections.read() as db:
            row = db.execute(sql.CLAIM_OF_KEY, (storable(claim_key),)).fetchone()
        return None if row is None else claim_of(row)

    def findings(self, issue_ids: Sequence[int]) -> Mapping[int, CheckedClaim]:
        with self._connections.read() as db:
            rows = db.execute(sql.FINDINGS, (json_text(list(issue_ids)),))
            return {row["issue_id"]: claim_of(row) for row in rows}

    def history(self, issue_id: int) -> tuple[IssueEvent, ...]:
        with self._connections.read() as db:
            return tuple(_event_of(row) for row in db.execute(sql.EVENTS_OF_ISSUE, (issue_id,)))

    def actions(self, issue_id: int) -> tuple[Action, ...]:
        with self._connections.read() as db:
            return tuple(_action_of(row) for row in db.execute(sql.ACTIONS_OF_ISSUE, (issue_id,)))

    # ------------------------------------------------------------ changes

    def open(self, draft: IssueDraft, *, at: datetime, actor: str, why: str = "") -> int:
        with self._connections.write() as db:
            issue_id = reserve(db, 1)
            _open(db, issue_id, draft, actor)
            _note(db, issue_id, at, actor, EventKind.OPENED, "", draft.title, why)
        return issue_id

    def change(self, change: IssueChange) -> LedgerIssue:
        with self._connections.write() as db:
            _change(db, _row(db, change.issue_id), change)
            return _whole(db, [_row(db, change.issue_id)])[0]

    def merge(self, issue_id: int, into: int, *, at: datetime, actor: str, why: str = "") -> LedgerIssue:
        with self._connections.write() as db:
            gone, kept = _row(db, issue_id), _row(db, into)
            if issue_id == into or gone["merged_into"] is not None:
                raise StoreError(f"issue {issue_id} is part of issue {gone['merged_into'] or into} already")
            if kept["merged_into"] is not None:
                raise StoreError(f"issue {into} is part of issue {kept['merged_into']}; merge into that one")
            pair = {"id": issue_id, "into": into, "offset": db.execute(sql.VOICES, (into,)).fetchone()[0]}
            steps = (sql.MERGE_ITEMS, sql.MERGE_ACTIONS, sql.MERGE_TELLINGS, sql.MERGE_TARGET, sql.MERGE_ALIASES)
            for statement in (*steps, sql.MERGE_ISSUE):
                db.execute(statement, pair)
            _note(db, issue_id, at, actor, EventKind.MERGED, gone["state"], str(into), why)
            _note(db, into, at, actor, EventKind.MERGED, str(issue_id), gone["title"], why)
            return _whole(db, [_row(db, into)])[0]

    def split(self, issue_id: int, items: Sequence[int], title: str, *, at: datetime, actor: str, why: str = "") -> int:
        with self._connections.write() as db:
            old = _row(db, issue_id)
            members = {row[0] for row in db.execute(sql.ITEMS_OF_ISSUE, (issue_id,))}
            strangers = sorted(set(items) - members)
            if strangers:
                raise NotFound(f"issue {issue_id} has no item {', '.join(map(str, strangers))}")
            if not set(items) or members == set(items):
                raise StoreError("a split needs items on both sides")
            new_id = reserve(db, 1)
            draft = IssueDraft(
                title=title,
                opened_at=moment(old["opened_at"]),
                opened_precision=Precision(old["opened_precision"]),
                origin=IssueOrigin.SPLIT,
            )
            _open(db, new_id, draft, actor)
            db.execute(sql.SPLIT_ITEMS, {"id": issue_id, "new": new_id, "items": json_text(list(items))})
            for one in (issue_id, new_id):
                db.execute(sql.SPANS_OF_ISSUE, (one,))
            moved = f"{len(set(items))} items"
            _note(db, issue_id, at, actor, EventKind.SPLIT, moved, str(new_id), why)
            _note(db, new_id, at, actor, EventKind.SPLIT, f"{moved} of issue {issue_id}", title, why)
            _mark_changed(db, at)
        return new_id

    def act(self, draft: ActionDraft, *, at: datetime, actor: str) -> int:
        with self._connections.write() as db:
            _row(db, draft.issue_id)
            values = (
                draft.issue_id,
                draft.kind.value,
                time_text(draft.at),
                draft.precision.value,
                storable(draft.by),
                storable(draft.note),
                storable_or_none(draft.link),
                time_text(at),
            )
            number = db.execute(sql.ACTION_ADD, values).lastrowid
            _note(db, draft.issue_id, at, actor, EventKind.ACTION, "", f"{draft.kind.value} by {draft.by}", draft.note)
        return int(number or 0)

    def add_items(self, source_id: str, drafts: Sequence[tuple[Draft, int | None]], now: datetime) -> tuple[int, ...]:
        with self._connections.write() as db:
            db.execute(sql.SOURCE_BROUGHT, {"id": source_id, "now": time_text(now)})
            tally = Tally()
            write_drafts(db, source_id, [draft for draft, _ in drafts], tally)
            write_tally(db, tally)
            numbers = tuple(_joined(db, draft, issue_id) for draft, issue_id in drafts)
            if source_id == BROUGHT_BY and any(issue_id is not None for _, issue_id in drafts):
                _mark_changed(db, now)
        return numbers

    # ------------------------------------------------------------ removal

    def forget(self, identity: str, *, at: datetime, actor: str, why: str) -> Tombstone:
        with self._connections.write(durable=True) as db:
            db.execute(file_sql.OVERWRITE_DELETED)  # else the words stay readable in the file's free space
            try:
                stone, issue_id = forget(db, storable(identity), time_text(at), storable(actor), storable(why))
            finally:
                db.execute(file_sql.LEAVE_DELETED)
            if issue_id is not None:
                _note(db, issue_id, at, actor, EventKind.FORGOTTEN, f"item {stone.item_id}", "", why)
            _mark_changed(db, at)
        return stone

    def forgotten(self, identities: Sequence[str]) -> frozenset[str]:
        with self._connections.read_hot() as db:
            if db.execute(polls_sql.TOMBSTONES_ANY).fetchone() is None:
                return frozenset()
            return forgotten(db, identities)

    def tombstones(self) -> tuple[Tombstone, ...]:
        with self._connections.read() as db:
            return tuple(tombstone_of(row) for row in db.execute(forget_sql.TOMBSTONES))


# ---------------------------------------------------------------- reading


def _row(db: sqlite3.Connection, issue_id: int) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute(sql.LEDGER_GET, (issue_id,)).fetchone()
    if row is None:
        raise NotFound(f"no issue {issue_id} is stored")
    return row


def _among(db: sqlite3.Connection, wanted: IssueFilter) -> list[int] | None:
    """The issues that a search or a topic leaves to look at; None: all."""
    found: set[int] | None = None
    if wanted.search is not None:
        words = query(wanted.search)
        if words is None:
            return []
        plain = json_text(wanted.search.lower().split())
        found = {row[0] for row in db.execute(sql.LEDGER_SEARCH, (words, CANDIDATES))}
        found |= {row[0] for row in db.execute(sql.LEDGER_SEARCH_TITLES, (plain,))}
    if wanted.topic_id is not None:
        topical = {row[0] for row in db.execute(sql.LEDGER_TOPIC, (wanted.topic_id, CANDIDATES))}
        topical |= {row[0] for row in db.execute(sql.LEDGER_TOPIC_NAMED, (wanted.topic_id,))}
        found = topical if found is None else found & topical
    return None if found is None else sorted(found)


def _statement(wanted: IssueFilter, among: Sequence[int] | None) -> str:
    if among is not None:
        return sql.LEDGER_LIST_AMONG
    if wanted.verdict is not None or wanted.with_verdict:
        return sql.LEDGER_LIST_VERDICT
    return sql.LEDGER_LIST if wanted.state is None else sql.LEDGER_LIST_STATE


def _narrowing(wanted: IssueFilter) -> dict[str, object]:
    return {
        "state": wanted.state and wanted.state.value,
        "verdict": wanted.verdict and wanted.verdict.value,
        "with_verdict": wanted.with_verdict,
        "since": "" if wanted.since is None else time_text(wanted.since),
        "until": "9" if wanted.until is None else time_text(wanted.until),
        "claimed": wanted.claimed,
        "limit": wanted.limit,
        "offset": wanted.offset,
    }


def _whole(db: sqlite3.Connection, rows: Sequence[sqlite3.Row]) -> tuple[LedgerIssue, ...]:
    """Issues with their counts, one question each for all of them."""
    asked = (json_text([row["id"] for row in rows]),)
    counts = {row["issue_id"]: row for row in db.execute(sql.LEDGER_COUNTS, asked)}
    actions = {row["issue_id"]: row["n"] for row in db.execute(sql.LEDGER_ACTION_COUNTS, asked)}
    topics: dict[int, list[str]] = {}
    for row in db.execute(sql.LEDGER_TOPICS, asked):
        topics.setdefault(row["issue_id"], []).append(row["topic_id"])
    return tuple(
        _issue(row, counts.get(row["id"]), topics.get(row["id"], []), actions.get(row["id"], 0)) for row in rows
    )


def _issue(row: sqlite3.Row, counts: sqlite3.Row | None, topics: Sequence[str], actions: int) -> LedgerIssue:
    return LedgerIssue(
        id=row["id"],
        title=row["title"],
        title_by=row["title_by"],
        state=IssueState(row["state"]),
        verdict=None if row["verdict"] is None else Verdict(row["verdict"]),
        verdict_note=row["verdict_note"],
        verdict_link=row["verdict_link"],
        verdict_by=row["verdict_by"],
        verdict_at=moment_or_none(row["verdict_at"]),
        claim_key=row["claim_key"],
        merged_into=row["merged_into"],
        origin=IssueOrigin(row["origin"]),
        topics=tuple(sorted({*topics, *row["topics"].split()})),
        opened_at=moment(row["opened_at"]),
        opened_precision=Precision(row["opened_precision"]),
        last_seen_at=moment(row["last_seen_at"]),
        claimed_at=None if counts is None else moment_or_none(counts["claimed_at"]),
        items=0 if counts is None else counts["items"],
        voices=0 if counts is None else counts["voices"],
        publishers=0 if counts is None else counts["publishers"],
        suspicious=0 if counts is None else counts["suspicious"],
        debunks=0 if counts is None else counts["debunks"],
        actions=actions,
    )


def _event_of(row: sqlite3.Row) -> IssueEvent:
    return IssueEvent(
        issue_id=row["issue_id"],
        at=moment(row["at"]),
        actor=row["actor"],
        kind=EventKind(row["kind"]),
        old=row["old"],
        new=row["new"],
        why=row["why"],
    )


def _action_of(row: sqlite3.Row) -> Action:
    return Action(
        id=row["id"],
        issue_id=row["issue_id"],
        kind=ActionKind(row["kind"]),
        at=moment(row["at"]),
        precision=Precision(row["precision"]),
        by=row["by"],
        note=row["note"],
        link=row["link"],
        recorded_at=moment(row["recorded_at"]),
    )


# ---------------------------------------------------------------- writing


def _open(db: sqlite3.Connection, issue_id: int, draft: IssueDraft, actor: str) -> None:
    db.execute(
        sql.LEDGER_OPEN,
        {
            "id": issue_id,
            "title": storable(draft.title),
            "title_by": storable(actor),
            "claim_key": storable_or_none(draft.claim_key),
            "opened_at": time_text(draft.opened_at),
            "origin": draft.origin.value,
            "topics": storable(" ".join(draft.topics)),
            "opened_precision": draft.opened_precision.value,
        },
    )


def _change(db: sqlite3.Connection, row: sqlite3.Row, change: IssueChange) -> None:
    new = dict(row)
    at, actor = time_text(change.at), storable(change.actor)
    notes: list[tuple[EventKind, str, str]] = []
    if change.title is not None and change.title != row["title"]:
        new |= {"title": storable(change.title), "title_by": actor}
        notes.append((EventKind.TITLE, row["title"], change.title))
    if change.verdict is not None:
        kept = row["verdict_link"] if change.verdict.value == row["verdict"] else None
        new |= {
            "verdict": change.verdict.value,
            "verdict_note": storable(change.why),
            "verdict_by": actor,
            "verdict_at": at,
            "verdict_link": storable_or_none(change.verdict_link) or kept,
        }
        notes.append((EventKind.VERDICT, row["verdict"] or "", change.verdict.value))
    if change.state is not None and change.state.value != row["state"]:
        new["state"] = change.state.value
        notes.append((EventKind.STATE, row["state"], change.state.value))
    if change.claim_key is not None:
        new["claim_key"] = storable(change.claim_key)
    db.execute(sql.LEDGER_CHANGE, new)
    for kind, old, now in notes:
        _note(db, change.issue_id, change.at, change.actor, kind, old, now, change.why)


def _note(
    db: sqlite3.Connection, issue_id: int, at: datetime, actor: str, kind: EventKind, old: str, new: str, why: str
) -> None:
    words = (storable(actor), kind.value, storable(old), storable(new), storable(why))
    db.execute(sql.EVENT_ADD, (issue_id, time_text(at), *words))


def _mark_changed(db: sqlite3.Connection, at: datetime) -> None:
    row = db.execute(file_sql.META_GET, (CHANGED,)).fetchone()
    number = 1 if row is None else int(row[0].partition(" ")[0]) + 1
    db.execute(file_sql.META_SET, (CHANGED, f"{number} {time_text(at)}"))


def _joined(db: sqlite3.Connection, draft: Draft, issue_id: int | None) -> int:
    """The number of a stored draft, once it belongs to the issue that people named (unless it has one already)."""
    row = db.execute(polls_sql.ITEM_ID_BY_IDENTITY, (storable(draft.identity),)).fetchone()
    if row is None:
        return 0
    if issue_id is not None:
        db.execute(sql.JOIN_IF_FREE, {"item": row[0], "issue": issue_id})
        db.execute(sql.SPANS_OF_ISSUE, (issue_id,))
    return int(row[0])
