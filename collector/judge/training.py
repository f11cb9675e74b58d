"""Learning the weights from checked claims and news, with SciPy (extra ``train``).

    examples -> which words are ordinary -> what is seen in each -> two logistic regressions -> points per word and form

Words and forms are weighed as in Wang and Manning (2012, "Baselines and Bigrams"): each is scaled by its log-count
ratio before the regression, which lets few examples speak. Recent claims weigh more than old ones (``HALF_LIFE``), as
wording changes. What too few titles hold learns from the sentences of texts, a little, and from words that keep the
same company (:mod:`collector.judge.company`). The result is additive: nothing is learned that a sentence cannot show.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import exp
from typing import TYPE_CHECKING, Any, NamedTuple

from collector.config.unweighed import Unweighed
from collector.judge import company, regression
from collector.judge.calibration import Curve, above
from collector.judge.combined import UNSOURCED
from collector.judge.evidence import SERVICE_POINTS
from collector.judge.examples import Example
from collector.judge.forms import NO_TEXT, NOTHING, TEXT_CHARS, Reader, Reading, is_service, length_shares, stem, tokens
from collector.judge.lexicon import LexiconJudge
from collector.judge.page import Page
from collector.judge.weights import Weights
from collector.judge.wording import ENGLISH, FUNCTION_WORDS
from collector.model.item import Entry
from collector.model.judgement import Context

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_SENTENCE_OR_LINE_END = re.compile(r"(?<=[.!?])\s+|\n+")
HALF_LIFE = 2.0  # years
OLDEST_WEIGHT = 0.05
DOUBTFUL_WEIGHT = 0.1
TITLE_STRENGTH = 0.2  # the smaller, the nearer to 0 all points stay
TITLE_RATIO_POWER = 0.5  # of a log-count ratio in titles: between trusting it and treating all alike
TITLE_SCALES = {"w": 0.8, "s": 0.7}  # of words and stems beside forms
COMPANY_SCALE = 0.5  # of a word's company beside the word
SENTENCE_SHARE = 0.05  # what all sentences of texts count beside all titles
SENTENCES = 6  # of a text, of its first
SENTENCES_WITHIN = 1_500  # characters
COMPANY_WITHIN = 2_000
SENTENCE_CHARS = range(25, 221)
TEXT_STRENGTH = 0.01
DESK_STRENGTH = 0.05
TEXT_SHARE = 0.6  # of the text's own log-odds; it knows fewer newsrooms than the titles do
ORDINARY_FROM = 3  # examples
TEXT_ORIGINS = 2  # of a word that is weighed in texts, where there are as many: few newsrooms gave texts
SHORTEST = 3  # letters of a word that may have a weight
WORDS_FROM = 3
TEXT_WORDS_FROM = 8
FORMS_FROM = 8
STEMS_FROM = 3
SENTENCE_WORDS_FROM = 5
HALF_AT = 6.0  # points
FALSE_ALARMS = 0.003  # of ordinary headlines; the promise is 1 in 200, and other headlines vary
HONEST = 0.45
RISE = 1.25  # halvings of what is missing of an honest share, a point: a letter more in a name must not change much
SUREST = 0.98  # a score is a lead: it never says "certainly"
NO_CURVE = Curve(((0.0, 0.0), (12.0, 1.0)))
SMALLEST = 0.02  # points; a form below is left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An example as the judge will see it: how much of each feature there is, by the prefix of its table."""

    title: Mapping[str, float]
    text: Mapping[str, float]


def ordinary_words(examples: Sequence[Example], names: Collection[str]) -> Mapping[bytes, int]:
    """Words in at least three examples that running text writes small twice as often as large, of three letters and
    more, that are none of the ``names`` of one word and carry more than grammar; with how many origins use them. So
    names of people, places, firms and offices are never learned, nor function words, nor English ones: no news in
    English was learned from."""
    large: Counter[bytes] = Counter()
    small: Counter[bytes] = Counter()
    everywhere: Counter[bytes] = Counter()
    origins: dict[bytes, set[str]] = defaultdict(set)
    for example in examples:
        page = Page.of(Entry(title=example.title, text=example.text[:TEXT_CHARS]))
        title = page.plain[: page.title_length]
        for sentence in (title, *_SENTENCE_END.split(page.plain_text)):
            cased = tokens(sentence)
            if not ENGLISH.isdisjoint(cased):
                continue
            if sum(token[:1].isupper() for token in cased) <= len(cased) / 2:
                large.update(token.lower() for token in cased[1:] if token[:1].isupper())
                small.update(token for token in cased[1:] if not token[:1].isupper())
        here = {token.lower() for token in tokens(page.plain)}
        everywhere.update(here)
        for word in here:
            origins[word].add(example.origin)
    barred = FUNCTION_WORDS.union(name.encode("ascii", "replace") for name in names)
    return {
        word: len(origins[word])
        for word, count in small.items()
        if count >= 2 * large[word]
        and everywhere[word] >= ORDINARY_FROM
        and word.isalpha()
        and len(word) >= SHORTEST
        and word not in barred
    }


