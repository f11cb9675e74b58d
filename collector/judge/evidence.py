"""What the learned weights see in a title and a text, as signals with the words they rest on. Pure.

    page -> reading (known words, forms) -> points per word and form -> at most eight signals

Words and forms for and against are told apart, so that a reader sees both sides.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import TypeVar

from collector.judge.forms import Reader, is_service, stem
from collector.judge.labels import label
from collector.judge.page import Page
from collector.judge.weights import Weights
from collector.model.judgement import Signal
from collector.model.phrase import Phrase

SERVICE_POINTS = -2.0
TEXT_LIMIT = (
    4.0  # points a text's words and forms give or take at most: what is measured of them rests on few newsrooms
)
TEXT_FROM = 40  # characters; a shorter text says nothing of its kind
SHOWN = 3
SMALLEST = 0.05  # points; a signal below is not worth a line
ALWAYS = "always"

T = TypeVar("T", bytes, str)
Sides = tuple[str, str]
_TITLE_WORDS = ("title_words_claim", "title_words_news")
_TITLE_FORM = ("title_form_claim", "title_form_news")
_TEXT_WORDS = ("text_words_claim", "text_words_news")
_TEXT_FORM = ("text_form_claim", "text_form_news")
_points = itemgetter(0)

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
_ON_THE_WHOLE = Phrase(id="secara keseluruhan", en="on the whole")
SIGNAL_NAMES = tuple(_REASONS)
_SERVICE = Signal(name="service_page", points=SERVICE_POINTS, reason=_REASONS["service_page"])


class Evidence:
    """Looks at pages with one set of weights. Safe to share between threads."""

    def __init__(self, weights: Weights, acronyms: Iterable[str]) -> None:
        stems = {key.encode(): points for key, points in weights.stems.items()}
        self._stems = stems
        self._words = {
            word: points + stems.get(stem(word), 0.0)
            for word, points in ((key.encode(), points) for key, points in weights.words.items())
        }
        self._text_words = {key.encode(): points for key, points in weights.text_words.items()}
        self._forms = dict(weights.forms)
        self._text_forms = dict(weights.text_forms)
        self._always = self._forms.pop(ALWAYS, 0.0)
        self._text_always = self._text_forms.pop(ALWAYS, 0.0)
        names = [tuple(name.encode("ascii", "replace").split()) for name in weights.names]
        self._barred = frozenset(name[0] for name in names if len(name) == 1)
        known = (self._words.keys() | self._text_words.keys()) - self._barred
        self._reader = Reader(frozenset(known), [name for name in names if len(name) > 1], acronyms)

    def signals(self, page: Page) -> tuple[Signal, ...]:
        """None for an empty page."""
        return self.of_title(page) + self.of_text(page)

    def of_title(self, page: Page) -> tuple[Signal, ...]:
        return tuple(self._of_title(page)) if page.title_length else ()

    def of_text(self, page: Page) -> tuple[Signal, ...]:
        """At most ``TEXT_LIMIT`` points either way."""
        return tuple(self._of_text(page)) if len(page.plain) - page.title_length > TEXT_FROM else ()

    def _of_title(self, page: Page) -> list[Signal]:
        reading = self._reader.title(page.plain[: page.title_length])
        weigh, stems, barred = self._words, self._stems, self._barred
        words = [(points, written) for word, written in reading.words.items() if (points := weigh.get(word))]
        for written in reading.strangers:
            word = written.lower()
            if word not in barred and (points := stems.get(stem(word))):
                words.append((points, written))
        signals = _worded(_TITLE_WORDS, words, 1.0)
        signals += _formed(_TITLE_FORM, _weighed(reading.forms, self._forms), 1.0, self._always)
        if is_service(page.title):
            signals.append(_SERVICE)
        return signals

    def _of_text(self, page: Page) -> list[Signal]:
        reading = self._reader.text(page.plain_text)
        weigh = self._text_words
        words = [(points, written) for word, written in reading.words.items() if (points := weigh.get(word))]
        forms = _weighed(reading.forms, self._text_forms)
        total = self._text_always + sum([one[0] for one in words]) + sum([one[0] for one in forms])
        factor = min(1.0, TEXT_LIMIT / abs(total)) if total else 1.0
        return _worded(_TEXT_WORDS, words, factor) + _formed(_TEXT_FORM, forms, factor, self._text_always)


def _weighed(forms: Iterable[str], table: Mapping[str, float]) -> list[tuple[float, str]]:
    return [(points, form) for form in forms if (points := table.get(form))]


def _worded(names: Sides, weighed: Sequence[tuple[float, bytes]], factor: float) -> list[Signal]:
    """The two signals of words, for and against, the weightiest words first."""
    signals = []
    for name, ours in zip(names, _sides(weighed), strict=True):
        points = round(factor * sum([one[0] for one in ours]), 2)
        if abs(points) < SMALLEST:
            continue
        words = tuple([one[1].decode() for one in ours[:SHOWN]])
        quoted = "“" + "”, “".join(words) + "”"
        reason = _REASONS[name]
        signals.append(
            Signal(name=name, points=points, reason=Phrase(id=reason.id + quoted, en=reason.en + quoted), words=words)
        )
    return signals


def _formed(names: Sides, weighed: Sequence[tuple[float, str]], factor: float, always: float) -> list[Signal]:
    """The two signals of forms. ``always`` goes to the side it favours."""
    signals = []
    for name, ours, favoured in zip(names, _sides(weighed), (always > 0, always < 0), strict=True):
        points = round(factor * (sum([one[0] for one in ours]) + (always if favoured else 0.0)), 2)
        if abs(points) >= SMALLEST:
            reason = _form_reason(name, tuple([one[1] for one in ours[:SHOWN]]))
            signals.append(Signal(name=name, points=points, reason=reason))
    return signals


def _sides(weighed: Sequence[tuple[float, T]]) -> tuple[list[tuple[float, T]], list[tuple[float, T]]]:
    """What speaks for a claim and what against, the weightiest first."""
    ordered = sorted(weighed)
    middle = bisect(ordered, 0.0, key=_points)
    return ordered[: middle - 1 if middle else None : -1], ordered[:middle]


@lru_cache(maxsize=10_000)
def _form_reason(name: str, forms: tuple[str, ...]) -> Phrase:
    reason, labels = _REASONS[name], [label(form) for form in forms] or [_ON_THE_WHOLE]
    return Phrase(
        id=reason.id + "; ".join(one.id for one in labels),
        en=reason.en + "; ".join(one.en for one in labels),
    )
