"""What one poll writes."""

from __future__ import annotations

STATE_WRITE = """
update sources set
    next_poll_at = ?, last_poll_at = ?, last_ok_at = ?, first_ok_at = ?, newest_item_at = ?, etag = ?,
    last_modified = ?, body_hash = ?, failure_score = ?, failures = ?, last_error = ?
where id = ?
"""
POLL_ADD = """
insert into polls (source_id, started_at, duration_ms, outcome, status, body_bytes, entries, error)
values (?, ?, ?, ?, ?, ?, ?, ?)
"""
COVERAGE_LAST = """
select from_at, until_at from coverage where source_id = ? order by from_at desc limit 1
"""
COVERAGE_FROM = "select from_at, until_at from coverage where source_id = ? and from_at >= ?"
COVERAGE_DROP = "delete from coverage where source_id = ? and from_at >= ?"
COVERAGE_ADD = "insert into coverage (source_id, from_at, until_at) values (?, ?, ?)"
ITEM_LAST_ID = """
select max(
    coalesce((select max(id) from items), 0),
    coalesce((select cast(value as integer) from meta where key = 'items.last_id'), 0)
)
"""
ITEM_ADD = """
insert into items (id, identity, url, title, excerpt, lang, source_id, publisher, published_at, date_note, seen_at,
                   timing, content_hash, date_precision)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (identity) do nothing
"""
ITEM_IDS_AFTER = "select id from items where id > ?"
ITEM_ID_BY_IDENTITY = "select id from items where identity = ?"
SIGHTING_ADD = """
insert into sightings (item_id, source_id, publisher, seen_at, guid) values (?, ?, ?, ?, ?)
on conflict (item_id, source_id) do update set guid = excluded.guid
where excluded.guid is not null and guid is not excluded.guid
"""
SIGHTING_ADD_IF_ITEM = """
insert into sightings (item_id, source_id, publisher, seen_at, guid)
select id, ?2, ?3, ?4, ?5 from items where id = ?1
on conflict (item_id, source_id) do update set guid = excluded.guid
where excluded.guid is not null and guid is not excluded.guid
"""
JUDGEMENT_ADD = """
insert into judgements (item_id, stance, points, suspicion, verdict, signals, judge, judge_version, judged_at)
values (?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (item_id) do update set
    stance = excluded.stance, points = excluded.points, suspicion = excluded.suspicion, verdict = excluded.verdict,
    signals = excluded.signals, judge = excluded.judge, judge_version = excluded.judge_version,
    judged_at = excluded.judged_at
"""
MENTION_ADD = """
insert into mentions (item_id, topic_id, seen_at, matched_at, terms, spans) values (?, ?, ?, ?, ?, ?)
"""
TOMBSTONES_ANY = "select 1 from tombstones limit 1"
TOMBSTONES_OF = """
select t.identity_hash from json_each(?) as asked join tombstones as t on t.identity_hash = asked.value
"""
MENTIONS_DROP = "delete from mentions where item_id = ?"
HOURLY_ADD = """
insert into hourly (subject_kind, subject_id, hour, publisher, stance, suspicious, count, late, backfill)
values ('topic', ?, ?, ?, ?, ?, ?, ?, ?)
on conflict do update set
    count = count + excluded.count, late = late + excluded.late, backfill = backfill + excluded.backfill
"""
HOURLY_DROP_EMPTY = """
delete from hourly
where subject_kind = 'topic' and subject_id = ? and hour = ? and publisher = ? and stance = ? and suspicious = ?
  and count <= 0
"""
ITEM_WORDS = "select title, excerpt, content_hash from items where id = ?"
COUNTED_AS = """
select i.publisher, i.seen_at, i.timing, j.stance, j.suspicion
from items as i join judgements as j on j.item_id = i.id
where i.id = ?
"""
MENTION_TOPICS = "select topic_id from mentions where item_id = ?"
REVISION_ADD = "insert into revisions (item_id, replaced_at, title, content_hash) values (?, ?, ?, ?)"
ITEM_REWORD = "update items set title = ?, excerpt = ?, content_hash = ? where id = ?"
ARTICLE_WANT = """
insert into article_reads (item_id, source_id, state, wanted_at, next_at, attempts)
values (?1, ?2, 'wanted', ?3, ?3, 0)
on conflict (item_id) do update set
    state = 'wanted', wanted_at = excluded.wanted_at, next_at = excluded.next_at, attempts = 0, error = null
"""
ARTICLE_UNWANT = "delete from article_reads where item_id = ? and state = 'wanted'"
