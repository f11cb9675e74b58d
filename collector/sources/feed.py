"""The kind ``feed``: RSS 0.9x to 2.0, RDF, Atom and JSON Feed, told apart by content, whatever the server calls it."""

from __future__ import annotations

from collector.model.errors import ParseError
from collector.model.source import Fetched, Source
from collector.sources import jsonfeed, tolerant, wellformed
from collector.sources.base import Parsed
from collector.sources.charset import text_of
from collector.sources.links import absolute
from collector.sources.prolog import root_of
from collector.sources.rough import Document, Reading, parsed, zone_for

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
_ROOTS = "rss|feed|rdf|channel|entry"


class FeedKind:
    """Any syndication feed."""

    name = "feed"
    needs_robots = False  # feeds are made to be polled

    def address(self, source: Source) -> str:
        return source.url

    def accept(self) -> str:
        return _ACCEPT

    def parse(self, source: Source, fetched: Fetched) -> Parsed:
        """A feed without entries is one. Raises ParseError for what is no feed."""
        document = read(text_of(fetched.body, fetched.headers.get("content-type", "")))
        reading = Reading(
            base=(absolute(document.link) if document.link else None) or fetched.final_url,
            now=fetched.fetched_at,
            zone=zone_for(source.lang),
        )
        return parsed(document, reading)


def read(text: str) -> Document:
    """Raises ParseError."""
    text = text.lstrip("\ufeff \t\r\n\x00")
    if not text:
        raise ParseError("an empty answer, not a feed")
    if text[0] in "{[":
        return jsonfeed.read(text)
    xml = root_of(text, _ROOTS, "a feed")
    return wellformed.read(xml.encode("utf-8", "replace")) or tolerant.read(xml)
