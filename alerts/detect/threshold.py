"""``threshold``: at least so many in the window, from at least so many publishers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, tzinfo

import numpy as np

from alerts.detect.window import Block, blocks, publishers_in, running_sums, window_sums
from alerts.detect.wording import missing, quiet, too_few_publishers, why_threshold
from collector.model.alert import Reading, ReadingState
from collector.model.bucket import Series
from collector.model.calendar import PlannedEvent
from collector.model.rule import Rule


class ThresholdDetector:
    """A fixed floor. Needs no history, so it speaks from the first hour. ``score`` is the count over ``at_least``."""

    name = "threshold"
    version = "1"

    def __init__(self, zone: tzinfo | None = None, calendar: Sequence[PlannedEvent] = ()) -> None:
        """``zone`` and ``calendar``, which every detector is handed, play no part here."""

    def history(self, rule: Rule) -> timedelta:
        return rule.window

    def readings(self, batch: Sequence[Series], rule: Rule, *, last: int = 1) -> tuple[tuple[Reading, ...], ...]:
        found: dict[int, tuple[Reading, ...]] = {}
        for positions, block in blocks(batch):
            found.update(zip(positions, _read(block, rule, last), strict=True))
        return tuple(found[position] for position in range(len(batch)))


def _read(block: Block, rule: Rule, last: int) -> list[tuple[Reading, ...]]:
    ends = np.arange(max(0, block.hours - last), block.hours, dtype=np.int64)
    observed = window_sums(running_sums(block.live), ends, rule.window_hours)
    return [
        tuple(
            _reading(series, int(end), int(observed[row, column]), bool(block.covered[row, end]), rule)
            for column, end in enumerate(ends)
        )
        for row, series in enumerate(block.series)
    ]


def _reading(series: Series, end: int, observed: int, covered: bool, rule: Rule) -> Reading:
    enough = observed >= rule.at_least
    publishers = publishers_in(series, end, rule.window_hours) if enough else 0
    if enough and publishers >= rule.min_sources:
        state, reason = ReadingState.SPIKE, why_threshold(rule, observed, publishers)
    elif not covered:
        state, reason = ReadingState.MISSING, missing(rule, observed)
    elif enough:
        state, reason = ReadingState.QUIET, too_few_publishers(rule, observed, publishers)
    else:
        state, reason = ReadingState.QUIET, quiet(rule, observed, rule.at_least)
    return Reading(
        bucket_start=series.start_of(end),
        observed=observed,
        publishers=publishers,
        score=observed / rule.at_least,
        expected=None,
        limit=float(rule.at_least),
        state=state,
        reason=reason,
    )
