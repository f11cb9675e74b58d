"""When a source is next due, and what its poll says about the hours. Pure: state in, state out.

A success is followed by the next poll after ``every``. A failure adds the weight of its class to the failure score
(temporary 0.25, soft 0.5, hard 1), and the wait is ``every`` doubled that many times, up to 24 hours: a bad address
waits twice as long at each failure, a name that does not resolve only at each fourth. Nobody is ever given up. What a
server asks for in ``Retry-After`` is a lower bound, itself capped at 24 hours.

Jitter only ever shortens a wait (by up to a tenth): sources that were added together drift apart, no source is polled
later than asked, so its hours stay covered, and no wait exceeds the cap.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from collector.model.clock import HOUR, hour_of
from collector.model.source import Failed, Fetched, Source, SourceState
from collector.sources.validator import usable_validator

LONGEST_WAIT = timedelta(hours=24)
JITTER = 0.1
MOST_DOUBLINGS = 20.0  # from a second to twelve days: beyond it every wait is capped anyway, and nothing overflows
MAX_ERROR_CHARS = 300


def after_success(state: SourceState, source: Source, now: datetime, fetched: Fetched, rng: Random) -> SourceState:
    """The state after a 200 that could be read, or a 304. ``now`` is when the poll ended.

    A 304 keeps the validators and the hash it was asked with, except where it names newer validators. Validators that
    no honest server sends (see :func:`usable_validator`) are not kept.
    """
    etag = usable_validator(fetched.headers.get("etag"))
    last_modified = usable_validator(fetched.headers.get("last-modified"))
    return replace(
        state,
        next_poll_at=now + _jittered(source.every, rng),
        last_poll_at=now,
        last_ok_at=now,
        first_ok_at=state.first_ok_at or now,
        etag=etag or (state.etag if fetched.not_modified else None),
        last_modified=last_modified or (state.last_modified if fetched.not_modified else None),
        body_hash=state.body_hash if fetched.not_modified else fetched.body_hash,
        failure_score=0.0,
        failures=0,
        last_error=None,
    )


def after_failure(state: SourceState, source: Source, failed: Failed, now: datetime, rng: Random) -> SourceState:
    """The state after a failed poll. Validators and hash stay, so that the next success may still be a 304."""
    score = state.failure_score + failed.failure_class.weight
    wait = _jittered(backoff(source.every, score), rng)
    if failed.retry_after is not None:
        wait = max(wait, min(failed.retry_after, LONGEST_WAIT))
    return replace(
        state,
        next_poll_at=now + wait,
        last_poll_at=now,
        failure_score=score,
        failures=state.failures + 1,
        last_error=failed.reason[:MAX_ERROR_CHARS],
    )


def backoff(every: timedelta, failure_score: float) -> timedelta:
    """``every`` doubled ``failure_score`` times, at most 24 hours, or ``every`` where that is longer already."""
    if every >= LONGEST_WAIT:
        return every
    doublings: float = min(failure_score, MOST_DOUBLINGS)
    return min(LONGEST_WAIT, every * float(2.0**doublings))


def covers(source: Source, now: datetime) -> tuple[datetime, ...]:
    """Starts of the UTC hours that a success at ``now`` covers: those in which it is younger than ``every``.

    The hour that holds ``now`` is always one of them.
    """
    ends_at = now + source.every
    hours = [hour_of(now)]
    while hours[-1] + HOUR < ends_at:
        hours.append(hours[-1] + HOUR)
    return tuple(hours)


def _jittered(wait: timedelta, rng: Random) -> timedelta:
    return wait * (1.0 - JITTER * rng.random())
