"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/). Values of the wrong type count as absent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from itertools import islice
from typing import Any

from collector.model.errors import ParseError
from collector.sources.rough import MAX_ENTRIES, Document, Rough

_LONGEST_NUMBER = 30  # digits; Python refuses 4,300, and nobody's id has more


def read(text: str) -> Document:
    """Raises ParseError where ``text`` is no JSON or holds no list of items."""
    try:
        feed = json.loads(text, parse_int=_number, parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"no JSON Feed: {type(error).__name__}") from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise ParseError("JSON, but no JSON Feed: it has no list of items")
    version = _string(feed, "version") or ""
    if "jsonfeed.org/version" not in version and not any(isinstance(item, dict) for item in feed["items"]):
        raise ParseError("JSON, but no JSON Feed: neither its version nor items")
    items = (item for item in feed["items"] if isinstance(item, dict))
    return Document(
        entries=tuple(_rough(item) for item in islice(items, MAX_ENTRIES)),
        title=_string(feed, "title"),
        link=_string(feed, "home_page_url"),
    )


def _rough(item: Mapping[str, Any]) -> Rough:
    plain = _string(item, "content_text")
    return Rough(
        title=_string(item, "title"),
        summary=_string(item, "summary"),
        content=_string(item, "content_html") or (escape(plain) if plain else None),
        link=_string(item, "url") or _string(item, "external_url"),
        guid=_string(item, "id"),
        date=_string(item, "date_published") or _string(item, "date_modified"),
        author=_author(item),
    )


def _author(item: Mapping[str, Any]) -> str | None:
    authors = item.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else item.get("author")
    return _string(first, "name") if isinstance(first, dict) else None


def _string(holder: Mapping[str, Any], key: str) -> str | None:
    """A string, or a number as one: version 1.1 asks readers to take numbers as ids."""
    value = holder.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return value if isinstance(value, str) and value.strip() else None


def _number(digits: str) -> float | str:
    """Digits stay text: they are ids or dates to us, never sums."""
    return digits if len(digits) <= _LONGEST_NUMBER else ""
