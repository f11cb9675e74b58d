"""Where a page keeps its feeds. Pure: it names addresses, others try them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from collector.model.errors import ParseError
from collector.sources.charset import text_of
from collector.sources.htmltree import tree_of
from collector.sources.links import absolute

_MOST = 20
_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/json",
    "application/xml",
    "text/xml",
)
_LOOKS_LIKE_FEED = re.compile(r"(?:^|[/._-])(?:rss|feed|atom|rdf)s?(?:[/._?-]|$)|\.rdf$", re.IGNORECASE)
_LESS_WANTED = re.compile(r"comment|komentar|wp-json|oembed|/page/|/tag/", re.IGNORECASE)
_COMMON = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/rss/terkini.xml")


def discover(html: bytes, base_url: str) -> tuple[str, ...]:
    """Feed addresses, best first and each once: those the page declares, those it links to, then those where feeds
    usually lie. Feeds of comments come after the others of their sort."""
    found = _in_page(html, base_url)
    site = urlsplit(base_url)
    found += [f"{site.scheme}://{site.netloc}{path}" for path in _COMMON] if site.scheme in ("http", "https") else []
    return tuple(dict.fromkeys(found))[:_MOST]


def _in_page(html: bytes, base_url: str) -> list[str]:
    try:
        page = tree_of(text_of(html), "a page")
    except ParseError:
        return []
    base = next((absolute(node.get("href", ""), base_url) for node in page.iter("base")), None) or base_url
    return _ordered(_declared(page), base) + _ordered(_linked(page), base)


def _declared(page: Any) -> list[str]:
    links = [link for link in page.iter("link") if "alternate" in link.get("rel", "").lower().split()]
    links = [link for link in links if link.get("type", "").partition(";")[0].strip().lower() in _TYPES]
    links.sort(key=lambda link: _TYPES.index(link.get("type").partition(";")[0].strip().lower()) > 3)
    return [link.get("href", "") for link in links]


def _linked(page: Any) -> list[str]:
    return [anchor.get("href") for anchor in page.iter("a") if _LOOKS_LIKE_FEED.search(anchor.get("href", ""))]


def _ordered(hrefs: list[str], base: str) -> list[str]:
    addresses = [address for href in hrefs if (address := absolute(href, base)) is not None]
    return sorted(addresses, key=lambda address: _LESS_WANTED.search(address) is not None)
