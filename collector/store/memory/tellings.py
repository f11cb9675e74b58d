"""Who was told what of an issue, in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from collector.model.errors import NotFound
from collector.model.ledger import Telling
from collector.store.memory.room import Room, atomic
from collector.store.memory.tables import DeskSide
from collector.store.text import storable


class MemoryTellings(Room):
    @atomic
    def tell(self, tellings: Sequence[Telling]) -> None:
        for telling in tellings:
            number = len(self._tables.tellings) + 1
            stored = replace(
                telling,
                id=number,
                recipient=storable(telling.recipient),
                at=telling.at.replace(microsecond=0),
                about=storable(telling.about),
                reference=storable(telling.reference),
                answer=storable(telling.answer),
            )
            self._tables.tellings.append(stored)

    @atomic
    def told(self, issue_id: int) -> tuple[Telling, ...]:
        noted = [telling for telling in self._tables.tellings if telling.issue_id == issue_id]
        return tuple(sorted([*noted, *self._alerted(issue_id)], key=lambda telling: (telling.at, telling.id)))

    def _alerted(self, issue_id: int) -> Iterator[Telling]:
        t = self._tables
        ours = {str(n) for n, side in t.desk.items() if side.merged_into == issue_id} | {str(issue_id)}
        members = {item.id for item in t.items.values() if item.issue_id == issue_id}
        shown = {alert for alert, item in t.evidence if item in members}
        for delivery in t.deliveries.values():
            alert = None if delivery.alert_id is None else t.alerts.get(delivery.alert_id)
            if alert is None or delivery.state == "dead":
                continue
            if alert.id in shown or (alert.subject.kind == "issue" and alert.subject.id in ours):
                yield Telling(
                    id=0,
                    issue_id=issue_id,
                    recipient=delivery.receiver,
                    channel="alert",
                    at=delivery.sent_at or delivery.created_at,
                    about=_headline(delivery.notice) or alert.title,
                    reference=delivery.dedup_key,
                )

    @atomic
    def told_to(self, channel: str, recipient: str, limit: int) -> tuple[Telling, ...]:
        found = [one for one in self._tables.tellings if (one.channel, one.recipient) == (channel, storable(recipient))]
        return tuple(sorted(found, key=lambda one: one.id, reverse=True))[:limit]

    @atomic
    def renumbered(self, channel: str, recipient: str) -> tuple[int, ...]:
        told: dict[int, list[Telling]] = {}
        for one in self._tables.tellings:
            if (one.channel, one.recipient) == (channel, storable(recipient)):
                told.setdefault(one.issue_id, []).append(one)
        return tuple(
            sorted(
                number
                for number, all_of_it in told.items()
                if all_of_it[-1].told_as is not None and any(one.told_as not in (None, number) for one in all_of_it)
            )
        )

    @atomic
    def owed(self, channel: str | None = None) -> tuple[Telling, ...]:
        last: dict[tuple[int, str, str], Telling] = {}
        for telling in self._tables.tellings:
            last[telling.issue_id, telling.channel, telling.recipient] = telling
        found = [
            one
            for one in last.values()
            if one.verdict is not None
            and one.verdict is not self._tables.desk.get(one.issue_id, DeskSide()).verdict
            and channel in (None, one.channel)
        ]
        return tuple(sorted(found, key=lambda telling: telling.id))

    @atomic
    def answered(self, telling_id: int, answer: str, at: datetime) -> None:
        t = self._tables
        if not any(telling.id == telling_id for telling in t.tellings):
            raise NotFound(f"nobody was told under number {telling_id}")
        t.tellings = [
            replace(one, answer=storable(answer), answered_at=at.replace(microsecond=0))
            if one.id == telling_id
            else one
            for one in t.tellings
        ]


def _headline(notice: str) -> str | None:
    """What a message was headed with when it was made: the alert's own title goes on changing."""
    try:
        content = json.loads(notice)
    except ValueError:
        return None
    headline = content.get("headline") if isinstance(content, dict) else None
    return str(headline[0]) if headline else None
