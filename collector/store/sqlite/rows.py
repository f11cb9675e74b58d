"""Between nouns and what SQLite keeps: times as text, collections as JSON, and the rows of items.

The other rooms have their rows beside them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from collector.model.clock import utc
from collector.model.item import Item, Revision, Sighting, Timing
from collector.model.judgement import Judgement, Signal, Stance, Verdict
from collector.model.ledger import Precision
from collector.model.phrase import Phrase
from collector.model.topic import Mention, Span
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
    """Put together by hand, as :func:`spans_text` is: a fifth less than encoding dictionaries costs."""
    return storable(f"[{','.join(map(_signal_text, signals))}]")


def _signal_text(signal: Signal) -> str:
    words = ",".join(map(json_text, signal.words))
    reason = f'{{"id":{json_text(signal.reason.id)},"en":{json_text(signal.reason.en)}}}'
    return f'{{"name":{json_text(signal.name)},"points":{signal.points!r},"words":[{words}],"reason":{reason}}}'


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


# ---------------------------------------------------------------- items (the caller's cursor returns sqlite3.Row)


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
