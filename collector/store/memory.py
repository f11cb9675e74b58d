"""The store in memory, for tests: small, and the same answers as SQLite's (one contract suite runs on both)."""

from __future__ import annotations

import threading
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from typing import Any, Concatenate, ParamSpec, TypeVar

from collector.model.alert import Alert, AlertEvent, AlertState, Delivery, DeliveryState
from collector.model.bucket import Measure, Series, Subject
from collector.model.claim import CheckedClaim
from collector.model.clock import HOUR, hour_of
from collector.model.errors import DatabaseInUse, NotFound, StoreError
from collector.model.issue import GroupedText, Issue, Membership
from collector.model.item import Item, Revision, Sighting, Timing
from collector.model.judgement import Judgement, Stance, Verdict
from collector.model.ledger import (
    Action,
    IssueEvent,
    IssueOrigin,
    IssueState,
    PageCopy,
    Precision,
    PublishedCount,
    Telling,
    Tombstone,
)
from collector.model.partner import PartnerReport
from collector.model.person import Person, Role, Session
from collector.model.reaction import AckEnd, Acknowledgement, Silence
from collector.model.source import Source, SourceState
from collector.model.topic import Match, Mention
from collector.model.withheld import Heard, Hold, Withheld
from collector.store.base import (
    ArticleRead,
    ArticleState,
    ArticleWish,
    AuditEntry,
    Change,
    ClaimChanges,
    ClaimLink,
    Draft,
    ItemClaim,
    ItemCounts,
    JudgedItem,
    Known,
    KnownItem,
    MentionFilter,
    Poll,
    PollRecord,
    PollResult,
    StoreFacts,
)
from collector.store.coverage import HourSpan, tally
from collector.store.hourly import (
    SUSPICIOUS_FROM,
    HourCount,
    hours_through,
    is_suspicious,
    ratios,
    series_of,
)
from collector.store.ledger import identity_hash, issue_of_claim_key
from collector.store.overview import Rising
from collector.store.people import Failures
from collector.store.text import BEGINS_FROM, storable, storable_or_none

P = ParamSpec("P")
R = TypeVar("R")
RoomT = TypeVar("RoomT", bound="_Room")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSide:
    """What people made of an issue."""

    title_by: str | None = None
    state: IssueState = IssueState.NEW
    verdict: Verdict | None = None
    verdict_note: str = ""
    verdict_link: str | None = None
    verdict_by: str | None = None
    verdict_at: datetime | None = None
    origin: IssueOrigin = IssueOrigin.GROUPING
    topics: tuple[str, ...] = ()
    opened_at: datetime | None = None
    opened_precision: Precision = Precision.TIME
    merged_into: int | None = None
    voice_offset: int = 0


@dataclass(slots=True)
class _Tables:
    """Everything stored. Values are frozen, so a shallow copy of each table is a whole snapshot."""

    sources: dict[str, Source] = field(default_factory=dict)
    states: dict[str, SourceState] = field(default_factory=dict)
    ended: dict[str, datetime] = field(default_factory=dict)
    removed: dict[str, datetime] = field(default_factory=dict)
    polls: list[Poll] = field(default_factory=list)
    covered: set[tuple[str, datetime]] = field(default_factory=set)
    items: dict[int, Item] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    judgements: dict[int, Judgement] = field(default_factory=dict)
    mentions: dict[int, tuple[Mention, ...]] = field(default_factory=dict)
    sightings: dict[tuple[int, str], Sighting] = field(default_factory=dict)
    revisions: list[Revision] = field(default_factory=list)
    hourly: Counter[tuple[str, datetime, str, Stance, bool, Timing]] = field(default_factory=Counter)
    wishes: dict[int, ArticleWish] = field(default_factory=dict)
    claims: dict[int, CheckedClaim] = field(default_factory=dict)
    claim_revisions: dict[int, int] = field(default_factory=dict)
    item_claims: dict[int, ItemClaim] = field(default_factory=dict)
    issue_titles: dict[int, str] = field(default_factory=dict)
    issue_claims: dict[int, str] = field(default_factory=dict)
    grouped_as: dict[int, int] = field(default_factory=dict)
    desk: dict[int, DeskSide] = field(default_factory=dict)
    last_issue_id: int = 0
    issue_events: list[IssueEvent] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    tellings: list[Telling] = field(default_factory=list)
    published: list[PublishedCount] = field(default_factory=list)
    copies: dict[int, tuple[PageCopy, bytes]] = field(default_factory=dict)
    tombstones: dict[str, Tombstone] = field(default_factory=dict)
    voices: dict[int, int] = field(default_factory=dict)
    indexed: set[int] = field(default_factory=set)
    alerts: dict[int, Alert] = field(default_factory=dict)
    events: list[AlertEvent] = field(default_factory=list)
    evidence: set[tuple[int, int]] = field(default_factory=set)
    deliveries: dict[int, Delivery] = field(default_factory=dict)
    withheld: dict[int, Withheld] = field(default_factory=dict)
    slots: set[tuple[str, str]] = field(default_factory=set)
    acks: dict[int, Acknowledgement] = field(default_factory=dict)
    silences: dict[int, Silence] = field(default_factory=dict)
    audit: list[AuditEntry] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    links_key: bytes = b""
    people: dict[str, tuple[Person, str]] = field(default_factory=dict)
    sessions: dict[str, tuple[str | None, datetime, datetime]] = field(default_factory=dict)
    partner_reports: dict[tuple[str, str], PartnerReport] = field(default_factory=dict)
    login_failures: list[tuple[str, datetime]] = field(default_factory=list)
    last_item_id: int = 0

    def snapshot(self) -> _Tables:
        tables: dict[str, Any] = {table.name: copy(getattr(self, table.name)) for table in fields(self)}
        return _Tables(**tables)


class _Core:
    """The tables under one lock; a failed transaction puts the snapshot back."""

    def __init__(self) -> None:
        self.tables = _Tables()
        self._lock = threading.RLock()
        self.served = threading.Lock()

    @contextmanager
    def transaction(self) -> Iterator[_Tables]:
        with self._lock:
            before = self.tables.snapshot()
            try:
                yield self.tables
            except BaseException:
                self.tables = before
                raise


class _Room:
    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def _tables(self) -> _Tables:
        return self._core.tables


