"""What is wrong in sources.yaml, where, and what was expected instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

LONGEST_SHOWN = 60
MOST_COMPARED = 700
_OTHER_WORDS = {  # what people write who know the thing under another name
    "active": "enabled",
    "alerts": "rules",
    "channels": "receivers",
    "feeds": "sources",
    "interval": "every",
    "keywords": "strong",
    "language": "lang",
    "notify": "receivers",
    "poll_minutes": "every",
    "selector": "item",
    "smtp": "email",
    "terms": "strong",
    "threshold": "at_least",
    "type": "kind",
}

Path = tuple[str | int, ...]
"""Keys and list positions from the top of the file to a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake. ``line`` and ``column`` count from 1 (None: the file as a whole); ``key``: ``sources[2].every``.

    No field ever holds the value of a secret or of an environment variable.
    """

    file: str
    line: int | None
    column: int | None
    key: str
    fault: str
    expected: str | None = None
    nearest: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        head = f"{place}: {self.key}: {self.fault}" if self.key else f"{place}: {self.fault}"
        hint = f'; did you mean "{self.nearest}"?' if self.nearest else ""
        wanted = f"{' Expected' if hint else '; expected'} {self.expected}" if self.expected else ""
        return head + hint + wanted


class Fault(ValueError):
    """A value that will not do, told without the place; whoever knows the place makes a Problem of it."""

    def __init__(self, fault: str, *, expected: str | None = None, nearest: str | None = None) -> None:
        super().__init__(fault)
        self.fault = fault
        self.expected = expected
        self.nearest = nearest


def dotted(path: Path) -> str:
    """``("sources", 2, "every")`` as ``sources[2].every``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{printable(part)}" if text else printable(part)
    return text


def printable(text: str) -> str:
    """``text`` for a terminal: control characters written out, cut to 60 characters."""
    shown = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text[:200])
    return shown if len(shown) <= LONGEST_SHOWN else shown[:LONGEST_SHOWN] + "…"


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that looks most like ``word``, or None where nothing looks like it."""
    from difflib import get_close_matches

    by_folded = {candidate.casefold(): candidate for candidate in islice(candidates, MOST_COMPARED)}
    other = _OTHER_WORDS.get(word.casefold())
    if other in by_folded.values():
        return other
    found = get_close_matches(word.casefold()[:100], by_folded, n=1, cutoff=0.65)
    return by_folded[found[0]] if found else None
