"""Every statement the store runs, by name. Values are always bound, never pasted in."""

from __future__ import annotations

# ---------------------------------------------------------------- sources

SOURCES_CONFIGURED = """
select id, kind, url, role, every_s, timeout_s, expect_every_s, lang, enabled, options, removed_at
from sources
"""
SOURCE_ADD = """
insert into sources (id, kind, url, role, every_s, timeout_s, expect_every_s, lang, enabled, options, added_at,
                     disabled_at, next_poll_at)
values (:id, :kind, :url, :role, :every_s, :timeout_s, :expect_every_s, :lang, :enabled, :options, :now,
        iif(:enabled, null, :now), :now)
"""
SOURCE_CHANGE = """
update sources set
    kind = :kind, url = :url, role = :role, every_s = :every_s, timeout_s = :timeout_s,
    expect_every_s = :expect_every_s, lang = :lang, enabled = :enabled, options = :options, removed_at = null,
    disabled_at = iif(:enabled, null, coalesce(disabled_at, :now)),
    etag = iif(url = :url and kind = :kind, etag, null),
    last_modified = iif(url = :url and kind = :kind, last_modified, null),
    body_hash = iif(url = :url and kind = :kind, body_hash, null),
    next_poll_at = iif(url = :url and kind = :kind and removed_at is null and enabled, next_poll_at, :now)
where id = :id
"""
SOURCE_REMOVE = "update sources set removed_at = :now where id = :id and removed_at is null"
SOURCE_STATE = "select * from sources where id = ?"
SOURCE_STATES = "select * from sources where removed_at is null order by id"
SOURCES_DUE = """
select id from sources
where removed_at is null and enabled and next_poll_at <= ?
order by failures > 0, next_poll_at, id
"""
STATE_WRITE = """
update sources set
    next_poll_at = ?, last_poll_at = ?, last_ok_at = ?, first_ok_at = ?, newest_item_at = ?, etag = ?,
    last_modified = ?, body_hash = ?, failure_score = ?, failures = ?, last_error = ?
where id = ?
"""
SOURCES_EXPECTED = """
select first_ok_at, coalesce(removed_at, disabled_at) as ended_at from sources where first_ok_at is not null
"""

# ---------------------------------------------------------------- polls and coverage

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
COVERAGE_BETWEEN = "select from_at, until_at from coverage where until_at > ? and from_at < ?"

# ---------------------------------------------------------------- items: the poll's questions and inserts

# One statement each for any number of keys: json_each takes the list as one bound value.
KNOWN_BY_IDENTITY = """
select i.identity, i.id, i.identity, i.title, i.content_hash, i.source_id, s.item_id is not null, s.guid
from json_each(?) as asked
cross join items as i on i.identity = asked.value
left join sightings as s on s.item_id = i.id and s.source_id = ?
"""
# A source may use one guid for many stories (Tempo counts positions): the newest is the one meant.
KNOWN_BY_GUID = """
select asked.value, i.id, i.identity, i.title, i.content_hash, i.source_id, 1, asked.value
from json_each(?) as asked
cross join items as i on i.id = (
    select s.item_id from sightings as s
    where s.source_id = ? and s.guid = asked.value order by s.item_id desc limit 1
)
"""
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

# ---------------------------------------------------------------- articles

ARTICLE_WANT = """
insert into article_reads (item_id, source_id, state, wanted_at, next_at, attempts)
values (?1, ?2, 'wanted', ?3, ?3, 0)
on conflict (item_id) do update set
    state = 'wanted', wanted_at = excluded.wanted_at, next_at = excluded.next_at, attempts = 0, error = null
"""
ARTICLE_UNWANT = "delete from article_reads where item_id = ? and state = 'wanted'"
ARTICLES_DUE = """
select * from article_reads
where source_id = ? and state = 'wanted' and wanted_at >= ? and next_at <= ?
order by wanted_at desc, item_id desc
limit ?
"""
ARTICLE_ATTEMPTS = "select coalesce(sum(attempts), 0) from article_reads where source_id = ? and tried_at >= ?"
ARTICLE_BEGIN = """
update article_reads set attempts = attempts + 1, tried_at = ?2, next_at = ?3
where item_id = ?1 and state = 'wanted' and next_at <= ?2
returning attempts
"""
ARTICLE_SETTLE = "update article_reads set state = ?, error = ?, next_at = coalesce(?, next_at) where item_id = ?"
ARTICLE_EXCERPT = "update items set excerpt = ? where id = ?"
ARTICLE_OF_ITEM = "select * from article_reads where item_id = ?"
ARTICLE_COUNTS = "select state, count(*) as n from article_reads group by state"

