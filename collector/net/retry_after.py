"""How long a server asks us to wait (RFC 9110, 10.2.3). Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_WAIT = timedelta(hours=24)
_MAX_CHARS = 64


def retry_after(text: str | None, now: datetime) -> timedelta | None:
    """The wait a ``Retry-After`` value asks for: seconds or an HTTP date, seen from ``now``; at most 24 hours.

    None where there is no value, it cannot be read, or the moment has passed.
    """
    text = (text or "").strip()
    if not text or len(text) > _MAX_CHARS:
        return None
    wait = _seconds(text) if text.isascii() and text.isdigit() else _until(text, now)
    return wait if wait is not None and wait > timedelta(0) else None


def _seconds(digits: str) -> timedelta:
    return min(LONGEST_WAIT, timedelta(seconds=min(int(digits), 10**9)))


def _until(date: str, now: datetime) -> timedelta | None:
    try:
        moment = parsedate_to_datetime(date)
        if moment.tzinfo is None:  # "-0000": a date without a zone is meant as UTC
            moment = moment.replace(tzinfo=UTC)
        return min(LONGEST_WAIT, moment - now)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
