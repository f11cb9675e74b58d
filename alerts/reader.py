"""Readings for the watch: what each rule's detector says of each subject, without going through the past every time.

    known, as it was     ->  the newest hours   ->  recall
    new or corrected     ->  the whole history  ->  learn

Whether the last two days are as they were is asked of the store at every tick (:mod:`alerts.seals`), of the whole
history once an hour. Where the store cannot tell, two days are read at every tick, and the whole once an hour. A
detector that remembers nothing is handed the whole history at every tick.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from zlib import crc32

from alerts.detect.base import Detector, Remembering
from alerts.seals import Seals
from collector.model.alert import Reading
from collector.model.bucket import Series, Subject
from collector.model.clock import HOUR, hour_of
from collector.model.rule import Rule
from collector.store.base import Storage

CORRECTED_WITHIN = timedelta(hours=48)  # is noticed at once
CHECKED_EVERY = HOUR  # the whole past of a series, at the latest
LEARNT_AT_ONCE = 500  # months of hours of more would fill the memory


class Reader:
    """``detectors`` by the name a rule's ``method`` gives. Keeps a memory, which is only a cache."""

    def __init__(self, store: Storage, detectors: Mapping[str, Detector]) -> None:
        self._store = store
        self._detectors = detectors
        self._memories: dict[str, object] = {}
        self._pasts: dict[Rule, _Past] = {}

    def readings(
        self, rule: Rule, subjects: Sequence[Subject], now: datetime, *, last: int
    ) -> tuple[tuple[Reading, ...], ...]:
        """Of each subject's newest ``last`` hours, oldest first. The newest is the one that holds ``now``."""
        detector = self._detectors[rule.method]
        whole = detector.history(rule) + (last - 1) * HOUR
        if not isinstance(detector, Remembering):
            return detector.readings(self._series(rule, subjects, whole, now), rule, last=last)
        memory = self._memories.setdefault(rule.method, detector.memory())
        past = self._pasts.setdefault(rule, _Past(self._store, rule))
        past.only(subjects)
        settled = hour_of(now) + HOUR - detector.unsettled
        recent = detector.recent(rule, last=last)
        found: dict[Subject, tuple[Reading, ...]] = {}
        for known, back in (
            (past.as_it_was(settled), recent),
            (past.untold(), recent + CORRECTED_WITHIN),
        ):
            if known:
                batch = self._series(rule, known, back, now)
                recalled = detector.recall(batch, rule, memory, last=last)
                found.update((subject, row) for subject, row in zip(known, recalled, strict=True) if row is not None)
        past.check([subject for subject in subjects if subject in found], settled, now)
        others = [subject for subject in subjects if subject not in found or past.is_due(subject, now)]
        for first in range(0, len(others), LEARNT_AT_ONCE):
            some = others[first : first + LEARNT_AT_ONCE]
            with past.sealed(some, hour_of(now) - whole, settled, now):
                batch = self._series(rule, some, whole, now)
                found.update(zip(some, detector.learn(batch, rule, memory, last=last), strict=True))
        return tuple(found[subject] for subject in subjects)

    def _series(self, rule: Rule, subjects: Sequence[Subject], back: timedelta, now: datetime) -> tuple[Series, ...]:
        return self._store.buckets.series(
            subjects, rule.measure, hour_of(now) - back, now, suspicion_at_least=rule.suspicion_at_least
        )


class _Past:
    """What was learnt of a rule's subjects, and until when it need not be doubted."""

    def __init__(self, store: Storage, rule: Rule) -> None:
        def marks(subjects: Sequence[Subject], since: datetime, until: datetime) -> tuple[int, ...] | None:
            return store.buckets.marks(subjects, rule.measure, since, until, suspicion_at_least=rule.suspicion_at_least)

        self._recent = Seals(marks, back=CORRECTED_WITHIN)
        self._whole = Seals(marks)
        self._check_at: dict[Subject, datetime] = {}

    def only(self, subjects: Sequence[Subject]) -> None:
        """Forget all others."""
        if len(self._check_at) == len(subjects) and all(subject in self._check_at for subject in subjects):
            return
        self._recent.only(subjects)
        self._whole.only(subjects)
        wanted = set(subjects)
        self._check_at = {subject: at for subject, at in self._check_at.items() if subject in wanted}

    def as_it_was(self, settled: datetime) -> list[Subject]:
        """Those of whose last days the store says that nothing has changed."""
        return self._recent.unbroken([subject for subject in self._check_at if subject in self._recent], settled)

    def untold(self) -> list[Subject]:
        """Those of which the store cannot say whether anything has changed."""
        return [subject for subject in self._check_at if subject not in self._recent]

    def is_due(self, subject: Subject, now: datetime) -> bool:
        return self._check_at[subject] <= now

    def check(self, subjects: Sequence[Subject], settled: datetime, now: datetime) -> None:
        """Is the whole past of those that are due as it was?"""
        due = [subject for subject in subjects if subject in self._whole and self.is_due(subject, now)]
        for subject in self._whole.unbroken(due, settled):
            self._check_at[subject] = now + CHECKED_EVERY - _earlier(subject)

    @contextmanager
    def sealed(self, subjects: Sequence[Subject], since: datetime, settled: datetime, now: datetime) -> Iterator[None]:
        """They are read within. Where that fails they are read again, whatever is remembered of them."""
        self._forget(subjects)
        self._recent.put(subjects, since, settled)
        self._whole.put(subjects, since, settled)
        yield
        for subject in subjects:
            self._check_at[subject] = now + CHECKED_EVERY - _earlier(subject)

    def _forget(self, subjects: Sequence[Subject]) -> None:
        for subject in subjects:
            self._check_at.pop(subject, None)


def _earlier(subject: Subject) -> timedelta:
    """So that not all are checked at the same tick; the same for a subject every time."""
    return CHECKED_EVERY / 2 * (crc32(str(subject).encode()) / 2**32)
