"""The pages behind headlines: which items want theirs read, and what reading changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from collector.model.judgement import Judgement
from collector.model.topic import Match


class ArticleState(StrEnum):
    WANTED = "wanted"
    READ = "read"
    FAILED = "failed"  # and will not be tried again


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleWish:
    """An item whose page is to be read, or was, or could not be. ``source_id`` is the source whose poll wanted it."""

    item_id: int
    source_id: str
    state: ArticleState
    wanted_at: datetime
    next_at: datetime
    attempts: int = 0
    tried_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRead:
    """What reading an item's page changes: its excerpt, mentions and judgement. The title stays, so there is no
    revision. ``content_hash`` is the item's when its page was asked for."""

    item_id: int
    content_hash: str
    excerpt: str
    read_at: datetime
    matches: tuple[Match, ...]
    judgement: Judgement


class Articles(Protocol):
    """Which items want their page read. What is wanted is written by the poll (``wants_article``)."""

    def due(self, source_id: str, now: datetime, *, wanted_since: datetime, limit: int) -> tuple[ArticleWish, ...]:
        """Wanted ones of that source whose ``next_at`` has come, newest first."""

    def attempts(self, source_id: str, since: datetime) -> int:
        """At least as many as there were from ``since`` on: earlier ones of the items tried since are counted too."""

    def begin(self, item_id: int, now: datetime, again_at: datetime) -> int:
        """Count an attempt before it is made, so that a page which kills the process is not tried for ever. Returns
        its number, 0 where it is not due (any more); it is due again at ``again_at``."""

    def read(self, article: ArticleRead) -> bool:
        """Replace excerpt, mentions and judgement, with the roll-up, in one transaction. False where the item is gone
        or was reworded meanwhile."""

    def failed(self, item_id: int, error: str, *, again_at: datetime | None) -> None:
        """Note why, and when to try again; None: never."""

    def of(self, item_id: int) -> ArticleWish | None: ...

    def counts(self) -> Mapping[ArticleState, int]:
        """How many items there are in each state."""
