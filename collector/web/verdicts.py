"""What is known of an issue by now: the desk's verdict, else what a fact-checker found."""

from __future__ import annotations

from dataclasses import dataclass

from collector.model.bucket import Measure
from collector.model.judgement import Verdict
from collector.model.ledger import LedgerIssue
from collector.store.base import MentionFilter
from collector.web.desk import Desk

LOOKED_AT = 20  # newest items of an issue whose claims are asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """``publisher`` is the fact-checker; empty where the desk itself found it. ``verdict`` is None where a fact-check
    prints no label."""

    verdict: Verdict | None
    publisher: str = ""


def known_of(desk: Desk, issue: LedgerIssue) -> Known | None:
    """None where nobody has checked it, as far as is known here."""
    if issue.verdict is not None:
        return Known(verdict=issue.verdict)
    store = desk.store
    items = store.overview.items_of_issue(issue.id, LOOKED_AT)
    linked = [link for links in store.claims.of_items([one.item.id for one in items]).values() for link in links]
    if linked:
        surest = max(linked, key=lambda link: (link.claim.verdict is not None, link.confidence))
        return Known(verdict=surest.claim.verdict, publisher=surest.claim.publisher)
    if issue.debunks:
        for debunk in store.items.list(MentionFilter(issue_id=issue.id, measure=Measure.DEBUNKS, limit=1)):
            return Known(verdict=debunk.judgement.verdict, publisher=debunk.item.publisher)
    return None
