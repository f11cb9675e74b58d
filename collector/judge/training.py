"""Learning the weights from checked claims and news, with SciPy (extra ``train``).

    examples -> which words are ordinary -> what is seen in each -> two logistic regressions -> points per word and form

Words and forms are weighed as in Wang and Manning (2012, "Baselines and Bigrams"): each is scaled by its log-count
ratio before the regression, which lets few examples speak. Recent claims weigh more than old ones (``HALF_LIFE``), as
wording changes. The result is additive: nothing is learned that a sentence cannot show.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import exp
from typing import TYPE_CHECKING, Any

from collector.judge.calibration import Curve, above
from collector.judge.combined import UNSOURCED
from collector.judge.evidence import SERVICE_POINTS
from collector.judge.examples import Example
from collector.judge.forms import NO_TEXT, NOTHING, TEXT_CHARS, Reader, is_service, length_shares, stem, tokens
from collector.judge.lexicon import LexiconJudge
from collector.judge.page import Page
from collector.judge.weights import Weights
from collector.judge.wording import FUNCTION_WORDS
from collector.model.item import Entry
from collector.model.judgement import Context

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
HALF_LIFE = 1.0  # years
OLDEST_WEIGHT = 0.05
DOUBTFUL_WEIGHT = 0.1
TITLE_STRENGTH = 0.15  # the smaller, the nearer to 0 all points stay
TEXT_STRENGTH = 0.01
DESK_STRENGTH = 0.05
TEXT_SHARE = 0.6  # of the text's own log-odds; it knows fewer newsrooms than the titles do
ORDINARY_FROM = 3  # examples
ORDINARY_ORIGINS = 2  # where there are as many
SHORTEST = 3  # letters of a word that may have a weight
WORDS_FROM = 3
TEXT_WORDS_FROM = 8
FORMS_FROM = 8
STEMS_FROM = 3
HALF_AT = 6.0  # points
FALSE_ALARMS = 0.0045  # of ordinary headlines; the promise is 1 in 200
HONEST = 0.45
SUREST = 0.98  # a score is a lead: it never says "certainly"
NO_CURVE = Curve(((0.0, 0.0), (12.0, 1.0)))
SMALLEST = 0.02  # points; a form below is left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An example as the judge will see it: how much of each feature there is, by the prefix of its table."""

    title: Mapping[str, float]
    text: Mapping[str, float]


def ordinary_words(examples: Sequence[Example], names: Collection[str]) -> frozenset[bytes]:
    """Words in at least three examples and two origins that running text writes small twice as often as large, of three
    letters and more, that are none of the ``names`` of one word and carry more than grammar. So names of people,
    places, firms and offices are never learned, nor function words."""
    large: Counter[bytes] = Counter()
    small: Counter[bytes] = Counter()
    everywhere: Counter[bytes] = Counter()
    origins: dict[bytes, set[str]] = defaultdict(set)
    for example in examples:
        page = Page.of(Entry(title=example.title, text=example.text[:TEXT_CHARS]))
        title = page.plain[: page.title_length]
        for sentence in (title, *_SENTENCE_END.split(page.plain_text)):
            cased = tokens(sentence)
            if sum(token[:1].isupper() for token in cased) <= len(cased) / 2:
                large.update(token.lower() for token in cased[1:] if token[:1].isupper())
                small.update(token for token in cased[1:] if not token[:1].isupper())
        here = {token.lower() for token in tokens(page.plain)}
        everywhere.update(here)
        for word in here:
            origins[word].add(example.origin)
    barred = FUNCTION_WORDS.union(name.encode("ascii", "replace") for name in names)
    least = min(ORDINARY_ORIGINS, len({example.origin for example in examples}))
    return frozenset(
        word
        for word, count in small.items()
        if count >= 2 * large[word]
        and everywhere[word] >= ORDINARY_FROM
        and len(origins[word]) >= least
        and word.isalpha()
        and len(word) >= SHORTEST
        and word not in barred
    )


def seen(example: Example, reader: Reader, stems_known: frozenset[bytes]) -> Seen:
    """What the judge sees, as ``w:`` words, ``s:`` stems, ``f:`` forms."""
    page = Page.of(Entry(title=example.title, text=example.text))
    title = reader.title(page.plain[: page.title_length]) if page.title_length else NOTHING
    text = reader.text(page.plain_text) if len(page.plain_text) >= 40 else NO_TEXT
    words, strangers = reader.words(title.tokens)
    stems = {stem(word) for word in (*words, *strangers)} & stems_known
    seen_in_title = dict.fromkeys(
        (
            *(f"w:{word.decode()}" for word in words),
            *(f"s:{one.decode()}" for one in stems),
            *(f"f:{form}" for form in title.forms),
        ),
        1.0,
    )
    if title.chars:
        seen_in_title |= {f"f:{form}": share for form, share in length_shares(title.chars)}
    words_of_text = (f"w:{word.decode()}" for word in text.words)
    return Seen(
        title=seen_in_title,
        text=dict.fromkeys((*words_of_text, *(f"f:{form}" for form in text.forms)), 1.0),
    )


def weight(example: Example, newest: date) -> float:
    """How much an example counts beside others of its label: claims by age, doubtful ones less."""
    factor = DOUBTFUL_WEIGHT if example.doubtful else 1.0
    if not example.claim:
        return factor
    if example.day is None:
        return factor * 2 * OLDEST_WEIGHT
    years = (newest - example.day).days / 365.25
    return factor * max(OLDEST_WEIGHT, float(2.0 ** (-years / HALF_LIFE)))


