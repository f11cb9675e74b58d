"""The kind ``feed``: RSS 0.9x to 2.0, RDF, Atom and JSON Feed, told apart by content, whatever the server calls it."""

from __future__ import annotations

import re

from collector.model.errors import ParseError
from collector.model.source import Fetched, Source
from collector.sources import jsonfeed, tolerant, wellformed
from collector.sources.base import Parsed
from collector.sources.charset import text_of
from collector.sources.links import absolute
from collector.sources.rough import Document, Reading, parsed, zone_for

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
_NO_FEED = "no feed: neither RSS, RDF, Atom nor JSON Feed"
_NO_PAGE = "a web page, not a feed"
_JUNK = 20_000  # characters of a server's warnings before a feed that are skipped
_ROOT = re.compile(r"<(?:\?xml\b|!DOCTYPE\b|(?:[a-z]\w{0,20}:)?(?:rss|feed|rdf|channel|entry)\b)", re.IGNORECASE)
_HTML = re.compile(r"<(?:!DOCTYPE\s+html|html)\b", re.IGNORECASE)
_SPACE = re.compile(r"\s*")
_IN_DOCTYPE = re.compile(r"<!--.*?-->|\"[^\"]*\"|'[^']*'|[\[\]>]", re.DOTALL)
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class FeedKind:
    """Any syndication feed."""

    name = "feed"
    needs_robots = False

    def address(self, source: Source) -> str:
        return source.url

    def accept(self) -> str:
        return _ACCEPT

    def parse(self, source: Source, fetched: Fetched) -> Parsed:
        """A feed without entries is one. Raises ParseError for what is no feed."""
        document = _document(text_of(fetched.body, fetched.headers.get("content-type", "")))
        reading = Reading(
            base=(absolute(document.link) if document.link else None) or fetched.final_url,
            now=fetched.fetched_at,
            zone=zone_for(source.lang),
        )
        return parsed(document, reading)


def _document(text: str) -> Document:
    text = text.lstrip("\ufeff \t\r\n\x00")
    if not text:
        raise ParseError("an empty answer, no feed")
    if text[0] in "{[":
        return jsonfeed.read(text)
    xml = root_of(text).encode("utf-8", "replace")
    return wellformed.read(xml) or tolerant.read(xml)


def root_of(text: str) -> str:
    """The root element alone: no warnings of a server before it, no declaration, no DOCTYPE, no character that XML
    forbids. With the DOCTYPE go all entities, so there is nothing to expand and nothing to load. Raises ParseError.
    """
    root = _ROOT.search(text, 0, _JUNK)
    if root is None:
        raise ParseError(_NO_PAGE if _HTML.search(text, 0, _JUNK) else _NO_FEED)
    text = _without_prolog(text[root.start() :])
    if _HTML.match(text):
        raise ParseError(_NO_PAGE)
    return text if text.isprintable() else _INVALID.sub("", text)


def _without_prolog(text: str) -> str:
    position = 0
    while True:
        space = _SPACE.match(text, position)
        position = space.end() if space else position
        if text.startswith("<?", position):
            position = _after(text, "?>", position)
        elif text.startswith("<!--", position):
            position = _after(text, "-->", position)
        elif text[position : position + 9].upper() == "<!DOCTYPE":
            position = _after_doctype(text, position)
        else:
            return text[position:]


def _after(text: str, end: str, start: int) -> int:
    position = text.find(end, start)
    if position < 0:
        raise ParseError(f"{_NO_FEED} (something before its root has no end)")
    return position + len(end)


def _after_doctype(text: str, start: int) -> int:
    """Just after the ``>`` that ends the declaration; quoted strings and the internal subset are skipped."""
    depth = 0
    for mark in _IN_DOCTYPE.finditer(text, start):
        if mark[0] == "[":
            depth += 1
        elif mark[0] == "]":
            depth -= 1
        elif mark[0] == ">" and depth <= 0:
            return mark.end()
    raise ParseError(f"{_NO_FEED} (a DOCTYPE without end)")
