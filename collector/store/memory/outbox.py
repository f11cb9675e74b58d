"""Deliveries in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from collector.model.alert import Delivery, DeliveryState
from collector.model.errors import NotFound
from collector.store.memory.room import Room, atomic
from collector.store.memory.tables import Tables
from collector.store.text import storable


def post(tables: Tables, deliveries: Iterable[Delivery]) -> None:
    for delivery in deliveries:
        if all(other.dedup_key != delivery.dedup_key for other in tables.deliveries.values()):
            number = max(tables.deliveries, default=0) + 1
            tables.deliveries[number] = replace(delivery, id=number)


class MemoryOutbox(Room):
    @atomic
    def add(self, deliveries: Sequence[Delivery]) -> None:
        post(self._tables, deliveries)

    @atomic
    def claim(
        self, worker: str, now: datetime, lease: timedelta, limit: int, *, held: Collection[str] = ()
    ) -> tuple[Delivery, ...]:
        due = (d for d in self._tables.deliveries.values() if _claimable(d, worker, now))
        free = [delivery for delivery in due if delivery.receiver not in held]
        free.sort(key=lambda delivery: (delivery.not_before_at, delivery.id))
        claimed = [replace(d, claimed_by=worker, claimed_until=now + lease) for d in free[:limit]]
        self._tables.deliveries.update((delivery.id, delivery) for delivery in claimed)
        return tuple(claimed)

    @atomic
    def free(self, workers: str) -> int:
        leased = [d for d in self._tables.deliveries.values() if (d.claimed_by or "").startswith(workers)]
        freed = [replace(delivery, claimed_by=None, claimed_until=None) for delivery in leased]
        self._tables.deliveries.update((delivery.id, delivery) for delivery in freed)
        return len(freed)

    @atomic
    def sent(self, delivery_id: int, worker: str, now: datetime) -> bool:
        return self._settle(
            delivery_id, worker, lambda d: replace(d, state=DeliveryState.SENT, sent_at=now, last_error=None)
        )

    @atomic
    def retry(self, delivery_id: int, worker: str, error: str, not_before_at: datetime) -> bool:
        return self._settle(
            delivery_id, worker, lambda d: replace(d, last_error=storable(error), not_before_at=not_before_at)
        )

    @atomic
    def dead(self, delivery_id: int, worker: str, error: str) -> bool:
        return self._settle(
            delivery_id, worker, lambda d: replace(d, state=DeliveryState.DEAD, last_error=storable(error))
        )

    def _settle(self, delivery_id: int, worker: str, outcome: Callable[[Delivery], Delivery]) -> bool:
        held = self._tables.deliveries.get(delivery_id)
        if held is None or held.claimed_by != worker or held.state is not DeliveryState.PENDING:
            return False
        tried = replace(held, attempts=held.attempts + 1, claimed_by=None, claimed_until=None)
        self._tables.deliveries[delivery_id] = outcome(tried)
        return True

    @atomic
    def counts(self) -> Mapping[DeliveryState, int]:
        return {s: sum(d.state is s for d in self._tables.deliveries.values()) for s in DeliveryState}

    @atomic
    def resend(self, delivery_id: int, now: datetime) -> None:
        delivery = self._tables.deliveries.get(delivery_id)
        if delivery is None or delivery.state is not DeliveryState.DEAD:
            raise NotFound(f"no undeliverable delivery {delivery_id} is stored")
        pending = replace(delivery, state=DeliveryState.PENDING, attempts=0, not_before_at=now)
        self._tables.deliveries[delivery_id] = pending

    @atomic
    def list(self, *, alert_id: int | None = None, dead_only: bool = False, limit: int = 100) -> tuple[Delivery, ...]:
        carried = {w.delivery_id for w in self._tables.withheld.values() if w.alert_id == alert_id}
        found = [
            d
            for d in self._tables.deliveries.values()
            if (alert_id is None or d.alert_id == alert_id or d.id in carried)
            and (not dead_only or d.state is DeliveryState.DEAD)
        ]
        return tuple(sorted(found, key=lambda delivery: delivery.id, reverse=True)[:limit])


def _claimable(delivery: Delivery, worker: str, now: datetime) -> bool:
    free = delivery.claimed_by in (None, worker) or delivery.claimed_until is None or delivery.claimed_until <= now
    return delivery.state is DeliveryState.PENDING and delivery.not_before_at <= now and free
