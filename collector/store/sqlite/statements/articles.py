"""Articles behind headlines."""

from __future__ import annotations

ARTICLES_DUE = """
select * from article_reads
where source_id = ? and state = 'wanted' and wanted_at >= ? and next_at <= ?
order by wanted_at desc, item_id desc
limit ?
"""
ARTICLE_ATTEMPTS = "select coalesce(sum(attempts), 0) from article_reads where source_id = ? and tried_at >= ?"
ARTICLE_BEGIN = """
update article_reads set attempts = attempts + 1, tried_at = ?2, next_at = ?3
where item_id = ?1 and state = 'wanted' and next_at <= ?2
returning attempts
"""
ARTICLE_SETTLE = "update article_reads set state = ?, error = ?, next_at = coalesce(?, next_at) where item_id = ?"
ARTICLE_EXCERPT = "update items set excerpt = ? where id = ?"
ARTICLE_OF_ITEM = "select * from article_reads where item_id = ?"
ARTICLE_COUNTS = "select state, count(*) as n from article_reads group by state"
