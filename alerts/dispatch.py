"""The step between what was decided and the outbox: messages leave when their receivers' time comes.

    ends whose beginning nobody heard -> given up;  still on its way -> wait
    what somebody silenced meanwhile  -> waits until the silence is over;  ended by then -> given up
    what is due -> parcels -> one delivery each, and the digest's slot is used up: one transaction

Killed anywhere, either all of a message's entries left with it or none did.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from alerts.hush import names
from alerts.parcel import Parcel, delivery_of, parcels
from alerts.policy import because
from alerts.slots import Slot
from alerts.timing import timing
from alerts.withholding import Receivers
from collector.model.alert import AlertReason, AlertState
from collector.model.level import Level
from collector.model.phrase import Phrase
from collector.model.withheld import Heard, Hold, Withheld
from collector.store.base import Storage

log = structlog.get_logger("siaga.dispatch")

_UNHEARD = Phrase(
    id="Penerima ini tidak pernah menerima kabar awalnya.", en="This receiver never got the message that it began."
)
_UNSENT = Phrase(id="Menunggu kabar awalnya terkirim.", en="Waits until the message that it began has arrived.")


_ENDED = Phrase(id="Sudah mereda selama dibisukan.", en="It was over before the silence was.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of a message that waits: it waits otherwise, or is ``given_up``."""

    row: Withheld
    hold: Hold
    why: Phrase
    until_at: datetime | None = None
    given_up: bool = False


class Dispatch:
    def __init__(self, store: Storage, receivers: Receivers) -> None:
        self._store = store
        self._receivers = receivers

    def tick(self, now: datetime, *, hurry: bool = False) -> int:
        """The number of messages put into the outbox. Only reads while nothing is due. ``hurry`` as in
        :func:`~alerts.parcel.parcels`."""
        waiting = self._store.withheld.waiting()
        if not waiting or not self._has_work(waiting, now, hurry):
            return 0
        with self._store.transaction(durable=True):
            for find in (self._silenced, self._ends):  # in this order: an end looks at what became of its beginning
                for change in tuple(find(self._store.withheld.waiting(), now)):
                    self._apply(change, now)
            due = self._due(self._store.withheld.waiting(), now, hurry)
            for parcel in due:
                self._release(parcel, now)
        for parcel in due:
            log.info("released", receiver=parcel.receiver, entries=len(parcel.rows), digest=parcel.slot is not None)
        return len(due)

    def _has_work(self, waiting: Sequence[Withheld], now: datetime, hurry: bool) -> bool:
        changes = any(self._silenced(waiting, now)) or any(self._ends(waiting, now))
        return changes or bool(self._due(waiting, now, hurry))

    def _due(self, waiting: Sequence[Withheld], now: datetime, hurry: bool) -> tuple[Parcel, ...]:
        firing = {(row.alert_id, row.receiver) for row in waiting if row.reason != AlertReason.RESOLVED.value}
        ready = [row for row in waiting if (row.alert_id, row.receiver) in firing or self._is_ready(row)]
        return parcels(ready, self._receivers, now, self._taken, hurry=hurry)

    def _is_ready(self, end: Withheld) -> bool:
        return self._store.withheld.heard(end.alert_id, end.receiver) is Heard.SENT

    def _taken(self, receiver: str, slot: Slot) -> bool:
        return self._store.withheld.slot_taken(receiver, slot.name)

    def _silenced(self, waiting: Sequence[Withheld], now: datetime) -> Iterator[Change]:
        """What was decided before somebody asked for silence waits until that is over, or is for nobody if the alert
        is over sooner."""
        silences = self._store.reactions.silences(holding_at=now)
        for row in waiting:
            kept = row.hold is Hold.SILENCED
            if row.reason == AlertReason.RESOLVED.value or not (silences or kept):
                continue
            alert = self._store.alerts.get(row.alert_id)
            found = next((s for s in silences if names(s, alert.rule, alert.subject)), None)
            if found is not None and (not kept or row.until_at != found.ends_at):
                yield Change(row=row, hold=Hold.SILENCED, why=because(found), until_at=found.ends_at)
            elif found is None and kept and alert.state is AlertState.RESOLVED:
                yield Change(row=row, hold=Hold.SILENCED, why=_ENDED, given_up=True)
            elif found is None and kept:
                yield self._anew(row, AlertReason(row.reason), alert.level, now)

    def _anew(self, row: Withheld, reason: AlertReason, level: Level, now: datetime) -> Change:
        when = timing(self._receivers.plan(row.receiver), reason, level, now, self._receivers.zone)
        return Change(row=row, hold=when.hold, why=when.why, until_at=when.until_at)

    def _ends(self, waiting: Sequence[Withheld], now: datetime) -> Iterator[Change]:
        """Ends that must change: only those are told who got the beginning, and not before they got it. Where the
        beginning is held back too they leave together."""
        firing = {(row.alert_id, row.receiver) for row in waiting if row.reason != AlertReason.RESOLVED.value}
        for row in waiting:
            if row.reason != AlertReason.RESOLVED.value or (row.alert_id, row.receiver) in firing:
                continue
            heard = self._store.withheld.heard(row.alert_id, row.receiver)
            if heard is Heard.NOTHING:
                yield Change(row=row, hold=Hold.UNHEARD, why=_UNHEARD, given_up=True)
            elif heard is Heard.UNDERWAY and row.hold is not Hold.FIRST_UNSENT:
                yield Change(row=row, hold=Hold.FIRST_UNSENT, why=_UNSENT)
            elif heard is Heard.SENT and row.hold is Hold.FIRST_UNSENT:
                yield self._anew(row, AlertReason.RESOLVED, Level.RISING, now)

    def _apply(self, change: Change, now: datetime) -> None:
        why = change.why.in_language(self._receivers.language)
        if change.given_up:
            self._store.withheld.give_up(change.row.id, change.hold, why, now)
        else:
            self._store.withheld.wait_longer(change.row.id, change.hold, why, change.until_at)

    def _release(self, parcel: Parcel, now: datetime) -> None:
        rows = [row.id for row in parcel.rows]
        number = self._store.withheld.release(rows, delivery_of(parcel, now), now)
        if parcel.slot is not None:
            self._store.withheld.take_slot(parcel.receiver, parcel.slot.name, number, now)
