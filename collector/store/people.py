"""What the page remembers of its visitors: persons, sessions, and log-ins that failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from collector.model.person import Person, Role, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Log-ins that failed in a row: how many since a moment, and when the last one did."""

    count: int
    last_at: datetime | None


class People(Protocol):
    """Names are compared without regard to capitals. Passwords come hashed."""

    def add(self, person: Person, password: str) -> bool:
        """False where somebody has that name."""

    def get(self, name: str) -> Person | None: ...

    def password(self, name: str) -> str | None:
        """The stored hash."""

    def reset(self, name: str, *, password: str | None = None, role: Role | None = None) -> bool:
        """Another password, another role, or both; ends the person's sessions. False where nobody has that name."""

    def remove(self, name: str) -> bool:
        """With their sessions. False where nobody has that name."""

    def list(self) -> tuple[Person, ...]:
        """By name."""

    def open(self, token_hash: str, name: str | None, now: datetime, ends_at: datetime) -> None:
        """Begin a session of that person, of nobody in particular where ``name`` is None. Sessions that ended are
        deleted."""

    def session(self, token_hash: str, now: datetime) -> Session | None:
        """The session if it has not ended, with the person as they are now."""

    def close(self, token_hash: str) -> None: ...

    def failed(self, key: str, now: datetime) -> None:
        """Note a log-in that failed; ``key`` says whose or from where. What is older than a day is deleted."""

    def failures(self, key: str, since: datetime) -> Failures: ...

    def forgive(self, key: str) -> None:
        """Forget the failures under that key: somebody logged in."""
