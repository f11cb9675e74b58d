"""The kind ``page``: a listing in HTML, read by the CSS selectors of its source (``item``, ``title``, ``link``,
``summary``, ``date``; all but ``item`` are relative to the item and may be left out)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from collector.model.errors import ParseError
from collector.model.source import Fetched, Source
from collector.sources.base import Parsed
from collector.sources.charset import text_of
from collector.sources.limits import check
from collector.sources.links import absolute
from collector.sources.rough import Document, Reading, Rough, parsed, zone_for

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

MAX_ITEMS = 500
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*>")
_HEADINGS = "h1, h2, h3, h4, h5, h6"


class PageKind:
    """A web page that lists links to stories."""

    name = "page"
    needs_robots = True

    def address(self, source: Source) -> str:
        return source.url

    def accept(self) -> str:
        return "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"

    def parse(self, source: Source, fetched: Fetched) -> Parsed:
        """Raises ParseError where nothing on the page fits the selector ``item``, or a selector is no CSS."""
        soup = _soup(text_of(fetched.body, fetched.headers.get("content-type", "")))
        document = Document(entries=tuple(_items(soup, source)), title=_text(soup, "title"))
        if not document.entries:
            raise ParseError(f"nothing on the page fits item: {source.options.get('item')!r} (has the page changed?)")
        reading = Reading(
            base=_base(soup, fetched.final_url),
            now=fetched.fetched_at,
            zone=zone_for(source.lang),
            thorough_dates=True,
        )
        return parsed(document, reading)


def _soup(html: str) -> BeautifulSoup:
    check(html, "a page")
    if "<" not in html:
        raise ParseError("no page: text without a tag")
    from bs4 import BeautifulSoup

    # The line break: BeautifulSoup warns of what begins as XML, be it a feed or a declaration that never ends.
    return BeautifulSoup("\n" + _DECLARATION.sub("", html, count=1), "lxml")


def _items(soup: BeautifulSoup, source: Source) -> Iterator[Rough]:
    from soupsieve import SelectorSyntaxError

    options = source.options
    if not options.get("item"):
        raise ParseError("a page needs the CSS selector item: which element holds one story")
    try:
        for item in _outermost(soup.select(options["item"], limit=MAX_ITEMS)):
            rough = Rough(
                title=_title(item, options.get("title"), options.get("link")),
                summary=_text(item, options.get("summary")),
                link=_link(item, options.get("link"), options.get("title")),
                date=_date(item, options.get("date")),
            )
            if rough.title or rough.link:
                yield rough
    except SelectorSyntaxError as error:
        raise ParseError(f"no CSS selector: {str(error).splitlines()[0]}") from error
    except RecursionError as error:
        raise ParseError("a page nested too deeply") from error


def _outermost(items: Iterable[Tag]) -> Iterator[Tag]:
    """Without those inside another one, which would be told twice (and cost the square of their depth)."""
    seen: set[int] = set()
    for item in items:
        if not any(id(parent) in seen for parent in item.parents):
            seen.add(id(item))
            yield item


def _text(holder: Tag, selector: str | None) -> str | None:
    found = _find(holder, selector)
    return found.get_text(" ", strip=True) or None if found is not None else None


def _find(item: Tag, selector: str | None) -> Tag | None:
    """The first element in ``item`` that fits; the item itself, where it fits and nothing in it does."""
    if not selector:
        return None
    return item.select_one(selector) or (item if item.css.match(selector) else None)


def _title(item: Tag, title: str | None, link: str | None) -> str | None:
    """What ``title`` names; without that selector a heading's words, else the link's, else the item's."""
    if title:
        return _text(item, title)
    for selector in (_HEADINGS, link, "a[href]"):
        if text := _text(item, selector):
            return text
    return item.get_text(" ", strip=True) or None


def _link(item: Tag, selector: str | None, title: str | None) -> str | None:
    """The address in the element that ``link`` names, around or in it; else in the title's; else the item's first."""
    for found in (_find(item, selector), _find(item, title), item):
        if found is None:
            continue
        anchor = found if found.get("href") else (found.select_one("a[href]") or found.find_parent("a", href=True))
        if anchor is not None and isinstance(href := anchor.get("href"), str):
            return href
    return None


def _date(item: Tag, selector: str | None) -> str | None:
    found = _find(item, selector or "time")
    if found is None:
        return None
    for element in (found, found.select_one("[datetime]")):
        if element is not None and isinstance(moment := element.get("datetime"), str) and moment.strip():
            return moment
    return found.get_text(" ", strip=True) or None


def _base(soup: BeautifulSoup, address: str) -> str:
    named = soup.select_one("base[href]")
    href = named.get("href") if named is not None else None
    return (absolute(href, address) if isinstance(href, str) else None) or address
