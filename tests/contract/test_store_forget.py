"""Removal: one suite for every store."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

import pytest
from records import BANSOS, NOW, alert, change, delivery, record, source
from storeroom import DAY, copy, grouped, post

from collector.model.bucket import Measure, Subject
from collector.model.claim import CheckedClaim
from collector.store.base import MentionFilter, Storage
from collector.store.ledger import BROUGHT_BY, FORGOTTEN


@pytest.fixture
def store(empty: Storage) -> Storage:
    empty.sources.register((source(),), NOW)
    return empty


def forget(store: Storage, name: str = "a") -> None:
    store.ledger.forget(f"https://tempo.example/{name}", at=NOW, actor="ani", why="permintaan orangnya")


def test_what_is_forgotten_stands_nowhere_any_more(store: Storage) -> None:
    words = "Rahasia Pak Anu"
    (item_id, _) = grouped(store, post("a", title=words, excerpt=words, guid="g-rahasia"), post("b"))
    store.items.record_poll(record(changes=[change(item_id, title=words + " lagi", suspicion=0.7)]))
    store.items.index_pending(10)
    store.copies.keep(copy(item_id), gzip.compress(b"page"))
    notice = {
        "why": ["“Rahasia Pak…” naik", "z"],
        "exhibits": [{"item_id": item_id}],
        "issues": [{"title": "Rahasia Pak…", "url": "https://tempo.example/a"}],
    }
    sent = replace(delivery("m1", alert_id=1), notice=json.dumps(notice))
    own = replace(alert(key="k/issue:1"), subject=Subject(kind="issue", id="1"), title="isu “Rahasia Pak…” — 3")
    store.alerts.save(own, deliveries=[sent], evidence=[item_id])
    forget(store)
    item = store.items.get(item_id).item
    assert (item.title, item.excerpt, item.url, item.content_hash) == (FORGOTTEN, "", None, "")
    assert "tempo" not in item.identity
    assert store.items.revisions(item_id) == ()
    assert store.copies.of(item_id) is None
    assert store.items.list(MentionFilter(search="rahasia")) == ()
    assert [s.guid for s in store.items.sightings(item_id)] == [None]
    assert [m.spans for m in store.items.get(item_id).mentions] == [()]
    assert store.items.get(item_id).judgement.signals == ()
    assert "Rahasia" not in store.ledger.get(1).title
    assert "Rahasia" not in str(store.ledger.history(1)) + store.alerts.get(1).title
    (kept,) = store.outbox.list(alert_id=1)
    assert json.loads(kept.notice)["exhibits"] == []
    assert "Rahasia" not in kept.notice
    assert "tempo.example/a" not in kept.notice


def test_forgetting_changes_no_count(store: Storage) -> None:
    grouped(store, post("a"), post("b"))
    before = store.buckets.series((BANSOS,), Measure.SUSPICIOUS, NOW, NOW)[0].count
    issue = store.ledger.get(1)
    forget(store)
    assert store.buckets.series((BANSOS,), Measure.SUSPICIOUS, NOW, NOW)[0].count == before
    after = store.ledger.get(1)
    assert (after.items, after.suspicious, after.voices) == (issue.items, issue.suspicious, issue.voices)
    assert store.items.counts(NOW - DAY).suspicious == 2


def test_what_was_forgotten_is_not_collected_again(store: Storage) -> None:
    grouped(store, post("a"))
    forget(store)
    assert store.items.record_poll(record(post("a"), post("z"))).items_new == 1
    assert store.items.find("https://tempo.example/a") is None
    assert store.ledger.add_items(BROUGHT_BY, [(post("a"), None)], NOW) == (0,)
    assert store.ledger.forgotten(["https://tempo.example/a", "other"]) == {"https://tempo.example/a"}


def test_an_address_can_be_forgotten_before_it_was_ever_seen(store: Storage) -> None:
    forget(store, "baru")
    assert store.items.record_poll(record(post("baru"))).items_new == 0
    (stone,) = store.ledger.tombstones()
    assert (stone.item_id, stone.actor, stone.why) == (None, "ani", "permintaan orangnya")
    assert "tempo" not in stone.identity_hash


def test_a_forgotten_item_is_grouped_with_nothing(store: Storage) -> None:
    store.items.record_poll(record(post("a")))
    grouped(store, post("b"))
    forget(store, "a")
    forget(store, "b")
    assert store.issues.ungrouped(0, 10) == ()
    assert store.issues.grouped(NOW - DAY, 10) == ()


def test_a_forgotten_fact_check_takes_its_claim_along(store: Storage) -> None:
    url = "https://tempo.example/a"
    claim = CheckedClaim(
        id=0, key="url:tempo.example/a", text="K", title="K", verdict=None, publisher="t", url=url, checked_at=None
    )
    store.claims.add([claim], NOW)
    grouped(store, post("a"), claim=claim.key)
    forget(store)
    assert store.claims.count() == 0
    assert store.ledger.get(1).claim_key is None
