"""The detection seam."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Protocol, runtime_checkable

from collector.model.alert import Reading
from collector.model.bucket import Series
from collector.model.rule import Rule


class Detector(Protocol):
    """Reads series; keeps nothing between calls; looks at a bucket and earlier ones only (causal).

    Its factory is called with ``zone=``, the zone of the dates that its reasons name.

    ``history`` is how much past it wants to see before the first bucket it is asked about.
    """

    name: str
    version: str

    def history(self, rule: Rule) -> timedelta: ...

    def readings(self, batch: Sequence[Series], rule: Rule, *, last: int = 1) -> tuple[tuple[Reading, ...], ...]:
        """For each series the readings of its newest ``last`` buckets, oldest first.

        The window of ``rule`` ends with the bucket. ``at_least`` and ``min_sources`` always apply; backfill never
        counts; a missing bucket is not zero.
        """


@runtime_checkable
class Remembering(Detector, Protocol):
    """A detector whose caller may keep a memory for it, so that a new hour does not cost the whole past.

    What is said is what ``readings`` would say of the whole history. Only for hourly series. ``unsettled``: the newest
    hours, counted with the one just begun, which may still grow and are never remembered.
    """

    @property
    def unsettled(self) -> timedelta: ...

    def memory(self) -> Any:
        """An empty one."""

    def recent(self, rule: Rule, *, last: int = 1) -> timedelta:
        """How much ``recall`` wants to see before the newest hour. Whether anything before has been corrected it can
        only say as far as it is handed more."""

    def recall(
        self, batch: Sequence[Series], rule: Rule, memory: Any, *, last: int = 1
    ) -> tuple[tuple[Reading, ...] | None, ...]:
        """As ``readings``, of the newest hours alone; None for a series that has to be learnt (again). Hand in all
        subjects of a rule at once: others are forgotten when the hour is over."""

    def learn(
        self, batch: Sequence[Series], rule: Rule, memory: Any, *, last: int = 1
    ) -> tuple[tuple[Reading, ...], ...]:
        """As ``readings``, of the whole history, which is remembered."""
