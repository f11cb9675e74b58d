"""What the learned weights see in a title and a text, as signals with the words they rest on. Pure.

    page -> reading (known words, forms) -> points per word and form -> at most eight signals

Words and forms for and against are told apart, so that a reader sees both sides.
"""

from __future__ import annotations

import re
from bisect import bisect, bisect_left
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

from collector.judge.forms import CHARS_STEP, LONGEST, Reader, length_shares, stem
from collector.judge.labels import is_plain, label
from collector.judge.page import Page
from collector.judge.weights import Weights
from collector.judge.wording import FUNCTION_WORDS
from collector.model.judgement import Signal
from collector.model.personal import mask
from collector.model.phrase import Later, Phrase

SERVICE_POINTS = -2.0
TEXT_LIMIT = (
    4.0  # points a text's words and forms give or take at most: what is measured of them rests on few newsrooms
)
FORM_LIMIT = 4.0  # points a title's form gives for a claim at most: a true sentence may be worded as claims are
TEXT_FROM = 40  # characters; a shorter text says nothing of its kind
SHOWN = 3
QUOTED_FROM = 0.5  # points of all words of a side, from which on words are quoted
QUOTED_SHARE = 0.25  # of the weightiest word's points
ENDS, LONGEST_WORD = 2, 30  # words of a title's beginning and end that are quoted, and letters of each
SMALLEST = 0.05  # points; a signal below is not worth a line
ALWAYS = "always"

T = TypeVar("T")
Names = tuple[str, str]
_TITLE_WORDS = ("title_words_claim", "title_words_news")
_TITLE_FORM = ("title_form_claim", "title_form_news")
_TEXT_WORDS = ("text_words_claim", "text_words_news")
_TEXT_FORM = ("text_form_claim", "text_form_news")

_REASONS: Mapping[str, Phrase] = {
    "title_words_claim": Phrase(
        id="Kata di judul yang lebih sering dipakai klaim yang diperiksa daripada berita: ",
        en="Words in the title that checked claims use more often than news: ",
    ),
    "title_words_news": Phrase(
        id="Kata di judul yang lebih sering dipakai berita daripada klaim yang diperiksa: ",
        en="Words in the title that news uses more often than checked claims: ",
    ),
    "title_form_claim": Phrase(
        id="Bentuk judul yang lebih lazim pada klaim yang diperiksa: ",
        en="The title's form is more common among checked claims: ",
    ),
    "title_form_news": Phrase(
        id="Bentuk judul yang lebih lazim pada berita: ",
        en="The title's form is more common among news: ",
    ),
    "text_words_claim": Phrase(
        id="Kata di teks yang lebih sering dipakai unggahan yang diperiksa daripada berita: ",
        en="Words in the text that checked posts use more often than news: ",
    ),
    "text_words_news": Phrase(
        id="Kata di teks yang lebih sering dipakai berita daripada unggahan yang diperiksa: ",
        en="Words in the text that news uses more often than checked posts: ",
    ),
    "text_form_claim": Phrase(
        id="Bentuk teks yang lebih lazim pada unggahan yang diperiksa: ",
        en="The text's form is more common among checked posts: ",
    ),
    "text_form_news": Phrase(
        id="Bentuk teks yang lebih lazim pada berita: ",
        en="The text's form is more common among news: ",
    ),
    "service_page": Phrase(
        id="Halaman layanan (cuaca, jadwal, hasil, kurs), bukan klaim",
        en="A service page (weather, timetable, results, rates), not a claim",
    ),
}
_LITTLE: Mapping[str, Phrase] = {
    "title_words_claim": Phrase(
        id="Kata-kata di judul sedikit lebih lazim pada klaim yang diperiksa; tidak ada yang menonjol",
        en="The title's words are a little more common among checked claims; none stands out",
    ),
    "title_words_news": Phrase(
        id="Kata-kata di judul sedikit lebih lazim pada berita; tidak ada yang menonjol",
        en="The title's words are a little more common among news; none stands out",
    ),
    "text_words_claim": Phrase(
        id="Kata-kata di teks sedikit lebih lazim pada unggahan yang diperiksa; tidak ada yang menonjol",
        en="The text's words are a little more common among checked posts; none stands out",
    ),
    "text_words_news": Phrase(
        id="Kata-kata di teks sedikit lebih lazim pada berita; tidak ada yang menonjol",
        en="The text's words are a little more common among news; none stands out",
    ),
}
_PERSONAL = re.compile("[@/0-9]")  # where none of them stands there is no number and no address to mask
_IN_THE_TEXT = Phrase(id="cara penulisan teks", en="the way the text is written")
_ON_THE_WHOLE = Phrase(id="secara keseluruhan", en="on the whole")
SIGNAL_NAMES = tuple(_REASONS)
_SERVICE = Signal(name="service_page", points=SERVICE_POINTS, reason=_REASONS["service_page"])


