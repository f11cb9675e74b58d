"""The ledger: issues, actions, and who was told."""

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
MERGE_TELLINGS = """
update tellings set told_as = coalesce(told_as, issue_id), issue_id = :into where issue_id in (:id, :into)
"""
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
select id, issue_id, recipient, channel, at, about, verdict, correction, reference, answer, answered_at, told_as
from tellings where issue_id = :id
union all
select 0, :id, d.receiver, 'alert', coalesce(d.sent_at, d.created_at),
    coalesce(case when json_valid(d.notice) then json_extract(d.notice, '$.headline[0]') end, a.title),
    null, 0, d.dedup_key, '', null, null
from alerts as a join deliveries as d on d.alert_id = a.id
where d.state <> 'dead' and a.id in (
    select about.id from ours cross join alerts as about
        on about.subject_kind = 'issue' and about.subject_id = cast(ours.id as text)
    union
    select e.alert_id from items as i cross join alert_items as e on e.item_id = i.id where i.issue_id = :id)
order by 5, 1
"""
RENUMBERED = """
select distinct t.issue_id from tellings as t indexed by tellings_told_as
where t.channel = :channel and t.recipient = :recipient and t.told_as is not null and t.told_as <> t.issue_id
  and exists (select 1 from tellings as n where n.told_as is not null and n.id = (
      select max(o.id) from tellings as o
      where o.issue_id = t.issue_id and o.channel = t.channel and o.recipient = t.recipient))
order by 1
"""
OWED = """
select t.* from tellings as t indexed by tellings_verdict join issues as s on s.id = t.issue_id
where t.verdict is not null and t.verdict is not s.verdict and (:channel is null or t.channel = :channel)
  and t.id = (select max(o.id) from tellings as o
              where o.issue_id = t.issue_id and o.channel = t.channel and o.recipient = t.recipient)
order by t.id
"""