# ---------------------------------------------------------------- checked claims

CLAIM_ADD = """
insert into checked_claims (key, text, title, verdict, publisher, url, checked_at, case_id, topics, added_at, revision)
values (:key, :text, :title, :verdict, :publisher, :url, :checked_at, :case_id, :topics, :now,
        (select coalesce(max(revision), 0) + 1 from checked_claims))
on conflict (key) do update set
    text = excluded.text, title = excluded.title, verdict = coalesce(excluded.verdict, verdict),
    publisher = iif(excluded.publisher = '', publisher, excluded.publisher), url = coalesce(excluded.url, url),
    checked_at = coalesce(excluded.checked_at, checked_at), case_id = coalesce(excluded.case_id, case_id),
    topics = iif(excluded.topics = '', topics, excluded.topics), revision = excluded.revision
where (text, title, verdict, publisher, url, checked_at, case_id, topics) is not
    (excluded.text, excluded.title, coalesce(excluded.verdict, verdict),
     iif(excluded.publisher = '', publisher, excluded.publisher), coalesce(excluded.url, url),
     coalesce(excluded.checked_at, checked_at), coalesce(excluded.case_id, case_id),
     iif(excluded.topics = '', topics, excluded.topics))
"""
CLAIMS_COUNT = "select count(*) from checked_claims"
CLAIMS_CHANGED = "select * from checked_claims where revision > ? order by revision"
CLAIM_GET = "select * from checked_claims where id = ?"
CLAIMS_LIST = """
select * from checked_claims as c
where not exists (
    select 1 from json_each(:words) as wanted
    where instr(lower(c.text || ' ' || c.title || ' ' || c.publisher || ' ' || coalesce(c.case_id, '')),
                wanted.value) = 0)
order by c.checked_at desc, c.id desc
limit :limit
"""
ITEM_CLAIMS_DROP = "delete from item_claims where item_id = (select id from items where identity = ?)"
ITEM_CLAIMS_UNLINK = "delete from item_claims where item_id in (select value from json_each(?))"
ITEM_CLAIM_ADD = """
insert into item_claims (item_id, claim_id, confidence, stance, differences, matched_at)
select i.id, c.id, :confidence, :stance, :differences, :matched_at
from items as i join checked_claims as c on c.key = :claim_key
where i.identity = :identity
"""
CLAIMS_OF_ITEMS = """
select c.*, l.item_id, l.confidence, l.stance, l.differences, l.matched_at
from json_each(?) as asked
join item_claims as l on l.item_id = asked.value
join checked_claims as c on c.id = l.claim_id
order by l.item_id, l.confidence desc, l.claim_id
"""

# ---------------------------------------------------------------- items: questions of people

_JUDGED = """
select i.*, j.stance, j.points, j.suspicion, j.verdict, j.signals, j.judge, j.judge_version,
       (select count(*) from sightings as s where s.item_id = i.id) as sightings
"""
ITEM_GET = _JUDGED + "from items as i join judgements as j on j.item_id = i.id where i.id = ?"
ITEMS_AFTER = (
    _JUDGED
    + """from items as i join judgements as j on j.item_id = i.id
where i.id > ? order by i.id limit ?"""
)
ITEM_FIND = _JUDGED + "from items as i join judgements as j on j.item_id = i.id where i.identity = ?"

