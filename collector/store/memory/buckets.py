"""Counts by the hour in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from collector.model.bucket import Measure, Series, Subject
from collector.model.clock import HOUR, hour_of
from collector.model.item import Item, Timing
from collector.store.hourly import (
    SUSPICIOUS_FROM,
    HourCount,
    hours_through,
    is_rolled_up,
    ratios,
    series_of,
    unwatched_mark,
)
from collector.store.memory.measure import counts_as, repeats, worth_a_look
from collector.store.memory.room import Core, Room, atomic
from collector.store.memory.sources import MemorySources

_Counted = tuple[datetime, str, Timing, int]  # hour, publisher, timing, how many


class MemoryBuckets(Room):
    def __init__(self, core: Core, sources: MemorySources) -> None:
        super().__init__(core)
        self._sources = sources

    @atomic
    def series(
        self,
        subjects: Sequence[Subject],
        measure: Measure,
        since: datetime,
        until: datetime,
        *,
        suspicion_at_least: float = SUSPICIOUS_FROM,
    ) -> tuple[Series, ...]:
        first, hours = hours_through(since, until)
        end = first + hours * HOUR
        coverage = ratios(self._sources.coverage(first, end))
        parts = (
            _part(place, (hour - first) // HOUR, publisher, timing, n)
            for place, subject in enumerate(subjects)
            for hour, publisher, timing, n in self._count(subject, measure, suspicion_at_least, first)
            if first <= hour < end
        )
        return series_of(subjects, measure, first, parts, coverage)

    @atomic
    def marks(
        self,
        subjects: Sequence[Subject],
        measure: Measure,
        since: datetime,
        until: datetime,
        *,
        suspicion_at_least: float = SUSPICIOUS_FROM,
    ) -> tuple[int, ...] | None:
        if not all(is_rolled_up(subject, measure, suspicion_at_least) for subject in subjects):
            return None
        unwatched = unwatched_mark(since, self._sources.coverage(since, until))
        return tuple(
            unwatched
            + sum(
                n * hash((hour, publisher, timing))
                for hour, publisher, timing, n in self._count(subject, measure, suspicion_at_least, since)
                if since <= hour < until
            )
            for subject in subjects
        )

    def _count(self, subject: Subject, measure: Measure, at_least: float, first: datetime) -> Iterator[_Counted]:
        if subject.kind == "issue":
            return self._of_issue(subject, measure, at_least)
        if measure is Measure.ISSUES:
            return self._opened(subject, first)
        if at_least != SUSPICIOUS_FROM or measure is Measure.KNOWN_CLAIMS:
            return self._counted(subject, measure, at_least)
        return self._rolled_up(subject, measure, at_least)

    def _of_issue(self, subject: Subject, measure: Measure, at_least: float) -> Iterator[_Counted]:
        t = self._tables
        for item in t.items.values():
            if str(item.issue_id) == subject.id and self._wanted(item.id, measure, at_least):
                yield hour_of(item.seen_at), item.publisher, item.timing, 1

    def _wanted(self, item_id: int, measure: Measure, at_least: float) -> bool:
        if measure is Measure.KNOWN_CLAIMS:
            return repeats(self._tables, item_id)
        judgement = self._tables.judgements[item_id]
        return counts_as(measure, judgement.stance, judgement.suspicion, at_least)

    def _opened(self, subject: Subject, first: datetime) -> Iterator[_Counted]:
        t = self._tables
        earliest: dict[int, Item] = {}
        for item in sorted(t.items.values(), key=lambda item: (item.seen_at, item.id)):
            topics = {mention.topic_id for mention in t.mentions[item.id]}
            recent = item.seen_at >= first - timedelta(days=30) and item.timing is not Timing.BACKFILL
            wanted = subject.kind == "topic" and subject.id in topics and worth_a_look(t.judgements[item.id])
            if item.issue_id is not None and recent and wanted:
                earliest.setdefault(item.issue_id, item)
        for item in earliest.values():
            yield hour_of(item.seen_at), item.publisher, item.timing, 1

    def _rolled_up(self, subject: Subject, measure: Measure, _: float) -> Iterator[_Counted]:
        for (topic, hour, publisher, stance, suspicious, timing), n in self._tables.hourly.items():
            score = SUSPICIOUS_FROM if suspicious else 0.0
            if _is(subject, topic) and counts_as(measure, stance, score, SUSPICIOUS_FROM):
                yield hour, publisher, timing, n

    def _counted(self, subject: Subject, measure: Measure, at_least: float) -> Iterator[_Counted]:
        t = self._tables
        for mention in (m for found in t.mentions.values() for m in found):
            item = t.items[mention.item_id]
            if _is(subject, mention.topic_id) and self._wanted(item.id, measure, at_least):
                yield hour_of(item.seen_at), item.publisher, item.timing, 1


def _is(subject: Subject, topic_id: str) -> bool:
    return subject.kind == "topic" and subject.id == topic_id


def _part(place: int, hour: int, publisher: str, timing: Timing, n: int) -> HourCount:
    return HourCount(
        place, hour, publisher, n, n if timing is Timing.LATE else 0, n if timing is Timing.BACKFILL else 0
    )
