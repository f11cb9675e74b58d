"""What people answer to alerts: that they have seen one, and that they want to hear nothing for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SilenceKind(StrEnum):
    """What a silence is about."""

    TOPIC = "topic"
    RULE = "rule"
    ISSUE = "issue"
    SOURCE = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nobody is told of a topic, a rule or an issue, or of what only one source's items make an alert, until
    ``ends_at``. ``comment`` says why; ``expired_at`` is set where somebody ended it sooner."""

    id: int
    kind: SilenceKind
    target: str
    comment: str
    made_by: str
    made_at: datetime
    ends_at: datetime
    expired_at: datetime | None = None
    expired_by: str | None = None

    def __post_init__(self) -> None:
        if not self.comment.strip():
            raise ValueError("a silence needs a comment: why is it there?")
        if self.ends_at <= self.made_at:
            raise ValueError("a silence must end after it began")

    def holds_at(self, now: datetime) -> bool:
        return self.expired_at is None and now < self.ends_at


class AckEnd(StrEnum):
    """Why an acknowledgement is over."""

    WORSE = "worse"
    RESOLVED = "resolved"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """Somebody has an alert in hand: it is quiet until it gets worse than ``count``, or ends."""

    id: int
    alert_id: int
    made_by: str
    note: str
    made_at: datetime
    count: int
    ended_at: datetime | None = None
    ended_because: AckEnd | None = None
