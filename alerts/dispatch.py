"""The step between what was decided and the outbox: messages leave when their receivers' time comes.

    ends whose beginning nobody heard -> given up;  still on its way -> wait
    what is due -> parcels -> one delivery each, and the digest's slot is used up: one transaction

Killed anywhere, either all of a message's entries left with it or none did.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from alerts.parcel import Parcel, delivery_of, parcels
from alerts.slots import Slot
from alerts.timing import timing
from alerts.withholding import Receivers
from collector.model.alert import AlertReason
from collector.model.level import Level
from collector.model.phrase import Phrase
from collector.model.withheld import Heard, Hold, Withheld
from collector.store.base import Storage

log = structlog.get_logger("siaga.dispatch")

_UNHEARD = Phrase(
    id="Penerima ini tidak pernah menerima kabar awalnya.", en="This receiver never got the message that it began."
)
_UNSENT = Phrase(id="Menunggu kabar awalnya terkirim.", en="Waits until the message that it began has arrived.")


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What becomes of an alert's end that waits for one receiver."""

    row: Withheld
    hold: Hold
    why: Phrase
    until_at: datetime | None = None


class Dispatch:
    def __init__(self, store: Storage, receivers: Receivers) -> None:
        self._store = store
        self._receivers = receivers

    def tick(self, now: datetime, *, hurry: bool = False) -> int:
        """The number of messages put into the outbox. Only reads while nothing is due. ``hurry`` as in
        :func:`~alerts.parcel.parcels`."""
        waiting = self._store.withheld.waiting()
        if not waiting or not (any(self._ends(waiting, now)) or self._due(waiting, now, hurry)):
            return 0
        with self._store.transaction(durable=True):
            for end in tuple(self._ends(self._store.withheld.waiting(), now)):
                self._settle(end, now)
            due = self._due(self._store.withheld.waiting(), now, hurry)
            for parcel in due:
                self._release(parcel, now)
        for parcel in due:
            log.info("released", receiver=parcel.receiver, entries=len(parcel.rows), digest=parcel.slot is not None)
        return len(due)

    def _due(self, waiting: Sequence[Withheld], now: datetime, hurry: bool) -> tuple[Parcel, ...]:
        firing = {(row.alert_id, row.receiver) for row in waiting if row.reason != AlertReason.RESOLVED.value}
        ready = [row for row in waiting if (row.alert_id, row.receiver) in firing or self._is_ready(row)]
        return parcels(ready, self._receivers, now, self._taken, hurry=hurry)

    def _is_ready(self, end: Withheld) -> bool:
        return self._store.withheld.heard(end.alert_id, end.receiver) is Heard.SENT

    def _taken(self, receiver: str, slot: Slot) -> bool:
        return self._store.withheld.slot_taken(receiver, slot.name)

    def _ends(self, waiting: Sequence[Withheld], now: datetime) -> Iterator[End]:
        """Ends that must change: only those are told who got the beginning, and not before they got it. Where the
        beginning is held back too they leave together."""
        firing = {(row.alert_id, row.receiver) for row in waiting if row.reason != AlertReason.RESOLVED.value}
        for row in waiting:
            if row.reason != AlertReason.RESOLVED.value or (row.alert_id, row.receiver) in firing:
                continue
            heard = self._store.withheld.heard(row.alert_id, row.receiver)
            if heard is Heard.NOTHING:
                yield End(row=row, hold=Hold.UNHEARD, why=_UNHEARD)
            elif heard is Heard.UNDERWAY and row.hold is not Hold.FIRST_UNSENT:
                yield End(row=row, hold=Hold.FIRST_UNSENT, why=_UNSENT)
            elif heard is Heard.SENT and row.hold is Hold.FIRST_UNSENT:
                plan = self._receivers.plan(row.receiver)
                when = timing(plan, AlertReason.RESOLVED, Level.RISING, now, self._receivers.zone)
                yield End(row=row, hold=when.hold, why=when.why, until_at=when.until_at)

    def _settle(self, end: End, now: datetime) -> None:
        why = end.why.in_language(self._receivers.language)
        if end.hold.for_good:
            self._store.withheld.give_up(end.row.id, end.hold, why, now)
        else:
            self._store.withheld.wait_longer(end.row.id, end.hold, why, end.until_at)

    def _release(self, parcel: Parcel, now: datetime) -> None:
        rows = [row.id for row in parcel.rows]
        number = self._store.withheld.release(rows, delivery_of(parcel, now), now)
        if parcel.slot is not None:
            self._store.withheld.take_slot(parcel.receiver, parcel.slot.name, number, now)
