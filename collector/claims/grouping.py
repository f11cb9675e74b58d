"""Which texts tell one story. Pure, incremental, and stable: what was grouped once stays grouped.

text ──> texts near it ──> those that carry its claim ──> their issue, or a new one
                                    └── of several issues: the oldest, which takes the others in

A text about a checked claim joins the issue of that claim, whether it spreads or debunks it. Any other joins the issue
of the text that it is surest to tell again. An issue is known by all its texts, so that every new wording widens what
it is recognised by; a text that is sure of two issues shows that they are one. Before it joins, or joins two, it is
compared with other texts of each: an issue must not become a catch-all by small steps.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import numpy as np

from collector.claims.chain import bare
from collector.claims.index import word_features
from collector.claims.kinship import SURE_FROM, Kinship, Told
from collector.claims.nearby import Nearby
from collector.claims.statement import Reader, Statement
from collector.claims.vocabulary import Vocabulary, shipped
from collector.claims.voice import Choir, shingles
from collector.model.claim import ClaimMatch

SAID_FROM = 0.3  # of a checked claim that a text must say to be about it
SCORE_FROM = 0.2  # and how near it must be at all
NEIGHBOURS = 20  # texts looked at
COMPARED = 10  # of them that are compared
OF_ONE_ISSUE = 4  # of these, texts of one issue
ASKED = 4  # central texts of an issue that are asked at most
MAJORITY = 0.5  # of them that must agree
SHARED_FROM = 0.4  # of the words: of 1,517 pairs of real debunks that were one claim 1,515 share as much
KEPT_APART = 2_000  # statements in memory, 6 kB each; a text takes a fortieth of that


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
        for member in sorted(likenesses):  # few, where the members of a flood of copies are many
            at = bisect_left(self.members, member)
            if at < len(self.members) and self.members[at] == member:
                self.weights[at] += likenesses[member]
                self.weights[-1] += likenesses[member]

    def central(self) -> int:
        """The earliest of the heaviest."""
        if self.weights is None:
            return self.members[0]
        return self.members[self.weights.index(max(self.weights))]

    def most_central(self, count: int) -> list[int]:
        """The heaviest, at most so many; of equals the earliest."""
        if self.weights is None:
            return list(self.members[:count])
        places = np.argsort(-np.asarray(self.weights), kind="stable")[:count]
        return [self.members[place] for place in places]

    def take_in(self, other: _Issue) -> None:
        """Make the members of another its own."""
        weights = {**self._weighed(), **other._weighed()}
        self.members = array("i", sorted(weights))
        self.weights = array("f", (weights[member] for member in self.members))
        self.claim = self.claim or other.claim

    def _weighed(self) -> dict[int, float]:
        return dict(zip(self.members, self.weights or (0.0,) * len(self.members), strict=True))

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
        self._apart: OrderedDict[int, Told] = OrderedDict()

    def put(self, told: Told) -> None:
        self._keep(len(self._texts), told)
        self._texts.append(told.statement.text)

    def forget(self, first: int) -> None:
        del self._texts[:first]
        self._apart = OrderedDict((place - first, one) for place, one in self._apart.items() if place >= first)

    def __getitem__(self, place: int) -> Told:
        told = self._apart.get(place)
        if told is None:
            told = Told(self._reader.read(self._texts[place]))
            self._keep(place, told)
        else:
            self._apart.move_to_end(place)
        return told

    def _keep(self, place: int, told: Told) -> None:
        self._apart[place] = told
        if len(self._apart) > KEPT_APART:
            self._apart.popitem(last=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Union:
    """That the younger issue became part of the older."""

    younger: str
    older: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Where a text ended up. ``voice`` is its number among the issue's voices; ``central`` is the place (counted from
    0 in the order of adding) of the text that represents the issue now; ``opened``: the issue is new; ``unions``: the
    issues that the text showed to be one, in the order in which they became so."""

    issue: str
    voice: int
    central: int
    opened: bool
    unions: tuple[Union, ...] = ()


