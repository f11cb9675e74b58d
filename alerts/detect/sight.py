"""From hours to what is judged, and back: steps of one hour or of one day, windows of several steps. Pure.

A step of a day is 24 hours that end with the hour asked for, so the reading moves with every hour; hours at the same
time of day share one series of days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from alerts.detect.fold import Assessment
from alerts.detect.gamma import Array
from alerts.detect.stretch import Columns, Wanted, place_of, read
from alerts.detect.tempo import DAY, Tempo
from alerts.detect.window import Block, Counts, Flags, running_sums, window_sums

DAY_COUNTS_FROM = 0.5  # share of its hours that were watched


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What is seen of the newest buckets: arrays (series, buckets), ``ends`` (buckets) says which they are.

    ``observed``, ``expected`` and ``limit`` are counts in the rule's window, ``score`` and ``learnt`` of the step that
    ends with the bucket. ``expected`` is nan where nothing was known."""

    ends: NDArray[np.int64]
    observed: Counts
    expected: Array
    limit: Array
    score: Array
    learnt: Array
    watched: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How to look: ``buckets`` make a step, ``steps`` a window; ``ahead`` of UTC is the local clock."""

    step: timedelta
    buckets: int
    steps: int
    tempo: Tempo
    threshold: float
    ahead: timedelta


def look(block: Block, planned: Array, view: View, last: int) -> Sight:
    """At the newest ``last`` buckets of every series."""
    looks = looks_at(block, planned, view, last)
    found = read([one.wanted for one in looks], view.tempo, threshold=view.threshold)
    return sight_of(block, view, last, looks, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """At hours of one time of day: ``at`` are places among the newest buckets asked for."""

    at: NDArray[np.int64]
    wanted: Wanted


def looks_at(block: Block, planned: Array, view: View, last: int, *, without: int = 0) -> list[Look]:
    """One look where steps are hours, up to 24 where they are days. The oldest ``without`` hours are not read: what
    they held cannot be told without the hours before them."""
    ends = np.arange(block.hours - last, block.hours, dtype=np.int64)
    looks = []
    for phase in sorted({int(end) % view.buckets for end in ends}):
        mine = np.nonzero(ends % view.buckets == phase)[0]
        columns = _columns(block, planned, view, int(ends[mine[-1]]), without)
        if columns is not None:
            wanted = min(columns.buckets, len(mine) + view.steps - 1)
            looks.append(Look(at=mine[-columns.buckets :], wanted=Wanted(columns=columns, last=wanted)))
    return looks


def sight_of(block: Block, view: View, last: int, looks: Sequence[Look], found: Sequence[Assessment]) -> Sight:
    """What the looks found, laid together."""
    shape = (len(block.series), last)
    ends = np.arange(block.hours - last, block.hours, dtype=np.int64)
    observed = window_sums(running_sums(block.live), ends, view.steps * view.buckets)
    expected, limit, score, learnt = (np.full(shape, value) for value in (np.nan, np.nan, 0.0, 0.0))
    for look_, seen in zip(looks, found, strict=True):
        columns, mine = look_.wanted.columns, look_.at
        usual = np.cumsum(
            np.pad(seen.expected * columns.exposure[:, -look_.wanted.last :], ((0, 0), (view.steps, 0))), axis=1
        )
        full = usual[:, view.steps :] - usual[:, : -view.steps]
        newest = slice(-len(mine), None)
        now = columns.exposure[:, newest] > 0
        rest = observed[:, mine] - columns.count[:, newest]
        expected[:, mine] = np.round(full[:, newest], 6)
        limit[:, mine] = np.round(rest + seen.limit[:, newest], 6)
        score[:, mine] = np.where(now, seen.score[:, newest], 0.0)
        learnt[:, mine] = seen.learnt[:, newest]
    watched = np.asarray(block.covered[:, ends])
    return Sight(
        ends=ends, observed=observed, expected=expected, limit=limit, score=score, learnt=learnt, watched=watched
    )


def _columns(block: Block, planned: Array, view: View, end: int, without: int) -> Columns | None:
    """Steps back from bucket ``end``; None where not even one is whole."""
    steps = (end + 1 - without) // view.buckets
    if steps <= 0:
        return None
    begin = end + 1 - steps * view.buckets
    start = block.series[0].start_of(begin)

    def cut(values: Array | Counts | Flags) -> Array:
        return values[:, begin : end + 1].reshape(len(values), steps, view.buckets).astype(np.float64)

    share = cut(block.covered).mean(axis=2)
    return Columns(
        count=(cut(_without_catch_up(block)) * cut(block.covered)).sum(axis=2),
        exposure=np.where(share >= DAY_COUNTS_FROM, share, 0.0),
        publishers=_publishers(block, begin, steps, view.buckets),
        joined=cut(block.backfill > 0).max(axis=2),
        planned=cut(planned).max(axis=2),
        first=place_of(start, view.step, view.ahead),
        width=view.step,
        part=_time_of_day(start + view.ahead) if view.step == DAY else 0.0,
    )


def _time_of_day(local: datetime) -> float:
    """As a share of the day."""
    return (local - local.replace(hour=0, minute=0, second=0, microsecond=0)) / DAY


def _without_catch_up(block: Block) -> Counts:
    """Live items; after an outage without those that came late, for they are the outage's and not this hour's."""
    before = np.concatenate([block.covered[:, :1], block.covered[:, :-1]], axis=1)
    catching_up = block.covered & ~before
    return np.maximum(np.where(catching_up, block.live - block.late, block.live), 0)


def _publishers(block: Block, begin: int, steps: int, buckets: int) -> Array:
    """Distinct publishers per step; -1 where items have none, as in a list that names no publishers."""
    found = np.empty((len(block.series), steps))
    for row, series in enumerate(block.series):
        names = series.publishers[begin : begin + steps * buckets]
        if buckets == 1:
            found[row] = [len(those) for those in names]
        else:
            found[row] = [
                len(frozenset[str]().union(*names[at : at + buckets])) for at in range(0, steps * buckets, buckets)
            ]
    live = block.live[:, begin : begin + steps * buckets].reshape(len(found), steps, buckets).sum(axis=2)
    result: Array = np.where((live > 0) & (found == 0), -1.0, found)
    return result
