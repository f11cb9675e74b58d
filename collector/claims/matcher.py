"""Known claims: the checked claims in memory, and the question whether a text repeats one of them. Pure.

text -> statement -> five candidates from the index -> careful comparison -> order, confidence, differences, stance
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from collector.claims.align import View
from collector.claims.attitude import attitude
from collector.claims.compare import Comparer, Comparison
from collector.claims.decide import DECIDED_FROM, confidence
from collector.claims.index import ClaimIndex, Near
from collector.claims.statement import Reader, Statement
from collector.claims.vocabulary import Vocabulary, shipped
from collector.model.claim import CheckedClaim, ClaimMatch

CANDIDATES = 8  # compared carefully
COVERAGE_SHARE = 0.5  # of the order that comes from the comparison


@dataclass(frozen=True, slots=True)
class _Known:
    claim: CheckedClaim
    statement: Statement


class ClaimMatcher:
    """Claims are added one by one, in any number. Not safe for adding while another thread matches."""

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self._vocabulary = vocabulary or shipped()
        self.reader = Reader(self._vocabulary)
        self._index = ClaimIndex()
        self._comparer = Comparer(self._vocabulary, self._index.rarity)
        self._known: list[_Known] = []
        self._keys: set[str] = set()

    def __len__(self) -> int:
        return len(self._known)

    def add(self, claim: CheckedClaim) -> bool:
        """Learn a claim; False if its key is known already."""
        if claim.key in self._keys:
            return False
        self._keys.add(claim.key)
        statement = self.reader.read(claim.text)
        self._known.append(_Known(claim, statement))
        self._index.add(statement)
        return True

    def add_all(self, claims: Iterable[CheckedClaim]) -> int:
        """How many were new."""
        return sum(self.add(claim) for claim in claims)

    def match(self, text: str, *, limit: int = 5) -> tuple[ClaimMatch, ...]:
        """The nearest claims by falling ``score``; only the first can be decided."""
        return self.match_statement(self.reader.read(text), limit=limit)

    def match_statement(self, text: Statement, *, limit: int = 5) -> tuple[ClaimMatch, ...]:
        """The same for a text already taken apart."""
        near = self._index.nearest(text, CANDIDATES)
        if not near:
            return ()
        view = View(text)
        compared = [
            (one, self._comparer.compare_view(view, self._known[one.place].statement, spelling=one.spelling))
            for one in near
        ]
        compared.sort(key=lambda pair: -_order(*pair))
        orders = [_order(*pair) for pair in compared]
        matches = []
        for place, (one, comparison) in enumerate(compared[:limit]):
            ahead = (orders[0] - orders[1]) / orders[0] if len(orders) > 1 and orders[0] > 0 else 1.0
            matches.append(
                self._match(text, one, comparison, orders[place], ahead if place == 0 else 0.0, first=place == 0)
            )
        return tuple(matches)

    def _match(
        self, text: Statement, near: Near, comparison: Comparison, order: float, lead: float, *, first: bool
    ) -> ClaimMatch:
        known = self._known[near.place]
        features = comparison.with_lead(lead)
        sure = confidence(features)
        return ClaimMatch(
            claim=known.claim,
            score=min(1.0, order),
            confidence=sure,
            decided=first and sure >= DECIDED_FROM,
            stance=attitude(text, known.statement, features),
            said=min(1.0, features.coverage),
            differences=comparison.differences,
        )


def _order(near: Near, comparison: Comparison) -> float:
    features = comparison.features
    return (1 - COVERAGE_SHARE) * near.score + COVERAGE_SHARE * features.coverage * math.sqrt(max(0.0, features.focus))
