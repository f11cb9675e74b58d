"""Known claims: the checked claims in memory, and the question whether a text repeats one of them. Pure.

text -> statement -> five candidates from the index -> careful comparison -> order, confidence, differences, stance
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collector.claims.align import View
from collector.claims.attitude import attitude, marks
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
# Of 1,196 texts that were decided, 1,190 share words enough with a claim to score 0.3, and say half of one.
WORDS_FROM, SAID_FROM = 0.3, 0.5


@dataclass(frozen=True, slots=True)
class _Known:
    claim: CheckedClaim
    statement: Statement


@dataclass(frozen=True, slots=True)
class _Look:
    near: Near
    known: _Known
    outline: Outline

    @property
    def order(self) -> float:
        """How near the claim is: by the index, and by how much of either side the other says."""
        said = self.outline.coverage * math.sqrt(max(0.0, self.outline.focus))
        return (1 - COVERAGE_SHARE) * self.near.score + COVERAGE_SHARE * said


@dataclass(frozen=True, slots=True)
class _Compared:
    known: _Known
    comparison: Comparison
    order: float


class ClaimMatcher:
    """Claims are added one by one, in any number. Not safe for adding while another thread matches."""

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self._vocabulary = vocabulary or shipped()
        self.reader = Reader(self._vocabulary)
        self._index = ClaimIndex()
        self._comparer = Comparer(self._vocabulary, self._index.rarity)
        self._known: list[_Known | None] = []  # by place in the index; None where a claim was reworded
        self._places: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._places)

    def add(self, claim: CheckedClaim) -> bool:
        """Learn a claim; False if its key is known already: what is new of it takes the place of what was known."""
        place = self._places.get(claim.key)
        known = None if place is None else self._known[place]
        if place is not None and known is not None and known.claim.text == claim.text:
            self._known[place] = _Known(claim, known.statement)
            return False
        if place is not None:
            self._known[place] = None  # its words stay in the index, and lead nowhere
        statement = self.reader.read(claim.text)
        self._places[claim.key] = self._index.add(statement)
        self._comparer.renew()
        self._known.append(_Known(claim, statement))
        return place is None

    def add_all(self, claims: Iterable[CheckedClaim]) -> int:
        """How many were new."""
        return sum(self.add(claim) for claim in claims)

    def match(self, text: str, *, limit: int = 5) -> tuple[ClaimMatch, ...]:
        """The nearest claims by falling ``score``; only the first can be decided."""
        return self.match_statement(self.reader.read(text), limit=limit)

    def likeliest(self, text: str) -> ClaimMatch | None:
        """The claim nearest to a text, decided or not. The same as the first of :meth:`match`, at a third of the cost:
        most texts share too few words with any claim, or say too little of it, and have none."""
        statement = self.reader.read(text)
        near = self._index.nearest(statement, CANDIDATES, words_from=WORDS_FROM)
        found = self._compare(statement, near, limit=1, said_from=SAID_FROM)
        return found[0] if found else None

    def match_statement(self, text: Statement, *, limit: int = 5) -> tuple[ClaimMatch, ...]:
        """The same for a text already taken apart."""
        return self._compare(text, self._index.nearest(text, CANDIDATES), limit=limit)

    def _compare(
        self, text: Statement, near: Sequence[Near], *, limit: int, said_from: float = 0.0
    ) -> tuple[ClaimMatch, ...]:
        """Nothing where the text says less than ``said_from`` of every claim."""
        view = View(text)
        looked = [
            _Look(one, known, self._comparer.outline(view, known.statement))
            for one in near
            if (known := self._known[one.place]) is not None
        ]
        if not looked or max(look.outline.coverage for look in looked) < said_from:
            return ()
        looked.sort(key=lambda look: (-look.order, look.near.place))
        compared = [self._compared(look) for look in looked[: max(limit, CONTENDERS)]]
        compared[:CONTENDERS] = sorted(compared[:CONTENDERS], key=lambda one: -one.order)
        ahead = compared[0].order - compared[1].order if len(compared) > 1 else compared[0].order
        lead = ahead / compared[0].order if compared[0].order > 0 else 0.0
        marked = marks(text)
        return tuple(
            self._match(marked, one, 0.0 if place else lead, first=place == 0)
            for place, one in enumerate(compared[:limit])
        )

    def _compared(self, look: _Look) -> _Compared:
        comparison = self._comparer.finish(look.outline, spelling=look.near.spelling)
        return _Compared(look.known, comparison, look.order + SURE_SHARE * confidence(comparison.features))

    def _match(self, marked: Sequence[str], one: _Compared, lead: float, *, first: bool) -> ClaimMatch:
        features = one.comparison.with_lead(lead)
        sure = confidence(features)
        return ClaimMatch(
            claim=one.known.claim,
            score=min(1.0, one.order),
            confidence=sure,
            decided=first and sure >= DECIDED_FROM,
            stance=attitude(marked, one.known.statement, features),
            said=min(1.0, features.coverage),
            differences=one.comparison.differences,
        )
