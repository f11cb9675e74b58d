"""``auto``: speaks when a topic is unusually loud for the hour, the weekday and its own past.

A series of hours is read by the hour where the rule's window is shorter than a day, and by the day (24 hours that end
with the hour) where it is not. The arithmetic is in :mod:`alerts.detect.fold`; ``docs/explain/detection.md`` tells it
in words, with its sources and what was measured.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from importlib.resources import files
from math import isnan, log10
from zoneinfo import ZoneInfo

import numpy as np

from alerts.detect import wording
from alerts.detect.fold import DAMPED, EXCEPTIONAL
from alerts.detect.gamma import Array
from alerts.detect.memory import Ask, Memory
from alerts.detect.sight import Look, Sight, View, look, looks_at, sight_of
from alerts.detect.stretch import Wanted, past_needed
from alerts.detect.tempo import DAY, HOUR, tempo_of
from alerts.detect.window import Block, blocks, publishers_in
from collector.model.alert import Reading, ReadingState
from collector.model.bucket import Measure, Series
from collector.model.calendar import PlannedEvent
from collector.model.phrase import Phrase
from collector.model.rule import TOPICS_WITH_A_BUDGET, Rule, Sensitivity

THRESHOLDS = {Sensitivity.FEWER: 3.3, Sensitivity.BALANCED: 2.75, Sensitivity.MORE: 2.05}
# A planned day fills the pages, and with them what only looks suspicious. That fact-checkers find more to refute, that
# old claims return or new ones come, is news on such a day as on any other; only an example of other days it is not.
RISES_WITH_ATTENTION = frozenset({Measure.MENTIONS, Measure.SUSPICIOUS})
HOURS_UNSETTLED = 4  # the newest hours grow, and pages read afterwards are counted in the hour of their item
HOURS_KEPT = 96
DAYS_KEPT = 4
_A_WINTER_DAY = datetime(2024, 1, 1, tzinfo=UTC)


def threshold(rule: Rule) -> float:
    """The score from which the rule speaks.

    The budget of ``sensitivity`` holds per topic up to 20 topics; more topics, and the issues of a rule on issues,
    share the budget of 20 (the bar rises by the log of their number, after Bonferroni), so that a long list does not
    flood the desk.
    """
    return THRESHOLDS[rule.sensitivity] + log10(max(1.0, rule.watched_at_once / TOPICS_WITH_A_BUDGET))


def false_alarms(rule: Rule) -> float:
    """Days with a false alarm that the whole rule brings in a week, as measured, before ``at_least`` and
    ``min_sources`` remove any."""
    width = "day" if rule.window >= DAY else "hour"
    return _measured()[width][rule.sensitivity.value] * min(rule.watched_at_once, TOPICS_WITH_A_BUDGET)


@lru_cache(maxsize=1)
def _measured() -> dict[str, dict[str, float]]:
    """Days with a false alarm per topic and week, by width and sensitivity, as ``bench/spikes.py --budgets`` wrote."""
    text = files("alerts.detect").joinpath("false_alarms.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, float]] = json.loads(text)["days_a_week_per_topic"]
    return found


def watched_days_needed(rule: Rule) -> int:
    """Of the past, before the rule may speak."""
    width = DAY if rule.window >= DAY else HOUR
    return tempo_of(width).needed * width // DAY


class AutoDetector:
    """``score`` is minus the log10 of the share of ordinary buckets that reach as much; the limit is the count from
    which it passes the rule's threshold. ``calendar``: days known beforehand, on which more is to be expected."""

    name = "auto"
    version = "1"
    unsettled = HOURS_UNSETTLED * HOUR

    def __init__(self, zone: tzinfo | None = None, calendar: Sequence[PlannedEvent] = ()) -> None:
        self._zone = zone or ZoneInfo("Asia/Jakarta")
        # One distance from UTC for the whole year: a change of the clocks must not move a fold's beginning.
        self._ahead = self._zone.utcoffset(_A_WINTER_DAY) or timedelta(0)
        self._calendar = tuple(calendar)

    def history(self, rule: Rule) -> timedelta:
        width = DAY if rule.window >= DAY else HOUR
        return past_needed(width, tempo_of(width)) + rule.window

    def readings(self, batch: Sequence[Series], rule: Rule, *, last: int = 1) -> tuple[tuple[Reading, ...], ...]:
        found: dict[int, tuple[Reading, ...]] = {}
        for positions, block in blocks(batch):
            found.update(zip(positions, self._read(block, rule, last), strict=True))
        return tuple(found[position] for position in range(len(batch)))

    def memory(self) -> Memory:
        return Memory()

    def recent(self, rule: Rule, *, last: int = 1) -> timedelta:
        """A window before each of the ``last``, or what may have been unsettled when it was read last (by the day, the
        same hour of the day before), whichever is more."""
        unsettled = 3 * DAY if rule.window >= DAY else self.unsettled + HOUR
        return max(rule.window, unsettled) + last * HOUR

    def recall(
        self, batch: Sequence[Series], rule: Rule, memory: Memory, *, last: int = 1
    ) -> tuple[tuple[Reading, ...] | None, ...]:
        """The readings of :meth:`readings`, for hourly series of which only the end is handed in; None for those that
        are not remembered, or were corrected."""
        found: dict[int, tuple[Reading, ...] | None] = {}
        for positions, block in blocks(batch):
            view, subjects = self._view(HOUR, rule), [series.subject for series in block.series]
            looks = looks_at(block, self._planned(block, rule), view, last, without=1)
            recalled = [memory.recall(_key(rule, one), subjects, _ask(one.wanted, view)) for one in looks]
            known = np.all([np.ones(len(subjects), np.bool_), *(one.known for one in recalled)], axis=0)
            sight = sight_of(block, view, last, looks, [one.said for one in recalled])
            for row, position in enumerate(positions):
                found[position] = self._row(block, row, sight, view, rule) if looks and known[row] else None
        return tuple(found[position] for position in range(len(batch)))

    def learn(
        self, batch: Sequence[Series], rule: Rule, memory: Memory, *, last: int = 1
    ) -> tuple[tuple[Reading, ...], ...]:
        """The readings of :meth:`readings`, for hourly series handed in as far as ``history`` says; what comes of them
        is remembered, and what was remembered is compared with them."""
        found: dict[int, tuple[Reading, ...]] = {}
        for positions, block in blocks(batch):
            view, subjects = self._view(HOUR, rule), [series.subject for series in block.series]
            newest = min(last, block.hours)
            looks = looks_at(block, self._planned(block, rule), view, newest, without=1)
            learnt = [memory.learn(_key(rule, one), subjects, _ask(one.wanted, view)) for one in looks]
            sight = sight_of(block, view, newest, looks, learnt)
            found.update((position, self._row(block, row, sight, view, rule)) for row, position in enumerate(positions))
        return tuple(found[position] for position in range(len(batch)))

    def _read(self, block: Block, rule: Rule, last: int) -> list[tuple[Reading, ...]]:
        last = min(last, block.hours)
        if last == 0:
            return [() for _ in block.series]
        view = self._view(block.series[0].width, rule)
        sight = look(block, self._planned(block, rule), view, last)
        return [self._row(block, row, sight, view, rule) for row in range(len(block.series))]

    def _row(self, block: Block, row: int, sight: Sight, view: View, rule: Rule) -> tuple[Reading, ...]:
        series = block.series[row]
        return tuple(self._reading(series, row, column, sight, view, rule) for column in range(len(sight.ends)))

    def _view(self, width: timedelta, rule: Rule) -> View:
        step = max(width, DAY if rule.window >= DAY else HOUR) if width >= HOUR else width
        return View(
            step=step,
            buckets=step // width,
            steps=max(1, rule.window // step) if step >= HOUR else 1,
            tempo=tempo_of(step),
            threshold=threshold(rule),
            ahead=self._ahead,
        )

    def _planned(self, block: Block, rule: Rule) -> Array:
        flags = np.zeros((len(block.series), block.hours))
        kind = DAMPED if block.series[0].measure in RISES_WITH_ATTENTION else EXCEPTIONAL
        start, width = block.series[0].start, block.series[0].width
        for event in self._calendar:
            begin, end = event.near(self._zone)
            span = slice(max(0, (begin - start) // width), max(0, -((start - end) // width)))
            for row, series in enumerate(block.series):
                flags[row, span] = np.maximum(flags[row, span], kind * _concerns(event, series, rule))
        return flags

    def _reading(self, series: Series, row: int, column: int, sight: Sight, view: View, rule: Rule) -> Reading:
        end = int(sight.ends[column])
        observed, score = int(sight.observed[row, column]), float(sight.score[row, column])
        expected, limit = float(sight.expected[row, column]), float(sight.limit[row, column])
        known = sight.learnt[row, column] >= view.tempo.needed and not isnan(expected)
        limit = max(float(rule.at_least), limit) if known else float(rule.at_least)
        unusual = score >= view.threshold
        enough = unusual and observed >= rule.at_least
        publishers = publishers_in(series, end, view.buckets * view.steps) if enough else 0
        if known and enough and publishers >= rule.min_sources:
            state, reason = (
                ReadingState.SPIKE,
                wording.why_auto(rule, observed, publishers, expected, limit, score, view.step),
            )
        elif not sight.watched[row, column]:
            state, reason = ReadingState.MISSING, wording.missing(rule, observed)
        elif not known:
            state, reason = (
                ReadingState.NOT_ENOUGH_HISTORY,
                self._too_early(series, end, sight.learnt[row, column], view),
            )
        elif enough:
            state, reason = ReadingState.QUIET, wording.too_few_publishers(rule, observed, publishers)
        else:
            state, reason = ReadingState.QUIET, wording.quiet_auto(rule, observed, expected, limit, unusual)
        return Reading(
            bucket_start=series.start_of(end),
            observed=observed,
            publishers=publishers,
            score=score,
            expected=expected if known else None,
            limit=limit,
            state=state,
            reason=reason,
        )

    def _too_early(self, series: Series, end: int, learnt: float, view: View) -> Phrase:
        first = series.start_of(end) + (view.tempo.needed - int(learnt)) * view.step
        days, needed = int(learnt * view.step / DAY), int(view.tempo.needed * view.step / DAY)
        return wording.not_enough_history(days, needed, first.astimezone(self._zone).date())


def _key(rule: Rule, look_: Look) -> tuple[object, ...]:
    """Rules keep their states apart: they ask for their own topics, at their own thresholds."""
    columns = look_.wanted.columns
    return rule, columns.width, columns.part


def _ask(wanted: Wanted, view: View) -> Ask:
    by_day = view.step >= DAY
    return Ask(
        columns=wanted.columns,
        last=wanted.last,
        tempo=view.tempo,
        threshold=view.threshold,
        unsettled=1 if by_day else HOURS_UNSETTLED,
        keep=view.steps + (DAYS_KEPT if by_day else HOURS_KEPT),
    )


def _concerns(event: PlannedEvent, series: Series, rule: Rule) -> float:
    """An issue belongs to some topic of the rule."""
    topics = (series.subject.id,) if series.subject.kind == "topic" else rule.topics
    return float(any(event.concerns(topic) for topic in topics))