def _atomic(method: Callable[Concatenate[RoomT, P], R]) -> Callable[Concatenate[RoomT, P], R]:
    def run(self: RoomT, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self._core.transaction():
            return method(self, *args, **kwargs)

    return run


class MemorySources(_Room):
    @_atomic
    def register(self, sources: Sequence[Source], now: datetime) -> None:
        t = self._tables
        for source in sources:
            self._register(source, now)
        for gone in t.sources.keys() - {source.id for source in sources}:
            t.removed.setdefault(gone, now)
            t.ended.setdefault(gone, now)

    def _register(self, source: Source, now: datetime) -> None:
        t = self._tables
        old = t.sources.get(source.id)
        state = t.states.get(source.id, SourceState(source_id=source.id, next_poll_at=now))
        if old is not None and (old.url, old.kind) != (source.url, source.kind):
            state = replace(state, etag=None, last_modified=None, body_hash=None, next_poll_at=now)
        elif source.id in t.ended:
            state = replace(state, next_poll_at=now)
        t.sources[source.id], t.states[source.id] = source, state
        t.removed.pop(source.id, None)
        if source.enabled:
            t.ended.pop(source.id, None)
        else:
            t.ended.setdefault(source.id, now)

    @_atomic
    def state(self, source_id: str) -> SourceState:
        if source_id not in self._tables.states:
            raise NotFound(f"no source named {source_id!r} is stored")
        return self._tables.states[source_id]

    @_atomic
    def states(self) -> tuple[SourceState, ...]:
        t = self._tables
        return tuple(t.states[name] for name in sorted(t.states) if name not in t.removed)

    @_atomic
    def due(self, now: datetime) -> tuple[str, ...]:
        t = self._tables
        due = [s for name, s in t.states.items() if name not in t.ended and s.next_poll_at <= now]
        return tuple(s.source_id for s in sorted(due, key=lambda s: (s.failures > 0, s.next_poll_at, s.source_id)))

    @_atomic
    def coverage(self, since: datetime, until: datetime) -> tuple[tuple[int, int], ...]:
        t = self._tables
        covered = [HourSpan(start=hour, end=hour + HOUR) for _, hour in t.covered]
        expected = [
            HourSpan(start=hour_of(s.first_ok_at), end=self._end_of(s.source_id, until))
            for s in t.states.values()
            if s.first_ok_at is not None
        ]
        return tally(covered, expected, since, until)

    def _end_of(self, source_id: str, until: datetime) -> datetime:
        ended_at = self._tables.ended.get(source_id)
        return until if ended_at is None else hour_of(ended_at) + HOUR


class MemoryItems(_Room):
    @_atomic
    def known(self, source_id: str, identities: Sequence[str], guids: Sequence[str]) -> Known:
        t = self._tables
        by_identity = {
            identity: self._known(t.ids[storable(identity)], source_id)
            for identity in identities
            if storable(identity) in t.ids
        }
        by_guid = {}
        for guid in guids:
            shown = [s.item_id for s in t.sightings.values() if (s.source_id, s.guid) == (source_id, storable(guid))]
            asked = [item.item_id for item in by_identity.values() if item.item_id in shown]
            if shown:
                by_guid[guid] = self._known(max(asked or shown), source_id)
        return Known(by_identity=by_identity, by_guid=by_guid)

    def _known(self, item_id: int, source_id: str) -> KnownItem:
        item = self._tables.items[item_id]
        here = self._tables.sightings.get((item_id, source_id))
        return KnownItem(
            item_id=item_id,
            identity=item.identity,
            title=item.title,
            content_hash=item.content_hash,
            here=here is not None,
            guid=None if here is None else here.guid,
            first_here=item.source_id == source_id,
        )

    @_atomic
    def record_poll(self, record: PollRecord) -> PollResult:
        t, source_id = self._tables, record.poll.source_id
        if source_id not in t.sources:
            raise NotFound(f"no source named {source_id!r} is stored")
        t.states[source_id] = record.state
        t.polls.append(record.poll)
        t.covered.update((source_id, hour) for hour in record.covers)
        new = self.write_drafts(source_id, record.drafts)
        for seen in record.resightings:
            if seen.item_id in t.items:
                self._sight(seen.item_id, source_id, seen.publisher, seen.seen_at, seen.guid)
        for change in record.changes:
            self._change(source_id, change)
        speaking = [draft for draft in new if draft.matches]
        return PollResult(
            items_new=len(new),
            mentions_new=sum(len(draft.matches) for draft in speaking),
            suspicious_new=sum(is_suspicious(d.judgement.stance, d.judgement.suspicion) for d in speaking),
        )

    def write_drafts(self, source_id: str, drafts: Sequence[Draft]) -> list[Draft]:
        """Those that were new. What was forgotten is passed over."""
        t = self._tables
        wanted = [draft for draft in drafts if identity_hash(storable(draft.identity)) not in t.tombstones]
        numbered = enumerate(wanted, t.last_item_id + 1)  # gaps where drafts were known, as in SQLite
        return [draft for number, draft in numbered if self._add(source_id, draft, number)]

    def _add(self, source_id: str, draft: Draft, number: int) -> bool:
        t, identity = self._tables, storable(draft.identity)
        new = identity not in t.ids
        if new:
            t.last_item_id = t.ids[identity] = number
            t.items[number] = Item(
                id=number,
                identity=identity,
                url=storable_or_none(draft.url),
                title=storable(draft.title),
                excerpt=storable(draft.excerpt),
                lang=draft.lang,
                source_id=source_id,
                publisher=storable(draft.publisher),
                published_at=draft.published_at,
                date_note=draft.date_note,
                seen_at=draft.seen_at,
                timing=draft.timing,
                content_hash=storable(draft.content_hash),
                date_precision=draft.date_precision,
            )
            self.conclude(number, draft.matches, draft.judgement, draft.seen_at)
            if draft.wants_article:
                self._want_article(number, source_id, draft.seen_at)
        self._sight(t.ids[identity], source_id, draft.publisher, draft.seen_at, draft.guid)
        return new

    def _sight(self, item_id: int, source_id: str, publisher: str, seen_at: datetime, guid: str | None) -> None:
        t = self._tables
        old = t.sightings.get((item_id, source_id))
        sighting = old or Sighting(item_id=item_id, source_id=source_id, publisher=storable(publisher), seen_at=seen_at)
        t.sightings[item_id, source_id] = replace(sighting, guid=storable_or_none(guid) or sighting.guid)

    def _want_article(self, item_id: int, source_id: str, at: datetime) -> None:
        old = self._tables.wishes.get(item_id)
        self._tables.wishes[item_id] = ArticleWish(
            item_id=item_id,
            source_id=source_id if old is None else old.source_id,
            state=ArticleState.WANTED,
            wanted_at=at,
            next_at=at,
            tried_at=None if old is None else old.tried_at,
        )

    def conclude(self, item_id: int, matches: Iterable[Match], judgement: Judgement, at: datetime) -> None:
        t = self._tables
        self._count(item_id, -1)
        t.judgements[item_id] = judgement
        t.mentions[item_id] = tuple(
            Mention(item_id=item_id, topic_id=m.topic_id, spans=m.spans, matched_at=at)
            for m in sorted(matches, key=lambda match: match.topic_id)
        )
        self._count(item_id, 1)

    @_atomic
    def after(self, item_id: int, limit: int) -> tuple[JudgedItem, ...]:
        numbers = sorted(number for number in self._tables.items if number > item_id)
        return tuple(self._judged(self._tables.items[number]) for number in numbers[:limit])

    @_atomic
    def rescore(self, batch: Sequence[tuple[int, Judgement]], now: datetime) -> int:
        stored = [(number, judgement) for number, judgement in batch if number in self._tables.items]
        for number, judgement in stored:
            self._count(number, -1)
            self._tables.judgements[number] = judgement
            self._count(number, 1)
        return len(stored)

    def _count(self, item_id: int, sign: int) -> None:
        t, item = self._tables, self._tables.items[item_id]
        for mention in t.mentions.get(item_id, ()):
            judgement = t.judgements[item_id]
            suspicious = judgement.suspicion >= SUSPICIOUS_FROM
            key = (mention.topic_id, hour_of(item.seen_at), item.publisher, judgement.stance, suspicious, item.timing)
            t.hourly[key] += sign

    def _change(self, source_id: str, change: Change) -> None:
        t, item = self._tables, self._tables.items.get(change.item_id)
        if item is None:
            return
        new = replace(
            item,
            title=storable(change.title),
            excerpt=storable(change.excerpt),
            content_hash=storable(change.content_hash),
        )
        if (new.title, new.content_hash) == (item.title, item.content_hash):
            return
        old = Revision(item_id=item.id, replaced_at=change.changed_at, title=item.title, content_hash=item.content_hash)
        t.revisions.append(old)
        t.items[item.id] = new
        self.conclude(item.id, change.matches, change.judgement, change.changed_at)
        wish = t.wishes.get(item.id)
        if change.wants_article:
            self._want_article(item.id, source_id, change.changed_at)
        elif wish is not None and wish.state is ArticleState.WANTED:
            del t.wishes[item.id]

    # ------------------------------------------------------------ questions

    @_atomic
    def get(self, item_id: int) -> JudgedItem:
        if item_id not in self._tables.items:
            raise NotFound(f"no item {item_id} is stored")
        return self._judged(self._tables.items[item_id])

    @_atomic
    def find(self, identity: str) -> JudgedItem | None:
        item_id = self._tables.ids.get(storable(identity))
        return None if item_id is None else self._judged(self._tables.items[item_id])

    def _judged(self, item: Item) -> JudgedItem:
        t = self._tables
        return JudgedItem(
            item=item,
            judgement=t.judgements[item.id],
            mentions=t.mentions[item.id],
            sightings=sum(item_id == item.id for item_id, _ in t.sightings),
        )

    @_atomic
    def list(self, wanted: MentionFilter) -> tuple[JudgedItem, ...]:
        found = [judged for judged in map(self._judged, self._tables.items.values()) if self._wanted(judged, wanted)]
        found.sort(key=lambda judged: (judged.item.seen_at, judged.item.id), reverse=True)
        if wanted.measure is not None:
            found.sort(key=lambda judged: judged.judgement.suspicion, reverse=True)
        return tuple(found[: wanted.limit])

    def _wanted(self, judged: JudgedItem, wanted: MentionFilter) -> bool:
        item, judgement = judged.item, judged.judgement
        topics = {mention.topic_id for mention in judged.mentions}
        at_least = wanted.suspicion_at_least
        return (
            (wanted.topic_id is None or wanted.topic_id in topics)
            and (bool(topics) or not wanted.on_topic_only)
            and (wanted.since is None or item.seen_at >= wanted.since)
            and (wanted.until is None or item.seen_at < wanted.until)
            and (at_least is None or judgement.suspicion >= at_least)
            and _measured(wanted.measure, judgement, SUSPICIOUS_FROM if at_least is None else at_least)
            and (wanted.measure is not Measure.KNOWN_CLAIMS or _repeats(self._tables, item.id))
            and (wanted.issue_id is None or item.issue_id == wanted.issue_id)
            and (wanted.include_backfill or item.timing is not Timing.BACKFILL)
            and (wanted.search is None or self._speaks_of(item, wanted.search))
        )

    def _speaks_of(self, item: Item, search: str) -> bool:
        if item.id not in self._tables.indexed:
            return False
        have = _words(f"{item.title} {item.excerpt}")
        *whole, last = _words(search) or [""]
        if len(last) < BEGINS_FROM:
            return bool(last) and all(word in have for word in (*whole, last))
        return all(word in have for word in whole) and any(word.startswith(last) for word in have)

    @_atomic
    def sightings(self, item_id: int) -> tuple[Sighting, ...]:
        found = [s for s in self._tables.sightings.values() if s.item_id == item_id]
        return tuple(sorted(found, key=lambda s: (s.seen_at, s.source_id)))

    @_atomic
    def revisions(self, item_id: int) -> tuple[Revision, ...]:
        return tuple(r for r in self._tables.revisions if r.item_id == item_id)

    @_atomic
    def counts(self, since: datetime) -> ItemCounts:
        found = [judged for judged in map(self._judged, self._tables.items.values()) if judged.item.seen_at >= since]
        return ItemCounts(
            items=len(found),
            mentions=sum(len(judged.mentions) for judged in found),
            suspicious=sum(
                bool(judged.mentions) and is_suspicious(judged.judgement.stance, judged.judgement.suspicion)
                for judged in found
            ),
        )

    @_atomic
    def index_pending(self, limit: int) -> int:
        t = self._tables
        pending = sorted(t.items.keys() - t.indexed)[:limit]
        t.indexed.update(pending)
        return len(pending)

    @_atomic
    def export(self, table: str) -> Iterator[Mapping[str, object]]:
        t = self._tables
        rows: dict[str, Iterable[Mapping[str, object]]] = {
            "items": [{"id": i.id, "url": i.url, "title": i.title, "source": i.source_id} for i in t.items.values()],
            "sightings": [
                {
                    "item_id": s.item_id,
                    "url": t.items[s.item_id].url,
                    "title": t.items[s.item_id].title,
                    "source": s.source_id,
                }
                for s in t.sightings.values()
            ],
            "mentions": [
                {"item_id": m.item_id, "topic": m.topic_id, "title": t.items[m.item_id].title}
                for found in t.mentions.values()
                for m in found
            ],
            "alerts": [{"id": a.id, "rule": a.rule, "subject": a.subject.id} for a in t.alerts.values()],
            "deliveries": [{"id": d.id, "receiver": d.receiver, "state": d.state} for d in t.deliveries.values()],
        }
        if table not in rows:
            raise NotFound(f"no export named {table!r}; there are {', '.join(rows)}")
        return iter(rows[table])

    @_atomic
    def prune(self, *, items_before: datetime, polls_before: datetime, dry_run: bool = False) -> Mapping[str, int]:
        t = self._tables
        firing = {item for alert, item in t.evidence if t.alerts[alert].state is AlertState.FIRING}
        gone = {i.id for i in t.items.values() if i.seen_at < items_before and i.id not in firing}
        kept_polls = [poll for poll in t.polls if poll.started_at >= polls_before]
        deleted = {"items": len(gone), "polls": len(t.polls) - len(kept_polls)}
        if dry_run:
            return deleted
        t.polls = kept_polls
        t.ids = {identity: item_id for identity, item_id in t.ids.items() if item_id not in gone}
        t.sightings = {key: s for key, s in t.sightings.items() if s.item_id not in gone}
        t.revisions = [r for r in t.revisions if r.item_id not in gone]
        t.evidence = {(alert, item) for alert, item in t.evidence if item not in gone}
        t.indexed -= gone
        for item_id in gone:
            t.wishes.pop(item_id, None)
            t.item_claims.pop(item_id, None)
            del t.items[item_id], t.judgements[item_id], t.mentions[item_id]
        return deleted


def _waits(item: Item) -> bool:
    return item.issue_id is None and bool(item.content_hash)


def _measured(measure: Measure | None, judgement: Judgement, at_least: float) -> bool:
    if measure is Measure.SUSPICIOUS:
        return is_suspicious(judgement.stance, judgement.suspicion, at_least)
    if measure is Measure.ISSUES:
        return _worth_a_look(judgement)
    return measure is not Measure.DEBUNKS or judgement.stance is Stance.DEBUNK


def _worth_a_look(judgement: Judgement) -> bool:
    return judgement.stance is Stance.DEBUNK or is_suspicious(judgement.stance, judgement.suspicion)


def _repeats(tables: _Tables, item_id: int) -> bool:
    """Whether the item spreads a claim that was found wrong before."""
    link = tables.item_claims.get(item_id)
    if link is None or link.stance is not Stance.SPREAD:
        return False
    spreads = tables.judgements[item_id].stance in (Stance.SPREAD, Stance.NEWS)
    return spreads and tables.claims[link.claim.id].verdict not in (Verdict.TRUE, Verdict.SATIRE)


def _words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in plain).split()


