"""What is handed to the threads."""

from __future__ import annotations

from collector.app.sources import turn_of
from collector.model.source import Source
from collector.runner.base import Task
from collector.store.articles import ArticleWish
from collector.store.copies import CopyWish

THREADS = 32  # requests under way at once; waiting for a host's turn takes no thread
ARTICLE_SLOTS = 8  # pages behind headlines under way or waiting at once, of the daemon
COPY_SLOTS = 2  # pages kept as evidence at once
AFTER_POLLS = 1e12  # a priority that lets every poll go first


def poll_task(source: Source, priority: float) -> Task:
    return Task(name="poll", key=source.id, args={"host": turn_of(source), "priority": repr(priority)})


def article_task(key: str, wish: ArticleWish, host: str) -> Task:
    args = {"host": host, "priority": repr(AFTER_POLLS), "source": wish.source_id, "item": str(wish.item_id)}
    return Task(name="article", key=key, args=args)


def copy_task(key: str, wish: CopyWish, host: str) -> Task:
    args = {"host": host, "priority": repr(AFTER_POLLS), "source": wish.source_id, "item": str(wish.item_id)}
    return Task(name="copy", key=key, args=args | {"url": wish.url, "lang": wish.lang, "attempts": str(wish.attempts)})
