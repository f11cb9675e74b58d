"""What is stored, judged anew by the present judge.

    items by number -> judge the title and the excerpt -> replace judgement and roll-up, a thousand at a time

Of an item only its title and an excerpt are stored, so a first judgement may have seen more than a second one. A debunk
or a satire was told by its whole text and stays what it is. Mentions stay: topics are not looked for again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from collector.judge.base import Judge
from collector.model.item import Entry
from collector.model.judgement import Context, Judgement, Stance
from collector.model.source import Source
from collector.model.topic import Match
from collector.store.base import JudgedItem, Storage
from collector.store.hourly import is_suspicious

BATCH = 1_000
KEPT = frozenset((Stance.DEBUNK, Stance.SATIRE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """How many items were seen and judged anew, and how many of these counted as suspicious before and after."""

    items: int = 0
    rescored: int = 0
    suspicious_before: int = 0
    suspicious_after: int = 0


def rescore(store: Storage, judge: Judge, sources: Mapping[str, Source], now: datetime) -> Iterator[Rescored]:
    """Yields the sums after every batch. Stopped in between, it is run again: what is done stays done."""
    last, total = 0, Rescored()
    while found := store.items.after(last, BATCH):
        last = found[-1].item.id
        judged = [(one, judge.judge(*_known(one, sources, now))) for one in found if _may_change(one)]
        store.items.rescore([(one.item.id, judgement) for one, judgement in judged], now)
        total = Rescored(
            items=total.items + len(found),
            rescored=total.rescored + len(judged),
            suspicious_before=total.suspicious_before + sum(_counts(one.judgement) for one, _ in judged),
            suspicious_after=total.suspicious_after + sum(_counts(judgement) for _, judgement in judged),
        )
        yield total


def _may_change(one: JudgedItem) -> bool:
    """What was removed on request has no words left to judge; its score stays, so that counts stay."""
    return one.judgement.stance not in KEPT and bool(one.item.content_hash)


def _counts(judgement: Judgement) -> bool:
    return is_suspicious(judgement.stance, judgement.suspicion)


def _known(one: JudgedItem, sources: Mapping[str, Source], now: datetime) -> tuple[Entry, Context]:
    item = one.item
    entry = Entry(title=item.title, text=item.excerpt, url=item.url, published_at=item.published_at, lang=item.lang)
    source = sources.get(item.source_id) or Source(id=item.source_id, kind="feed", url=item.url or "-")
    matches = tuple(Match(topic_id=mention.topic_id, spans=mention.spans) for mention in one.mentions)
    return entry, Context(source=source, matches=matches, now=now)