_NARROWED = """
  and (:suspicion is null or j.suspicion >= :suspicion)
  and (:measure is not 'suspicious' or j.stance in ('spread', 'news'))
  and (:measure is not 'debunks' or j.stance = 'debunk')
  and (:measure is not 'known_claims' or (j.stance in ('spread', 'news') and exists (
      select 1 from item_claims as l join checked_claims as c on c.id = l.claim_id
      where l.item_id = i.id and l.stance = 'spread' and ifnull(c.verdict, '') not in ('true', 'satire'))))
  and (:measure is not 'issues' or j.stance = 'debunk' or (j.suspicion >= 0.5 and j.stance in ('spread', 'news')))
  and (:issue is null or i.issue_id = :issue)
  and (:backfill or i.timing <> 'backfill')
"""
_FROM_ALL = """
from items as i join judgements as j on j.item_id = i.id
where i.seen_at >= :since and i.seen_at < :until
  and (not :on_topic or exists (select 1 from mentions as m where m.item_id = i.id))
"""
_FROM_ISSUE = """
from items as i indexed by items_issue_id join judgements as j on j.item_id = i.id
where i.issue_id = :issue and i.seen_at >= :since and i.seen_at < :until
  and (not :on_topic or exists (select 1 from mentions as m where m.item_id = i.id))
"""
_FROM_TOPIC = """
from mentions as t join items as i on i.id = t.item_id join judgements as j on j.item_id = i.id
where t.topic_id = :topic and t.seen_at >= :since and t.seen_at < :until
"""
_FROM_SEARCH = """
from items_fts as f join items as i on i.id = f.rowid join judgements as j on j.item_id = i.id
where items_fts match :search and i.seen_at >= :since and i.seen_at < :until
  and (not :on_topic or exists (
      select 1 from mentions as m where m.item_id = i.id and (:topic is null or m.topic_id = :topic)))
"""
_NEWEST = "order by i.seen_at desc, i.id desc limit :limit"
_NEWEST_OF_TOPIC = "order by t.seen_at desc, t.item_id desc limit :limit"
_WORST = "order by j.suspicion desc, i.seen_at desc, i.id desc limit :limit"

LIST_ALL_NEWEST = _JUDGED + _FROM_ALL + _NARROWED + _NEWEST
LIST_ALL_WORST = _JUDGED + _FROM_ALL + _NARROWED + _WORST
LIST_ISSUE_NEWEST = _JUDGED + _FROM_ISSUE + _NARROWED + _NEWEST
LIST_ISSUE_WORST = _JUDGED + _FROM_ISSUE + _NARROWED + _WORST
LIST_TOPIC_NEWEST = _JUDGED + _FROM_TOPIC + _NARROWED + _NEWEST_OF_TOPIC
LIST_TOPIC_WORST = _JUDGED + _FROM_TOPIC + _NARROWED + _WORST
LIST_SEARCH_NEWEST = _JUDGED + _FROM_SEARCH + _NARROWED + _NEWEST
LIST_SEARCH_WORST = _JUDGED + _FROM_SEARCH + _NARROWED + _WORST

MENTIONS_OF_ITEMS = """
select m.* from json_each(?) as asked join mentions as m on m.item_id = asked.value order by m.item_id, m.topic_id
"""
SIGHTINGS_OF_ITEM = "select * from sightings where item_id = ? order by seen_at, source_id"
REVISIONS_OF_ITEM = "select * from revisions where item_id = ? order by id"

ITEM_COUNTS = """
select (select count(*) from items where seen_at >= :since),
       (select count(*) from items as i join mentions as m on m.item_id = i.id where i.seen_at >= :since),
       (select count(*) from items as i join judgements as j on j.item_id = i.id
        where i.seen_at >= :since and j.suspicion >= 0.5 and j.stance in ('spread', 'news')
          and exists (select 1 from mentions as m where m.item_id = i.id))
"""

# ---------------------------------------------------------------- full-text search

SEARCH_PENDING = "select id from items where id > ? order by id limit ?"
SEARCH_ADD = """
insert into items_fts (rowid, title, excerpt) select id, title, excerpt from items where id > ? and id <= ?
"""
SEARCH_ADD_ONE = "insert into items_fts (rowid, title, excerpt) values (?, ?, ?)"
SEARCH_DROP_ONE = "insert into items_fts (items_fts, rowid, title, excerpt) values ('delete', ?, ?, ?)"
SEARCH_MERGE = "insert into items_fts (items_fts, rank) values ('merge', ?)"
OVERWRITE_DELETED = "pragma secure_delete = on"
LEAVE_DELETED = "pragma secure_delete = off"
SEARCH_DROP_MANY = """
insert into items_fts (items_fts, rowid, title, excerpt)
select 'delete', i.id, i.title, i.excerpt
from json_each(?) as gone join items as i on i.id = gone.value where i.id <= ?
"""

