"""Counts by the hour."""

from __future__ import annotations

# Of many topics at once: json_each comes first and numbers them, so that each is looked up once.
_HOURLY = """
select s.key, h.hour, h.publisher, h.count, h.late, h.backfill
from json_each(?) as s cross join hourly as h
where h.subject_kind = 'topic' and h.subject_id = s.value and h.hour between ? and ?
"""
HOURLY_MENTIONS = _HOURLY
HOURLY_SUSPICIOUS = _HOURLY + "and h.suspicious and h.stance in ('spread', 'news')"
HOURLY_DEBUNKS = _HOURLY + "and h.stance = 'debunk'"
# A sum in which hours of the day and publishers weigh differently, each in its own place (names are shorter than 127
# letters), so that an hour later and a shorter name do not come to the same; as a subquery, because grouping would sort
# a million rows, and with one cut of a string, because each costs as much as the row.
_MARK = """
select (
    select sum((h.count + 31 * h.late + 1009 * h.backfill) * (127 * substr(h.hour, 12, 2) + length(h.publisher)))
    from hourly as h
    where h.subject_kind = 'topic' and h.subject_id = s.value and h.hour between ?2 and ?3
"""
_MARK_OF_EACH = ") from json_each(?1) as s order by s.key"
MARKS_MENTIONS = _MARK + _MARK_OF_EACH
MARKS_SUSPICIOUS = _MARK + "and h.suspicious and h.stance in ('spread', 'news')" + _MARK_OF_EACH
MARKS_DEBUNKS = _MARK + "and h.stance = 'debunk'" + _MARK_OF_EACH
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
