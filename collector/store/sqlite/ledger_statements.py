"""Every statement of the ledger, its copies and its figures, by name. Values are always bound, never pasted in."""

from __future__ import annotations

# ---------------------------------------------------------------- issues

LEDGER_GET = "select * from issues where id = ?"
_NARROWED = """
  and s.state <> 'merged'
  and (:state is null or s.state = :state)
  and (:verdict is null or s.verdict = :verdict)
  and (not :with_verdict or s.verdict is not null)
  and s.last_seen_at >= :since and s.last_seen_at < :until
  and (not :claimed or s.origin <> 'grouping' or s.title_by is not null or s.state <> 'new' or exists (
      select 1 from items as i join judgements as j on j.item_id = i.id
      where i.issue_id = s.id and (j.stance = 'debunk' or (j.suspicion >= 0.5 and j.stance in ('spread', 'news')))))
order by s.last_seen_at desc, s.id desc
limit :limit offset :offset
"""
_ALL = "select s.* from issues as s where 1"
_OF_STATE = "select s.* from issues as s indexed by issues_state where s.state = :state"
_OF_VERDICT = "select s.* from issues as s indexed by issues_verdict where s.verdict is not null"
LEDGER_LIST = _ALL + _NARROWED
LEDGER_LIST_STATE = _OF_STATE + _NARROWED
LEDGER_LIST_VERDICT = _OF_VERDICT + _NARROWED
LEDGER_LIST_AMONG = (
    """
select s.* from json_each(:among) as asked cross join issues as s on s.id = asked.value where 1
"""
    + _NARROWED
)
LEDGER_SEARCH = """
select distinct i.issue_id
from (select rowid from items_fts where items_fts match ?1 order by rowid desc limit ?2) as f
cross join items as i on i.id = f.rowid
where i.issue_id is not null
"""
LEDGER_SEARCH_TITLES = """
select s.id from issues as s
where (s.title_by is not null or s.origin <> 'grouping')
  and not exists (select 1 from json_each(?1) as wanted where instr(lower(s.title), wanted.value) = 0)
"""
LEDGER_TOPIC = """
select distinct i.issue_id
from (select item_id from mentions where topic_id = ?1 order by seen_at desc limit ?2) as m
cross join items as i on i.id = m.item_id
where i.issue_id is not null
"""
LEDGER_TOPIC_NAMED = """
select id from issues
where (title_by is not null or origin <> 'grouping') and instr(' ' || topics || ' ', ' ' || ?1 || ' ') > 0
"""
LEDGER_COUNTS = """
select i.issue_id, count(*) as items, count(distinct i.voice) as voices, count(distinct i.publisher) as publishers,
       sum(j.suspicion >= 0.5 and j.stance in ('spread', 'news')) as suspicious, sum(j.stance = 'debunk') as debunks,
       min(case when i.timing <> 'backfill'
                 and (j.stance = 'debunk' or (j.suspicion >= 0.5 and j.stance in ('spread', 'news')))
           then i.seen_at end) as claimed_at
from json_each(?) as asked
cross join items as i on i.issue_id = asked.value
join judgements as j on j.item_id = i.id
group by i.issue_id
"""
LEDGER_TOPICS = """
select distinct i.issue_id, m.topic_id
from json_each(?) as asked cross join items as i on i.issue_id = asked.value join mentions as m on m.item_id = i.id
order by 1, 2
"""
LEDGER_ACTION_COUNTS = """
select a.issue_id, count(*) as n
from json_each(?) as asked cross join actions as a on a.issue_id = asked.value
group by a.issue_id
"""
LEDGER_OPEN = """
insert into issues (id, title, title_by, claim_key, opened_at, last_seen_at, origin, topics, opened_precision)
values (:id, :title, :title_by, :claim_key, :opened_at, :opened_at, :origin, :topics, :opened_precision)
"""
LEDGER_CHANGE = """
update issues set title = :title, title_by = :title_by, state = :state, verdict = :verdict,
                  verdict_note = :verdict_note, verdict_link = :verdict_link, verdict_by = :verdict_by,
                  verdict_at = :verdict_at, claim_key = :claim_key
where id = :id
"""
FINDINGS = """
select s.id as issue_id, c.*
from json_each(?) as asked
cross join issues as s on s.id = asked.value and s.verdict is not null
join checked_claims as c on c.key = iif(s.claim_key like 'desk:%', s.claim_key, 'issue:' || s.id)
"""
CLAIM_OF_KEY = "select * from checked_claims where key = ?"
EVENT_ADD = "insert into issue_events (issue_id, at, actor, kind, old, new, why) values (?, ?, ?, ?, ?, ?, ?)"
EVENTS_OF_ISSUE = "select * from issue_events where issue_id = ? order by id"