# ---------------------------------------------------------------- buckets

_HOURLY = """
select hour, publisher, sum(count), sum(late), sum(backfill)
from hourly
where subject_kind = ? and subject_id = ? and hour between ? and ?
"""
HOURLY_MENTIONS = _HOURLY + "group by hour, publisher"
HOURLY_SUSPICIOUS = _HOURLY + "and suspicious and stance in ('spread', 'news') group by hour, publisher"
HOURLY_DEBUNKS = _HOURLY + "and stance = 'debunk' group by hour, publisher"
COUNTED_SUSPICIOUS = """
select substr(m.seen_at, 1, 13) || ':00:00Z', i.publisher, count(*), sum(i.timing = 'late'), sum(i.timing = 'backfill')
from mentions as m join items as i on i.id = m.item_id join judgements as j on j.item_id = m.item_id
where 'topic' = ?1 and m.topic_id = ?2 and m.seen_at >= ?3 and m.seen_at < strftime('%Y-%m-%dT%H:%M:%SZ', ?4, '+1 hour')
  and j.suspicion >= ?5 and j.stance in ('spread', 'news')
group by 1, 2
"""

COUNTED_KNOWN_CLAIMS = """
select substr(m.seen_at, 1, 13) || ':00:00Z', i.publisher, count(*), sum(i.timing = 'late'), sum(i.timing = 'backfill')
from mentions as m
join item_claims as l on l.item_id = m.item_id and l.stance = 'spread'
join checked_claims as c on c.id = l.claim_id and ifnull(c.verdict, '') not in ('true', 'satire')
join items as i on i.id = m.item_id
join judgements as j on j.item_id = m.item_id and j.stance in ('spread', 'news')
where 'topic' = ?1 and m.topic_id = ?2 and m.seen_at >= ?3 and m.seen_at < strftime('%Y-%m-%dT%H:%M:%SZ', ?4, '+1 hour')
group by 1, 2
"""

# An issue counts once, in the hour of its first item worth a look. min() takes the other columns from that item's row.
COUNTED_ISSUES = """
select substr(seen_at, 1, 13) || ':00:00Z', publisher, count(*), sum(timing = 'late'), 0
from (
    select i.publisher, i.timing, min(m.seen_at) as seen_at
    from mentions as m join items as i on i.id = m.item_id join judgements as j on j.item_id = m.item_id
    where 'topic' = ?1 and m.topic_id = ?2 and i.issue_id is not null and i.timing <> 'backfill'
      and m.seen_at >= strftime('%Y-%m-%dT%H:%M:%SZ', ?3, '-30 days')
      and m.seen_at < strftime('%Y-%m-%dT%H:%M:%SZ', ?4, '+1 hour')
      and (j.stance = 'debunk' or (j.suspicion >= 0.5 and j.stance in ('spread', 'news')))
    group by i.issue_id
)
where seen_at >= ?3
group by 1, 2
"""
COUNTED_OF_ISSUE = """
select substr(i.seen_at, 1, 13) || ':00:00Z', i.publisher, count(*), sum(i.timing = 'late'), sum(i.timing = 'backfill')
from items as i join judgements as j on j.item_id = i.id
where i.issue_id = cast(?1 as integer)
  and i.seen_at >= ?2 and i.seen_at < strftime('%Y-%m-%dT%H:%M:%SZ', ?3, '+1 hour')
  and (?4 <> 'suspicious' or (j.suspicion >= ?5 and j.stance in ('spread', 'news')))
  and (?4 <> 'debunks' or j.stance = 'debunk')
  and (?4 <> 'known_claims' or (j.stance in ('spread', 'news') and exists (
      select 1 from item_claims as l join checked_claims as c on c.id = l.claim_id
      where l.item_id = i.id and l.stance = 'spread' and ifnull(c.verdict, '') not in ('true', 'satire'))))
group by 1, 2
"""