_Counted = tuple[datetime, str, Timing, int]  # hour, publisher, timing, how many


class MemoryArticles(_Room):
    def __init__(self, core: _Core, items: MemoryItems) -> None:
        super().__init__(core)
        self._items = items

    @_atomic
    def due(self, source_id: str, now: datetime, *, wanted_since: datetime, limit: int) -> tuple[ArticleWish, ...]:
        found = [
            wish
            for wish in self._tables.wishes.values()
            if (wish.source_id, wish.state) == (source_id, ArticleState.WANTED)
            and wish.wanted_at >= wanted_since
            and wish.next_at <= now
        ]
        return tuple(sorted(found, key=lambda wish: (wish.wanted_at, wish.item_id), reverse=True)[:limit])

    @_atomic
    def attempts(self, source_id: str, since: datetime) -> int:
        return sum(
            wish.attempts
            for wish in self._tables.wishes.values()
            if wish.source_id == source_id and wish.tried_at is not None and wish.tried_at >= since
        )

    @_atomic
    def begin(self, item_id: int, now: datetime, again_at: datetime) -> int:
        wish = self._tables.wishes.get(item_id)
        if wish is None or wish.state is not ArticleState.WANTED or wish.next_at > now:
            return 0
        begun = replace(wish, attempts=wish.attempts + 1, tried_at=now, next_at=again_at)
        self._tables.wishes[item_id] = begun
        return begun.attempts

    @_atomic
    def read(self, article: ArticleRead) -> bool:
        t, item = self._tables, self._tables.items.get(article.item_id)
        if item is None or item.content_hash != storable(article.content_hash):
            return False
        t.items[item.id] = replace(item, excerpt=storable(article.excerpt))
        self._items.conclude(item.id, article.matches, article.judgement, article.read_at)
        self._settle(item.id, state=ArticleState.READ, error=None)
        return True

    @_atomic
    def failed(self, item_id: int, error: str, *, again_at: datetime | None) -> None:
        if again_at is None:
            self._settle(item_id, state=ArticleState.FAILED, error=storable(error))
        else:
            self._settle(item_id, state=ArticleState.WANTED, error=storable(error), next_at=again_at)

    def _settle(self, item_id: int, **outcome: Any) -> None:
        wish = self._tables.wishes.get(item_id)
        if wish is not None:
            self._tables.wishes[item_id] = replace(wish, **outcome)

    @_atomic
    def of(self, item_id: int) -> ArticleWish | None:
        return self._tables.wishes.get(item_id)

    @_atomic
    def counts(self) -> Mapping[ArticleState, int]:
        return {state: sum(wish.state is state for wish in self._tables.wishes.values()) for state in ArticleState}


