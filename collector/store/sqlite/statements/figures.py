"""What reports count."""

from __future__ import annotations

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
