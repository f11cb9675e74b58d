"""What is looked for, and where it was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from collector.model.phrase import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class AmbiguousTerm:
    """A term that counts only beside one of ``context_any`` and beside none of ``exclude``."""

    term: str
    context_any: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """An election or programme to watch, with its words as people write them (not normalised).

    The rules for each list stand at the head of ``collector/data/topics.yaml``.
    """

    id: str
    name: Phrase
    group: str = "own"
    strong: tuple[str, ...] = ()
    ambiguous: tuple[AmbiguousTerm, ...] = ()
    slang: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    regex_names: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    official_domains: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (self.strong or self.ambiguous or self.slang or self.hashtags):
            raise ValueError(f"topic {self.id}: no term that could match")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where a term stands in the original text: ``field`` is ``title`` or ``text``, ``start``/``end`` are code points
    (half-open), ``surface`` is the spelling found there, disguises included."""

    term: str
    field: str
    start: int
    end: int
    surface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A topic found in a text, with the words that decided. It becomes a Mention once the item is stored."""

    topic_id: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A stored match: this item speaks of this topic."""

    item_id: int
    topic_id: str
    spans: tuple[Span, ...]
    matched_at: datetime