# ---------------------------------------------------------------- issues

ISSUE_NEXT_ID = """
select max(
    coalesce((select max(id) from issues), 0),
    coalesce((select cast(value as integer) from meta where key = 'issues.last_id'), 0)
) + 1
"""
ISSUE_TARGET = "select coalesce(merged_into, id) as id, voice_offset, merged_into from issues where id = ?"
ISSUE_OF_CLAIM = """
select coalesce(merged_into, id) from issues where claim_key = ? order by merged_into is not null, id limit 1
"""
ISSUE_ALIAS = """
insert into issues (id, title, opened_at, last_seen_at, state, merged_into, voice_offset)
select :issue_id, :title, :seen_at, :seen_at, 'merged', :target,
       (select coalesce(max(voice), 0) from items where issue_id = :target)
"""
ISSUE_TOUCH = """
update issues set
    opened_at = iif(origin in ('grouping', 'split'), min(opened_at, :seen_at), opened_at),
    last_seen_at = max(last_seen_at, :seen_at)
where id = :target
"""
ISSUE_SAVE = """
insert into issues (id, title, claim_key, opened_at, last_seen_at)
values (:issue_id, :title, :claim_key, :seen_at, :seen_at)
on conflict (id) do update set
    title = iif(issues.title_by is null, excluded.title, issues.title),
    claim_key = coalesce(issues.claim_key, excluded.claim_key),
    opened_at = iif(origin in ('grouping', 'split'), min(issues.opened_at, excluded.opened_at), issues.opened_at),
    last_seen_at = max(issues.last_seen_at, excluded.last_seen_at)
"""
ISSUE_JOIN = "update items set issue_id = :issue_id, voice = :voice where id = :item_id"
ISSUE_JOIN_MERGED = """
update items set issue_id = :target, voice = :voice, grouped_as = :issue_id where id = :item_id
"""
_FROM_UNGROUPED = """
from items as i join judgements as j on j.item_id = i.id
where i.id > ? and i.issue_id is null and i.content_hash <> ''
  and exists (select 1 from mentions as m where m.item_id = i.id)
order by i.id
limit ?
"""
UNGROUPED = _JUDGED + _FROM_UNGROUPED
GROUPED = """
select i.id, s.id as issue_id, i.voice - s.voice_offset as voice, i.title, i.excerpt, i.seen_at, s.claim_key
from items as i join issues as s on s.id = coalesce(i.grouped_as, i.issue_id)
where i.issue_id is not null and i.seen_at >= ? and i.content_hash <> ''
order by i.seen_at desc, i.id desc
limit ?
"""
_ISSUE = """
select s.*, count(*) as items, count(distinct i.voice) as voices,
       sum(j.suspicion >= 0.5 and j.stance in ('spread', 'news')) as suspicious, sum(j.stance = 'debunk') as debunks,
       min(case when i.timing <> 'backfill'
                 and (j.stance = 'debunk' or (j.suspicion >= 0.5 and j.stance in ('spread', 'news')))
           then i.seen_at end) as claimed_at
from issues as s join items as i on i.issue_id = s.id join judgements as j on j.item_id = i.id
"""
ISSUE_GET = _ISSUE + "where s.id = ? group by s.id"
_ISSUES_WANTED = """
where s.last_seen_at >= ?1
  and (?2 is null or exists (
      select 1 from items as o join mentions as m on m.item_id = o.id where o.issue_id = s.id and m.topic_id = ?2))
group by s.id
order by s.last_seen_at desc, s.id desc
limit ?3
"""
ISSUES_LIST = _ISSUE + _ISSUES_WANTED

# ---------------------------------------------------------------- alerts

