"""What every store promises as a whole: transactions, small facts, one daemon."""

from __future__ import annotations

import pytest
from records import HOUR, NOW, alert, delivery, draft, record

from collector.model.errors import DatabaseInUse, StoreError
from collector.store.base import AuditEntry, Storage


def test_a_failed_transaction_leaves_nothing(store: Storage) -> None:
    def fail_late() -> None:
        with store.transaction(durable=True):
            store.items.record_poll(record(draft()))
            store.alerts.save(alert(), deliveries=[delivery()])
            store.set_meta("digest", "today")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_late()
    assert store.items.find("https://tempo.example/a") is None
    assert (store.alerts.list(), store.outbox.list(), store.meta("digest")) == ((), (), None)


def test_a_failed_part_can_be_given_up_without_the_rest(store: Storage) -> None:
    with store.transaction():
        store.alerts.save(alert(1))
        with pytest.raises(StoreError):
            store.alerts.save(alert(2))
        store.set_meta("digest", "today")
    assert ([a.id for a in store.alerts.list()], store.meta("digest")) == ([1], "today")


def test_a_transaction_sees_its_own_changes(store: Storage) -> None:
    with store.transaction():
        store.alerts.save(alert())
        assert store.alerts.next_id() == 2
        assert store.alerts.firing() == (alert(),)


def test_small_facts_are_kept_and_replaced(store: Storage) -> None:
    assert store.meta("daemon.heartbeat_at") is None
    store.set_meta("daemon.heartbeat_at", "1")
    store.set_meta("daemon.heartbeat_at", "2")
    assert store.meta("daemon.heartbeat_at") == "2"


def test_the_audit_tells_who_did_what_newest_first(store: Storage) -> None:
    entries = [
        AuditEntry(at=NOW + n * HOUR, actor="desk", action="resend", subject=f"delivery:{n}", detail="")
        for n in range(3)
    ]
    for entry in entries:
        store.audit.write(entry)
    assert store.audit.list(2) == (entries[2], entries[1])


def test_a_second_daemon_is_refused_while_the_first_runs(store: Storage) -> None:
    with store.lock(), pytest.raises(DatabaseInUse), store.lock():
        pass
    with store.lock():
        store.set_meta("served", "again")
