"""What can be seen of a title's and a text's form, whoever and whatever it speaks of. Pure.

A name, a party, a programme, a ministry is never looked at: it counts as one unknown thing, however many words it has,
so that swapping one for another changes nothing. What is seen are word forms (``me-``, ``di-``, ``-nya``), shouting,
punctuation, numbers, length; rows of marks and digits for letters are the lexicon's. Each form has an id, which is its
key in the weights file, and a label in both languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

TITLE_UNITS = 60  # longer titles are cut: nobody reads on, and time is limited
TEXT_CHARS = 1_000
SHORT = 3  # units of a title
LONG = 16
MANY_UNKNOWN = 4
_AFFIXED_FROM = 6
_STEM_FROM = 4
_LETTERS_DIGITS = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)) + b" " * 128
_PREFIX = re.compile(rb"(?:meng|meny|mem|men|me|ber|ter|di|peng|peny|pem|pen|per|pe|se|ke)(?=.{4})")
_PARTICLE = re.compile(rb"(?<=.{4})(?:nya|lah|kah|pun)$")
_SUFFIX = re.compile(rb"(?<=.{4})(?:kan|an|i)$")
_VERB = re.compile(rb"(?:(me)(?:ng|ny|m|n)?|(ber)|(ter)|(di)|(pe)(?:ng|ny|m|n|r)?|(se)|(ke))(?=.{4})")
_ENDING = re.compile(rb"(kan|nya|an|i|lah|kah)$")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DATE = re.compile(r"\(\d{1,2}/\d{1,2}")
_SERVICE = re.compile(
    r"^(?:prakiraan )?cuaca\b|^kualitas udara\b|\bsim keliling\b|\bklasemen\b|\bprediksi skor\b|\bkurs rupiah\b"
    r"|\bharga emas\b|\bihsg\b"
    r"|^(?:hasil|prediksi|jadwal|link|live|preview|head)\b.{0,40}\b(?:liga|vs|piala|open|skor|motogp|f1|bola|timnas"
    r"|badminton|sea games|asian games|streaming|siaran|shalat|sholat|salat|imsak)\b"
)
_SERVICE_STARTS = ("prakiraan", "cuaca", "kualitas", "hasil", "prediksi", "jadwal", "link", "live", "preview", "head")
_SERVICE_WORDS = ("sim keliling", "klasemen", "prediksi skor", "kurs rupiah", "harga emas", "ihsg")
_MARKS: Mapping[str, str] = {
    ",": "comma", ":": "colon", "?": "question", "!": "exclamation", '"': "quote", "'": "apostrophe", "“": "quote",
    "(": "bracket", "–": "dash", "-": "hyphen", ".": "dot", "/": "slash", "…": "ellipsis", "#": "hash", "@": "at",
    "<": "placeholder", "%": "percent", "*": "star", ";": "semicolon",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What was seen: ``words`` as (small letters, as written), each once; ``strangers`` are the words not known, as
    written, which may still have a known stem; ``forms`` are ids, each once."""

    words: Mapping[bytes, bytes]
    strangers: Sequence[bytes]
    forms: frozenset[str]


def tokens(plain: str) -> list[bytes]:
    """Letters and digits between anything else, as written. A letter outside ASCII parts words, as in :class:`Page`."""
    return plain.encode("ascii", "replace").translate(_LETTERS_DIGITS).split()


class Reader:
    """Reads titles and texts. ``known`` are ordinary words; ``names`` are phrases that count as one unknown thing."""

    def __init__(self, known: frozenset[bytes], names: Iterable[tuple[bytes, ...]], acronyms: Iterable[str]) -> None:
        self._known = known
        self._names: dict[bytes, list[tuple[bytes, ...]]] = {}
        for name in sorted(names, key=len, reverse=True):
            self._names.setdefault(name[0], []).append(name)
        self._acronyms = frozenset(acronym.lower().encode("ascii", "replace") for acronym in acronyms)

    def title(self, plain: str) -> Reading:
        """``plain``: the title as in :class:`Page`, in its own letter case."""
        cased = tokens(plain)[:TITLE_UNITS]
        lower = [token.lower() for token in cased]
        known, names = self._known, self._names
        words: dict[bytes, bytes] = {}
        strangers: list[bytes] = []
        kinds = ""  # w: a known word, D: a number, U: one or more unknown words in a row
        skip = 0
        for at, token in enumerate(lower):
            if skip:
                skip -= 1
                continue
            if token in names and (width := self._name_at(lower, at)):
                skip = width - 1
            elif token in known:
                words.setdefault(token, cased[at])
                kinds += "w"
                continue
            elif token[0] in _DIGIT_CODES:
                kinds += "D"
                continue
            else:
                strangers.append(cased[at])
            if kinds[-1:] != "U":
                kinds += "U"
        forms = {self._case(words), *_build(kinds), *_marks(plain)}
        for token in words:
            forms.update(word_forms(token))
        return Reading(words, strangers, frozenset(forms))

    def text(self, plain: str) -> Reading:
        """``plain``: the text as in :class:`Page`; only its first 1,000 characters count."""
        plain = plain[:TEXT_CHARS]
        cased = tokens(plain)
        known = self._known
        words = {word: token for word, token in zip(tokens(plain.lower()), cased, strict=False) if word in known}
        return Reading(words, (), frozenset([*_text_case(cased), *[_TEXT + form for form in _marks(plain)]]))

    def _case(self, words: Mapping[bytes, bytes]) -> str:
        """How much is shouted, by the known words of four letters and more: a name's or an acronym's case says nothing.
        Whether Every Word Is Capitalised is not looked at: it tells one newsroom from another, not news from claims."""
        long = [word for token, word in words.items() if len(token) > SHORT and token not in self._acronyms]
        shouted = sum([word.isupper() for word in long]) / len(long) if long else 0.0
        if not shouted:
            return "caps_none"
        return "caps_all" if shouted > 0.9 else "caps_most" if shouted > 0.5 else "caps_some"

    def _name_at(self, lower: Sequence[bytes], at: int) -> int:
        for name in self._names[lower[at]]:
            if tuple(lower[at : at + len(name)]) == name:
                return len(name)
        return 0


