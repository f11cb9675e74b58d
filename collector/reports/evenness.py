"""Even-handedness: how often items that name a candidate, party or programme are flagged and alerted. Pure.

A share comes with its 95 % interval after Wilson 1927, "Probable inference, the law of succession, and statistical
inference", which holds where counts are small and shares near 0; and with a warning where it says next to nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import sqrt

from collector.model.phrase import Language, Phrase
from collector.model.topic import Topic
from collector.store.figures import NamedCounts

Z = 1.959964  # 95 %
FEW = 30  # items: below, a share is a hint at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """``part`` of ``whole``, with the interval in which the true share lies with 95 % confidence; None: of nothing."""

    part: int
    whole: int
    share: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One candidate, party or programme. ``warning`` where there are few items; ``stands_out`` where the flagged share
    lies apart from that of all others of its kind together, intervals not touching."""

    kind: str
    name: str
    items: int
    flagged: Share
    alerted: Share
    warning: Phrase | None
    stands_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who or what to ask about: by its names in texts, or by its topic."""

    kind: str
    name: str
    phrases: tuple[str, ...] = ()
    topic_id: str | None = None


@cache
def shipped_names() -> tuple[Asked, ...]:
    """Candidates and parties, as packaged."""
    text = (files("collector") / "data" / "evenness.json").read_text(encoding="utf-8")
    kinds: Mapping[str, Mapping[str, Sequence[str]]] = json.loads(text)
    return tuple(
        Asked(kind=kind, name=name, phrases=tuple(phrases))
        for kind, names in kinds.items()
        for name, phrases in names.items()
    )


def everybody(topics: Sequence[Topic], language: Language) -> tuple[Asked, ...]:
    """Candidates and parties as packaged, and each programme among the topics."""
    programmes = (topic for topic in topics if topic.group == "program")
    return (
        *shipped_names(),
        *(Asked(kind="programme", name=one.name.in_language(language), topic_id=one.id) for one in programmes),
    )


def wilson(part: int, whole: int) -> Share:
    """Raises ValueError where the part is more than the whole."""
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole}")
    if whole == 0:
        return Share(part=0, whole=0, share=None, low=0.0, high=1.0)
    share = part / whole
    middle = (share + Z * Z / (2 * whole)) / (1 + Z * Z / whole)
    reach = Z / (1 + Z * Z / whole) * sqrt(share * (1 - share) / whole + Z * Z / (4 * whole * whole))
    return Share(part=part, whole=whole, share=share, low=max(0.0, middle - reach), high=min(1.0, middle + reach))


def evenness(counts: Sequence[tuple[Asked, NamedCounts]]) -> tuple[Named, ...]:
    """In the order given."""
    return tuple(_named(asked, found, counts) for asked, found in counts)


def _named(asked: Asked, found: NamedCounts, counts: Sequence[tuple[Asked, NamedCounts]]) -> Named:
    others = [one for other, one in counts if other.kind == asked.kind and other.name != asked.name]
    flagged = wilson(found.flagged, found.items)
    rest = wilson(sum(one.flagged for one in others), sum(one.items for one in others))
    apart = flagged.low > rest.high or flagged.high < rest.low
    return Named(
        kind=asked.kind,
        name=asked.name,
        items=found.items,
        flagged=flagged,
        alerted=wilson(found.alerted, found.items),
        warning=_few(found.items),
        stands_out=bool(found.items and rest.whole) and apart,
    )


def _few(items: int) -> Phrase | None:
    if items >= FEW:
        return None
    return Phrase(
        id=f"hanya {items} konten: terlalu sedikit untuk menyimpulkan apa pun",
        en=f"{items} item{'' if items == 1 else 's'} only: too few to conclude anything",
    )