# ---------------------------------------------------------------- merge and split

VOICES = "select coalesce(max(voice), 0) from items where issue_id = ?"
MERGE_ITEMS = """
update items set grouped_as = coalesce(grouped_as, issue_id), issue_id = :into, voice = voice + :offset
where issue_id = :id
"""
MERGE_ACTIONS = "update actions set issue_id = :into where issue_id = :id"
MERGE_TELLINGS = "update tellings set issue_id = :into where issue_id = :id"
MERGE_ALIASES = """
update issues set merged_into = :into, voice_offset = voice_offset + :offset where merged_into = :id
"""
MERGE_ISSUE = "update issues set merged_into = :into, voice_offset = :offset, state = 'merged' where id = :id"
MERGE_TARGET = """
update issues set
    opened_at = min(issues.opened_at, s.opened_at), last_seen_at = max(issues.last_seen_at, s.last_seen_at),
    claim_key = coalesce(issues.claim_key, s.claim_key),
    state = iif(issues.verdict is null and s.verdict is not null, s.state, issues.state),
    verdict_note = iif(issues.verdict is null, s.verdict_note, issues.verdict_note),
    verdict_link = iif(issues.verdict is null, s.verdict_link, issues.verdict_link),
    verdict_by = iif(issues.verdict is null, s.verdict_by, issues.verdict_by),
    verdict_at = iif(issues.verdict is null, s.verdict_at, issues.verdict_at),
    verdict = coalesce(issues.verdict, s.verdict),
    topics = trim(issues.topics || ' ' || s.topics)
from issues as s where issues.id = :into and s.id = :id
"""
ITEMS_OF_ISSUE = "select id from items where issue_id = ?"
SPLIT_ITEMS = """
update items set issue_id = :new, grouped_as = null
where issue_id = :id and id in (select value from json_each(:items))
"""
SPANS_OF_ISSUE = """
update issues set
    opened_at = iif(origin in ('grouping', 'split'),
                    coalesce((select min(seen_at) from items where issue_id = issues.id), opened_at), opened_at),
    last_seen_at = coalesce((select max(seen_at) from items where issue_id = issues.id), last_seen_at)
where id = ?
"""

# ---------------------------------------------------------------- actions

ACTION_ADD = """
insert into actions (issue_id, kind, at, precision, by, note, link, recorded_at) values (?, ?, ?, ?, ?, ?, ?, ?)
"""
ACTIONS_OF_ISSUE = "select * from actions where issue_id = ? order by at, id"

# ---------------------------------------------------------------- items that people bring

SOURCE_BROUGHT = """
insert into sources (id, kind, url, role, every_s, timeout_s, lang, enabled, options, added_at, removed_at,
                     disabled_at, next_poll_at)
values (:id, 'desk', :id, 'social', 0, 0, 'id', 0, '{}', :now, :now, :now, :now)
on conflict (id) do nothing
"""
JOIN_IF_FREE = """
update items set issue_id = :issue, voice = (select coalesce(max(voice), 0) + 1 from items where issue_id = :issue)
where id = :item and issue_id is null
"""

# ---------------------------------------------------------------- who was told

TELLING_ADD = """
insert into tellings (issue_id, recipient, channel, at, about, verdict, correction, reference, answer, answered_at)
values (:issue_id, :recipient, :channel, :at, :about, :verdict, :correction, :reference, :answer, :answered_at)
"""
TOLD_TO = "select * from tellings where channel = ? and recipient = ? order by id desc limit ?"
TELLING_ANSWER = "update tellings set answer = ?, answered_at = ? where id = ?"
TOLD = """
with ours (id) as (select :id union select id from issues where merged_into = :id)
select id, issue_id, recipient, channel, at, about, verdict, correction, reference, answer, answered_at
from tellings where issue_id = :id
union all
select 0, :id, d.receiver, 'alert', coalesce(d.sent_at, d.created_at),
    coalesce(case when json_valid(d.notice) then json_extract(d.notice, '$.headline[0]') end, a.title),
    null, 0, d.dedup_key, '', null
from alerts as a join deliveries as d on d.alert_id = a.id
where d.state <> 'dead' and a.id in (
    select about.id from ours cross join alerts as about
        on about.subject_kind = 'issue' and about.subject_id = cast(ours.id as text)
    union
    select e.alert_id from items as i cross join alert_items as e on e.item_id = i.id where i.issue_id = :id)
order by 5, 1
"""
OWED = """
select t.* from tellings as t indexed by tellings_verdict join issues as s on s.id = t.issue_id
where t.verdict is not null and t.verdict is not s.verdict and (:channel is null or t.channel = :channel)
  and t.id = (select max(o.id) from tellings as o
              where o.issue_id = t.issue_id and o.channel = t.channel and o.recipient = t.recipient)
order by t.id
"""

