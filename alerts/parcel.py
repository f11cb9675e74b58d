"""Which of the messages held back leave now, and together with which. Pure.

    due?      its time has come (a digest: its slot, which is used once)
    with      what waits for the same company, or all that waits for the same digest
    and with  everything else that is held back about the same alerts, so that news never overtakes older news

An alert that has several entries in one message is told by its newest; one that began and ended unheard by both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID, uuid5

from alerts.announcement import pending
from alerts.bundle import digest_of, group_of
from alerts.notice import from_json, to_json
from alerts.slots import Slot, last_slot
from alerts.withholding import Receivers
from collector.model.alert import AlertReason, Delivery, Notice, NoticeType
from collector.model.phrase import Phrase
from collector.model.plan import Plan
from collector.model.withheld import Hold, Withheld

_KEYS = UUID("4d6f2a5e-9d0b-5a0c-8c37-6a1a5f0f3b7d")  # namespace of the keys of messages about several alerts
GROUPED, DIGEST = "grouped", "digest"  # the reasons of such messages

_STAYS = (Hold.FIRST_UNSENT, Hold.SILENCED)

SlotTaken = Callable[[str, Slot], bool]
"""Was the receiver's digest of that slot made already?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One message to one receiver. ``slot``: the digest's; None: it is none."""

    receiver: str
    rows: tuple[Withheld, ...]
    slot: Slot | None = None


def parcels(
    waiting: Sequence[Withheld], receivers: Receivers, now: datetime, taken: SlotTaken, *, hurry: bool = False
) -> tuple[Parcel, ...]:
    """``waiting`` oldest first. ``hurry``: nothing waits for company (a round that ends now)."""
    found: list[Parcel] = []
    for receiver in dict.fromkeys(row.receiver for row in waiting):
        mine = [row for row in waiting if row.receiver == receiver and row.hold not in _STAYS]
        found.extend(_of_one(receiver, mine, receivers, now, taken, hurry))
    return tuple(found)


def _of_one(
    receiver: str, rows: Sequence[Withheld], receivers: Receivers, now: datetime, taken: SlotTaken, hurry: bool
) -> Iterable[Parcel]:
    slot = _open_slot(receiver, receivers.plan(receiver), now, receivers.zone, taken)
    digests = receivers.plan(receiver).mode == "digest"
    kinds = _kinds(rows)
    due = [row for row in rows if _is_due(row, now, hurry) and (row.hold is not Hold.DIGEST or slot or not digests)]
    gone: set[int] = set()
    for row in due:
        if row.id in gone:
            continue
        key = _company(row, kinds, digests)
        alerts = {other.alert_id for other in rows if _company(other, kinds, digests) == key}
        together = tuple(other for other in rows if other.alert_id in alerts and other.id not in gone)
        gone.update(other.id for other in together)
        yield Parcel(receiver=receiver, rows=together, slot=slot if key == (DIGEST,) else None)


def _open_slot(receiver: str, plan: Plan, now: datetime, zone: tzinfo, taken: SlotTaken) -> Slot | None:
    """The digest that may be made now. Late is better than never: after a pause the latest one carries all."""
    if plan.mode != "digest":
        return None
    slot = last_slot(plan.digest_at, now, zone)
    return None if taken(receiver, slot) else slot


def _is_due(row: Withheld, now: datetime, hurry: bool) -> bool:
    """What was made by a clock that ran ahead of ours must not wait for that time to come again."""
    if row.made_at > now or (hurry and row.hold is Hold.GROUPED):
        return True
    return row.until_at is not None and row.until_at <= now


def _kinds(rows: Sequence[Withheld]) -> Mapping[int, str]:
    """Of each alert: does it start, go on or end, in the oldest entry that is held back?"""
    kinds: dict[int, str] = {}
    for row in rows:
        kind = {AlertReason.FIRST: "starts", AlertReason.RESOLVED: "ends"}.get(AlertReason(row.reason), "goes on")
        kinds.setdefault(row.alert_id, kind)
    return kinds


def _company(row: Withheld, kinds: Mapping[int, str], digests: bool) -> tuple[str, ...]:
    if row.hold is Hold.DIGEST and digests:
        return (DIGEST,)
    if row.hold is Hold.QUIET_HOURS:
        return (row.hold.value,)
    return (GROUPED, row.company, kinds[row.alert_id])


# ---------------------------------------------------------------- as one message


def told(rows: Sequence[Withheld]) -> tuple[Withheld, ...]:
    """The entries that are shown: of each alert the newest that says it fires, and its end."""
    shown: dict[tuple[int, bool], Withheld] = {}
    for row in rows:
        shown[row.alert_id, row.reason == AlertReason.RESOLVED.value] = row
    order = {alert_id: place for place, alert_id in enumerate(dict.fromkeys(row.alert_id for row in rows))}
    return tuple(sorted(shown.values(), key=lambda row: (order[row.alert_id], row.id)))


def delivery_of(parcel: Parcel, now: datetime) -> Delivery:
    """The message: the entry itself where there is only one, else a notice that holds them all."""
    shown = told(parcel.rows)
    if len(shown) == 1 and parcel.slot is None:
        (row,) = shown
        return pending(parcel.receiver, row.notice, reason=row.reason, key=row.dedup_key, at=now, alert_id=row.alert_id)
    notices = [_notice(row) for row in shown]
    key = "\n".join([parcel.slot.name if parcel.slot else "", *(row.dedup_key for row in parcel.rows)])
    return pending(
        parcel.receiver,
        to_json(group_of(notices, now) if parcel.slot is None else digest_of(notices, now)),
        reason=GROUPED if parcel.slot is None else DIGEST,
        key=str(uuid5(_KEYS, key)),
        at=now,
    )


def _notice(row: Withheld) -> Notice:
    """What cannot be read back (a damaged database) is still named."""
    try:
        return from_json(row.notice)
    except (ValueError, KeyError, TypeError, IndexError):
        words = Phrase(
            id=f"Isi peringatan {row.alert_id} tidak dapat dibaca; lihat: siaga alerts",
            en=f"The content of alert {row.alert_id} cannot be read; see: siaga alerts",
        )
        reason = AlertReason(row.reason)
        kind = NoticeType.RESOLVED if reason is AlertReason.RESOLVED else NoticeType.FIRING
        return Notice(type=kind, at=row.made_at, headline=words, why=words, alert_id=row.alert_id, reason=reason)
