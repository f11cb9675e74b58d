"""The page's questions. A test asks SQLite how it goes about each: none may walk through a whole table."""

from __future__ import annotations

from collector.store.sqlite.statements.items import JUDGED

_HOURS = """
select hour, sum(count - backfill) from hourly
where subject_kind = 'topic' and subject_id = ? and hour >= ? and hour < ?
"""
HOURS_MENTIONS = _HOURS + "group by hour"
HOURS_SUSPICIOUS = _HOURS + "and suspicious and stance in ('spread', 'news') group by hour"
HOURS_DEBUNKS = _HOURS + "and stance = 'debunk' group by hour"
# By time: the planner would rather walk through all that was ever grouped, because of the order of issue_id.
RISING = """
select i.issue_id, count(*) as items, count(distinct i.publisher) as publishers, max(i.seen_at) as last_seen_at
from items as i indexed by items_seen_at join judgements as j on j.item_id = i.id
where i.seen_at >= ? and i.issue_id is not null and i.timing <> 'backfill'
  and j.suspicion >= 0.5 and j.stance in ('spread', 'news')
group by i.issue_id
order by items desc, last_seen_at desc, i.issue_id desc
limit ?
"""
_FROM_IDS = """
from json_each(?) as asked cross join items as i on i.id = asked.value join judgements as j on j.item_id = i.id
order by asked.key
"""
ITEMS_BY_ID = JUDGED + _FROM_IDS
_FROM_ISSUE = """
from items as i join judgements as j on j.item_id = i.id
where i.issue_id = ?
order by i.seen_at desc, i.id desc
limit ?
"""
ITEMS_OF_ISSUE = JUDGED + _FROM_ISSUE
ALERTS_RESOLVED = "select * from alerts where state = 'resolved' order by opened_at desc, id desc limit ?"
DELIVERIES_OF_ALERT = "select * from deliveries where alert_id = ? order by id desc limit ?"
COVERED = """
select source_id, max(from_at, :since) as from_at, min(until_at, :until) as until_at
from coverage
where until_at > :since and from_at < :until
"""
UNSENT = """
select (select count(*) from deliveries where state = 'pending'), (select count(*) from deliveries where state = 'dead')
"""
ITEMS_BY_SOURCE = "select source_id, count(*) from items where seen_at >= ? group by source_id"
