"""Writing what one poll brought: the hot path. One transaction, statements in batches.

Item ids are given out here and not by SQLite: within ``begin immediate`` nobody else can, so all items of a poll go
in by one ``executemany``, and which of them were new is asked only if not all were.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from collector.model.errors import NotFound
from collector.model.item import Timing
from collector.model.judgement import Judgement
from collector.model.source import SourceState
from collector.model.topic import Match
from collector.store.base import Change, Draft, Poll, PollRecord, PollResult, Resighting
from collector.store.coverage import HourSpan, with_hours
from collector.store.hourly import Tally, is_suspicious
from collector.store.ledger import identity_hash
from collector.store.sqlite.rows import (
    json_text,
    moment,
    signals_text,
    spans_text,
    terms_text,
    time_text,
    time_text_or_none,
)
from collector.store.sqlite.search import reindex
from collector.store.sqlite.statements import polls as sql
from collector.store.text import storable, storable_or_none

Values = tuple[object, ...]


def write_poll(db: sqlite3.Connection, record: PollRecord) -> PollResult:
    """Everything of ``record``, within the caller's transaction. Raises NotFound for an unknown source."""
    _write_state(db, record.state)
    _write_record(db, record.poll)
    if record.covers:
        _write_coverage(db, record.poll.source_id, [time_text(hour) for hour in record.covers])
    tally = Tally()
    result = write_drafts(db, record.poll.source_id, record.drafts, tally) if record.drafts else PollResult()
    if record.resightings:
        db.executemany(sql.SIGHTING_ADD_IF_ITEM, [_resighting(record.poll.source_id, r) for r in record.resightings])
    for change in record.changes:
        _write_change(db, record.poll.source_id, change, tally)
    write_tally(db, tally)
    return result


# ---------------------------------------------------------------- the poll itself


def _write_state(db: sqlite3.Connection, state: SourceState) -> None:
    written = db.execute(
        sql.STATE_WRITE,
        (
            time_text(state.next_poll_at),
            time_text_or_none(state.last_poll_at),
            time_text_or_none(state.last_ok_at),
            time_text_or_none(state.first_ok_at),
            time_text_or_none(state.newest_item_at),
            storable_or_none(state.etag),
            storable_or_none(state.last_modified),
            state.body_hash,
            state.failure_score,
            state.failures,
            storable_or_none(state.last_error),
            state.source_id,
        ),
    )
    if written.rowcount == 0:
        raise NotFound(f"no source named {state.source_id!r} is stored")


def _write_record(db: sqlite3.Connection, poll: Poll) -> None:
    db.execute(
        sql.POLL_ADD,
        (
            poll.source_id,
            time_text(poll.started_at),
            round(poll.duration.total_seconds() * 1000),
            poll.outcome.value,
            poll.status,
            poll.body_bytes,
            poll.entries,
            storable_or_none(poll.error),
        ),
    )


def _write_coverage(db: sqlite3.Connection, source_id: str, hours: Sequence[str]) -> None:
    """Mostly the hour is covered already, or touches the last stretch; only earlier hours need the others too."""
    last = db.execute(sql.COVERAGE_LAST, (source_id,)).fetchone()
    if last is not None and all(last[0] <= hour < last[1] for hour in hours):
        return
    start = last[0] if last is not None and min(hours) >= last[0] else ""
    touched = db.execute(sql.COVERAGE_FROM, (source_id, start)).fetchall()
    spans = with_hours(
        [HourSpan(start=moment(row[0]), end=moment(row[1])) for row in touched], [moment(hour) for hour in hours]
    )
    db.execute(sql.COVERAGE_DROP, (source_id, start))
    db.executemany(sql.COVERAGE_ADD, [(source_id, time_text(span.start), time_text(span.end)) for span in spans])


# ---------------------------------------------------------------- items


