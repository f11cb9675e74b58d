"""Which silence applies to what a rule would say of a subject.

A silence of a topic, a rule or an issue names the alert. A silence of a source asks: would there be an alert without
that source's items?
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.case import Case, counted_items, is_spike, window_of
from collector.model.alert import Reading
from collector.model.bucket import Subject
from collector.model.reaction import Silence, SilenceKind
from collector.store.base import JudgedItem, Storage

ITEMS_AT_MOST = 2000  # looked at to tell what a source contributes; more than that are not silenced by a source


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One item of the window, as far as silences care."""

    source: str
    publisher: str
    topics: frozenset[str]


class Hushes:
    """The silences in force at one moment. Items are only looked up where a silence depends on them."""

    def __init__(self, store: Storage, now: datetime) -> None:
        self._store = store
        self._silences = store.reactions.silences(holding_at=now)

    def of(self, case: Case, reading: Reading) -> Silence | None:
        """The silence that applies; of several the one that ends last."""
        if not self._silences:
            return None
        found = [s for s in self._silences if names(s, case.rule.name, case.subject)]
        rest = [s for s in self._silences if s not in found and may_name(s, case, reading)]
        if rest and not found:
            voices = self._voices(case, reading)
            found = [s for s in rest if silenced_by_items(s, case, reading, voices)]
        return max(found, key=lambda silence: silence.ends_at, default=None)

    def _voices(self, case: Case, reading: Reading) -> tuple[Voice, ...]:
        start_at, end_at = window_of(case.rule, reading)
        wanted = counted_items(case.rule, case.subject, start_at, end_at, ITEMS_AT_MOST)
        return tuple(_voice(item) for item in self._store.items.list(wanted))


def names(silence: Silence, rule: str, subject: Subject) -> bool:
    """Whether the silence names an alert of this rule on this subject itself."""
    if silence.kind is SilenceKind.RULE:
        return silence.target == rule
    return silence.kind.value == subject.kind and silence.target == subject.id


def may_name(silence: Silence, case: Case, reading: Reading) -> bool:
    """Whether it depends on the items: a source's part in a spike, or the topic of an issue."""
    if silence.kind is SilenceKind.SOURCE:
        return is_spike(reading)
    return silence.kind is SilenceKind.TOPIC and case.subject.kind == "issue"


def silenced_by_items(silence: Silence, case: Case, reading: Reading, voices: Sequence[Voice]) -> bool:
    if silence.kind is SilenceKind.TOPIC:
        return bool(voices) and all(silence.target in voice.topics for voice in voices)
    return not _is_spike_without(silence.target, case, reading, voices)


def _is_spike_without(source: str, case: Case, reading: Reading, voices: Sequence[Voice]) -> bool:
    theirs = [voice for voice in voices if source in (voice.source, voice.publisher)]
    others: Collection[str] = {voice.publisher for voice in voices if voice not in theirs}
    if not theirs or len(voices) == ITEMS_AT_MOST:
        return True
    return reading.observed - len(theirs) >= reading.limit and len(others) >= case.rule.min_sources


def _voice(judged: JudgedItem) -> Voice:
    return Voice(
        source=judged.item.source_id,
        publisher=judged.item.publisher,
        topics=frozenset(mention.topic_id for mention in judged.mentions),
    )
