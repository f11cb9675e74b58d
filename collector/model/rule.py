"""When to speak, and to whom: one entry of ``rules`` in sources.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from collector.model.bucket import Measure
from collector.model.clock import HOUR


class Sensitivity(StrEnum):
    """How many false alarms ``auto`` may raise per topic: about one a quarter, a month, a week."""

    FEWER = "fewer"
    BALANCED = "balanced"
    MORE = "more"

    @property
    def period(self) -> str:
        return {"fewer": "quarter", "balanced": "month", "more": "week"}[self.value]


TOPICS_WITH_A_BUDGET = 20  # more topics share the false alarms of 20
ISSUES_A_TOPIC = 10  # a rule on issues looks at so many beside each other, and shares its false alarms among them


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One alert per topic, or per issue of its topics (``per``).

    ``topics`` is complete (all topics where the file names none); ``window`` is whole hours. ``suspicion_at_least``
    (0..1) decides which items a ``suspicious`` rule counts. ``times`` is used by ``ratio`` only.

    An alert is worse at ``worse_by`` times what was last told; the pause between repeats grows ``repeat_growth`` times
    with each; an hour is calm below ``resolve_below`` (0..1) of the count that is a spike.
    """

    name: str
    topics: tuple[str, ...]
    receivers: tuple[str, ...]
    measure: Measure = Measure.SUSPICIOUS
    per: str = "topic"
    method: str = "auto"
    window: timedelta = timedelta(hours=6)
    at_least: int = 5
    min_sources: int = 2
    times: float = 3.0
    suspicion_at_least: float = 0.5
    repeat_interval: timedelta = timedelta(hours=12)
    repeat_growth: float = 2.0
    worse_by: float = 1.5
    resolve_below: float = 0.75
    sensitivity: Sensitivity = Sensitivity.BALANCED

    def __post_init__(self) -> None:
        if self.window < HOUR or self.window % HOUR:
            raise ValueError(f"rule {self.name}: window must be whole hours")
        if not 0.0 <= self.suspicion_at_least <= 1.0:
            raise ValueError(f"rule {self.name}: suspicion_at_least must lie in 0..1")
        if self.per not in ("topic", "issue"):
            raise ValueError(f"rule {self.name}: per must be topic or issue")
        if self.at_least < 1 or self.min_sources < 1 or self.times <= 0:
            raise ValueError(f"rule {self.name}: at_least, min_sources and times must be positive")
        if self.worse_by <= 1 or self.repeat_growth < 1 or not 0.0 < self.resolve_below <= 1.0:
            raise ValueError(f"rule {self.name}: worse_by > 1, repeat_growth >= 1, resolve_below in 0..1")

    @property
    def window_hours(self) -> int:
        return int(self.window / HOUR)

    @property
    def watched_at_once(self) -> int:
        """How many series it looks at: each is a chance of a false alarm."""
        return len(self.topics) * (ISSUES_A_TOPIC if self.per == "issue" else 1)
