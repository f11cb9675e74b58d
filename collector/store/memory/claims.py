"""Checked claims in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from collector.model.claim import CheckedClaim
from collector.model.errors import NotFound
from collector.store.claims import ClaimChanges, ClaimLink, ItemClaim
from collector.store.memory.room import Room, atomic
from collector.store.text import storable, storable_or_none


class MemoryClaims(Room):
    @atomic
    def add(self, claims: Sequence[CheckedClaim], now: datetime) -> int:
        t = self._tables
        before = len(t.claims)
        for given in claims:
            claim = _storable_claim(given)
            old = next((one for one in t.claims.values() if one.key == claim.key), None)
            if old is None:
                claim = replace(claim, id=max(t.claims, default=0) + 1)
            else:
                claim = replace(
                    claim,
                    id=old.id,
                    verdict=claim.verdict or old.verdict,
                    publisher=claim.publisher or old.publisher,
                    url=claim.url or old.url,
                    checked_at=claim.checked_at or old.checked_at,
                    case_id=claim.case_id or old.case_id,
                    topics=claim.topics or old.topics,
                )
            if claim != old:
                t.claims[claim.id] = claim
                t.claim_revisions[claim.id] = max(t.claim_revisions.values(), default=0) + 1
        return len(t.claims) - before

    @atomic
    def changed(self, since: int) -> ClaimChanges:
        t = self._tables
        found = sorted((revision, number) for number, revision in t.claim_revisions.items() if revision > since)
        return ClaimChanges(
            claims=tuple(t.claims[number] for _, number in found if number in t.claims),
            revision=found[-1][0] if found else since,
        )

    @atomic
    def get(self, claim_id: int) -> CheckedClaim:
        if claim_id not in self._tables.claims:
            raise NotFound(f"no checked claim {claim_id} is stored")
        return self._tables.claims[claim_id]

    @atomic
    def list(self, *, search: str | None = None, limit: int = 100) -> tuple[CheckedClaim, ...]:
        wanted = (search or "").lower().split()
        found = [
            claim
            for claim in self._tables.claims.values()
            if all(word in f"{claim.text} {claim.title} {claim.publisher} {claim.case_id}".lower() for word in wanted)
        ]
        found.sort(key=lambda claim: (claim.checked_at is not None, claim.checked_at, claim.id), reverse=True)
        return tuple(found[:limit])

    @atomic
    def count(self) -> int:
        return len(self._tables.claims)

    @atomic
    def link(self, links: Sequence[ClaimLink]) -> int:
        t = self._tables
        linked = 0
        for link in links:
            item_id = t.ids.get(storable(link.identity))
            if item_id is None:
                continue
            t.item_claims.pop(item_id, None)
            claim = next((one for one in t.claims.values() if one.key == storable(link.claim_key)), None)
            if claim is not None:
                t.item_claims[item_id] = ItemClaim(
                    item_id=item_id,
                    claim=claim,
                    confidence=round(link.confidence, 4),
                    stance=link.stance,
                    differences=link.differences,
                    matched_at=link.matched_at,
                )
                linked += 1
        return linked

    @atomic
    def unlink(self, item_ids: Sequence[int]) -> None:
        for item_id in item_ids:
            self._tables.item_claims.pop(item_id, None)

    @atomic
    def of_items(self, item_ids: Sequence[int]) -> Mapping[int, tuple[ItemClaim, ...]]:
        t = self._tables
        links = [t.item_claims[item_id] for item_id in item_ids if item_id in t.item_claims]
        return {link.item_id: (replace(link, claim=t.claims[link.claim.id]),) for link in links}


def _storable_claim(claim: CheckedClaim) -> CheckedClaim:
    return replace(
        claim,
        key=storable(claim.key),
        text=storable(claim.text),
        title=storable(claim.title),
        publisher=storable(claim.publisher),
        url=storable_or_none(claim.url),
        checked_at=None if claim.checked_at is None else claim.checked_at.replace(microsecond=0),
        case_id=storable_or_none(claim.case_id),
    )
