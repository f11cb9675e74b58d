"""Counted days."""

from __future__ import annotations

NEWEST = "select max(seen_at) from items"
KEPT = """
select starts, counts from counted_days
where figure = :figure and topic = :topic and label = :label and starts >= :since and ends <= :until
"""
ANNOUNCE = "update counted_until set at = max(at, ?)"
CHANGES = "select changes from counted_until"
KEEP = """
insert into counted_days (figure, topic, label, starts, ends, counts)
values (:figure, :topic, :label, :since, :until, :counts)
on conflict (figure, topic, label, starts) do update set ends = excluded.ends, counts = excluded.counts
"""
