"""Names that no list knows, one in the place of the other. Pure.

"Bupati Lembah Pandan larang bansos" and "Bupati Tanjung Melur larang bansos" differ in a place that only their build
shows to be one: where all around is the same, words that are in no list are names, of two places or two people. So are
words with a capital where most others have none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from collector.claims.align import say_the_same
from collector.claims.statement import Statement, Term
from collector.claims.vocabulary import NAME_KINDS

LONGEST = 4  # terms of a name with its title ("plt kadisdik kalteng muhammad reza")
ALIKE_FROM = 0.65  # of the letters
RUNNING = 0.5  # share of words with a capital from which on capitals say nothing
_WORD = re.compile(r"[^\W\d_]{3,}")
SHORTEST = 4  # letters of a word that may be a name


def replaced(one: Statement, other: Statement, known: Callable[[str], bool]) -> bool:
    """Whether strangers stand in each other's place, or one in that of a name of the lists, the words beside them being
    the same. ``known`` tells the words that are in a list."""
    rows = SequenceMatcher(None, [term.key for term in one.terms], [term.key for term in other.terms], autojunk=False)
    for tag, start, end, from_, to in rows.get_opcodes():
        if tag != "replace" or end - start > LONGEST or to - from_ > LONGEST:
            continue
        here = _named(one.terms[start:end], one.text, other, known)
        there = _named(other.terms[from_:to], other.text, one, known)
        strange = any(term.kind == "word" for term in (*here, *there))  # two listed names are compared elsewhere
        if here and there and strange and not _spelled_alike(here, there):
            return True
    return False


def _spelled_alike(here: Sequence[Term], there: Sequence[Term]) -> bool:
    """Whether any may be another's misspelling, or all of them together ("m-banking", "mbanking")."""
    pairs = [("".join(term.key for term in here), "".join(term.key for term in there))]
    pairs += [(a.key, b.key) for a in here for b in there]
    return any(SequenceMatcher(None, a, b, autojunk=False).ratio() >= ALIKE_FROM for a, b in pairs)


def _named(terms: Sequence[Term], text: str, other: Statement, known: Callable[[str], bool]) -> list[Term]:
    """The names that the other text has not: those of the lists, words in no list, and those with a capital."""
    capitals = _capitals(text)
    return [
        term
        for term in terms
        if term.key not in other.stems
        and (_is_listed(term, other) or (term.kind == "word" and _is_strange(term, capitals, known)))
    ]


def _is_listed(term: Term, other: Statement) -> bool:
    return term.kind in NAME_KINDS and not any(say_the_same(term, one) for one in other.unique)


def _is_strange(term: Term, capitals: frozenset[str], known: Callable[[str], bool]) -> bool:
    if len(term.surface) < SHORTEST or not term.surface.isalpha():
        return False
    return term.surface in capitals or not (term.senses or known(term.key))


def _capitals(text: str) -> frozenset[str]:
    """The words with a capital, but for the first; none where capitals are the fashion of the text."""
    words = _WORD.findall(text)
    raised = [word for word in words if word[0].isupper()]
    if len(raised) > RUNNING * len(words):
        return frozenset()
    return frozenset(word.lower() for word in words[1:] if word[0].isupper())
