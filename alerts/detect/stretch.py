"""Which past a bucket is judged by: a fold that begins at a fixed place of the calendar. Pure.

The calendar is cut into stretches of whole weeks. All buckets of a stretch are judged by one fold that begins
``warm_up`` weeks before the stretch, so what is said of a bucket depends on nothing but its own past of at least that
length: not on when the process was started, how much it was handed, or what else was in the batch. Hours for which
nothing was handed are as missing as hours in which nothing was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from alerts.detect.fold import Assessment, Grid, assess
from alerts.detect.gamma import Array
from alerts.detect.season import buckets_in, season
from alerts.detect.tempo import Tempo

A_MONDAY = datetime(2001, 1, 1, tzinfo=UTC)
ROWS_AT_ONCE = 1024  # fewer cost more calls per row, more do not fit into the processor's cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Series of one length, oldest bucket first: arrays (series, buckets) as in :class:`~alerts.detect.fold.Grid`.

    ``first`` counts buckets from a Monday's local midnight; ``part`` as in :func:`alerts.detect.season.season`.
    """

    count: Array
    exposure: Array
    publishers: Array
    joined: Array
    planned: Array
    first: int
    width: timedelta
    part: float = 0.0


def place_of(start: datetime, width: timedelta, offset: timedelta) -> int:
    """Which bucket it is, counted from a Monday's midnight in a zone that many hours ahead of UTC."""
    return (start + offset - A_MONDAY) // width


def past_needed(width: timedelta, tempo: Tempo) -> timedelta:
    """How far back a bucket's fold may begin."""
    return buckets_in(tempo.warm_up + tempo.stretch, width, tempo) * width


def read(columns: Columns, tempo: Tempo, *, last: int, threshold: float | None = None) -> Assessment:
    """The newest ``last`` buckets of every series, as (series, buckets)."""
    series = len(columns.count)
    fields = ("score", "expected", "limit", "learnt")
    whole = {field: np.full((series, last), np.nan) for field in fields}
    at_once = max(1, ROWS_AT_ONCE // len(list(_spans(columns, tempo, last))))
    for begin in range(0, series, at_once):
        part = slice(begin, begin + at_once)
        _read_part(_some(columns, part), tempo, last, threshold, {key: array[part] for key, array in whole.items()})
    return Assessment(**whole)


@dataclass(frozen=True, slots=True)
class _Span:
    """A fold from ``start`` that judges from ``judged`` up to ``end``, as places in the columns (start may be < 0)."""

    start: int
    judged: int
    end: int


def _spans(columns: Columns, tempo: Tempo, last: int) -> Iterator[_Span]:
    buckets = columns.count.shape[1]
    warm_up = buckets_in(tempo.warm_up, columns.width, tempo)
    stretch = buckets_in(tempo.stretch, columns.width, tempo)
    at = buckets - last
    while at < buckets:
        base = (columns.first + at) // stretch * stretch - columns.first
        end = min(buckets, base + stretch)
        yield _Span(base - warm_up, at, end)
        at = end


def _some(columns: Columns, part: slice) -> Columns:
    return Columns(
        count=columns.count[part],
        exposure=columns.exposure[part],
        publishers=columns.publishers[part],
        joined=columns.joined[part],
        planned=columns.planned[part],
        first=columns.first,
        width=columns.width,
        part=columns.part,
    )


def _read_part(columns: Columns, tempo: Tempo, last: int, threshold: float | None, found: dict[str, Array]) -> None:
    spans = list(_spans(columns, tempo, last))
    series, buckets = columns.count.shape
    length = max(span.end - span.start for span in spans)
    skipped = min(max(0, -span.start) for span in spans)  # before anything was handed, nothing is learnt
    judged = min(span.judged - span.start for span in spans)
    grid = Grid(
        count=_rows(columns.count, spans, skipped, length, 0.0),
        exposure=_rows(columns.exposure, spans, skipped, length, 0.0),
        publishers=_rows(columns.publishers, spans, skipped, length, -1.0),
        joined=_rows(columns.joined, spans, skipped, length, 0.0),
        planned=_rows(columns.planned, spans, skipped, length, 0.0),
    )
    when = season(length, columns.width, tempo, columns.part)
    result = assess(grid, when.from_bucket(skipped), tempo, last=length - judged, threshold=threshold)
    for number, span in enumerate(spans):
        rows = slice(number * series, (number + 1) * series)
        into = slice(span.judged - (buckets - last), span.end - (buckets - last))
        out = slice(span.judged - span.start - judged, span.end - span.start - judged)
        for field, array in found.items():
            array[:, into] = getattr(result, field)[out, rows].T


def _rows(values: Array, spans: list[_Span], skipped: int, length: int, absent: float) -> Array:
    """One row per span and series, (buckets, rows), ``absent`` where nothing was handed."""
    series = len(values)
    rows = np.full((length - skipped, len(spans) * series), absent)
    for number, span in enumerate(spans):
        start = max(span.start, 0)
        into = slice(start - span.start - skipped, span.end - span.start - skipped)
        rows[into, number * series : (number + 1) * series] = values[:, start : span.end].T
    return rows
