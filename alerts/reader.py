"""Readings for the watch: what each rule's detector says of each subject, without going through the past every time.

    known, unchanged   ->  the newest hours   ->  recall
    new or corrected   ->  the whole history  ->  learn
    once an hour each  ->  the whole history  ->  learn, which notices corrections further back

A detector that remembers nothing is handed the whole history at every tick.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zlib import crc32

from alerts.detect.base import Detector, Remembering
from collector.model.alert import Reading
from collector.model.bucket import Series, Subject
from collector.model.clock import HOUR, hour_of
from collector.model.rule import Rule
from collector.store.base import Storage

CHECKED_EVERY = HOUR  # the whole past of a series, at the latest
LEARNT_AT_ONCE = 500  # months of hours of more would fill the memory


class Reader:
    """``detectors`` by the name a rule's ``method`` gives. Keeps a memory, which is only a cache."""

    def __init__(self, store: Storage, detectors: Mapping[str, Detector]) -> None:
        self._store = store
        self._detectors = detectors
        self._memories: dict[str, object] = {}
        self._check_at: dict[Rule, dict[Subject, datetime]] = {}

    def readings(
        self, rule: Rule, subjects: Sequence[Subject], now: datetime, *, last: int
    ) -> tuple[tuple[Reading, ...], ...]:
        """Of each subject's newest ``last`` hours, oldest first. The newest is the one that holds ``now``."""
        detector = self._detectors[rule.method]
        whole = detector.history(rule) + (last - 1) * HOUR
        if not isinstance(detector, Remembering):
            return detector.readings(self._series(rule, subjects, whole, now), rule, last=last)
        memory = self._memories.setdefault(rule.method, detector.memory())
        check_at = self._check_at.get(rule, {})
        found: dict[Subject, tuple[Reading, ...]] = {}
        known = [subject for subject in subjects if subject in check_at]
        if known:
            batch = self._series(rule, known, detector.recent(rule, last=last), now)
            recalled = detector.recall(batch, rule, memory, last=last)
            found = {subject: row for subject, row in zip(known, recalled, strict=True) if row is not None}
        others = [subject for subject in subjects if subject not in found or check_at[subject] <= now]
        for first in range(0, len(others), LEARNT_AT_ONCE):
            some = others[first : first + LEARNT_AT_ONCE]
            batch = self._series(rule, some, whole, now)
            found.update(zip(some, detector.learn(batch, rule, memory, last=last), strict=True))
        again = {subject: now + CHECKED_EVERY - _earlier(subject) for subject in others}
        self._check_at[rule] = {subject: again.get(subject) or check_at[subject] for subject in subjects}
        return tuple(found[subject] for subject in subjects)

    def _series(self, rule: Rule, subjects: Sequence[Subject], back: timedelta, now: datetime) -> tuple[Series, ...]:
        return self._store.buckets.series(
            subjects, rule.measure, hour_of(now) - back, now, suspicion_at_least=rule.suspicion_at_least
        )


def _earlier(subject: Subject) -> timedelta:
    """So that not all are checked at the same tick; the same for a subject every time."""
    return CHECKED_EVERY / 2 * (crc32(str(subject).encode()) / 2**32)