class MemoryClaims(_Room):
    @_atomic
    def add(self, claims: Sequence[CheckedClaim], now: datetime) -> int:
        t = self._tables
        before = len(t.claims)
        for given in claims:
            claim = _storable_claim(given)
            old = next((one for one in t.claims.values() if one.key == claim.key), None)
            if old is None:
                claim = replace(claim, id=max(t.claims, default=0) + 1)
            else:
                claim = replace(
                    claim,
                    id=old.id,
                    verdict=claim.verdict or old.verdict,
                    publisher=claim.publisher or old.publisher,
                    url=claim.url or old.url,
                    checked_at=claim.checked_at or old.checked_at,
                    case_id=claim.case_id or old.case_id,
                    topics=claim.topics or old.topics,
                )
            if claim != old:
                t.claims[claim.id] = claim
                t.claim_revisions[claim.id] = max(t.claim_revisions.values(), default=0) + 1
        return len(t.claims) - before

    @_atomic
    def changed(self, since: int) -> ClaimChanges:
        t = self._tables
        found = sorted((revision, number) for number, revision in t.claim_revisions.items() if revision > since)
        return ClaimChanges(
            claims=tuple(t.claims[number] for _, number in found if number in t.claims),
            revision=found[-1][0] if found else since,
        )

    @_atomic
    def get(self, claim_id: int) -> CheckedClaim:
        if claim_id not in self._tables.claims:
            raise NotFound(f"no checked claim {claim_id} is stored")
        return self._tables.claims[claim_id]

    @_atomic
    def list(self, *, search: str | None = None, limit: int = 100) -> tuple[CheckedClaim, ...]:
        wanted = (search or "").lower().split()
        found = [
            claim
            for claim in self._tables.claims.values()
            if all(word in f"{claim.text} {claim.title} {claim.publisher} {claim.case_id}".lower() for word in wanted)
        ]
        found.sort(key=lambda claim: (claim.checked_at is not None, claim.checked_at, claim.id), reverse=True)
        return tuple(found[:limit])

    @_atomic
    def count(self) -> int:
        return len(self._tables.claims)

    @_atomic
    def link(self, links: Sequence[ClaimLink]) -> int:
        t = self._tables
        linked = 0
        for link in links:
            item_id = t.ids.get(storable(link.identity))
            if item_id is None:
                continue
            t.item_claims.pop(item_id, None)
            claim = next((one for one in t.claims.values() if one.key == storable(link.claim_key)), None)
            if claim is not None:
                t.item_claims[item_id] = ItemClaim(
                    item_id=item_id,
                    claim=claim,
                    confidence=round(link.confidence, 4),
                    stance=link.stance,
                    differences=link.differences,
                    matched_at=link.matched_at,
                )
                linked += 1
        return linked

    @_atomic
    def unlink(self, item_ids: Sequence[int]) -> None:
        for item_id in item_ids:
            self._tables.item_claims.pop(item_id, None)

    @_atomic
    def of_items(self, item_ids: Sequence[int]) -> Mapping[int, tuple[ItemClaim, ...]]:
        t = self._tables
        links = [t.item_claims[item_id] for item_id in item_ids if item_id in t.item_claims]
        return {link.item_id: (replace(link, claim=t.claims[link.claim.id]),) for link in links}


def _storable_claim(claim: CheckedClaim) -> CheckedClaim:
    return replace(
        claim,
        key=storable(claim.key),
        text=storable(claim.text),
        title=storable(claim.title),
        publisher=storable(claim.publisher),
        url=storable_or_none(claim.url),
        checked_at=None if claim.checked_at is None else claim.checked_at.replace(microsecond=0),
        case_id=storable_or_none(claim.case_id),
    )


