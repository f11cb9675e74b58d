"""Copies of pages: one suite for every store."""

from __future__ import annotations

import gzip
from datetime import datetime

import pytest
from records import HOUR, NOW, record, source
from storeroom import DAY, copy, post

from collector.model.item import Timing
from collector.model.judgement import Stance
from collector.model.ledger import CopyState
from collector.store.base import Storage


@pytest.fixture
def store(empty: Storage) -> Storage:
    empty.sources.register((source(),), NOW)
    return empty


def due(store: Storage, at: datetime = NOW) -> list[int]:
    return [wish.item_id for wish in store.copies.due(at, since=NOW - DAY, limit=10)]


def test_copies_are_wanted_of_suspicious_new_items_only(store: Storage) -> None:
    store.items.record_poll(
        record(
            post("a"),
            post("news", suspicion=0.1),
            post("debunk", stance=Stance.DEBUNK),
            post("old", timing=Timing.BACKFILL),
            post("off", topics=()),
            post("late", seen_at=NOW - 2 * DAY),
        )
    )
    assert due(store) == [1]


def test_a_kept_copy_gives_its_bytes_back_and_is_wanted_no_more(store: Storage) -> None:
    store.items.record_poll(record(post("a")))
    body = gzip.compress(b"<html>bukti</html>")
    assert store.copies.keep(copy(1), body)
    assert not store.copies.keep(copy(1), b"other")
    kept = store.copies.of(1)
    assert kept is not None
    assert (kept.state, kept.kept_bytes, kept.sha256, kept.fetched_at) == (CopyState.KEPT, len(body), "ab" * 32, NOW)
    assert store.copies.body(1) == body
    assert due(store) == []
    assert store.copies.counts()[CopyState.KEPT] == 1


def test_a_failed_copy_is_tried_again_and_then_no_more(store: Storage) -> None:
    store.items.record_poll(record(post("a")))
    store.copies.failed(1, "u", "timed out", again_at=NOW + HOUR)
    assert due(store) == []
    assert [w.attempts for w in store.copies.due(NOW + HOUR, since=NOW - DAY, limit=1)] == [1]
    store.copies.failed(1, "u", "404", again_at=None)
    found = store.copies.of(1)
    assert found is not None
    assert (found.state, found.attempts, found.error) == (CopyState.FAILED, 2, "404")
    assert due(store, NOW + 2 * HOUR) == []


def test_a_copy_can_be_removed_for_good(store: Storage) -> None:
    store.items.record_poll(record(post("a")))
    store.copies.keep(copy(1), b"x")
    assert store.copies.remove(1)
    assert not store.copies.remove(1)
    assert store.copies.body(1) is None
    assert due(store) == []


def test_old_copies_are_pruned(store: Storage) -> None:
    store.items.record_poll(record(post("a"), post("b")))
    store.copies.keep(copy(1, NOW - DAY), b"x")
    store.copies.keep(copy(2, NOW), b"y")
    assert store.copies.prune(NOW) == 1
    assert store.copies.body(1) is None
    assert store.copies.body(2) == b"y"
