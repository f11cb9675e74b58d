"""Hours, and which clock counts.

A bucket is one UTC hour of one subject, half-open. An item counts in the hour in which it was *first seen*; its own
date only says whether it came late or is backfill. So a newly added feed with an old archive is no spike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from collector.model.clock import HOUR, hour_of
from collector.model.item import Timing

LATE_AT_MOST = timedelta(hours=48)
CLOCK_SKEW = timedelta(minutes=15)
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How an item is counted: its timing, its own date where usable, and a note where it is not."""

    timing: Timing
    published_at: datetime | None
    note: str | None


def place(published_at: datetime | None, seen_at: datetime, *, first_poll: bool) -> Placement:
    """Decide what an entry's own date is worth. ``first_poll``: the source was never read before.

    The one function that weighs ``published_at`` against our clock. A date more than 15 minutes ahead (feeds that call
    WIB "GMT" are 7 hours ahead) or before 1995 is noted and not used. Undated entries are backfill in a source's first
    poll and on time afterwards.
    """
    if published_at is None:
        return Placement(timing=_undated(first_poll), published_at=None, note="missing")
    if published_at > seen_at + CLOCK_SKEW:
        return Placement(timing=_undated(first_poll), published_at=None, note="future")
    if published_at < EARLIEST:
        return Placement(timing=_undated(first_poll), published_at=None, note="impossible")
    hour = hour_of(seen_at)
    if published_at >= hour:
        return Placement(timing=Timing.ON_TIME, published_at=published_at, note=None)
    late = published_at >= hour - LATE_AT_MOST
    return Placement(timing=Timing.LATE if late else Timing.BACKFILL, published_at=published_at, note=None)


def _undated(first_poll: bool) -> Timing:
    return Timing.BACKFILL if first_poll else Timing.ON_TIME


class Measure(StrEnum):
    """What a rule counts: suspicious items, debunks, items that repeat a claim found wrong before, or all mentions."""

    SUSPICIOUS = "suspicious"
    DEBUNKS = "debunks"
    MENTIONS = "mentions"
    KNOWN_CLAIMS = "known_claims"
    ISSUES = "issues"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose series it is. ``kind`` is ``topic`` now; ``issue`` and ``rule`` come later."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """One hour of a series.

    ``count`` is everything first seen in the hour; ``late`` and ``backfill`` say how many of those were. ``publishers``
    names the distinct publishers of the items that are not backfill. ``coverage`` (0..1) is the share of the sources
    that were being read; below one half the hour is missing, which is not zero.
    """

    subject: Subject
    start: datetime
    width: timedelta
    count: int
    late: int
    backfill: int
    publishers: frozenset[str]
    coverage: float

    def __post_init__(self) -> None:
        if not 0 <= self.backfill + self.late <= self.count:
            raise ValueError(f"late {self.late} and backfill {self.backfill} are parts of count {self.count}")

    @property
    def end(self) -> datetime:
        return self.start + self.width

    @property
    def covered(self) -> bool:
        return self.coverage >= COVERED_FROM

    @property
    def live(self) -> int:
        """What may raise an alarm: everything but backfill."""
        return self.count - self.backfill


COVERED_FROM = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Consecutive buckets of one subject as columns, oldest first; what detectors are given.

    All columns have the same length; hour ``i`` starts at ``start + i * width``.
    """

    subject: Subject
    measure: Measure
    start: datetime
    count: tuple[int, ...]
    late: tuple[int, ...]
    backfill: tuple[int, ...]
    publishers: tuple[frozenset[str], ...]
    coverage: tuple[float, ...]
    width: timedelta = HOUR

    def __post_init__(self) -> None:
        lengths = {len(self.count), len(self.late), len(self.backfill), len(self.publishers), len(self.coverage)}
        if len(lengths) != 1:
            raise ValueError("the columns of a series must have one length")

    def __len__(self) -> int:
        return len(self.count)

    def start_of(self, index: int) -> datetime:
        return self.start + index * self.width

    def buckets(self) -> Iterator[Bucket]:
        for i in range(len(self)):
            yield Bucket(
                subject=self.subject,
                start=self.start_of(i),
                width=self.width,
                count=self.count[i],
                late=self.late[i],
                backfill=self.backfill[i],
                publishers=self.publishers[i],
                coverage=self.coverage[i],
            )
