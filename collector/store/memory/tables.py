"""Everything the store in memory holds."""

from __future__ import annotations

from collections import Counter
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from collector.model.alert import Alert, AlertEvent, Delivery
from collector.model.claim import CheckedClaim
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
from collector.model.person import Person
from collector.model.reaction import Acknowledgement, Silence
from collector.model.source import Source, SourceState
from collector.model.topic import Mention
from collector.model.withheld import Withheld
from collector.store.articles import ArticleWish
from collector.store.base import AuditEntry, Poll
from collector.store.claims import ItemClaim

BROUGHT = frozenset((IssueOrigin.IMPORT, IssueOrigin.PARTNER))


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
class Tables:
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

    def snapshot(self) -> Tables:
        tables: dict[str, Any] = {table.name: copy(getattr(self, table.name)) for table in fields(self)}
        return Tables(**tables)
