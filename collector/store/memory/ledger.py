"""The ledger in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from collector.model.claim import CheckedClaim
from collector.model.errors import NotFound, StoreError
from collector.model.item import Timing
from collector.model.judgement import Stance
from collector.model.ledger import (
    Action,
    EventKind,
    IssueEvent,
    IssueOrigin,
    IssueState,
    LedgerIssue,
    Tombstone,
)
from collector.model.source import Source, SourceState
from collector.store.base import Draft, MentionFilter
from collector.store.hourly import is_suspicious
from collector.store.ledger import (
    BROUGHT_BY,
    CHANGED,
    ActionDraft,
    IssueChange,
    IssueDraft,
    IssueFilter,
    desk_claim_key,
    identity_hash,
)
from collector.store.memory.forget import remove
from collector.store.memory.issues import MemoryIssues
from collector.store.memory.items import MemoryItems
from collector.store.memory.measure import worth_a_look
from collector.store.memory.room import Core, atomic
from collector.store.memory.search import words_of
from collector.store.memory.tables import BROUGHT, DeskSide
from collector.store.memory.tellings import MemoryTellings
from collector.store.text import storable, storable_or_none

NEVER = datetime.min.replace(tzinfo=UTC)  # of an issue whose items are all gone


class MemoryLedger(MemoryTellings):
    """Issues and what people made of them; who was told what stands in the class it builds on."""

    def __init__(self, core: Core, items: MemoryItems, issues: MemoryIssues) -> None:
        super().__init__(core)
        self._items = items
        self._issues = issues

    # ------------------------------------------------------------ questions

    @atomic
    def get(self, issue_id: int) -> LedgerIssue:
        t = self._tables
        if issue_id not in t.issue_titles:
            raise NotFound(f"no issue {issue_id} is stored")
        desk = t.desk.get(issue_id, DeskSide())
        items = [item for item in t.items.values() if item.issue_id == issue_id]
        judged = [(item, t.judgements[item.id]) for item in items]
        claimed = [i.seen_at for i, j in judged if i.timing is not Timing.BACKFILL and worth_a_look(j)]
        seen = [item.seen_at for item in items]
        if desk.opened_at is not None and desk.origin in BROUGHT:
            opened_at = desk.opened_at
        else:
            opened_at = min(seen, default=desk.opened_at or NEVER)
        named = {mention.topic_id for item in items for mention in t.mentions[item.id]}
        return LedgerIssue(
            id=issue_id,
            title=t.issue_titles[issue_id],
            title_by=desk.title_by,
            state=desk.state,
            verdict=desk.verdict,
            verdict_note=desk.verdict_note,
            verdict_link=desk.verdict_link,
            verdict_by=desk.verdict_by,
            verdict_at=desk.verdict_at,
            claim_key=t.issue_claims.get(issue_id),
            merged_into=desk.merged_into,
            origin=desk.origin,
            topics=tuple(sorted(named | set(desk.topics))),
            opened_at=opened_at,
            opened_precision=desk.opened_precision,
            last_seen_at=max(seen, default=opened_at),
            claimed_at=min(claimed, default=None),
            items=len(items),
            voices=len({t.voices[item.id] for item in items}),
            publishers=len({item.publisher for item in items}),
            suspicious=sum(is_suspicious(j.stance, j.suspicion) for _, j in judged),
            debunks=sum(j.stance is Stance.DEBUNK for _, j in judged),
            actions=sum(action.issue_id == issue_id for action in t.actions),
        )

    @atomic
    def list(self, wanted: IssueFilter) -> tuple[LedgerIssue, ...]:
        found = [issue for issue in map(self.get, self._tables.issue_titles) if self._wanted(issue, wanted)]
        found.sort(key=lambda issue: (issue.last_seen_at, issue.id), reverse=True)
        return tuple(found[wanted.offset : wanted.offset + wanted.limit])

    def _wanted(self, issue: LedgerIssue, wanted: IssueFilter) -> bool:
        touched = issue.title_by is not None or issue.state is not IssueState.NEW
        return (
            issue.state is not IssueState.MERGED
            and (wanted.state is None or issue.state is wanted.state)
            and (wanted.verdict is None or issue.verdict is wanted.verdict)
            and (not wanted.with_verdict or issue.verdict is not None)
            and (wanted.since is None or issue.last_seen_at >= wanted.since)
            and (wanted.until is None or issue.last_seen_at < wanted.until)
            and (wanted.topic_id is None or wanted.topic_id in issue.topics)
            and (not wanted.claimed or touched or issue.suspicious + issue.debunks > 0)
            and (wanted.search is None or self._speaks_of(issue, wanted.search))
        )

    def _speaks_of(self, issue: LedgerIssue, search: str) -> bool:
        if not words_of(search):
            return False
        if issue.title_by is not None and all(word in issue.title.lower() for word in search.lower().split()):
            return True
        found = self._items.list(MentionFilter(search=search, issue_id=issue.id, on_topic_only=False, limit=1))
        return bool(found)

    @atomic
    def of_claim(self, claim_key: str) -> int | None:
        return self._issues.of_claim(claim_key)

    @atomic
    def claim(self, claim_key: str) -> CheckedClaim | None:
        return next((one for one in self._tables.claims.values() if one.key == storable(claim_key)), None)

    @atomic
    def findings(self, issue_ids: Sequence[int]) -> Mapping[int, CheckedClaim]:
        found: dict[int, CheckedClaim] = {}
        for issue_id in issue_ids:
            key = self._tables.issue_claims.get(issue_id, "")
            claim = self.claim(key if key.startswith("desk:") else desk_claim_key(issue_id))
            if claim is not None and self._tables.desk.get(issue_id, DeskSide()).verdict is not None:
                found[issue_id] = claim
        return found

    @atomic
    def history(self, issue_id: int) -> tuple[IssueEvent, ...]:
        return tuple(event for event in self._tables.issue_events if event.issue_id == issue_id)

    @atomic
    def actions(self, issue_id: int) -> tuple[Action, ...]:
        found = [action for action in self._tables.actions if action.issue_id == issue_id]
        return tuple(sorted(found, key=lambda action: (action.at, action.id)))

    # ------------------------------------------------------------ changes

    @atomic
    def open(self, draft: IssueDraft, *, at: datetime, actor: str, why: str = "") -> int:
        issue_id = self._issues.reserve()
        self._open(issue_id, draft, actor)
        self._note(issue_id, at, actor, EventKind.OPENED, "", draft.title, why)
        return issue_id

    def _open(self, issue_id: int, draft: IssueDraft, actor: str) -> None:
        t = self._tables
        t.issue_titles[issue_id] = storable(draft.title)
        if draft.claim_key is not None:
            t.issue_claims[issue_id] = storable(draft.claim_key)
        t.desk[issue_id] = DeskSide(
            title_by=storable(actor),
            origin=draft.origin,
            topics=draft.topics,
            opened_at=draft.opened_at.replace(microsecond=0),
            opened_precision=draft.opened_precision,
        )

    def _note(self, issue_id: int, at: datetime, actor: str, kind: EventKind, old: str, new: str, why: str) -> None:
        event = IssueEvent(
            issue_id=issue_id,
            at=at.replace(microsecond=0),
            actor=storable(actor),
            kind=kind,
            old=storable(old),
            new=storable(new),
            why=storable(why),
        )
        self._tables.issue_events.append(event)

    def _mark_changed(self, at: datetime) -> None:
        meta = self._tables.meta
        number = int(meta.get(CHANGED, "0").partition(" ")[0]) + 1
        meta[CHANGED] = f"{number} {at:%Y-%m-%dT%H:%M:%SZ}"

    @atomic
    def change(self, change: IssueChange) -> LedgerIssue:
        t, before = self._tables, self.get(change.issue_id)
        desk = t.desk.get(change.issue_id, DeskSide())
        notes: list[tuple[EventKind, str, str]] = []
        if change.title is not None and change.title != before.title:
            t.issue_titles[change.issue_id] = storable(change.title)
            desk = replace(desk, title_by=storable(change.actor))
            notes.append((EventKind.TITLE, before.title, change.title))
        if change.verdict is not None:
            kept = desk.verdict_link if change.verdict is desk.verdict else None
            desk = replace(
                desk,
                verdict=change.verdict,
                verdict_note=storable(change.why),
                verdict_by=storable(change.actor),
                verdict_at=change.at.replace(microsecond=0),
                verdict_link=storable_or_none(change.verdict_link) or kept,
            )
            notes.append((EventKind.VERDICT, before.verdict.value if before.verdict else "", change.verdict.value))
        if change.state is not None and change.state is not before.state:
            desk = replace(desk, state=change.state)
            notes.append((EventKind.STATE, before.state.value, change.state.value))
        if change.claim_key is not None:
            t.issue_claims[change.issue_id] = storable(change.claim_key)
        t.desk[change.issue_id] = desk
        for kind, old, new in notes:
            self._note(change.issue_id, change.at, change.actor, kind, old, new, change.why)
        return self.get(change.issue_id)

    @atomic
    def merge(self, issue_id: int, into: int, *, at: datetime, actor: str, why: str = "") -> LedgerIssue:
        t = self._tables
        gone, kept = self.get(issue_id), self.get(into)
        if issue_id == into or gone.merged_into is not None:
            raise StoreError(f"issue {issue_id} is part of issue {gone.merged_into or into} already")
        if kept.merged_into is not None:
            raise StoreError(f"issue {into} is part of issue {kept.merged_into}; merge into that one")
        offset = max((t.voices[i.id] for i in t.items.values() if i.issue_id == into), default=0)
        for item in [item for item in t.items.values() if item.issue_id == issue_id]:
            t.items[item.id] = replace(item, issue_id=into)
            t.grouped_as.setdefault(item.id, issue_id)
            t.voices[item.id] += offset
        t.actions = [replace(a, issue_id=into) if a.issue_id == issue_id else a for a in t.actions]
        t.tellings = [
            replace(one, issue_id=into, told_as=one.told_as or one.issue_id)
            if one.issue_id in (issue_id, into)
            else one
            for one in t.tellings
        ]
        if issue_id in t.issue_claims:
            t.issue_claims.setdefault(into, t.issue_claims[issue_id])
        self._combine(gone, kept, offset)
        self._note(issue_id, at, actor, EventKind.MERGED, gone.state.value, str(into), why)
        self._note(into, at, actor, EventKind.MERGED, str(issue_id), gone.title, why)
        return self.get(into)

    def _combine(self, gone: LedgerIssue, kept: LedgerIssue, offset: int) -> None:
        t = self._tables
        old, new = t.desk.get(gone.id, DeskSide()), t.desk.get(kept.id, DeskSide())
        topics = tuple(dict.fromkeys((*new.topics, *old.topics)))
        new = replace(new, topics=topics, opened_at=min(kept.opened_at, gone.opened_at))
        if new.verdict is None and old.verdict is not None:
            new = replace(
                new,
                state=old.state,
                verdict=old.verdict,
                verdict_note=old.verdict_note,
                verdict_link=old.verdict_link,
                verdict_by=old.verdict_by,
                verdict_at=old.verdict_at,
            )
        t.desk[kept.id] = new
        for number, side in list(t.desk.items()):
            if side.merged_into == gone.id:
                t.desk[number] = replace(side, merged_into=kept.id, voice_offset=side.voice_offset + offset)
        t.desk[gone.id] = replace(old, merged_into=kept.id, voice_offset=offset, state=IssueState.MERGED)

    @atomic
    def split(self, issue_id: int, items: Sequence[int], title: str, *, at: datetime, actor: str, why: str = "") -> int:
        t, old = self._tables, self.get(issue_id)
        members = {item.id for item in t.items.values() if item.issue_id == issue_id}
        strangers = sorted(set(items) - members)
        if strangers:
            raise NotFound(f"issue {issue_id} has no item {', '.join(map(str, strangers))}")
        if not set(items) or members == set(items):
            raise StoreError("a split needs items on both sides")
        new_id = self._issues.reserve()
        draft = IssueDraft(
            title=title, opened_at=old.opened_at, opened_precision=old.opened_precision, origin=IssueOrigin.SPLIT
        )
        self._open(new_id, draft, actor)
        for number in set(items):
            t.items[number] = replace(t.items[number], issue_id=new_id)
            t.grouped_as.pop(number, None)
        moved = f"{len(set(items))} items"
        self._note(issue_id, at, actor, EventKind.SPLIT, moved, str(new_id), why)
        self._note(new_id, at, actor, EventKind.SPLIT, f"{moved} of issue {issue_id}", title, why)
        self._mark_changed(at)
        return new_id

    @atomic
    def act(self, draft: ActionDraft, *, at: datetime, actor: str) -> int:
        self.get(draft.issue_id)
        number = len(self._tables.actions) + 1
        action = Action(
            id=number,
            issue_id=draft.issue_id,
            kind=draft.kind,
            at=draft.at.replace(microsecond=0),
            precision=draft.precision,
            by=storable(draft.by),
            note=storable(draft.note),
            link=storable_or_none(draft.link),
            recorded_at=at.replace(microsecond=0),
        )
        self._tables.actions.append(action)
        said = f"{draft.kind.value} by {draft.by}"
        self._note(draft.issue_id, at, actor, EventKind.ACTION, "", said, draft.note)
        return number

    @atomic
    def add_items(self, source_id: str, drafts: Sequence[tuple[Draft, int | None]], now: datetime) -> tuple[int, ...]:
        t = self._tables
        if source_id not in t.sources:
            t.sources[source_id] = Source(id=source_id, kind="desk", url=source_id, enabled=False)
            t.states[source_id] = SourceState(source_id=source_id, next_poll_at=now)
            t.removed[source_id] = t.ended[source_id] = now
        self._items.write_drafts(source_id, [draft for draft, _ in drafts])
        numbers = tuple(self._joined(draft, issue_id) for draft, issue_id in drafts)
        if source_id == BROUGHT_BY and any(issue_id is not None for _, issue_id in drafts):
            self._mark_changed(now)
        return numbers

    def _joined(self, draft: Draft, issue_id: int | None) -> int:
        t = self._tables
        number = t.ids.get(storable(draft.identity), 0)
        if number and issue_id is not None and t.items[number].issue_id is None:
            voices = [t.voices[item.id] for item in t.items.values() if item.issue_id == issue_id]
            t.items[number] = replace(t.items[number], issue_id=issue_id)
            t.voices[number] = max(voices, default=0) + 1
        return number

    # ------------------------------------------------------------ removal

    @atomic
    def forget(self, identity: str, *, at: datetime, actor: str, why: str) -> Tombstone:
        t, mark = self._tables, identity_hash(storable(identity))
        item = t.items.get(t.ids.get(storable(identity), 0))
        stone = t.tombstones.get(mark) or Tombstone(
            identity_hash=mark,
            item_id=None if item is None else item.id,
            at=at.replace(microsecond=0),
            actor=storable(actor),
            why=storable(why),
        )
        t.tombstones[mark] = stone
        if item is not None:
            remove(t, item, f"forgotten:{mark}")
            if item.issue_id is not None:
                self._note(item.issue_id, at, actor, EventKind.FORGOTTEN, f"item {item.id}", "", why)
        self._mark_changed(at)
        return stone

    @atomic
    def forgotten(self, identities: Sequence[str]) -> frozenset[str]:
        stones = self._tables.tombstones
        return frozenset(identity for identity in identities if identity_hash(storable(identity)) in stones)

    @atomic
    def tombstones(self) -> tuple[Tombstone, ...]:
        found = sorted(self._tables.tombstones.values(), key=lambda stone: stone.identity_hash)
        return tuple(sorted(found, key=lambda stone: stone.at, reverse=True))
