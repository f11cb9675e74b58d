"""One article page, end to end: what stands behind a headline.

    wish ── begin (counted) ──> fetch (robots.txt) ── extract ──> story ── match ── judge ──> record
                                                          └─────> ClaimReview ── checked claim ──┘

Never on an alarm's way: the item was stored and counted by its poll; this is work of its own, and what it changes is
counted anew. The judge sees the whole story; only the excerpt is kept. A page that brings nothing is a fact about the
page, kept with the wish; the item stays as its poll left it. The page's description serves where there is no story and
the source gave nothing but the headline.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from collector.claims.claimreview import Review, reviews
from collector.claims.table import key_of
from collector.model.claim import CheckedClaim
from collector.model.clock import Clock
from collector.model.errors import NotFound, ParseError
from collector.model.item import Entry, Item
from collector.model.personal import ELLIPSIS, excerpt, mask
from collector.model.source import Failed, Fetched, Role, Source
from collector.pipeline import Verdicts, link_of
from collector.sources.article import Article, extract
from collector.sources.base import Fetcher
from collector.sources.charset import text_of
from collector.sources.wish import DEADLINE, MAX_ATTEMPTS, MAX_PER_HOUR, WANTED_FOR, again_at
from collector.store.articles import ArticleRead, ArticleWish
from collector.store.base import Storage

ACCEPT = "text/html, application/xhtml+xml;q=0.9"
HOUR = timedelta(hours=1)
_KNOWN_BEGINNING = 60  # characters of an excerpt by which a story is seen to hold it
_PAGES = frozenset({"", "text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml"})

Conclude = Callable[[Source, Entry, datetime], Verdicts]


class Outcome(StrEnum):
    """What became of an attempt."""

    READ = "read"
    LATER = "later"  # failed, and to be tried again
    NEVER = "never"  # failed for good
    NOT_DUE = "not_due"  # somebody else was faster, the item is gone or reworded, or the hour's pages are used up


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReport:
    """One attempt: its outcome, and the reason where it brought no story."""

    item_id: int
    outcome: Outcome
    reason: str | None = None


class Reader:
    """Reads pages. Safe to share between threads: it keeps nothing between them.

    ``conclude`` is the pipeline's: an article is matched and judged as its entry was.
    """

    def __init__(self, *, store: Storage, fetcher: Fetcher, conclude: Conclude, clock: Clock) -> None:
        self._store = store
        self._fetcher = fetcher
        self._conclude = conclude
        self._clock = clock

    def due(self, source: Source, limit: int = MAX_PER_HOUR) -> tuple[ArticleWish, ...]:
        """The source's pages to be read now, newest first, within what is left of its hour."""
        now = self._clock.now()
        wishes = self._store.articles.due(source.id, now, wanted_since=now - WANTED_FOR, limit=limit)
        return wishes[: self._left(source, now)] if wishes else ()

    def _left(self, source: Source, now: datetime) -> int:
        return max(0, MAX_PER_HOUR - self._store.articles.attempts(source.id, now - HOUR))

    def read(self, source: Source, item_id: int) -> PageReport:
        """Read the page of one item, if it is due. Raises StoreError."""
        now = self._clock.now()
        try:
            item = self._store.items.get(item_id).item
        except NotFound:
            return PageReport(item_id=item_id, outcome=Outcome.NOT_DUE, reason="the item is gone")
        if item.url is None or not self._left(source, now):
            return PageReport(item_id=item_id, outcome=Outcome.NOT_DUE)
        attempt = self._store.articles.begin(item_id, now, again_at(1, now) or now)
        if not attempt:
            return PageReport(item_id=item_id, outcome=Outcome.NOT_DUE)
        if attempt > MAX_ATTEMPTS:  # none of them came to an end: the process did
            return self._give_up(item, "every attempt ended with the process")
        return self._answered(source, item, attempt, ask_for(self._fetcher, source, item.url, now))

    def _answered(self, source: Source, item: Item, attempt: int, answer: Fetched | Failed) -> PageReport:
        if isinstance(answer, Failed):
            later = again_at(attempt, answer.failed_at, answer)
            if later is None:
                return self._give_up(item, answer.reason)
            self._store.articles.failed(item.id, answer.reason, again_at=later)
            return PageReport(item_id=item.id, outcome=Outcome.LATER, reason=answer.reason)
        try:
            article = read_page(answer, source.lang)
        except ParseError as error:
            return self._give_up(item, str(error))
        checks = _checked(source, item, answer)
        if not (article.has_story or (article.text and not item.excerpt) or checks):
            return self._give_up(item, "no story on the page")
        return self._record(source, item, article, checks, answer.fetched_at)

    def _record(
        self, source: Source, item: Item, article: Article, checks: CheckedClaim | None, now: datetime
    ) -> PageReport:
        entry = entry_of(item, article)
        verdicts = self._conclude(source, entry, now)
        if checks is not None:  # marked up by the fact-checker: better than what the headline let guess
            guessed = verdicts.checks
            verdict = checks.verdict or (None if guessed is None else guessed.verdict)
            topics = tuple(match.topic_id for match in verdicts.matches)
            verdicts = replace(verdicts, checks=replace(checks, verdict=verdict, topics=topics))
        read = ArticleRead(
            item_id=item.id,
            content_hash=item.content_hash,
            excerpt=excerpt(entry.text),
            read_at=now,
            matches=verdicts.matches,
            judgement=verdicts.judgement,
        )
        with self._store.transaction():
            if not self._store.articles.read(read):
                return PageReport(item_id=item.id, outcome=Outcome.NOT_DUE, reason="reworded meanwhile")
            if verdicts.checks is not None:
                self._store.claims.add((verdicts.checks,), now)
            link = link_of(item.identity, verdicts, now)
            if link is not None:
                self._store.claims.link((link,))
        return PageReport(item_id=item.id, outcome=Outcome.READ)

    def _give_up(self, item: Item, reason: str) -> PageReport:
        self._store.articles.failed(item.id, reason, again_at=None)
        return PageReport(item_id=item.id, outcome=Outcome.NEVER, reason=reason)


