"""Series and rules for tests about detection, said in few words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from collector.model.bucket import Measure, Series, Subject
from collector.model.clock import HOUR
from collector.model.rule import Rule

END = datetime(2026, 11, 25, 4, tzinfo=UTC)  # the first moment after the last hour


def hours(
    count: Sequence[int],
    *,
    late: Sequence[int] | None = None,
    backfill: Sequence[int] | None = None,
    coverage: Sequence[float] | None = None,
    publishers: int = 3,
    topic: str = "judi_online",
    start: datetime | None = None,
) -> Series:
    """Consecutive hours that end at ``END`` (or begin at ``start``), all covered unless told otherwise; where anything
    live was seen, by ``publishers`` outlets."""
    held_back = tuple(backfill or [0] * len(count))
    by = frozenset(f"outlet-{i}" for i in range(publishers))
    return Series(
        subject=Subject(kind="topic", id=topic),
        measure=Measure.SUSPICIOUS,
        start=start or END - len(count) * HOUR,
        count=tuple(count),
        late=tuple(late or [0] * len(count)),
        backfill=held_back,
        publishers=tuple(by if n - b else frozenset() for n, b in zip(count, held_back, strict=True)),
        coverage=tuple(coverage or [1.0] * len(count)),
    )


def rule(
    *,
    method: str = "threshold",
    window: int = 6,
    at_least: int = 5,
    min_sources: int = 2,
    times: float = 3.0,
    repeat_interval: timedelta = timedelta(hours=12),
    receivers: tuple[str, ...] = ("meja",),
    name: str = "lonjakan",
) -> Rule:
    """``window`` in hours."""
    return Rule(
        name=name,
        topics=("judi_online",),
        receivers=receivers,
        method=method,
        window=timedelta(hours=window),
        at_least=at_least,
        min_sources=min_sources,
        times=times,
        repeat_interval=repeat_interval,
    )