def seen(example: Example, reader: Reader) -> Seen:
    """What the judge sees, as ``w:`` words, ``s:`` stems, ``f:`` forms."""
    page = Page.of(Entry(title=example.title, text=example.text))
    title = reader.title(page.plain[: page.title_length]) if page.title_length else NOTHING
    text = reader.text(page.plain_text) if len(page.plain_text) >= 40 else NO_TEXT
    found = _words_seen(title, reader) | {f"f:{form}": 1.0 for form in title.forms}
    if title.chars:
        found |= {f"f:{form}": share for form, share in length_shares(title.chars)}
    words_of_text = (f"w:{word.decode()}" for word in text.words)
    return Seen(
        title=found,
        text=dict.fromkeys((*words_of_text, *(f"f:{form}" for form in text.forms)), 1.0),
    )


def _words_seen(title: Reading, reader: Reader) -> dict[str, float]:
    words, strangers = reader.words(title.tokens)
    stems = {stem(word) for word in (*words, *strangers)} & reader.stems
    return dict.fromkeys((*(f"w:{word.decode()}" for word in words), *(f"s:{one.decode()}" for one in stems)), 1.0)


def sentences_seen(example: Example, reader: Reader) -> list[Mapping[str, float]]:
    """The first sentences of a text, each read as if it were a title. Their words are those of titles; their forms are
    told apart (``xf:``), for nobody words a title as he words a text."""
    found: list[Mapping[str, float]] = []
    for sentence in _SENTENCE_OR_LINE_END.split(example.text[:SENTENCES_WITHIN]):
        if len(sentence.strip()) in SENTENCE_CHARS and len(found) < SENTENCES:
            page = Page.of(Entry(title=sentence.strip()))
            reading = reader.title(page.plain[: page.title_length])
            found.append(
                _words_seen(reading, reader) | {f"xf:{form}": 1.0 for form in reading.forms} | {"xf:always": 1.0}
            )
    return found


def weight(example: Example, newest: date) -> float:
    """How much an example counts beside others of its label: claims by age, doubtful ones less."""
    factor = DOUBTFUL_WEIGHT if example.doubtful else 1.0
    if not example.claim:
        return factor
    if example.day is None:
        return factor * 2 * OLDEST_WEIGHT
    years = (newest - example.day).days / 365.25
    return factor * max(OLDEST_WEIGHT, float(2.0 ** (-years / HALF_LIFE)))


def learned(examples: Sequence[Example], left_out: Unweighed, lexicon: LexiconJudge, *, now: datetime) -> Weights:
    """Weights that start at 0, with a curve that is none yet (see :func:`calibrated`). What the lexicon and the service
    signal already give is taken as given, so that nothing is counted twice. ``now`` (UTC) is what the lexicon takes for
    the present; its rules that hold only from some day on ask for it.

    Raises ImportError without SciPy, ValueError where one of the two labels is missing."""
    names = left_out.names
    single = [name for name in names if " " not in name]
    origins = ordinary_words(examples, single)
    known = frozenset(origins)
    least = min(TEXT_ORIGINS, len({example.origin for example in examples}))
    in_texts = frozenset(word for word, count in origins.items() if count >= least)
    listed = [tuple(name.encode("ascii", "replace").split()) for name in names]
    reader = Reader(known, listed, lexicon.lexicon.acronyms, in_texts)
    silent = _silent(left_out.subjects)
    found = [_without(silent, seen(example, reader)) for example in examples]
    given = [_given(example, lexicon, now) for example in examples]
    newest = max((example.day for example in examples if example.day), default=date.min)
    counts = [weight(example, newest) for example in examples]
    claims = [example.claim for example in examples]
    with_title = [i for i, one in enumerate(found) if one.title]
    with_text = [i for i, one in enumerate(found) if one.text]
    spoken = [(i, one) for i in with_text for one in sentences_seen(examples[i], reader)]
    speaking = sorted(word for word in known if f"w:{word.decode()}" not in silent)
    unseen = {name.encode("ascii", "replace") for name in single}
    title = _titles_learned(
        Lessons([found[i].title for i in with_title], _of(claims, with_title), _of(counts, with_title)),
        [given[i][0] for i in with_title],
        Lessons(
            [_but(silent, one) for _, one in spoken], [claims[i] for i, _ in spoken], [counts[i] for i, _ in spoken]
        ),
        speaking,
        company.vectors([_company(example) for example in examples], speaking, unseen),
    )
    text = regression.fitted(
        [found[i].text for i in with_text],
        _of(claims, with_text),
        _of(counts, with_text),
        [given[i][1] / TEXT_SHARE for i in with_text],
        TEXT_STRENGTH,
        lambda feature: TEXT_WORDS_FROM if feature.startswith("w:") else FORMS_FROM,
    )
    text = {feature: points * TEXT_SHARE for feature, points in text.items()}
    return Weights(
        version="",
        words=dict.fromkeys((word.decode() for word in known), 0.0) | _table(title, "w:"),
        stems=_table(title, "s:", smallest=SMALLEST),
        forms=_table(title, "f:", smallest=SMALLEST),
        text_words=_table(text, "w:"),
        text_forms=_table(text, "f:", smallest=SMALLEST),
        names=names,
        subjects=left_out.subjects,
        start=0.0,
        curve=NO_CURVE,
    )


