"""Which past a bucket is judged by: a fold that begins at a fixed place of the calendar. Pure.

The calendar is cut into stretches of whole weeks. All buckets of a stretch are judged by one fold that begins
``warm_up`` weeks before the stretch, so what is said of a bucket depends on nothing but its own past of at least that
length: not on when the process was started, how much it was handed, or what else was in the batch. Hours for which
nothing was handed are as missing as hours in which nothing was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from alerts.detect.fold import Assessment, Grid, begin, fold
from alerts.detect.gamma import Array
from alerts.detect.season import buckets_in, season
from alerts.detect.tempo import Tempo

A_MONDAY = datetime(2001, 1, 1, tzinfo=UTC)
ABSENT = {"count": 0.0, "exposure": 0.0, "publishers": -1.0, "joined": 0.0, "planned": 0.0}  # what is not handed
FIELDS = ("score", "expected", "limit", "learnt")
BUCKETS_AT_ONCE = 512
ROWS_AT_ONCE = 2048  # fewer cost more calls per row, more do not fit into the processor's cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Series of one length, oldest bucket first: arrays (series, buckets) as in :class:`~alerts.detect.fold.Grid`.

    ``first`` counts buckets from a Monday's local midnight; ``part`` as in :class:`~alerts.detect.season.Season`.
    """

    count: Array
    exposure: Array
    publishers: Array
    joined: Array
    planned: Array
    first: int
    width: timedelta
    part: float = 0.0

    @property
    def buckets(self) -> int:
        return int(self.count.shape[1])

    @property
    def end(self) -> int:
        """The place after the newest bucket, counted as ``first`` is."""
        return self.first + self.buckets

    def some(self, series: slice | NDArray[np.int64]) -> Columns:
        return replace(self, **{field: getattr(self, field)[series] for field in ABSENT})

    def between(self, first: int, end: int) -> Columns:
        """The buckets from place ``first`` up to place ``end``, both within."""
        cut = slice(first - self.first, end - self.first)
        return replace(self, first=first, **{field: getattr(self, field)[:, cut] for field in ABSENT})

    def grid(self) -> Grid:
        return Grid(**{field: np.ascontiguousarray(getattr(self, field).T) for field in ABSENT})


def place_of(start: datetime, width: timedelta, offset: timedelta) -> int:
    """Which bucket it is, counted from a Monday's midnight in a zone that many hours ahead of UTC."""
    return (start + offset - A_MONDAY) // width


def past_needed(width: timedelta, tempo: Tempo) -> timedelta:
    """How far back a bucket's fold may begin."""
    return buckets_in(tempo.warm_up + tempo.stretch, width, tempo) * width


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The newest ``last`` buckets of every series in ``columns``."""

    columns: Columns
    last: int


def read(wanted: Sequence[Wanted], tempo: Tempo, *, threshold: float | None = None) -> list[Assessment]:
    """What is said of each, as (series, last). All have the same number of series; they are folded side by side."""
    found = [{field: np.full((len(one.columns.count), one.last), np.nan) for field in FIELDS} for one in wanted]
    spans = [[*spans_of(one.columns, tempo, one.last)] for one in wanted]
    series = max((len(one.columns.count) for one in wanted), default=0)
    at_once = max(1, ROWS_AT_ONCE // max(1, sum(map(len, spans))))
    for first in range(0, series, at_once):
        part = slice(first, first + at_once)
        some = [replace(one, columns=one.columns.some(part)) for one in wanted]
        into = [{field: array[part] for field, array in arrays.items()} for arrays in found]
        _read_part(some, spans, tempo, threshold, into)
    return [Assessment(**arrays) for arrays in found]


@dataclass(frozen=True, slots=True)
class Span:
    """A fold from ``start`` that judges from ``judged`` up to ``end``, as places in the columns (start may be < 0)."""

    start: int
    judged: int
    end: int


def spans_of(columns: Columns, tempo: Tempo, last: int) -> Iterator[Span]:
    """The folds that judge the newest ``last`` buckets."""
    buckets = columns.count.shape[1]
    warm_up = buckets_in(tempo.warm_up, columns.width, tempo)
    stretch = buckets_in(tempo.stretch, columns.width, tempo)
    at = buckets - last
    while at < buckets:
        base = (columns.first + at) // stretch * stretch - columns.first
        end = min(buckets, base + stretch)
        yield Span(base - warm_up, at, end)
        at = end


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Part:
    """The rows of one span. They take part from place ``first`` of the fold, where something was handed, to ``end``:
    before that nothing is learnt, and after it nothing asked. ``found`` begins with bucket ``before``."""

    columns: Columns
    span: Span
    before: int
    found: dict[str, Array]

    @property
    def first(self) -> int:
        return max(0, -self.span.start)

    @property
    def judged(self) -> int:
        return self.span.judged - self.span.start

    @property
    def end(self) -> int:
        return self.span.end - self.span.start

    def cut(self, field: str, first: int, end: int) -> Array:
        start = self.span.start
        values: Array = getattr(self.columns, field)[:, start + first : start + end]
        return values.T

    def lay(self, said: Assessment, rows: slice, first: int, end: int) -> None:
        into = slice(self.span.start + first - self.before, self.span.start + end - self.before)
        for field, array in self.found.items():
            array[:, into] = getattr(said, field)[:, rows].T


def _read_part(
    wanted: Sequence[Wanted],
    spans: Sequence[Sequence[Span]],
    tempo: Tempo,
    threshold: float | None,
    found: Sequence[dict[str, Array]],
) -> None:
    """One fold with a row per span and series; rows come and go as their spans begin and end."""
    every = [
        _Part(columns=one.columns, span=span, before=one.columns.buckets - one.last, found=arrays)
        for one, those, arrays in zip(wanted, spans, found, strict=True)
        for span in those
    ]
    if not every:
        return
    series = len(every[0].columns.count)
    whole = season(max(part.end for part in every), every[0].columns.width, tempo)
    known = begin(len(every) * series, whole, tempo)
    for first, end in _pieces(every):
        numbers = [number for number, part in enumerate(every) if part.first <= first < part.end]
        parts = [every[number] for number in numbers]
        rows = (np.array(numbers)[:, None] * series + np.arange(series)).ravel()
        shares = {part.columns.part for part in parts}
        share = shares.pop() if len(shares) == 1 else np.repeat([part.columns.part for part in parts], series)
        judging = [part.judged <= first for part in parts]
        after, said = fold(
            replace(known.some(rows), buckets=first),
            Grid(
                **{field: np.concatenate([part.cut(field, first, end) for part in parts], axis=1) for field in ABSENT}
            ),
            replace(whole, part=share).from_bucket(first),
            tempo,
            last=end - first if any(judging) else 0,
            threshold=threshold,
        )
        for array, new in zip(known.arrays(), after.arrays(), strict=True):
            array[..., rows] = new
        for number, part in enumerate(parts):
            if judging[number]:
                part.lay(said, slice(number * series, (number + 1) * series), first, end)


def _pieces(parts: Sequence[_Part]) -> Iterator[tuple[int, int]]:
    """Runs of places in the fold within which no row begins, ends, or begins to be judged; none is so long that its
    columns leave the processor's cache."""
    edges = {edge for part in parts for edge in (part.first, part.judged, part.end)}
    edges.update(range(min(edges), max(edges), BUCKETS_AT_ONCE))
    for first, end in pairwise(sorted(edges)):
        if any(part.first <= first < part.end for part in parts):
            yield first, end
