"""Known claims: the checked claims in memory, and the question whether a text repeats one of them. Pure.

text -> statement -> five candidates from the index -> careful comparison -> order, confidence, differences, stance
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from collector.claims.align import View
from collector.claims.attitude import attitude
from collector.claims.compare import Comparer, Comparison, Outline
from collector.claims.decide import DECIDED_FROM, confidence
from collector.claims.features import Features
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
        looked = [(one, self._comparer.outline(view, self._known[one.place].statement)) for one in near]
        looked.sort(key=lambda pair: (-_order(*pair), pair[0].place))
        orders = [_order(*pair) for pair in looked]
        lead = (orders[0] - orders[1]) / orders[0] if len(orders) > 1 and orders[0] > 0 else 1.0
        matches = []
        for place, (one, outline) in enumerate(looked[:limit]):
            comparison = self._comparer.finish(outline, spelling=one.spelling)
            features = comparison.with_lead(0.0 if place else lead)
            matches.append(self._match(text, one, features, comparison, orders[place], first=place == 0))
        return tuple(matches)

    def _match(
        self, text: Statement, near: Near, features: Features, comparison: Comparison, order: float, *, first: bool
    ) -> ClaimMatch:
        known = self._known[near.place]
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


def _order(near: Near, outline: Outline) -> float:
    said = outline.coverage * math.sqrt(max(0.0, outline.focus))
    return (1 - COVERAGE_SHARE) * near.score + COVERAGE_SHARE * said
