"""Which of very many texts share the most with one: postings of rare features, then exact shares. Pure.

    features of the text, the rarest first ──> places that have them ──> the most promising few ──> shares either way

Made for a hundred thousand short texts that grow by one at a time. A text costs what its rare features cost: common
ones say little and have long postings, so they only count in the second step. Features are kept as numbers.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

POSTINGS = 6_000  # looked at for one text: where rare features have been looked up, commoner ones are left out
PROMISING = 24  # places whose shares are worked out


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A place, and how near it is: by their rarity, the features that both share among its own and among the text's."""

    place: int
    share: float


class Nearby:
    """Sets of features by place, counted from 0 in the order of adding."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}  # hash of a feature -> its number
        self._postings: list[int | array[int]] = []  # by number; one place stands alone, for most features have one
        self._df: array[int] = array("i")  # by number
        self._features: array[int] = array("i")  # of all places, one behind the other
        self._ends: array[int] = array("i", (0,))  # where the features of each place end

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, features: Iterable[str]) -> int:
        """The place of one more set of features."""
        place = len(self)
        for feature in features:
            number = self._numbers.setdefault(hash(feature), len(self._df))
            if number == len(self._df):
                self._df.append(1)
                self._postings.append(place)
            else:
                self._df[number] += 1
                self._note(number, place)
            self._features.append(number)
        self._ends.append(len(self._features))
        return place

    def _note(self, number: int, place: int) -> None:
        places = self._postings[number]
        if isinstance(places, int):
            self._postings[number] = array("i", (places, place))
        else:
            places.append(place)

    def rarity(self, feature: str) -> float:
        """Inverse document frequency, never negative."""
        number = self._numbers.get(hash(feature))
        df = 0 if number is None else self._df[number]
        return log(1 + (len(self) - df + 0.5) / (df + 0.5))

    def nearest(self, features: Iterable[str], limit: int, at_least: float) -> list[Neighbour]:
        """The places that share the most, from ``at_least`` (0..1) on; the nearest first, of equals the earliest."""
        known = [self._numbers.get(hash(feature)) for feature in features]
        own = np.array([number for number in known if number is not None], dtype=np.int32)
        places = self._promising(own) if len(own) else own
        if not len(places):
            return []
        unknown = (len(known) - len(own)) * log(1 + 2 * len(self) + 1)
        shares = self._shares(places, own, unknown)
        near = [Neighbour(int(place), float(share)) for place, share in zip(places, shares, strict=True)]
        near.sort(key=lambda one: (-one.share, one.place))
        return [one for one in near[:limit] if one.share >= at_least]

    def _promising(self, own: NDArray[np.int32]) -> NDArray[np.int32]:
        """The places that share the most of the text's rare features."""
        df = np.frombuffer(self._df, dtype=np.int32)[own]
        order = np.argsort(df, kind="stable")
        enough = max(1, int(np.searchsorted(np.cumsum(df[order]), POSTINGS)))
        rare = own[order[:enough]]
        found = [self._places(number) for number in rare.tolist()]
        places = np.concatenate(found)
        weights = np.repeat(self._rarities(rare), [len(one) for one in found])
        scores = np.bincount(places, weights=weights)
        candidates = np.flatnonzero(scores).astype(np.int32)
        if len(candidates) > PROMISING:
            best = np.argpartition(-scores[candidates], PROMISING - 1)[:PROMISING]
            candidates = candidates[best]
        chosen: NDArray[np.int32] = candidates
        return chosen

    def _shares(self, places: NDArray[np.int32], own: NDArray[np.int32], unknown: float) -> NDArray[np.float64]:
        """For each place the shared rarity, of its own features (0.6) and of the text's (0.4)."""
        spans = [self._features[self._ends[place] : self._ends[place + 1]] for place in places.tolist()]
        theirs = np.concatenate([np.frombuffer(span, dtype=np.int32) for span in spans])
        whose = np.repeat(np.arange(len(places)), [len(span) for span in spans])
        rarities = self._rarities(theirs)
        own.sort()
        both = own[np.minimum(np.searchsorted(own, theirs), len(own) - 1)] == theirs
        shared = np.bincount(whose, weights=rarities * both, minlength=len(places))
        total = np.bincount(whose, weights=rarities, minlength=len(places))
        mine = float(self._rarities(own).sum()) + unknown
        shares: NDArray[np.float64] = 0.6 * shared / np.maximum(total, 1e-9) + 0.4 * shared / max(mine, 1e-9)
        return shares

    def _rarities(self, numbers: NDArray[np.int32]) -> NDArray[np.float64]:
        df = np.frombuffer(self._df, dtype=np.int32)[numbers]
        found: NDArray[np.float64] = np.log(1 + (len(self) - df + 0.5) / (df + 0.5))
        return found

    def _places(self, number: int) -> NDArray[np.int32]:
        places = self._postings[number]
        if isinstance(places, int):
            return np.array((places,), dtype=np.int32)
        return np.frombuffer(places, dtype=np.int32)

    def forget(self, first: int) -> None:
        """Leave out the ``first`` places; the others move down. A second of work at 100,000 places."""
        cut = self._ends[first]
        kept = np.frombuffer(self._features, dtype=np.int32)[cut:]
        lengths = np.diff(np.frombuffer(self._ends, dtype=np.int32)[first:])
        ends = np.frombuffer(self._ends, dtype=np.int32)[first:] - cut
        old, new = np.unique(kept, return_inverse=True)
        places = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        sizes = np.bincount(new, minlength=len(old)).astype(np.int32)
        grouped = places[np.argsort(new, kind="stable")]
        renumbered = dict(zip(old.tolist(), range(len(old)), strict=True))
        self._numbers = {key: renumbered[number] for key, number in self._numbers.items() if number in renumbered}
        self._postings = list(_postings(grouped, sizes))
        self._df = array("i", sizes.tobytes())
        self._features = array("i", new.astype(np.int32).tobytes())
        self._ends = array("i", ends.astype(np.int32).tobytes())


def _postings(grouped: NDArray[np.int32], sizes: NDArray[np.int32]) -> Iterator[int | array[int]]:
    start = 0
    for size in sizes.tolist():
        yield int(grouped[start]) if size == 1 else array("i", grouped[start : start + size].tobytes())
        start += size
