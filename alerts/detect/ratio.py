"""``ratio``: so many times the usual, where the usual is the mean of the same hours of the 14 days before.

A window longer than a day would overlap with the windows of the days before it and raise its own usual; its 14 days
therefore begin where they no longer overlap. A day counts when at least half of its window's hours were covered; its
count is the covered hours' count, scaled up to the whole window, because a missing hour is not zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, tzinfo
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from alerts.detect.window import Block, blocks, publishers_in, running_sums, window_sums
from alerts.detect.wording import missing, not_enough_history, quiet_ratio, too_few_publishers, why_ratio
from collector.model.alert import Reading, ReadingState
from collector.model.bucket import Series
from collector.model.calendar import PlannedEvent
from collector.model.rule import Rule

DAYS = 14
DAYS_NEEDED = 7
HOURS_A_DAY = 24
_ROUNDING = 1e-9  # three times a third is one


class RatioDetector:
    """``score`` is the count over the usual (over ``at_least / times`` where that is more), so ``times`` is the limit.

    ``zone`` is only for the date named when history is too short; ``calendar`` plays no part.
    """

    name = "ratio"
    version = "1"

    def __init__(self, zone: tzinfo | None = None, calendar: Sequence[PlannedEvent] = ()) -> None:
        self._zone = zone or ZoneInfo("Asia/Jakarta")

    def history(self, rule: Rule) -> timedelta:
        return rule.window + timedelta(days=_first_lag(rule) + DAYS - 1)

    def readings(self, batch: Sequence[Series], rule: Rule, *, last: int = 1) -> tuple[tuple[Reading, ...], ...]:
        found: dict[int, tuple[Reading, ...]] = {}
        for positions, block in blocks(batch):
            found.update(zip(positions, self._read(block, rule, last), strict=True))
        return tuple(found[position] for position in range(len(batch)))

    def _read(self, block: Block, rule: Rule, last: int) -> list[tuple[Reading, ...]]:
        ends = np.arange(max(0, block.hours - last), block.hours, dtype=np.int64)
        observed = window_sums(running_sums(block.live), ends, rule.window_hours)
        usable, usual = _days_before(block, ends, rule)
        return [
            tuple(
                self._reading(
                    series,
                    int(end),
                    int(observed[row, column]),
                    bool(block.covered[row, end]),
                    usable[:, row, column],
                    float(usual[row, column]),
                    rule,
                )
                for column, end in enumerate(ends)
            )
            for row, series in enumerate(block.series)
        ]

    def _reading(
        self,
        series: Series,
        end: int,
        observed: int,
        covered: bool,
        usable: NDArray[np.bool_],
        usual: float,
        rule: Rule,
    ) -> Reading:
        days = int(usable.sum())
        known = days >= DAYS_NEEDED
        limit = max(float(rule.at_least), rule.times * usual) if known else float(rule.at_least)
        enough = observed >= limit - _ROUNDING
        publishers = publishers_in(series, end, rule.window_hours) if enough else 0
        if known and enough and publishers >= rule.min_sources:
            state, reason = ReadingState.SPIKE, why_ratio(rule, observed, publishers, usual, days)
        elif not covered:
            state, reason = ReadingState.MISSING, missing(rule, observed)
        elif not known:
            first = (series.start_of(end) + timedelta(days=_days_to_wait(usable))).astimezone(self._zone).date()
            state, reason = ReadingState.NOT_ENOUGH_HISTORY, not_enough_history(days, DAYS_NEEDED, first)
        elif enough:
            state, reason = ReadingState.QUIET, too_few_publishers(rule, observed, publishers)
        else:
            state, reason = ReadingState.QUIET, quiet_ratio(rule, observed, usual)
        return Reading(
            bucket_start=series.start_of(end),
            observed=observed,
            publishers=publishers,
            score=observed * rule.times / limit,
            expected=usual if known else None,
            limit=limit,
            state=state,
            reason=reason,
        )


def _first_lag(rule: Rule) -> int:
    """After how many days the same window no longer overlaps with itself."""
    return max(1, -(-rule.window_hours // HOURS_A_DAY))


def _days_before(block: Block, ends: NDArray[np.int64], rule: Rule) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Per lag (in days), series and end: was that day covered; and per series and end the mean over those days."""
    counts = running_sums(np.where(block.covered, block.live, 0))
    hours = running_sums(block.covered)
    first = _first_lag(rule)
    lags = range(first, first + DAYS)
    seen = np.stack([window_sums(counts, ends - lag * HOURS_A_DAY, rule.window_hours) for lag in lags])
    read = np.stack([window_sums(hours, ends - lag * HOURS_A_DAY, rule.window_hours) for lag in lags])
    usable = 2 * read >= rule.window_hours
    whole = np.where(usable, seen * rule.window_hours / np.maximum(read, 1), 0.0)
    days: NDArray[np.int64] = usable.sum(axis=0)
    return usable, whole.sum(axis=0) / np.maximum(days, 1)


def _days_to_wait(usable: NDArray[np.bool_]) -> int:
    """In how many days at the soonest there are enough: today's covered days grow older, new ones join."""
    return next(n for n in range(1, DAYS + 1) if int(usable[: DAYS - n].sum()) + n >= DAYS_NEEDED)
