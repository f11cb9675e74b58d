"""A store in which alerts are decided without a newsroom: what is said to whom, when it leaves, what arrives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import records
from notices import notice

from alerts.dispatch import Dispatch
from alerts.notice import from_json
from alerts.withholding import Receivers, waiting
from collector.model.alert import AlertReason, AlertState, Delivery, DeliveryState, Notice, NoticeType
from collector.model.bucket import Subject
from collector.model.level import Level
from collector.model.phrase import Phrase
from collector.model.plan import Plan
from collector.store.base import Storage
from collector.store.memory import MemoryStore

TYPES = {AlertReason.FIRST: NoticeType.FIRING, AlertReason.RESOLVED: NoticeType.RESOLVED}
JAKARTA = ZoneInfo("Asia/Jakarta")


class PostRoom:
    """``plan`` is that of the receiver ``meja``; further ones by name."""

    def __init__(
        self, plan: Plan | None = None, *, store: Storage | None = None, zone: tzinfo = JAKARTA, **plans: Plan
    ) -> None:
        self.store = store or MemoryStore()
        self.plans: Mapping[str, Plan] = {"meja": plan or Plan(), **plans}
        self.zone = zone

    @property
    def receivers(self) -> Receivers:
        return Receivers(plans=self.plans, zone=self.zone, language="en")

    def says(
        self,
        alert_id: int,
        reason: AlertReason,
        at: datetime,
        *,
        level: Level = Level.RISING,
        to: tuple[str, ...] = ("meja",),
    ) -> None:
        """It is decided that these receivers are told of the alert, which is one of its own rule and topic."""
        ended = reason is AlertReason.RESOLVED
        about = Subject(kind="topic", id=f"topik{alert_id}")
        alert = replace(
            records.alert(alert_id, key=f"aturan{alert_id}/{about}", resolved_at=at if ended else None),
            rule=f"aturan{alert_id}",
            subject=about,
            state=AlertState.RESOLVED if ended else AlertState.FIRING,
            level=level,
        )
        told = self.notice(alert_id, reason, at)
        self.store.alerts.save(alert, withheld=waiting(alert, told, reason, to, self.receivers))

    def notice(self, alert_id: int, reason: AlertReason, at: datetime) -> Notice:
        name = Phrase(id=f"Topik {alert_id}", en=f"Topic {alert_id}")
        kind = TYPES.get(reason, NoticeType.UPDATED)
        return notice(alert_id=alert_id, topic_name=name, headline=name, reason=reason, type=kind, at=at)

    def leaves(self, now: datetime, **wanted: Any) -> int:
        """What is due is put into the outbox; a new Dispatch each time: nothing may be kept in memory."""
        return Dispatch(self.store, self.receivers).tick(now, **wanted)

    def arrives(self, now: datetime) -> None:
        for delivery in self.store.outbox.claim("w", now, timedelta(hours=1), 1000):
            self.store.outbox.sent(delivery.id, "w", now)

    def bounces(self, now: datetime) -> None:
        for delivery in self.store.outbox.claim("w", now, timedelta(hours=1), 1000):
            self.store.outbox.dead(delivery.id, "w", "550 no such user")

    def messages(self, receiver: str = "meja") -> list[list[str]]:
        """Per message, oldest first, what it tells: ``1 first``."""
        found = [d for d in reversed(self.store.outbox.list(limit=10_000)) if d.receiver == receiver]
        return [told_in(delivery) for delivery in found]

    def times_told(self) -> Counter[str]:
        return Counter(entry for message in self.messages() for entry in message)

    def pending(self) -> int:
        return self.store.outbox.counts()[DeliveryState.PENDING]


def told_in(delivery: Delivery) -> list[str]:
    whole = from_json(delivery.notice)
    return sorted(f"{one.alert_id} {one.reason}" for one in (whole.members or (whole,)))


def jakarta(text: str) -> datetime:
    """``25 07:00`` in November 2026."""
    return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=JAKARTA).astimezone(UTC)
