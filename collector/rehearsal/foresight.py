"""A detector that reads a month in one go and hands it out hour by hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from alerts.detect.base import Detector
from collector.model.alert import Reading
from collector.model.bucket import Series, Subject
from collector.model.clock import HOUR
from collector.model.rule import Rule
from collector.rehearsal.history import History, subjects_of

STRETCH = 28 * 24  # hours read at once, or the detector's own history where that is longer
KEPT = 3  # stretches in memory: an open alert looks back at most a fortnight


class Foresight:
    """The readings of ``detector`` for one rule. A reading rests on its hour and earlier ones only, so it does not
    matter that later hours were in the batch; what a watch is handed are the very readings it would have made itself.
    """

    def __init__(self, detector: Detector, history: History, rule: Rule) -> None:
        self.name = detector.name
        self.version = detector.version
        self._detector = detector
        self._history = history
        self._rule = rule
        self._first = history.span.start - HOUR
        self._hours = max(STRETCH, detector.history(rule) // HOUR)
        self._read: dict[int, Mapping[Subject, tuple[Reading, ...]]] = {}

    def history(self, rule: Rule) -> timedelta:
        """None: what came before is known here."""
        return timedelta(0)

    def readings(self, batch: Sequence[Series], rule: Rule, *, last: int = 1) -> tuple[tuple[Reading, ...], ...]:
        return tuple(self._of(series, last) for series in batch)

    def _of(self, series: Series, last: int) -> tuple[Reading, ...]:
        end = (series.start_of(len(series)) - self._first) // HOUR
        start = max(0, end - last)
        found: list[Reading] = []
        while start < end:
            stretch, offset = divmod(start, self._hours)
            readings = self._stretch(stretch)[series.subject][offset : offset + end - start]
            found.extend(readings)
            start += len(readings)
        return tuple(found)

    def _stretch(self, number: int) -> Mapping[Subject, tuple[Reading, ...]]:
        if number not in self._read:
            while len(self._read) >= KEPT:
                del self._read[min(self._read)]
            self._read[number] = self._look_ahead(self._first + number * self._hours * HOUR)
        return self._read[number]

    def _look_ahead(self, first: datetime) -> Mapping[Subject, tuple[Reading, ...]]:
        until = min(first + self._hours * HOUR, self._history.span.end) - HOUR
        batch = self._history.of_rule(self._rule, first - self._detector.history(self._rule), until)
        readings = self._detector.readings(batch, self._rule, last=(until - first) // HOUR + 1)
        return dict(zip(subjects_of(self._rule), readings, strict=True))
