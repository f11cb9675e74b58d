"""Which texts tell one story. Pure, incremental, and stable: what was grouped once stays grouped.

A text about a checked claim joins the issue of that claim, whether it spreads or debunks it. Any other joins the issue
whose texts it resembles most, if it agrees with most of those it is compared with; else it opens an issue of its own.
Asking several texts instead of one keeps an issue from growing into a catch-all by small steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from collector.claims.align import View
from collector.claims.compare import Comparer
from collector.claims.features import Features
from collector.claims.index import ClaimIndex
from collector.claims.statement import Reader, Statement
from collector.claims.vocabulary import Vocabulary, shipped
from collector.model.claim import ClaimMatch

SAID_FROM = 0.3  # of a checked claim that a text must say to be about it
SCORE_FROM = 0.2  # and how near it must be at all
NEIGHBOURS = 6  # texts looked at
ASKED = 4  # members of an issue that are asked at most
MAJORITY = 0.5
ALIKE_FROM = 0.55


@dataclass(slots=True)
class _Issue:
    id: str
    members: list[int] = field(default_factory=list)


class IssueBook:
    """Issues by their texts. ``add`` answers with the id of the issue; ids are never given twice."""

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        vocabulary = vocabulary or shipped()
        self._reader = Reader(vocabulary)
        self._index = ClaimIndex()
        self._comparer = Comparer(vocabulary, self._index.rarity)
        self._statements: list[Statement] = []
        self._issue_of: list[_Issue] = []
        self._issues: dict[str, _Issue] = {}

    def __len__(self) -> int:
        return len(self._issues)

    def add(self, text: str, known: Sequence[ClaimMatch] = ()) -> str:
        """The issue of one more text. ``known`` are its candidates among the checked claims, the best first."""
        return self.add_statement(self._reader.read(text), known)

    def add_statement(self, statement: Statement, known: Sequence[ClaimMatch] = ()) -> str:
        """The same for a text already taken apart."""
        issue = self._claimed(known) or self._nearest(statement) or self._new(f"i{len(self._issues) + 1}")
        place = self._index.add(statement)
        self._statements.append(statement)
        self._issue_of.append(issue)
        issue.members.append(place)
        return issue.id

    def _claimed(self, known: Sequence[ClaimMatch]) -> _Issue | None:
        if not known or not about(known[0]):
            return None
        name = f"claim:{known[0].claim.key}"
        return self._issues.get(name) or self._new(name)

    def _nearest(self, statement: Statement) -> _Issue | None:
        """The issue of the nearest text that agrees with this one, if most of the issue's texts do."""
        view = View(statement)
        refused: set[str] = set()
        for near in self._index.nearest(statement, NEIGHBOURS):
            issue = self._issue_of[near.place]
            if issue.id in refused:
                continue
            asked = list(dict.fromkeys((near.place, *issue.members[: ASKED - 1])))[:ASKED]
            agreeing = sum(self._alike(view, place) for place in asked)
            if agreeing > MAJORITY * len(asked):
                return issue
            refused.add(issue.id)
        return None

    def _alike(self, view: View, place: int) -> bool:
        return alike(self._comparer.compare_view(view, self._statements[place]).features)

    def _new(self, name: str) -> _Issue:
        issue = self._issues[name] = _Issue(name)
        return issue


def about(match: ClaimMatch) -> bool:
    """Whether a text speaks of what a claim speaks of, whatever it says of it."""
    return match.decided or (match.said >= SAID_FROM and match.score >= SCORE_FROM)


def alike(features: Features) -> bool:
    """Whether two texts tell the same story: each says most of the other, and nobody is put in another's place."""
    if features.names_swapped or features.places_swapped or features.numbers_differing or features.opposed:
        return False
    return min(features.coverage, 1.0) * 0.6 + features.focus * 0.4 >= ALIKE_FROM
