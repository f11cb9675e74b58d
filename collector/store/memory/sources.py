"""Sources and their hours in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from collector.model.clock import HOUR, hour_of
from collector.model.errors import NotFound
from collector.model.source import Source, SourceState
from collector.store.coverage import HourSpan, tally
from collector.store.memory.room import Room, atomic


class MemorySources(Room):
    @atomic
    def register(self, sources: Sequence[Source], now: datetime) -> None:
        t = self._tables
        for source in sources:
            self._register(source, now)
        for gone in t.sources.keys() - {source.id for source in sources}:
            t.removed.setdefault(gone, now)
            t.ended.setdefault(gone, now)

    def _register(self, source: Source, now: datetime) -> None:
        t = self._tables
        old = t.sources.get(source.id)
        state = t.states.get(source.id, SourceState(source_id=source.id, next_poll_at=now))
        if old is not None and (old.url, old.kind) != (source.url, source.kind):
            state = replace(state, etag=None, last_modified=None, body_hash=None, next_poll_at=now)
        elif source.id in t.ended:
            state = replace(state, next_poll_at=now)
        t.sources[source.id], t.states[source.id] = source, state
        t.removed.pop(source.id, None)
        if source.enabled:
            t.ended.pop(source.id, None)
        else:
            t.ended.setdefault(source.id, now)

    @atomic
    def state(self, source_id: str) -> SourceState:
        if source_id not in self._tables.states:
            raise NotFound(f"no source named {source_id!r} is stored")
        return self._tables.states[source_id]

    @atomic
    def states(self) -> tuple[SourceState, ...]:
        t = self._tables
        return tuple(t.states[name] for name in sorted(t.states) if name not in t.removed)

    @atomic
    def due(self, now: datetime) -> tuple[str, ...]:
        t = self._tables
        due = [s for name, s in t.states.items() if name not in t.ended and s.next_poll_at <= now]
        return tuple(s.source_id for s in sorted(due, key=lambda s: (s.failures > 0, s.next_poll_at, s.source_id)))

    @atomic
    def coverage(self, since: datetime, until: datetime) -> tuple[tuple[int, int], ...]:
        t = self._tables
        covered = [HourSpan(start=hour, end=hour + HOUR) for _, hour in t.covered]
        expected = [
            HourSpan(start=hour_of(s.first_ok_at), end=self._end_of(s.source_id, until))
            for s in t.states.values()
            if s.first_ok_at is not None
        ]
        return tally(covered, expected, since, until)

    def _end_of(self, source_id: str, until: datetime) -> datetime:
        ended_at = self._tables.ended.get(source_id)
        return until if ended_at is None else hour_of(ended_at) + HOUR
