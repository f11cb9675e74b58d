"""What was held back, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from collector.model.alert import AlertState, Delivery, DeliveryState
from collector.model.withheld import Heard, Hold, Withheld
from collector.store.memory.outbox import post
from collector.store.memory.room import Room, atomic
from collector.store.text import storable


class MemoryWithheld(Room):
    @atomic
    def waiting(self) -> tuple[Withheld, ...]:
        return tuple(w for w in self._tables.withheld.values() if w.settled_at is None)

    @atomic
    def release(self, row_ids: Sequence[int], delivery: Delivery, now: datetime) -> int:
        t = self._tables
        post(t, [delivery])
        number = next(d.id for d in t.deliveries.values() if d.dedup_key == delivery.dedup_key)
        for row_id in row_ids:
            if t.withheld[row_id].settled_at is None:
                t.withheld[row_id] = replace(t.withheld[row_id], settled_at=now, delivery_id=number)
        return number

    @atomic
    def give_up(self, row_id: int, hold: Hold, why: str, now: datetime) -> None:
        row = self._tables.withheld[row_id]
        if row.settled_at is None:
            self._tables.withheld[row_id] = replace(row, hold=hold, why=storable(why), settled_at=now)

    @atomic
    def wait_longer(self, row_id: int, hold: Hold, why: str, until_at: datetime | None) -> None:
        row = self._tables.withheld[row_id]
        if row.settled_at is None:
            self._tables.withheld[row_id] = replace(row, hold=hold, why=storable(why), until_at=until_at)

    @atomic
    def heard(self, alert_id: int, receiver: str) -> Heard:
        found = {self._fate(row) for row in self._told(alert_id) if row.receiver == receiver}
        return next((fate for fate in (Heard.SENT, Heard.UNDERWAY) if fate in found), Heard.NOTHING)

    def _told(self, alert_id: int) -> list[Withheld]:
        """Rows that tell of the alert as firing."""
        return [w for w in self._tables.withheld.values() if w.alert_id == alert_id and w.reason != "resolved"]

    def _fate(self, row: Withheld) -> Heard:
        if row.settled_at is None:
            return Heard.UNDERWAY
        delivery = self._tables.deliveries.get(row.delivery_id or 0)
        fates = {DeliveryState.SENT: Heard.SENT, DeliveryState.PENDING: Heard.UNDERWAY}
        return Heard.NOTHING if delivery is None else fates.get(delivery.state, Heard.NOTHING)

    @atomic
    def addressed(self, alert_id: int) -> tuple[str, ...]:
        told = self._told(alert_id)
        return tuple(sorted({w.receiver for w in told if w.settled_at is None or w.delivery_id is not None}))

    @atomic
    def of_alert(self, alert_id: int) -> tuple[Withheld, ...]:
        return tuple(w for w in self._tables.withheld.values() if w.alert_id == alert_id)

    @atomic
    def suppressed(self, now: datetime, limit: int = 1000) -> tuple[Withheld, ...]:
        found = [w for w in self._tables.withheld.values() if self._is_suppressed(w, now)]
        return tuple(reversed(found))[:limit]

    def _is_suppressed(self, row: Withheld, now: datetime) -> bool:
        t = self._tables
        if row.settled_at is None:
            return True
        if row.delivery_id is not None or t.alerts[row.alert_id].state is not AlertState.FIRING:
            return False
        if row.hold is Hold.SILENCED:
            silence = t.silences.get(int(row.company)) if row.company.isdigit() else None
            return silence is not None and silence.holds_at(now)
        acked = any(ack.alert_id == row.alert_id and ack.ended_at is None for ack in t.acks.values())
        return row.hold is Hold.ACKNOWLEDGED and acked

    @atomic
    def take_slot(self, receiver: str, slot: str, delivery_id: int, now: datetime) -> bool:
        if (receiver, slot) in self._tables.slots:
            return False
        self._tables.slots.add((receiver, slot))
        return True

    @atomic
    def slot_taken(self, receiver: str, slot: str) -> bool:
        return (receiver, slot) in self._tables.slots
