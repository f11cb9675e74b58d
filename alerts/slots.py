"""Times of day as moments: when the next digest is due, which one was last, when quiet hours end. Pure.

A time that the clocks jump over (02:30 in the night of the change) comes as much later as they jump; of a time that
comes twice the first counts. So every slot is one moment, and moments are compared, never clock faces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from collector.model.plan import QuietHours

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Slot:
    """One digest: the moment it is due, and its name (day and hour of the zone), which is its own for ever."""

    at: datetime
    name: str


def slots_around(times: Sequence[time], now: datetime, zone: tzinfo) -> list[Slot]:
    """Those of yesterday, today and tomorrow, in the order in which they come."""
    today = now.astimezone(zone).date()
    return sorted(_slot(today + step * _DAY, at, zone) for step in (-1, 0, 1) for at in times)


def next_slot(times: Sequence[time], now: datetime, zone: tzinfo) -> Slot:
    """The first after ``now``; ``times`` must not be empty."""
    return next(slot for slot in slots_around(times, now, zone) if slot.at > now)


def last_slot(times: Sequence[time], now: datetime, zone: tzinfo) -> Slot:
    """The latest that has come; ``times`` must not be empty."""
    return next(slot for slot in reversed(slots_around(times, now, zone)) if slot.at <= now)


def quiet_until(quiet: QuietHours | None, now: datetime, zone: tzinfo) -> datetime | None:
    """When the quiet hours that hold now are over; None where none do."""
    if quiet is None or not quiet.hold_at(now.astimezone(zone).time().replace(tzinfo=None)):
        return None
    return next_slot((quiet.end,), now, zone).at


def _slot(day: date, at: time, zone: tzinfo) -> Slot:
    moment = datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
    return Slot(at=moment, name=f"{day.isoformat()} {at:%H:%M}")
