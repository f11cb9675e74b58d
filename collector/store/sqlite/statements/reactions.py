"""Acknowledgements and silences."""

from __future__ import annotations

ACK_ADD = "insert into acknowledgements (alert_id, made_by, note, made_at, count) values (?, ?, ?, ?, ?)"
ACK_END = "update acknowledgements set ended_at = ?, ended_because = ? where alert_id = ? and ended_at is null"
ACKS_HOLDING = "select * from acknowledgements where ended_at is null"
ACKS_OF_ALERT = "select * from acknowledgements where alert_id = ? order by id"
SILENCE_ADD = "insert into silences (kind, target, comment, made_by, made_at, ends_at) values (?, ?, ?, ?, ?, ?)"
SILENCE_GET = "select * from silences where id = ?"
SILENCES_LIST = """
select * from silences where ?1 is null or (ends_at > ?1 and expired_at is null) order by id desc limit ?2
"""
SILENCE_EXPIRE = """
update silences set expired_at = ?1, expired_by = ?2 where id = ?3 and expired_at is null and ends_at > ?1
"""
