"""The storage seam: what Siaga asks of a database. ``memory`` and ``sqlite`` answer the same contract suite.

One polled source is one transaction (:meth:`Items.record_poll`); an alert, its event, its evidence and its deliveries
are one transaction (:meth:`Alerts.save`). All methods may be called from any thread.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from collector.model.alert import Alert, AlertEvent, AlertState, Delivery, DeliveryState
from collector.model.bucket import Measure, Series, Subject
from collector.model.issue import GroupedText, Issue, Membership
from collector.model.item import Item, Revision, Sighting, Timing
from collector.model.judgement import Judgement
from collector.model.ledger import Precision
from collector.model.source import Source, SourceState
from collector.model.topic import Match, Mention
from collector.model.withheld import Withheld
from collector.store.overview import Overview
from collector.store.partners import Partners
from collector.store.people import People
from collector.store.reactions import Reactions, WithheldRoom

if TYPE_CHECKING:
    from collector.store.articles import Articles
    from collector.store.claims import Claims
    from collector.store.copies import Copies
    from collector.store.figures import Figures
    from collector.store.ledger import Ledger

# ---------------------------------------------------------------- polls


class PollOutcome(StrEnum):
    OK = "ok"
    NOT_MODIFIED = "not_modified"  # 304, or a body whose hash we know
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """The record of one poll of one source."""

    source_id: str
    started_at: datetime
    duration: timedelta
    outcome: PollOutcome
    status: int | None = None
    body_bytes: int = 0
    entries: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An item that this poll believes to be new, fully matched and judged; the store decides whether it is.
    ``wants_article``: the page behind it is to be read once it is stored."""

    identity: str
    url: str | None
    title: str
    excerpt: str
    lang: str
    publisher: str
    published_at: datetime | None
    date_note: str | None
    seen_at: datetime
    timing: Timing
    content_hash: str
    guid: str | None
    matches: tuple[Match, ...]
    judgement: Judgement
    wants_article: bool = False
    date_precision: Precision = Precision.TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class Resighting:
    """A known item that this source shows for the first time."""

    item_id: int
    publisher: str
    guid: str | None
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A known item whose wording changed: the old title becomes a revision; the item's words, mentions and judgement
    are replaced, its hour and its first source stay. Whether its page is wanted is decided anew."""

    item_id: int
    title: str
    excerpt: str
    content_hash: str
    changed_at: datetime
    matches: tuple[Match, ...]
    judgement: Judgement
    wants_article: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRecord:
    """Everything one poll brings into the store, written in one transaction."""

    poll: Poll
    state: SourceState
    covers: tuple[datetime, ...] = ()  # starts of the UTC hours this success covers
    drafts: tuple[Draft, ...] = ()
    resightings: tuple[Resighting, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """What the store made of a PollRecord."""

    items_new: int = 0
    mentions_new: int = 0
    suspicious_new: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """What the store knows of an item, for deciding whether an entry is new, changed or seen here already.

    ``here``: the asking source has shown it before. ``guid``: under which guid it did. ``first_here``: it was the first
    source to show it (the item's ``source_id``), so its wording is the item's.
    """

    item_id: int
    identity: str
    title: str
    content_hash: str
    here: bool
    guid: str | None
    first_here: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Answer to :meth:`Items.known`. ``by_guid`` holds this source's own sightings only: an item whose identity was
    asked too, else the newest item shown under that guid."""

    by_identity: Mapping[str, KnownItem] = field(default_factory=dict)
    by_guid: Mapping[str, KnownItem] = field(default_factory=dict)


# ---------------------------------------------------------------- questions


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionFilter:
    """Which items to list; every field narrows. ``search`` is plain words, not the engine's query syntax."""

    topic_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    suspicion_at_least: float | None = None
    measure: Measure | None = None
    search: str | None = None
    issue_id: int | None = None
    include_backfill: bool = True
    on_topic_only: bool = True
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedItem:
    """An item with its judgement and its topics, as lists and messages show it."""

    item: Item
    judgement: Judgement
    mentions: tuple[Mention, ...]
    sightings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what, when."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCounts:
    """How many items were first seen, how many mentions they hold, and how many of the items that mention a topic
    look suspicious (as ``Measure.SUSPICIOUS`` counts). Backfill is included."""

    items: int
    mentions: int
    suspicious: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFacts:
    """What an operator asks of the database itself: engine and version, number of the schema, size on disk."""

    engine: str
    schema: int
    size_bytes: int


# ---------------------------------------------------------------- the seam


class Sources(Protocol):
    def register(self, sources: Sequence[Source], now: datetime) -> None:
        """Make the stored list equal to the configured one. New sources are due at once; the state of known ones is
        kept, but a changed ``url`` or ``kind`` clears etag, last_modified and body_hash; sources no longer configured
        are marked removed and keep their history."""

    def state(self, source_id: str) -> SourceState:
        """Raises NotFound."""

    def states(self) -> tuple[SourceState, ...]:
        """Of all sources that are configured (not removed)."""

    def due(self, now: datetime) -> tuple[str, ...]:
        """Ids of enabled sources whose ``next_poll_at`` has come: never failed first, then the longest overdue."""

    def coverage(self, since: datetime, until: datetime) -> tuple[tuple[int, int], ...]:
        """Per UTC hour from ``since`` (a full hour) up to ``until``: sources covered, sources expected. A source is
        expected from its first success until its removal."""


class Items(Protocol):
    def known(self, source_id: str, identities: Sequence[str], guids: Sequence[str]) -> Known: ...

    def record_poll(self, record: PollRecord) -> PollResult:
        """Items, sightings, revisions, mentions, judgements, the hourly roll-up, coverage, the poll and the source's
        state: one transaction. A draft whose identity turns out to be stored becomes a sighting."""

    def get(self, item_id: int) -> JudgedItem:
        """Raises NotFound."""

    def find(self, identity: str) -> JudgedItem | None: ...

    def list(self, wanted: MentionFilter) -> tuple[JudgedItem, ...]:
        """Newest first (by ``seen_at``); with ``measure`` most suspicious first."""

    def sightings(self, item_id: int) -> tuple[Sighting, ...]: ...

    def revisions(self, item_id: int) -> tuple[Revision, ...]: ...

    def counts(self, since: datetime) -> ItemCounts:
        """Of the items first seen from then on."""

    def after(self, item_id: int, limit: int) -> tuple[JudgedItem, ...]:
        """Up to ``limit`` items with greater numbers, in their order: to go through all that is stored."""

    def rescore(self, batch: Sequence[tuple[int, Judgement]], now: datetime) -> int:
        """Replace the judgements of these items, and move them in the roll-up: one transaction. Mentions, wording and
        hours stay. Items that are gone are passed over; returns how many there were."""

    def index_pending(self, limit: int) -> int:
        """Add up to ``limit`` items to the full-text index; returns how many were added."""

    def export(self, table: str) -> Iterator[Mapping[str, object]]:
        """Rows of ``items | sightings | mentions | alerts | deliveries`` with self-explaining columns, streamed."""

    def prune(self, *, items_before: datetime, polls_before: datetime, dry_run: bool = False) -> Mapping[str, int]:
        """Delete what is older; returns rows deleted per table. The roll-up and the coverage are kept, and
        the evidence of firing alerts.
        In small transactions, so that polls go on meanwhile. ``dry_run`` only counts ``items`` and ``polls``."""


class Issues(Protocol):
    """Which items carry one claim. Written by the one grouper; people work on issues through the ledger."""

    def next_id(self) -> int:
        """The number that :meth:`reserve` would give; numbers are never given twice."""

    def reserve(self, count: int = 1) -> int:
        """Take so many numbers for new issues, whoever else takes some; returns the first."""

    def ungrouped(self, after: int, limit: int) -> tuple[JudgedItem, ...]:
        """Items that mention a topic and belong to no issue yet, by number, from the one after ``after`` on."""

    def grouped(self, since: datetime, limit: int) -> tuple[GroupedText, ...]:
        """The newest ``limit`` grouped items seen since then, the oldest first, each under the issue and the voice in
        which it was grouped: what people merged stays two for the grouping, and goes to one at :meth:`save`."""

    def save(self, members: Sequence[Membership]) -> None:
        """Enter items into their issues, which are opened by their first item: one transaction. An item of an issue
        that was merged into another goes there; a new issue of a claim that has one already does too."""

    def get(self, issue_id: int) -> Issue:
        """Raises NotFound."""

    def list(
        self, *, topic_id: str | None = None, since: datetime | None = None, limit: int = 100
    ) -> tuple[Issue, ...]:
        """Those with an item since then, the last seen first."""


class Buckets(Protocol):
    def series(
        self,
        subjects: Sequence[Subject],
        measure: Measure,
        since: datetime,
        until: datetime,
        *,
        suspicion_at_least: float = 0.5,
    ) -> tuple[Series, ...]:
        """One series per subject, hourly, from ``hour_of(since)`` through the hour that holds ``until``, absent hours
        as 0, coverage of the sources filled in. Threshold 0.5 reads the roll-up, any other counts from the rows.

        A subject of kind ``issue`` is an issue's own items. ``Measure.ISSUES`` counts a topic's issues in the hour of
        their first suspicious item or debunk; one that slept for 30 days counts as new again."""

    def marks(
        self,
        subjects: Sequence[Subject],
        measure: Measure,
        since: datetime,
        until: datetime,
        *,
        suspicion_at_least: float = 0.5,
    ) -> tuple[int, ...] | None:
        """A figure per subject for the hours from ``since`` up to ``until`` (full hours): while it stays the same, so
        does what ``series`` says of them, far quicker than by reading them. It is a sum, so the figures of adjoining
        spans add up, and two changes that make up for each other are not seen. None where only reading tells: for
        what is not rolled up."""


class Alerts(Protocol):
    def open(self, key: str) -> Alert | None:
        """The firing alert of that key."""

    def firing(self) -> tuple[Alert, ...]: ...

    def get(self, alert_id: int) -> Alert:
        """Raises NotFound."""

    def list(self, *, state: AlertState | None = None, limit: int = 100) -> tuple[Alert, ...]:
        """Newest first."""

    def last_resolved_at(self, key: str) -> datetime | None: ...

    def next_id(self) -> int:
        """The id for an alert about to be saved (alerts are written by the one watcher only)."""

    def save(
        self,
        alert: Alert,
        events: Sequence[AlertEvent] = (),
        deliveries: Sequence[Delivery] = (),
        evidence: Sequence[int] = (),
        withheld: Sequence[Withheld] = (),
    ) -> None:
        """Insert or update the alert with its events, new deliveries and messages held back (their ``id`` is ignored,
        a known dedup_key too) and evidence item ids: one durable transaction."""

    def events(self, alert_id: int) -> tuple[AlertEvent, ...]: ...

    def evidence(self, alert_id: int) -> tuple[int, ...]: ...


class Outbox(Protocol):
    def add(self, deliveries: Sequence[Delivery]) -> None:
        """Deliveries without an alert (operator and test messages); ``id`` is ignored, a known dedup_key too."""

    def claim(
        self, worker: str, now: datetime, lease: timedelta, limit: int, *, held: Collection[str] = ()
    ) -> tuple[Delivery, ...]:
        """Lease pending deliveries that are due and not under another worker's unexpired lease, oldest first. Those of
        the receivers ``held`` are left alone."""

    def free(self, workers: str) -> int:
        """End the leases of all workers whose name begins so; returns how many there were. For the daemon, which by
        :meth:`Storage.lock` knows that every daemon before it is dead."""

    def sent(self, delivery_id: int, worker: str, now: datetime) -> bool:
        """Mark as sent and end the lease. False if the lease was lost."""

    def retry(self, delivery_id: int, worker: str, error: str, not_before_at: datetime) -> bool:
        """Count the attempt, note the error, end the lease and wait until then."""

    def dead(self, delivery_id: int, worker: str, error: str) -> bool:
        """Count the attempt and give up."""

    def counts(self) -> Mapping[DeliveryState, int]:
        """How many deliveries there are in each state."""

    def resend(self, delivery_id: int, now: datetime) -> None:
        """Make a dead delivery pending again with its attempts reset. Raises NotFound."""

    def list(self, *, alert_id: int | None = None, dead_only: bool = False, limit: int = 100) -> tuple[Delivery, ...]:
        """Newest first. ``alert_id``: also those that tell of several alerts, among them this one."""


class Audit(Protocol):
    def write(self, entry: AuditEntry) -> None: ...

    def list(self, limit: int = 100) -> tuple[AuditEntry, ...]: ...


class Storage(Protocol):
    """The database. ``transaction(durable=True)`` survives a power cut once it returns."""

    @property
    def sources(self) -> Sources: ...
    @property
    def items(self) -> Items: ...
    @property
    def articles(self) -> Articles: ...
    @property
    def claims(self) -> Claims: ...
    @property
    def issues(self) -> Issues: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def copies(self) -> Copies: ...
    @property
    def figures(self) -> Figures: ...
    @property
    def buckets(self) -> Buckets: ...
    @property
    def alerts(self) -> Alerts: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def withheld(self) -> WithheldRoom: ...
    @property
    def reactions(self) -> Reactions: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def people(self) -> People: ...
    @property
    def partners(self) -> Partners: ...
    @property
    def overview(self) -> Overview: ...

    def transaction(self, *, durable: bool = False) -> AbstractContextManager[None]:
        """All or nothing. Within another one of the same thread it is a part that can fail alone."""

    def meta(self, key: str) -> str | None:
        """A small stored fact of the program itself (last digest, last operator message)."""

    def set_meta(self, key: str, value: str) -> None: ...

    def signing_key(self) -> bytes:
        """32 random bytes for signing links: made when first asked for, the same ever after."""

    def lock(self) -> AbstractContextManager[None]:
        """Hold the database as its only daemon. Raises DatabaseInUse. Other commands work beside it."""

    def facts(self) -> StoreFacts: ...

    def faults(self) -> tuple[str, ...]:
        """What a check of the whole file finds wrong with it; it reads all of it. Raises StoreError."""

    def scrub(self) -> bool:
        """After a removal on request: make sure that nothing of it is left in files, in the search or elsewhere. False
        where a running daemon still holds it in its log; that empties it within a day."""

    def backup(self, path: str) -> None:
        """A consistent copy while in use. Raises StoreError."""

    def close(self) -> None: ...