class MemoryIssues(_Room):
    def __init__(self, core: _Core, items: MemoryItems) -> None:
        super().__init__(core)
        self._items = items

    @_atomic
    def next_id(self) -> int:
        return max(self._tables.last_issue_id, max(self._tables.issue_titles, default=0)) + 1

    @_atomic
    def reserve(self, count: int = 1) -> int:
        first = self.next_id()
        self._tables.last_issue_id = first + count - 1
        return first

    @_atomic
    def ungrouped(self, after: int, limit: int) -> tuple[JudgedItem, ...]:
        t = self._tables
        found = (i for i in sorted(t.items) if i > after and t.mentions[i] and _waits(t.items[i]))
        return tuple(self._items.get(item_id) for item_id, _ in zip(found, range(limit), strict=False))

    @_atomic
    def grouped(self, since: datetime, limit: int) -> tuple[GroupedText, ...]:
        t = self._tables
        found = [i for i in t.items.values() if i.issue_id is not None and i.seen_at >= since and i.content_hash]
        found.sort(key=lambda item: (item.seen_at, item.id))
        return tuple(
            GroupedText(
                item_id=item.id,
                issue_id=t.grouped_as.get(item.id, item.issue_id),
                voice=t.voices[item.id] - self._offset(item.id),
                title=item.title,
                excerpt=item.excerpt,
                claim_key=t.issue_claims.get(t.grouped_as.get(item.id, item.issue_id)),
                seen_at=item.seen_at,
            )
            for item in found[-limit:]
            if item.issue_id is not None
        )

    @_atomic
    def save(self, members: Sequence[Membership]) -> None:
        t = self._tables
        for member in members:
            self._alias(member)
            desk = t.desk.get(member.issue_id, DeskSide())
            issue_id = member.issue_id if desk.merged_into is None else desk.merged_into
            if desk.merged_into is not None:
                t.grouped_as[member.item_id] = member.issue_id
            if desk.merged_into is None:
                if desk.title_by is None:
                    t.issue_titles[issue_id] = storable(member.title)
                if member.claim_key is not None:
                    t.issue_claims.setdefault(issue_id, storable(member.claim_key))
            t.items[member.item_id] = replace(t.items[member.item_id], issue_id=issue_id)
            t.voices[member.item_id] = member.voice + desk.voice_offset

    def _offset(self, item_id: int) -> int:
        """What merges added to the number of its voice."""
        t = self._tables
        return t.desk.get(t.grouped_as.get(item_id, 0), DeskSide()).voice_offset

    def _alias(self, member: Membership) -> None:
        """A new issue of a claim that has one already is that one under another number."""
        t = self._tables
        target = None if member.claim_key is None else self.of_claim(member.claim_key)
        if member.issue_id in t.issue_titles or target is None or target == member.issue_id:
            return
        voices = [t.voices[item.id] for item in t.items.values() if item.issue_id == target]
        t.issue_titles[member.issue_id] = storable(member.title)
        t.desk[member.issue_id] = DeskSide(
            state=IssueState.MERGED, merged_into=target, voice_offset=max(voices, default=0), opened_at=member.seen_at
        )

    @_atomic
    def of_claim(self, claim_key: str) -> int | None:
        """As the ledger's."""
        t = self._tables
        desk = {number: t.desk.get(number, DeskSide()) for number in sorted(t.issue_titles)}
        same = [number for number in desk if t.issue_claims.get(number) == storable(claim_key)]
        if same:
            first = min(same, key=lambda number: (desk[number].merged_into is not None, number))
            return desk[first].merged_into or first
        named = issue_of_claim_key(claim_key)
        return None if named is None or named not in desk else desk[named].merged_into or named

    @_atomic
    def get(self, issue_id: int) -> Issue:
        t = self._tables
        items = [item for item in t.items.values() if item.issue_id == issue_id]
        if not items:
            raise NotFound(f"no issue {issue_id} is stored")
        judged = {item.id: t.judgements[item.id] for item in items}
        claimed = [i.seen_at for i in items if i.timing is not Timing.BACKFILL and _worth_a_look(judged[i.id])]
        return Issue(
            id=issue_id,
            title=t.issue_titles[issue_id],
            claim_key=t.issue_claims.get(issue_id),
            opened_at=min(item.seen_at for item in items),
            last_seen_at=max(item.seen_at for item in items),
            claimed_at=min(claimed, default=None),
            items=len(items),
            voices=len({t.voices[item.id] for item in items}),
            suspicious=sum(is_suspicious(one.stance, one.suspicion) for one in judged.values()),
            debunks=sum(one.stance is Stance.DEBUNK for one in judged.values()),
        )

    @_atomic
    def list(
        self, *, topic_id: str | None = None, since: datetime | None = None, limit: int = 100
    ) -> tuple[Issue, ...]:
        t = self._tables
        ids = {
            item.issue_id
            for item in t.items.values()
            if item.issue_id is not None
            and (topic_id is None or any(mention.topic_id == topic_id for mention in t.mentions[item.id]))
        }
        found = [issue for issue in map(self.get, ids) if since is None or issue.last_seen_at >= since]
        found.sort(key=lambda issue: (issue.last_seen_at, issue.id), reverse=True)
        return tuple(found[:limit])


