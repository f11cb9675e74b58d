"""What counts for which measure."""

from __future__ import annotations

from collector.model.bucket import Measure
from collector.model.judgement import Judgement, Stance, Verdict
from collector.store.hourly import is_suspicious
from collector.store.memory.tables import Tables


def measured(measure: Measure | None, judgement: Judgement, at_least: float) -> bool:
    """Whether a list of the items behind a measure shows this one; None: every item."""
    if measure is Measure.SUSPICIOUS:
        return is_suspicious(judgement.stance, judgement.suspicion, at_least)
    if measure is Measure.ISSUES:
        return worth_a_look(judgement)
    return measure is not Measure.DEBUNKS or judgement.stance is Stance.DEBUNK


def worth_a_look(judgement: Judgement) -> bool:
    """Whether an issue with this item is more than talk."""
    return judgement.stance is Stance.DEBUNK or is_suspicious(judgement.stance, judgement.suspicion)


def repeats(tables: Tables, item_id: int) -> bool:
    """Whether the item spreads a claim that was found wrong before."""
    link = tables.item_claims.get(item_id)
    if link is None or link.stance is not Stance.SPREAD:
        return False
    spreads = tables.judgements[item_id].stance in (Stance.SPREAD, Stance.NEWS)
    return spreads and tables.claims[link.claim.id].verdict not in (Verdict.TRUE, Verdict.SATIRE)


def counts_as(measure: Measure, stance: Stance, suspicion: float, at_least: float) -> bool:
    """Whether the hour of an item counts it."""
    if measure is Measure.SUSPICIOUS:
        return is_suspicious(stance, suspicion, at_least)
    return measure is Measure.MENTIONS or stance is Stance.DEBUNK
