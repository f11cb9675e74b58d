"""What is stored, judged anew by the present judge, beside the claims that are known by now.

    items by number -> known claims -> judge the title and the excerpt -> replace judgement, roll-up and link

Of an item only its title and an excerpt are stored, so a first judgement may have seen more than a second one. What was
told by a whole text stays as it is: debunks, satire, and items whose article was read. For these a claim may still be
found by the title; a link made by the whole text is never taken back. Mentions stay: topics are not looked for again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.claims.known import KnownClaims, is_sure, link_to
from collector.judge.base import Judge
from collector.model.claim import ClaimMatch
from collector.model.item import Entry
from collector.model.judgement import Context, Judgement, Stance
from collector.model.personal import ELLIPSIS
from collector.model.source import Role, Source
from collector.model.topic import Match
from collector.store.articles import ArticleState
from collector.store.base import JudgedItem, Storage
from collector.store.claims import ClaimLink, ItemClaim
from collector.store.hourly import is_suspicious

BATCH = 1_000
KEPT = frozenset((Stance.DEBUNK, Stance.SATIRE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """How many items were seen and judged anew, and how many of these counted as suspicious before and after.

    ``linked`` and ``unlinked``: items that speak of another checked claim than before, and of none any more.
    """

    items: int = 0
    rescored: int = 0
    suspicious_before: int = 0
    suspicious_after: int = 0
    linked: int = 0
    unlinked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Second:
    """A second look at one item: the claim that it speaks of, and its judgement (None: the first one stays)."""

    one: JudgedItem
    known: ClaimMatch | None
    judgement: Judgement | None


def rescore(
    store: Storage, judge: Judge, known: KnownClaims, sources: Mapping[str, Source], now: datetime
) -> Iterator[Rescored]:
    """Yields the sums after every batch. Stopped in between, it is run again: what is done stays done."""
    last, total = 0, Rescored()
    while found := store.items.after(last, BATCH):
        last = found[-1].item.id
        seconds = [_look(one, store, judge, known, sources, now) for one in found if _has_words(one)]
        judged = [(second.one, second.judgement) for second in seconds if second.judgement is not None]
        links, gone = _links(seconds, store, now)
        with store.transaction():
            store.items.rescore([(one.item.id, judgement) for one, judgement in judged], now)
            store.claims.link(links)
            store.claims.unlink(gone)
        total = Rescored(
            items=total.items + len(found),
            rescored=total.rescored + len(judged),
            suspicious_before=total.suspicious_before + sum(_counts(one.judgement) for one, _ in judged),
            suspicious_after=total.suspicious_after + sum(_counts(judgement) for _, judgement in judged),
            linked=total.linked + len(links),
            unlinked=total.unlinked + len(gone),
        )
        yield total


def _has_words(one: JudgedItem) -> bool:
    """What was removed on request has none left to judge; its score stays, so that counts stay."""
    return bool(one.item.content_hash)


def _counts(judgement: Judgement) -> bool:
    return is_suspicious(judgement.stance, judgement.suspicion)


def _look(
    one: JudgedItem,
    store: Storage,
    judge: Judge,
    known: KnownClaims,
    sources: Mapping[str, Source],
    now: datetime,
) -> _Second:
    item = one.item
    source = _source(one, sources)
    near = None
    if one.mentions and source.role is not Role.FACTCHECK:
        near = known.likeliest(item.title, item.excerpt if source.role is Role.SOCIAL else "", now)
    found = near if near is not None and is_sure(near) else None
    if one.judgement.stance in KEPT or _was_read(one, store):
        return _Second(one=one, known=found, judgement=None)
    entry = Entry(title=item.title, text=item.excerpt, url=item.url, published_at=item.published_at, lang=item.lang)
    matches = tuple(Match(topic_id=mention.topic_id, spans=mention.spans) for mention in one.mentions)
    context = Context(source=source, matches=matches, now=now, known=found, similar=None if found else near)
    judgement = judge.judge(entry, context)
    return _Second(one=one, known=found, judgement=judgement)


def _source(one: JudgedItem, sources: Mapping[str, Source]) -> Source:
    """A stored item's source may be configured no more."""
    item = one.item
    return sources.get(item.source_id) or Source(id=item.source_id, kind="feed", url=item.url or "-")


def _was_read(one: JudgedItem, store: Storage) -> bool:
    wish = store.articles.of(one.item.id)
    return wish is not None and wish.state is ArticleState.READ


def _links(seconds: Sequence[_Second], store: Storage, now: datetime) -> tuple[list[ClaimLink], list[int]]:
    """The links to make, and the items whose link goes."""
    before = store.claims.of_items([second.one.item.id for second in seconds])
    links, gone = [], []
    for second in seconds:
        item, old = second.one.item, before.get(second.one.item.id, ())
        if any(link.confidence == 1.0 and link.stance is Stance.DEBUNK for link in old):
            continue  # a fact-checker's entry and the claim that it checks
        if second.known is not None:
            if not _says(old, second.known):
                links.append(link_to(second.known, item.identity, now))
        elif old and second.judgement is not None and not item.excerpt.endswith(ELLIPSIS):
            gone.append(item.id)
    return links, gone


def _says(old: Sequence[ItemClaim], found: ClaimMatch) -> bool:
    return any(link.claim.key == found.claim.key and link.stance is found.stance for link in old)
