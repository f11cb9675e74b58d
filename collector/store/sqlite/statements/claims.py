"""Checked claims, and the items that repeat them."""

from __future__ import annotations

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
