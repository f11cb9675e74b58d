"""``siaga test-source --article``: the pages behind a source's headlines, as they would be read. Nothing is stored."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from collector.model.clock import rfc3339_or_none
from collector.model.errors import ParseError
from collector.model.item import Entry
from collector.model.source import Failed, Source

if TYPE_CHECKING:
    from collector.sources.article import Article
    from collector.sources.base import Fetcher

PAGES = 5
SHOWN_CHARS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What stands behind an entry: the article, or the reason why there is none."""

    article: Article | None = None
    reason: str | None = None

    def entry(self, headline: Entry) -> Entry:
        """The entry with the page's words, as it would be judged."""
        from collector.reading import whole_text

        return headline if self.article is None else replace(headline, text=whole_text(headline.text, self.article))


def read_pages(
    fetcher: Fetcher, source: Source, entries: Iterable[Entry], gap: timedelta, now: datetime
) -> Iterator[tuple[Entry, Page]]:
    """The pages of the first ``PAGES`` entries that have a link, one after the other with ``gap`` between."""
    linked = [entry for entry in entries if entry.url][:PAGES]
    for place, entry in enumerate(linked):
        if place:
            time.sleep(gap.total_seconds())
        yield entry, _read(fetcher, source, entry.url or "", now)


def _read(fetcher: Fetcher, source: Source, url: str, now: datetime) -> Page:
    from collector.reading import ask_for, read_page

    answer = ask_for(fetcher, source, url, now)
    if isinstance(answer, Failed):
        return Page(reason=answer.reason)
    try:
        article = read_page(answer, source.lang)
    except ParseError as error:
        return Page(reason=str(error))
    return Page(article=article) if article.text else Page(article=article, reason="no story on the page")


def tell_page(page: Page) -> None:
    from alerts.text import clean_line

    article = page.article
    if article is None or page.reason:
        click.echo(f"    page: {clean_line(page.reason or '', 200)}")
    if article is None:
        return
    if article.text:
        click.echo(f"    page: {len(article.text):,} characters by {article.found_by}")
        click.echo(f"      {clean_line(article.text, SHOWN_CHARS)}")
    if marked := _marked(article):
        click.echo(f"      JSON-LD: {clean_line(', '.join(marked), 200)}")


def page_json(page: Page) -> Mapping[str, object]:
    article = page.article
    return {
        "error": page.reason,
        "title": article.title if article else None,
        "published_at": rfc3339_or_none(article.published_at if article else None),
        "text": article.text if article else None,
        "found_by": article.found_by if article else None,
        "json_ld": _marked(article) if article else [],
    }


def _marked(article: Article) -> list[str]:
    """The kinds of the page's JSON-LD objects."""
    kinds = (thing.get("@type") for thing in article.json_ld)
    return [" ".join(map(str, kind)) if isinstance(kind, list) else str(kind) for kind in kinds if kind]
