"""Retention: one suite for every store."""

from __future__ import annotations

from datetime import datetime

from records import HOUR, NOW, alert, change, draft, record
from storeroom import item_id, series, titles

from collector.model.alert import AlertState
from collector.model.item import Timing
from collector.store.base import Storage


def prune(store: Storage, before: datetime, **options: bool) -> dict[str, int]:
    return dict(store.items.prune(items_before=before, polls_before=before, **options))  # type: ignore[call-arg]


def test_pruning_deletes_what_is_older_and_keeps_the_roll_up(store: Storage) -> None:
    store.items.record_poll(record(draft("old"), draft("new", seen_at=NOW + HOUR)))
    store.items.record_poll(record(changes=[change(item_id(store, "old"))]))
    store.items.index_pending(10)
    deleted = prune(store, NOW + HOUR)
    assert (deleted["items"], deleted["polls"]) == (1, 2)
    assert store.items.find("https://tempo.example/old") is None
    assert store.items.find("https://tempo.example/new") is not None
    assert series(store).count == (1, 1, 0)
    assert titles(store, search="bansos") == ["Bansos dihapus, sebarkan!"]


def test_a_dry_run_says_the_same_and_deletes_nothing(store: Storage) -> None:
    store.items.record_poll(record(draft()))
    said = prune(store, NOW + HOUR, dry_run=True)
    assert (said["items"], said["polls"]) == (1, 1)
    assert store.items.find("https://tempo.example/a") is not None


def test_the_evidence_of_a_firing_alert_is_kept_until_it_is_resolved(store: Storage) -> None:
    store.items.record_poll(record(draft("proof"), draft("other")))
    proof = item_id(store, "proof")
    store.alerts.save(alert(), evidence=[proof])
    assert prune(store, NOW + HOUR)["items"] == 1
    assert store.alerts.evidence(1) == (proof,)
    store.alerts.save(alert(state=AlertState.RESOLVED, resolved_at=NOW + HOUR))
    assert prune(store, NOW + HOUR)["items"] == 1
    assert store.alerts.evidence(1) == ()


def test_a_number_is_never_given_to_two_items(store: Storage) -> None:
    store.items.record_poll(record(draft("old")))
    first = item_id(store, "old")
    prune(store, NOW + HOUR)
    store.items.record_poll(record(draft("new", seen_at=NOW + 2 * HOUR)))
    assert item_id(store, "new") > first


def test_a_pruned_story_that_is_shown_again_is_a_new_item(store: Storage) -> None:
    store.items.record_poll(record(draft(guid="1")))
    prune(store, NOW + HOUR)
    assert not store.items.known("Tempo", ["https://tempo.example/a"], ["1"]).by_guid
    again = store.items.record_poll(record(draft(guid="1", seen_at=NOW + 2 * HOUR, timing=Timing.BACKFILL)))
    assert again.items_new == 1
