"""Validators of conditional requests (ETag, Last-Modified): which of those sent to us are worth keeping. Pure."""

from __future__ import annotations

import re

MAX_CHARS = 1024
_PRINTABLE = re.compile(r"[\x20-\x7e\xa0-\xff]+")  # RFC 9110: visible characters and obs-text; no controls


def usable_validator(text: str | None) -> str | None:
    """The validator, stripped, or None where sending it back would be absurd: empty, longer than 1 kB, or holding
    control characters or anything a header cannot carry. It is opaque to us otherwise."""
    if text is None:
        return None
    text = text.strip()
    if not text or len(text) > MAX_CHARS or not _PRINTABLE.fullmatch(text):
        return None
    return text