def write_drafts(db: sqlite3.Connection, source_id: str, drafts: Sequence[Draft], tally: Tally) -> PollResult:
    """Store what is new of them; a known one becomes a sighting, a forgotten one is passed over."""
    drafts = without_forgotten(db, drafts)
    last_id: int = db.execute(sql.ITEM_LAST_ID).fetchone()[0]
    numbered = list(enumerate(drafts, last_id + 1))
    added = db.executemany(sql.ITEM_ADD, [_item(item_id, source_id, draft) for item_id, draft in numbered]).rowcount
    new, known = numbered, []
    if added != len(numbered):
        ids = {row[0] for row in db.execute(sql.ITEM_IDS_AFTER, (last_id,))}
        new = [pair for pair in numbered if pair[0] in ids]
        known = [(_id_of(db, draft), draft) for item_id, draft in numbered if item_id not in ids]
    db.executemany(
        sql.SIGHTING_ADD,
        [
            (item_id, source_id, storable(draft.publisher), time_text(draft.seen_at), storable_or_none(draft.guid))
            for item_id, draft in (*new, *known)
        ],
    )
    db.executemany(
        sql.JUDGEMENT_ADD, [_judgement(item_id, draft.judgement, time_text(draft.seen_at)) for item_id, draft in new]
    )
    speaking = [(item_id, draft) for item_id, draft in new if draft.matches]
    mentions = (_mentions(item_id, draft.matches, at := time_text(draft.seen_at), at) for item_id, draft in speaking)
    db.executemany(sql.MENTION_ADD, chain.from_iterable(mentions))
    for _, draft in speaking:
        _count(tally, draft)
    wanting = [(item_id, source_id, time_text(draft.seen_at)) for item_id, draft in new if draft.wants_article]
    if wanting:
        db.executemany(sql.ARTICLE_WANT, wanting)
    return PollResult(
        items_new=len(new),
        mentions_new=sum(len(draft.matches) for _, draft in speaking),
        suspicious_new=sum(is_suspicious(d.judgement.stance, d.judgement.suspicion) for _, d in speaking),
    )


def without_forgotten(db: sqlite3.Connection, drafts: Sequence[Draft]) -> Sequence[Draft]:
    """Those whose identity has no tombstone. Where there are no tombstones it costs a microsecond."""
    if db.execute(sql.TOMBSTONES_ANY).fetchone() is None:
        return drafts
    gone = forgotten(db, [draft.identity for draft in drafts])
    return [draft for draft in drafts if draft.identity not in gone]


def forgotten(db: sqlite3.Connection, identities: Sequence[str]) -> frozenset[str]:
    """Which of these identities have a tombstone."""
    hashes = {identity_hash(storable(identity)): identity for identity in identities}
    return frozenset(hashes[row[0]] for row in db.execute(sql.TOMBSTONES_OF, (json_text(list(hashes)),)))


def _id_of(db: sqlite3.Connection, draft: Draft) -> int:
    item_id: int = db.execute(sql.ITEM_ID_BY_IDENTITY, (storable(draft.identity),)).fetchone()[0]
    return item_id


def _item(item_id: int, source_id: str, draft: Draft) -> Values:
    return (
        item_id,
        storable(draft.identity),
        storable_or_none(draft.url),
        storable(draft.title),
        storable(draft.excerpt),
        storable(draft.lang),
        source_id,
        storable(draft.publisher),
        time_text_or_none(draft.published_at),
        draft.date_note,
        time_text(draft.seen_at),
        draft.timing.value,
        storable(draft.content_hash),
        draft.date_precision.value,
    )


def _judgement(item_id: int, judgement: Judgement, judged_at: str) -> Values:
    return (
        item_id,
        judgement.stance.value,
        judgement.points,
        judgement.suspicion,
        None if judgement.verdict is None else judgement.verdict.value,
        signals_text(judgement.signals),
        judgement.judge,
        judgement.judge_version,
        judged_at,
    )


def _mentions(item_id: int, matches: Iterable[Match], seen_at: str, matched_at: str) -> Iterator[Values]:
    for match in matches:
        yield item_id, match.topic_id, seen_at, matched_at, terms_text(match.spans), spans_text(match.spans)


def _resighting(source_id: str, resighting: Resighting) -> Values:
    return (
        resighting.item_id,
        source_id,
        storable(resighting.publisher),
        time_text(resighting.seen_at),
        storable_or_none(resighting.guid),
    )


# ---------------------------------------------------------------- changed wording


