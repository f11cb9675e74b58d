"""People and their sessions in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from collector.model.person import Person, Role, Session
from collector.store.memory.room import Room, atomic
from collector.store.people import Failures


class MemoryPeople(Room):
    @atomic
    def add(self, person: Person, password: str) -> bool:
        if person.name.casefold() in self._tables.people:
            return False
        self._tables.people[person.name.casefold()] = (person, password)
        return True

    @atomic
    def get(self, name: str) -> Person | None:
        found = self._tables.people.get(name.casefold())
        return None if found is None else found[0]

    @atomic
    def password(self, name: str) -> str | None:
        found = self._tables.people.get(name.casefold())
        return None if found is None else found[1]

    @atomic
    def reset(self, name: str, *, password: str | None = None, role: Role | None = None) -> bool:
        found = self._tables.people.get(name.casefold())
        if found is None:
            return False
        person, old = found
        self._end_sessions(name)
        self._tables.people[name.casefold()] = (replace(person, role=role or person.role), password or old)
        return True

    @atomic
    def remove(self, name: str) -> bool:
        self._end_sessions(name)
        return self._tables.people.pop(name.casefold(), None) is not None

    def _end_sessions(self, name: str) -> None:
        sessions = self._tables.sessions
        for token in [token for token, (person, _, _) in sessions.items() if person == name.casefold()]:
            del sessions[token]

    @atomic
    def list(self) -> tuple[Person, ...]:
        return tuple(person for _, (person, _) in sorted(self._tables.people.items()))

    @atomic
    def open(self, token_hash: str, name: str | None, now: datetime, ends_at: datetime) -> None:
        sessions = self._tables.sessions
        for token in [token for token, (_, _, end) in sessions.items() if end <= now]:
            del sessions[token]
        sessions[token_hash] = (None if name is None else name.casefold(), now, ends_at)

    @atomic
    def session(self, token_hash: str, now: datetime) -> Session | None:
        found = self._tables.sessions.get(token_hash)
        if found is None or found[2] <= now:
            return None
        name, opened_at, ends_at = found
        person = None if name is None else self._tables.people[name][0]
        return Session(token_hash=token_hash, person=person, opened_at=opened_at, ends_at=ends_at)

    @atomic
    def close(self, token_hash: str) -> None:
        self._tables.sessions.pop(token_hash, None)

    @atomic
    def failed(self, key: str, now: datetime) -> None:
        kept = [(one, at) for one, at in self._tables.login_failures if at >= now - timedelta(days=1)]
        self._tables.login_failures = [*kept, (key, now)]

    @atomic
    def failures(self, key: str, since: datetime) -> Failures:
        found = [at for one, at in self._tables.login_failures if one == key and at >= since]
        return Failures(count=len(found), last_at=max(found, default=None))

    @atomic
    def forgive(self, key: str) -> None:
        self._tables.login_failures = [(one, at) for one, at in self._tables.login_failures if one != key]
