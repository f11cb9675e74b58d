"""Time. Only this module and ``collector.app`` know the wall clock; everybody else is handed ``now``."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

HOUR = timedelta(hours=1)


class Clock(Protocol):
    """Tells the present moment as an aware UTC datetime."""

    def now(self) -> datetime: ...


class WallClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ScaledClock:
    """A clock that starts at a chosen moment and runs ``speed`` times as fast as the wall's.

    The demo and rehearsals live by it. It follows the monotonic clock, so a step of the wall clock does not move it.
    """

    def __init__(self, start_at: datetime, speed: float) -> None:
        if speed <= 0:
            raise ValueError(f"speed must be positive, not {speed}")
        self._start_at = utc(start_at)
        self._speed = speed
        self._origin = time.monotonic()

    def now(self) -> datetime:
        return self._start_at + timedelta(seconds=(time.monotonic() - self._origin) * self._speed)


def utc(moment: datetime) -> datetime:
    """The same moment in UTC. Raises ValueError for a datetime without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"a datetime without a zone: {moment!r}")
    return moment.astimezone(UTC)


def hour_of(moment: datetime) -> datetime:
    """The start of the UTC hour that holds ``moment`` (hours are half-open: 10:00 belongs to 10..11)."""
    return utc(moment).replace(minute=0, second=0, microsecond=0)


def rfc3339(moment: datetime) -> str:
    """As every time leaves Siaga, to the second and in UTC: ``2026-11-25T03:30:00Z``. Raises ValueError for a datetime
    without a zone."""
    return f"{utc(moment).isoformat(timespec='seconds').removesuffix('+00:00')}Z"


def rfc3339_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)
