"""Plain spelling of a text, with the way back to the original characters. Pure.

    original --fold--> look-alikes to Latin, invisible characters gone, whitespace runs to one space, case folded

Plain ASCII text costs a few microseconds per kilobyte; the way back is worked out only where something was found.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from collector.match.alphabet import ALPHABET

FEW = 12  # kinds of runs; beyond that the text is written in something else than plain Latin
MAX_MARKS = 8
MAX_CHARS = 20_000  # of a title or a text; a longer one is cut: hostile feeds carry titles of 300,000
_PRINTABLE = bytes(range(32, 127))
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_LONG_GAP = re.compile(r"\A\s+|\s{2,}")
_INDICATOR = re.compile("[\U0001f1e6-\U0001f1ff]")
_FLAG = re.compile("(?<![\U0001f1e6-\U0001f1ff\\w])[\U0001f1e6-\U0001f1ff]{2}(?![\U0001f1e6-\U0001f1ff])")


class Offsets:
    """A piecewise straight map from positions in a derived text to positions in the text it came from."""

    __slots__ = ("_derived", "_source")

    def __init__(self, pairs: Iterator[tuple[int, int]] | tuple[tuple[int, int], ...] = ()) -> None:
        self._derived = [0]
        self._source = [0]
        for derived, source in pairs:
            self._derived.append(derived)
            self._source.append(source)

    def at(self, position: int) -> int:
        """Where the character at ``position`` comes from."""
        i = bisect_right(self._derived, position) - 1
        source = self._source[i] + position - self._derived[i]
        return source if i + 1 == len(self._source) else min(source, max(self._source[i + 1] - 1, self._source[i]))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters ``start`` to ``end`` (exclusive, not empty) come from."""
        return self.at(start), self.at(end - 1) + 1


class Folded(NamedTuple):
    """A text in plain spelling. ``text`` is case-folded with single spaces; ``latin`` the step before."""

    original: str
    latin: str
    text: str

    def way_back(self) -> tuple[Offsets, ...]:
        """The maps from ``text`` to the characters of ``original``, in the order to go."""
        steps = []
        if len(self.text) != len(self.latin):
            steps.append(Offsets(_gaps(self.latin)))
        if not self.original.isascii():
            steps.append(Offsets(_jumps(self.original)))
        return tuple(steps)


def fold(original: str) -> Folded:
    """The plain spelling of at most MAX_CHARS characters. Time and size are linear in the length of the text."""
    cut = original if len(original) <= MAX_CHARS else original[:MAX_CHARS]
    latin = cut if cut.isascii() else _latin(cut)
    return Folded(cut, latin, (latin if _is_tidy(latin) else " ".join(latin.split())).lower())


def _is_tidy(latin: str) -> bool:
    """Whether single spaces within it are all the white space of a text in plain spelling: half of what splitting and
    joining it costs."""
    codes = latin.encode("ascii", "replace")
    return not (codes.translate(None, _PRINTABLE) or b"  " in codes or codes.startswith(b" ") or codes.endswith(b" "))


def back(steps: tuple[Offsets, ...], start: int, end: int) -> tuple[int, int]:
    """Follow the way back for one span."""
    for step in steps:
        start, end = step.span(start, end)
    return start, end


def with_marks(original: str, end: int) -> int:
    """``end`` moved behind the combining marks of the last letter (a few: zalgo has thousands)."""
    limit = min(end + MAX_MARKS, len(original))
    while end < limit and unicodedata.category(original[end]) == "Mn":
        end += 1
    return end


def _latin(text: str) -> str:
    """Most news holds a few curly quotes and dashes: replacing each kind at once is twice as fast as run by run."""
    runs = set(_NOT_ASCII.findall(text))
    if len(runs) > FEW or _INDICATOR.search("".join(runs)):
        return _NOT_ASCII.sub(_plain, text)
    for char in set("".join(runs)):
        text = text.replace(char, ALPHABET[ord(char)])
    return text


def _plain(run: re.Match[str]) -> str:
    return _without_flags(run).translate(ALPHABET)


def _without_flags(run: re.Match[str]) -> str:
    """The characters of a run with flags as spaces, so that a flag does not become part of the word it is glued to.

    A flag is two regional indicators; a longer row of them, or one behind a letter, is spelling.
    """
    if not _INDICATOR.search(run[0]):
        return run[0]
    start = run.start()
    behind_a_letter = start > 0 and run.string[start - 1].isalnum()
    return run[0] if behind_a_letter else _FLAG.sub("  ", run[0])


