"""From a reading to a message: readings, spikes, alerts, notices and deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from collector.model.bucket import Measure, Subject
from collector.model.judgement import Stance, Verdict
from collector.model.level import Level
from collector.model.phrase import Phrase
from collector.model.withheld import Hold


class ReadingState(StrEnum):
    """What a detector makes of one bucket."""

    QUIET = "quiet"
    SPIKE = "spike"
    MISSING = "missing"
    NOT_ENOUGH_HISTORY = "not_enough_history"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a detector says of the window that ends with one bucket.

    ``observed`` is the window's live count, ``expected`` the usual one (None where the method has none), ``limit`` the
    smallest count that is a spike, ``score`` how far above the usual on the detector's own scale.
    """

    bucket_start: datetime
    observed: int
    publishers: int
    score: float
    expected: float | None
    limit: float
    state: ReadingState
    reason: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike:
    """A reading in state ``spike``, with all that is needed to say why."""

    subject: Subject
    measure: Measure
    rule: str
    bucket_start: datetime
    window: timedelta
    observed: int
    expected: float | None
    limit: float
    score: float
    publishers: int
    detector: str
    detector_version: str
    reason: Phrase


class AlertState(StrEnum):
    FIRING = "firing"
    RESOLVED = "resolved"


class AlertReason(StrEnum):
    """Why an alert speaks now."""

    FIRST = "first"
    WORSE = "worse"
    STILL = "still"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One rule's alarm on one subject, from its first spike to its end. ``key`` is ``rule/subject``.

    At most one alert per key is firing. ``count`` is the latest window's, ``peak`` the largest so far;
    ``notified_count`` is what the receivers were last told, 0 where they never were. ``repeats`` counts the messages
    that said it lasts since it was new, got worse or was acknowledged. ``hushed_at`` and ``hushed_count`` are those of
    the last message that a silence or an acknowledgement kept back, since the receivers were last told.
    """

    id: int
    key: str
    rule: str
    subject: Subject
    measure: Measure
    state: AlertState
    opened_at: datetime
    last_spike_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    notified_at: datetime
    notified_count: int
    window: timedelta
    count: int
    peak: int
    expected: float | None
    limit: float
    publishers: int
    detector: str
    detector_version: str
    title: str
    summary: str
    level: Level = Level.RISING
    repeats: int = 0
    hushed_at: datetime | None = None
    hushed_count: int = 0

    @property
    def was_told(self) -> bool:
        """Whether its receivers were told of it, ever."""
        return self.notified_count > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEvent:
    """One moment in an alert's life, stored with its reason. ``hold``: why nobody was told; None: they were."""

    alert_id: int
    at: datetime
    reason: AlertReason
    count: int
    text: str
    hold: Hold | None = None


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one receiver: a row of the outbox.

    ``dedup_key`` is the same on every attempt (``Message-ID``, ``webhook-id``). ``notice`` is the JSON text of the
    :class:`Notice` to render, fixed when the delivery was made. While claimed, ``claimed_by``/``claimed_until`` hold
    the lease. ``alert_id`` is None for operator and test messages. ``recipient`` is one address of the receiver, where
    the others have the message already and only this one is still owed it.
    """

    id: int
    alert_id: int | None
    receiver: str
    reason: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    not_before_at: datetime
    claimed_by: str | None
    claimed_until: datetime | None
    sent_at: datetime | None
    last_error: str | None
    dedup_key: str
    notice: str
    recipient: str | None = None


class NoticeType(StrEnum):
    """What a message is about; the ``type`` of a webhook body."""

    FIRING = "alert.firing"
    UPDATED = "alert.updated"
    RESOLVED = "alert.resolved"
    DEGRADED = "system.degraded"
    CORRECTION = "issue.corrected"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedBefore:
    """The checked claim that an item repeats: the claim, what was found, by whom, and where to read it."""

    claim: str
    verdict: Verdict | None
    publisher: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One item shown as evidence in a message. ``phishing``: it looks like bait with a link, so its address is shown
    only in a form that cannot be clicked."""

    item_id: int
    title: str
    url: str | None
    publisher: str
    seen_at: datetime
    suspicion: float
    stance: Stance
    verdict: Verdict | None
    reasons: tuple[Phrase, ...]
    checked: CheckedBefore | None = None
    phishing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadingIssue:
    """One claim among those behind an alert, however many items carry it.

    ``lead`` is its most suspicious item (in an issue of fact-checks the newest), with the two strongest reasons.
    ``items`` and ``publishers`` are counted in the alert's window. ``first_seen_at`` is the claim's, which may lie
    before the window. ``issue_id`` is None where the items were not grouped yet; ``new``: not seen before the last
    message on this alert.
    """

    issue_id: int | None
    text: str
    first_seen_at: datetime
    items: int
    publishers: int
    lead: Exhibit
    checked: CheckedBefore | None = None
    new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SinceLast:
    """What came after the last message on the same alert, made ``at`` with ``count`` in its window. ``publishers``
    names those that had not been among the alert's before; ``issues`` counts claims."""

    at: datetime
    count: int
    items: int
    issues: int
    publishers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Everything a message says, independent of channel and language; kept with the delivery so that every attempt
    renders the same. Alert fields are None in operator and test messages, whose ``headline`` says it all.

    ``members`` are the notices of several alerts told in one message (:mod:`alerts.bundle`); ``digest`` says that they
    are those of a part of a day; ``link`` is the check that the desk names, typed by a person
    (corrections). ``daily_counts`` are None for days that nobody watched. ``baseline_days`` of the ``baseline_of`` days
    before the window were watched.
    """

    type: NoticeType
    at: datetime
    headline: Phrase
    why: Phrase
    alert_id: int | None = None
    rule: str | None = None
    subject: Subject | None = None
    topic_name: Phrase | None = None
    measure: Measure | None = None
    method: str | None = None
    method_version: str | None = None
    reason: AlertReason | None = None
    count: int | None = None
    expected: float | None = None
    limit: float | None = None
    publishers: int | None = None
    window_start_at: datetime | None = None
    window_end_at: datetime | None = None
    opened_at: datetime | None = None
    sources_polled: int | None = None
    sources_total: int | None = None
    failing: tuple[str, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    daily_counts: tuple[int | None, ...] = ()
    issues: tuple[LeadingIssue, ...] = ()
    since: SinceLast | None = None
    baseline_days: int | None = None
    baseline_of: int | None = None
    sensitivity: str | None = None
    peak: int | None = None
    members: tuple[Notice, ...] = ()
    digest: bool = False
    link: str | None = None
