"""Deliveries."""

from __future__ import annotations

DELIVERY_ADD = """
insert into deliveries (alert_id, receiver, reason, state, attempts, created_at, not_before_at, claimed_by,
                        claimed_until, sent_at, last_error, dedup_key, notice, recipient)
values (:alert_id, :receiver, :reason, :state, :attempts, :created_at, :not_before_at, :claimed_by,
        :claimed_until, :sent_at, :last_error, :dedup_key, :notice, :recipient)
on conflict (dedup_key) do nothing
"""
DELIVERIES_CLAIMABLE = """
select 1 from deliveries
where state = 'pending' and not_before_at <= :now
  and (claimed_by is null or claimed_by = :worker or claimed_until <= :now)
  and receiver not in (select value from json_each(:held))
limit 1
"""
DELIVERIES_CLAIM = """
update deliveries set claimed_by = :worker, claimed_until = :until
where id in (
    select id from deliveries
    where state = 'pending' and not_before_at <= :now
      and (claimed_by is null or claimed_by = :worker or claimed_until <= :now)
      and receiver not in (select value from json_each(:held))
    order by not_before_at, id
    limit :limit
)
returning *
"""
DELIVERIES_FREE = """
update deliveries set claimed_by = null, claimed_until = null
where state = 'pending' and substr(claimed_by, 1, length(:workers)) = :workers
"""
DELIVERY_SENT = """
update deliveries set state = 'sent', attempts = attempts + 1, sent_at = ?, claimed_by = null, claimed_until = null,
                      last_error = null
where id = ? and claimed_by = ? and state = 'pending'
"""
DELIVERY_RETRY = """
update deliveries set attempts = attempts + 1, last_error = ?, not_before_at = ?, claimed_by = null,
                      claimed_until = null
where id = ? and claimed_by = ? and state = 'pending'
"""
DELIVERY_DEAD = """
update deliveries set state = 'dead', attempts = attempts + 1, last_error = ?, claimed_by = null, claimed_until = null
where id = ? and claimed_by = ? and state = 'pending'
"""
DELIVERY_RESEND = """
update deliveries set state = 'pending', attempts = 0, not_before_at = ?, claimed_by = null, claimed_until = null
where id = ? and state = 'dead'
"""
DELIVERY_COUNTS = "select state, count(*) as n from deliveries group by state"
DELIVERIES_LIST = """
select * from deliveries
where (?1 is null or alert_id = ?1 or id in (select delivery_id from withheld where alert_id = ?1))
  and (not ?2 or state = 'dead')
order by id desc limit ?3
"""
DELIVERY_BY_KEY = "select id from deliveries where dedup_key = ?"
