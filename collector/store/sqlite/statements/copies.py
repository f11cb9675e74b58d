"""Copies of pages."""

from __future__ import annotations

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