def _silent(subjects: Collection[str]) -> frozenset[str]:
    """The features of words that may not have points, and of their stems."""
    return frozenset(f"w:{one}" for one in subjects) | {f"s:{stem(one.encode()).decode()}" for one in subjects}


def _without(silent: Collection[str], one: Seen) -> Seen:
    return Seen(title=_but(silent, one.title), text=_but(silent, one.text))


def _but(silent: Collection[str], found: Mapping[str, float]) -> Mapping[str, float]:
    return {feature: share for feature, share in found.items() if feature not in silent}


class Lessons(NamedTuple):
    """What was seen in some examples, whether each is a claim, and how much it counts."""

    found: Sequence[Mapping[str, float]]
    claims: Sequence[bool]
    counts: Sequence[float]


def _company(example: Example) -> list[bytes]:
    page = Page.of(Entry(title=example.title, text=example.text[:COMPANY_WITHIN]))
    return [token.lower() for token in tokens(page.plain)]


def _titles_learned(
    titles: Lessons,
    given: Sequence[float],
    spoken: Lessons,
    known: Sequence[bytes],
    near: NDArray[np.float64],
) -> dict[str, float]:
    """Points by feature. ``near`` says of each ``known`` word which company it keeps: a word's points are its own, and
    those of its company."""
    import numpy as np
    from scipy.sparse import csr_matrix, hstack

    both = any(spoken.claims) and not all(spoken.claims)
    rows = [*titles.found, *(spoken.found if both else ())]
    words = [f"w:{word.decode()}" for word in known]
    features = sorted(
        {
            *regression.kept(titles.found, _least_in_titles),
            *(regression.kept(spoken.found, _least_in_sentences) if both else ()),
        }
    )
    label = np.array([*titles.claims, *(spoken.claims if both else ())], dtype=bool)
    share = regression.evenly(titles.counts, np.array(titles.claims, dtype=bool))
    if both:
        less = SENTENCE_SHARE * regression.evenly(spoken.counts, np.array(spoken.claims, dtype=bool))
        share = np.concatenate([share, less])
    seen_there = regression.matrix(rows, features)
    scales = np.array([TITLE_SCALES.get(feature.partition(":")[0], 1.0) for feature in features])
    scale = regression.ratios(seen_there, share, label) ** TITLE_RATIO_POWER * scales
    companies = COMPANY_SCALE * near
    together = hstack([seen_there, csr_matrix(regression.matrix(rows, words) @ companies)]).tocsr()
    points, always = regression.solved(
        together,
        np.concatenate([scale, np.ones(near.shape[1])]),
        share,
        label,
        np.array([*given, *([0.0] * (len(rows) - len(given)))]),
        TITLE_STRENGTH,
    )
    own = dict(zip(features, points[: len(features)].tolist(), strict=True))
    shared = dict(zip(words, (companies @ points[len(features) :]).tolist(), strict=True))
    return own | {word: own.get(word, 0.0) + more for word, more in shared.items()} | {regression.ALWAYS: always}


def _least_in_titles(feature: str) -> int:
    return {"w": WORDS_FROM, "s": STEMS_FROM}.get(feature[0], FORMS_FROM)


def _least_in_sentences(feature: str) -> int:
    return SENTENCE_WORDS_FROM if feature[0] in "ws" else FORMS_FROM


