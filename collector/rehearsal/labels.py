"""What really happened, by somebody's list, and how the alerts stand to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.rehearsal.episode import Episode, Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """An event from ``start_at`` up to ``end_at``, on one topic or (None) on any."""

    name: str
    start_at: datetime
    end_at: datetime
    topic: str | None = None

    def __post_init__(self) -> None:
        if self.start_at >= self.end_at:
            raise ValueError(f"event {self.name}: it must end after it starts")

    def is_met_by(self, episode: Episode) -> bool:
        return (self.topic is None or self.topic == episode.subject.id) and episode.overlaps(self.start_at, self.end_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An event and the first alert open during it. ``delay`` is from its start; zero where one was open already."""

    label: Label
    episode: Episode | None

    @property
    def delay(self) -> timedelta | None:
        return None if self.episode is None else max(timedelta(0), self.episode.opened_at - self.label.start_at)

    @property
    def open_before(self) -> bool:
        return self.episode is not None and self.episode.opened_at < self.label.start_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """``false_alarms`` are the alerts that were open during no event."""

    findings: tuple[Finding, ...]
    false_alarms: tuple[Episode, ...]
    weeks: float

    @property
    def found(self) -> int:
        return sum(finding.episode is not None for finding in self.findings)

    @property
    def false_alarms_per_week(self) -> float:
        return len(self.false_alarms) / self.weeks


def assess(timeline: Timeline, labels: Sequence[Label]) -> Assessment:
    """Events outside the span are left out: nothing could be found there."""
    inside = [label for label in labels if label.start_at < timeline.span.end and label.end_at > timeline.span.start]
    return Assessment(
        findings=tuple(Finding(label=label, episode=_first(timeline, label)) for label in inside),
        false_alarms=tuple(
            episode for episode in timeline.episodes if not any(label.is_met_by(episode) for label in labels)
        ),
        weeks=timeline.span.weeks,
    )


def _first(timeline: Timeline, label: Label) -> Episode | None:
    return next((episode for episode in timeline.episodes if label.is_met_by(episode)), None)
