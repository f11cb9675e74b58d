"""Feeds of every age and state, read by feedparser within limits.

feedparser costs 25 µs a tag, more than the square of the attributes of one tag (165 kB of them took 2.75 s), and raises
nearly anything on nonsense. So its input is UTF-8 without DOCTYPE, measured before it is read. This is the only file
that knows feedparser.
"""

from __future__ import annotations

import calendar
import re
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice
from typing import Any

from collector.model.errors import ParseError
from collector.sources.dates import FIRST_YEAR, LAST_YEAR
from collector.sources.rough import MAX_ENTRIES, Document, Rough
from collector.sources.wellformed import TEXT_TYPES, web_address

MAX_BYTES = 4_000_000
MAX_TAGS = 60_000
MAX_ATTRIBUTES = 200
_LONG_TAG = re.compile(rb"<[^<>]{1000,}")
_HEADERS = {"content-type": "application/xml; charset=utf-8"}


def read(xml: bytes) -> Document:
    """The feed in ``xml`` (UTF-8, without DOCTYPE). Raises ParseError where it is none or beyond the limits."""
    _check_limits(xml)
    import feedparser  # 0.15 s: only where lxml could not do it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = feedparser.parse(
                BytesIO(xml), response_headers=_HEADERS, sanitize_html=False, resolve_relative_uris=False
            )
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, OverflowError) as error:
        raise ParseError(f"no feed that can be read ({type(error).__name__})") from error
    if not found.entries and not found.get("version"):
        raise ParseError("no feed: neither RSS, RDF, Atom nor JSON Feed")
    return Document(
        entries=tuple(_rough(entry) for entry in islice(found.entries, MAX_ENTRIES)),
        title=_string(found.feed, "title"),
        link=_string(found.feed, "link"),
    )


def _check_limits(xml: bytes) -> None:
    if len(xml) > MAX_BYTES:
        raise ParseError(f"not well-formed, and with {len(xml):,} bytes too large to repair (at most {MAX_BYTES:,})")
    tags = xml.count(b"<")
    if tags > MAX_TAGS:
        raise ParseError(f"not well-formed, and with {tags:,} tags too large to repair (at most {MAX_TAGS:,})")
    for tag in _LONG_TAG.finditer(xml):
        if tag[0].count(b"=") > MAX_ATTRIBUTES:
            raise ParseError(f"a tag with more than {MAX_ATTRIBUTES} attributes")


def _rough(entry: Mapping[str, Any]) -> Rough:
    source = entry.get("source")
    source = source if isinstance(source, Mapping) else {}
    return Rough(
        title=_string(entry, "title"),
        summary=_string(entry, "summary"),
        content=_content(entry),
        link=_string(entry, "feedburner_origlink") or _link(entry),
        guid=_string(entry, "id"),
        date=_string(entry, "published") or _string(entry, "updated") or _string(entry, "created"),
        date_at=_moment(entry),
        author=_string(entry, "author"),
        source_name=_string(source, "title"),
        source_url=_string(source, "href") or _string(source, "link") or _string(source, "id"),
    )


def _link(entry: Mapping[str, Any]) -> str | None:
    """feedparser takes a guid for a link where there is none, position or not."""
    link = _string(entry, "link")
    return web_address(link) if link == _string(entry, "id") else link


def _content(entry: Mapping[str, Any]) -> str | None:
    parts = entry.get("content")
    if not isinstance(parts, list):
        return None
    readable = (part for part in parts if isinstance(part, Mapping) and part.get("type", "text") in TEXT_TYPES)
    return next((part["value"] for part in readable if _string(part, "value")), None)


def _string(holder: Mapping[str, Any], key: str) -> str | None:
    value = holder.get(key)
    return value if isinstance(value, str) and value.strip() else None


def _moment(entry: Mapping[str, Any]) -> datetime | None:
    parsed = entry.get("published_parsed") or entry.get("updated_parsed") or entry.get("created_parsed")
    try:
        moment = datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
        return moment if moment and FIRST_YEAR <= moment.year <= LAST_YEAR else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None
