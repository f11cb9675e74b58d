"""Folded states of series, kept by whoever asks again and again, so that a new hour costs an hour and not its past.

    seen before, nothing changed   ->  state + the newest buckets  ->  what is said
    new, or corrected, or long     ->  the whole past once more    ->  what is said, and the state for the next time

Only a cache: what is said is what the whole past would say (a test compares them), an empty memory after a restart
changes nothing, and whatever is dropped is read again. Every bucket that went into a state leaves an imprint. Buckets
handed in anew are compared with it, so one that was corrected since, or grew by late counts, is noticed, and the series
is read from the beginning. The newest buckets may still grow: they are never part of a state.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alerts.detect.fold import Assessment, Folded, begin, fold, with_arrays
from alerts.detect.gamma import Array
from alerts.detect.season import Season, season
from alerts.detect.stretch import FIELDS, Columns, Wanted, read, spans_of
from alerts.detect.tempo import Tempo

Imprints = NDArray[np.uint64]
Places = NDArray[np.int64]

BYTES_AT_MOST = 256 * 2**20
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd: multiplying by it loses nothing
_PRIMES = (0x100000001B3, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5, 0x85EBCA77C2B2AE63)


@dataclass(slots=True, kw_only=True)
class Shelf:
    """Series that are looked at alike, each folded from place ``start`` up to ``start + folded.buckets``.

    ``imprints`` (buckets, rows): after each of the newest buckets, and before the first of them; ``said`` what was said
    of them, as (rows, buckets).
    """

    rows: dict[Hashable, int]
    start: int
    folded: Folded
    imprints: Imprints
    said: dict[str, Array]

    @property
    def end(self) -> int:
        return self.start + self.folded.buckets

    @property
    def kept(self) -> int:
        return len(self.imprints) - 1

    def places(self, subjects: Sequence[Hashable]) -> Places:
        """The row of each; -1 where there is none."""
        return np.array([self.rows.get(subject, -1) for subject in subjects], dtype=np.int64)

    def is_all(self, row: Places) -> bool:
        return len(row) == self.folded.rows and bool(np.array_equal(row, np.arange(len(row))))

    @property
    def nbytes(self) -> int:
        arrays = (*self.folded.arrays(), self.imprints, *self.said.values())
        return sum(array.nbytes for array in arrays)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """``said`` of the series for which ``known`` is true; the others have to be handed in whole."""

    said: Assessment
    known: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """The newest ``last`` buckets of ``columns``. The newest ``unsettled`` ones may still grow; of so many settled ones
    as ``keep`` says what was said is kept."""

    columns: Columns
    last: int
    tempo: Tempo
    threshold: float
    unsettled: int
    keep: int

    @property
    def settled(self) -> int:
        """The place after the newest settled bucket."""
        return self.columns.end - self.unsettled

    @property
    def start(self) -> int:
        """Where the fold begins that judges the newest bucket."""
        (span,) = spans_of(self.columns, self.tempo, 1)
        return span.start + self.columns.first

    def of(self, series: Places) -> Ask:
        return replace(self, columns=self.columns.some(series))


class Memory:
    """``key`` says what a shelf is of: rule, width, time of day."""

    def __init__(self, bytes_at_most: int = BYTES_AT_MOST) -> None:
        self._shelves: dict[Hashable, Shelf] = {}
        self._bytes_at_most = bytes_at_most

    def __len__(self) -> int:
        """How many states there are."""
        return sum(shelf.folded.rows for shelf in self._shelves.values())

    @property
    def nbytes(self) -> int:
        return sum(shelf.nbytes for shelf in self._shelves.values())

    def knows(self, key: Hashable, subject: Hashable) -> bool:
        shelf = self._shelves.get(key)
        return shelf is not None and subject in shelf.rows

    def recall(self, key: Hashable, subjects: Sequence[Hashable], ask: Ask) -> Recalled:
        """From the newest buckets alone; the beginning of the series is not needed. Ask for all subjects of a shelf at
        once: the others are forgotten when the shelf moves on."""
        found = Assessment(**{field: np.full((len(subjects), ask.last), np.nan) for field in FIELDS})
        shelf = self._shelves.get(key)
        if shelf is None or not _fits(shelf, ask):
            return Recalled(said=found, known=np.zeros(len(subjects), dtype=np.bool_))
        row = shelf.places(subjects)
        known = (row >= 0) & _as_before(shelf, ask.columns, np.maximum(row, 0))
        places = np.nonzero(known)[0]
        if len(places):
            ours = shelf if shelf.is_all(row[places]) else _picked(shelf, row[places])
            some = replace(ask, columns=ask.columns.some(places))
            if some.settled > ours.end:
                ours = self._shelves[key] = _moved(ours, some.columns.between(ours.end, some.settled), some)
            _lay(found, places, _newest(ours, some))
        return Recalled(said=found, known=known)

    def learn(self, key: Hashable, subjects: Sequence[Hashable], ask: Ask) -> Assessment:
        """From the whole past, which is remembered. What is known already is compared with it, and kept if it fits."""
        found = Assessment(**{field: np.full((len(subjects), ask.last), np.nan) for field in FIELDS})
        shelf = self._shelves.get(key)
        if shelf is not None and (shelf.end != ask.settled or shelf.start != ask.start):
            shelf = None  # of an hour that has passed: what was recalled has moved on by now
            del self._shelves[key]
        row = np.full(len(subjects), -1)
        if shelf is not None and _fits(shelf, ask):
            row = shelf.places(subjects)
            row = np.where((row >= 0) & _whole_as_before(shelf, ask, np.maximum(row, 0)), row, -1)
            places = np.nonzero(row >= 0)[0]
            if len(places):
                _lay(found, places, _newest(_picked(shelf, row[places]), ask.of(places)))
        places = np.nonzero(row < 0)[0]
        if len(places):
            said, fresh = _fold_all([subjects[place] for place in places.tolist()], ask.of(places))
            _lay(found, places, said)
            if fresh is not None:
                self._shelves[key] = fresh if shelf is None else _joined(shelf, fresh)
                self._make_room(key)
        return found

    def _make_room(self, newest: Hashable) -> None:
        while self.nbytes > self._bytes_at_most and len(self._shelves) > 1:
            oldest = next(key for key in self._shelves if key != newest)
            del self._shelves[oldest]


# ------------------------------------------------------------ shelves


def _fits(shelf: Shelf, ask: Ask) -> bool:
    """Is all there that a continuation needs?"""
    reaches = ask.columns.first <= shelf.end <= ask.settled
    return reaches and shelf.start == ask.start and ask.last <= shelf.kept + ask.unsettled


def _as_before(shelf: Shelf, columns: Columns, row: Places) -> NDArray[np.bool_]:
    """Do the newest buckets that went into the states still hold what they held?"""
    again = columns.between(max(columns.first, shelf.end - shelf.kept), shelf.end)
    since = shelf.imprints[shelf.kept - again.buckets, row]
    same: NDArray[np.bool_] = _imprints(again, since)[-1] == shelf.imprints[-1, row]
    return same


def _whole_as_before(shelf: Shelf, ask: Ask, row: Places) -> NDArray[np.bool_]:
    """Do all the buckets that went into the states?"""
    again = ask.columns.between(max(ask.columns.first, shelf.start), shelf.end)
    same: NDArray[np.bool_] = _imprints(again, np.zeros(len(row), np.uint64))[-1] == shelf.imprints[-1, row]
    return same


def _imprints(columns: Columns, before: Imprints) -> Imprints:
    """Before the first bucket, and after each: (buckets + 1, rows)."""
    mixed = np.full(columns.count.shape, 1, dtype=np.uint64)
    exposure, publishers = columns.exposure * 2.0**20, columns.publishers + 2.0
    values = (columns.count, exposure, publishers, columns.joined, 2.0 * columns.planned)
    for value, prime in zip(values, _PRIMES, strict=True):
        mixed += np.rint(value).astype(np.uint64) * np.uint64(prime)
    found = np.empty((columns.buckets + 1, len(before)), dtype=np.uint64)
    found[0] = before
    for at in range(columns.buckets):
        found[at + 1] = found[at] * _BASE + mixed[:, at]
    return found


def _newest(shelf: Shelf, ask: Ask) -> dict[str, Array]:
    """What is said of the newest ``last`` buckets, from a shelf that holds all settled ones."""
    rest = ask.columns.between(ask.settled, ask.columns.end)
    when, last = _season(shelf, rest, ask.tempo), min(ask.last, rest.buckets)
    _, fresh = fold(shelf.folded, rest.grid(), when, ask.tempo, last=last, threshold=ask.threshold)
    said = {field: getattr(fresh, field).T for field in FIELDS}
    if last == ask.last:
        return said
    kept = shelf.kept - (ask.last - last)
    return {field: np.concatenate([shelf.said[field][:, kept:], said[field]], axis=1) for field in FIELDS}


def _moved(shelf: Shelf, new: Columns, ask: Ask) -> Shelf:
    """The shelf after these buckets, which follow its last."""
    folded, said = fold(
        shelf.folded, new.grid(), _season(shelf, new, ask.tempo), ask.tempo, last=new.buckets, threshold=ask.threshold
    )
    kept = {field: np.concatenate([shelf.said[field], getattr(said, field).T], axis=1) for field in FIELDS}
    imprints = np.concatenate([shelf.imprints, _imprints(new, shelf.imprints[-1])[1:]])
    return Shelf(
        rows=shelf.rows,
        start=shelf.start,
        folded=folded,
        imprints=imprints[-shelf.kept - 1 :],
        said={field: array[:, -shelf.kept :] for field, array in kept.items()},
    )


def _fold_all(subjects: Sequence[Hashable], ask: Ask) -> tuple[dict[str, Array], Shelf | None]:
    """What is said of the newest ``last`` buckets, and a shelf of all settled ones unless there are too few."""
    columns, tempo, rows = ask.columns, ask.tempo, len(subjects)
    newest = ask.keep + ask.unsettled
    if not ask.last <= newest <= columns.buckets:
        return _read(ask, ask.last), None
    one_fold = len([*spans_of(columns, tempo, newest)]) == 1
    past = columns.between(max(columns.first, ask.start), ask.settled)
    unseen = past.first - ask.start
    nothing = replace(begin(rows, season(0, columns.width, tempo), tempo), buckets=unseen)
    when = season(unseen + past.buckets, columns.width, tempo, columns.part).from_bucket(unseen)
    last = ask.keep if one_fold else 0
    folded, assessed = fold(nothing, past.grid(), when, tempo, last=last, threshold=ask.threshold)
    # Where a stretch begins among the newest buckets, those before it are judged by the fold before.
    said = _read(ask, newest) if not one_fold else {field: getattr(assessed, field).T for field in FIELDS}
    imprints = _imprints(past, np.zeros(rows, dtype=np.uint64))[-ask.keep - 1 :]
    before = np.zeros((ask.keep + 1 - len(imprints), rows), dtype=np.uint64)
    shelf = Shelf(
        rows={subject: row for row, subject in enumerate(subjects)},
        start=ask.start,
        folded=folded,
        imprints=np.concatenate([before, imprints]),
        said={field: array[:, : ask.keep].copy() for field, array in said.items()},
    )
    return _newest(shelf, ask) if one_fold else {field: array[:, -ask.last :] for field, array in said.items()}, shelf


def _read(ask: Ask, last: int) -> dict[str, Array]:
    (every,) = read([Wanted(columns=ask.columns, last=last)], ask.tempo, threshold=ask.threshold)
    return {field: getattr(every, field) for field in FIELDS}


def _season(shelf: Shelf, columns: Columns, tempo: Tempo) -> Season:
    place = columns.first - shelf.start
    return season(place + columns.buckets, columns.width, tempo, columns.part).from_bucket(place)


def _lay(found: Assessment, places: Places, said: dict[str, Array]) -> None:
    for field in FIELDS:
        getattr(found, field)[places] = said[field]


def _picked(shelf: Shelf, row: Places) -> Shelf:
    subjects = list(shelf.rows)
    return Shelf(
        rows={subjects[place]: new for new, place in enumerate(row)},
        start=shelf.start,
        folded=shelf.folded.some(row),
        imprints=shelf.imprints[:, row],
        said={field: array[row] for field, array in shelf.said.items()},
    )


def _joined(shelf: Shelf, other: Shelf) -> Shelf:
    """Both; what the second holds replaces what the first held."""
    old = np.array([row for subject, row in shelf.rows.items() if subject not in other.rows], dtype=np.int64)
    kept = _picked(shelf, old)
    pairs = zip(kept.folded.arrays(), other.folded.arrays(), strict=True)
    return Shelf(
        rows={subject: row for row, subject in enumerate((*kept.rows, *other.rows))},
        start=shelf.start,
        folded=with_arrays([np.concatenate(pair, axis=-1) for pair in pairs], shelf.folded.buckets),
        imprints=np.concatenate([kept.imprints, other.imprints], axis=1),
        said={field: np.concatenate([kept.said[field], other.said[field]]) for field in FIELDS},
    )
