"""Feeds of every age and state, read by feedparser within limits.

feedparser costs 25 µs a tag, more than the square of the attributes of one tag (165 kB of them took 2.75 s), and raises
nearly anything on nonsense. So its input is UTF-8 without DOCTYPE, measured before it is read. This is the only file
that knows feedparser.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice
from typing import Any

from collector.model.errors import ParseError
from collector.sources.dates import FIRST_YEAR, LAST_YEAR
from collector.sources.limits import check
from collector.sources.rough import MAX_ENTRIES, Document, Rough
from collector.sources.wellformed import TEXT_TYPES, web_address

_CHARACTER = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_BASE = re.compile(r"\s(?:xml:)?base\s*+=\s*+(?:\"[^\"<]*+\"?|'[^'<]*+'?|[^\s>]*+)")
_MAX_BASES = 300  # and characters of each: feedparser joins nested ones, in memory that grows with their square
_HEADERS = {"content-type": "application/xml; charset=utf-8"}


def read(xml: str) -> Document:
    """The feed in ``xml`` (without DOCTYPE). Raises ParseError where it is none or beyond the limits."""
    check(xml, "a feed, not well-formed,")
    if len(bases := _BASE.findall(xml)) > _MAX_BASES or any(len(base) > _MAX_BASES for base in bases):
        xml = _BASE.sub(" ", xml)
    body = _CHARACTER.sub(_possible, xml).encode("utf-8", "replace")
    import feedparser  # 0.15 s: only where lxml could not do it

    try:
        found = feedparser.parse(
            BytesIO(body), response_headers=_HEADERS, sanitize_html=False, resolve_relative_uris=False
        )
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, OverflowError) as error:
        raise ParseError(f"not a feed that can be read ({type(error).__name__})") from error
    if not found.entries and not found.get("version"):
        raise ParseError("not a feed: neither RSS, RDF, Atom nor JSON Feed")
    return Document(
        entries=tuple(_rough(entry) for entry in islice(found.entries, MAX_ENTRIES)),
        title=_string(found.feed, "title"),
        link=_string(found.feed, "link"),
    )


def _possible(reference: re.Match[str]) -> str:
    """A reference to no character at all (NUL, a surrogate, beyond U+10FFFF) makes feedparser raise."""
    hexadecimal, decimal = reference.groups()
    digits = (hexadecimal or decimal).lstrip("0")
    code = int(digits or "0", 16 if hexadecimal else 10) if len(digits) <= 8 else 0
    impossible = code == 0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF
    return "&#xFFFD;" if impossible else reference[0]


def _rough(entry: dict[str, Any]) -> Rough:
    source = _raw(entry, "source")
    source = source if isinstance(source, dict) else {}
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


def _link(entry: dict[str, Any]) -> str | None:
    """feedparser takes a guid for a link where there is none, position or not."""
    link = _string(entry, "link")
    return web_address(link) if link == _string(entry, "id") else link


def _content(entry: dict[str, Any]) -> str | None:
    parts = _raw(entry, "content")
    if not isinstance(parts, list):
        return None
    readable = (part for part in parts if isinstance(part, dict) and (_raw(part, "type") or "text") in TEXT_TYPES)
    return next((text for part in readable if (text := _string(part, "value"))), None)


def _string(holder: dict[str, Any], key: str) -> str | None:
    value = _raw(holder, key)
    return value if isinstance(value, str) and value.strip() else None


def _raw(holder: dict[str, Any], key: str) -> Any:
    """Past feedparser's own dictionary, which guesses at other keys and warns."""
    return dict.get(holder, key)


def _moment(entry: dict[str, Any]) -> datetime | None:
    keys = ("published_parsed", "updated_parsed", "created_parsed")
    parsed = next((moment for key in keys if (moment := _raw(entry, key))), None)
    try:
        moment = datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
        return moment if moment and FIRST_YEAR <= moment.year <= LAST_YEAR else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None
