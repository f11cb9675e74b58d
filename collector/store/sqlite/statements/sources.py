"""Sources: what is configured, how each stands, which is due."""

from __future__ import annotations

SOURCES_CONFIGURED = """
select id, kind, url, role, every_s, timeout_s, expect_every_s, lang, enabled, options, removed_at
from sources
"""
SOURCE_ADD = """
insert into sources (id, kind, url, role, every_s, timeout_s, expect_every_s, lang, enabled, options, added_at,
                     disabled_at, next_poll_at)
values (:id, :kind, :url, :role, :every_s, :timeout_s, :expect_every_s, :lang, :enabled, :options, :now,
        iif(:enabled, null, :now), :now)
"""
SOURCE_CHANGE = """
update sources set
    kind = :kind, url = :url, role = :role, every_s = :every_s, timeout_s = :timeout_s,
    expect_every_s = :expect_every_s, lang = :lang, enabled = :enabled, options = :options, removed_at = null,
    disabled_at = iif(:enabled, null, coalesce(disabled_at, :now)),
    etag = iif(url = :url and kind = :kind, etag, null),
    last_modified = iif(url = :url and kind = :kind, last_modified, null),
    body_hash = iif(url = :url and kind = :kind, body_hash, null),
    next_poll_at = iif(url = :url and kind = :kind and removed_at is null and enabled, next_poll_at, :now)
where id = :id
"""
SOURCE_REMOVE = "update sources set removed_at = :now where id = :id and removed_at is null"
SOURCE_STATE = "select * from sources where id = ?"
SOURCE_STATES = "select * from sources where removed_at is null order by id"
SOURCES_DUE = """
select id from sources
where removed_at is null and enabled and next_poll_at <= ?
order by failures > 0, next_poll_at, id
"""
SOURCES_EXPECTED = """
select first_ok_at, coalesce(removed_at, disabled_at) as ended_at from sources where first_ok_at is not null
"""
COVERAGE_BETWEEN = "select from_at, until_at from coverage where until_at > ? and from_at < ?"
