"""What can be seen of a title's and a text's form, whoever and whatever it speaks of. Pure.

A name, a party, a programme, a ministry is never looked at: it counts as one unknown thing, however many words it has,
so that swapping one for another changes little: only its length in letters counts, and of a listed name half of it.
What is seen are word forms (``me-``, ``di-``, ``-nya``), how a sentence opens and closes, what its small words say of
its build, carelessness, shouting, punctuation, numbers, dates, length; rows of marks and digits for letters are the
lexicon's. Each form has an id, which is its key in the weights file, and a label in both languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from collector.judge.wording import FUNCTION_WORDS, GROUPS, INFORMAL, WRITTEN_SMALL, use_of

TITLE_UNITS = 60  # longer titles are cut: nobody reads on, and time is limited
TEXT_CHARS = 1_000
SHORT = 3  # letters of a word that may be an acronym
CHARS_STEP = 10
NAME_CHARS = 9  # what a listed name, or several in a row, is taken to have;
NAME_SHARE = 0.5  # and this share of what it has more or less
LONGEST = 13  # steps of a title's length
MANY_SPELLED_OUT = 3
MEMORY = 60_000  # words whose forms are remembered
MANY_UNKNOWN = 4
_AFFIXED_FROM = 6
_STEM_FROM = 4
_LETTERS_DIGITS = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)) + b" " * 128
_PREFIX = re.compile(rb"(?:meng|meny|mem|men|me|ber|ter|di|peng|peny|pem|pen|per|pe|se|ke)(?=.{4})")
_PARTICLE = re.compile(rb"(?<=.{4})(?:nya|lah|kah|pun)$")
_SUFFIX = re.compile(rb"(?<=.{4})(?:kan|an|i)$")
_VERB = re.compile(rb"(?:(me)(?:ng|ny|m|n)?|(ber)|(ter)|(di)|(pe)(?:ng|ny|m|n|r)?|(se)|(ke))(?=.{4})")
_ENDING = re.compile(rb"(kan|nya|an|(?<!s)i|lah|kah)$")  # nouns end in -si: subsidi, deklarasi
_ROOTS = frozenset(
    b"perang serang serangan pesan peran berita berani dinas direktur terima terang terus selasa sekolah senin kereta "
    b"kepala ketua keluar keluarga merah merek menteri mantan media mesin medan meninggal menang berkas beras berat "
    b"terbang dirut digital disiplin diskon diskusi kesal keras kertas kerja keraton kecil sepak sepeda selamat sehat "
    b"sedih semangat sembako senjata serius serikat sebelah setan persen personel perdana pejabat pemuda penjara "
    b"pertama pesawat peserta petani pendek perut metode meter merdeka teror terminal makan ikan bukan jalan tangan "
    b"hujan bulan depan badan bahan papan kalian tuhan jutaan rekan pangan jangan bunyi bumi materi energi "
    b"provinsi partai sungai hakiki industri ekonomi politisi polisi selebgram sejarah sendiri sentral september "
    b"kemarin kesatria debat kelapa kemudi kekal demokrasi teknologi strategi potensi ramai pantai".split()
)
"""Words that begin or end as if they had an affix."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTHS = "januari februari maret april mei juni juli agustus september oktober november desember"
_MONTH = re.compile(rf"(?:\b(\d{{1,2}}) )?\b(?:{_MONTHS.replace(' ', '|')})\b( \d{{4}})?")
_MONTH_STARTS = tuple(month[:3] for month in _MONTHS.split())
_DAY_NAMES = frozenset(b"senin selasa rabu kamis jumat sabtu minggu".split())
_TODAY = ("hari ini", "malam ini", "besok", "kemarin")
_DECIMAL = re.compile(r"\d,\d")
_THOUSANDS = re.compile(r"\d\.\d{3}")
_BIG = re.compile(r"\d (?:juta|miliar|triliun|ribu)\b")
_SPACE_BEFORE = re.compile(r" [!?,.:;]")
_NONE_BEHIND = re.compile(r"[,;:!?][A-Za-z]")
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


