"""When to try a delivery again. Pure.

The schedule is the one that the Standard Webhooks specification recommends; it ends about three days after the first
attempt. Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

from datetime import datetime, timedelta

SCHEDULE: tuple[timedelta, ...] = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
CAP = timedelta(hours=24)
JITTER = 0.1  # a wait is lengthened by up to a tenth, so that a recovering receiver is not met by everything at once


def next_attempt_at(
    attempts: int, now: datetime, *, retry_after: timedelta | None = None, jitter: float = 0.0
) -> datetime | None:
    """When to make the next attempt after ``attempts`` failed ones; None: give up.

    ``retry_after`` is what the receiver asked for: never sooner than that, but at most 24 h. ``jitter`` is a random
    number in 0..1.
    """
    if attempts < 1:
        raise ValueError(f"attempts counts the failed ones and starts at 1, not {attempts}")
    if not 0.0 <= jitter <= 1.0:
        raise ValueError(f"jitter must lie in 0..1, not {jitter}")
    if attempts >= len(SCHEDULE):
        return None
    wait = SCHEDULE[attempts] * (1 + JITTER * jitter)
    return now + min(CAP, max(wait, retry_after or timedelta(0)))
