"""What grows old."""

from __future__ import annotations

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
