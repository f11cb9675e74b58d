"""Which items want the page behind them read, and what reading it changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from collector.store.articles import ArticleRead, ArticleState, ArticleWish
from collector.store.hourly import Tally
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.polls import conclude_anew, current_words, write_tally
from collector.store.sqlite.rows import moment, moment_or_none, time_text, time_text_or_none
from collector.store.sqlite.search import reindex
from collector.store.sqlite.statements import articles as sql
from collector.store.text import storable


class SqliteArticles:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def due(self, source_id: str, now: datetime, *, wanted_since: datetime, limit: int) -> tuple[ArticleWish, ...]:
        with self._connections.read() as db:
            rows = db.execute(sql.ARTICLES_DUE, (source_id, time_text(wanted_since), time_text(now), limit))
            return tuple(_wish(row) for row in rows)

    def attempts(self, source_id: str, since: datetime) -> int:
        with self._connections.read() as db:
            count: int = db.execute(sql.ARTICLE_ATTEMPTS, (source_id, time_text(since))).fetchone()[0]
        return count

    def begin(self, item_id: int, now: datetime, again_at: datetime) -> int:
        with self._connections.write() as db:
            row = db.execute(sql.ARTICLE_BEGIN, (item_id, time_text(now), time_text(again_at))).fetchone()
        return 0 if row is None else int(row[0])

    def read(self, article: ArticleRead) -> bool:
        with self._connections.write() as db:
            current = current_words(db, article.item_id)
            if current is None or current.content_hash != storable(article.content_hash):
                return False
            excerpt, tally = storable(article.excerpt), Tally()
            db.execute(sql.ARTICLE_EXCERPT, (excerpt, article.item_id))
            conclude_anew(db, article.item_id, article.matches, article.judgement, time_text(article.read_at), tally)
            write_tally(db, tally)
            reindex(db, article.item_id, (current.title, current.excerpt), (current.title, excerpt))
            db.execute(sql.ARTICLE_SETTLE, (ArticleState.READ.value, None, None, article.item_id))
        return True

    def failed(self, item_id: int, error: str, *, again_at: datetime | None) -> None:
        state = ArticleState.FAILED if again_at is None else ArticleState.WANTED
        with self._connections.write() as db:
            db.execute(sql.ARTICLE_SETTLE, (state.value, storable(error), time_text_or_none(again_at), item_id))

    def of(self, item_id: int) -> ArticleWish | None:
        with self._connections.read() as db:
            row = db.execute(sql.ARTICLE_OF_ITEM, (item_id,)).fetchone()
        return None if row is None else _wish(row)

    def counts(self) -> Mapping[ArticleState, int]:
        with self._connections.read() as db:
            found = {row["state"]: row["n"] for row in db.execute(sql.ARTICLE_COUNTS)}
        return {state: found.get(state.value, 0) for state in ArticleState}


def _wish(row: sqlite3.Row) -> ArticleWish:
    return ArticleWish(
        item_id=row["item_id"],
        source_id=row["source_id"],
        state=ArticleState(row["state"]),
        wanted_at=moment(row["wanted_at"]),
        next_at=moment(row["next_at"]),
        attempts=row["attempts"],
        tried_at=moment_or_none(row["tried_at"]),
        error=row["error"],
    )
