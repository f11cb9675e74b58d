"""Messages held back, and the slots of digests."""

from __future__ import annotations

WITHHELD_ADD = """
insert into withheld (alert_id, receiver, reason, hold, why, company, made_at, until_at, settled_at, delivery_id,
                      dedup_key, notice)
values (:alert_id, :receiver, :reason, :hold, :why, :company, :made_at, :until_at, :settled_at, :delivery_id,
        :dedup_key, :notice)
on conflict (dedup_key) do nothing
"""
WITHHELD_WAITING = "select * from withheld where settled_at is null order by id"
WITHHELD_SETTLE = """
update withheld set settled_at = ?, delivery_id = ?
where settled_at is null and id in (select value from json_each(?))
"""
WITHHELD_GIVE_UP = "update withheld set settled_at = ?, hold = ?, why = ? where settled_at is null and id = ?"
WITHHELD_WAIT = "update withheld set hold = ?, why = ?, until_at = ? where settled_at is null and id = ?"
WITHHELD_HEARD = """
select max(case when d.state = 'sent' then 2
                when d.state = 'pending' or w.settled_at is null then 1
                else 0 end)
from withheld as w left join deliveries as d on d.id = w.delivery_id
where w.alert_id = ? and w.receiver = ? and w.reason <> 'resolved'
"""
WITHHELD_ADDRESSED = """
select distinct receiver from withheld
where alert_id = ? and reason <> 'resolved' and (settled_at is null or delivery_id is not null)
order by receiver
"""
WITHHELD_OF_ALERT = "select * from withheld where alert_id = ? order by id"
WITHHELD_SUPPRESSED = """
select w.* from withheld as w join alerts as a on a.id = w.alert_id
where w.settled_at is null
   or (w.delivery_id is null and w.hold = 'silenced' and a.state = 'firing' and exists (
           select 1 from silences as s where s.id = cast(w.company as integer) and s.ends_at > ?1
                                         and s.expired_at is null))
   or (w.delivery_id is null and w.hold = 'acknowledged' and exists (
           select 1 from acknowledgements as k where k.alert_id = w.alert_id and k.ended_at is null))
order by w.id desc limit ?2
"""
DIGEST_ADD = "insert into digests (receiver, slot, made_at, delivery_id) values (?, ?, ?, ?) on conflict do nothing"
DIGEST_GET = "select 1 from digests where receiver = ? and slot = ?"
