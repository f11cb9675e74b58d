"""Claims that fact-checkers have published, and which items speak of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from collector.model.claim import CheckedClaim, Difference
from collector.model.judgement import Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLink:
    """That an item speaks of a checked claim, in the item's and the claim's own names."""

    identity: str
    claim_key: str
    confidence: float
    stance: Stance
    differences: tuple[Difference, ...]
    matched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimChanges:
    """``revision`` grows with every claim that comes or changes; what is asked for next comes after it."""

    claims: tuple[CheckedClaim, ...]
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemClaim:
    """A stored link, with the claim."""

    item_id: int
    claim: CheckedClaim
    confidence: float
    stance: Stance
    differences: tuple[Difference, ...]
    matched_at: datetime


class Claims(Protocol):
    """What fact-checkers have published, and which items speak of it."""

    def add(self, claims: Sequence[CheckedClaim], now: datetime) -> int:
        """Store claims (their ``id`` is ignored); returns how many were new. A known key takes over the new words,
        verdict and date; what the newer one leaves empty is kept."""

    def changed(self, since: int) -> ClaimChanges:
        """The claims that came or changed after that revision (0: all), in that order: what a matcher has still to
        learn."""

    def get(self, claim_id: int) -> CheckedClaim:
        """Raises NotFound."""

    def list(self, *, search: str | None = None, limit: int = 100) -> tuple[CheckedClaim, ...]:
        """Newest check first; ``search``: all these words stand in text, title, publisher or case number."""

    def count(self) -> int: ...

    def link(self, links: Sequence[ClaimLink]) -> int:
        """Say of which claim an item speaks, in the place of what was said of it before. Links to items or claims that
        are not stored are left out; returns how many were stored."""

    def unlink(self, item_ids: Sequence[int]) -> None:
        """Say that these items speak of no checked claim."""

    def of_items(self, item_ids: Sequence[int]) -> Mapping[int, tuple[ItemClaim, ...]]:
        """The claims of each of these items that has any, the surest first."""
