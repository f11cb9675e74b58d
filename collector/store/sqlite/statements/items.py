"""Questions about items."""

from __future__ import annotations

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
JUDGED = """
select i.*, j.stance, j.points, j.suspicion, j.verdict, j.signals, j.judge, j.judge_version,
       (select count(*) from sightings as s where s.item_id = i.id) as sightings
"""
ITEM_GET = JUDGED + "from items as i join judgements as j on j.item_id = i.id where i.id = ?"
ITEMS_AFTER = (
    JUDGED
    + """from items as i join judgements as j on j.item_id = i.id
where i.id > ? order by i.id limit ?"""
)
ITEM_FIND = JUDGED + "from items as i join judgements as j on j.item_id = i.id where i.identity = ?"
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
LIST_ALL_NEWEST = JUDGED + _FROM_ALL + _NARROWED + _NEWEST
LIST_ALL_WORST = JUDGED + _FROM_ALL + _NARROWED + _WORST
LIST_ISSUE_NEWEST = JUDGED + _FROM_ISSUE + _NARROWED + _NEWEST
LIST_ISSUE_WORST = JUDGED + _FROM_ISSUE + _NARROWED + _WORST
LIST_TOPIC_NEWEST = JUDGED + _FROM_TOPIC + _NARROWED + _NEWEST_OF_TOPIC
LIST_TOPIC_WORST = JUDGED + _FROM_TOPIC + _NARROWED + _WORST
LIST_SEARCH_NEWEST = JUDGED + _FROM_SEARCH + _NARROWED + _NEWEST
LIST_SEARCH_WORST = JUDGED + _FROM_SEARCH + _NARROWED + _WORST
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
