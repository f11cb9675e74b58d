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
from collector.claims.index import ClaimIndex, Near
from collector.claims.statement import Reader, Statement
from collector.claims.vocabulary import Vocabulary, shipped
from collector.model.claim import CheckedClaim, ClaimMatch

CANDIDATES = 8  # looked at beside the text
CONTENDERS = 4  # of them whose order may still change once they are compared carefully
SURE_SHARE = 0.1  # what being sure adds to the order of a contender
COVERAGE_SHARE = 0.5  # of the order that comes from the comparison


@dataclass(frozen=True, slots=True)
class _Known:
    claim: CheckedClaim
    statement: Statement


@dataclass(frozen=True, slots=True)
class _Look:
    near: Near
    outline: Outline

    @property
    def order(self) -> float:
        """How near the claim is: by the index, and by how much of either side the other says."""
        said = self.outline.coverage * math.sqrt(max(0.0, self.outline.focus))
        return (1 - COVERAGE_SHARE) * self.near.score + COVERAGE_SHARE * said


@dataclass(frozen=True, slots=True)
class _Compared:
    near: Near
    comparison: Comparison
    order: float


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
        looked = [_Look(one, self._comparer.outline(view, self._known[one.place].statement)) for one in near]
        looked.sort(key=lambda look: (-look.order, look.near.place))
        compared = [self._compared(look) for look in looked[: max(limit, CONTENDERS)]]
        compared[:CONTENDERS] = sorted(compared[:CONTENDERS], key=lambda one: -one.order)
        ahead = compared[0].order - compared[1].order if len(compared) > 1 else compared[0].order
        lead = ahead / compared[0].order if compared[0].order > 0 else 0.0
        return tuple(
            self._match(text, one, 0.0 if place else lead, first=place == 0)
            for place, one in enumerate(compared[:limit])
        )

    def _compared(self, look: _Look) -> _Compared:
        comparison = self._comparer.finish(look.outline, spelling=look.near.spelling)
        return _Compared(look.near, comparison, look.order + SURE_SHARE * confidence(comparison.features))

    def _match(self, text: Statement, one: _Compared, lead: float, *, first: bool) -> ClaimMatch:
        known = self._known[one.near.place]
        features = one.comparison.with_lead(lead)
        sure = confidence(features)
        return ClaimMatch(
            claim=known.claim,
            score=min(1.0, one.order),
            confidence=sure,
            decided=first and sure >= DECIDED_FROM,
            stance=attitude(text, known.statement, features),
            said=min(1.0, features.coverage),
            differences=one.comparison.differences,
        )