class Evidence:
    """Looks at pages with one set of weights. Safe to share between threads."""

    def __init__(self, weights: Weights, acronyms: Iterable[str]) -> None:
        self._stems = {key.encode(): points for key, points in weights.stems.items()}
        self._words = {key.encode(): points for key, points in weights.words.items()}
        self._text_words = {key.encode(): points for key, points in weights.text_words.items() if points}
        lengths = [_of_length(chars, weights.forms) for chars in range(CHARS_STEP * (LONGEST + 1))]
        self._longest = len(lengths) - 1
        self._forms = Ranks([*_weighed(weights.forms), *(length for length in lengths if length[1])])
        self._text_forms = Ranks(_weighed(weights.text_forms))
        self._always = weights.forms.get(ALWAYS, 0.0)
        self._text_always = weights.text_forms.get(ALWAYS, 0.0)
        names = [tuple(name.encode("ascii", "replace").split()) for name in weights.names]
        grammar_and_names = FUNCTION_WORDS.union(name[0] for name in names if len(name) == 1)
        self._barred = grammar_and_names.union(subject.encode() for subject in weights.subjects)
        known = (self._words.keys() | self._text_words.keys()) - grammar_and_names
        self._reader = Reader(frozenset(known), names, acronyms, frozenset(self._text_words), self._worth)
        self._ranks = Ranks([(word, self._text_words[word], word) for word in self._text_words.keys() & known])

    def signals(self, page: Page) -> tuple[Signal, ...]:
        """None for an empty page."""
        return self.of_title(page) + self.of_text(page)

    def of_title(self, page: Page) -> tuple[Signal, ...]:
        signals: list[Signal] = []
        self.add_title(page, signals)
        return tuple(signals)

    def of_text(self, page: Page) -> tuple[Signal, ...]:
        """At most ``TEXT_LIMIT`` points either way."""
        signals: list[Signal] = []
        self.add_text(page, signals)
        return tuple(signals)

    def add_title(self, page: Page, signals: list[Signal]) -> None:
        """The signals of :meth:`of_title` to those there are."""
        if not page.title_length:
            return
        title = page.plain[: page.title_length]
        reading = self._reader.title(title)
        if reading.weighed:
            _worded(signals, _TITLE_WORDS, _sides(reading.weighed), reading.written, 1.0)
        length = reading.chars if reading.chars < self._longest else self._longest
        forms = self._forms.sides((*reading.forms, length))
        _formed(signals, _TITLE_FORM, forms, 1.0, self._always, self._forms.told, title)
        if reading.service:
            signals.append(_SERVICE)

    def _worth(self, word: bytes) -> float:
        """A word's own points and those of its stem."""
        return 0.0 if word in self._barred else self._words.get(word, 0.0) + self._stems.get(stem(word), 0.0)

    def add_text(self, page: Page, signals: list[Signal]) -> None:
        """The signals of :meth:`of_text` to those there are."""
        if len(page.plain) - page.title_length <= TEXT_FROM:
            return
        seen = self._reader.text(page.plain_text)
        words = self._ranks.sides(seen.words)
        forms = self._text_forms.sides(seen.forms)
        total = self._text_always + words.points_for + words.points_against + forms.points_for + forms.points_against
        factor = min(1.0, TEXT_LIMIT / abs(total)) if total else 1.0
        word = self._ranks.told.__getitem__
        shown = Sides(
            list(map(word, words.ours[:SHOWN])),
            list(map(word, words.against[:SHOWN])),
            words.points_for,
            words.points_against,
        )
        _worded(signals, _TEXT_WORDS, shown, seen.written, factor)
        _formed(signals, _TEXT_FORM, forms, factor, self._text_always, self._text_forms.told, "")


class Sides(NamedTuple, Generic[T]):
    """What speaks for a claim and what against, the weightiest first."""

    ours: list[T]
    against: list[T]
    points_for: float
    points_against: float


class Ranks(Generic[T]):
    """Words or forms by their points: a text holds a hundred, and numbers are put in order sooner than pairs.

    Made of what is seen, its points and what it is told as: ``told`` by rank, from 1."""

    def __init__(self, known: Iterable[tuple[Hashable, float, T]]) -> None:
        ordered = sorted(known, key=_POINTS_AND_TOLD)
        self.told: Sequence[T] = [told for _, _, told in (*ordered[:1], *ordered)]
        points = [0.0, *(points for _, points, _ in ordered)]
        self._points = points.__getitem__
        self._rank = {seen: rank for rank, (seen, _, _) in enumerate(ordered, 1)}.get
        self._middle = bisect_left(points, 0.0, 1)

    def sides(self, seen: Iterable[Hashable]) -> Sides[int]:
        """The ranks of those that have any."""
        ours: list[int] = list(filter(None, map(self._rank, seen)))
        ours.sort()
        middle = bisect_left(ours, self._middle)
        against = ours[:middle]
        del ours[:middle]
        ours.reverse()
        return Sides(ours, against, sum(map(self._points, ours)), sum(map(self._points, against)))


