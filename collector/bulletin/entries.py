"""What a bulletin says: issues that circulated in a window and have an answer, and answers that changed since.

An issue without an answer is left out, however loud: a bulletin must not spread what nobody has examined. Nothing that
leads to the claim itself (its links, its outlets, its pictures) is taken along, only links to fact-checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from alerts.text import quoted, told
from collector.bulletin.checks import MOST_CHECKS, Check, checks_of, claims_of
from collector.model.bucket import Measure
from collector.model.claim import CLARIFICATION
from collector.model.judgement import Stance, Verdict
from collector.model.ledger import LedgerIssue, Telling
from collector.reports.window import Window
from collector.store.base import JudgedItem, MentionFilter, Storage
from collector.store.claims import ItemClaim
from collector.store.ledger import IssueFilter

CHANNEL = "bulletin"
READERS = "public"
PAGE = 200  # issues of one question to the store
MOST_ITEMS = 500  # of an issue, looked at for its claim and its reach
NEWEST = 20  # items of whatever time that may name the claim
CLAIM_CHARS = 240
NOTE_CHARS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Period(Window):
    """Whole days of a zone, both included."""

    zone: tzinfo

    @property
    def start_at(self) -> datetime:
        """UTC. Raises ValueError beyond the calendar."""
        return self.moments(self.zone)[0]

    @property
    def end_at(self) -> datetime:
        """UTC, no longer in the period. Raises ValueError beyond the calendar."""
        return self.moments(self.zone)[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One issue and its answer. ``verdict`` is the desk's own, else the newest fact-check's; ``own`` says which;
    ``differ``: fact-checkers found different things. ``before`` is the verdict that an earlier bulletin gave, where
    this entry corrects it. ``items`` and ``publishers`` count the period, ``answered_at`` (UTC) dates the answer."""

    issue_id: int
    claim: str
    verdict: Verdict | None
    own: bool
    differ: bool
    note: str
    checks: tuple[Check, ...]
    topics: tuple[str, ...]
    first_seen_at: datetime
    answered_at: datetime
    items: int
    publishers: int
    before: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """Corrections first. ``unanswered`` counts the suspicious issues of the period that no one has answered yet."""

    period: Period
    made_at: datetime
    corrections: tuple[Entry, ...]
    entries: tuple[Entry, ...]
    unanswered: int

    @property
    def every(self) -> tuple[Entry, ...]:
        return (*self.corrections, *self.entries)


def gather(store: Storage, period: Period, now: datetime, *, topic_id: str | None = None) -> Bulletin:
    """Read it from the store; nothing is written. The most seen first."""
    owed = {telling.issue_id: telling for telling in store.ledger.owed(CHANNEL)}
    entries: list[Entry] = []
    unanswered = 0
    for issue in _circulated(store, period, topic_id):
        entry = _entry(store, issue, period)
        if entry is None:
            unanswered += issue.suspicious > 0
        elif issue.id not in owed or not _corrects(entry, owed[issue.id]):
            entries.append(entry)
    entries.sort(key=lambda entry: (-entry.items, -entry.answered_at.timestamp(), entry.issue_id))
    return Bulletin(
        period=period,
        made_at=now,
        corrections=tuple(_corrections(store, owed.values(), period, topic_id)),
        entries=tuple(entries),
        unanswered=unanswered,
    )


def tellings(bulletin: Bulletin, reference: str) -> tuple[Telling, ...]:
    """That the public was told, once per issue, so that a verdict that changes later is corrected."""
    return tuple(
        Telling(
            id=0,
            issue_id=entry.issue_id,
            recipient=READERS,
            channel=CHANNEL,
            at=bulletin.made_at,
            about=f"{bulletin.period.first}..{bulletin.period.last}",
            verdict=entry.verdict,
            correction=entry.before is not None,
            reference=reference,
        )
        for entry in bulletin.every
    )


