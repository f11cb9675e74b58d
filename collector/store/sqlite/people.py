"""Persons of the page, their sessions, log-ins that failed."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from collector.model.person import Person, Role, Session
from collector.store.people import Failures
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.rows import moment, moment_or_none, time_text
from collector.store.sqlite.statements import people as sql
from collector.store.text import storable

REMEMBERED = timedelta(days=1)


class SqlitePeople:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, person: Person, password: str) -> bool:
        row = (storable(person.name), _key(person.name), person.role.value, password, time_text(person.added_at))
        with self._connections.write(durable=True) as db:
            return db.execute(sql.PERSON_ADD, row).rowcount == 1

    def get(self, name: str) -> Person | None:
        with self._connections.read() as db:
            row = db.execute(sql.PERSON_GET, (_key(name),)).fetchone()
        return None if row is None else _person(row)

    def password(self, name: str) -> str | None:
        with self._connections.read() as db:
            row = db.execute(sql.PERSON_PASSWORD, (_key(name),)).fetchone()
        return None if row is None else str(row[0])

    def reset(self, name: str, *, password: str | None = None, role: Role | None = None) -> bool:
        with self._connections.write(durable=True) as db:
            db.execute(sql.SESSIONS_OF_PERSON_END, (_key(name),))
            changed = db.execute(sql.PERSON_RESET, (password, None if role is None else role.value, _key(name)))
            return changed.rowcount == 1

    def remove(self, name: str) -> bool:
        with self._connections.write(durable=True) as db:
            db.execute(sql.SESSIONS_OF_PERSON_END, (_key(name),))
            return db.execute(sql.PERSON_REMOVE, (_key(name),)).rowcount == 1

    def list(self) -> tuple[Person, ...]:
        with self._connections.read() as db:
            return tuple(_person(row) for row in db.execute(sql.PEOPLE_LIST))

    def open(self, token_hash: str, name: str | None, now: datetime, ends_at: datetime) -> None:
        person = None if name is None else _key(name)
        with self._connections.write() as db:
            db.execute(sql.SESSIONS_DROP_ENDED, (time_text(now),))
            db.execute(sql.SESSION_ADD, (token_hash, person, time_text(now), time_text(ends_at)))

    def session(self, token_hash: str, now: datetime) -> Session | None:
        with self._connections.read() as db:
            row = db.execute(sql.SESSION_GET, (token_hash, time_text(now))).fetchone()
        if row is None:
            return None
        return Session(
            token_hash=row["token_hash"],
            person=None if row["name"] is None else _person(row),
            opened_at=moment(row["opened_at"]),
            ends_at=moment(row["ends_at"]),
        )

    def close(self, token_hash: str) -> None:
        with self._connections.write() as db:
            db.execute(sql.SESSION_DROP, (token_hash,))

    def failed(self, key: str, now: datetime) -> None:
        with self._connections.write() as db:
            db.execute(sql.FAILURES_DROP_OLD, (time_text(now - REMEMBERED),))
            db.execute(sql.FAILURE_ADD, (storable(key), time_text(now)))

    def failures(self, key: str, since: datetime) -> Failures:
        with self._connections.read() as db:
            count, last = db.execute(sql.FAILURES_OF, (storable(key), time_text(since))).fetchone()
        return Failures(count=count, last_at=moment_or_none(last))

    def forgive(self, key: str) -> None:
        with self._connections.write() as db:
            db.execute(sql.FAILURES_FORGIVE, (storable(key),))


def _key(name: str) -> str:
    return storable(name).casefold()


def _person(row: sqlite3.Row) -> Person:
    return Person(name=row["name"], role=Role(row["role"]), added_at=moment(row["added_at"]))
