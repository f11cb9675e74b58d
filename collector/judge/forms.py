"""What can be seen of a title's and a text's form, whoever and whatever it speaks of. Pure.

A name, a party, a programme, a ministry is never looked at: it counts as one unknown thing, however many words it has,
so that swapping one for another changes little: only its length in letters counts, and of a listed name half of it.
What is seen are word forms (``me-``, ``di-``, ``-nya``), how a sentence opens and closes, what its small words say of
its build, carelessness, shouting, punctuation, numbers, dates, length; rows of marks and digits for letters are the
lexicon's. Each form has an id, which is its key in the weights file, and a label in both languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import lru_cache
from itertools import compress, count, product
from typing import NamedTuple

from collector.judge.page import beyond_ascii
from collector.judge.wording import FUNCTION_WORDS, GROUPS, INFORMAL, WRITTEN_SMALL, uses_of

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
_PREFIXES = ("me", "ber", "ter", "di", "pe", "se", "ke")
_ENDINGS = ("kan", "nya", "an", "i", "lah", "kah")
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
_YEAR = re.compile(r"(?:1(?<!\w1)9|2(?<!\w2)0)\d\d\b")  # a word boundary in front would be tried at every letter
_MONTHS = "januari februari maret april mei juni juli agustus september oktober november desember"
_MONTH = re.compile(rf"(?:\b(\d{{1,2}}) )?\b(?:{_MONTHS.replace(' ', '|')})\b( \d{{4}})?")
_MONTH_NAMES = frozenset(_MONTHS.encode().split())
_DAY_NAMES = frozenset(b"senin selasa rabu kamis jumat sabtu minggu".split())
_TODAY = ("hari ini", "malam ini", "besok", "kemarin")
_DAY_ENDS = (b"hari", b"malam")  # of words before "ini"
_SERVICE_ENDS = (b"sim", b"prediksi", b"kurs", b"harga")  # of words before "keliling", "skor", "rupiah", "emas"
_DECIMAL = re.compile(r"\d,\d")
_THOUSANDS = re.compile(r"\d\.\d{3}")
_BIG = re.compile(r"\d (?:juta|miliar|triliun|ribu)\b")
_PAUSES = frozenset("!?,.:;")
_SPACE_BEFORE = tuple(" " + mark for mark in sorted(_PAUSES))
_NONE_BEHIND = re.compile(r"[,;:!?][A-Za-z]")
_DATE = re.compile(r"\(\d{1,2}/\d{1,2}")
_SERVICE = re.compile(
    r"^(?:prakiraan )?cuaca\b|^kualitas udara\b|\bsim keliling\b|\bklasemen\b|\bprediksi skor\b|\bkurs rupiah\b"
    r"|\bharga emas\b|\bihsg\b"
    r"|^(?:hasil|prediksi|jadwal|link|live|preview|head)\b.{0,40}\b(?:liga|vs|piala|open|skor|motogp|f1|bola|timnas"
    r"|badminton|sea games|asian games|streaming|siaran|shalat|sholat|salat|imsak)\b"
)
_SERVICE_STARTS = ("prakiraan", "cuaca", "kualitas", "hasil", "prediksi", "jadwal", "link", "live", "preview", "head")
_SERVICE_OPENINGS = tuple(word.encode() for word in _SERVICE_STARTS)
_SERVICE_WORDS = ("sim keliling", "klasemen", "prediksi skor", "kurs rupiah", "harga emas", "ihsg")
_MARKS: Mapping[str, str] = {
    ",": "comma", ":": "colon", "?": "question", "!": "exclamation", '"': "quote", "'": "apostrophe", "“": "quote",
    "(": "bracket", "–": "dash", "-": "hyphen", ".": "dot", "/": "slash", "…": "ellipsis", "#": "hash", "@": "at",
    "<": "placeholder", "%": "percent", "*": "star", ";": "semicolon",
}  # fmt: skip


class Lexeme(NamedTuple):
    """What is known of one word in small letters, wherever it stands. ``code``: its kind for a sentence's build, one
    letter (``D`` a number, ``U`` unknown); ``forms`` are its affixes, or the use of a function word; ``weighed`` its
    points and itself, where it has any; ``heads_name``: a listed name may begin with it; ``rare``: what it
    may tell of, a ``month``, a ``day`` or a ``service``."""

    code: str
    forms: tuple[str, ...] = ()
    weighed: tuple[float, bytes] | None = None
    ordinary: bool = False
    spelled_out: bool = False
    heads_name: bool = False
    rare: str = ""


class Reading(NamedTuple):
    """What was seen: ``forms`` are ids, each once; ``chars`` the length in letters; ``weighed`` are the points of words
    that have any, each once; ``tokens`` are all but the listed names in small letters, ``cased`` the same as
    written; ``service``: it is a page that makes no claim (see :func:`is_service`)."""

    forms: Set[str]
    chars: int
    weighed: Iterable[tuple[float, bytes]]
    tokens: Sequence[bytes]
    cased: Sequence[bytes]
    service: bool = False

    def written(self, word: bytes) -> str:
        """As it stands where it first stands."""
        return self.cased[self.tokens.index(word)].decode()


class Text(NamedTuple):
    """What was seen of a text: ``words`` are the known ones. ``small`` and ``spelling`` hold letters and digits, and
    spaces for anything else and at either end."""

    forms: Set[str]
    words: Set[bytes]
    small: bytes
    spelling: bytes

    def written(self, word: bytes) -> str:
        """As it stands where it first stands."""
        start = self.small.index(b" %b " % word) + 1
        return self.spelling[start : start + len(word)].decode()


NOTHING, NO_TEXT = Reading(frozenset(), 0, (), (), ()), Text(frozenset(), frozenset(), b"", b"")


def tokens(plain: str) -> list[bytes]:
    """Letters and digits between anything else, as written. A letter outside ASCII parts words, as in :class:`Page`."""
    return _spelling(plain).split()


def _spelling(plain: str) -> bytes:
    """Letters and digits as written, a space for anything else."""
    return plain.encode("ascii", "replace").translate(_LETTERS_DIGITS)


def length_shares(chars: int) -> tuple[tuple[str, float], ...]:
    """The two lengths that a length lies between, and how near it is to each: so a letter more changes little."""
    place = min(max(chars / CHARS_STEP - 0.5, 0.0), float(LONGEST))
    low = int(place)
    near = place - low
    return ((f"chars_{low}", 1.0 - near), (f"chars_{low + 1}", near)) if near else ((f"chars_{low}", 1.0),)


class Reader:
    """Reads titles and texts. ``known`` are ordinary words; ``names`` are words and phrases that count as
    one unknown thing. ``known_in_texts``: those of them that are looked for in texts; all where not given. ``worth``
    gives the points of a word."""

    def __init__(
        self,
        known: frozenset[bytes],
        names: Iterable[tuple[bytes, ...]],
        acronyms: Iterable[str],
        known_in_texts: frozenset[bytes] | None = None,
        worth: Callable[[bytes], float] = lambda word: 0.0,
    ) -> None:
        self._worth = worth
        self._known = known - FUNCTION_WORDS
        in_texts = self._known if known_in_texts is None else known_in_texts & self._known
        self._is_known_in_texts = dict.fromkeys(in_texts).__contains__  # a third of a set's memory: it stays at hand
        self._names: dict[bytes, list[list[bytes]]] = {}  # by their first word, the longest first
        for name in sorted(names, key=len, reverse=True):
            self._names.setdefault(name[0], []).append(list(name))
        self._acronyms = frozenset(acronym.lower().encode("ascii", "replace") for acronym in acronyms)
        self._stems: frozenset[bytes] | None = None
        self._lexemes = Lexemes(self._look)

    def title(self, plain: str) -> Reading:
        """``plain``: the title as in :class:`Page`, in its own letter case."""
        spelling = _spelling(plain)
        cased, lower = spelling.split(), spelling.lower().split()
        row = _signs(plain)
        forms = set(_marks(plain, row))
        if row:
            forms.update(_careless(plain, row))
        if not lower:
            return Reading(forms.union(_NO_WORDS), max(len(plain), 1), (), lower, cased)
        if len(cased) > TITLE_UNITS:
            del cased[TITLE_UNITS:], lower[TITLE_UNITS:]
        lexemes = list(map(self._lexemes.__getitem__, lower))
        codes, uses, weighed, ordinary, spelled_out, heads, rare = zip(*lexemes, strict=True)
        service = False
        if not INFORMAL.isdisjoint(lower):
            forms.add("informal")
        cut = len(lower) == TITLE_UNITS
        if any(rare) or cut or lower[0].startswith(_SERVICE_OPENINGS):
            small = plain.lower()
            if cut or "month" in rare:
                forms.update(_month(small))
            if cut or "day" in rare:
                forms.update(_day(small, lower))
            service = is_service(small)
        chars = float(len(plain))
        if True in heads and (more := self._names_out(lexemes, heads, lower, cased)) is not None:
            chars -= more
            codes, uses, weighed, ordinary, spelled_out, heads, rare = zip(*lexemes, strict=True)
        forms.update(*uses)
        build = "".join(codes)
        while "UU" in build:  # several names in a row are one unknown thing
            build = build.replace("UU", "U")
        case = self._case(ordinary, lower, cased) if self._any_loud(cased) else "caps_none"
        unknown, numbers, long = build.count("U"), build.count("D"), spelled_out.count(True)
        forms.add(case)
        forms.add(_NAMES[unknown if unknown < MANY_UNKNOWN else MANY_UNKNOWN])
        forms.add(_SPELLED_OUT[long if long < MANY_SPELLED_OUT else MANY_SPELLED_OUT])
        if not _WRITTEN_LARGE.isdisjoint(cased) and case in _NOT_SHOUTED:
            large = sum(map(_WRITTEN_LARGE.__contains__, cased[1:]))
            if large:
                forms.add("small_words_large_2" if large > 1 else "small_words_large_1")
        if numbers:
            forms.add(_NUMBERS[numbers if numbers < 3 else 3])
        forms.update(_build(build[:2], build[-2:]))
        return Reading(forms, max(int(chars), 1), set(filter(None, weighed)), lower, cased, service)

    def text(self, plain: str) -> Text:
        """``plain``: the text as in :class:`Page`; only its first 1,000 characters count."""
        plain = plain[:TEXT_CHARS]
        spelling = b" %b " % _spelling(plain)
        small = spelling.lower()
        lower = small.split()
        seen = set(filter(self._is_known_in_texts, lower))
        return Text({*_text_case(spelling, len(lower)), *_text_marks(plain)}, seen, small, spelling)

    def words(self, tokens: Iterable[bytes]) -> tuple[set[bytes], set[bytes]]:
        """The ordinary words among the tokens of a reading, and those not known, which may still have a known stem."""
        met = [(token, self._lexemes[token]) for token in tokens if token]
        unknown = {token for token, one in met if not (one.ordinary or one.code in _SAID_BY_GRAMMAR)}
        return {token for token, one in met if one.ordinary}, unknown

    @property
    def stems(self) -> frozenset[bytes]:
        """Of the ordinary words, without those that are names."""
        if self._stems is None:
            alone = {name[0] for starting in self._names.values() for name in starting if len(name) == 1}
            self._stems = frozenset(map(stem, self._known)) - alone
        return self._stems

    def _look(self, token: bytes) -> Lexeme:
        heads, rare = token in self._names, _rare(token)
        if token[0] in _DIGIT_CODES:
            return Lexeme("D", heads_name=heads, rare=rare)
        if token in FUNCTION_WORDS:
            part = "not" if token in GROUPS["negation"] else "link" if token in GROUPS["headline_link"] else "small"
            spelled_out = token in GROUPS["spelled_out"]
            return Lexeme(_CODES[part], uses_of(token), spelled_out=spelled_out, heads_name=heads, rare=rare)
        points = self._worth(token)
        weighed = (points, token) if points else None
        forms = word_forms(token)
        if token not in self._known and not self._is_a_new_form(token, forms):
            return Lexeme("U", weighed=weighed, heads_name=heads, rare=rare)
        part = "+".join(form.partition("_")[2] for form in forms if form != "bare_verb") or "word"
        ordinary = token in self._known
        return Lexeme(_CODES[part], forms, weighed, ordinary=ordinary, heads_name=heads, rare=rare)

    def _is_a_new_form(self, token: bytes, forms: Sequence[str]) -> bool:
        """Whether an unknown word is a known one with other affixes ("resmikan" where "diresmikan" is known). An ending
        that names have too (Kediri, Kalimantan) is none."""
        return bool(forms) and forms not in _AS_NAMES_END and stem(token) in self.stems

    def _names_out(
        self, lexemes: list[Lexeme], heads: Iterable[bool], lower: list[bytes], cased: list[bytes]
    ) -> float | None:
        """Names become one unknown thing each. Returns how many letters more the title has than with names of a usual
        length, by the share that counts; None where there is no name. ``heads``: with which words one may begin."""
        more, end = 0.0, 0
        met: list[tuple[int, int]] = []
        for at in compress(count(), heads):
            if at >= end and (width := self._name_at(lower, at)):
                letters = sum(map(len, lower[at : at + width])) + width
                again = at and (lexemes[at - 1].code == "U" or (met and end == at))
                more += NAME_SHARE * (letters if again else letters - 1 - NAME_CHARS)
                end = at + width
                met.append((at, end))
        for at, end in reversed(met):
            lexemes[at:end] = [_A_NAME]
            lower[at:end] = cased[at:end] = [b""]
        return more if met else None

    def _any_loud(self, cased: Iterable[bytes]) -> bool:
        """Whether any word counts as shouted: most that stand in capitals are acronyms, and then no share need be
        worked out."""
        for word in filter(bytes.isupper, cased):
            token = word.lower()
            if len(token) > SHORT and token not in self._acronyms and token in self._known:
                return True
        return False

    def _case(self, ordinary: Iterable[bool], lower: Sequence[bytes], cased: Sequence[bytes]) -> str:
        """How much is shouted, by the known words of four letters and more: a name's or an acronym's case says nothing.
        Whether Every Word Is Capitalised is not looked at: it tells one newsroom from another, not news from claims."""
        long: dict[bytes, bytes] = {}
        for known, token, word in zip(ordinary, lower, cased, strict=True):
            if known and len(token) > SHORT and token not in self._acronyms:
                long.setdefault(token, word)
        shouted = sum(map(bytes.isupper, long.values())) / len(long) if long else 0.0
        if not shouted:
            return "caps_none"
        return "caps_all" if shouted > 0.9 else "caps_most" if shouted > 0.5 else "caps_some"

    def _name_at(self, lower: Sequence[bytes], at: int) -> int:
        for name in self._names[lower[at]]:
            width = len(name)
            if width == 1 or lower[at : at + width] == name:
                return width
        return 0


class Lexemes(dict[bytes, Lexeme]):
    """Of each word what is known of it, looked up when it is first met."""

    def __init__(self, look: Callable[[bytes], Lexeme]) -> None:
        super().__init__()
        self._look = look

    def __missing__(self, token: bytes) -> Lexeme:
        if len(self) > MEMORY:
            self.clear()
        made = self[token] = self._look(token)
        return made


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


@lru_cache(maxsize=20_000)
def _build(opening: str, closing: str) -> tuple[str, ...]:
    """How a title opens and closes: its first two and last two parts by their kind, as codes."""
    first, second = _PARTS[opening[0]], _PARTS[opening[-1]]
    before, last = _PARTS[closing[0]], _PARTS[closing[-1]]
    if len(opening) == 1:
        return (f"first_{first}", f"last_{last}")
    return (f"first_{first}", f"second_{second}", f"opens_{first}_{second}", f"last_{last}", f"closes_{before}_{last}")


def _careless(plain: str, row: str) -> list[str]:
    """Of a title with signs."""
    forms = []
    if not _PAUSES.isdisjoint(row):
        if any(map(plain.__contains__, _SPACE_BEFORE)):
            forms.append("space_before_mark")
        if _NONE_BEHIND.search(plain):
            forms.append("no_space_behind_mark")
    if not _DIGITS.isdisjoint(row):
        forms += _amounts(plain, row)
    return forms


def _month(small: str) -> list[str]:
    """Of a title in small letters in which a month may be named."""
    month = _MONTH.search(small)
    if not month:
        return []
    day, year = month[1], month[2]
    if not (day or year):
        return ["month"]
    return ["month", "full_date" if day and year else "day_and_month" if day else "month_and_year"]


def _day(small: str, lower: Sequence[bytes]) -> list[str]:
    """Of a title in small letters in which a day may be named."""
    forms = []
    if not _DAY_NAMES.isdisjoint(lower):
        forms.append("day_name")
    if any(map(small.__contains__, _TODAY)):
        forms.append("today")
    return forms


def _rare(token: bytes) -> str:
    """What a title with this word may tell of."""
    if token in _MONTH_NAMES:
        return "month"
    if token in _DAY_NAMES or token.endswith(_DAY_ENDS) or b"besok" in token or b"kemarin" in token:
        return "day"
    if token.endswith(_SERVICE_ENDS) or b"klasemen" in token or b"ihsg" in token:
        return "service"
    return ""


def _amounts(plain: str, row: str) -> list[str]:
    """Of a title with digits."""
    forms = []
    if "," in row and _DECIMAL.search(plain):
        forms.append("decimal")
    if "." in row and _THOUSANDS.search(plain):
        forms.append("thousands")
    small = plain.lower()
    if ("ribu" in small or "miliar" in small or "juta" in small or "triliun" in small) and _BIG.search(small):
        forms.append("big_number")
    return forms


def _marks(plain: str, row: str) -> list[str]:
    """``row``: the signs of ``plain`` (see :func:`_signs`), each as often as it stands."""
    forms = []
    if row:
        signs = set(row)
        forms += [_MARK_FORMS[mark][row.count(mark) > 1] for mark in signs & _MARK_SIGNS]
        if not signs <= _USUAL:
            forms.append("exotic")
        if "..." in row and "..." in plain:
            forms.append("trailing_dots")
        if not signs.isdisjoint(_DIGITS):
            forms += _numbers(plain, row)
        if plain[-1:] in _ENDS:
            forms.append(_ENDS[plain[-1:]])
    if plain[:1].islower():
        forms.append("starts_small")
    return forms


def _signs(plain: str) -> str:
    """Each character that is no ASCII letter and no space; those beyond ASCII come last."""
    signs = plain.encode("ascii", "ignore").translate(None, _LETTERS_AND_SPACE).decode("ascii")
    return signs if plain.isascii() else signs + beyond_ascii(plain)


def _numbers(plain: str, row: str) -> list[str]:
    forms = []
    if ("19" in row or "20" in row) and _YEAR.search(plain):
        forms.append("year")
    if "Rp" in plain:
        forms.append("rupiah")
    if "(" in row and _DATE.search(plain):
        forms.append("news_date")
    return forms


def _text_marks(plain: str) -> list[str]:
    return list(map(_TEXT_FORMS.__getitem__, _marks(plain, _signs(plain))))


_MARK_FORMS = {mark: (f"mark_{name}_1", f"mark_{name}_2") for mark, name in _MARKS.items()}
_MARK_SIGNS = frozenset(_MARK_FORMS)
_LETTERS_AND_SPACE = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ "
_ENDS = {"!": "ends_with_exclamation", "?": "ends_with_question", ".": "ends_with_dot"}
_USUAL = frozenset(map(chr, range(128))) | frozenset("‘’“”–—…")
_DIGITS = frozenset("0123456789")
_DIGIT_CODES = frozenset(b"0123456789")
_NAMES = [f"names_{count}" for count in range(MANY_UNKNOWN + 1)]
_NUMBERS = ["", "numbers_1", "numbers_2", "numbers_3"]
_SPELLED_OUT = [f"spelled_out_{count}" for count in range(MANY_SPELLED_OUT + 1)]
_AFFIXED = ("+".join(filter(None, pair)) for pair in product(("", *_PREFIXES), ("", *_ENDINGS)))
_CODES = {"U": "U", "D": "D"} | {
    part: chr(0x100 + at) for at, part in enumerate(("word", "small", "link", "not", *filter(None, _AFFIXED)))
}
_PARTS = {code: part for part, code in _CODES.items()}
_A_NAME = Lexeme("U")
_NO_WORDS = ("caps_none", _NAMES[0], _SPELLED_OUT[0])
_SAID_BY_GRAMMAR = frozenset(_CODES[part] for part in ("D", "small", "link", "not"))
_AS_NAMES_END = frozenset((("suffix_i",), ("suffix_an",)))
_WRITTEN_LARGE = frozenset(
    bytes(letters)
    for word in WRITTEN_SMALL
    for letters in product(*((code, code - 32) for code in word))
    if not bytes(letters).islower()
)
_NOT_SHOUTED = frozenset(("caps_none", "caps_some"))
_TEXT_FORMS = {
    form: f"text_{form}"
    for forms in (
        *_MARK_FORMS.values(),
        _ENDS.values(),
        ("exotic", "trailing_dots", "starts_small", "year", "rupiah", "news_date"),
    )
    for form in forms
}
_SIZES = [f"text_size_{size}" for size in range(7)]
_CAPS = [f"text_caps_{share}" for share in range(4)]
_CAPITAL = [f"text_capital_{fifth}" for fifth in range(6)]
_BIG_SMALL = bytes(ord("A") if 65 <= code <= 90 else 32 if code == 32 else ord("a") for code in range(256))


def _text_case(spelling: bytes, total: int) -> list[str]:
    """``spelling``: letters and digits, spaces for anything else and at either end."""
    if not total:
        return []
    kinds = spelling.translate(_BIG_SMALL)
    shouted = kinds.count(b" AAAA") / total
    capital = kinds.count(b" A") / total
    return [
        _SIZES[min(6, total.bit_length() - 1)],
        _CAPS[0 if shouted < 0.02 else 1 if shouted < 0.1 else 2 if shouted < 0.4 else 3],
        _CAPITAL[int(capital * 5)],
    ]
