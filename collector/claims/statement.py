"""A text taken apart for comparing: who, where, what, how many, and what is denied. Pure.

text -> words in plain spelling -> numbers -> names and phrases (the longest first) -> terms, denied or not
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from collector.claims.amounts import amounts
from collector.claims.quantity import Quantity
from collector.claims.vocabulary import FILLERS, NEGATIONS, Name, Phrase, Vocabulary
from collector.claims.words import Speller, Word

MAX_WORDS = 400  # of a text; what comes later does not decide which claim it repeats
NOTHING: frozenset[int] = frozenset()
NO_NAMES: frozenset[str] = frozenset()

SCOPE = 4  # terms that a negation reaches
BACK, FORTH = 1, 2  # terms that a deed which says no by itself reaches
# "dilarang ikut" is "tidak boleh ikut": senses and stems that deny what stands beside them.
_NO_SENSES_WORDS = "larang batal tolak henti hapus diskualifikasi jegal tunda kandas"
NO_SENSES = frozenset(_NO_SENSES_WORDS.split())
_NO_STEMS_WORDS = "bebas bantah tepis sangkal mustahil hindar urung"
NO_STEMS = frozenset(_NO_STEMS_WORDS.split())
_TAGS_WORDS = "sih ya nih kan tuh dong yah to"
_TAGS = frozenset(_TAGS_WORDS.split())  # "tau gak sih" asks, it denies nothing
_RESTART_WORDS = "tapi namun melainkan sedangkan padahal but"
_RESTART = frozenset(_RESTART_WORDS.split())  # where a negation ends


@dataclass(frozen=True, slots=True)
class Term:
    """One thing said. ``key`` is its stem, its name or its phrase; ``kind`` is ``word`` or the kind of name.

    ``senses`` are the meanings it shares with other words; ``related`` and ``related_senses`` what a name may stand
    for; ``parts`` the stems of a phrase; ``at`` counts words from the start.
    """

    key: str
    kind: str
    senses: frozenset[int]
    related: frozenset[str]
    related_senses: frozenset[int]
    parts: tuple[str, ...]
    surface: str
    at: int
    clause: int
    denied: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A text ready for comparing. ``plain`` is its normalised spelling, ``denials`` the positions of its negations,
    ``stems`` the stem of every word, ``unique`` the first term of each key, the last of them first."""

    text: str
    plain: str
    terms: tuple[Term, ...]
    quantities: tuple[Quantity, ...]
    denials: tuple[int, ...]
    stems: frozenset[str]
    unique: tuple[Term, ...]


class Reader:
    """Takes texts apart with one vocabulary. Safe to share between threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._speller = Speller(vocabulary)

    def read(self, text: str) -> Statement:
        """The statement that a text makes."""
        stem = self._vocabulary.stemmer.stem
        words = [word for word, _ in zip(self._speller.words(text), range(MAX_WORDS), strict=False)]
        found = amounts(words, stem)
        stems = [stem(word.plain) for word in words]
        terms, denials = self._terms(words, stems, found.taken)
        turned = tuple(self._turned(terms))
        return Statement(
            text=text,
            plain=" ".join(word.plain for word in words),
            terms=turned,
            quantities=tuple(found.quantities),
            denials=tuple(denials),
            stems=frozenset(stems),
            unique=tuple({term.key: term for term in reversed(turned)}.values()),
        )

    def _terms(self, words: list[Word], stems: list[str], taken: set[int]) -> tuple[list[Term], list[int]]:
        plains = [word.plain for word in words]
        terms: list[Term] = []
        denials: list[int] = []
        reach, reach_clause = 0, -1  # of the last negation
        here = 0
        while here < len(words):
            word = words[here]
            if word.plain in _RESTART:
                reach = 0
            name, phrase = self._name(plains, here), self._phrase(stems, here)
            if name and phrase and len(name[0]) >= len(phrase.words):
                phrase = None
            length = len(phrase.words) if phrase else len(name[0]) if name else 1
            if here in taken and not name:
                pass
            elif name is None and phrase is None and word.plain in NEGATIONS:
                if _denies(words, here):
                    denials.append(here)
                    reach, reach_clause = SCOPE, word.clause
            elif name or phrase or (word.plain not in FILLERS and len(word.plain) > 1):
                denied = reach > 0 and reach_clause == word.clause
                reach -= 1
                surface = " ".join(dict.fromkeys(part.surface for part in words[here : here + length]))
                known = name[1] if name and not phrase else None
                terms.append(self._term(known, phrase, stems[here], surface, here, word.clause, denied))
            here += length
        return terms, denials

    def _term(
        self, name: Name | None, phrase: Phrase | None, stem: str, surface: str, at: int, clause: int, denied: bool
    ) -> Term:
        if phrase:
            return Term(phrase.key, "word", phrase.senses, NO_NAMES, NOTHING, phrase.words, surface, at, clause, denied)
        if name:
            return Term(
                name.key, name.kind, NOTHING, name.related, name.related_senses, (), surface, at, clause, denied
            )
        senses = self._vocabulary.senses.get(stem, NOTHING)
        return Term(stem, "word", senses, NO_NAMES, NOTHING, (), surface, at, clause, denied)

    def _name(self, plains: list[str], here: int) -> tuple[tuple[str, ...], Name] | None:
        """The longest name that begins here."""
        for words, known in self._vocabulary.names.get(plains[here], ()):
            if len(words) == 1 or tuple(plains[here : here + len(words)]) == words:
                return words, known
        return None

    def _phrase(self, stems: list[str], here: int) -> Phrase | None:
        """The longest phrase that begins here."""
        for option in self._vocabulary.phrases.get(stems[here], ()):
            if tuple(stems[here : here + len(option.words)]) == option.words:
                return option
        return None

    def _turned(self, terms: Sequence[Term]) -> list[Term]:
        """Deeds that say no by themselves deny what stands beside them in their clause ("batal dilantik", "proyek IKN
        disetop"), unless they are denied ("tidak dibatalkan")."""
        turned = [term.denied for term in terms]
        for place, term in enumerate(terms):
            if not self._says_no(term):
                continue
            for near in (*range(place - BACK, place), *range(place + 1, place + 1 + FORTH)):
                if not 0 <= near < len(terms) or terms[near].clause != term.clause:
                    continue
                if terms[near].kind != "word" or self._says_no(terms[near]):
                    continue
                if not term.denied:
                    turned[near] = not turned[near]
                elif near > place:
                    turned[near] = False
        return [
            term if term.denied is denied else replace(term, denied=denied)
            for term, denied in zip(terms, turned, strict=True)
        ]

    def _says_no(self, term: Term) -> bool:
        names = self._vocabulary.sense_names
        return term.key in NO_STEMS or any(names[sense] in NO_SENSES for sense in term.senses)


def _denies(words: list[Word], here: int) -> bool:
    """Whether a word of negation denies something that follows in its clause."""
    if here + 1 >= len(words):
        return False
    following = words[here + 1]
    return following.plain not in _TAGS and following.clause == words[here].clause
