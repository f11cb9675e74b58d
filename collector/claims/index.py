"""Which checked claims come closest to a text: two inverted indexes in memory, fused. Pure.

Words: BM25 over stems, names, phrases, shared meanings and numbers. Spelling: cosine of character n-grams within
words, which finds what no list of spellings knows. Claims are added one by one; nothing is trained.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from collector.claims.quantity import Unit
from collector.claims.statement import Statement

Scores = NDArray[np.float64]

K1, B = 0.9, 0.35
SENSE_WEIGHT, PART_WEIGHT, RELATED_WEIGHT = 0.6, 0.5, 0.3
SPELLING_SHARE = 0.4  # of the fused score
GRAM = 3  # letters; longer ones found no more
TOO_COMMON = 0.15  # share of claims from which on an n-gram says nothing


@dataclass(frozen=True, slots=True)
class Near:
    """A claim near a text: its place in the index, the fused score, and its two parts (0..1)."""

    place: int
    score: float
    words: float
    spelling: float


class View(NamedTuple):
    """Where a feature stands, how much it counts there, and how rare it is."""

    places: NDArray[np.int32]
    weights: NDArray[np.float32]
    rarity: float


class Postings:
    """Feature -> places and weights. A feature's place is added once only."""

    def __init__(self) -> None:
        self._places: dict[str, array[int]] = {}
        self._weights: dict[str, array[float]] = {}
        self._rarities: dict[str, float] = {}
        self._views: dict[str, View] = {}  # an array that is looked at cannot grow
        self.count = 0

    def add(self, place: int, features: Mapping[str, float]) -> None:
        self._views.clear()
        self._rarities.clear()
        for feature, weight in features.items():
            places = self._places.get(feature)
            if places is None:
                self._places[feature] = array("i", (place,))
                self._weights[feature] = array("f", (weight,))
            else:
                places.append(place)
                self._weights[feature].append(weight)
        self.count = max(self.count, place + 1)

    def df(self, feature: str) -> int:
        """In how many places it stands."""
        places = self._places.get(feature)
        return len(places) if places else 0

    def rarity(self, feature: str) -> float:
        """Inverse document frequency, never negative."""
        known = self._rarities.get(feature)
        if known is None:
            df = self.df(feature)
            known = self._rarities[feature] = math.log(1 + (self.count - df + 0.5) / (df + 0.5))
        return known

    def gather(self, wanted: Iterable[tuple[str, float]]) -> Scores:
        """Sum of weight x weight per place."""
        found = [(view, factor) for feature, factor in wanted if (view := self.view(feature)) is not None]
        return self.sum(found)

    def sum(self, found: Sequence[tuple[View, float]]) -> Scores:
        """The same for features that were looked up before."""
        if not found:
            return np.zeros(self.count)
        places = np.concatenate([view.places for view, _ in found])
        weights = np.concatenate([view.weights for view, _ in found])
        factors = np.repeat([factor for _, factor in found], [len(view.places) for view, _ in found])
        sums: Scores = np.bincount(places, weights=weights * factors, minlength=self.count).astype(np.float64)
        return sums

    def view(self, feature: str) -> View | None:
        """The places of a feature, which must be let go before another is added."""
        view = self._views.get(feature)
        if view is None:
            places = self._places.get(feature)
            if places is None:
                return None
            weights = np.frombuffer(self._weights[feature], dtype=np.float32)
            view = View(np.frombuffer(places, dtype=np.int32), weights, self.rarity(feature))
            self._views[feature] = view
        return view


class ClaimIndex:
    """Statements of claims, found by statement. ``add`` returns the place of a claim."""

    def __init__(self) -> None:
        self._words = Postings()
        self._grams = Postings()
        self._norms: array[float] = array("f")
        self._length = 0.0

    def __len__(self) -> int:
        return self._words.count

    def add(self, statement: Statement) -> int:
        place = self._words.count
        features = word_features(statement)
        length = sum(features.values())
        self._length += length
        average = self._length / (place + 1)
        pressed = {
            feature: weight * (K1 + 1) / (weight + K1 * (1 - B + B * length / average))
            for feature, weight in features.items()
        }
        self._words.add(place, pressed)
        grams = _grams(statement.plain)
        self._grams.add(place, {gram: 1 + math.log(count) for gram, count in grams.items()})
        self._norms.append(math.sqrt(sum((1 + math.log(count)) ** 2 for count in grams.values())) or 1.0)
        return place

    def rarity(self, key: str) -> float:
        """How telling a stem or name is among the claims."""
        return self._words.rarity(key)

    def nearest(self, statement: Statement, limit: int, *, words_from: float = 0.0) -> list[Near]:
        """The claims nearest to a text, best first; only those that share anything with it. None where no claim's words
        score ``words_from``: the spelling is not looked at then."""
        if not len(self):
            return []
        words = self._by_words(statement)
        if words.max() < words_from:
            return []
        spelling = self._by_spelling(statement)
        fused = (1 - SPELLING_SHARE) * words + SPELLING_SHARE * spelling
        few = min(limit, len(fused))
        best = np.argpartition(-fused, few - 1)[:few]
        return [
            Near(int(place), float(fused[place]), float(words[place]), float(spelling[place]))
            for place in sorted(best, key=lambda place: (-fused[place], place))
            if fused[place] > 0
        ]

    def _by_words(self, statement: Statement) -> Scores:
        """BM25, divided by what the text would score against itself, were it short."""
        features = word_features(statement)
        wanted = [
            (feature, weight * self._words.rarity(feature))
            for feature, weight in features.items()
            if self._words.df(feature)
        ]
        own = min(sum(weight for _, weight in wanted), FULL_TEXT) or 1.0
        return self._words.gather(wanted) / own

    def _by_spelling(self, statement: Statement) -> Scores:
        """Cosine of character n-grams; those that many claims have are not looked up."""
        ceiling = max(3.0, TOO_COMMON * self._grams.count)
        wanted = []
        norm = 0.0
        for gram, count in _grams(statement.plain).items():
            view = self._grams.view(gram)
            if view is not None:
                frequency = 1.0 if count == 1 else 1 + math.log(count)
                norm += frequency * frequency
                if len(view.places) <= ceiling:
                    wanted.append((view, frequency * view.rarity))
        scale = (math.sqrt(norm) or 1.0) * math.log(1 + self._grams.count)
        return self._grams.sum(wanted) / (np.frombuffer(self._norms, dtype=np.float32) * scale)


FULL_TEXT = 60.0


def word_features(statement: Statement) -> dict[str, float]:
    """Stems, names, phrases and their parts, meanings, numbers; each with how much it counts."""
    found: dict[str, float] = defaultdict(float)
    for term in statement.terms:
        found[term.key] = max(found[term.key], 1.0)
        for part in term.parts:
            found[part] = max(found[part], PART_WEIGHT)
        for sense in term.senses:
            found[f"sense:{sense}"] = max(found[f"sense:{sense}"], SENSE_WEIGHT)
        for other in term.related:
            found[other] = max(found[other], RELATED_WEIGHT)
    for quantity in statement.quantities:
        if quantity.unit is not Unit.YEAR:
            found[f"{quantity.unit}:{quantity.value:.2g}"] = 1.0
    return dict(found)


def _grams(text: str) -> Counter[str]:
    """Of every word, with the blanks around it; words of one letter have none."""
    return Counter(chain.from_iterable(map(_grams_of, text.split())))


@lru_cache(maxsize=20_000)
def _grams_of(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(padded[at : at + GRAM] for at in range(len(padded) - GRAM + 1)) if len(padded) > GRAM else ()
