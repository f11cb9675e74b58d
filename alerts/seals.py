"""Whether hours that were read before still hold what they held, asked of the store without reading them again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.model.bucket import Subject
from collector.model.clock import hour_of

DAY = timedelta(days=1)

Marks = Callable[[Sequence[Subject], datetime, datetime], tuple[int, ...] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The mark of one subject's hours from ``since`` up to ``until``."""

    since: datetime
    until: datetime
    mark: int


class Seals:
    """One per subject. ``marks`` as in :meth:`collector.store.base.Buckets.marks`; seal before you read, so that what
    changes meanwhile breaks the seal. ``back``: how far before the newest hours to look, at least; all of the span
    that was sealed where it is None."""

    def __init__(self, marks: Marks, *, back: timedelta | None = None) -> None:
        self._marks = marks
        self._back = back
        self._seals: dict[Subject, Seal] = {}

    def __contains__(self, subject: Subject) -> bool:
        return subject in self._seals

    def only(self, subjects: Iterable[Subject]) -> None:
        """Forget all others."""
        wanted = set(subjects)
        self._seals = {subject: seal for subject, seal in self._seals.items() if subject in wanted}

    def put(self, subjects: Sequence[Subject], since: datetime, until: datetime) -> bool:
        """False where the store has no marks of them."""
        since = self._from(since, until)
        marks = self._marks(subjects, since, until)
        if marks is None:
            return False
        for subject, mark in zip(subjects, marks, strict=True):
            self._seals[subject] = Seal(since=since, until=until, mark=mark)
        return True

    def unbroken(self, subjects: Iterable[Subject], until: datetime) -> list[Subject]:
        """Those that hold what they held when they were sealed; from now on they are sealed up to ``until``."""
        found: list[Subject] = []
        for (since, end), those in self._alike(subjects).items():
            if end > until:  # the clock was set back
                continue
            marks, more = self._marks(those, since, end), self._marks(those, end, until)
            if marks is None or more is None:
                continue
            same = []
            for subject, mark, added in zip(those, marks, more, strict=True):
                if mark == self._seals[subject].mark:
                    self._seals[subject] = Seal(since=since, until=until, mark=mark + added)
                    same.append(subject)
            if same and self._back is not None and since + self._back + DAY / 2 < until:
                self._shorten(same, since, until)
            found += same
        return found

    def _shorten(self, subjects: Sequence[Subject], since: datetime, until: datetime) -> None:
        """Leave out the oldest hours, by their marks: a mark of the others, taken now, might hold what changed since
        they were compared."""
        first = self._from(since, until)
        oldest = self._marks(subjects, since, first)
        if oldest is None:
            return
        for subject, mark in zip(subjects, oldest, strict=True):
            self._seals[subject] = Seal(since=first, until=until, mark=self._seals[subject].mark - mark)

    def _from(self, since: datetime, until: datetime) -> datetime:
        """A fixed hour, so that subjects sealed at different hours are asked about together."""
        if self._back is None:
            return since
        first = hour_of(until - self._back)
        return max(since, first.replace(hour=first.hour // 6 * 6))

    def _alike(self, subjects: Iterable[Subject]) -> dict[tuple[datetime, datetime], list[Subject]]:
        """By the span that is sealed."""
        alike: dict[tuple[datetime, datetime], list[Subject]] = {}
        for subject in subjects:
            seal = self._seals[subject]
            alike.setdefault((seal.since, seal.until), []).append(subject)
        return alike