class Lexeme(NamedTuple):
    """What is known of one word in small letters, wherever it stands. ``kind``: w a word, D a number, U unknown;
    ``part``: its kind for a sentence's build; ``forms`` are its affixes, or the use of a function word."""

    kind: str
    part: str
    forms: tuple[str, ...] = ()
    function: bool = False
    spelled_out: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What was seen: ``words`` as (small letters, as written), each once; ``strangers`` are the words not known, as
    written, which may still have a known stem; ``forms`` are ids, each once; ``chars`` the length in letters."""

    words: Mapping[bytes, bytes]
    strangers: Sequence[bytes]
    forms: frozenset[str]
    chars: int = 0


NOTHING = Reading({}, (), frozenset())


def tokens(plain: str) -> list[bytes]:
    """Letters and digits between anything else, as written. A letter outside ASCII parts words, as in :class:`Page`."""
    return plain.encode("ascii", "replace").translate(_LETTERS_DIGITS).split()


def length_shares(chars: int) -> tuple[tuple[str, float], ...]:
    """The two lengths that a length lies between, and how near it is to each: so a letter more changes little."""
    place = min(max(chars / CHARS_STEP - 0.5, 0.0), float(LONGEST))
    low = int(place)
    near = place - low
    return ((f"chars_{low}", 1.0 - near), (f"chars_{low + 1}", near)) if near else ((f"chars_{low}", 1.0),)


class Reader:
    """Reads titles and texts. ``known`` are ordinary words; ``names`` are words and phrases that count as
    one unknown thing. ``known_in_texts``: those of them that are looked for in texts; all where not given."""

    def __init__(
        self,
        known: frozenset[bytes],
        names: Iterable[tuple[bytes, ...]],
        acronyms: Iterable[str],
        known_in_texts: frozenset[bytes] | None = None,
    ) -> None:
        self._known = known - FUNCTION_WORDS
        self._known_in_texts = self._known if known_in_texts is None else known_in_texts & self._known
        self._names: dict[bytes, list[tuple[bytes, ...]]] = {}
        for name in sorted(names, key=len, reverse=True):
            self._names.setdefault(name[0], []).append(name)
        self._acronyms = frozenset(acronym.lower().encode("ascii", "replace") for acronym in acronyms)
        self._lexemes: dict[bytes, Lexeme] = {}

    def title(self, plain: str) -> Reading:
        """``plain``: the title as in :class:`Page`, in its own letter case."""
        cased = tokens(plain)[:TITLE_UNITS]
        names, lexemes = self._names, self._lexemes
        words: dict[bytes, bytes] = {}
        strangers: list[bytes] = []
        forms: set[str] = set()
        parts: list[str] = []
        numbers = unknown = spelled_out = large = skip = 0
        chars = float(len(plain))
        lower = [token.lower() for token in cased]
        for at, token in enumerate(lower):
            if skip:
                skip -= 1
                continue
            one = lexemes.get(token) or self._lexeme(token)
            part = one.part
            if token in names and (width := self._name_at(lower, at)):
                skip = width - 1
                part = "U"
                letters = sum([len(word) for word in lower[at : at + width]]) + width
                chars -= NAME_SHARE * (letters if parts and parts[-1] == "U" else letters - 1 - NAME_CHARS)
            elif part == "U":
                strangers.append(cased[at])
            elif part == "D":
                numbers += 1
            elif one.function:
                forms.update(one.forms)
                spelled_out += one.spelled_out
                if at and token in WRITTEN_SMALL and not cased[at].islower():
                    large += 1
            elif token not in words:
                words[token] = cased[at]
                forms.update(one.forms)
            if part == "U":
                if parts and parts[-1] == "U":
                    continue
                unknown += 1
            parts.append(part)
        case = self._case(words)
        forms.add(case)
        forms.add(_NAMES[unknown if unknown < MANY_UNKNOWN else MANY_UNKNOWN])
        forms.add(_SPELLED_OUT[spelled_out if spelled_out < MANY_SPELLED_OUT else MANY_SPELLED_OUT])
        if large and case in _NOT_SHOUTED:
            forms.add("small_words_large_2" if large > 1 else "small_words_large_1")
        if numbers:
            forms.add(_NUMBERS[numbers if numbers < 3 else 3])
        forms.update(_marks(plain))
        forms.update(_careless(plain, lower))
        forms.update(_dates(plain, lower))
        forms.update(_build(parts))
        return Reading(words, strangers, frozenset(forms), max(int(chars), 1))

    def text(self, plain: str) -> Reading:
        """``plain``: the text as in :class:`Page`; only its first 1,000 characters count."""
        plain = plain[:TEXT_CHARS]
        spelling = plain.encode("ascii", "replace").translate(_LETTERS_DIGITS)
        lower = spelling.lower().split()
        seen = self._known_in_texts.intersection(lower)
        forms = frozenset(_text_case(spelling, len(lower)) + _text_marks(plain))
        return Reading(_AsWritten(seen, lower, spelling), (), forms)

    def _lexeme(self, token: bytes) -> Lexeme:
        if len(self._lexemes) > MEMORY:
            self._lexemes.clear()
        made = self._lexemes[token] = self._look(token)
        return made

    def _look(self, token: bytes) -> Lexeme:
        if token[0] in _DIGIT_CODES:
            return Lexeme("D", "D")
        if token in FUNCTION_WORDS:
            use = use_of(token)
            part = "not" if token in GROUPS["negation"] else "link" if token in GROUPS["headline_link"] else "small"
            return Lexeme("w", part, (use,) if use else (), function=True, spelled_out=token in GROUPS["spelled_out"])
        if token not in self._known:
            return Lexeme("U", "U")
        forms = word_forms(token)
        affixes = [form.partition("_")[2] for form in forms if form != "bare_verb"]
        return Lexeme("w", "+".join(affixes) or "word", forms)

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


class _AsWritten(Mapping[bytes, bytes]):
    """The known words of a text; how one was written is looked up only where it is shown."""

    __slots__ = ("_lower", "_seen", "_spelling")

    def __init__(self, seen: frozenset[bytes], lower: list[bytes], spelling: bytes) -> None:
        self._seen, self._lower, self._spelling = seen, lower, spelling

    def __getitem__(self, word: bytes) -> bytes:
        if word not in self._seen:
            raise KeyError(word)
        return self._spelling.split()[self._lower.index(word)]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._seen)

    def __len__(self) -> int:
        return len(self._seen)


@lru_cache(maxsize=20_000)
def word_forms(word: bytes) -> tuple[str, ...]:
    """The affixes of a word in small letters."""
    if len(word) < _AFFIXED_FROM or word in _ROOTS:
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


def _build(parts: Sequence[str]) -> list[str]:
    """How a title opens and closes: its first two and last two parts by their kind."""
    if not parts:
        return []
    first, last = parts[0], parts[-1]
    forms = [f"first_{first}", f"last_{last}"]
    if len(parts) > 1:
        forms += [f"second_{parts[1]}", f"opens_{first}_{parts[1]}", f"closes_{parts[-2]}_{last}"]
    return forms


def _careless(plain: str, lower: Sequence[bytes]) -> list[str]:
    forms = []
    if _SPACE_BEFORE.search(plain):
        forms.append("space_before_mark")
    if _NONE_BEHIND.search(plain):
        forms.append("no_space_behind_mark")
    if not INFORMAL.isdisjoint(lower):
        forms.append("informal")
    return forms


def _dates(plain: str, lower: Sequence[bytes]) -> list[str]:
    forms = []
    small = plain.lower()
    if any(start in small for start in _MONTH_STARTS) and (month := _MONTH.search(small)):
        day, year = month[1], month[2]
        forms.append("month")
        if day or year:
            forms.append("full_date" if day and year else "day_and_month" if day else "month_and_year")
    if not _DAY_NAMES.isdisjoint(lower):
        forms.append("day_name")
    if any(today in small for today in _TODAY):
        forms.append("today")
    if not _DIGITS.isdisjoint(plain):
        if _DECIMAL.search(plain):
            forms.append("decimal")
        if _THOUSANDS.search(plain):
            forms.append("thousands")
        if _BIG.search(small):
            forms.append("big_number")
    return forms


def _marks(plain: str) -> list[str]:
    signs = _signs(plain)
    forms = [_MARK_FORMS[mark][plain.count(mark) > 1] for mark in signs if mark in _MARK_FORMS]
    if not plain.isascii() and not signs <= _USUAL:
        forms.append("exotic")
    if "..." in plain:
        forms.append("trailing_dots")
    if plain[:1].islower():
        forms.append("starts_small")
    if plain[-1:] in _ENDS:
        forms.append(_ENDS[plain[-1:]])
    if not signs.isdisjoint(_DIGITS):
        forms += _numbers(plain)
    return forms


def _signs(plain: str) -> set[str]:
    """Each character that is no ASCII letter and no space, once."""
    if plain.isascii():
        return set(plain.encode("ascii").translate(None, _LETTERS_AND_SPACE).decode("ascii"))
    return set(plain)


def _numbers(plain: str) -> list[str]:
    forms = []
    if ("19" in plain or "20" in plain) and _YEAR.search(plain):
        forms.append("year")
    if "Rp" in plain:
        forms.append("rupiah")
    if "(" in plain and _DATE.search(plain):
        forms.append("news_date")
    return forms


def _text_marks(plain: str) -> list[str]:
    return [_TEXT_FORMS.get(form) or _TEXT + form for form in _marks(plain)]


_MARK_FORMS = {mark: (f"mark_{name}_1", f"mark_{name}_2") for mark, name in _MARKS.items()}
_LETTERS_AND_SPACE = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ "
_ENDS = {"!": "ends_with_exclamation", "?": "ends_with_question", ".": "ends_with_dot"}
_USUAL = frozenset(map(chr, range(128))) | frozenset("‘’“”–—…")
_DIGITS = frozenset("0123456789")
_DIGIT_CODES = frozenset(b"0123456789")
_NAMES = [f"names_{count}" for count in range(MANY_UNKNOWN + 1)]
_NUMBERS = ["", "numbers_1", "numbers_2", "numbers_3"]
_SPELLED_OUT = [f"spelled_out_{count}" for count in range(MANY_SPELLED_OUT + 1)]
_NOT_SHOUTED = frozenset(("caps_none", "caps_some"))
_TEXT = "text_"
_TEXT_FORMS = {form: _TEXT + form for pair in _MARK_FORMS.values() for form in pair}
_BIG_SMALL = bytes(ord("A") if 65 <= code <= 90 else 32 if code == 32 else ord("a") for code in range(256))


def _text_case(spelling: bytes, total: int) -> list[str]:
    """``spelling``: letters and digits, spaces for anything else."""
    if not total:
        return []
    kinds = b" " + spelling.translate(_BIG_SMALL)
    shouted = kinds.count(b" AAAA") / total
    capital = kinds.count(b" A") / total
    return [
        f"text_size_{min(6, total.bit_length() - 1)}",
        f"text_caps_{0 if shouted < 0.02 else 1 if shouted < 0.1 else 2 if shouted < 0.4 else 3}",
        f"text_capital_{int(capital * 5)}",
    ]
