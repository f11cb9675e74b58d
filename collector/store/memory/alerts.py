"""Alerts in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from collector.model.alert import Alert, AlertEvent, AlertState, Delivery
from collector.model.errors import NotFound, StoreError
from collector.model.withheld import Withheld
from collector.store.memory.outbox import post
from collector.store.memory.room import Room, atomic


class MemoryAlerts(Room):
    @atomic
    def open(self, key: str) -> Alert | None:
        return next((alert for alert in self.firing() if alert.key == key), None)

    @atomic
    def firing(self) -> tuple[Alert, ...]:
        found = [a for a in self._tables.alerts.values() if a.state is AlertState.FIRING]
        return tuple(sorted(found, key=lambda alert: (alert.opened_at, alert.id)))

    @atomic
    def get(self, alert_id: int) -> Alert:
        if alert_id not in self._tables.alerts:
            raise NotFound(f"no alert {alert_id} is stored")
        return self._tables.alerts[alert_id]

    @atomic
    def list(self, *, state: AlertState | None = None, limit: int = 100) -> tuple[Alert, ...]:
        found = [a for a in self._tables.alerts.values() if state is None or a.state is state]
        return tuple(sorted(found, key=lambda alert: (alert.opened_at, alert.id), reverse=True)[:limit])

    @atomic
    def last_resolved_at(self, key: str) -> datetime | None:
        ends = [a.resolved_at for a in self._tables.alerts.values() if a.key == key and a.resolved_at is not None]
        return max(ends, default=None)

    @atomic
    def next_id(self) -> int:
        return max(self._tables.alerts, default=0) + 1

    @atomic
    def save(
        self,
        alert: Alert,
        events: Sequence[AlertEvent] = (),
        deliveries: Sequence[Delivery] = (),
        evidence: Sequence[int] = (),
        withheld: Sequence[Withheld] = (),
    ) -> None:
        t = self._tables
        other = self.open(alert.key)
        if alert.state is AlertState.FIRING and other is not None and other.id != alert.id:
            raise StoreError(f"alert {other.id} of {alert.key} is still firing")
        t.alerts[alert.id] = alert
        t.events.extend(events)
        t.evidence.update((alert.id, item_id) for item_id in evidence if item_id in t.items)
        post(t, deliveries)
        for one in withheld:
            if all(other.dedup_key != one.dedup_key for other in t.withheld.values()):
                number = len(t.withheld) + 1
                t.withheld[number] = replace(one, id=number)

    @atomic
    def events(self, alert_id: int) -> tuple[AlertEvent, ...]:
        return tuple(event for event in self._tables.events if event.alert_id == alert_id)

    @atomic
    def evidence(self, alert_id: int) -> tuple[int, ...]:
        return tuple(sorted(item_id for alert, item_id in self._tables.evidence if alert == alert_id))
