"""The detection seam."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

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