def _write_change(db: sqlite3.Connection, source_id: str, change: Change, tally: Tally) -> None:
    """Nothing where the item is gone (pruned meanwhile) or already has this wording (the poll is recorded again)."""
    current = current_words(db, change.item_id)
    if current is None:
        return
    new = CurrentWords(
        title=storable(change.title), excerpt=storable(change.excerpt), content_hash=storable(change.content_hash)
    )
    if (current.title, current.content_hash) == (new.title, new.content_hash):
        return
    changed_at = time_text(change.changed_at)
    db.execute(sql.REVISION_ADD, (change.item_id, changed_at, current.title, current.content_hash))
    db.execute(sql.ITEM_REWORD, (new.title, new.excerpt, new.content_hash, change.item_id))
    conclude_anew(db, change.item_id, change.matches, change.judgement, changed_at, tally)
    reindex(db, change.item_id, (current.title, current.excerpt), (new.title, new.excerpt))
    if change.wants_article:
        db.execute(sql.ARTICLE_WANT, (change.item_id, source_id, changed_at))
    else:
        db.execute(sql.ARTICLE_UNWANT, (change.item_id,))


class CurrentWords(NamedTuple):
    """How an item is worded now, as stored."""

    title: str
    excerpt: str
    content_hash: str


def current_words(db: sqlite3.Connection, item_id: int) -> CurrentWords | None:
    row = db.execute(sql.ITEM_WORDS, (item_id,)).fetchone()
    return None if row is None else CurrentWords(*row)


def conclude_anew(
    db: sqlite3.Connection,
    item_id: int,
    matches: Sequence[Match],
    judgement: Judgement,
    at: str,
    tally: Tally,
) -> None:
    """Replace a stored item's mentions and judgement; ``tally`` takes what that moves in the roll-up."""
    publisher, seen_at, timing, stance, suspicion = db.execute(sql.COUNTED_AS, (item_id,)).fetchone()
    place = {"hour": _hour(seen_at), "publisher": publisher, "timing": Timing(timing)}
    old_topics = [topic for (topic,) in db.execute(sql.MENTION_TOPICS, (item_id,))]
    tally.add(old_topics, stance=stance, suspicion=suspicion, sign=-1, **place)
    topics = [match.topic_id for match in matches]
    tally.add(topics, stance=judgement.stance.value, suspicion=judgement.suspicion, **place)
    db.execute(sql.MENTIONS_DROP, (item_id,))
    db.executemany(sql.MENTION_ADD, _mentions(item_id, matches, seen_at, at))
    db.execute(sql.JUDGEMENT_ADD, _judgement(item_id, judgement, at))


def write_judgements(db: sqlite3.Connection, batch: Sequence[tuple[int, Judgement]], at: str) -> int:
    """Replace judgements and move their items in the roll-up; mentions stay. How many items there were."""
    tally, written = Tally(), 0
    for item_id, judgement in batch:
        counted = db.execute(sql.COUNTED_AS, (item_id,)).fetchone()
        if counted is None:
            continue
        publisher, seen_at, timing, stance, suspicion = counted
        place = {"hour": _hour(seen_at), "publisher": publisher, "timing": Timing(timing)}
        topics = [topic for (topic,) in db.execute(sql.MENTION_TOPICS, (item_id,))]
        tally.add(topics, stance=stance, suspicion=suspicion, sign=-1, **place)
        tally.add(topics, stance=judgement.stance.value, suspicion=judgement.suspicion, **place)
        db.execute(sql.JUDGEMENT_ADD, _judgement(item_id, judgement, at))
        written += 1
    write_tally(db, tally)
    return written


# ---------------------------------------------------------------- the roll-up


def _hour(seen_at: str) -> str:
    return f"{seen_at[:13]}:00:00Z"


def _count(tally: Tally, draft: Draft) -> None:
    tally.add(
        [match.topic_id for match in draft.matches],
        hour=_hour(time_text(draft.seen_at)),
        publisher=storable(draft.publisher),
        stance=draft.judgement.stance.value,
        suspicion=draft.judgement.suspicion,
        timing=draft.timing,
    )


def write_tally(db: sqlite3.Connection, tally: Tally) -> None:
    rows = {key: counts for key, counts in tally.rows.items() if counts.count or counts.late or counts.backfill}
    db.executemany(
        sql.HOURLY_ADD,
        [
            (k.topic_id, k.hour, k.publisher, k.stance, k.suspicious, c.count, c.late, c.backfill)
            for k, c in rows.items()
        ],
    )
    shrunk = [key for key, counts in rows.items() if counts.count < 0]
    db.executemany(sql.HOURLY_DROP_EMPTY, [(k.topic_id, k.hour, k.publisher, k.stance, k.suspicious) for k in shrunk])
