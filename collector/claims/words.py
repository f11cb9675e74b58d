"""The words of a text in dictionary spelling: disguises, chat spellings and doubled words undone. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from collector.claims.quantity import SCALES, Unit, number_of
from collector.claims.vocabulary import Vocabulary
from collector.match.text import fold

REMEMBERED = 100_000  # spellings that were undone once

_TOKEN = re.compile(
    r"(?P<url>(?:https?://|www\.)\S+|<url>|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:id|com|net|org|my|xyz|info|me|site|link)\b\S*)"
    r"|(?P<money>rp\.?\s?)?(?P<number>\d+(?:[.,]\d+)*)(?P<scale>(?:rb|ribu|ribuan|jt|juta|jutaan|m|miliar|milyar|miliaran"
    r"|t|triliun|trilyun|k)(?:an|nya)?)?(?P<percent>\s?%)?(?![^\W_])"
    r"|(?P<word>[^\W_](?:[\w@$!'’]*[^\W_])?[!$@]*)"
    r"|(?P<break>[.,;:!?\n|()–—]+)"
)
_DOUBLED = re.compile(r"([^\W\d_]{2,})2(an|nya|kan|in)?\Z")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_TWICE = re.compile(r"([^\W\d_])\1")
_SIGNS = "4310578969@$!"
_DISGUISES = (str.maketrans(_SIGNS, "aeiostbggaasi"), str.maketrans(_SIGNS, "aelostbggaasi"))  # 1 is i or l
_NOT_DISGUISED = re.compile(r"\d+[a-z]{1,3}\Z|[a-z]\d{1,2}\Z|\d+x\d+\Z|p3k|[a-z]+19\Z")
_SPOKEN_ENDINGS = ("nya", "in", "an", "ne", "e")


@dataclass(slots=True)
class Word:
    """``plain`` is the dictionary spelling, ``surface`` the one found; ``clause`` counts commas and full stops.

    Written numbers have their ``number``, the ``unit`` they say, and their ``digits``; ``ballot`` marks 01, 02, 03.
    """

    plain: str
    surface: str
    clause: int
    number: float | None = None
    unit: Unit | None = None
    digits: str = ""
    ballot: bool = False


class Speller:
    """Undoes spellings with one vocabulary. Safe to share between threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._undone: dict[str, tuple[str, ...]] = {}

    def words(self, text: str) -> Iterator[Word]:
        """The words and numbers of a text; links are left out."""
        clause = 0
        for found in _TOKEN.finditer(fold(text).text):
            if found["word"]:
                for plain in self.plain(found["word"]):
                    yield Word(plain, found["word"], clause)
            elif found["number"]:
                yield _number(found, clause)
            else:
                clause += 1

    def plain(self, token: str) -> tuple[str, ...]:
        """The dictionary spelling of one token, several words where it is short for several."""
        known = self._undone.get(token)
        if known is None:
            known = self._undo(token)
            if len(self._undone) < REMEMBERED:
                self._undone[token] = known
        return known

    def _undo(self, token: str) -> tuple[str, ...]:
        word = self._letters(token)
        for option in (word, *_simpler(word)):
            if self._known(option):
                return self._vocabulary.plain(option)
        for ending in _SPOKEN_ENDINGS:
            head = word.removesuffix(ending)
            if head != word and len(head) > 1 and head in self._vocabulary.spelling:
                return self._vocabulary.plain(head)
        return (_DRAWN_OUT.sub(r"\1", word),)

    def _known(self, word: str) -> bool:
        return word in self._vocabulary.spelling or self._vocabulary.knows(word)

    def _letters(self, token: str) -> str:
        """Without apostrophes, doubling signs (saudara2) and digits for letters (d1b4k4r)."""
        if token.isalpha():
            return token
        word = token.replace("'", "").replace("’", "").rstrip("!$@")
        doubled = _DOUBLED.match(word)
        if doubled:
            return doubled[1] + (doubled[2] or "")
        if word.isalpha() or _NOT_DISGUISED.match(word):
            return word
        options = [token.rstrip("!").translate(table) for table in _DISGUISES]
        for option in options:
            for spelling in (option, *_simpler(option)):
                if self._known(spelling):
                    return spelling
        return options[0]


def _number(found: re.Match[str], clause: int) -> Word:
    value, unit = number_of(found["number"]), None
    scale = (found["scale"] or "").removesuffix("nya")
    if scale:
        value *= SCALES[scale] if scale in SCALES else SCALES[scale.removesuffix("an")]
    if found["money"]:
        unit = Unit.MONEY
    elif found["percent"]:
        unit = Unit.PERCENT
    return Word(found[0] if scale else found["number"], found[0], clause, value, unit, found["number"])


def _simpler(word: str) -> Iterator[str]:
    """Other spellings that the same word may have: drawn-out letters, the old oe, Javanese o and Jakartan e for a."""
    yield _DRAWN_OUT.sub(r"\1", word)
    yield _TWICE.sub(r"\1", word)
    yield word.replace("oe", "u")
    if "o" in word:
        yield word.replace("o", "a")
    head, e, tail = word.rpartition("e")
    if e and len(tail) <= 2:
        yield f"{head}a{tail}"