# ---------------------------------------------------------------- removal

TOMBSTONE_ADD = """
insert into tombstones (identity_hash, item_id, at, actor, why) values (?, ?, ?, ?, ?)
on conflict (identity_hash) do update set item_id = coalesce(item_id, excluded.item_id)
returning *
"""
TOMBSTONES = "select * from tombstones order by at desc, identity_hash"
FORGET_FIND = "select id, title, excerpt, url, issue_id from items where identity = ?"
FORGET_WORDINGS = "select title from revisions where item_id = ?"
FORGET_ITEM = """
update items set identity = ?, url = null, title = ?, excerpt = '', content_hash = ''
where id = ?
"""
FORGET_PARTS = (
    "delete from revisions where item_id = ?",
    "delete from article_reads where item_id = ?",
    "delete from page_copies where item_id = ?",
    "update sightings set guid = null where item_id = ?",
    "update mentions set spans = '[]', terms = '[]' where item_id = ?",
    "update judgements set signals = '[]' where item_id = ?",
    "update item_claims set differences = '[]' where item_id = ?",
)
FORGET_CLAIMS_OF_URL = "select id, key from checked_claims where url = ?"
FORGET_CLAIM_LINKS = "delete from item_claims where claim_id = ?"
FORGET_CLAIM_OF_ISSUES = "update issues set claim_key = null where claim_key = ?"
FORGET_CLAIM = "delete from checked_claims where id = ?"
FORGET_TITLE = """
update issues set title = coalesce(
    (select i.title from items as i where i.issue_id = issues.id and i.content_hash <> '' order by i.id limit 1), ?2)
where id = ?1
"""
FORGET_IN_EVENTS = """
update issue_events set old = replace(old, ?2, ?3), new = replace(new, ?2, ?3) where issue_id = ?1
"""
FORGET_IN_CLAIM = "update checked_claims set text = ?2, title = ?2 where key = ?1"
FORGET_IN_TELLINGS = "update tellings set about = replace(about, ?2, ?3) where issue_id = ?1"
ALERTS_ABOUT = """
select id, title, summary, subject_kind = 'issue' and subject_id = cast(?2 as text) as own from alerts
where (subject_kind = 'issue' and subject_id = cast(?2 as text))
   or id in (select alert_id from alert_items where item_id = ?1)
"""
ALERT_REWORD = "update alerts set title = ?, summary = ? where id = ?"
ALERT_EVENTS_OF = "select id, text from alert_events where alert_id = ?"
ALERT_EVENT_REWORD = "update alert_events set text = ? where id = ?"
# Also those that carry its message among others', for company or in a digest.
DELIVERIES_OF_ALERT = """
select id, notice from deliveries where alert_id = :alert
union
select d.id, d.notice from withheld as w join deliveries as d on d.id = w.delivery_id where w.alert_id = :alert
"""
WITHHELD_OF_ALERT = "select id, notice from withheld where alert_id = ?"
WITHHELD_REWORD = "update withheld set notice = ? where id = ?"
DELIVERIES_TOLD = """
select d.id, d.notice from tellings as t join deliveries as d on d.dedup_key = t.reference
where t.issue_id = ? and t.reference <> ''
"""
DELIVERY_REWORD = "update deliveries set notice = ? where id = ?"

# ---------------------------------------------------------------- copies of pages