def adjusted(
    weights: Weights, examples: Sequence[Example], points: Sequence[float], acronyms: Collection[str]
) -> Weights:
    """The weights with small corrections, so that the examples fit better. ``points`` is what they get now.

    Only words and forms that the weights know are corrected, so that nothing new (a name, say) is learned."""
    words = {word.encode() for word in (*weights.words, *weights.text_words)}
    barred = {name.encode("ascii", "replace") for name in weights.names if " " not in name}
    listed = [tuple(name.encode("ascii", "replace").split()) for name in weights.names]
    reader = Reader(frozenset(words - barred), listed, acronyms)
    silent = _silent(weights.subjects)
    found = [_without(silent, seen(example, reader)) for example in examples]
    features = [
        {f"t{one}": share for one, share in item.title.items() if not one.startswith("s:")}
        | {f"x{one}": share for one, share in item.text.items()}
        for item in found
    ]
    counts = [1.0] * len(examples)
    change = regression.fitted(
        features,
        [one.claim for one in examples],
        counts,
        [one - HALF_AT for one in points],
        DESK_STRENGTH,
        lambda feature: WORDS_FROM if feature[1] == "w" else FORMS_FROM,
    )
    return replace(
        weights,
        words=_moved(weights.words, change, "tw:"),
        forms=_moved(weights.forms, change, "tf:"),
        text_words=_moved(weights.text_words, change, "xw:"),
        text_forms=_moved(weights.text_forms, change, "xf:"),
    )


def _moved(points: Mapping[str, float], change: Mapping[str, float], prefix: str) -> dict[str, float]:
    return {key: round(max(-10.0, min(10.0, old + change.get(prefix + key, 0.0))), 2) for key, old in points.items()}


def calibrated(
    weights: Weights, points: Sequence[float], claims: Sequence[bool], headlines: Sequence[float]
) -> Weights:
    """``points``: what items that were not learned from got from these weights, or from ones learned like them;
    ``headlines``: those of ordinary headlines, without text.

    The start is set so that ``FALSE_ALARMS`` of the headlines reach 6 points, which are suspicion 0.5. Up to ``HONEST``
    the suspicion is the share of claims among items of as many points. Between there and 0.5 it rises slowly, whatever
    that share: more false alarms than a desk can bear begin there. Above, it rises to that share again."""
    start = round(HALF_AT - above(headlines, FALSE_ALARMS) - 0.005, 2)
    slope, offset = _logistic([one + start for one in points], claims)
    return replace(weights, start=start, curve=_curve(slope, offset))


def _logistic(points: Sequence[float], claims: Sequence[bool]) -> tuple[float, float]:
    """Slope and offset of the log-odds of a claim (Platt 1999)."""
    import numpy as np
    from scipy.optimize import minimize

    at, sign = np.array(points), np.where(np.array(claims), 1.0, -1.0)
    found = minimize(lambda line: float(np.logaddexp(0.0, -sign * (line[0] * at + line[1])).sum()), [1.0, -3.0])
    return float(found.x[0]), float(found.x[1])


def _curve(slope: float, offset: float) -> Curve:
    def share(points: float) -> float:
        return 1.0 / (1.0 + exp(-(slope * points + offset)))

    at_half = share(HALF_AT)
    knots = []
    for step in range(-16, 33):
        points = step / 2
        honest = share(points)
        if points < HALF_AT:
            value = honest
            if honest > HONEST and at_half > HONEST:
                value = HONEST + (0.5 - HONEST) * (honest - HONEST) / (at_half - HONEST)
            value = min(value, 0.5)
        elif points == HALF_AT:
            value = 0.5
        else:
            value = max(0.5, min(SUREST, honest - (honest - 0.5) * 2.0 ** (-RISE * (points - HALF_AT))))
        knots.append((points, round(value, 4)))
    return Curve(tuple(knots))


def _given(example: Example, lexicon: LexiconJudge, now: datetime) -> tuple[float, float]:
    """The points that title and text have without the weights."""
    context = Context(source=UNSOURCED, matches=(), now=now)
    title = _lexicon_points(lexicon, example.headline, context)
    both = _lexicon_points(lexicon, example.entry, context) if example.text else title
    return title + (SERVICE_POINTS if is_service(example.title.lower()) else 0.0), both - title


def _lexicon_points(lexicon: LexiconJudge, entry: Entry, context: Context) -> float:
    return sum(signal.points for signal in lexicon.look(entry, context).signals)


def _of(values: Sequence[Any], places: Sequence[int]) -> list[Any]:
    return [values[i] for i in places]


def _table(points: dict[str, float], prefix: str, smallest: float = 0.0) -> dict[str, float]:
    return {
        feature.removeprefix(prefix): round(value, 2)
        for feature, value in points.items()
        if feature.startswith(prefix) and abs(value) >= smallest
    }
