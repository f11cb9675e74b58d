"""Persons of the page in the store: one suite for every implementation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from records import HOUR, NOW

from collector.model.person import Person, Role
from collector.store.base import Storage

SARI = Person(name="Sari", role=Role.EDITOR, added_at=NOW)
BUDI = Person(name="budi", role=Role.READER, added_at=NOW)


@pytest.fixture
def store(empty: Storage) -> Storage:
    assert empty.people.add(SARI, "hash-1")
    return empty


def test_a_name_is_one_person_whatever_its_capitals(store: Storage) -> None:
    assert not store.people.add(Person(name="SARI", role=Role.READER, added_at=NOW), "hash-2")
    assert store.people.get("sARI") == SARI
    assert store.people.password("SARI") == "hash-1"


def test_nobody_has_an_unknown_name(store: Storage) -> None:
    assert store.people.get("Rina") is None
    assert store.people.password("Rina") is None
    assert not store.people.reset("Rina", password="x")
    assert not store.people.remove("Rina")


def test_people_are_listed_by_name(store: Storage) -> None:
    store.people.add(BUDI, "hash-3")
    assert store.people.list() == (BUDI, SARI)


def test_a_session_belongs_to_its_person_until_it_ends(store: Storage) -> None:
    store.people.open("t1", "SARI", NOW, NOW + HOUR)
    session = store.people.session("t1", NOW)
    assert session is not None
    assert (session.person, session.may_act, session.ends_at) == (SARI, True, NOW + HOUR)
    assert store.people.session("t1", NOW + HOUR) is None
    assert store.people.session("t2", NOW) is None


def test_the_shared_password_opens_a_session_that_may_not_act(store: Storage) -> None:
    store.people.open("t1", None, NOW, NOW + HOUR)
    session = store.people.session("t1", NOW)
    assert session is not None
    assert (session.person, session.may_act) == (None, False)


def test_leaving_ends_one_session(store: Storage) -> None:
    store.people.open("t1", "Sari", NOW, NOW + HOUR)
    store.people.open("t2", "Sari", NOW, NOW + HOUR)
    store.people.close("t1")
    assert store.people.session("t1", NOW) is None
    assert store.people.session("t2", NOW) is not None


def test_another_password_or_role_ends_all_sessions(store: Storage) -> None:
    store.people.open("t1", "Sari", NOW, NOW + HOUR)
    assert store.people.reset("sari", password="hash-9")
    assert store.people.session("t1", NOW) is None
    assert store.people.password("Sari") == "hash-9"
    assert store.people.reset("sari", role=Role.READER)
    assert store.people.get("Sari") == Person(name="Sari", role=Role.READER, added_at=NOW)
    assert store.people.password("Sari") == "hash-9"


def test_who_is_removed_is_out_at_once(store: Storage) -> None:
    store.people.open("t1", "Sari", NOW, NOW + HOUR)
    assert store.people.remove("SARI")
    assert store.people.session("t1", NOW) is None
    assert store.people.list() == ()


def test_failures_are_counted_per_key_until_forgiven(store: Storage) -> None:
    for minute in range(3):
        store.people.failed("name:sari", NOW + timedelta(minutes=minute))
    store.people.failed("from:192.0.2.1", NOW)
    found = store.people.failures("name:sari", NOW + timedelta(minutes=1))
    assert (found.count, found.last_at) == (2, NOW + timedelta(minutes=2))
    store.people.forgive("name:sari")
    assert store.people.failures("name:sari", NOW).count == 0
    assert store.people.failures("from:192.0.2.1", NOW).count == 1


def test_failures_are_forgotten_after_a_day(store: Storage) -> None:
    store.people.failed("name:sari", NOW)
    store.people.failed("name:sari", NOW + timedelta(days=1, seconds=1))
    assert store.people.failures("name:sari", NOW).count == 1


def test_a_name_that_would_break_a_page_is_refused() -> None:
    for name in ("", " Sari", "<b>", "a\nb", "x" * 61):
        with pytest.raises(ValueError, match="no name"):
            Person(name=name, role=Role.READER, added_at=NOW)
