"""Items as a message shows them, and the claims they carry. Pure.

items of the window -> issues (by the stored grouping; an item without one stands alone) -> the five that lead
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from collector.model.alert import CheckedBefore, Exhibit, LeadingIssue, SinceLast
from collector.model.issue import Issue
from collector.model.item import Item
from collector.model.judgement import Judgement, Stance, Verdict
from collector.store.base import JudgedItem
from collector.store.claims import ItemClaim

MAX_REASONS = 2
REASONS_FROM = 0.3  # an unsuspicious headline needs no excuse for its commas
SUSPICIOUS_FROM = 0.5
# Signals of the shipped lexicon that make an item's own address one that nobody should follow without thinking.
BAIT = frozenset(
    (
        "click_link",
        "register_now",
        "short_or_chat_link",
        "short_link_shared_with_agencies",
        "cheap_host_with_program_word",
        "free_hosting",
        "chat_app_contact",
        "dotted_url",
        "agency_and_foreign_host",
        "promise_plus_link",
        "promise_plus_data",
        "agency_plus_cheap_host",
        "id_numbers",
        "otp",
        "admin_fee",
    )
)


@dataclass(slots=True, kw_only=True)
class Cluster:
    """The window's items of one issue, most suspicious first."""

    issue_id: int | None
    items: list[JudgedItem] = field(default_factory=list)

    @property
    def suspicion(self) -> float:
        return max(item.judgement.suspicion for item in self.items)

    @property
    def publishers(self) -> frozenset[str]:
        return frozenset(item.item.publisher for item in self.items)

    @property
    def rank(self) -> tuple[float, int, int, float]:
        """Suspicion counts in tenths only, so that a claim of nine outlets stands above one of a single shout."""
        newest = max(item.item.seen_at for item in self.items)
        return -round(self.suspicion, 1), -len(self.publishers), -len(self.items), -newest.timestamp()


def clusters(items: Sequence[JudgedItem]) -> list[Cluster]:
    """By issue, the leading one first. ``items``: most suspicious first."""
    found: dict[object, Cluster] = {}
    for item in items:
        number = item.item.issue_id
        key: object = ("alone", item.item.id) if number is None else number
        found.setdefault(key, Cluster(issue_id=number)).items.append(item)
    return sorted(found.values(), key=lambda cluster: cluster.rank)


def leading_issue(
    cluster: Cluster,
    issue: Issue | None,
    claims: Mapping[int, Sequence[ItemClaim]],
    debunks: Iterable[JudgedItem] = (),
    told_at: datetime | None = None,
) -> LeadingIssue:
    """``claims`` by item; ``debunks`` are fact-checks known of the same issue; ``told_at`` is the last message's."""
    first = cluster.items[0]
    first_seen_at = min(item.item.seen_at for item in cluster.items)
    if issue is not None:
        first_seen_at = min(first_seen_at, issue.opened_at)
    return LeadingIssue(
        issue_id=cluster.issue_id,
        text=first.item.title if issue is None or len(cluster.items) == 1 else issue.title,
        first_seen_at=first_seen_at,
        items=len(cluster.items),
        publishers=len(cluster.publishers),
        lead=exhibit_of(first, claims.get(first.item.id, ())),
        checked=_checked_in(cluster, claims, debunks),
        new=told_at is not None and first_seen_at > told_at,
    )


def _checked_in(
    cluster: Cluster, claims: Mapping[int, Sequence[ItemClaim]], debunks: Iterable[JudgedItem]
) -> CheckedBefore | None:
    """A checked claim that one of the items speaks of, else a fact-check among the issue's own items."""
    for item in cluster.items:
        if found := claims.get(item.item.id, ()):
            return checked_before(found[0])
    for item in (*cluster.items, *debunks):
        if item.judgement.stance is Stance.DEBUNK:
            return CheckedBefore(
                claim=item.item.title,
                verdict=item.judgement.verdict,
                publisher=item.item.publisher,
                url=item.item.url,
            )
    return None


def since_last(items: Sequence[JudgedItem], earlier: Sequence[JudgedItem], at: datetime, count: int) -> SinceLast:
    """``items`` of the window; ``earlier`` those of the alert before its last message, made ``at`` with ``count``."""
    fresh = [item for item in items if item.item.seen_at > at]
    known = {item.item.publisher for item in earlier} | {i.item.publisher for i in items if i.item.seen_at <= at}
    known_issues = {i.item.issue_id for i in (*earlier, *items) if i.item.seen_at <= at}
    joined = sorted({item.item.publisher for item in fresh} - known)
    issues = {item.item.issue_id for item in fresh if item.item.issue_id is not None} - known_issues
    alone = sum(item.item.issue_id is None for item in fresh)
    return SinceLast(at=at, count=count, items=len(fresh), issues=len(issues) + alone, publishers=tuple(joined))


def exhibit_of(judged: JudgedItem, claims: Sequence[ItemClaim] = ()) -> Exhibit:
    """The item as a message shows it, with its two strongest reasons and the checked claim that it speaks of."""
    item, judgement = judged.item, judged.judgement
    explained = judgement.suspicion >= REASONS_FROM or judgement.stance is Stance.DEBUNK
    strongest = judgement.findings[:MAX_REASONS] if explained else ()
    return Exhibit(
        item_id=item.id,
        title=item.title,
        url=item.url,
        publisher=item.publisher,
        seen_at=item.seen_at,
        suspicion=judgement.suspicion,
        stance=judgement.stance,
        verdict=judgement.verdict,
        reasons=tuple(signal.reason for signal in strongest),
        checked=checked_before(claims[0]) if claims and judgement.stance is not Stance.DEBUNK else None,
        phishing=_is_bait(item, judgement, claims),
    )


def clickable(exhibit: Exhibit) -> bool:
    """May this item's address be followed? Not where it looks like bait."""
    return exhibit.stance is Stance.DEBUNK or not exhibit.phishing


def _is_bait(item: Item, judgement: Judgement, claims: Sequence[ItemClaim]) -> bool:
    if judgement.stance in (Stance.DEBUNK, Stance.SATIRE) or item.url is None:
        return False
    if any(link.claim.verdict is Verdict.SCAM for link in claims) and judgement.stance is Stance.SPREAD:
        return True
    suspicious = judgement.stance is Stance.SPREAD or judgement.suspicion >= SUSPICIOUS_FROM
    return suspicious and any(signal.points > 0 and signal.name in BAIT for signal in judgement.signals)


def checked_before(link: ItemClaim) -> CheckedBefore:
    claim = link.claim
    return CheckedBefore(claim=claim.text, verdict=claim.verdict, publisher=claim.publisher, url=claim.url)
