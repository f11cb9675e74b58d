"""One line of the examination."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

NAMED = 4  # examples in one line


class Health(StrEnum):
    """``UNKNOWN``: could not be examined now, which is no fault of what was to be examined."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``hint`` says what to do; empty where there is nothing to do."""

    check: str
    health: Health
    text: str
    hint: str = ""


def some(names: Sequence[str]) -> str:
    """The first few, and how many more."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
