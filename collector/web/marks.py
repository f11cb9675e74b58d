"""A collected text with what was found in it marked: which words made it a topic's, which ones its score. Pure.

Everything is escaped; what would turn the reading direction or hide is dropped.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from alerts.text import is_visible
from collector.model.topic import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Code points ``start`` up to ``end``; ``kind`` is ``topic`` or ``reason``; ``why`` is what a pointer is shown."""

    start: int
    end: int
    kind: str
    why: str


def topic_marks(spans: Iterable[Span], field: str, name: str) -> list[Mark]:
    return [Mark(start=span.start, end=span.end, kind="topic", why=name) for span in spans if span.field == field]


def reason_marks(text: str, words: Iterable[str], why: str) -> list[Mark]:
    """Where the spellings that a signal rests on stand, whatever their capitals."""
    found: list[Mark] = []
    for word in dict.fromkeys(word for word in words if word.strip()):
        edges = (r"(?<!\w)" if word[0].isalnum() else "", r"(?!\w)" if word[-1].isalnum() else "")
        pattern = edges[0] + re.escape(word) + edges[1]
        found += [
            Mark(start=place.start(), end=place.end(), kind="reason", why=why)
            for place in re.finditer(pattern, text, re.IGNORECASE)
        ]
    return found


def marked(text: str, marks: Sequence[Mark]) -> Markup:
    """HTML. Where marks overlap, each stretch carries all that apply."""
    inside = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    cuts = sorted({0, len(text), *(mark.start for mark in inside), *(mark.end for mark in inside)})
    parts = []
    for start, end in itertools.pairwise(cuts):
        words = "".join(
            character if is_visible(character) else " "[: character.isspace()] for character in text[start:end]
        )
        covering = [mark for mark in inside if mark.start <= start and end <= mark.end]
        if not covering or not words:
            parts.append(Markup("{}").format(words))
            continue
        kinds = " ".join(sorted({mark.kind for mark in covering}))
        why = "; ".join(dict.fromkeys(mark.why for mark in covering))
        parts.append(Markup('<mark class="{}" title="{}">{}</mark>').format(kinds, why, words))
    return Markup("").join(parts)
