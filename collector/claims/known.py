"""The checked claims of the store, kept in memory for matching. Acts thinly: what it concludes is the matcher's.

store ── claims that came or changed since the last look ──> matcher <── texts
entry of a fact-checker ──> checked claim ──> store, matcher
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from collector.model.claim import CheckedClaim, ClaimMatch
from collector.model.item import Entry
from collector.model.judgement import Judgement, Stance
from collector.store.base import Storage
from collector.store.claims import ClaimLink
from collector.store.ledger import CLAIMS_REMOVED

if TYPE_CHECKING:  # numpy is loaded when the first claim is learnt
    from collector.claims.matcher import ClaimMatcher

MAX_TEXT = 600  # characters of a text that are compared: what a post claims stands at its beginning
# Surer than DECIDED_FROM, for alerts speak of it: beside 8,220 claims 16 of 1,000 news headlines reach 0.5, and 4 this.
LINKED_FROM = 0.65
SHORTEST = 12  # characters of a title that can be a claim
LOOK_EVERY = timedelta(
    seconds=1
)  # a poll brings thirty texts at once: looking costs as much as a tenth of a comparison


class KnownClaims:
    """Safe to share between threads. What another process stored or changed is learnt within a second."""

    def __init__(self, store: Storage) -> None:
        self._store = store
        self._matcher: ClaimMatcher | None = None
        self._learnt_to = 0
        self._removed: str | None = None
        self._looked_at: datetime | None = None
        self._lock = threading.Lock()

    def match(self, title: str, text: str, now: datetime) -> ClaimMatch | None:
        """The claim that an entry speaks of, if it is sure enough: repeated (``spread``) or set right (``debunk``)."""
        found = self.likeliest(title, text, now)
        return found if found is not None and is_sure(found) else None

    def likeliest(self, title: str, text: str, now: datetime) -> ClaimMatch | None:
        """The claim nearest to an entry, sure or not (see :func:`is_sure`); None where nothing is near.

        The title is asked first: what stands around a claim in a longer text makes every comparison less sure.
        """
        if self._matcher is None and self._has_looked(now):  # no claim is stored: nobody need wait for a turn
            return None
        with self._lock:
            if not self._has_looked(now):
                self._learn()
                self._looked_at = now
            if self._matcher is None:
                return None
            of_title = self._matcher.likeliest(title)
            if not text or (of_title is not None and is_sure(of_title)):
                return of_title
            of_both = self._matcher.likeliest(f"{title}\n{text[:MAX_TEXT]}")
            return of_both if of_both is not None and is_sure(of_both) else of_title

    def _has_looked(self, now: datetime) -> bool:
        looked_at = self._looked_at
        return looked_at is not None and abs(now - looked_at) < LOOK_EVERY

    def nearest(self, text: str, limit: int = 5) -> tuple[ClaimMatch, ...]:
        """The claims nearest to a text, decided or not: for people who ask why."""
        with self._lock:
            self._learn()
            return () if self._matcher is None else self._matcher.match(text, limit=limit)

    def look_again(self) -> None:
        """Look at the next question, however soon it comes: claims were stored."""
        self._looked_at = None

    def _learn(self) -> None:
        removed = self._store.meta(CLAIMS_REMOVED)
        if removed != self._removed:  # on request: a matcher cannot unlearn, so it learns the others anew
            self._removed, self._matcher, self._learnt_to = removed, None, 0
        new = self._store.claims.changed(self._learnt_to)
        if not new.claims:
            return
        if self._matcher is None:
            from collector.claims.matcher import ClaimMatcher

            self._matcher = ClaimMatcher()
        self._matcher.add_all(new.claims)
        self._learnt_to = new.revision


def is_sure(found: ClaimMatch) -> bool:
    """Whether an item is noted as speaking of that claim."""
    return found.decided and found.confidence >= LINKED_FROM


def link_to(found: ClaimMatch, identity: str, now: datetime) -> ClaimLink:
    """What is to be noted of the item of that identity: that it speaks of this claim."""
    return ClaimLink(
        identity=identity,
        claim_key=found.claim.key,
        confidence=found.confidence,
        stance=found.stance,
        differences=found.differences,
        matched_at=now,
    )


def claim_of_entry(entry: Entry, judgement: Judgement, publisher: str, topics: Sequence[str]) -> CheckedClaim | None:
    """The claim that a fact-checker's entry checks; None where the entry is no fact-check or has no claim in its title.

    Only an entry that carries a verdict counts: feeds of fact-checkers hold workshops and reports too.
    """
    if judgement.stance is not Stance.DEBUNK:
        return None
    # Its patterns cost 20 ms to compile, and a round in which nothing changed needs none of them.
    from collector.claims.label import labelled
    from collector.claims.table import key_of

    parts = labelled(entry.title, entry.text)
    verdict = parts.verdict or judgement.verdict
    if verdict is None or len(parts.text) < SHORTEST:
        return None
    return CheckedClaim(
        id=0,
        key=key_of(url=entry.url, publisher=publisher, case_id=parts.case_id, text=parts.text),
        text=parts.text,
        title=entry.title,
        verdict=verdict,
        publisher=publisher,
        url=entry.url,
        checked_at=entry.published_at,
        case_id=parts.case_id,
        topics=tuple(topics),
    )
