"""The fact-checks that answer an issue: what was published, by whom, with which verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.text import quoted, told, web_address
from collector.model.judgement import Verdict
from collector.model.ledger import LedgerIssue
from collector.store.base import JudgedItem, Storage
from collector.store.claims import ItemClaim
from collector.store.ledger import issue_of_claim_key

MOST_CHECKS = 5
# Signals of the judge. A title may call something untrue in passing, where neither publisher, label nor text checks it.
IN_PASSING = "debunk_phrase"
CHECKED_BY = frozenset(("factcheck_source", "debunk_label", "debunk_body"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A published fact-check. ``verdict`` is None where its publisher prints no label; ``url`` is http(s) or None."""

    publisher: str
    title: str
    verdict: Verdict | None
    url: str | None
    at: datetime | None


def claims_of(store: Storage, issue: LedgerIssue, items: Sequence[JudgedItem]) -> tuple[ItemClaim, ...]:
    """The checked claims of these items, the issue's own claim before the others, one of each."""
    linked = store.claims.of_items([item.item.id for item in items])
    found = {link.claim.key: link for links in linked.values() for link in reversed(links)}
    return tuple(sorted(found.values(), key=lambda link: (link.claim.key != issue.claim_key, -link.confidence)))


def checks_of(issue: LedgerIssue, debunks: Sequence[JudgedItem], claims: Sequence[ItemClaim]) -> tuple[Check, ...]:
    """Published fact-checks, the newest first, each address once; a desk's own claim is not one."""
    found: dict[str, Check] = {}
    for link in claims:
        claim = link.claim
        url = web_address(claim.url)
        if url is None or issue_of_claim_key(claim.key) is not None or claim.key != issue.claim_key:
            continue
        found[url] = Check(
            publisher=told(claim.publisher, 80),
            title=quoted(claim.title),
            verdict=claim.verdict,
            url=url,
            at=claim.checked_at,
        )
    for debunk in debunks:
        url = web_address(debunk.item.url)
        if url is not None and _is_check(debunk):
            found.setdefault(url, _check_of(debunk, url))
    link_url = web_address(issue.verdict_link)
    if link_url is not None and link_url not in found:
        found[link_url] = Check(publisher="", title="", verdict=issue.verdict, url=link_url, at=issue.verdict_at)
    return tuple(sorted(found.values(), key=_newest_first))[:MOST_CHECKS]


def _is_check(debunk: JudgedItem) -> bool:
    """A story whose title only mentions that something is untrue ("police look for who spread a false link") counts as
    a debunk, but it checks nothing."""
    names = {signal.name for signal in debunk.judgement.signals}
    return debunk.judgement.verdict is not None or IN_PASSING not in names or bool(names & CHECKED_BY)


def _check_of(debunk: JudgedItem, url: str) -> Check:
    item = debunk.item
    return Check(
        publisher=told(item.publisher, 80),
        title=quoted(item.title),
        verdict=debunk.judgement.verdict,
        url=url,
        at=item.published_at or item.seen_at,
    )


def _newest_first(check: Check) -> tuple[float, str]:
    return (-check.at.timestamp() if check.at is not None else 0.0, check.url or "")
