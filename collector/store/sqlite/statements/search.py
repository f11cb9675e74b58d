"""The index of words."""

from __future__ import annotations

SEARCH_PENDING = "select id from items where id > ? order by id limit ?"
SEARCH_ADD = """
insert into items_fts (rowid, title, excerpt) select id, title, excerpt from items where id > ? and id <= ?
"""
SEARCH_ADD_ONE = "insert into items_fts (rowid, title, excerpt) values (?, ?, ?)"
SEARCH_DROP_ONE = "insert into items_fts (items_fts, rowid, title, excerpt) values ('delete', ?, ?, ?)"
SEARCH_MERGE = "insert into items_fts (items_fts, rank) values ('merge', ?)"
SEARCH_DROP_MANY = """
insert into items_fts (items_fts, rowid, title, excerpt)
select 'delete', i.id, i.title, i.excerpt
from json_each(?) as gone join items as i on i.id = gone.value where i.id <= ?
"""
