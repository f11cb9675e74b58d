"""Taking a removed item out of what was written about it: stored messages and titles that quote. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from collector.store.ledger import FORGOTTEN

_QUOTED = re.compile("“[^”]*(”|$)")
SHORTEST = 8  # characters of a cut wording that are taken for the removed one


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """What is to be taken out: an item, every wording it had, its address."""

    item_id: int
    wordings: Collection[str]
    url: str | None


def unquoted(text: str) -> str:
    """``text`` with every quotation replaced."""
    return _QUOTED.sub(f"“{FORGOTTEN}”", text)


def redacted_notice(text: str, removed: Removed, *, quotations: bool) -> str:
    """A stored notice (JSON) without the item: not among what it shows, nor its words or address anywhere.

    ``quotations``: every quotation goes, for the notice is about the item's issue. What is no JSON is left as it is.
    """
    try:
        notice: Any = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return json.dumps(_redacted(notice, removed, quotations), separators=(",", ":"))


def _redacted(value: Any, removed: Removed, quotations: bool) -> Any:
    if isinstance(value, dict):
        return {key: _redacted(part, removed, quotations) for key, part in value.items()}
    if isinstance(value, list):
        return [_redacted(part, removed, quotations) for part in value if not _is_item(part, removed)]
    return _without(value, removed, quotations) if isinstance(value, str) else value


def _is_item(part: Any, removed: Removed) -> bool:
    return isinstance(part, dict) and part.get("item_id") == removed.item_id


def _without(text: str, removed: Removed, quotations: bool) -> str:
    if removed.url is not None and removed.url in text:
        return text.replace(removed.url, FORGOTTEN)
    cut = text[:-1].rstrip() if text.endswith("…") else ""
    for words in filter(None, removed.wordings):
        if words in text:
            text = text.replace(words, FORGOTTEN)
        elif len(cut) >= SHORTEST and words.startswith(cut):
            return FORGOTTEN
    return unquoted(text) if quotations else text