ALERT_OPEN = "select * from alerts where key = ? and state = 'firing'"
ALERTS_FIRING = "select * from alerts where state = 'firing' order by opened_at, id"
ALERT_GET = "select * from alerts where id = ?"
ALERTS_LIST = "select * from alerts where ?1 is null or state = ?1 order by opened_at desc, id desc limit ?2"
ALERT_LAST_RESOLVED = "select max(resolved_at) from alerts where key = ?"
ALERT_NEXT_ID = "select coalesce(max(id), 0) + 1 from alerts"
ALERT_SAVE = """
insert into alerts (id, key, rule, subject_kind, subject_id, measure, state, opened_at, last_spike_at, updated_at,
                    resolved_at, notified_at, notified_count, window_s, count, peak, expected, limit_count, publishers,
                    detector, detector_version, title, summary, level, repeats, hushed_at, hushed_count)
values (:id, :key, :rule, :subject_kind, :subject_id, :measure, :state, :opened_at, :last_spike_at, :updated_at,
        :resolved_at, :notified_at, :notified_count, :window_s, :count, :peak, :expected, :limit_count, :publishers,
        :detector, :detector_version, :title, :summary, :level, :repeats, :hushed_at, :hushed_count)
on conflict (id) do update set
    state = excluded.state, last_spike_at = excluded.last_spike_at, updated_at = excluded.updated_at,
    resolved_at = excluded.resolved_at, notified_at = excluded.notified_at, notified_count = excluded.notified_count,
    window_s = excluded.window_s, count = excluded.count, peak = excluded.peak, expected = excluded.expected,
    limit_count = excluded.limit_count, publishers = excluded.publishers, detector = excluded.detector,
    detector_version = excluded.detector_version, title = excluded.title, summary = excluded.summary,
    level = excluded.level, repeats = excluded.repeats, hushed_at = excluded.hushed_at,
    hushed_count = excluded.hushed_count
"""
EVENT_ADD = "insert into alert_events (alert_id, at, reason, count, text, hold) values (?, ?, ?, ?, ?, ?)"
EVENTS_OF_ALERT = "select * from alert_events where alert_id = ? order by id"
# An item that retention removed a moment ago is no reason to lose an alert.
EVIDENCE_ADD = """
insert into alert_items (alert_id, item_id) select ?, id from items where id = ? on conflict do nothing
"""
EVIDENCE_OF_ALERT = "select item_id from alert_items where alert_id = ? order by item_id"

# ---------------------------------------------------------------- outbox

DELIVERY_ADD = """
insert into deliveries (alert_id, receiver, reason, state, attempts, created_at, not_before_at, claimed_by,
                        claimed_until, sent_at, last_error, dedup_key, notice, recipient)
values (:alert_id, :receiver, :reason, :state, :attempts, :created_at, :not_before_at, :claimed_by,
        :claimed_until, :sent_at, :last_error, :dedup_key, :notice, :recipient)
on conflict (dedup_key) do nothing
"""
DELIVERIES_CLAIMABLE = """
select 1 from deliveries
where state = 'pending' and not_before_at <= :now
  and (claimed_by is null or claimed_by = :worker or claimed_until <= :now)
  and receiver not in (select value from json_each(:held))
limit 1
"""
DELIVERIES_CLAIM = """
update deliveries set claimed_by = :worker, claimed_until = :until
where id in (
    select id from deliveries
    where state = 'pending' and not_before_at <= :now
      and (claimed_by is null or claimed_by = :worker or claimed_until <= :now)
      and receiver not in (select value from json_each(:held))
    order by not_before_at, id
    limit :limit
)
returning *
"""
DELIVERIES_FREE = """
update deliveries set claimed_by = null, claimed_until = null
where state = 'pending' and substr(claimed_by, 1, length(:workers)) = :workers
"""
DELIVERY_SENT = """
update deliveries set state = 'sent', attempts = attempts + 1, sent_at = ?, claimed_by = null, claimed_until = null,
                      last_error = null
where id = ? and claimed_by = ? and state = 'pending'
"""
DELIVERY_RETRY = """
update deliveries set attempts = attempts + 1, last_error = ?, not_before_at = ?, claimed_by = null,
                      claimed_until = null
where id = ? and claimed_by = ? and state = 'pending'
"""
DELIVERY_DEAD = """
update deliveries set state = 'dead', attempts = attempts + 1, last_error = ?, claimed_by = null, claimed_until = null
where id = ? and claimed_by = ? and state = 'pending'
"""
DELIVERY_RESEND = """
update deliveries set state = 'pending', attempts = 0, not_before_at = ?, claimed_by = null, claimed_until = null
where id = ? and state = 'dead'
"""
DELIVERY_COUNTS = "select state, count(*) as n from deliveries group by state"
DELIVERIES_LIST = """
select * from deliveries
where (?1 is null or alert_id = ?1 or id in (select delivery_id from withheld where alert_id = ?1))
  and (not ?2 or state = 'dead')
order by id desc limit ?3
"""

