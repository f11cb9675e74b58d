"""Which pages behind headlines are read, how many and how often. Pure.

| | |
| --- | --- |
| wanted | where the source says ``article: true``: new items with a topic, and all of a fact-checker's |
| not wanted | what already came with its whole text; what a new source brings along from its past; links of |
| | aggregators, which are encoded and not opened |
| at most | 60 pages an hour and source, one at a time and host, three attempts a page, a day after the item came |
| not again | what is not there (404), forbidden by robots.txt, no page, or without a story |
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from collector.model.item import Entry, Timing
from collector.model.source import Failed, FailureClass, Role, Source
from collector.model.topic import Match
from collector.sources.publisher import is_aggregated

MAX_PER_HOUR = 60
MAX_ATTEMPTS = 3
WHOLE_TEXT = 1_500  # characters: an entry that brings so many is no mere headline
WANTED_FOR = timedelta(days=1)  # after that a story is told
DEADLINE = timedelta(seconds=20)  # of one page; a source's shorter timeout holds
WAITS = (timedelta(minutes=10), timedelta(hours=1))  # before the second and the third attempt
FORBIDDEN = "robots.txt forbids"  # how the fetcher says so


def wants_article(source: Source, entry: Entry, matches: Sequence[Match], timing: Timing) -> bool:
    """Whether the page behind a new or reworded entry is to be read. A fact-checker's pages are, whatever they are
    about and however old: their marked-up verdicts make the known claims."""
    if not source.article or entry.url is None or is_aggregated(entry.url):
        return False
    if source.role is Role.FACTCHECK:
        return True
    return bool(matches) and timing is not Timing.BACKFILL and len(entry.text) < WHOLE_TEXT


def again_at(attempt: int, now: datetime, failed: Failed | None = None) -> datetime | None:
    """When to try again after that attempt (1, 2, ...) failed so; None: never. Without ``failed``: when the attempt
    counts as lost, because the process that made it has ended."""
    if attempt > len(WAITS) or (failed is not None and _is_final(failed)):
        return None
    wait = WAITS[attempt - 1]
    asked = failed.retry_after if failed is not None else None
    return now + max(wait, asked or timedelta(0))


def _is_final(failed: Failed) -> bool:
    return failed.failure_class is FailureClass.HARD or failed.reason.startswith(FORBIDDEN)
