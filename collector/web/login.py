"""Logging in: who it is, or why not. Failures slow the next try down; they never lock anybody out for good."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.config.secret import Secret
from collector.store.people import People
from collector.web.password import NOBODY, fits

LASTS = timedelta(days=7)
COUNTED_FOR = timedelta(hours=1)
FREE_TRIES = 4  # of one name; from one address, which may be a whole office's, ten times as many
LONGEST_WAIT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """``token`` is for the cookie; the store keeps its hash."""

    token: str
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Wrong name or password, or too soon: then ``wait`` says how long."""

    wait: timedelta | None = None


def log_in(
    people: People, name: str, password: str, *, shared: Secret | None, address: str, now: datetime
) -> Admitted | Refused:
    """``name`` is empty for the shared password, which opens the pages for reading only."""
    keys = ((f"name:{name.strip().casefold()[:100]}", FREE_TRIES), (f"from:{address}", 10 * FREE_TRIES))
    wait = max(_wait(people, key, free, now) for key, free in keys)
    if wait > timedelta(0):
        return Refused(wait=wait)
    person = people.get(name.strip()) if name.strip() else None
    if not _fits(people, name.strip(), password, shared):
        for key, _ in keys:
            people.failed(key, now)
        return Refused()
    for key, _ in keys:
        people.forgive(key)
    token = secrets.token_urlsafe(32)
    people.open(hash_of(token), person.name if person else None, now, now + LASTS)
    return Admitted(token=token, ends_at=now + LASTS)


def _fits(people: People, name: str, password: str, shared: Secret | None) -> bool:
    if name:
        return fits(password, people.password(name) or NOBODY)
    return shared is not None and hmac.compare_digest(_digest(password), _digest(shared.reveal()))


def _wait(people: People, key: str, free: int, now: datetime) -> timedelta:
    """1 s after the first failure beyond the free ones, twice as long after each further one."""
    failures = people.failures(key, now - COUNTED_FOR)
    beyond = failures.count - free
    if beyond <= 0 or failures.last_at is None:
        return timedelta(0)
    wait = min(LONGEST_WAIT, timedelta(seconds=2 ** min(beyond, 10)))
    return max(timedelta(0), failures.last_at + wait - now)


def hash_of(token: str) -> str:
    """What the store keeps of a session's token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
