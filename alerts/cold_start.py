"""Which rules cannot speak yet, because too little of their past was watched. Reads the store, changes nothing.

What a method needs of the past is how long the sources were read, which is the same for every topic; so one series per
rule is asked, and the answer is the reading's own sentence with the first possible day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.detect.base import Detector
from collector.model.alert import ReadingState
from collector.model.bucket import COVERED_FROM, Subject
from collector.model.clock import HOUR, hour_of
from collector.model.phrase import Phrase
from collector.model.rule import Rule
from collector.store.base import Storage
from collector.store.hourly import ratios

RECENT = timedelta(days=7)  # in which the last hour that was watched is looked for
SHORT = timedelta(days=30)  # enough for most; the whole history is only asked where that does not do


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """``why`` names the first day on which the rule may speak."""

    rule: str
    why: Phrase


def waiting(
    store: Storage, rules: Sequence[Rule], detectors: Mapping[str, Detector], now: datetime
) -> tuple[Waiting, ...]:
    """The rules without enough history, in their order. ``detectors`` by method."""
    last = _last_watched(store, now)
    told: dict[tuple[str, timedelta], Phrase | None] = {}
    for rule in rules:
        kind = (rule.method, rule.window)
        if rule.topics and kind not in told:
            told[kind] = _too_early(store, rule, detectors[rule.method], last)
    found = ((rule, told.get((rule.method, rule.window))) for rule in rules if rule.topics)
    return tuple(Waiting(rule=rule.name, why=why) for rule, why in found if why is not None)


def _last_watched(store: Storage, now: datetime) -> datetime:
    """The newest hour in which the sources were read; this one where none was."""
    since = hour_of(now) - RECENT
    shares = ratios(store.sources.coverage(since, hour_of(now) + HOUR))
    watched = [place for place, share in enumerate(shares) if share >= COVERED_FROM]
    return since + watched[-1] * HOUR if watched else hour_of(now)


def _too_early(store: Storage, rule: Rule, detector: Detector, last: datetime) -> Phrase | None:
    longest = detector.history(rule)
    short = SHORT + rule.window
    for back in (short, longest) if short < longest else (longest,):
        subject = Subject(kind="topic", id=rule.topics[0])
        (series,) = store.buckets.series(
            [subject], rule.measure, last - back, last, suspicion_at_least=rule.suspicion_at_least
        )
        # As if the newest hour were watched: where none ever was, that alone would be the answer.
        ((reading,),) = detector.readings([replace(series, coverage=(*series.coverage[:-1], 1.0))], rule)
        if reading.state is not ReadingState.NOT_ENOUGH_HISTORY:
            return None
    return reading.reason