@lru_cache(maxsize=20_000)
def word_forms(word: bytes) -> tuple[str, ...]:
    """The affixes of a word in small letters."""
    if len(word) < _AFFIXED_FROM:
        return ()
    prefix = _VERB.match(word)
    ending = _ENDING.search(word)
    found = [f"prefix_{next(filter(None, prefix.groups())).decode()}"] if prefix else []
    if ending:
        found.append(f"suffix_{ending[1].decode()}")
    if ending and ending[1] in (b"kan", b"i") and not prefix:
        found.append("bare_verb")
    return tuple(found)


@lru_cache(maxsize=50_000)
def stem(word: bytes) -> bytes:
    """A light stem: up to two prefixes, a particle and a suffix off, while four letters stay. No dictionary is
    asked, so two words of one root need not meet; it only lets weights be shared."""
    for _ in range(2):
        prefix = _PREFIX.match(word)
        if not prefix:
            break
        word = word[prefix.end() :]
    return _SUFFIX.sub(b"", _PARTICLE.sub(b"", word))


def is_service(title: str) -> bool:
    """Weather, timetables, results, rates: pages that make no claim. ``title`` in small letters."""
    if not (title.startswith(_SERVICE_STARTS) or any(map(title.__contains__, _SERVICE_WORDS))):
        return False
    return _SERVICE.search(title) is not None


def _build(kinds: str) -> list[str]:
    forms = [f"length_{max(SHORT, min(len(kinds), LONG))}", f"names_{min(kinds.count('U'), MANY_UNKNOWN)}"]
    numbers = kinds.count("D")
    if numbers:
        forms.append(f"numbers_{min(numbers, 3)}")
    return forms


def _marks(plain: str) -> list[str]:
    seen = set(plain)
    forms = [_MARK_FORMS[mark][plain.count(mark) > 1] for mark in seen & _MARK_SIGNS]
    if not plain.isascii() and not seen <= _USUAL:
        forms.append("exotic")
    if "..." in plain:
        forms.append("trailing_dots")
    if plain[:1].islower():
        forms.append("starts_small")
    if plain[-1:] in _ENDS:
        forms.append(_ENDS[plain[-1:]])
    if ": " in plain and 3 <= plain.find(":") <= 30:
        forms.append("speaker")
    if not seen.isdisjoint(_DIGITS):
        forms += _numbers(plain)
    return forms


def _numbers(plain: str) -> list[str]:
    forms = []
    if _YEAR.search(plain):
        forms.append("year")
    if "Rp" in plain:
        forms.append("rupiah")
    if "(" in plain and _DATE.search(plain):
        forms.append("news_date")
    return forms


_MARK_FORMS = {mark: (f"mark_{name}_1", f"mark_{name}_2") for mark, name in _MARKS.items()}
_MARK_SIGNS = frozenset(_MARK_FORMS)
_ENDS = {"!": "ends_with_exclamation", "?": "ends_with_question", ".": "ends_with_dot"}
_USUAL = frozenset(map(chr, range(128))) | frozenset("‘’“”–—…")
_DIGITS = frozenset("0123456789")
_DIGIT_CODES = frozenset(b"0123456789")
_CAPITAL_CODES = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_TEXT = "text_"


def _text_case(cased: Sequence[bytes]) -> list[str]:
    total = len(cased)
    if not total:
        return []
    shouted = sum([token.isupper() for token in cased if len(token) > SHORT]) / total
    capital = sum([token[0] in _CAPITAL_CODES for token in cased]) / total
    return [
        f"text_size_{min(6, total.bit_length() - 1)}",
        f"text_caps_{0 if shouted < 0.02 else 1 if shouted < 0.1 else 2 if shouted < 0.4 else 3}",
        f"text_capital_{int(capital * 5)}",
    ]