_POINTS_AND_TOLD = itemgetter(1, 2)
_POINTS, _WORD = itemgetter(0), itemgetter(1)


def _weighed(table: Mapping[str, float]) -> list[tuple[Hashable, float, str]]:
    return [(form, points, form) for form, points in table.items() if form != ALWAYS]


def _of_length(chars: int, forms: Mapping[str, float]) -> tuple[Hashable, float, str]:
    points = sum(share * forms.get(form, 0.0) for form, share in length_shares(chars))
    return chars, points, f"chars_{min(chars // CHARS_STEP, LONGEST)}"


def _sides(weighed: Iterable[tuple[float, bytes]]) -> Sides[bytes]:
    """Of words with their points."""
    ours = sorted(weighed)
    middle = bisect(ours, (0.0,))
    against = ours[:middle]
    del ours[:middle]
    ours.reverse()
    return Sides(_telling(ours), _telling(against), sum(map(_POINTS, ours)), sum(map(_POINTS, against)))


def _telling(weighed: Sequence[tuple[float, bytes]]) -> list[bytes]:
    """Of words by falling weight those that are quoted: a quarter as weighty as the first, at least."""
    return [word for points, word in weighed[:SHOWN] if abs(points) >= QUOTED_SHARE * abs(weighed[0][0])]


def _worded(
    signals: list[Signal], names: Names, sides: Sides[bytes], written: Callable[[bytes], str], factor: float
) -> None:
    """Adds the two signals of words, for and against, the weightiest words first. Where those of a side weigh
    little, none is quoted: no editor would grant that a lone common word makes a claim."""
    if sides.ours and (points := hundredths(factor * sides.points_for)) >= SMALLEST:
        words = tuple(map(written, sides.ours[:SHOWN])) if points >= QUOTED_FROM else ()
        signals.append(Signal(names[0], points, Later(_quoting, names[0], words), words))
    if sides.against and (points := hundredths(factor * sides.points_against)) <= -SMALLEST:
        words = tuple(map(written, sides.against[:SHOWN])) if points <= -QUOTED_FROM else ()
        signals.append(Signal(names[1], points, Later(_quoting, names[1], words), words))


def _formed(
    signals: list[Signal],
    names: Names,
    sides: Sides[int],
    factor: float,
    always: float,
    told: Sequence[str],
    title: str,
) -> None:
    """Adds the two signals of forms. ``always`` goes to the side it favours."""
    ours, against, points_for, points_against = sides
    if always > 0:
        points_for += always
    else:
        points_against += always
    if (points := hundredths(factor * min(FORM_LIMIT, points_for))) >= SMALLEST:
        signals.append(Signal(names[0], points, Later(_naming, names[0], told, ours, title)))
    if (points := hundredths(factor * points_against)) <= -SMALLEST:
        signals.append(Signal(names[1], points, Later(_naming, names[1], told, against, title)))


def hundredths(points: float) -> float:
    """``round(points, 2)``, at half of its cost where no half hundredth is in doubt."""
    whole = points * 100.0
    near = round(whole)
    return near / 100.0 if -0.4999 < whole - near < 0.4999 else round(points, 2)


# ---------------------------------------------------------------- reasons, in both languages


def _quoting(name: str, words: tuple[str, ...]) -> tuple[str, str]:
    if not words:
        return _LITTLE[name].id, _LITTLE[name].en
    reason, quoted = _REASONS[name], "“" + "”, “".join(words) + "”"
    return reason.id + quoted, reason.en + quoted


def _naming(name: str, told: Sequence[str], ranks: Sequence[int], title: str) -> tuple[str, str]:
    """What a reader can see for himself, the weightiest first; all that only counting tells is one further line."""
    forms = [told[rank] for rank in ranks]
    plain = list(filter(is_plain, forms))
    seen = list(map(label, plain[:SHOWN]))
    if len(seen) < SHOWN and len(plain) < len(forms):
        seen.append(_IN_THE_TEXT if forms[0].startswith("text_") else _as_written(title))
    seen = seen or [_ON_THE_WHOLE]
    reason = _REASONS[name]
    return reason.id + "; ".join(one.id for one in seen), reason.en + "; ".join(one.en for one in seen)


def _as_written(title: str) -> Phrase:
    masked = mask(title) if _PERSONAL.search(title) else title
    words = [word[:LONGEST_WORD] for word in masked.split()]
    quoted = " ".join(words) if len(words) <= 2 * ENDS else f"{' '.join(words[:ENDS])} … {' '.join(words[-ENDS:])}"
    return Phrase(
        id=f"cara penulisan judul, dari susunan kata dan imbuhannya: “{quoted}”",
        en=f"the way the title is written, by its word order and affixes: “{quoted}”",
    )
