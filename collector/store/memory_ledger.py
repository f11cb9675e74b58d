"""The ledger, the copies and the figures in memory, with the same answers as SQLite's."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from collector.model.claim import CheckedClaim
from collector.model.clock import hour_of
from collector.model.errors import NotFound, StoreError
from collector.model.item import Item, Timing
from collector.model.judgement import Stance, Verdict
from collector.model.ledger import (
    Action,
    ActionKind,
    CopyState,
    EventKind,
    IssueEvent,
    IssueOrigin,
    IssueState,
    LedgerIssue,
    PageCopy,
    Precision,
    PublishedCount,
    Telling,
    Tombstone,
)
from collector.model.partner import partner_of
from collector.model.source import Source, SourceState
from collector.store.base import Draft, JudgedItem, MentionFilter
from collector.store.copies import CopyWish
from collector.store.figures import MONTH, Counted, NamedCounts
from collector.store.hourly import SUSPICIOUS_FROM, is_suspicious
from collector.store.ledger import (
    BROUGHT_BY,
    CHANGED,
    CLAIMS_REMOVED,
    FORGOTTEN,
    ActionDraft,
    IssueChange,
    IssueDraft,
    IssueFilter,
    desk_claim_key,
    identity_hash,
)
from collector.store.memory import (
    DeskSide,
    MemoryIssues,
    MemoryItems,
    _atomic,
    _Core,
    _Room,
    _Tables,
    _words,
    _worth_a_look,
)
from collector.store.redact import Removed, redacted_notice, unquoted
from collector.store.text import storable, storable_or_none

NEVER = datetime.min.replace(tzinfo=UTC)  # of an issue whose items are all gone
WRONG = frozenset((Verdict.FALSE, Verdict.MISLEADING, Verdict.SCAM, Verdict.UNPROVEN))
BROUGHT = frozenset((IssueOrigin.IMPORT, IssueOrigin.PARTNER))


class MemoryLedger(_Room):
    def __init__(self, core: _Core, items: MemoryItems, issues: MemoryIssues) -> None:
        super().__init__(core)
        self._items = items
        self._issues = issues

    # ------------------------------------------------------------ questions

    @_atomic
    def get(self, issue_id: int) -> LedgerIssue:
        t = self._tables
        if issue_id not in t.issue_titles:
            raise NotFound(f"no issue {issue_id} is stored")
        desk = t.desk.get(issue_id, DeskSide())
        items = [item for item in t.items.values() if item.issue_id == issue_id]
        judged = [(item, t.judgements[item.id]) for item in items]
        claimed = [i.seen_at for i, j in judged if i.timing is not Timing.BACKFILL and _worth_a_look(j)]
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

    @_atomic
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
        if not _words(search):
            return False
        if issue.title_by is not None and all(word in issue.title.lower() for word in search.lower().split()):
            return True
        found = self._items.list(MentionFilter(search=search, issue_id=issue.id, on_topic_only=False, limit=1))
        return bool(found)

    @_atomic
    def of_claim(self, claim_key: str) -> int | None:
        return self._issues.of_claim(claim_key)

    @_atomic
    def claim(self, claim_key: str) -> CheckedClaim | None:
        return next((one for one in self._tables.claims.values() if one.key == storable(claim_key)), None)

    @_atomic
    def findings(self, issue_ids: Sequence[int]) -> Mapping[int, CheckedClaim]:
        found: dict[int, CheckedClaim] = {}
        for issue_id in issue_ids:
            key = self._tables.issue_claims.get(issue_id, "")
            claim = self.claim(key if key.startswith("desk:") else desk_claim_key(issue_id))
            if claim is not None and self._tables.desk.get(issue_id, DeskSide()).verdict is not None:
                found[issue_id] = claim
        return found

    @_atomic
    def history(self, issue_id: int) -> tuple[IssueEvent, ...]:
        return tuple(event for event in self._tables.issue_events if event.issue_id == issue_id)

    @_atomic
    def actions(self, issue_id: int) -> tuple[Action, ...]:
        found = [action for action in self._tables.actions if action.issue_id == issue_id]
        return tuple(sorted(found, key=lambda action: (action.at, action.id)))

    # ------------------------------------------------------------ changes

    @_atomic
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

    @_atomic
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

    @_atomic
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
        t.tellings = [replace(one, issue_id=into) if one.issue_id == issue_id else one for one in t.tellings]
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

    @_atomic
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

    @_atomic
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

    @_atomic
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

    # ------------------------------------------------------------ who was told

    @_atomic
    def tell(self, tellings: Sequence[Telling]) -> None:
        for telling in tellings:
            number = len(self._tables.tellings) + 1
            stored = replace(
                telling,
                id=number,
                recipient=storable(telling.recipient),
                at=telling.at.replace(microsecond=0),
                about=storable(telling.about),
                reference=storable(telling.reference),
                answer=storable(telling.answer),
            )
            self._tables.tellings.append(stored)

    @_atomic
    def told(self, issue_id: int) -> tuple[Telling, ...]:
        noted = [telling for telling in self._tables.tellings if telling.issue_id == issue_id]
        return tuple(sorted([*noted, *self._alerted(issue_id)], key=lambda telling: (telling.at, telling.id)))

    def _alerted(self, issue_id: int) -> Iterator[Telling]:
        t = self._tables
        ours = {str(n) for n, side in t.desk.items() if side.merged_into == issue_id} | {str(issue_id)}
        members = {item.id for item in t.items.values() if item.issue_id == issue_id}
        shown = {alert for alert, item in t.evidence if item in members}
        for delivery in t.deliveries.values():
            alert = None if delivery.alert_id is None else t.alerts.get(delivery.alert_id)
            if alert is None or delivery.state == "dead":
                continue
            if alert.id in shown or (alert.subject.kind == "issue" and alert.subject.id in ours):
                yield Telling(
                    id=0,
                    issue_id=issue_id,
                    recipient=delivery.receiver,
                    channel="alert",
                    at=delivery.sent_at or delivery.created_at,
                    about=_headline(delivery.notice) or alert.title,
                    reference=delivery.dedup_key,
                )

    @_atomic
    def told_to(self, channel: str, recipient: str, limit: int) -> tuple[Telling, ...]:
        found = [one for one in self._tables.tellings if (one.channel, one.recipient) == (channel, storable(recipient))]
        return tuple(sorted(found, key=lambda one: one.id, reverse=True))[:limit]

    @_atomic
    def owed(self, channel: str | None = None) -> tuple[Telling, ...]:
        last: dict[tuple[int, str, str], Telling] = {}
        for telling in self._tables.tellings:
            last[telling.issue_id, telling.channel, telling.recipient] = telling
        found = [
            one
            for one in last.values()
            if one.verdict is not None
            and one.verdict is not self._tables.desk.get(one.issue_id, DeskSide()).verdict
            and channel in (None, one.channel)
        ]
        return tuple(sorted(found, key=lambda telling: telling.id))

    @_atomic
    def answered(self, telling_id: int, answer: str, at: datetime) -> None:
        t = self._tables
        if not any(telling.id == telling_id for telling in t.tellings):
            raise NotFound(f"nobody was told under number {telling_id}")
        t.tellings = [
            replace(one, answer=storable(answer), answered_at=at.replace(microsecond=0))
            if one.id == telling_id
            else one
            for one in t.tellings
        ]

    # ------------------------------------------------------------ removal

    @_atomic
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
            _remove(t, item, f"forgotten:{mark}")
            if item.issue_id is not None:
                self._note(item.issue_id, at, actor, EventKind.FORGOTTEN, f"item {item.id}", "", why)
        self._mark_changed(at)
        return stone

    @_atomic
    def forgotten(self, identities: Sequence[str]) -> frozenset[str]:
        stones = self._tables.tombstones
        return frozenset(identity for identity in identities if identity_hash(storable(identity)) in stones)

    @_atomic
    def tombstones(self) -> tuple[Tombstone, ...]:
        found = sorted(self._tables.tombstones.values(), key=lambda stone: stone.identity_hash)
        return tuple(sorted(found, key=lambda stone: stone.at, reverse=True))


def _remove(t: _Tables, item: Item, identity: str) -> None:
    del t.ids[item.identity]
    t.ids[identity] = item.id
    t.items[item.id] = replace(item, identity=identity, url=None, title=FORGOTTEN, excerpt="", content_hash="")
    wordings = {item.title, *(revision.title for revision in t.revisions if revision.item_id == item.id)}
    t.revisions = [revision for revision in t.revisions if revision.item_id != item.id]
    t.wishes.pop(item.id, None)
    t.copies.pop(item.id, None)
    t.sightings = {key: replace(one, guid=None) if one.item_id == item.id else one for key, one in t.sightings.items()}
    t.mentions[item.id] = tuple(replace(mention, spans=()) for mention in t.mentions[item.id])
    t.judgements[item.id] = replace(t.judgements[item.id], signals=())
    if item.id in t.item_claims:
        t.item_claims[item.id] = replace(t.item_claims[item.id], differences=())
    for claim in [claim for claim in t.claims.values() if item.url is not None and claim.url == item.url]:
        t.item_claims = {number: link for number, link in t.item_claims.items() if link.claim.id != claim.id}
        t.issue_claims = {number: key for number, key in t.issue_claims.items() if key != claim.key}
        del t.claims[claim.id]
        t.meta[CLAIMS_REMOVED] = str(claim.id)
    if item.issue_id is not None:
        _retitle(t, item.issue_id, wordings)
    _redact(t, item, Removed(item_id=item.id, wordings={*wordings, item.excerpt}, url=item.url))


def _retitle(t: _Tables, issue_id: int, wordings: Collection[str]) -> None:
    if t.issue_titles[issue_id] in wordings:
        others = sorted((o.id, o.title) for o in t.items.values() if o.issue_id == issue_id and o.content_hash)
        t.issue_titles[issue_id] = others[0][1] if others else FORGOTTEN
        for claim in [claim for claim in t.claims.values() if claim.key == desk_claim_key(issue_id)]:
            t.claims[claim.id] = replace(claim, text=t.issue_titles[issue_id], title=t.issue_titles[issue_id])
    t.issue_events = [
        replace(e, old=_without(e.old, wordings), new=_without(e.new, wordings)) if e.issue_id == issue_id else e
        for e in t.issue_events
    ]
    t.tellings = [
        replace(one, about=_without(one.about, wordings)) if one.issue_id == issue_id else one for one in t.tellings
    ]


def _without(text: str, wordings: Collection[str]) -> str:
    for words in filter(None, wordings):
        text = text.replace(words, FORGOTTEN)
    return text


def _redact(t: _Tables, item: Item, removed: Removed) -> None:
    shown = {alert for alert, item_id in t.evidence if item_id == item.id}
    about = {a.id for a in t.alerts.values() if a.subject.kind == "issue" and a.subject.id == str(item.issue_id)}
    noted = {one.reference for one in t.tellings if one.issue_id == item.issue_id and one.reference}
    for number in about:
        alert = t.alerts[number]
        t.alerts[number] = replace(alert, title=unquoted(alert.title), summary=unquoted(alert.summary))
    t.events = [replace(e, text=unquoted(e.text)) if e.alert_id in about else e for e in t.events]
    held = [one for one in t.withheld.values() if one.alert_id in shown | about]
    carried = {one.delivery_id for one in held}
    for one in held:
        quotations = one.alert_id in about
        t.withheld[one.id] = replace(one, notice=redacted_notice(one.notice, removed, quotations=quotations))
    for number, delivery in list(t.deliveries.items()):
        if delivery.alert_id in shown | about or delivery.dedup_key in noted or number in carried:
            quotations = delivery.alert_id in about or delivery.dedup_key in noted
            notice = redacted_notice(delivery.notice, removed, quotations=quotations)
            t.deliveries[number] = replace(delivery, notice=notice)


class MemoryCopies(_Room):
    @_atomic
    def due(self, now: datetime, *, since: datetime, limit: int) -> tuple[CopyWish, ...]:
        t = self._tables
        wanted = [
            item
            for item in t.items.values()
            if item.seen_at >= since
            and item.url is not None
            and item.timing is not Timing.BACKFILL
            and partner_of(item.source_id) is None
            and t.mentions[item.id]
            and is_suspicious(t.judgements[item.id].stance, t.judgements[item.id].suspicion)
            and self._may_try(item.id, now)
        ]
        wanted.sort(key=lambda item: (item.seen_at, item.id), reverse=True)
        return tuple(
            CopyWish(
                item_id=item.id,
                source_id=item.source_id,
                url=item.url or "",
                lang=item.lang,
                attempts=t.copies[item.id][0].attempts if item.id in t.copies else 0,
            )
            for item in wanted[:limit]
        )

    def _may_try(self, item_id: int, now: datetime) -> bool:
        if item_id not in self._tables.copies:
            return True
        copy = self._tables.copies[item_id][0]
        return copy.state is CopyState.WAITING and copy.next_at is not None and copy.next_at <= now

    @_atomic
    def keep(self, copy: PageCopy, body: bytes) -> bool:
        t = self._tables
        item, old = t.items.get(copy.item_id), t.copies.get(copy.item_id)
        if item is None or not item.content_hash or (old is not None and old[0].state is not CopyState.WAITING):
            return False
        kept = replace(
            copy,
            state=CopyState.KEPT,
            fetched_at=None if copy.fetched_at is None else copy.fetched_at.replace(microsecond=0),
            kept_bytes=len(body),
            attempts=1 if old is None else old[0].attempts + 1,
            next_at=None,
            error=None,
        )
        t.copies[copy.item_id] = (kept, body)
        return True

    @_atomic
    def failed(self, item_id: int, url: str, error: str, *, again_at: datetime | None) -> None:
        t = self._tables
        item, old = t.items.get(item_id), t.copies.get(item_id)
        if item is None or not item.content_hash or (old is not None and old[0].state is not CopyState.WAITING):
            return
        copy = PageCopy(
            item_id=item_id,
            url=storable(url),
            state=CopyState.FAILED if again_at is None else CopyState.WAITING,
            fetched_at=None,
            status=None,
            media_type="",
            sha256="",
            page_bytes=0,
            kept_bytes=0,
            whole=False,
            attempts=1 if old is None else old[0].attempts + 1,
            next_at=again_at,
            error=storable(error),
        )
        t.copies[item_id] = (copy, b"")

    @_atomic
    def of(self, item_id: int) -> PageCopy | None:
        found = self._tables.copies.get(item_id)
        return None if found is None else found[0]

    @_atomic
    def body(self, item_id: int) -> bytes | None:
        found = self._tables.copies.get(item_id)
        return found[1] if found is not None and found[0].state is CopyState.KEPT else None

    @_atomic
    def remove(self, item_id: int) -> bool:
        found = self._tables.copies.get(item_id)
        if found is None or found[0].state is not CopyState.KEPT:
            return False
        gone = replace(found[0], state=CopyState.FAILED, kept_bytes=0, error="removed")
        self._tables.copies[item_id] = (gone, b"")
        return True

    @_atomic
    def prune(self, before: datetime) -> int:
        t = self._tables
        old = [n for n, (copy, _) in t.copies.items() if copy.fetched_at is not None and copy.fetched_at < before]
        for number in old:
            del t.copies[number]
        return len(old)

    @_atomic
    def counts(self) -> Mapping[CopyState, int]:
        found = Counter(copy.state for copy, _ in self._tables.copies.values())
        return {state: found[state] for state in CopyState}


class MemoryFigures(_Room):
    def __init__(self, core: _Core, items: MemoryItems) -> None:
        super().__init__(core)
        self._items = items

    @_atomic
    def add_counts(self, counts: Sequence[PublishedCount], now: datetime) -> int:
        t, new = self._tables, 0
        for given in counts:
            row = replace(given, topic=storable(given.topic), source=storable(given.source))
            key = (row.first, row.last, row.topic, row.source)
            old = next((o for o in t.published if (o.first, o.last, o.topic, o.source) == key), None)
            if old is None:
                t.published.append(replace(row, id=len(t.published) + 1))
                new += 1
            else:
                t.published[t.published.index(old)] = replace(row, id=old.id)
        return new

    @_atomic
    def counts(self) -> tuple[PublishedCount, ...]:
        return tuple(sorted(self._tables.published, key=lambda row: (row.first, row.last, row.id)))

    @_atomic
    def issues(
        self, since: datetime, until: datetime, *, topic_id: str | None, label: str, by_day: bool = False
    ) -> tuple[Counted, ...]:
        found: Counter[tuple[datetime, Precision, str]] = Counter()
        for item in self._first_items(since, until, topic_id):
            for name in self._labels(item, label):
                found[hour_of(item.seen_at), Precision.TIME, name] += 1
        for issue_id, desk in self._tables.desk.items():
            named = topic_id is None or topic_id in desk.topics
            if desk.origin in BROUGHT and desk.state is not IssueState.MERGED and desk.opened_at is not None and named:
                name = " ".join(desk.topics) if label == "topic" else ""
                if _in_reach(desk.opened_at, since, until) and issue_id:
                    found[desk.opened_at, desk.opened_precision, name] += 1
        return _counted(found)

    def _first_items(self, since: datetime, until: datetime, topic_id: str | None) -> Iterator[Item]:
        """Of each issue that the grouping found, its first item worth a look, where that lies in the window."""
        t = self._tables
        firsts: dict[int, Item] = {}
        for item in sorted(t.items.values(), key=lambda item: (item.seen_at, item.id)):
            if item.issue_id is None or item.timing is Timing.BACKFILL:
                continue
            desk = t.desk.get(item.issue_id, DeskSide())
            if desk.verdict is None and not _worth_a_look(t.judgements[item.id]):
                continue
            if desk.origin not in BROUGHT and self._on(item, topic_id):
                firsts.setdefault(item.issue_id, item)
        yield from (item for item in firsts.values() if since <= item.seen_at < until)

    def _on(self, item: Item, topic_id: str | None) -> bool:
        return topic_id is None or any(m.topic_id == topic_id for m in self._tables.mentions[item.id])

    def _labels(self, item: Item, label: str) -> tuple[str, ...]:
        if label == "topic":
            return tuple(mention.topic_id for mention in self._tables.mentions[item.id])
        return (item.publisher if label == "source" else "",)

    @_atomic
    def items(
        self, since: datetime, until: datetime, *, topic_id: str | None, label: str, by_day: bool = False
    ) -> tuple[Counted, ...]:
        found: Counter[tuple[datetime, Precision, str]] = Counter()
        for judged in self._items.list(MentionFilter(limit=10**9, include_backfill=False)):
            if not self._spreads(judged):
                continue
            item = judged.item
            if since <= item.seen_at < until and self._on(item, topic_id):
                for name in self._narrowed(item, label, topic_id):
                    found[hour_of(item.seen_at), Precision.TIME, name] += 1
        for item in self._tables.items.values():
            at = item.published_at
            if item.source_id != BROUGHT_BY or at is None or not self._on(item, topic_id):
                continue
            if _in_reach(at, since, until):
                for name in self._narrowed(item, label, topic_id):
                    found[at, item.date_precision, name] += 1
        return _counted(found)

    def _spreads(self, judged: JudgedItem) -> bool:
        """What looks suspicious, or spreads what the desk found wrong or unproven."""
        desk = self._tables.desk.get(judged.item.issue_id or 0, DeskSide())
        at_least = 0.0 if desk.verdict in WRONG else SUSPICIOUS_FROM
        return is_suspicious(judged.judgement.stance, judged.judgement.suspicion, at_least)

    def _narrowed(self, item: Item, label: str, topic_id: str | None) -> tuple[str, ...]:
        names = self._labels(item, label)
        return names if label != "topic" or topic_id is None else tuple(name for name in names if name == topic_id)

    @_atomic
    def actions(
        self, since: datetime, until: datetime, *, topic_id: str | None
    ) -> tuple[tuple[ActionKind, Counted], ...]:
        t = self._tables
        found: Counter[tuple[ActionKind, datetime, Precision]] = Counter()
        for action in t.actions:
            desk = t.desk.get(action.issue_id, DeskSide())
            carried = any(i.issue_id == action.issue_id and self._on(i, topic_id) for i in t.items.values())
            if _in_reach(action.at, since, until) and (topic_id is None or topic_id in desk.topics or carried):
                found[action.kind, action.at, action.precision] += 1
        return tuple(
            (kind, Counted(at=at, precision=precision, label="", n=n))
            for (kind, at, precision), n in sorted(found.items(), key=str)
        )

    @_atomic
    def naming(self, phrases: Sequence[str], since: datetime, until: datetime) -> NamedCounts:
        t = self._tables
        wanted = [words for phrase in phrases if (words := _words(phrase))]
        return self._named(
            item
            for item in t.items.values()
            if item.id in t.indexed
            and _lies_in(item, since, until)
            and any(_says(_words(item.title), words) or _says(_words(item.excerpt), words) for words in wanted)
        )

    @_atomic
    def on_topic(self, topic_id: str, since: datetime, until: datetime) -> NamedCounts:
        items = self._tables.items.values()
        return self._named(item for item in items if _lies_in(item, since, until) and self._on(item, topic_id))

    def _named(self, items: Iterator[Item]) -> NamedCounts:
        t = self._tables
        found = list(items)
        shown = {item_id for _, item_id in t.evidence}
        judged = [t.judgements[item.id] for item in found]
        return NamedCounts(
            items=len(found),
            flagged=sum(is_suspicious(one.stance, one.suspicion) for one in judged),
            alerted=sum(item.id in shown for item in found),
        )

    @_atomic
    def kept_since(self) -> datetime | None:
        return min((item.seen_at for item in self._tables.items.values()), default=None)


def _lies_in(item: Item, since: datetime, until: datetime) -> bool:
    """What a desk brought lies where it is dated, anything else where it was seen."""
    if item.source_id == BROUGHT_BY:
        return item.published_at is not None and since <= item.published_at < until
    return since <= item.seen_at < until and item.timing is not Timing.BACKFILL


def _in_reach(at: datetime, since: datetime, until: datetime) -> bool:
    return since - MONTH <= at < until


def _says(text: Sequence[str], words: Sequence[str]) -> bool:
    return any(list(text[at : at + len(words)]) == list(words) for at in range(len(text) - len(words) + 1))


def _counted(found: Mapping[tuple[datetime, Precision, str], int]) -> tuple[Counted, ...]:
    return tuple(
        Counted(at=at, precision=precision, label=label, n=n) for (at, precision, label), n in sorted(found.items())
    )


def _headline(notice: str) -> str | None:
    """What a message was headed with when it was made: the alert's own title goes on changing."""
    try:
        content = json.loads(notice)
    except ValueError:
        return None
    headline = content.get("headline") if isinstance(content, dict) else None
    return str(headline[0]) if headline else None
