"""One item forgotten everywhere."""

from __future__ import annotations

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
