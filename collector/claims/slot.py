"""Names that no list knows, one in the place of the other. Pure.

"Bupati Lembah Pandan larang bansos" and "Bupati Tanjung Melur larang bansos" differ in a place that only their build
shows to be one: where all around is the same, words that are in no list are names, of two places or two people. So are
words with a capital where most others have none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from collector.claims.statement import Statement, Term

LONGEST = 4  # terms of a name with its title ("plt kadisdik kalteng muhammad reza")
ALIKE_FROM = 0.65  # of the letters
RUNNING = 0.5  # share of words with a capital from which on capitals say nothing
_WORD = re.compile(r"[^\W\d_]{3,}")
SHORTEST = 4  # letters of a word that may be a name


def replaced(one: Statement, other: Statement, known: Callable[[str], bool]) -> bool:
    """Whether strangers stand in each other's place, the words beside them being the same. ``known`` tells the words
    that are in a list."""
    rows = SequenceMatcher(None, [term.key for term in one.terms], [term.key for term in other.terms], autojunk=False)
    for tag, start, end, from_, to in rows.get_opcodes():
        if tag != "replace" or end - start > LONGEST or to - from_ > LONGEST:
            continue
        here = _strangers(one.terms[start:end], one.text, other, known)
        there = _strangers(other.terms[from_:to], other.text, one, known)
        if here and there and not _spelled_alike(here, there):
            return True
    return False


def _spelled_alike(here: Sequence[Term], there: Sequence[Term]) -> bool:
    """Whether any may be another's misspelling, or all of them together ("m-banking", "mbanking")."""
    pairs = [("".join(term.key for term in here), "".join(term.key for term in there))]
    pairs += [(a.key, b.key) for a in here for b in there]
    return any(SequenceMatcher(None, a, b, autojunk=False).ratio() >= ALIKE_FROM for a, b in pairs)


def _strangers(terms: Sequence[Term], text: str, other: Statement, known: Callable[[str], bool]) -> list[Term]:
    """The words that are in no list, or have a capital, and are not in the other text either."""
    capitals = _capitals(text)
    return [
        term
        for term in terms
        if term.kind == "word"
        and len(term.key) >= SHORTEST
        and term.key.isalpha()
        and term.key not in other.stems
        and (term.surface in capitals or not (term.senses or known(term.key)))
    ]


def _capitals(text: str) -> frozenset[str]:
    """The words with a capital, but for the first; none where capitals are the fashion of the text."""
    words = _WORD.findall(text)
    raised = [word for word in words if word[0].isupper()]
    if len(raised) > RUNNING * len(words):
        return frozenset()
    return frozenset(word.lower() for word in words[1:] if word[0].isupper())
