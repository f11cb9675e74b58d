"""The kind ``sitemap``: Google-News sitemaps, plain sitemaps, and indexes of either.

https://www.sitemaps.org/protocol.html, https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from collector.model.errors import ParseError
from collector.model.source import Fetched, Source
from collector.sources.base import Parsed
from collector.sources.charset import text_of
from collector.sources.links import absolute
from collector.sources.prolog import root_of
from collector.sources.rough import Document, Reading, Rough, parsed, zone_for

MAX_MEMBERS = 10  # of an index, fetched in one poll
MAX_PAGES = 1_000  # of one sitemap; Google's own limit for news
MAX_BYTES = 10_000_000
_GZIP = b"\x1f\x8b"
_WORDS = re.compile(r"[^\W\d_]{2,}")


class SitemapKind:
    """A site's list of pages. Made for machines and named in robots.txt, so robots.txt is not asked for it."""

    name = "sitemap"
    needs_robots = False

    def address(self, source: Source) -> str:
        return source.url

    def accept(self) -> str:
        return "application/xml, text/xml;q=0.9, application/gzip;q=0.8, */*;q=0.1"

    def parse(self, source: Source, fetched: Fetched) -> Parsed:
        """Of an index: no entries, and in ``more`` its newest members. Raises ParseError for what is no sitemap."""
        text = text_of(_unpacked(fetched.body), fetched.headers.get("content-type", ""))
        root = _root(root_of(text.lstrip(), "urlset|sitemapindex", "a sitemap"))
        reading = Reading(base=fetched.final_url, now=fetched.fetched_at, zone=zone_for(source.lang))
        name = _name(root)
        if name == "sitemapindex":
            return Parsed(entries=(), more=_members(root, reading.base))
        if name != "urlset":
            raise ParseError(f"not a sitemap: its root is <{name}>")
        return parsed(Document(entries=tuple(_pages(root))), reading)


def _unpacked(body: bytes) -> bytes:
    """Sitemaps lie on servers as .gz files."""
    if not body.startswith(_GZIP):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        data = unpacker.decompress(body, MAX_BYTES)
    except zlib.error as error:
        raise ParseError(f"not a sitemap: broken gzip ({error})") from error
    if unpacker.unconsumed_tail:
        raise ParseError(f"a sitemap of more than {MAX_BYTES:,} bytes")
    return data


def _root(xml: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, recover=True, remove_comments=True
    )
    try:
        root = etree.fromstring(xml.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise ParseError(f"not a sitemap: {error.msg}") from error
    if root is None:
        raise ParseError("not a sitemap: no XML")
    return root


def _members(root: Any, base: str) -> tuple[str, ...]:
    """Addresses of news sitemaps first, then the most recently changed, each once."""
    members = []
    for number, member in enumerate(_children(root, "sitemap")):
        fields = _fields(member)
        address = absolute(fields.get("loc", ""), base)
        if address is not None:
            members.append(("news" not in address.lower(), _descending(fields.get("lastmod", "")), number, address))
    return tuple(dict.fromkeys(address for *_, address in sorted(members)))[:MAX_MEMBERS]


def _pages(root: Any) -> Iterable[Rough]:
    """The most recent pages, as the sitemap dates them; ISO dates sort as text."""
    pages = []
    for number, page in enumerate(_children(root, "url")):
        rough = _page(page)
        if rough.link:
            pages.append((_descending(rough.date or ""), number, rough))
    return [rough for *_, rough in sorted(pages, key=lambda page: page[:2])[:MAX_PAGES]]


def _page(page: Any) -> Rough:
    fields = _fields(page)
    news = next(iter(_children(page, "news")), None)
    told = _fields(news) if news is not None else {}
    publication = next(iter(_children(news, "publication")), None) if news is not None else None
    named = _fields(publication) if publication is not None else {}
    link = fields.get("loc")
    return Rough(
        title=told.get("title") or _title_in(link),
        link=link,
        date=told.get("publication_date") or fields.get("lastmod"),
        author=named.get("name"),
    )


def _title_in(link: str | None) -> str | None:
    """Plain sitemaps have no titles; most addresses hold the headline: ``/1234/kpu-tetapkan-jadwal.html``."""
    if not link:
        return None
    segments = [unquote(part) for part in link.partition("?")[0].split("/")[3:] if part]
    best = max(segments, key=lambda part: part.count("-"), default="")
    words = _WORDS.findall(best.rsplit(".", 1)[0] if best.endswith((".html", ".htm", ".php", ".aspx")) else best)
    return " ".join(words).capitalize() if len(words) > 1 else None


def _descending(date: str) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in date) if date else (1,)


def _children(element: Any, name: str) -> Iterable[Any]:
    return (child for child in element if _name(child) == name)


def _fields(element: Any) -> dict[str, str]:
    """Texts of the child elements by local name, the first of each."""
    fields: dict[str, str] = {}
    for child in element:
        if child.text and child.text.strip():
            fields.setdefault(_name(child), child.text.strip())
    return fields


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
