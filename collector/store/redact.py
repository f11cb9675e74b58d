"""Taking a removed item out of what was written about it: stored messages and titles that quote. Pure."""

from __future__ import annotations

import json
import re
from typing import Any

from collector.store.ledger import FORGOTTEN

_QUOTED = re.compile("“[^”]*(”|$)")
_WORDY = ("headline", "why", "topic_name")


def unquoted(text: str) -> str:
    """``text`` with every quotation replaced."""
    return _QUOTED.sub(f"“{FORGOTTEN}”", text)


def redacted_notice(text: str, item_id: int, *, quotations: bool) -> str:
    """A stored notice (JSON) without that item among its exhibits; ``quotations``: nor what its sentences quote.

    What cannot be read back is left as it is.
    """
    try:
        notice: Any = json.loads(text)
    except ValueError:
        return text
    if not isinstance(notice, dict):
        return text
    exhibits = notice.get("exhibits")
    if isinstance(exhibits, list):
        notice["exhibits"] = [one for one in exhibits if not (isinstance(one, dict) and one.get("item_id") == item_id)]
    if quotations:
        for key in _WORDY:
            if isinstance(notice.get(key), list):
                notice[key] = [unquoted(words) if isinstance(words, str) else words for words in notice[key]]
    return json.dumps(notice, separators=(",", ":"))
