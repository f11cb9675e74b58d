"""The ledger of issues: what a desk knows of a claim, what it found, what was done, and who was told.

Three counts that are never mixed: *issues* (isu, one claim each), *items* (konten, what carries them) and *actions*
(tindak lanjut, what was done about them).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from collector.model.judgement import Verdict


class IssueState(StrEnum):
    """Where an issue stands. ``checked`` and ``corrected`` come with a verdict, ``merged`` with a merge."""

    NEW = "new"
    UNDER_CHECK = "under_check"
    CHECKED = "checked"
    CORRECTED = "corrected"
    CLOSED = "closed"
    MERGED = "merged"


class IssueOrigin(StrEnum):
    """How an issue came into the ledger."""

    GROUPING = "grouping"
    IMPORT = "import"
    SPLIT = "split"
    PARTNER = "partner"


class Precision(StrEnum):
    """How much of a moment is known. A day or a month is kept as its beginning in the desk's zone."""

    TIME = "time"
    DAY = "day"
    MONTH = "month"


class ActionKind(StrEnum):
    """What was done about an issue (tindak lanjut)."""

    REPORTED = "reported"
    LABELLED = "labelled"
    TAKEN_DOWN = "taken_down"
    DEBUNKED = "debunked"
    ANSWERED = "answered"


class EventKind(StrEnum):
    """What changed in the life of an issue."""

    OPENED = "opened"
    TITLE = "title"
    VERDICT = "verdict"
    STATE = "state"
    MERGED = "merged"
    SPLIT = "split"
    ACTION = "action"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerIssue:
    """An issue as the desk sees it. ``title_by``, ``verdict_by``: persons; None: the grouping's title, no verdict.

    ``verdict_link`` leads to a published fact-check. ``opened_at`` is the first item's hour or the desk's own date, as
    exact as ``opened_precision`` says. ``claimed_at`` is when its first suspicious item or debunk was seen. ``topics``
    are those of its items and those the desk named. Times are UTC.
    """

    id: int
    title: str
    title_by: str | None
    state: IssueState
    verdict: Verdict | None
    verdict_note: str
    verdict_link: str | None
    verdict_by: str | None
    verdict_at: datetime | None
    claim_key: str | None
    merged_into: int | None
    origin: IssueOrigin
    topics: tuple[str, ...]
    opened_at: datetime
    opened_precision: Precision
    last_seen_at: datetime
    claimed_at: datetime | None
    items: int
    voices: int
    publishers: int
    suspicious: int
    debunks: int
    actions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueEvent:
    """One change in an issue's life: who, when and why, with what stood before and after."""

    issue_id: int
    at: datetime
    actor: str
    kind: EventKind
    old: str
    new: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something done about an issue, at ``at`` (as exact as ``precision``), entered at ``recorded_at``."""

    id: int
    issue_id: int
    kind: ActionKind
    at: datetime
    precision: Precision
    by: str
    note: str
    link: str | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCount:
    """A figure somebody published for a window of whole days, both included. It is never split."""

    id: int
    first: date
    last: date
    issues: int
    topic: str
    source: str

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.first} is after {self.last}")
        if self.issues < 0:
            raise ValueError(f"a count of {self.issues}")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """That somebody was told of an issue: ``recipient`` through ``channel`` (``alert``, ``correction``, ``partner``,
    ``bulletin``, ``tip``), what (``about``), with which verdict. ``reference`` is the message's own key, ``answer``
    what came back. ``told_as`` is the number under which they heard of it, where a merge came after that."""

    id: int
    issue_id: int
    recipient: str
    channel: str
    at: datetime
    about: str
    verdict: Verdict | None = None
    correction: bool = False
    reference: str = ""
    answer: str = ""
    answered_at: datetime | None = None
    told_as: int | None = None


class CopyState(StrEnum):
    """What became of the wish for a copy of an item's page."""

    KEPT = "kept"
    WAITING = "waiting"  # failed, and to be tried again
    FAILED = "failed"  # and will not be tried again


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCopy:
    """The page of an item as it was fetched; the bytes are asked for apart. ``sha256`` is of the uncompressed body as
    received; ``whole`` is False where it was cut at the largest size kept."""

    item_id: int
    url: str
    state: CopyState
    fetched_at: datetime | None
    status: int | None
    media_type: str
    sha256: str
    page_bytes: int
    kept_bytes: int
    whole: bool
    attempts: int
    next_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """That content was removed on request and is not to be collected again. Only a hash of its identity is kept."""

    identity_hash: str
    item_id: int | None
    at: datetime
    actor: str
    why: str