def ask_for(fetcher: Fetcher, source: Source, url: str, now: datetime) -> Fetched | Failed:
    """Fetch a page as robots.txt allows, within its own deadline."""
    hurried = replace(source, timeout=min(source.timeout, DEADLINE))
    return fetcher.fetch(hurried, url, None, accept=ACCEPT, robots=True, now=now)


def read_page(answer: Fetched, lang: str) -> Article:
    """What a fetched page says. Raises ParseError where it is none, or another one than was asked for."""
    if answer.media_type not in _PAGES:
        raise ParseError(f"no page: {answer.media_type}")
    if not _path(answer.final_url) and _path(answer.url):
        raise ParseError("the address leads to the site's front page now")
    content_type = answer.headers.get("content-type", "")
    return extract(answer.body, answer.final_url, content_type, now=answer.fetched_at, lang=lang)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path.strip("/") + parts.query


def entry_of(item: Item, article: Article) -> Entry:
    """The item as if its source had given all of it. The source's own title stays; personal data that was masked in it
    is there again where the page's title has it, for the judge to see. What the source said beside the title stays
    too, where the story does not say it."""
    return Entry(
        title=article.title if mask(article.title) == item.title else item.title,
        text=whole_text(item.excerpt.removesuffix(ELLIPSIS), article),
        url=item.url,
        published_at=item.published_at,
        lang=item.lang,
    )


def whole_text(summary: str, article: Article) -> str:
    """The story, behind what the source said if the story does not say it; the summary alone where there is none."""
    if not summary or (article.has_story and summary[:_KNOWN_BEGINNING] in article.text):
        return article.text
    return f"{summary} {article.text}" if article.has_story else summary


def _checked(source: Source, item: Item, answer: Fetched) -> CheckedClaim | None:
    """The claim that a fact-checker's page marks up as the one it checks. Others may write what they like there."""
    if source.role is not Role.FACTCHECK or b"ClaimReview" not in answer.body:
        return None
    page = text_of(answer.body, answer.headers.get("content-type", ""))
    return next((_claim(item, review) for review in reviews(page)), None)


def _claim(item: Item, review: Review) -> CheckedClaim:
    """Under the key by which its headline was learnt."""
    return CheckedClaim(
        id=0,
        key=key_of(url=item.url, publisher=item.publisher, case_id=None, text=review.claim),
        text=review.claim,
        title=item.title,
        verdict=review.verdict,
        publisher=item.publisher,
        url=item.url,
        checked_at=review.published_at or item.published_at,
    )
