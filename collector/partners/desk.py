"""Takes partners' reports: each once, as an item with its provenance, in the issue of its claim.

    report ──> taken before? too many? ──> match ── known claims ── judge ──> item ──> issue      (one transaction)
           └── an answer to a finding of ours ──> the ledger's note of who was told

Nothing that a report points to is fetched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from collector.ledger.intake import Conclude, draft_of
from collector.ledger.tip import nearest_issue
from collector.model.claim import CheckedClaim, ClaimMatch
from collector.model.clock import rfc3339
from collector.model.errors import NotFound
from collector.model.item import Entry, Timing
from collector.model.ledger import IssueOrigin, Precision
from collector.model.partner import PartnerReport, ReportKind, claim_key_of, source_of
from collector.model.personal import mask
from collector.model.source import Role, Source
from collector.partners.incoming import Refused, Report
from collector.partners.outgoing import CHANNEL
from collector.pipeline import link_of
from collector.sources.links import canonical
from collector.store.base import Draft, Storage
from collector.store.ledger import IssueDraft

if TYPE_CHECKING:
    from collector.claims.known import KnownClaims

MINUTE = timedelta(minutes=1)
TITLE_CHARS = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """``fresh`` is False where the message was taken before: then this is what was made of it at that time."""

    report: PartnerReport
    fresh: bool


class _TakenBefore(Exception):
    """Undoes the transaction in which another thread's report of the same id was found."""

    def __init__(self, report: PartnerReport) -> None:
        self.report = report


