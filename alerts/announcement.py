"""The words and envelopes of an alert that speaks: title, notice, one delivery per receiver. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from alerts import catalogue
from alerts.case import Case, is_spike, window_of
from alerts.dossier import BASELINE_DAYS, Dossier
from alerts.notice import to_json
from alerts.policy import Speak, Withhold
from collector.model.alert import Alert, AlertReason, Delivery, DeliveryState, Notice, NoticeType, Reading
from collector.model.bucket import Measure
from collector.model.phrase import Language, Phrase

_KEYS = UUID("6f2f6f0e-3c37-5d0f-9a44-2f1f4f5f7c11")  # namespace of delivery keys

NOTICE_TYPES = {
    AlertReason.FIRST: NoticeType.FIRING,
    AlertReason.WORSE: NoticeType.UPDATED,
    AlertReason.STILL: NoticeType.UPDATED,
    AlertReason.RESOLVED: NoticeType.RESOLVED,
}

RULE_GONE = Phrase(
    id="Ditutup: aturan atau topiknya tidak lagi ada di sources.yaml.",
    en="Closed: its rule or topic is no longer in sources.yaml.",
)


def title(case: Case, reading: Reading) -> Phrase:
    """``Judi online, 34 sebutan mencurigakan (biasa 6), 9 sumber``, with the topic's whole name."""
    name = case.topic_name
    return Phrase(id=_title(case, reading, name.id, "id"), en=_title(case, reading, name.en, "en"))


def headline(case: Case, reading: Reading) -> Phrase:
    """The same for a subject line: what and how many stand within its first 60 characters."""
    brief = Phrase(id=catalogue.short_name(case.topic_name.id), en=catalogue.short_name(case.topic_name.en))
    return Phrase(id=_title(case, reading, brief.id, "id"), en=_title(case, reading, brief.en, "en"))


def _title(case: Case, reading: Reading, name: str, language: Language) -> str:
    counted = catalogue.counted(reading.observed, catalogue.MEASURES[case.rule.measure], language)
    by = f", {catalogue.sources(reading.publishers, language)}" if is_spike(reading) else ""
    words = f"{name}, {counted} ({_beside(reading, language)}){by}"
    return (
        words
        if case.rule.measure is not Measure.KNOWN_CLAIMS
        else catalogue.say("checked_again", language, title=words)
    )


def _beside(reading: Reading, language: Language) -> str:
    """The figure to compare with: the usual where the method has one, else the limit."""
    if reading.expected is not None:
        return catalogue.say("usually", language, expected=catalogue.number(reading.expected, language))
    return catalogue.say("of_limit", language, limit=catalogue.number(reading.limit, language))


def notice_of(case: Case, alert: Alert, speak: Speak | Withhold, dossier: Dossier, now: datetime) -> Notice:
    """Everything the message will say, whatever the language and the channel."""
    reading = speak.reading
    start_at, end_at = window_of(case.rule, reading)
    return Notice(
        type=NOTICE_TYPES[speak.reason],
        at=now,
        headline=headline(case, reading),
        why=speak.why,
        alert_id=alert.id,
        rule=case.rule.name,
        subject=case.subject,
        topic_name=case.topic_name,
        measure=case.rule.measure,
        method=case.detector,
        method_version=case.detector_version,
        reason=speak.reason,
        count=reading.observed,
        expected=reading.expected,
        limit=reading.limit,
        publishers=reading.publishers,
        window_start_at=start_at,
        window_end_at=end_at,
        opened_at=alert.opened_at,
        sources_polled=dossier.sources.polled,
        sources_total=dossier.sources.total,
        failing=dossier.sources.failing,
        exhibits=dossier.exhibits,
        daily_counts=dossier.daily_counts,
        issues=dossier.issues,
        since=dossier.since,
        baseline_days=dossier.baseline_days,
        baseline_of=None if dossier.baseline_days is None else BASELINE_DAYS,
        sensitivity=case.rule.sensitivity.value if case.rule.method == "auto" else None,
        peak=alert.peak,
    )


def closing_notice(alert: Alert, topic_name: Phrase, now: datetime) -> Notice:
    """For an alert whose rule or topic is no longer configured."""
    return Notice(
        type=NoticeType.RESOLVED,
        at=now,
        headline=topic_name,
        why=RULE_GONE,
        alert_id=alert.id,
        rule=alert.rule,
        subject=alert.subject,
        topic_name=topic_name,
        measure=alert.measure,
        method=alert.detector,
        method_version=alert.detector_version,
        reason=AlertReason.RESOLVED,
        opened_at=alert.opened_at,
    )


def deliveries(alert: Alert, notice: Notice, reason: AlertReason, receivers: Sequence[str]) -> tuple[Delivery, ...]:
    """One per receiver, all with the same notice."""
    text = to_json(notice)
    return tuple(
        pending(
            receiver,
            text,
            reason=reason.value,
            key=delivery_key(alert, reason, notice.at, receiver),
            at=notice.at,
            alert_id=alert.id,
        )
        for receiver in receivers
    )


def delivery_key(alert: Alert, reason: AlertReason, at: datetime, receiver: str) -> str:
    """The same for the same message to the same receiver, whoever computes it; another in another database."""
    parts = (str(alert.id), alert.key, alert.opened_at.isoformat(), reason.value, at.isoformat(), receiver)
    return str(uuid5(_KEYS, "\n".join(parts)))


def pending(
    receiver: str, notice: str, *, reason: str, key: str, at: datetime, alert_id: int | None = None
) -> Delivery:
    """A delivery waiting to be sent at once."""
    return Delivery(
        id=0,
        alert_id=alert_id,
        receiver=receiver,
        reason=reason,
        state=DeliveryState.PENDING,
        attempts=0,
        created_at=at,
        not_before_at=at,
        claimed_by=None,
        claimed_until=None,
        sent_at=None,
        last_error=None,
        dedup_key=key,
        notice=notice,
    )