COPIES_DUE = """
select i.id as item_id, i.source_id, i.url, i.lang, coalesce(c.attempts, 0) as attempts
from items as i
join judgements as j on j.item_id = i.id and j.suspicion >= 0.5 and j.stance in ('spread', 'news')
left join page_copies as c on c.item_id = i.id
where i.seen_at >= :since and i.url is not null and i.timing <> 'backfill' and i.source_id not like '(partner) %'
  and (c.item_id is null or (c.state = 'waiting' and c.next_at <= :now))
  and exists (select 1 from mentions as m where m.item_id = i.id)
order by i.seen_at desc, i.id desc
limit :limit
"""
COPY_KEEP = """
insert into page_copies (item_id, url, state, fetched_at, status, media_type, sha256, page_bytes, kept_bytes, whole,
                         attempts, next_at, error, body)
select :item_id, :url, 'kept', :fetched_at, :status, :media_type, :sha256, :page_bytes, :kept_bytes, :whole,
       1, null, null, :body
from items where id = :item_id and content_hash <> ''
on conflict (item_id) do update set
    url = excluded.url, state = 'kept', fetched_at = excluded.fetched_at, status = excluded.status,
    media_type = excluded.media_type, sha256 = excluded.sha256, page_bytes = excluded.page_bytes,
    kept_bytes = excluded.kept_bytes, whole = excluded.whole, attempts = attempts + 1, next_at = null, error = null,
    body = excluded.body
where page_copies.state = 'waiting'
"""
COPY_FAILED = """
insert into page_copies (item_id, url, state, media_type, sha256, page_bytes, kept_bytes, whole, attempts, next_at,
                         error)
select :item_id, :url, :state, '', '', 0, 0, 0, 1, :next_at, :error
from items where id = :item_id and content_hash <> ''
on conflict (item_id) do update set
    state = excluded.state, attempts = attempts + 1, next_at = excluded.next_at, error = excluded.error
where page_copies.state = 'waiting'
"""
COPY_OF = """
select item_id, url, state, fetched_at, status, media_type, sha256, page_bytes, kept_bytes, whole, attempts, next_at,
       error
from page_copies where item_id = ?
"""
COPY_BODY = "select body from page_copies where item_id = ? and state = 'kept'"
COPY_REMOVE = """
update page_copies set state = 'failed', body = null, kept_bytes = 0, error = 'removed'
where item_id = ? and state = 'kept'
"""
COPY_PRUNE = "delete from page_copies where fetched_at is not null and fetched_at < ?"
COPY_COUNTS = "select state, count(*) as n from page_copies group by state"

# ---------------------------------------------------------------- figures