def learned(examples: Sequence[Example], names: Collection[str], lexicon: LexiconJudge, *, now: datetime) -> Weights:
    """Weights that start at 0, with a curve that is none yet (see :func:`calibrated`). What the lexicon and the service
    signal already give is taken as given, so that nothing is counted twice. ``now`` (UTC) is what the lexicon takes for
    the present; its rules that hold only from some day on ask for it.

    Raises ImportError without SciPy, ValueError where one of the two labels is missing."""
    single = [name for name in names if " " not in name]
    known = ordinary_words(examples, single)
    reader = Reader(known, [tuple(name.encode("ascii", "replace").split()) for name in names], lexicon.lexicon.acronyms)
    stems_known = frozenset(map(stem, known)) - {name.encode("ascii", "replace") for name in single}
    found = [seen(example, reader, stems_known) for example in examples]
    given = [_given(example, lexicon, now) for example in examples]
    newest = max((example.day for example in examples if example.day), default=date.min)
    counts = [weight(example, newest) for example in examples]
    claims = [example.claim for example in examples]
    with_title = [i for i, one in enumerate(found) if one.title]
    with_text = [i for i, one in enumerate(found) if one.text]
    title = _fit(
        [found[i].title for i in with_title],
        _of(claims, with_title),
        _of(counts, with_title),
        [given[i][0] for i in with_title],
        TITLE_STRENGTH,
    )
    text = _fit(
        [found[i].text for i in with_text],
        _of(claims, with_text),
        _of(counts, with_text),
        [given[i][1] / TEXT_SHARE for i in with_text],
        TEXT_STRENGTH,
    )
    text = {feature: points * TEXT_SHARE for feature, points in text.items()}
    return Weights(
        version="",
        words=dict.fromkeys((word.decode() for word in known), 0.0) | _table(title, "w:"),
        stems=_table(title, "s:", smallest=SMALLEST),
        forms=_table(title, "f:", smallest=SMALLEST),
        text_words=_table(text, "w:"),
        text_forms=_table(text, "f:", smallest=SMALLEST),
        names=tuple(names),
        start=0.0,
        curve=NO_CURVE,
    )


def adjusted(
    weights: Weights, examples: Sequence[Example], points: Sequence[float], acronyms: Collection[str]
) -> Weights:
    """The weights with small corrections, so that the examples fit better. ``points`` is what they get now.

    Only words and forms that the weights know are corrected, so that nothing new (a name, say) is learned."""
    words = {word.encode() for word in (*weights.words, *weights.text_words)}
    barred = {name.encode("ascii", "replace") for name in weights.names if " " not in name}
    listed = [tuple(name.encode("ascii", "replace").split()) for name in weights.names]
    reader = Reader(frozenset(words - barred), listed, acronyms)
    found = [seen(example, reader, frozenset()) for example in examples]
    features = [
        {f"t{one}": share for one, share in item.title.items() if not one.startswith("s:")}
        | {f"x{one}": share for one, share in item.text.items()}
        for item in found
    ]
    counts = [1.0] * len(examples)
    change = _fit(features, [one.claim for one in examples], counts, [one - HALF_AT for one in points], DESK_STRENGTH)
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
            value = max(0.5, min(SUREST, honest - (honest - 0.5) * 2.0 ** (-2 * (points - HALF_AT))))
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


def _fit(
    found: Sequence[Mapping[str, float]],
    claims: list[bool],
    counts: list[float],
    already: list[float],
    strength: float,
) -> dict[str, float]:
    """Points by feature; both labels weigh the same in all, so that the sum is 0 where nothing is known."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.sparse import diags
    from scipy.special import expit

    kept = _kept(found, text=strength == TEXT_STRENGTH)
    matrix = _matrix(found, kept)
    label = np.array(claims)
    if label.all() or not label.any():
        raise ValueError("learning needs both claims and news")
    share = np.array(counts)
    share[label] *= share[~label].sum() / share[label].sum()
    share /= share.mean()
    for_claim = matrix.T @ (share * label) + 1.0
    for_news = matrix.T @ (share * ~label) + 1.0
    ratio = np.abs(np.log((for_claim / for_claim.sum()) / (for_news / for_news.sum())))
    scaled = (matrix @ diags(ratio)).tocsr()
    turned = scaled.T.tocsr()
    sign = np.where(label, 1.0, -1.0)
    given = np.array(already)

    def loss(beta: Any) -> tuple[float, Any]:
        margin = sign * (scaled @ beta[:-1] + beta[-1] + given)
        pull = -strength * share * sign * expit(-margin)
        value = strength * (share * np.logaddexp(0.0, -margin)).sum() + 0.5 * (beta @ beta)
        return float(value), np.append(turned @ pull, pull.sum()) + beta

    beta = minimize(loss, np.zeros(len(kept) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return dict(zip(kept, (beta[:-1] * ratio).tolist(), strict=True)) | {"f:always": float(beta[-1])}


def _kept(found: Sequence[Mapping[str, float]], *, text: bool) -> list[str]:
    count = Counter(feature for one in found for feature in one)
    least = {"w": TEXT_WORDS_FROM if text else WORDS_FROM, "s": STEMS_FROM, "f": FORMS_FROM}
    return sorted(feature for feature, times in count.items() if times >= least[feature.partition(":")[0][-1]])


def _matrix(found: Sequence[Mapping[str, float]], kept: Sequence[str]) -> csr_matrix:
    import numpy as np
    from scipy.sparse import csr_matrix

    column = {feature: i for i, feature in enumerate(kept)}
    rows = [[(column[feature], share) for feature, share in one.items() if feature in column] for one in found]
    starts = np.cumsum([0, *map(len, rows)])
    columns = np.array([i for row in rows for i, _ in row], dtype=np.int32)
    shares = np.array([share for row in rows for _, share in row])
    return csr_matrix((shares, columns, starts), shape=(len(found), len(kept)))
