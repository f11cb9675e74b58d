"""Persons, sessions and failed log-ins."""

from __future__ import annotations

PERSON_ADD = """
insert into people (name, key, role, password, added_at) values (?, ?, ?, ?, ?) on conflict (key) do nothing
"""
PERSON_GET = "select name, role, added_at from people where key = ?"
PERSON_PASSWORD = "select password from people where key = ?"  # noqa: S105 - a statement
PERSON_RESET = "update people set password = coalesce(?, password), role = coalesce(?, role) where key = ?"
PERSON_REMOVE = "delete from people where key = ?"
PEOPLE_LIST = "select name, role, added_at from people order by key"
SESSION_ADD = "insert into sessions (token_hash, person, opened_at, ends_at) values (?, ?, ?, ?)"
SESSION_GET = """
select s.token_hash, s.opened_at, s.ends_at, p.name, p.role, p.added_at
from sessions as s left join people as p on p.key = s.person
where s.token_hash = ? and s.ends_at > ? and (s.person is null or p.key is not null)
"""
SESSION_DROP = "delete from sessions where token_hash = ?"
SESSIONS_OF_PERSON_END = "delete from sessions where person = ?"
SESSIONS_DROP_ENDED = "delete from sessions where ends_at <= ?"
FAILURE_ADD = "insert into login_attempts (key, at) values (?, ?)"
FAILURES_OF = "select count(*), max(at) from login_attempts where key = ? and at >= ?"
FAILURES_FORGIVE = "delete from login_attempts where key = ?"
FAILURES_DROP_OLD = "delete from login_attempts where at < ?"