def _circulated(store: Storage, period: Period, topic_id: str | None) -> Iterator[LedgerIssue]:
    """Issues that may have an item in the period, or that a person dated into it."""
    offset = 0
    while True:
        wanted = IssueFilter(since=period.start_at, topic_id=topic_id, claimed=True, limit=PAGE, offset=offset)
        found = store.ledger.list(wanted)
        yield from (issue for issue in found if issue.opened_at < period.end_at)
        if len(found) < PAGE:
            return
        offset += PAGE


def _corrections(store: Storage, owed: Iterable[Telling], period: Period, topic_id: str | None) -> Iterator[Entry]:
    for telling in owed:
        issue = store.ledger.get(telling.issue_id)
        if topic_id is not None and topic_id not in issue.topics:
            continue
        entry = _entry(store, issue, period, before=telling.verdict)
        if entry is not None and _corrects(entry, telling):
            yield entry


def _corrects(entry: Entry, telling: Telling) -> bool:
    """The desk may have no verdict of its own and still say the same, by the fact-check it links to."""
    return entry.verdict is not telling.verdict


def _entry(store: Storage, issue: LedgerIssue, period: Period, *, before: Verdict | None = None) -> Entry | None:
    """None where the issue has no answer, or nothing of it was seen in the period and it corrects nothing."""
    seen = _items(store, issue, period)
    if not seen and before is None and not period.start_at <= issue.opened_at < period.end_at:
        return None
    debunks = store.items.list(
        MentionFilter(issue_id=issue.id, measure=Measure.DEBUNKS, on_topic_only=False, limit=MOST_CHECKS)
    )
    newest = store.items.list(MentionFilter(issue_id=issue.id, on_topic_only=False, limit=NEWEST))
    claims = claims_of(store, issue, [*debunks, *newest, *seen])
    checks = checks_of(issue, debunks, claims)
    if issue.verdict is None and not checks:
        return None
    if issue.verdict is None and _is_all_clarification((*newest, *seen), checks):
        return None
    carriers = [item for item in seen if item.judgement.stance is not Stance.DEBUNK]
    verdict = issue.verdict or next((check.verdict for check in checks if check.verdict is not None), None)
    return Entry(
        issue_id=issue.id,
        claim=quoted(_claim(issue, claims), CLAIM_CHARS),
        verdict=verdict,
        own=issue.verdict is not None,
        differ=len({check.verdict for check in checks if check.verdict is not None}) > 1,
        note=told(issue.verdict_note, NOTE_CHARS) if issue.verdict_note else "",
        checks=checks,
        topics=issue.topics,
        first_seen_at=issue.opened_at,
        answered_at=_answered_at(issue, checks),
        items=len(carriers),
        publishers=len({item.item.publisher for item in carriers}),
        before=before,
    )


def _claim(issue: LedgerIssue, claims: Sequence[ItemClaim]) -> str:
    """A person's title, else the claim as it was checked, else the grouping's title."""
    if issue.title_by is not None:
        return issue.title
    return claims[0].claim.text if claims else CLARIFICATION.sub("", issue.title) or issue.title


def _is_all_clarification(items: Sequence[JudgedItem], checks: Sequence[Check]) -> bool:
    """A denial or an explanation and nothing that it answers: it says something, and no claim went round."""
    return all(item.judgement.stance is Stance.DEBUNK for item in items) and all(
        check.verdict is None and CLARIFICATION.match(check.title) for check in checks
    )


def _items(store: Storage, issue: LedgerIssue, period: Period) -> tuple[JudgedItem, ...]:
    return store.items.list(
        MentionFilter(
            issue_id=issue.id,
            since=period.start_at,
            until=period.end_at,
            on_topic_only=False,
            limit=MOST_ITEMS,
        )
    )


def _answered_at(issue: LedgerIssue, checks: Sequence[Check]) -> datetime:
    if issue.verdict_at is not None:
        return issue.verdict_at
    return max((check.at for check in checks if check.at is not None), default=issue.last_seen_at)
