"""Issues as the grouping makes them."""

from __future__ import annotations

from collector.store.sqlite.statements.items import JUDGED

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
UNGROUPED = JUDGED + _FROM_UNGROUPED
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