def freely(_younger: str, _older: str) -> bool:
    return True


class IssueBook:
    """Issues by their texts. ``name`` gives each new issue its name; the default counts ``i1``, ``i2``, …

    ``free`` is asked whether an issue (the first) may become part of an older one; the default: any may.
    """

    def __init__(
        self,
        vocabulary: Vocabulary | None = None,
        *,
        name: Callable[[], str] | None = None,
        free: Callable[[str, str], bool] = freely,
    ) -> None:
        vocabulary = vocabulary or shipped()
        self._reader = Reader(vocabulary)
        self._index = Nearby()
        self._kinship = Kinship(vocabulary, self._index.rarity)
        self._shelf = _Shelf(self._reader)
        self._issue_of: list[_Issue] = []
        self._told_at: array[float] = array("d")  # seconds by place; 0: not known
        self._issues: dict[str, _Issue] = {}
        self._by_claim: dict[str, _Issue] = {}
        numbers = count(1)
        self._name = name or (lambda: f"i{next(numbers)}")
        self._free = free

    def __len__(self) -> int:
        return len(self._issues)

    @property
    def texts(self) -> int:
        """How many are remembered."""
        return len(self._issue_of)

    def issue_of(self, place: int) -> str:
        """The issue that a text belongs to now: others may have been taken in since it was added."""
        return self._issue_of[place].name

    def add(self, text: str, known: Sequence[ClaimMatch] = ()) -> str:
        """The issue of one more text. ``known`` are its candidates among the checked claims, the best first."""
        return self.add_statement(self.read(text), known)

    def add_statement(self, statement: Statement, known: Sequence[ClaimMatch] = ()) -> str:
        """The same for a text already taken apart."""
        return self.join(statement, known[0].claim.key if known and about(known[0]) else None).issue

    def read(self, text: str) -> Statement:
        """A text taken apart, without what only passes it on."""
        return self._reader.read(bare(text))

    def join(self, statement: Statement, claim_key: str | None = None, at: datetime | None = None) -> Joined:
        """Find the issue of one more text, or open one. ``claim_key`` names the checked claim that it speaks of; ``at``
        is when it was told, where that is known."""
        told, seconds = Told(statement), at.timestamp() if at else 0.0
        surenesses: dict[int, float] = {}
        found = self._found(told, claim_key, seconds, surenesses)
        of_claim = self._by_claim.get(claim_key) if claim_key else None
        issue, unions = self._one_of(of_claim, found)
        opened = issue is None
        issue = issue or self._new(self._name())
        self._take_claim(issue, claim_key)
        self._enter(told, seconds, issue)
        issue.weigh(surenesses)
        voice = self._voice(issue, statement)
        return Joined(issue=issue.name, voice=voice, central=issue.central(), opened=opened, unions=unions)

    def restore(
        self,
        statement: Statement,
        issue: str,
        voice: int,
        claim_key: str | None = None,
        at: datetime | None = None,
    ) -> None:
        """Enter a text that was grouped before, as it was."""
        known = self._issues.get(issue) or self._new(issue)
        self._take_claim(known, claim_key)
        if known.members:
            self._choir(known).take(voice, shingles(statement.plain))
        else:
            known.first_voice = voice
        self._enter(Told(statement), at.timestamp() if at else 0.0, known)

    def forget(self, first: int) -> None:
        """Leave out the ``first`` texts that were entered, and issues of which no text is left. The places of the rest
        move down. A second of work at 100,000 texts."""
        self._index.forget(first)
        self._shelf.forget(first)
        del self._issue_of[:first], self._told_at[:first]
        for issue in tuple(self._issues.values()):
            issue.forget(first)
            if not issue.members:
                self._drop(issue)

    def _drop(self, issue: _Issue) -> None:
        del self._issues[issue.name]
        if issue.claim is not None and self._by_claim.get(issue.claim) is issue:
            del self._by_claim[issue.claim]

    def _enter(self, told: Told, seconds: float, issue: _Issue) -> None:
        place = self._index.add(_features(told.statement))
        self._kinship.renew()
        self._shelf.put(told)
        self._issue_of.append(issue)
        self._told_at.append(seconds)
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
            issue.choir.take(issue.first_voice, shingles(self._shelf[issue.members[0]].statement.plain))
        return issue.choir

    def _take_claim(self, issue: _Issue, claim_key: str | None) -> None:
        if claim_key is not None and issue.claim is None and claim_key not in self._by_claim:
            issue.claim = claim_key
            self._by_claim[claim_key] = issue

    def _new(self, name: str) -> _Issue:
        issue = self._issues[name] = _Issue(name)
        return issue

    # ---------------------------------------------------------------- which issues

    def _found(self, told: Told, claim_key: str | None, seconds: float, surenesses: dict[int, float]) -> list[_Issue]:
        """The issues of texts that carry the same claim, the surest first. A text about one checked claim never joins
        the issue of another. What was compared is left in ``surenesses``."""
        best: dict[str, float] = {}
        looked: dict[str, int] = {}
        for near in self._index.nearest(_features(told.statement), NEIGHBOURS, SHARED_FROM):
            issue = self._issue_of[near.place]
            if claim_key and issue.claim and issue.claim != claim_key:
                continue
            if looked.get(issue.name, 0) >= OF_ONE_ISSUE:
                continue
            looked[issue.name] = looked.get(issue.name, 0) + 1
            apart = self._apart(seconds, near.place)
            sure = self._kinship.sure(told, self._shelf[near.place], near.share, apart)
            surenesses[near.place] = sure
            if sure >= SURE_FROM:
                best[issue.name] = max(best.get(issue.name, 0.0), sure)
            if sum(looked.values()) >= COMPARED:
                break
        found = [self._issues[name] for name in sorted(best, key=lambda name: -best[name])]
        return [issue for issue in found if self._agrees(told, issue, surenesses)]

    def _agrees(self, told: Told, issue: _Issue, surenesses: Mapping[int, float]) -> bool:
        """Whether most of an issue's central texts may carry the text's claim, too."""
        asked = issue.most_central(ASKED)
        akin = sum(
            surenesses.get(place, 0.0) >= SURE_FROM or self._kinship.akin(told, self._shelf[place]) for place in asked
        )
        return akin >= MAJORITY * len(asked)

    def _apart(self, seconds: float, place: int) -> timedelta | None:
        other = self._told_at[place]
        return timedelta(seconds=abs(seconds - other)) if seconds and other else None

    def _one_of(self, of_claim: _Issue | None, found: Sequence[_Issue]) -> tuple[_Issue | None, tuple[Union, ...]]:
        """The issue to join: that of the text's claim, else the surest, after it and the others have become one where
        they may; and how they did."""
        kept = of_claim or (found[0] if found else None)
        unions: list[Union] = []
        for other in found:
            if kept is None or other is kept or (other.claim and kept.claim and other.claim != kept.claim):
                continue
            older, younger = sorted((kept, other), key=lambda one: one.members[0])
            if self._free(younger.name, older.name):
                self._take_in(older, younger)
                unions.append(Union(younger=younger.name, older=older.name))
                kept = older
        return kept, tuple(unions)

    def _take_in(self, older: _Issue, younger: _Issue) -> None:
        choir, others = self._choir(older), self._choir(younger)
        choir.join(others)
        self._drop(younger)
        older.take_in(younger)
        if older.claim is not None:
            self._by_claim[older.claim] = older
        for place in younger.members:
            self._issue_of[place] = older


def _features(statement: Statement) -> list[str]:
    return list(word_features(statement))


def about(match: ClaimMatch) -> bool:
    """Whether a text speaks of what a claim speaks of, whatever it says of it."""
    return match.decided or (match.said >= SAID_FROM and match.score >= SCORE_FROM)
