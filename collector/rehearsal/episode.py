"""What a rehearsal brings: alerts from their first word to their end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from collector.model.alert import Alert, AlertEvent, Notice
from collector.model.bucket import Subject
from collector.rehearsal.history import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One alert that would have been. ``notices`` are its messages, one per event, as receivers would have had them.

    ``ended_at`` is None where it was still open when the rehearsal ended.
    """

    alert: Alert
    events: tuple[AlertEvent, ...]
    notices: tuple[Notice, ...]

    @property
    def rule(self) -> str:
        return self.alert.rule

    @property
    def subject(self) -> Subject:
        return self.alert.subject

    @property
    def opened_at(self) -> datetime:
        return self.alert.opened_at

    @property
    def ended_at(self) -> datetime | None:
        return self.alert.resolved_at

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether it was open at any moment from ``start`` up to ``end``."""
        return self.opened_at < end and (self.ended_at is None or self.ended_at >= start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """All episodes of a span, in the order in which they opened."""

    span: Span
    episodes: tuple[Episode, ...]

    @property
    def per_week(self) -> float:
        return len(self.episodes) / self.span.weeks

    def of_rule(self, name: str) -> tuple[Episode, ...]:
        return tuple(episode for episode in self.episodes if episode.rule == name)