# ---------------------------------------------------------------- messages held back

WITHHELD_ADD = """
insert into withheld (alert_id, receiver, reason, hold, why, company, made_at, until_at, settled_at, delivery_id,
                      dedup_key, notice)
values (:alert_id, :receiver, :reason, :hold, :why, :company, :made_at, :until_at, :settled_at, :delivery_id,
        :dedup_key, :notice)
on conflict (dedup_key) do nothing
"""
WITHHELD_WAITING = "select * from withheld where settled_at is null order by id"
WITHHELD_SETTLE = """
update withheld set settled_at = ?, delivery_id = ?
where settled_at is null and id in (select value from json_each(?))
"""
WITHHELD_GIVE_UP = "update withheld set settled_at = ?, hold = ?, why = ? where settled_at is null and id = ?"
WITHHELD_WAIT = "update withheld set hold = ?, why = ?, until_at = ? where settled_at is null and id = ?"
WITHHELD_HEARD = """
select max(case when d.state = 'sent' then 2
                when d.state = 'pending' or w.settled_at is null then 1
                else 0 end)
from withheld as w left join deliveries as d on d.id = w.delivery_id
where w.alert_id = ? and w.receiver = ? and w.reason <> 'resolved'
"""
WITHHELD_ADDRESSED = """
select distinct receiver from withheld
where alert_id = ? and reason <> 'resolved' and (settled_at is null or delivery_id is not null)
order by receiver
"""
WITHHELD_OF_ALERT = "select * from withheld where alert_id = ? order by id"
WITHHELD_SUPPRESSED = """
select w.* from withheld as w join alerts as a on a.id = w.alert_id
where w.settled_at is null
   or (w.delivery_id is null and w.hold = 'silenced' and a.state = 'firing' and exists (
           select 1 from silences as s where s.id = cast(w.company as integer) and s.ends_at > ?1
                                         and s.expired_at is null))
   or (w.delivery_id is null and w.hold = 'acknowledged' and exists (
           select 1 from acknowledgements as k where k.alert_id = w.alert_id and k.ended_at is null))
order by w.id desc limit ?2
"""
DELIVERY_BY_KEY = "select id from deliveries where dedup_key = ?"
DIGEST_ADD = "insert into digests (receiver, slot, made_at, delivery_id) values (?, ?, ?, ?) on conflict do nothing"
DIGEST_GET = "select 1 from digests where receiver = ? and slot = ?"

# ---------------------------------------------------------------- reactions

ACK_ADD = "insert into acknowledgements (alert_id, made_by, note, made_at, count) values (?, ?, ?, ?, ?)"
ACK_END = "update acknowledgements set ended_at = ?, ended_because = ? where alert_id = ? and ended_at is null"
ACKS_HOLDING = "select * from acknowledgements where ended_at is null"
ACKS_OF_ALERT = "select * from acknowledgements where alert_id = ? order by id"
SILENCE_ADD = "insert into silences (kind, target, comment, made_by, made_at, ends_at) values (?, ?, ?, ?, ?, ?)"
SILENCE_GET = "select * from silences where id = ?"
SILENCES_LIST = """
select * from silences where ?1 is null or (ends_at > ?1 and expired_at is null) order by id desc limit ?2
"""
SILENCE_EXPIRE = """
update silences set expired_at = ?1, expired_by = ?2 where id = ?3 and expired_at is null and ends_at > ?1
"""

# ---------------------------------------------------------------- audit and meta

