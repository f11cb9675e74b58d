"""Which texts tell one story. Pure, incremental, and stable: what was grouped once stays grouped.

A text about a checked claim joins the issue of that claim, whether it spreads or debunks it. Any other joins the issue
whose texts it resembles most, if it agrees with most of those it is compared with; else it opens an issue of its own.
Asking several texts instead of one keeps an issue from growing into a catch-all by small steps.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from collector.claims.align import View
from collector.claims.compare import Comparer
from collector.claims.index import word_features
from collector.claims.nearby import Nearby
from collector.claims.statement import Reader, Statement
from collector.claims.vocabulary import Vocabulary, shipped
from collector.claims.voice import Choir, shingles
from collector.model.claim import ClaimMatch

SAID_FROM = 0.3  # of a checked claim that a text must say to be about it
SCORE_FROM = 0.2  # and how near it must be at all
NEIGHBOURS = 6  # texts looked at
SHARED_FROM = 0.45  # of the words: of 1,050 pairs of real debunks that were alike 1,044 share as much
ASKED = 4  # members of an issue that are asked at most
MAJORITY = 0.5
KEPT_APART = 2_000  # statements in memory, 6 kB each; a text takes a fortieth of that
ALIKE_FROM = 0.7  # read over on real debunks: docs/explain/quality.md


@dataclass(slots=True)
class _Issue:
    """``weights`` says of each member how much the others resemble it: the heaviest is the most central.

    Most issues have one member: the voices of its texts are compared, and so kept, from the second on.
    """

    name: str
    claim: str | None = None
    members: array[int] = field(default_factory=lambda: array("i"))
    weights: array[float] | None = None
    first_voice: int = 1
    choir: Choir | None = None

    def enter(self, place: int) -> None:
        self.members.append(place)
        if len(self.members) > 1:
            self.weights = self.weights or array("f", (0.0,) * (len(self.members) - 1))
            self.weights.append(0.0)

    def weigh(self, likenesses: Mapping[int, float]) -> None:
        """Note how much the newest member resembles the others."""
        if self.weights is None:
            return
        for at, member in enumerate(self.members):
            likeness = likenesses.get(member, 0.0)
            self.weights[at] += likeness
            self.weights[-1] += likeness

    def central(self) -> int:
        """The earliest of the heaviest."""
        if self.weights is None:
            return self.members[0]
        return self.members[self.weights.index(max(self.weights))]

    def forget(self, first: int) -> None:
        """Leave out the members at the ``first`` places; the places of the others move down."""
        gone = sum(member < first for member in self.members)
        self.members = array("i", (member - first for member in self.members[gone:]))
        if self.weights is not None:
            del self.weights[:gone]


class _Shelf:
    """Texts by place. The latest asked for are kept taken apart; an older one is read again when it is compared."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._texts: list[str] = []
        self._apart: OrderedDict[int, Statement] = OrderedDict()

    def put(self, statement: Statement) -> None:
        self._keep(len(self._texts), statement)
        self._texts.append(statement.text)

    def forget(self, first: int) -> None:
        del self._texts[:first]
        self._apart = OrderedDict((place - first, one) for place, one in self._apart.items() if place >= first)

    def __getitem__(self, place: int) -> Statement:
        statement = self._apart.get(place)
        if statement is None:
            statement = self._reader.read(self._texts[place])
            self._keep(place, statement)
        else:
            self._apart.move_to_end(place)
        return statement

    def _keep(self, place: int, statement: Statement) -> None:
        self._apart[place] = statement
        if len(self._apart) > KEPT_APART:
            self._apart.popitem(last=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Where a text ended up. ``voice`` is its number among the issue's voices; ``central`` is the place (counted from
    0 in the order of adding) of the text that represents the issue now; ``opened``: the issue is new."""

    issue: str
    voice: int
    central: int
    opened: bool


class IssueBook:
    """Issues by their texts. ``name`` gives each new issue its name; the default counts ``i1``, ``i2``, …"""

    def __init__(self, vocabulary: Vocabulary | None = None, *, name: Callable[[], str] | None = None) -> None:
        vocabulary = vocabulary or shipped()
        self._reader = Reader(vocabulary)
        self._index = Nearby()
        self._comparer = Comparer(vocabulary, self._index.rarity)
        self._statements = _Shelf(self._reader)
        self._issue_of: list[_Issue] = []
        self._issues: dict[str, _Issue] = {}
        self._by_claim: dict[str, _Issue] = {}
        numbers = count(1)
        self._name = name or (lambda: f"i{next(numbers)}")

    def __len__(self) -> int:
        return len(self._issues)

    @property
    def texts(self) -> int:
        """How many are remembered."""
        return len(self._issue_of)

    def add(self, text: str, known: Sequence[ClaimMatch] = ()) -> str:
        """The issue of one more text. ``known`` are its candidates among the checked claims, the best first."""
        return self.add_statement(self._reader.read(text), known)

    def add_statement(self, statement: Statement, known: Sequence[ClaimMatch] = ()) -> str:
        """The same for a text already taken apart."""
        return self.join(statement, known[0].claim.key if known and about(known[0]) else None).issue

    def read(self, text: str) -> Statement:
        return self._reader.read(text)

    def join(self, statement: Statement, claim_key: str | None = None) -> Joined:
        """Find the issue of one more text, or open one. ``claim_key`` names the checked claim that it speaks of."""
        before = len(self._issues)
        likenesses: dict[int, float] = {}
        issue = self._by_claim.get(claim_key) if claim_key else None
        issue = issue or self._nearest(statement, claim_key, likenesses) or self._new(self._name())
        self._take_claim(issue, claim_key)
        self._enter(statement, issue)
        issue.weigh(likenesses)
        voice = self._voice(issue, statement)
        return Joined(issue=issue.name, voice=voice, central=issue.central(), opened=len(self._issues) > before)

    def restore(self, statement: Statement, issue: str, voice: int, claim_key: str | None = None) -> None:
        """Enter a text that was grouped before, as it was."""
        known = self._issues.get(issue) or self._new(issue)
        self._take_claim(known, claim_key)
        if known.members:
            self._choir(known).take(voice, shingles(statement.plain))
        else:
            known.first_voice = voice
        self._enter(statement, known)

    def forget(self, first: int) -> None:
        """Leave out the ``first`` texts that were entered, and issues of which no text is left. The places of the rest
        move down. A second of work at 100,000 texts."""
        self._index.forget(first)
        self._statements.forget(first)
        del self._issue_of[:first]
        for issue in tuple(self._issues.values()):
            issue.forget(first)
            if not issue.members:
                del self._issues[issue.name]
                if issue.claim is not None:
                    del self._by_claim[issue.claim]

    def _enter(self, statement: Statement, issue: _Issue) -> None:
        place = self._index.add(_features(statement))
        self._comparer.renew()
        self._statements.put(statement)
        self._issue_of.append(issue)
        issue.enter(place)

    def _voice(self, issue: _Issue, statement: Statement) -> int:
        """The voice of a text that has just entered."""
        if len(issue.members) == 1:
            return issue.first_voice
        return self._choir(issue).number(statement.plain)

    def _choir(self, issue: _Issue) -> Choir:
        """The issue's voices; asked for first when the second text comes."""
        if issue.choir is None:
            issue.choir = Choir()
            issue.choir.take(issue.first_voice, shingles(self._statements[issue.members[0]].plain))
        return issue.choir

    def _take_claim(self, issue: _Issue, claim_key: str | None) -> None:
        if claim_key is not None and issue.claim is None and claim_key not in self._by_claim:
            issue.claim = claim_key
            self._by_claim[claim_key] = issue

    def _nearest(self, statement: Statement, claim_key: str | None, likenesses: dict[int, float]) -> _Issue | None:
        """The issue of the nearest text that agrees with this one, if most of the issue's texts do.

        A text about one checked claim never joins the issue of another. What was compared is left in ``likenesses``.
        """
        view = View(statement)
        refused: set[str] = set()
        for near in self._index.nearest(_features(statement), NEIGHBOURS, SHARED_FROM):
            issue = self._issue_of[near.place]
            if issue.name in refused or (claim_key and issue.claim and issue.claim != claim_key):
                continue
            asked = list(dict.fromkeys((near.place, *issue.members[: ASKED - 1])))[:ASKED]
            for place in asked:
                if place not in likenesses:
                    likenesses[place] = self._likeness(view, self._statements[place])
            agreeing = sum(likenesses[place] >= ALIKE_FROM for place in asked)
            if agreeing > MAJORITY * len(asked):
                return issue
            refused.add(issue.name)
        return None

    def _likeness(self, view: View, other: Statement) -> float:
        """How far two texts tell the same story: each says most of the other. 0 where they do not, or where somebody or
        something is put in another's place."""
        outline = self._comparer.outline(view, other)
        alike = min(outline.coverage, 1.0) * 0.6 + outline.focus * 0.4
        return alike if alike >= ALIKE_FROM and not self._comparer.contradicts(outline) else 0.0

    def _new(self, name: str) -> _Issue:
        issue = self._issues[name] = _Issue(name)
        return issue


def _features(statement: Statement) -> list[str]:
    return list(word_features(statement))


def about(match: ClaimMatch) -> bool:
    """Whether a text speaks of what a claim speaks of, whatever it says of it."""
    return match.decided or (match.said >= SAID_FROM and match.score >= SCORE_FROM)
