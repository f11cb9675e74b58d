"""Whether two texts carry one claim, though nobody has checked it: each is read as a repeat of the other. Pure.

words shared ──> most of either text known to the other ──> the comparison of known claims, both ways ──> time between

The comparison is the one that tells repeats of a checked claim from near misses (:mod:`collector.claims.decide`). Two
posts are compared either way, since one of them may be long or vague, and the surer answer counts. A text that sets
the other right speaks of the same claim: its denials are no difference.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from collector.claims.align import View
from collector.claims.attitude import marks
from collector.claims.compare import Comparer, Outline
from collector.claims.decide import confidence
from collector.claims.features import Features
from collector.claims.slot import replaced
from collector.claims.statement import Statement
from collector.claims.vocabulary import Vocabulary

SURE_FROM = 0.43  # read over on real debunks: docs/explain/quality.md
AKIN_FROM, AKIN_WORDS = 0.25, 0.6  # enough where another text is sure
# Texts that share less are not compared any further: of 1,517 pairs that were sure 1,512 share as much.
WORDS_FROM = 0.95  # of the one text plus of the other
# How much of what is said is shared: by the index, by the text that says more, by the one that says less, and at all.
# Weights after 225 pairs of real headlines that were judged by hand (none of them from the labelled posts).
SHARE, LESS, MORE, AT_ALL = 0.52, 0.47, 0.41, 0.07
SHARED_FROM = 1.0
RARE_WORDS = 10.3  # a word that nobody has used weighs so much among 8,000 texts, and less among fewer
# Days between two texts, and what that adds: news of one day is more readily one story. Of pairs as sure as 0.45 to
# 0.6 all 8 within two days were one claim, and 5 of 15 that were more than two months apart.
CLOSE, NEAR, FAR = timedelta(days=3), timedelta(days=14), timedelta(days=60)
CLOSER, FARTHER, APART = 0.05, -0.1, -0.2
SHARED_CLOSER = 1.5


class Told:
    """A text ready for being compared either way. What most comparisons do not need is made when it is asked for."""

    __slots__ = ("_marks", "_view", "statement")

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self._view: View | None = None
        self._marks: tuple[str, ...] | None = None

    @property
    def view(self) -> View:
        if self._view is None:
            self._view = View(self.statement)
        return self._view

    def sets_right(self, other: Told) -> bool:
        """Whether it calls something wrong in words that the other has not."""
        if self._marks is None:
            self._marks = marks(self.statement)
        return any(mark not in other.statement.plain for mark in self._marks)


class Kinship:
    """Compares texts with one vocabulary; ``rarity`` tells how telling a word is among all of them."""

    def __init__(self, vocabulary: Vocabulary, rarity: Callable[[str], float]) -> None:
        self._comparer = Comparer(vocabulary, rarity)
        self._rarity = rarity
        self._known = vocabulary.knows

    def renew(self) -> None:
        """Rarities have changed: a text was added."""
        self._comparer.renew()

    def akin(self, text: Told, other: Told) -> bool:
        """Whether both may well carry one claim: enough where another text of the same issue is sure of it."""
        forth = self._comparer.outline(text.view, other.statement)
        if forth.coverage + forth.focus < AKIN_WORDS:
            return False
        return self._alike(text, other, forth, self._comparer.outline(other.view, text.statement)) >= AKIN_FROM

    def sure(self, text: Told, other: Told, share: float, apart: timedelta | None = None) -> float:
        """How surely both carry one claim, 0..1; 0 where they share too little or contradict each other. ``share`` is
        what the index says they share; ``apart`` the time between them, where it is known."""
        forth = self._comparer.outline(text.view, other.statement)
        if forth.coverage + forth.focus < WORDS_FROM:
            return 0.0
        back = self._comparer.outline(other.view, text.statement)
        shared = self._shared(forth, back, share)
        if shared < SHARED_FROM or replaced(text.statement, other.statement, self._known):
            return 0.0
        alike = self._alike(text, other, forth, back)
        return min(1.0, max(0.0, alike + prior(apart, shared))) if alike else 0.0

    def _alike(self, text: Told, other: Told, forth: Outline, back: Outline) -> float:
        """How sure the comparison is; 0 where somebody or something is in another's place."""
        if self._comparer.contradicts(forth) or self._comparer.contradicts(back):
            return 0.0
        answered = text.sets_right(other) is not other.sets_right(text)
        return max(self._confidence(forth, answered), self._confidence(back, answered))

    def _shared(self, forth: Outline, back: Outline, share: float) -> float:
        less, more = sorted((forth.coverage, back.coverage))
        rare = RARE_WORDS * (forth.shared + back.shared) / 2 / (0.6 + self._rarity(""))
        return SHARE * share + LESS * less + MORE * more + AT_ALL * math.log1p(rare)

    def _confidence(self, outline: Outline, answered: bool) -> float:
        features = self._comparer.finish(outline).features
        return confidence(_undenied(features) if answered else features)


def _undenied(features: Features) -> Features:
    return replace(features, denied=0.0, denying_words=0.0, assuring_words=0.0, extra_negations=0.0)


def prior(apart: timedelta | None, shared: float = SHARED_FROM) -> float:
    """What the time between two texts adds to being sure; nothing where it is not known. What was told within days of
    each other may differ more, the more of it is shared."""
    if apart is None:
        return 0.0
    if apart <= CLOSE:
        return CLOSER + SHARED_CLOSER * (shared - SHARED_FROM)
    return 0.0 if apart <= NEAR else FARTHER if apart <= FAR else APART
