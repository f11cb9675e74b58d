"""Acknowledgements and silences in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from collector.model.errors import NotFound
from collector.model.reaction import AckEnd, Acknowledgement, Silence
from collector.store.memory.room import Room, atomic


class MemoryReactions(Room):
    @atomic
    def acknowledge(self, ack: Acknowledgement) -> Acknowledgement:
        self._end(ack.alert_id, AckEnd.REPLACED, ack.made_at)
        stored = replace(ack, id=len(self._tables.acks) + 1)
        self._tables.acks[stored.id] = stored
        return stored

    @atomic
    def acknowledged(self) -> Mapping[int, Acknowledgement]:
        return {ack.alert_id: ack for ack in self._tables.acks.values() if ack.ended_at is None}

    @atomic
    def acknowledgements(self, alert_id: int) -> tuple[Acknowledgement, ...]:
        return tuple(ack for ack in self._tables.acks.values() if ack.alert_id == alert_id)

    @atomic
    def end_acknowledgement(self, alert_id: int, because: AckEnd, now: datetime) -> bool:
        return self._end(alert_id, because, now)

    def _end(self, alert_id: int, because: AckEnd, now: datetime) -> bool:
        held = self.acknowledged().get(alert_id)
        if held is None:
            return False
        self._tables.acks[held.id] = replace(held, ended_at=now, ended_because=because)
        return True

    @atomic
    def silence(self, silence: Silence) -> Silence:
        stored = replace(silence, id=len(self._tables.silences) + 1)
        self._tables.silences[stored.id] = stored
        return stored

    @atomic
    def silences(self, *, holding_at: datetime | None = None, limit: int = 1000) -> tuple[Silence, ...]:
        found = [s for s in self._tables.silences.values() if holding_at is None or s.holds_at(holding_at)]
        return tuple(reversed(found))[:limit]

    @atomic
    def expire(self, silence_id: int, made_by: str, now: datetime) -> Silence:
        held = self._tables.silences.get(silence_id)
        if held is None or not held.holds_at(now):
            raise NotFound(f"no silence {silence_id} is in force")
        self._tables.silences[silence_id] = replace(held, expired_at=now, expired_by=made_by)
        return self._tables.silences[silence_id]