COUNT_ADD = """
insert into published_counts (first_day, last_day, issues, topic, source, added_at)
values (:first, :last, :issues, :topic, :source, :now)
on conflict (first_day, last_day, topic, source) do update set issues = excluded.issues
"""
COUNTS_COUNT = "select count(*) from published_counts"
COUNTS = "select * from published_counts order by first_day, last_day, id"
_FIRSTS = """
with firsts as (
    select i.issue_id, min(i.seen_at) as at, i.id as item_id, i.publisher, s.verdict
    from items as i
    join judgements as j on j.item_id = i.id
    join issues as s on s.id = i.issue_id and s.origin in ('grouping', 'split')
    where i.seen_at >= :since and i.seen_at < :until and i.timing <> 'backfill'
      and (s.verdict is not null or j.stance = 'debunk' or (j.suspicion >= 0.5 and j.stance in ('spread', 'news')))
      and (:topic is null or exists (select 1 from mentions as m where m.item_id = i.id and m.topic_id = :topic))
    group by i.issue_id
), counted as (
    select * from firsts as f
    where not exists (
        select 1 from items as o join judgements as p on p.item_id = o.id
        where o.issue_id = f.issue_id and o.seen_at < :since and o.timing <> 'backfill'
          and (f.verdict is not null or p.stance = 'debunk'
               or (p.suspicion >= 0.5 and p.stance in ('spread', 'news')))
          and (:topic is null or exists (select 1 from mentions as m where m.item_id = o.id and m.topic_id = :topic)))
)
"""
_BROUGHT_ISSUES = """
from issues where origin in ('import', 'partner') and state <> 'merged'
  and opened_at >= :since_month and opened_at < :until
  and (:topic is null or instr(' ' || topics || ' ', ' ' || :topic || ' ') > 0)
"""
ISSUES_COUNTED = (
    _FIRSTS
    + """
select substr(at, 1, 13) || ':00:00Z' as at, 'time' as precision, '' as label, count(*) as n from counted group by 1
"""
)
ISSUES_BY_SOURCE = (
    _FIRSTS
    + """
select substr(at, 1, 13) || ':00:00Z' as at, 'time' as precision, publisher as label, count(*) as n
from counted group by 1, 3
"""
)
ISSUES_BY_TOPIC = (
    _FIRSTS
    + """
select substr(at, 1, 13) || ':00:00Z' as at, 'time' as precision, m.topic_id as label, count(*) as n
from counted as f join mentions as m on m.item_id = f.item_id group by 1, 3
"""
)
_BROUGHT = "select opened_at as at, opened_precision as precision, "
ISSUES_BROUGHT = _BROUGHT + "'' as label, count(*) as n" + _BROUGHT_ISSUES + " group by 1, 2"
ISSUES_BROUGHT_BY_TOPIC = _BROUGHT + "topics as label, count(*) as n" + _BROUGHT_ISSUES + " group by 1, 2, 3"
# Mentions are asked for by the judgement's number, so that SQLite looks at the judgement first: half the time.
_SUSPICIOUS_ITEMS = """
from items as i join judgements as j on j.item_id = i.id and j.stance in ('spread', 'news')
  and (j.suspicion >= 0.5
       or i.issue_id in (select id from issues where verdict in ('false', 'misleading', 'scam', 'unproven')))
where i.seen_at >= :since and i.seen_at < :until and i.timing <> 'backfill'
  and exists (select 1 from mentions as m where m.item_id = j.item_id and (:topic is null or m.topic_id = :topic))
"""
_BROUGHT_ITEMS = """
from items as i where i.source_id = '(import)' and i.published_at >= :since_month and i.published_at < :until
  and (:topic is null or exists (select 1 from mentions as m where m.item_id = i.id and m.topic_id = :topic))
"""
_SEEN = "select substr(i.seen_at, 1, 13) || ':00:00Z' as at, 'time' as precision, "
ITEMS_COUNTED = _SEEN + "'' as label, count(*) as n" + _SUSPICIOUS_ITEMS + " group by 1"
ITEMS_BY_SOURCE = _SEEN + "i.publisher as label, count(*) as n" + _SUSPICIOUS_ITEMS + " group by 1, 3"
ITEMS_BY_TOPIC = """
select substr(i.seen_at, 1, 13) || ':00:00Z' as at, 'time' as precision, m.topic_id as label, count(*) as n
from items as i join judgements as j on j.item_id = i.id and j.stance in ('spread', 'news')
  and (j.suspicion >= 0.5
       or i.issue_id in (select id from issues where verdict in ('false', 'misleading', 'scam', 'unproven')))
join mentions as m on m.item_id = i.id
where i.seen_at >= :since and i.seen_at < :until and i.timing <> 'backfill' and (:topic is null or m.topic_id = :topic)
group by 1, 3
"""
_DATED = "select i.published_at as at, i.date_precision as precision, "
ITEMS_BROUGHT = _DATED + "'' as label, count(*) as n" + _BROUGHT_ITEMS + " group by 1, 2"
ITEMS_BROUGHT_BY_SOURCE = _DATED + "i.publisher as label, count(*) as n" + _BROUGHT_ITEMS + " group by 1, 2, 3"
ITEMS_BROUGHT_BY_TOPIC = (
    _DATED
    + """m.topic_id as label, count(*) as n
from items as i join mentions as m on m.item_id = i.id
where i.source_id = '(import)' and i.published_at >= :since_month and i.published_at < :until
  and (:topic is null or m.topic_id = :topic)
group by 1, 2, 3
"""
)
ACTIONS_COUNTED = """
select a.kind, a.at, a.precision, count(*) as n from actions as a
where a.at >= :since_month and a.at < :until
  and (:topic is null
       or exists (select 1 from issues as s
                  where s.id = a.issue_id and instr(' ' || s.topics || ' ', ' ' || :topic || ' ') > 0)
       or exists (select 1 from items as i join mentions as m on m.item_id = i.id
                  where i.issue_id = a.issue_id and m.topic_id = :topic))
group by 1, 2, 3
"""
_NAMED = """
select count(*) as items,
       coalesce(sum(j.suspicion >= 0.5 and j.stance in ('spread', 'news')), 0) as flagged,
       coalesce(sum(exists (select 1 from alert_items as e where e.item_id = i.id)), 0) as alerted
"""
NAMING = (
    _NAMED
    + """
from items_fts as f join items as i on i.id = f.rowid join judgements as j on j.item_id = i.id
where items_fts match :phrases
  and case when i.source_id = '(import)' then i.published_at >= :since and i.published_at < :until
           else i.seen_at >= :since and i.seen_at < :until and i.timing <> 'backfill' end
"""
)
ON_TOPIC = """
with found as (
    select t.item_id from mentions as t join items as o on o.id = t.item_id
    where t.topic_id = :topic and t.seen_at >= :since and t.seen_at < :until
      and o.timing <> 'backfill' and o.source_id <> '(import)'
    union all
    select t.item_id from items as o join mentions as t on t.item_id = o.id and t.topic_id = :topic
    where o.source_id = '(import)' and o.published_at >= :since and o.published_at < :until
)
select count(*) as items,
       coalesce(sum(j.suspicion >= 0.5 and j.stance in ('spread', 'news')), 0) as flagged,
       coalesce(sum(exists (select 1 from alert_items as e where e.item_id = j.item_id)), 0) as alerted
from found join judgements as j on j.item_id = found.item_id
"""
KEPT_SINCE = "select min(seen_at) from items"
