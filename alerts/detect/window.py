"""Sliding windows over a batch of series, as arrays. Pure; shared by the detectors.

numpy is imported by the modules of this package only, and those are imported when a rule is first watched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collector.model.bucket import COVERED_FROM, Series

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Series of one length as columns: a row per series, a column per hour, oldest first."""

    series: tuple[Series, ...]
    live: Counts
    late: Counts
    backfill: Counts
    covered: Flags

    @property
    def hours(self) -> int:
        return int(self.live.shape[1])


def blocks(batch: Sequence[Series]) -> Iterator[tuple[tuple[int, ...], Block]]:
    """The batch in blocks of equal length, each with the positions its rows had in the batch."""
    by_length: dict[int, list[int]] = {}
    for position, series in enumerate(batch):
        by_length.setdefault(len(series), []).append(position)
    for positions in by_length.values():
        rows = tuple(batch[position] for position in positions)
        yield tuple(positions), _block(rows)


def _block(rows: tuple[Series, ...]) -> Block:
    count = np.array([series.count for series in rows], dtype=np.int64)
    backfill = np.array([series.backfill for series in rows], dtype=np.int64)
    coverage = np.array([series.coverage for series in rows], dtype=np.float64)
    late = np.array([series.late for series in rows], dtype=np.int64)
    return Block(series=rows, live=count - backfill, late=late, backfill=backfill, covered=coverage >= COVERED_FROM)


def running_sums(columns: Counts | Flags) -> Counts:
    """Cumulative sums with a leading zero: the sum over hours ``a`` up to ``b`` is ``sums[:, b] - sums[:, a]``."""
    rows, hours = columns.shape
    sums = np.zeros((rows, hours + 1), dtype=np.int64)
    np.cumsum(columns, axis=1, out=sums[:, 1:])
    return sums


def window_sums(sums: Counts, ends: Counts, hours: int) -> Counts:
    """Sums over the ``hours`` hours that end with each hour of ``ends`` (-1 and below: before the series, so 0)."""
    stop = np.clip(ends + 1, 0, None)
    start = np.clip(ends + 1 - hours, 0, None)
    difference: Counts = sums[:, stop] - sums[:, start]
    return difference


def publishers_in(series: Series, end: int, hours: int) -> int:
    """How many distinct publishers the window of ``hours`` hours that ends with hour ``end`` holds."""
    start = max(0, end + 1 - hours)
    return len(frozenset[str]().union(*series.publishers[start : end + 1]))