AUDIT_ADD = "insert into audit (at, actor, action, subject, detail) values (?, ?, ?, ?, ?)"
AUDIT_LIST = "select * from audit order by id desc limit ?"
META_GET = "select value from meta where key = ?"
QUICK_CHECK = "pragma quick_check(20)"  # at most so many faults
META_SET = "insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value"

# The first who asks makes the key; a second process that asks at the same moment gets the same one.
KEY_MAKE = "insert into keys (name, secret) values (?, ?) on conflict (name) do nothing"
KEY_GET = "select secret from keys where name = ?"

# ---------------------------------------------------------------- retention

PRUNABLE_ITEMS = """
select i.id from items as i
where i.seen_at < ?
  and not exists (
      select 1 from alert_items as e join alerts as a on a.id = e.alert_id
      where e.item_id = i.id and a.state = 'firing')
order by i.seen_at
limit ?
"""
COUNT_PRUNABLE_ITEMS = """
select count(*) from items as i
where i.seen_at < ?
  and not exists (
      select 1 from alert_items as e join alerts as a on a.id = e.alert_id
      where e.item_id = i.id and a.state = 'firing')
"""
# Numbers of items are never given twice, although the newest may be deleted: links to them stay true.
ITEMS_LAST_ID_NOTE = """
insert into meta (key, value) values ('items.last_id', (select max(id) from items))
on conflict (key) do update set value = max(cast(value as integer), cast(excluded.value as integer))
"""
# In this order, for the foreign keys.
PRUNE_OF_ITEMS = {
    "sightings": "delete from sightings where item_id in (select value from json_each(?))",
    "mentions": "delete from mentions where item_id in (select value from json_each(?))",
    "judgements": "delete from judgements where item_id in (select value from json_each(?))",
    "revisions": "delete from revisions where item_id in (select value from json_each(?))",
    "article_reads": "delete from article_reads where item_id in (select value from json_each(?))",
    "alert_items": "delete from alert_items where item_id in (select value from json_each(?))",
    "item_claims": "delete from item_claims where item_id in (select value from json_each(?))",
    "items": "delete from items where id in (select value from json_each(?))",
}
PRUNE_POLLS = """
delete from polls where id in (
    select id from (select id, started_at from polls order by id limit ?2) where started_at < ?1
)
"""
COUNT_PRUNABLE_POLLS = "select count(*) from polls where started_at < ?"

# ---------------------------------------------------------------- export

EXPORTS = {
    "items": """
        select i.id, i.url, i.title, i.excerpt, i.lang, i.source_id as source, i.publisher, i.published_at, i.seen_at,
               i.timing, i.date_note, j.stance, j.suspicion, j.points, j.verdict, j.signals, j.judge, j.judge_version,
               (select group_concat(m.topic_id, ' ') from mentions as m where m.item_id = i.id) as topics,
               (select count(*) from sightings as s where s.item_id = i.id) as sightings, i.identity, i.issue_id
        from items as i join judgements as j on j.item_id = i.id
        order by i.id
    """,
    "sightings": """
        select s.item_id, i.url, i.title, s.source_id as source, s.publisher, s.seen_at, s.guid
        from sightings as s join items as i on i.id = s.item_id
        order by s.item_id, s.seen_at
    """,
    "mentions": """
        select m.item_id, m.topic_id as topic, i.url, i.title, i.publisher, m.seen_at, i.timing, j.stance, j.suspicion,
               j.verdict, m.terms, m.spans, m.matched_at
        from mentions as m join items as i on i.id = m.item_id join judgements as j on j.item_id = m.item_id
        order by m.item_id, m.topic_id
    """,
    "alerts": """
        select id, rule, subject_kind, subject_id as subject, measure, state, opened_at, last_spike_at, resolved_at,
               notified_at, window_s / 3600 as window_hours, count, peak, expected, limit_count as "limit", publishers,
               detector, detector_version, title, summary,
               (select group_concat(e.item_id, ' ') from alert_items as e where e.alert_id = alerts.id) as evidence
        from alerts
        order by id
    """,
    "deliveries": """
        select id, alert_id, receiver, reason, state, attempts, created_at, not_before_at, sent_at, last_error,
               dedup_key
        from deliveries
        order by id
    """,
}
