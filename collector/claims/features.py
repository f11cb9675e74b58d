"""What the decision looks at."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """One text beside one claim. Shares lie in 0..1; counts are capped at 2 and shrink in long texts."""

    # The first three come first in decide.points, too.
    coverage: float = 0.0  # of the claim's content, by rarity
    deed_coverage: float = 0.0  # of the claim's deeds; 0.5 where it has none
    name_coverage: float = 0.0  # of the claim's names; 0.5 where it has none
    rarest_missing: float = 0.0  # how rare the rarest unsaid word of the claim is, 0..1
    focus: float = 0.0  # share of the text's content that the claim knows
    spelling: float = 0.0  # likeness by characters, 0..1
    names_swapped: float = 0.0
    names_missing: float = 0.0
    names_extra: float = 0.0
    places_swapped: float = 0.0
    numbers_agreeing: float = 0.0
    numbers_differing: float = 0.0
    numbers_missing: float = 0.0
    numbers_extra: float = 0.0
    dates_differing: float = 0.0
    denied: float = 0.0  # share of the agreeing content that one side denies and the other does not
    denying_words: float = 0.0
    assuring_words: float = 0.0
    extra_negations: float = 0.0
    opposed: float = 0.0  # a deed stands against its opposite
    other_subject: float = 0.0  # the text is about somebody else, though the claim's actor may occur
    extra_deeds: float = 0.0
    lead: float = 0.0  # how far ahead of the next claim, 0..1

    def vector(self) -> tuple[float, ...]:
        """The values in the order of the fields."""
        values: tuple[float, ...] = _values(self)
        return values


_values = attrgetter(*(field.name for field in fields(Features)))