class PartnerDesk:
    """``conclude`` matches and judges as for a feed's entry; ``known`` finds checked claims whatever the topic;
    ``topics`` are the ids that a report may name."""

    def __init__(self, store: Storage, *, conclude: Conclude, known: KnownClaims, topics: Collection[str]) -> None:
        self._store = store
        self._conclude = conclude
        self._known = known
        self._topics = frozenset(topics)

    def take(
        self, partner: str, report: Report, message_id: str, body: bytes, now: datetime, *, per_minute: int | None
    ) -> Taken:
        """Raises Refused (409 for another message under a known id, 429 for too many), StoreError."""
        note = PartnerReport(
            id=uuid4().hex,
            partner=partner,
            message_id=message_id,
            body_hash=sha256(body).hexdigest(),
            received_at=now,
            kind=report.kind,
            reference=report.reference,
            replaces=report.replaces,
            verdict=report.verdict,
            link=report.link,
        )
        before = self._store.partners.of_message(partner, message_id)
        if before is not None:
            return _again(before, note)
        if per_minute is not None and self._store.partners.count(partner, now - MINUTE) >= per_minute:
            raise Refused(429, f"more than {per_minute} reports within a minute")
        try:
            entered = (
                self._hear(note, report, now) if report.kind is ReportKind.CHECKED else self._enter(note, report, now)
            )
        except _TakenBefore as found:
            return _again(found.report, note)
        return Taken(report=self._store.partners.get(partner, entered.id), fresh=True)

    def state(self, partner: str, report_id: str) -> Mapping[str, Any]:
        """What became of a report, as JSON values, for its sender alone. Raises NotFound."""
        return self.answer(self._store.partners.get(partner, report_id))

    def answer(self, report: PartnerReport) -> Mapping[str, Any]:
        """The report's number, whether it has an issue, and what our desk found of that."""
        issue = None if report.issue_id is None else self._store.ledger.get(report.issue_id)
        return {
            "id": report.id,
            "received_at": rfc3339(report.received_at),
            "state": "received" if issue is None else issue.state.value,
            "issue": None if issue is None else issue.id,
            "verdict": issue.verdict.value if issue is not None and issue.verdict is not None else None,
            "note": issue.verdict_note if issue is not None else "",
            "verdict_link": issue.verdict_link if issue is not None else None,
        }

    # ------------------------------------------------ an answer to what we sent

    def _hear(self, note: PartnerReport, report: Report, now: datetime) -> PartnerReport:
        words = " ".join(part for part in (report.verdict and report.verdict.value, report.note, report.link) if part)
        with self._store.transaction(durable=True):
            entered = self._note(note)
            for telling in self._told(note.partner, report.reference)[-1:]:
                self._store.ledger.answered(telling, mask(words), now)
        return entered

    def _told(self, partner: str, reference: str) -> list[int]:
        if not reference.isdecimal():
            return []
        try:
            issue = self._store.ledger.get(int(reference))
        except NotFound:
            return []
        told = self._store.ledger.told(issue.merged_into or issue.id)
        return [one.id for one in told if (one.channel, one.recipient) == (CHANNEL, partner) and one.id]

    # ------------------------------------------------ a finding of theirs

    def _enter(self, note: PartnerReport, report: Report, now: datetime) -> PartnerReport:
        source = Source(id=source_of(note.partner), kind="desk", url="partner:", role=Role.SOCIAL)
        url = None if report.url is None else (canonical(report.url) or report.url)
        title = report.title or report.text.partition("\n")[0][:TITLE_CHARS] or (url or "")
        entry = Entry(title=title, text=report.text, url=url)
        verdicts = self._conclude(source, entry, now)
        match = verdicts.known or self._known.match(entry.title, entry.text, now)
        topics = tuple(topic for topic in report.topics if topic in self._topics)
        draft = draft_of(source, entry, verdicts, now, report.publisher, Timing.ON_TIME, topics=topics)
        claim = _claim_of(note, report, draft, now)
        stored = self._store.items.find(draft.identity)
        has_one = stored is not None and stored.item.issue_id is not None
        found = None if has_one else self._issue_of(note, report, draft, match, now)
        with self._store.transaction(durable=True):
            if claim is not None:
                self._store.claims.add((claim,), now)
            if not has_one and found is None:
                found = self._open(note, draft, match, now)
            (number,) = self._store.ledger.add_items(source.id, [(draft, found)], now)
            entered = self._note(replace(note, item_id=number or None))
            link = link_of(draft.identity, replace(verdicts, known=match), now)
            if number and link is not None:
                self._store.claims.link((link,))
        return entered

    def _note(self, note: PartnerReport) -> PartnerReport:
        entered = self._store.partners.enter(note)
        if entered.id != note.id:
            raise _TakenBefore(entered)
        return entered

    def _issue_of(
        self, note: PartnerReport, report: Report, draft: Draft, match: ClaimMatch | None, now: datetime
    ) -> int | None:
        """The issue of an earlier report of theirs, of the checked claim, or of texts that tell the same story."""
        for number in filter(None, (report.reference, *report.replaces)):
            earlier = self._store.partners.of_reference(note.partner, number)
            if earlier is not None and earlier.issue_id is not None:
                return earlier.issue_id
        found = None if match is None else self._store.ledger.of_claim(match.claim.key)
        return found or nearest_issue(self._store, f"{draft.title}\n{draft.excerpt}", now)

    def _open(self, note: PartnerReport, draft: Draft, match: ClaimMatch | None, now: datetime) -> int:
        opened = IssueDraft(
            title=draft.title[:TITLE_CHARS],
            opened_at=now,
            opened_precision=Precision.TIME,
            origin=IssueOrigin.PARTNER,
            topics=tuple(match.topic_id for match in draft.matches),
            claim_key=None if match is None else match.claim.key,
        )
        return self._store.ledger.open(opened, at=now, actor=source_of(note.partner), why=f"report {note.id}")


def _again(before: PartnerReport, note: PartnerReport) -> Taken:
    if before.body_hash != note.body_hash:
        raise Refused(409, "another message was sent under this id")
    return Taken(report=before, fresh=False)


def _claim_of(note: PartnerReport, report: Report, draft: Draft, now: datetime) -> CheckedClaim | None:
    """What the partner says was found, as a checked claim of theirs."""
    if report.verdict is None or not draft.title:
        return None
    mark = report.reference or sha256(draft.identity.encode("utf-8", "replace")).hexdigest()[:16]
    return CheckedClaim(
        id=0,
        key=claim_key_of(note.partner, mark),
        text=draft.title,
        title=draft.title,
        verdict=report.verdict,
        publisher=f"{report.checked_by} ({note.partner})" if report.checked_by else note.partner,
        url=report.link,
        checked_at=now,
        topics=tuple(match.topic_id for match in draft.matches),
    )
