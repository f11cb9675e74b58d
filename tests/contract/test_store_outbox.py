"""The outbox: one suite for every store."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from records import HOUR, NOW, delivery

from collector.model.alert import DeliveryState
from collector.model.errors import NotFound
from collector.store.base import Storage

LEASE = timedelta(minutes=5)


def test_a_delivery_is_claimed_by_one_worker_only(store: Storage) -> None:
    store.outbox.add([delivery()])
    (claimed,) = store.outbox.claim("one", NOW, LEASE, 10)
    assert (claimed.claimed_by, claimed.claimed_until) == ("one", NOW + LEASE)
    assert store.outbox.claim("two", NOW, LEASE, 10) == ()


def test_many_workers_share_the_outbox_without_overlap(store: Storage) -> None:
    store.outbox.add([delivery(f"msg-{n}") for n in range(30)])

    def take_all(worker: str) -> list[int]:
        taken: list[int] = []
        while claimed := store.outbox.claim(worker, NOW, LEASE, 4):
            taken += [d.id for d in claimed]
            assert all(store.outbox.sent(d.id, worker, NOW) for d in claimed)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [number for numbers in pool.map(take_all, "abcd") for number in numbers]
    assert sorted(taken) == list(range(1, 31))


def test_the_oldest_due_deliveries_are_claimed_first(store: Storage) -> None:
    store.outbox.add([delivery("later", at=NOW + HOUR), delivery("second"), delivery("first", at=NOW - HOUR)])
    assert [d.dedup_key for d in store.outbox.claim("w", NOW, LEASE, 10)] == ["first", "second"]
    assert [d.dedup_key for d in store.outbox.claim("v", NOW + 2 * HOUR, LEASE, 1)] == ["first"]


def test_a_sent_delivery_is_done(store: Storage) -> None:
    store.outbox.add([delivery()])
    store.outbox.claim("w", NOW, LEASE, 1)
    assert store.outbox.sent(1, "w", NOW)
    (done,) = store.outbox.list()
    assert (done.state, done.sent_at, done.attempts, done.claimed_by) == (DeliveryState.SENT, NOW, 1, None)
    assert store.outbox.claim("w", NOW + HOUR, LEASE, 1) == ()


def test_after_a_crash_between_claim_and_sent_another_worker_repeats_it_with_the_same_key(store: Storage) -> None:
    store.outbox.add([delivery()])
    store.outbox.claim("crashed", NOW, LEASE, 1)
    assert store.outbox.claim("other", NOW + LEASE - timedelta(seconds=1), LEASE, 1) == ()
    (again,) = store.outbox.claim("other", NOW + LEASE, LEASE, 1)
    assert again.dedup_key == "msg-1"


def test_a_worker_that_lost_its_lease_changes_nothing(store: Storage) -> None:
    store.outbox.add([delivery()])
    store.outbox.claim("slow", NOW, LEASE, 1)
    store.outbox.claim("quick", NOW + LEASE, LEASE, 1)
    assert not store.outbox.sent(1, "slow", NOW + LEASE)
    assert not store.outbox.retry(1, "slow", "timed out", NOW)
    assert not store.outbox.dead(1, "slow", "refused")
    assert store.outbox.sent(1, "quick", NOW + LEASE)


def test_an_unclaimed_delivery_cannot_be_settled(store: Storage) -> None:
    store.outbox.add([delivery()])
    assert not store.outbox.sent(1, "w", NOW)
    assert not store.outbox.sent(99, "w", NOW)


def test_a_failed_attempt_is_counted_and_waits(store: Storage) -> None:
    store.outbox.add([delivery()])
    store.outbox.claim("w", NOW, LEASE, 1)
    assert store.outbox.retry(1, "w", "450 try later", NOW + HOUR)
    assert store.outbox.claim("v", NOW + LEASE, LEASE, 1) == ()
    (again,) = store.outbox.claim("v", NOW + HOUR, LEASE, 1)
    assert (again.attempts, again.last_error, again.dedup_key) == (1, "450 try later", "msg-1")


def test_a_dead_delivery_is_listed_and_can_be_resent(store: Storage) -> None:
    store.outbox.add([delivery()])
    store.outbox.claim("w", NOW, LEASE, 1)
    assert store.outbox.dead(1, "w", "550 no such user")
    (dead,) = store.outbox.list(dead_only=True)
    assert (dead.attempts, dead.last_error) == (1, "550 no such user")
    assert store.outbox.claim("w", NOW + HOUR, LEASE, 1) == ()
    store.outbox.resend(1, NOW + HOUR)
    (again,) = store.outbox.claim("w", NOW + HOUR, LEASE, 1)
    assert (again.attempts, again.dedup_key) == (0, "msg-1")


def test_only_a_dead_delivery_can_be_resent(store: Storage) -> None:
    store.outbox.add([delivery()])
    for number in (1, 99):
        with pytest.raises(NotFound):
            store.outbox.resend(number, NOW)


def test_a_known_key_is_not_posted_twice(store: Storage) -> None:
    store.outbox.add([delivery(), delivery()])
    store.outbox.add([delivery()])
    assert len(store.outbox.list()) == 1


def test_deliveries_are_counted_by_state(store: Storage) -> None:
    store.outbox.add([delivery(f"msg-{n}") for n in range(3)])
    (first,) = store.outbox.claim("w", NOW, LEASE, 1)
    store.outbox.dead(first.id, "w", "550 no such user")
    assert store.outbox.counts() == {DeliveryState.PENDING: 2, DeliveryState.SENT: 0, DeliveryState.DEAD: 1}


def test_deliveries_of_a_held_receiver_are_left_alone(store: Storage) -> None:
    store.outbox.add([delivery("msg-1"), replace(delivery("msg-2"), receiver="lain")])
    claimed = store.outbox.claim("w", NOW, LEASE, 10, held=("meja",))
    assert [(d.dedup_key, d.receiver) for d in claimed] == [("msg-2", "lain")]
    assert store.outbox.claim("w", NOW, LEASE, 10, held=("meja", "lain")) == ()


def test_the_leases_of_dead_workers_can_be_taken_back(store: Storage) -> None:
    store.outbox.add([delivery(f"msg-{n}") for n in range(3)])
    store.outbox.claim("daemon-a-1", NOW, LEASE, 1)
    store.outbox.claim("once-a-2", NOW, LEASE, 1)
    assert store.outbox.free("daemon-") == 1
    assert [d.dedup_key for d in store.outbox.claim("daemon-a-3", NOW, LEASE, 10)] == ["msg-0", "msg-2"]


def test_what_is_owed_to_one_recipient_is_kept_with_the_delivery(store: Storage) -> None:
    store.outbox.add([replace(delivery(), recipient="b@example.org")])
    (claimed,) = store.outbox.claim("w", NOW, LEASE, 1)
    assert claimed.recipient == "b@example.org"
