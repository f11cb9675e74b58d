"""Who did what."""

from __future__ import annotations

AUDIT_ADD = "insert into audit (at, actor, action, subject, detail) values (?, ?, ?, ?, ?)"
AUDIT_LIST = "select * from audit order by id desc limit ?"
