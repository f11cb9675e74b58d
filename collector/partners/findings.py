"""What we tell a partner of an issue: claim, links, reach, evidence, verdict. Nothing of what the partner told us.

An item that only the partner has shown us is left out, with its words, its links and its count; an issue that has
nothing else is not told at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from alerts.text import quoted, told, web_address
from collector.bulletin.checks import MOST_CHECKS, Check, checks_of, claims_of
from collector.model.judgement import Stance, Verdict
from collector.model.ledger import LedgerIssue
from collector.model.partner import claim_key_of, source_of
from collector.store.base import JudgedItem, MentionFilter, Storage
from collector.store.claims import ItemClaim
from collector.store.hourly import is_suspicious
from collector.store.ledger import IssueFilter

PAGE = 200
MOST_ITEMS = 1000  # of an issue, counted
MOST_EVIDENCE = 5
MOST_LINKS = 20
MOST_REASONS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One item that carries the claim. ``url`` is http(s) or None; ``reasons`` are sentences in Indonesian."""

    title: str
    url: str | None
    publisher: str
    seen_at: datetime
    suspicion: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An issue as a partner is told of it. ``number`` is ours. ``verdict`` is our desk's, with ``note`` and
    ``verdict_link``; ``checks`` are published fact-checks. ``items`` and ``publishers`` are its reach as we see it,
    fact-checks not counted; ``first_seen_at`` and ``last_seen_at`` (UTC) those of what is counted. ``replaces`` are
    numbers under which the partner heard of it before a merge."""

    number: int
    title: str
    topics: tuple[str, ...]
    verdict: Verdict | None
    note: str
    verdict_link: str | None
    checks: tuple[Check, ...]
    first_seen_at: datetime
    last_seen_at: datetime
    items: int
    publishers: int
    suspicious: int
    links: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    replaces: tuple[int, ...] = ()


def findings(
    store: Storage,
    partner: str,
    *,
    since: datetime | None = None,
    topics: Sequence[str] | None = None,
    share: Literal["suspicious", "checked"] = "suspicious",
) -> Iterator[Finding]:
    """Issues seen since then (None: ever) that may be told to the partner, the last seen first."""
    for issue in _issues(store, since):
        if topics is not None and not set(topics) & set(issue.topics):
            continue
        found = finding(store, issue, partner)
        if found is None or not (found.suspicious or found.checks or found.verdict is not None):
            continue
        if share == "suspicious" or found.checks or found.verdict is not None:
            yield found


def finding(store: Storage, issue: LedgerIssue, partner: str) -> Finding | None:
    """None where all that is known of it came from the partner."""
    items = store.items.list(MentionFilter(issue_id=issue.id, on_topic_only=False, limit=MOST_ITEMS))
    ours = [item for item in items if not _is_theirs(item, partner)]
    if items and not ours:
        return None
    carriers = [item for item in ours if item.judgement.stance is not Stance.DEBUNK]
    debunks = [item for item in ours if item.judgement.stance is Stance.DEBUNK][:MOST_CHECKS]
    theirs = claim_key_of(partner, "")
    claims = [link for link in claims_of(store, issue, ours[:MOST_LINKS]) if not link.claim.key.startswith(theirs)]
    leading = sorted(carriers, key=lambda item: (-item.judgement.suspicion, item.item.id))
    moments = [item.item.seen_at for item in ours] or [issue.opened_at]
    links = (web_address(item.item.url) for item in leading)
    return Finding(
        number=issue.id,
        title=_title(issue, claims, ours, items),
        topics=issue.topics,
        verdict=issue.verdict,
        note=told(issue.verdict_note, 600) if issue.verdict_note else "",
        verdict_link=web_address(issue.verdict_link),
        checks=checks_of(issue, debunks, claims),
        first_seen_at=min(moments),
        last_seen_at=max(moments),
        items=len(carriers),
        publishers=len({item.item.publisher for item in carriers}),
        suspicious=sum(is_suspicious(item.judgement.stance, item.judgement.suspicion) for item in carriers),
        links=tuple(dict.fromkeys(link for link in links if link is not None))[:MOST_LINKS],
        evidence=tuple(_evidence(item) for item in leading[:MOST_EVIDENCE]),
    )


def _issues(store: Storage, since: datetime | None) -> Iterator[LedgerIssue]:
    offset = 0
    while True:
        found = store.ledger.list(IssueFilter(since=since, claimed=True, limit=PAGE, offset=offset))
        yield from found
        if len(found) < PAGE:
            return
        offset += PAGE


def _is_theirs(item: JudgedItem, partner: str) -> bool:
    """What one of our own sources showed too is ours as well."""
    return item.item.source_id == source_of(partner) and item.sightings <= 1


def _title(
    issue: LedgerIssue, claims: Sequence[ItemClaim], ours: Sequence[JudgedItem], all_items: Sequence[JudgedItem]
) -> str:
    """A person's title, else the claim as a fact-checker put it, else the issue's, unless only the partner says so."""
    if issue.title_by is None and claims:
        return quoted(claims[0].claim.text)
    theirs = {item.item.title for item in all_items} - {item.item.title for item in ours}
    if issue.title_by is None and issue.title in theirs and ours:
        return quoted(ours[0].item.title)
    return quoted(issue.title)


def _evidence(item: JudgedItem) -> Evidence:
    return Evidence(
        title=quoted(item.item.title),
        url=web_address(item.item.url),
        publisher=told(item.item.publisher, 80),
        seen_at=item.item.seen_at,
        suspicion=round(item.judgement.suspicion, 3),
        reasons=tuple(told(signal.reason.id, 300) for signal in item.judgement.findings[:MOST_REASONS]),
    )
