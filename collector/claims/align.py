"""Which term of a text says what a term of a claim says, and how nearly. Pure.

A text is looked at once (its terms by key, by meaning, by beginning); each term of each claim is then a few look-ups.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from collector.claims.statement import Statement, Term

SAME, SYNONYM, SIMILAR, PART, RELATED = 1.0, 0.85, 0.7, 0.6, 0.5
ENOUGH = 0.45  # from which agreement a word counts as said
SIMILAR_FROM = 5  # letters of an unknown word that may be another's misspelling
_Key = TypeVar("_Key", str, int)
PEOPLE = ("person", "party", "institution")
PLACES = ("place", "country")


class Sides(StrEnum):
    """Which terms of a claim an actor is compared with."""

    ALL = "all"
    PEOPLE = "people"


class View:
    """The terms of a text, ready for being asked."""

    __slots__ = ("_by_key", "_by_part", "_by_related", "_by_related_sense", "_by_sense", "_by_start", "statement")

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self._look_at(statement.terms)

    def _look_at(self, terms: Iterable[Term]) -> None:
        self._by_key: dict[str, Term] = {}
        self._by_sense: dict[int, Term] = {}
        self._by_part: dict[str, Term] = {}
        self._by_related: dict[str, Term] = {}
        self._by_related_sense: dict[int, Term] = {}
        self._by_start: dict[str, list[Term]] = {}
        for term in terms:
            self._by_key.setdefault(term.key, term)
            for sense in term.senses:
                self._by_sense.setdefault(sense, term)
            for part in term.parts:
                self._by_part.setdefault(part, term)
            for other in term.related:
                self._by_related.setdefault(other, term)
            for sense in term.related_senses:
                self._by_related_sense.setdefault(sense, term)
            if term.kind == "word" and len(term.key) >= SIMILAR_FROM:
                self._by_start.setdefault(term.key[:2], []).append(term)

    def best(self, wanted: Term) -> tuple[Term | None, float]:
        """The term that agrees best with ``wanted``, and how far (0..1)."""
        found = self._by_key.get(wanted.key)
        if found is not None:
            return found, SAME
        found = _first(self._by_sense, wanted.senses) if wanted.senses else None
        if found is not None:
            return found, SYNONYM
        if wanted.kind == "word" and len(wanted.key) >= SIMILAR_FROM:
            for term in self._by_start.get(wanted.key[:2], ()):
                if alike(wanted.key, term.key):
                    return term, SIMILAR
        found = self._by_part.get(wanted.key) or (_first(self._by_key, wanted.parts) if wanted.parts else None)
        if found is not None:
            return found, PART
        found = (
            (_first(self._by_key, wanted.related) if wanted.related else None)
            or self._by_related.get(wanted.key)
            or (_first(self._by_sense, wanted.related_senses) if wanted.related_senses else None)
            or (_first(self._by_related_sense, wanted.senses) if wanted.senses and self._by_related_sense else None)
        )
        return (found, RELATED) if found is not None else (None, 0.0)


def say_the_same(one: Term, other: Term) -> bool:
    """Whether two terms agree enough (the answer of :meth:`View.best` for a text of one term)."""
    return (
        one.key == other.key
        or not one.senses.isdisjoint(other.senses)
        or one.key in other.related
        or other.key in one.related
        or one.key in other.parts
        or other.key in one.parts
        or not one.related_senses.isdisjoint(other.senses)
        or not other.related_senses.isdisjoint(one.senses)
        or (one.kind == other.kind == "word" and alike(one.key, other.key))
    )


def alike(one: str, other: str) -> bool:
    """Whether two unknown words are spellings of one: equal but for one letter behind the second."""
    longest = max(len(one), len(other))
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < SIMILAR_FROM:
        return False
    same = _common(one, other)
    return same + _common(one[::-1], other[::-1]) >= longest - 1 and same >= 2


def same_side(one: str, other: str) -> bool:
    """Whether a name of one kind can stand in the place of one of the other kind."""
    return (one in PEOPLE and other in PEOPLE) or (one in PLACES and other in PLACES)


def _common(one: str, other: str) -> int:
    """Length of the common beginning."""
    for length, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return length
    return min(len(one), len(other))


def _first(table: dict[_Key, Term], keys: Iterable[_Key]) -> Term | None:
    for key in keys:
        found = table.get(key)
        if found is not None:
            return found
    return None
