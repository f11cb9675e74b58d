"""How sure it is that a text repeats a claim: a weighted sum of the comparison, and why. Pure.

The weights are few, signed by reason and set by hand; ``docs/explain/quality.md`` says how they were checked. They were
not fitted to the posts they are measured on.
"""

from __future__ import annotations

import math

from collector.claims.features import Features

WEIGHTS = Features(
    coverage=2.0,
    deed_coverage=1.2,
    name_coverage=0.8,
    rarest_missing=-0.3,
    focus=3.0,
    spelling=0.5,
    names_swapped=-4.5,
    names_missing=-0.6,
    names_extra=-2.0,
    places_swapped=-4.5,
    numbers_agreeing=0.5,
    numbers_differing=-4.5,
    numbers_missing=-0.5,
    numbers_extra=-1.0,
    dates_differing=-3.0,
    denied=-2.5,
    denying_words=-2.5,
    assuring_words=-1.8,
    extra_negations=-2.0,
    opposed=-4.5,
    other_subject=-1.5,
    extra_deeds=-0.5,
    lead=1.0,
).vector()
BIAS = -3.5
HALF_AT = 1.3  # the sum that is a confidence of one half
# A repeat says most of a claim, seldom all of it, while a near miss says nearly all: from here on more is no evidence.
COVERAGE_ENOUGH = 0.65
DEEDS_ENOUGH = 0.8
NAMES_ENOUGH = 0.8
DECIDED_FROM = 0.5


def points(features: Features) -> float:
    """The weighted sum."""
    coverage, deeds, names, *others = features.vector()
    enough = (min(1.0, coverage / COVERAGE_ENOUGH), min(1.0, deeds / DEEDS_ENOUGH), min(1.0, names / NAMES_ENOUGH))
    return BIAS + sum([weight * value for weight, value in zip(WEIGHTS, (*enough, *others), strict=True)])


def confidence(features: Features) -> float:
    """0..1; from DECIDED_FROM on the text is taken for a repeat of the claim."""
    return 1 / (1 + math.exp(HALF_AT - points(features)))