class MemoryBuckets(_Room):
    def __init__(self, core: _Core, sources: MemorySources) -> None:
        super().__init__(core)
        self._sources = sources

    @_atomic
    def series(
        self,
        subjects: Sequence[Subject],
        measure: Measure,
        since: datetime,
        until: datetime,
        *,
        suspicion_at_least: float = SUSPICIOUS_FROM,
    ) -> tuple[Series, ...]:
        first, hours = hours_through(since, until)
        end = first + hours * HOUR
        coverage = ratios(self._sources.coverage(first, end))
        return tuple(
            series_of(
                subject,
                measure,
                first,
                [
                    _part((hour - first) // HOUR, publisher, timing, n)
                    for hour, publisher, timing, n in self._count(subject, measure, suspicion_at_least, first)
                    if first <= hour < end
                ],
                coverage,
            )
            for subject in subjects
        )

    def _count(self, subject: Subject, measure: Measure, at_least: float, first: datetime) -> Iterator[_Counted]:
        if subject.kind == "issue":
            return self._of_issue(subject, measure, at_least)
        if measure is Measure.ISSUES:
            return self._opened(subject, first)
        if at_least != SUSPICIOUS_FROM or measure is Measure.KNOWN_CLAIMS:
            return self._counted(subject, measure, at_least)
        return self._rolled_up(subject, measure, at_least)

    def _of_issue(self, subject: Subject, measure: Measure, at_least: float) -> Iterator[_Counted]:
        t = self._tables
        for item in t.items.values():
            if str(item.issue_id) == subject.id and self._wanted(item.id, measure, at_least):
                yield hour_of(item.seen_at), item.publisher, item.timing, 1

    def _wanted(self, item_id: int, measure: Measure, at_least: float) -> bool:
        if measure is Measure.KNOWN_CLAIMS:
            return _repeats(self._tables, item_id)
        judgement = self._tables.judgements[item_id]
        return _counts(measure, judgement.stance, judgement.suspicion, at_least)

    def _opened(self, subject: Subject, first: datetime) -> Iterator[_Counted]:
        t = self._tables
        earliest: dict[int, Item] = {}
        for item in sorted(t.items.values(), key=lambda item: (item.seen_at, item.id)):
            topics = {mention.topic_id for mention in t.mentions[item.id]}
            recent = item.seen_at >= first - timedelta(days=30) and item.timing is not Timing.BACKFILL
            wanted = subject.kind == "topic" and subject.id in topics and _worth_a_look(t.judgements[item.id])
            if item.issue_id is not None and recent and wanted:
                earliest.setdefault(item.issue_id, item)
        for item in earliest.values():
            yield hour_of(item.seen_at), item.publisher, item.timing, 1

    def _rolled_up(self, subject: Subject, measure: Measure, _: float) -> Iterator[_Counted]:
        for (topic, hour, publisher, stance, suspicious, timing), n in self._tables.hourly.items():
            score = SUSPICIOUS_FROM if suspicious else 0.0
            if _is(subject, topic) and _counts(measure, stance, score, SUSPICIOUS_FROM):
                yield hour, publisher, timing, n

    def _counted(self, subject: Subject, measure: Measure, at_least: float) -> Iterator[_Counted]:
        t = self._tables
        for mention in (m for found in t.mentions.values() for m in found):
            item = t.items[mention.item_id]
            if _is(subject, mention.topic_id) and self._wanted(item.id, measure, at_least):
                yield hour_of(item.seen_at), item.publisher, item.timing, 1


def _is(subject: Subject, topic_id: str) -> bool:
    return subject.kind == "topic" and subject.id == topic_id


def _counts(measure: Measure, stance: Stance, suspicion: float, at_least: float) -> bool:
    if measure is Measure.SUSPICIOUS:
        return is_suspicious(stance, suspicion, at_least)
    return measure is Measure.MENTIONS or stance is Stance.DEBUNK


def _part(index: int, publisher: str, timing: Timing, n: int) -> HourCount:
    return HourCount(index, publisher, n, n if timing is Timing.LATE else 0, n if timing is Timing.BACKFILL else 0)


class MemoryAlerts(_Room):
    @_atomic
    def open(self, key: str) -> Alert | None:
        return next((alert for alert in self.firing() if alert.key == key), None)

    @_atomic
    def firing(self) -> tuple[Alert, ...]:
        found = [a for a in self._tables.alerts.values() if a.state is AlertState.FIRING]
        return tuple(sorted(found, key=lambda alert: (alert.opened_at, alert.id)))

    @_atomic
    def get(self, alert_id: int) -> Alert:
        if alert_id not in self._tables.alerts:
            raise NotFound(f"no alert {alert_id} is stored")
        return self._tables.alerts[alert_id]

    @_atomic
    def list(self, *, state: AlertState | None = None, limit: int = 100) -> tuple[Alert, ...]:
        found = [a for a in self._tables.alerts.values() if state is None or a.state is state]
        return tuple(sorted(found, key=lambda alert: (alert.opened_at, alert.id), reverse=True)[:limit])

    @_atomic
    def last_resolved_at(self, key: str) -> datetime | None:
        ends = [a.resolved_at for a in self._tables.alerts.values() if a.key == key and a.resolved_at is not None]
        return max(ends, default=None)

    @_atomic
    def next_id(self) -> int:
        return max(self._tables.alerts, default=0) + 1

    @_atomic
    def save(
        self,
        alert: Alert,
        events: Sequence[AlertEvent] = (),
        deliveries: Sequence[Delivery] = (),
        evidence: Sequence[int] = (),
        withheld: Sequence[Withheld] = (),
    ) -> None:
        t = self._tables
        other = self.open(alert.key)
        if alert.state is AlertState.FIRING and other is not None and other.id != alert.id:
            raise StoreError(f"alert {other.id} of {alert.key} is still firing")
        t.alerts[alert.id] = alert
        t.events.extend(events)
        t.evidence.update((alert.id, item_id) for item_id in evidence if item_id in t.items)
        _post(t, deliveries)
        for one in withheld:
            if all(other.dedup_key != one.dedup_key for other in t.withheld.values()):
                number = len(t.withheld) + 1
                t.withheld[number] = replace(one, id=number)

    @_atomic
    def events(self, alert_id: int) -> tuple[AlertEvent, ...]:
        return tuple(event for event in self._tables.events if event.alert_id == alert_id)

    @_atomic
    def evidence(self, alert_id: int) -> tuple[int, ...]:
        return tuple(sorted(item_id for alert, item_id in self._tables.evidence if alert == alert_id))


def _post(tables: _Tables, deliveries: Iterable[Delivery]) -> None:
    for delivery in deliveries:
        if all(other.dedup_key != delivery.dedup_key for other in tables.deliveries.values()):
            number = max(tables.deliveries, default=0) + 1
            tables.deliveries[number] = replace(delivery, id=number)


class MemoryOutbox(_Room):
    @_atomic
    def add(self, deliveries: Sequence[Delivery]) -> None:
        _post(self._tables, deliveries)

    @_atomic
    def claim(
        self, worker: str, now: datetime, lease: timedelta, limit: int, *, held: Collection[str] = ()
    ) -> tuple[Delivery, ...]:
        due = (d for d in self._tables.deliveries.values() if _claimable(d, worker, now))
        free = [delivery for delivery in due if delivery.receiver not in held]
        free.sort(key=lambda delivery: (delivery.not_before_at, delivery.id))
        claimed = [replace(d, claimed_by=worker, claimed_until=now + lease) for d in free[:limit]]
        self._tables.deliveries.update((delivery.id, delivery) for delivery in claimed)
        return tuple(claimed)

    @_atomic
    def free(self, workers: str) -> int:
        leased = [d for d in self._tables.deliveries.values() if (d.claimed_by or "").startswith(workers)]
        freed = [replace(delivery, claimed_by=None, claimed_until=None) for delivery in leased]
        self._tables.deliveries.update((delivery.id, delivery) for delivery in freed)
        return len(freed)

    @_atomic
    def sent(self, delivery_id: int, worker: str, now: datetime) -> bool:
        return self._settle(
            delivery_id, worker, lambda d: replace(d, state=DeliveryState.SENT, sent_at=now, last_error=None)
        )

    @_atomic
    def retry(self, delivery_id: int, worker: str, error: str, not_before_at: datetime) -> bool:
        return self._settle(
            delivery_id, worker, lambda d: replace(d, last_error=storable(error), not_before_at=not_before_at)
        )

    @_atomic
    def dead(self, delivery_id: int, worker: str, error: str) -> bool:
        return self._settle(
            delivery_id, worker, lambda d: replace(d, state=DeliveryState.DEAD, last_error=storable(error))
        )

    def _settle(self, delivery_id: int, worker: str, outcome: Callable[[Delivery], Delivery]) -> bool:
        held = self._tables.deliveries.get(delivery_id)
        if held is None or held.claimed_by != worker or held.state is not DeliveryState.PENDING:
            return False
        tried = replace(held, attempts=held.attempts + 1, claimed_by=None, claimed_until=None)
        self._tables.deliveries[delivery_id] = outcome(tried)
        return True

    @_atomic
    def counts(self) -> Mapping[DeliveryState, int]:
        return {s: sum(d.state is s for d in self._tables.deliveries.values()) for s in DeliveryState}

    @_atomic
    def resend(self, delivery_id: int, now: datetime) -> None:
        delivery = self._tables.deliveries.get(delivery_id)
        if delivery is None or delivery.state is not DeliveryState.DEAD:
            raise NotFound(f"no undeliverable delivery {delivery_id} is stored")
        pending = replace(delivery, state=DeliveryState.PENDING, attempts=0, not_before_at=now)
        self._tables.deliveries[delivery_id] = pending

    @_atomic
    def list(self, *, alert_id: int | None = None, dead_only: bool = False, limit: int = 100) -> tuple[Delivery, ...]:
        carried = {w.delivery_id for w in self._tables.withheld.values() if w.alert_id == alert_id}
        found = [
            d
            for d in self._tables.deliveries.values()
            if (alert_id is None or d.alert_id == alert_id or d.id in carried)
            and (not dead_only or d.state is DeliveryState.DEAD)
        ]
        return tuple(sorted(found, key=lambda delivery: delivery.id, reverse=True)[:limit])


def _claimable(delivery: Delivery, worker: str, now: datetime) -> bool:
    free = delivery.claimed_by in (None, worker) or delivery.claimed_until is None or delivery.claimed_until <= now
    return delivery.state is DeliveryState.PENDING and delivery.not_before_at <= now and free


class MemoryWithheld(_Room):
    @_atomic
    def waiting(self) -> tuple[Withheld, ...]:
        return tuple(w for w in self._tables.withheld.values() if w.settled_at is None)

    @_atomic
    def release(self, row_ids: Sequence[int], delivery: Delivery, now: datetime) -> int:
        t = self._tables
        _post(t, [delivery])
        number = next(d.id for d in t.deliveries.values() if d.dedup_key == delivery.dedup_key)
        for row_id in row_ids:
            if t.withheld[row_id].settled_at is None:
                t.withheld[row_id] = replace(t.withheld[row_id], settled_at=now, delivery_id=number)
        return number

    @_atomic
    def give_up(self, row_id: int, hold: Hold, why: str, now: datetime) -> None:
        row = self._tables.withheld[row_id]
        if row.settled_at is None:
            self._tables.withheld[row_id] = replace(row, hold=hold, why=storable(why), settled_at=now)

    @_atomic
    def wait_longer(self, row_id: int, hold: Hold, why: str, until_at: datetime | None) -> None:
        row = self._tables.withheld[row_id]
        if row.settled_at is None:
            self._tables.withheld[row_id] = replace(row, hold=hold, why=storable(why), until_at=until_at)

    @_atomic
    def heard(self, alert_id: int, receiver: str) -> Heard:
        found = {self._fate(row) for row in self._told(alert_id) if row.receiver == receiver}
        return next((fate for fate in (Heard.SENT, Heard.UNDERWAY) if fate in found), Heard.NOTHING)

    def _told(self, alert_id: int) -> list[Withheld]:
        """Rows that tell of the alert as firing."""
        return [w for w in self._tables.withheld.values() if w.alert_id == alert_id and w.reason != "resolved"]

    def _fate(self, row: Withheld) -> Heard:
        if row.settled_at is None:
            return Heard.UNDERWAY
        delivery = self._tables.deliveries.get(row.delivery_id or 0)
        fates = {DeliveryState.SENT: Heard.SENT, DeliveryState.PENDING: Heard.UNDERWAY}
        return Heard.NOTHING if delivery is None else fates.get(delivery.state, Heard.NOTHING)

    @_atomic
    def addressed(self, alert_id: int) -> tuple[str, ...]:
        told = self._told(alert_id)
        return tuple(sorted({w.receiver for w in told if w.settled_at is None or w.delivery_id is not None}))

    @_atomic
    def of_alert(self, alert_id: int) -> tuple[Withheld, ...]:
        return tuple(w for w in self._tables.withheld.values() if w.alert_id == alert_id)

    @_atomic
    def suppressed(self, now: datetime, limit: int = 1000) -> tuple[Withheld, ...]:
        found = [w for w in self._tables.withheld.values() if self._is_suppressed(w, now)]
        return tuple(reversed(found))[:limit]

    def _is_suppressed(self, row: Withheld, now: datetime) -> bool:
        t = self._tables
        if row.settled_at is None:
            return True
        if row.delivery_id is not None or t.alerts[row.alert_id].state is not AlertState.FIRING:
            return False
        if row.hold is Hold.SILENCED:
            silence = t.silences.get(int(row.company)) if row.company.isdigit() else None
            return silence is not None and silence.holds_at(now)
        acked = any(ack.alert_id == row.alert_id and ack.ended_at is None for ack in t.acks.values())
        return row.hold is Hold.ACKNOWLEDGED and acked

    @_atomic
    def take_slot(self, receiver: str, slot: str, delivery_id: int, now: datetime) -> bool:
        if (receiver, slot) in self._tables.slots:
            return False
        self._tables.slots.add((receiver, slot))
        return True

    @_atomic
    def slot_taken(self, receiver: str, slot: str) -> bool:
        return (receiver, slot) in self._tables.slots


class MemoryReactions(_Room):
    @_atomic
    def acknowledge(self, ack: Acknowledgement) -> Acknowledgement:
        self._end(ack.alert_id, AckEnd.REPLACED, ack.made_at)
        stored = replace(ack, id=len(self._tables.acks) + 1)
        self._tables.acks[stored.id] = stored
        return stored

    @_atomic
    def acknowledged(self) -> Mapping[int, Acknowledgement]:
        return {ack.alert_id: ack for ack in self._tables.acks.values() if ack.ended_at is None}

    @_atomic
    def acknowledgements(self, alert_id: int) -> tuple[Acknowledgement, ...]:
        return tuple(ack for ack in self._tables.acks.values() if ack.alert_id == alert_id)

    @_atomic
    def end_acknowledgement(self, alert_id: int, because: AckEnd, now: datetime) -> bool:
        return self._end(alert_id, because, now)

    def _end(self, alert_id: int, because: AckEnd, now: datetime) -> bool:
        held = self.acknowledged().get(alert_id)
        if held is None:
            return False
        self._tables.acks[held.id] = replace(held, ended_at=now, ended_because=because)
        return True

    @_atomic
    def silence(self, silence: Silence) -> Silence:
        stored = replace(silence, id=len(self._tables.silences) + 1)
        self._tables.silences[stored.id] = stored
        return stored

    @_atomic
    def silences(self, *, holding_at: datetime | None = None, limit: int = 1000) -> tuple[Silence, ...]:
        found = [s for s in self._tables.silences.values() if holding_at is None or s.holds_at(holding_at)]
        return tuple(reversed(found))[:limit]

    @_atomic
    def expire(self, silence_id: int, made_by: str, now: datetime) -> Silence:
        held = self._tables.silences.get(silence_id)
        if held is None or not held.holds_at(now):
            raise NotFound(f"no silence {silence_id} is in force")
        self._tables.silences[silence_id] = replace(held, expired_at=now, expired_by=made_by)
        return self._tables.silences[silence_id]


class MemoryAudit(_Room):
    @_atomic
    def write(self, entry: AuditEntry) -> None:
        self._tables.audit.append(entry)

    @_atomic
    def list(self, limit: int = 100) -> tuple[AuditEntry, ...]:
        return tuple(reversed(self._tables.audit[-limit:]))


class MemoryOverview(_Room):
    def __init__(self, core: _Core, items: MemoryItems, buckets: MemoryBuckets) -> None:
        super().__init__(core)
        self._items = items
        self._buckets = buckets

    @_atomic
    def counts(self, topic_id: str, measure: Measure, edges: Sequence[datetime]) -> tuple[int, ...]:
        subject = Subject(kind="topic", id=topic_id)
        (series,) = self._buckets.series((subject,), measure, edges[0], edges[-1])
        found = [0] * (len(edges) - 1)
        for place in range(len(series)):
            if edges[0] <= series.start_of(place) < edges[-1]:
                found[bisect_right(edges, series.start_of(place)) - 1] += series.count[place] - series.backfill[place]
        return tuple(found)

    @_atomic
    def rising(self, since: datetime, limit: int) -> tuple[Rising, ...]:
        t = self._tables
        found: dict[int, list[Item]] = {}
        for item in t.items.values():
            judgement = t.judgements[item.id]
            live = item.seen_at >= since and item.timing is not Timing.BACKFILL
            if item.issue_id is not None and live and is_suspicious(judgement.stance, judgement.suspicion):
                found.setdefault(item.issue_id, []).append(item)
        rising = [
            Rising(
                issue_id=issue_id,
                items=len(items),
                publishers=len({item.publisher for item in items}),
                last_seen_at=max(item.seen_at for item in items),
            )
            for issue_id, items in found.items()
        ]
        return tuple(sorted(rising, key=lambda one: (one.items, one.last_seen_at, one.issue_id), reverse=True)[:limit])

    @_atomic
    def items(self, item_ids: Sequence[int]) -> tuple[JudgedItem, ...]:
        return tuple(self._items.get(item_id) for item_id in item_ids if item_id in self._tables.items)

    @_atomic
    def items_of_issue(self, issue_id: int, limit: int) -> tuple[JudgedItem, ...]:
        found = [item for item in self._tables.items.values() if item.issue_id == issue_id]
        found.sort(key=lambda item: (item.seen_at, item.id), reverse=True)
        return tuple(self._items.get(item.id) for item in found[:limit])

    @_atomic
    def resolved(self, limit: int) -> tuple[Alert, ...]:
        found = [alert for alert in self._tables.alerts.values() if alert.state is AlertState.RESOLVED]
        return tuple(sorted(found, key=lambda alert: (alert.opened_at, alert.id), reverse=True)[:limit])

    @_atomic
    def deliveries(self, alert_id: int, limit: int) -> tuple[Delivery, ...]:
        found = [delivery for delivery in self._tables.deliveries.values() if delivery.alert_id == alert_id]
        return tuple(sorted(found, key=lambda delivery: delivery.id, reverse=True)[:limit])

    @_atomic
    def covered_hours(self, since: datetime, until: datetime) -> Mapping[str, int]:
        within = (source_id for source_id, hour in self._tables.covered if hour_of(since) <= hour < until)
        return Counter(within)

    @_atomic
    def items_by_source(self, since: datetime) -> Mapping[str, int]:
        return Counter(item.source_id for item in self._tables.items.values() if item.seen_at >= since)

    @_atomic
    def unsent(self) -> Mapping[DeliveryState, int]:
        counts = Counter(delivery.state for delivery in self._tables.deliveries.values())
        return {state: counts[state] for state in (DeliveryState.PENDING, DeliveryState.DEAD)}


class MemoryPeople(_Room):
    @_atomic
    def add(self, person: Person, password: str) -> bool:
        if person.name.casefold() in self._tables.people:
            return False
        self._tables.people[person.name.casefold()] = (person, password)
        return True

    @_atomic
    def get(self, name: str) -> Person | None:
        found = self._tables.people.get(name.casefold())
        return None if found is None else found[0]

    @_atomic
    def password(self, name: str) -> str | None:
        found = self._tables.people.get(name.casefold())
        return None if found is None else found[1]

    @_atomic
    def reset(self, name: str, *, password: str | None = None, role: Role | None = None) -> bool:
        found = self._tables.people.get(name.casefold())
        if found is None:
            return False
        person, old = found
        self._end_sessions(name)
        self._tables.people[name.casefold()] = (replace(person, role=role or person.role), password or old)
        return True

    @_atomic
    def remove(self, name: str) -> bool:
        self._end_sessions(name)
        return self._tables.people.pop(name.casefold(), None) is not None

    def _end_sessions(self, name: str) -> None:
        sessions = self._tables.sessions
        for token in [token for token, (person, _, _) in sessions.items() if person == name.casefold()]:
            del sessions[token]

    @_atomic
    def list(self) -> tuple[Person, ...]:
        return tuple(person for _, (person, _) in sorted(self._tables.people.items()))

    @_atomic
    def open(self, token_hash: str, name: str | None, now: datetime, ends_at: datetime) -> None:
        sessions = self._tables.sessions
        for token in [token for token, (_, _, end) in sessions.items() if end <= now]:
            del sessions[token]
        sessions[token_hash] = (None if name is None else name.casefold(), now, ends_at)

    @_atomic
    def session(self, token_hash: str, now: datetime) -> Session | None:
        found = self._tables.sessions.get(token_hash)
        if found is None or found[2] <= now:
            return None
        name, opened_at, ends_at = found
        person = None if name is None else self._tables.people[name][0]
        return Session(token_hash=token_hash, person=person, opened_at=opened_at, ends_at=ends_at)

    @_atomic
    def close(self, token_hash: str) -> None:
        self._tables.sessions.pop(token_hash, None)

    @_atomic
    def failed(self, key: str, now: datetime) -> None:
        kept = [(one, at) for one, at in self._tables.login_failures if at >= now - timedelta(days=1)]
        self._tables.login_failures = [*kept, (key, now)]

    @_atomic
    def failures(self, key: str, since: datetime) -> Failures:
        found = [at for one, at in self._tables.login_failures if one == key and at >= since]
        return Failures(count=len(found), last_at=max(found, default=None))

    @_atomic
    def forgive(self, key: str) -> None:
        self._tables.login_failures = [(one, at) for one, at in self._tables.login_failures if one != key]


class MemoryStore:
    """Forgets everything at the end of the process. Cannot be backed up."""

    def __init__(self) -> None:
        # They build on this file.
        from collector.store.memory_ledger import MemoryCopies, MemoryFigures, MemoryLedger
        from collector.store.memory_partners import MemoryPartners

        self._core = _Core()
        self.sources = MemorySources(self._core)
        self.items = MemoryItems(self._core)
        self.articles = MemoryArticles(self._core, self.items)
        self.claims = MemoryClaims(self._core)
        self.issues = MemoryIssues(self._core, self.items)
        self.ledger = MemoryLedger(self._core, self.items, self.issues)
        self.copies = MemoryCopies(self._core)
        self.figures = MemoryFigures(self._core, self.items)
        self.buckets = MemoryBuckets(self._core, self.sources)
        self.alerts = MemoryAlerts(self._core)
        self.outbox = MemoryOutbox(self._core)
        self.withheld = MemoryWithheld(self._core)
        self.reactions = MemoryReactions(self._core)
        self.audit = MemoryAudit(self._core)
        self.people = MemoryPeople(self._core)
        self.partners = MemoryPartners(self._core)
        self.overview = MemoryOverview(self._core, self.items, self.buckets)

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[None]:
        with self._core.transaction():
            yield

    def meta(self, key: str) -> str | None:
        return self._core.tables.meta.get(key)

    def set_meta(self, key: str, value: str) -> None:
        with self._core.transaction() as tables:
            tables.meta[key] = storable(value)

    def signing_key(self) -> bytes:
        with self._core.transaction() as tables:
            tables.links_key = tables.links_key or token_bytes(32)
            return tables.links_key

    def lock(self) -> AbstractContextManager[None]:
        return self._locked()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if not self._core.served.acquire(blocking=False):
            raise DatabaseInUse("the store in memory is already served by another daemon")
        try:
            yield
        finally:
            self._core.served.release()

    def facts(self) -> StoreFacts:
        return StoreFacts(engine="memory", schema=0, size_bytes=0)

    def faults(self) -> tuple[str, ...]:
        return ()

    def scrub(self) -> bool:
        return True

    def backup(self, path: str) -> None:
        raise StoreError(f"a store in memory cannot be copied to {Path(path)}")

    def close(self) -> None:
        """Nothing to close."""
