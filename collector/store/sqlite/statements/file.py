"""The file itself: its notes, its keys, its check, and how it deletes."""

from __future__ import annotations

OVERWRITE_DELETED = "pragma secure_delete = on"
LEAVE_DELETED = "pragma secure_delete = off"
META_GET = "select value from meta where key = ?"
QUICK_CHECK = "pragma quick_check(20)"  # at most so many faults
META_SET = "insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value"
# The first who asks makes the key; a second process that asks at the same moment gets the same one.
KEY_MAKE = "insert into keys (name, secret) values (?, ?) on conflict (name) do nothing"
KEY_GET = "select secret from keys where name = ?"