def _gaps(latin: str) -> Iterator[tuple[int, int]]:
    """The positions behind each run of whitespace that became one space, or none at the beginning."""
    lost = 0
    for gap in _LONG_GAP.finditer(latin):
        lost += gap.end() - gap.start() - (1 if gap.start() else 0)
        yield gap.end() - lost, gap.end()


def _jumps(original: str) -> Iterator[tuple[int, int]]:
    """The positions around each character whose plain spelling is not one character long."""
    shift = 0
    for run in _NOT_ASCII.finditer(original):
        for i, char in enumerate(_without_flags(run), run.start()):
            growth = len(ALPHABET[ord(char)]) - 1
            if growth:
                yield i + shift, i
                shift += growth
                yield i + 1 + shift, i + 1


# ---------------------------------------------------------------- words, and the disguises of words

_PUNCTUATION_TO_SPACE = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != "\n"}


class _Words(dict[int, str]):
    """For ``str.translate``: everything that is no letter, digit or mark becomes a space; a line end stays."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = char if char.isalnum() or ALPHABET[code] == char else " "
        return self[code]


_WORDS = _Words(_PUNCTUATION_TO_SPACE)
_LEET = str.maketrans("4031597@$!", "aoeisgtas" + "i")
_LETTERS, _LEET_SIGNS, _OTHER_DIGITS = "abcdefghijklmnopqrstuvwxyz", "4031597@$!", "268"
_KINDS = bytes(
    ord("a") if chr(code) in _LETTERS else ord("1") if chr(code) in _LEET_SIGNS + _OTHER_DIGITS else ord(" ")
    for code in range(256)
)
_LETTER = re.compile(r"[^\W\d_]")
_SPELLED_OUT = re.compile(  # one separator throughout: "s l o t j.u.d.i" is two words
    r"(?<![^\W_])[^\W\d_]([ .\-_]{1,3})[^\W\d_](?![^\W_])"
    r"(?:\1[^\W\d_](?![^\W_])(?:(?=\1[^\W\d_])|(?![ .\-_]{1,3}[^\W\d_](?![^\W_]))))+"
)
_MONEY = re.compile(r"rp\d+\Z")


def words(text: str) -> str:
    """``text`` with punctuation as spaces and a space at either end: position ``i`` moves to ``i + 1``."""
    return " " + text.translate(_WORDS) + " "


def kinds(text: str) -> bytes:
    """Per character of a folded text ``a`` (letter), ``1`` (digit or ``@$!``) or a space; one more at either end."""
    return b" " + text.encode("ascii", "replace").translate(_KINDS) + b" "


def mixed_tokens(text: str, kinds: bytes, keep: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    """Where a token mixes letters with signs (r4kyat, k0rupsi), and the word it may be meant for.

    Tokens in ``keep`` (G20, 5G) and amounts of money (Rp155) are no disguise; a final ``!`` is punctuation.
    """
    for seam in _seams(kinds):
        start = kinds.rfind(b" ", 0, seam)
        token = text[start : kinds.find(b" ", seam) - 1].rstrip("!")
        word = token.translate(_LEET)
        if word != token and token not in keep and not _MONEY.match(token):
            yield start, start + len(token), word


def _seams(kinds: bytes) -> Iterator[int]:
    """Where a letter meets a sign: one place per token."""
    sign, letter = kinds.find(b"a1"), kinds.find(b"1a")
    while sign >= 0 or letter >= 0:
        seam = letter if sign < 0 or 0 <= letter < sign else sign
        yield seam
        end = kinds.find(b" ", seam)
        if 0 <= sign < end:
            sign = kinds.find(b"a1", end)
        if 0 <= letter < end:
            letter = kinds.find(b"1a", end)


def spelled_out(kinds: bytes) -> bool:
    """Whether single letters may stand in a row. Cheap; may say yes too often."""
    return b" a " in kinds and (b" a a " in kinds or b" a  a " in kinds or b" a   a " in kinds)


def joined(text: str) -> tuple[str, Offsets]:
    """``text`` with three and more letters spelled out one by one (j.u.d.o.l, s l o t) as words, and the way back."""
    parts: list[str] = []
    jumps: list[tuple[int, int]] = []
    length = last = 0
    for row in _SPELLED_OUT.finditer(text):
        parts.append(text[last : row.start()])
        length += row.start() - last
        for letter in _LETTER.finditer(row[0]):
            jumps.append((length, row.start() + letter.start()))
            parts.append(letter[0])
            length += 1
        last = row.end()
        jumps.append((length, last))
    parts.append(text[last:])
    return "".join(parts), Offsets(tuple(jumps))
