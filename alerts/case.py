"""One rule's look at one subject: the readings and the alert that is open, if any. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from collector.model.alert import Alert, Reading, ReadingState, Spike
from collector.model.bucket import Measure, Subject
from collector.model.clock import HOUR
from collector.model.phrase import Phrase
from collector.model.reaction import Acknowledgement
from collector.model.rule import Rule
from collector.store.base import MentionFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``readings`` are hourly, oldest first, the newest of the current hour."""

    rule: Rule
    subject: Subject
    topic_name: Phrase
    detector: str
    detector_version: str
    readings: tuple[Reading, ...]
    open_alert: Alert | None = None
    ack: Acknowledgement | None = None

    @property
    def key(self) -> str:
        return alert_key(self.rule, self.subject)

    def spike(self, reading: Reading) -> Spike:
        """The reading, with all that is needed to say why."""
        return Spike(
            subject=self.subject,
            measure=self.rule.measure,
            rule=self.rule.name,
            bucket_start=reading.bucket_start,
            window=self.rule.window,
            observed=reading.observed,
            expected=reading.expected,
            limit=reading.limit,
            score=reading.score,
            publishers=reading.publishers,
            detector=self.detector,
            detector_version=self.detector_version,
            reason=reading.reason,
        )


def alert_key(rule: Rule, subject: Subject) -> str:
    """At most one alert of this key is firing."""
    return f"{rule.name}/{subject}"


def is_spike(reading: Reading) -> bool:
    return reading.state is ReadingState.SPIKE


def window_of(rule: Rule, reading: Reading) -> tuple[datetime, datetime]:
    """From when up to when the reading looked."""
    end_at = reading.bucket_start + HOUR
    return end_at - rule.window, end_at


def items_of(subject: Subject) -> MentionFilter:
    """Everything that bears on the subject; to be narrowed."""
    return MentionFilter(
        topic_id=subject.id if subject.kind == "topic" else None,
        issue_id=int(subject.id) if subject.kind == "issue" else None,
    )


def counted_items(rule: Rule, subject: Subject, start_at: datetime, end_at: datetime, limit: int) -> MentionFilter:
    """The items that the rule counts from ``start_at`` up to ``end_at``."""
    return replace(
        items_of(subject),
        since=start_at,
        until=end_at,
        measure=rule.measure,
        suspicion_at_least=rule.suspicion_at_least if rule.measure is Measure.SUSPICIOUS else None,
        include_backfill=False,
        limit=limit,
    )


def spiked_at(reading: Reading, now: datetime) -> datetime:
    """Now, or the last second of the reading's hour where that has passed; always within the hour."""
    return min(now, reading.bucket_start + HOUR - timedelta(seconds=1))
