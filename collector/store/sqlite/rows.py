"""Between the nouns and what SQLite keeps: times as text, collections as JSON, rows as frozen objects."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from collector.model.alert import Alert, AlertEvent, AlertReason, AlertState, Delivery, DeliveryState
from collector.model.bucket import Measure, Subject
from collector.model.clock import utc
from collector.model.item import Item, Revision, Sighting, Timing
from collector.model.judgement import Judgement, Signal, Stance, Verdict
from collector.model.ledger import Precision
from collector.model.level import Level
from collector.model.phrase import Phrase
from collector.model.reaction import AckEnd, Acknowledgement, Silence, SilenceKind
from collector.model.source import SourceState
from collector.model.topic import Mention, Span
from collector.model.withheld import Hold, Withheld
from collector.store.text import storable

Row = Sequence[object]


def time_text(moment: datetime) -> str:
    """``2026-11-25T03:30:00Z``; parts of a second are cut off."""
    if moment.tzinfo is not UTC:
        moment = utc(moment)
    return moment.isoformat()[:19] + "Z"


def time_text_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else time_text(moment)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def moment_or_none(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def seconds(duration: timedelta) -> int:
    return round(duration.total_seconds())


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # dumps() would make one at each call
json_text = _ENCODER.encode
"""A value as JSON, without blanks."""


# ---------------------------------------------------------------- spans and signals


def terms_text(spans: Sequence[Span]) -> str:
    return storable(f"[{','.join(map(json_text, dict.fromkeys(span.term for span in spans)))}]")


def spans_text(spans: Sequence[Span]) -> str:
    """Put together by hand: there are ten for an item, and the encoder is quick with strings alone."""
    return storable(f"[{','.join(map(_span_text, spans))}]")


def _span_text(span: Span) -> str:
    words = f'"term":{json_text(span.term)},"field":{json_text(span.field)}'
    return f'{{{words},"start":{span.start},"end":{span.end},"surface":{json_text(span.surface)}}}'


def spans_of(text: str) -> tuple[Span, ...]:
    return tuple(Span(**span) for span in json.loads(text))


def signals_text(signals: Sequence[Signal]) -> str:
    if not signals:
        return "[]"
    return storable(
        json_text(
            [
                {
                    "name": signal.name,
                    "points": signal.points,
                    "words": signal.words,
                    "reason": {"id": signal.reason.id, "en": signal.reason.en},
                }
                for signal in signals
            ]
        )
    )


def signals_of(text: str) -> tuple[Signal, ...]:
    if text == "[]":
        return ()
    return tuple(
        Signal(
            name=signal["name"],
            points=signal["points"],
            words=tuple(signal["words"]),
            reason=Phrase(id=signal["reason"]["id"], en=signal["reason"]["en"]),
        )
        for signal in json.loads(text)
    )


# ---------------------------------------------------------------- nouns (the caller's cursor returns sqlite3.Row)


def item_of(row: sqlite3.Row) -> Item:
    return Item(
        id=row["id"],
        identity=row["identity"],
        url=row["url"],
        title=row["title"],
        excerpt=row["excerpt"],
        lang=row["lang"],
        source_id=row["source_id"],
        publisher=row["publisher"],
        published_at=moment_or_none(row["published_at"]),
        date_note=row["date_note"],
        seen_at=moment(row["seen_at"]),
        timing=Timing(row["timing"]),
        content_hash=row["content_hash"],
        issue_id=row["issue_id"],
        date_precision=Precision(row["date_precision"]),
    )


def judgement_of(row: sqlite3.Row) -> Judgement:
    return Judgement(
        stance=Stance(row["stance"]),
        points=row["points"],
        suspicion=row["suspicion"],
        signals=signals_of(row["signals"]),
        judge=row["judge"],
        judge_version=row["judge_version"],
        verdict=None if row["verdict"] is None else Verdict(row["verdict"]),
    )


def mention_of(row: sqlite3.Row) -> Mention:
    return Mention(
        item_id=row["item_id"],
        topic_id=row["topic_id"],
        spans=spans_of(row["spans"]),
        matched_at=moment(row["matched_at"]),
    )


def sighting_of(row: sqlite3.Row) -> Sighting:
    return Sighting(
        item_id=row["item_id"],
        source_id=row["source_id"],
        publisher=row["publisher"],
        seen_at=moment(row["seen_at"]),
        guid=row["guid"],
    )


def revision_of(row: sqlite3.Row) -> Revision:
    return Revision(
        item_id=row["item_id"],
        replaced_at=moment(row["replaced_at"]),
        title=row["title"],
        content_hash=row["content_hash"],
    )


def state_of(row: sqlite3.Row) -> SourceState:
    return SourceState(
        source_id=row["id"],
        next_poll_at=moment(row["next_poll_at"]),
        last_poll_at=moment_or_none(row["last_poll_at"]),
        last_ok_at=moment_or_none(row["last_ok_at"]),
        first_ok_at=moment_or_none(row["first_ok_at"]),
        newest_item_at=moment_or_none(row["newest_item_at"]),
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_hash=row["body_hash"],
        failure_score=row["failure_score"],
        failures=row["failures"],
        last_error=row["last_error"],
    )


def alert_of(row: sqlite3.Row) -> Alert:
    return Alert(
        id=row["id"],
        key=row["key"],
        rule=row["rule"],
        subject=Subject(kind=row["subject_kind"], id=row["subject_id"]),
        measure=Measure(row["measure"]),
        state=AlertState(row["state"]),
        opened_at=moment(row["opened_at"]),
        last_spike_at=moment(row["last_spike_at"]),
        updated_at=moment(row["updated_at"]),
        resolved_at=moment_or_none(row["resolved_at"]),
        notified_at=moment(row["notified_at"]),
        notified_count=row["notified_count"],
        window=timedelta(seconds=row["window_s"]),
        count=row["count"],
        peak=row["peak"],
        expected=row["expected"],
        limit=row["limit_count"],
        publishers=row["publishers"],
        detector=row["detector"],
        detector_version=row["detector_version"],
        title=row["title"],
        summary=row["summary"],
        level=Level(row["level"]),
        repeats=row["repeats"],
        hushed_at=moment_or_none(row["hushed_at"]),
        hushed_count=row["hushed_count"],
    )


def alert_row(alert: Alert) -> dict[str, object]:
    return {
        "id": alert.id,
        "key": alert.key,
        "rule": alert.rule,
        "subject_kind": alert.subject.kind,
        "subject_id": alert.subject.id,
        "measure": alert.measure.value,
        "state": alert.state.value,
        "opened_at": time_text(alert.opened_at),
        "last_spike_at": time_text(alert.last_spike_at),
        "updated_at": time_text(alert.updated_at),
        "resolved_at": time_text_or_none(alert.resolved_at),
        "notified_at": time_text(alert.notified_at),
        "notified_count": alert.notified_count,
        "window_s": seconds(alert.window),
        "count": alert.count,
        "peak": alert.peak,
        "expected": alert.expected,
        "limit_count": alert.limit,
        "publishers": alert.publishers,
        "detector": alert.detector,
        "detector_version": alert.detector_version,
        "title": storable(alert.title),
        "summary": storable(alert.summary),
        "level": alert.level.value,
        "repeats": alert.repeats,
        "hushed_at": time_text_or_none(alert.hushed_at),
        "hushed_count": alert.hushed_count,
    }


def event_of(row: sqlite3.Row) -> AlertEvent:
    return AlertEvent(
        alert_id=row["alert_id"],
        at=moment(row["at"]),
        reason=AlertReason(row["reason"]),
        count=row["count"],
        text=row["text"],
        hold=None if row["hold"] is None else Hold(row["hold"]),
    )


def delivery_of(row: sqlite3.Row) -> Delivery:
    return Delivery(
        id=row["id"],
        alert_id=row["alert_id"],
        receiver=row["receiver"],
        reason=row["reason"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        created_at=moment(row["created_at"]),
        not_before_at=moment(row["not_before_at"]),
        claimed_by=row["claimed_by"],
        claimed_until=moment_or_none(row["claimed_until"]),
        sent_at=moment_or_none(row["sent_at"]),
        last_error=row["last_error"],
        dedup_key=row["dedup_key"],
        notice=row["notice"],
        recipient=row["recipient"],
    )


def delivery_row(delivery: Delivery) -> dict[str, object]:
    return {
        "alert_id": delivery.alert_id,
        "receiver": delivery.receiver,
        "reason": delivery.reason,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "created_at": time_text(delivery.created_at),
        "not_before_at": time_text(delivery.not_before_at),
        "claimed_by": delivery.claimed_by,
        "claimed_until": time_text_or_none(delivery.claimed_until),
        "sent_at": time_text_or_none(delivery.sent_at),
        "last_error": None if delivery.last_error is None else storable(delivery.last_error),
        "dedup_key": delivery.dedup_key,
        "notice": storable(delivery.notice),
        "recipient": delivery.recipient,
    }


def withheld_of(row: sqlite3.Row) -> Withheld:
    return Withheld(
        id=row["id"],
        alert_id=row["alert_id"],
        receiver=row["receiver"],
        reason=row["reason"],
        hold=Hold(row["hold"]),
        why=row["why"],
        company=row["company"],
        made_at=moment(row["made_at"]),
        until_at=moment_or_none(row["until_at"]),
        dedup_key=row["dedup_key"],
        notice=row["notice"],
        settled_at=moment_or_none(row["settled_at"]),
        delivery_id=row["delivery_id"],
    )


def withheld_row(withheld: Withheld) -> dict[str, object]:
    return {
        "alert_id": withheld.alert_id,
        "receiver": withheld.receiver,
        "reason": withheld.reason,
        "hold": withheld.hold.value,
        "why": storable(withheld.why),
        "company": withheld.company,
        "made_at": time_text(withheld.made_at),
        "until_at": time_text_or_none(withheld.until_at),
        "settled_at": time_text_or_none(withheld.settled_at),
        "delivery_id": withheld.delivery_id,
        "dedup_key": withheld.dedup_key,
        "notice": storable(withheld.notice),
    }


def acknowledgement_of(row: sqlite3.Row) -> Acknowledgement:
    return Acknowledgement(
        id=row["id"],
        alert_id=row["alert_id"],
        made_by=row["made_by"],
        note=row["note"],
        made_at=moment(row["made_at"]),
        count=row["count"],
        ended_at=moment_or_none(row["ended_at"]),
        ended_because=None if row["ended_because"] is None else AckEnd(row["ended_because"]),
    )


def silence_of(row: sqlite3.Row) -> Silence:
    return Silence(
        id=row["id"],
        kind=SilenceKind(row["kind"]),
        target=row["target"],
        comment=row["comment"],
        made_by=row["made_by"],
        made_at=moment(row["made_at"]),
        ends_at=moment(row["ends_at"]),
        expired_at=moment_or_none(row["expired_at"]),
        expired_by=row["expired_by"],
    )
