"""When a receiver wants to be told: at once or in digests, and at which hours rather not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Literal

from collector.model.level import Level

GROUP_BY = ("rule", "topic", "level")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From ``start`` up to ``end`` on the clock of the configured zone; over midnight where ``end`` is smaller."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError("quiet hours begin and end at different times")

    def hold_at(self, clock: time) -> bool:
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``digest_at`` are times of the configured zone, used in mode ``digest``. Alerts at ``urgent_from`` or above wait
    for no digest and no morning (None: all wait). Alerts that start within ``group_wait`` go in one message, apart by
    what ``group_by`` names (:data:`GROUP_BY`)."""

    mode: Literal["realtime", "digest"] = "realtime"
    digest_at: tuple[time, ...] = ()
    urgent_from: Level | None = Level.EXTREME
    quiet_hours: QuietHours | None = None
    group_wait: timedelta = timedelta(0)
    group_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.mode == "digest" and not self.digest_at:
            raise ValueError("a digest needs digest_at")

    def is_urgent(self, level: Level) -> bool:
        return self.urgent_from is not None and level.rank >= self.urgent_from.rank
