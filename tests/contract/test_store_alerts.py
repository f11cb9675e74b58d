"""Alerts: one suite for every store."""

from __future__ import annotations

from dataclasses import replace

import pytest
from records import HOUR, NOW, alert, delivery, draft, record
from storeroom import item_id

from collector.model.alert import AlertEvent, AlertReason, AlertState
from collector.model.errors import NotFound, StoreError
from collector.store.base import Storage


def test_an_alert_comes_back_as_it_was_saved(store: Storage) -> None:
    assert store.alerts.next_id() == 1
    store.alerts.save(alert())
    assert store.alerts.get(1) == store.alerts.open("lonjakan/topic:bansos") == alert()
    assert store.alerts.firing() == (alert(),)
    assert store.alerts.next_id() == 2


def test_an_alert_that_is_not_stored_is_not_found(store: Storage) -> None:
    assert store.alerts.open("other") is None
    with pytest.raises(NotFound):
        store.alerts.get(1)


def test_an_alert_its_events_evidence_and_deliveries_are_saved_together(store: Storage) -> None:
    store.items.record_poll(record(draft()))
    first = AlertEvent(alert_id=1, at=NOW, reason=AlertReason.FIRST, count=5, text="5 dalam 6 jam")
    store.alerts.save(alert(), [first], [delivery(alert_id=1)], [item_id(store)])
    assert store.alerts.events(1) == (first,)
    assert store.alerts.evidence(1) == (item_id(store),)
    assert [d.dedup_key for d in store.outbox.list(alert_id=1)] == ["msg-1"]


def test_saving_again_updates_and_adds(store: Storage) -> None:
    store.alerts.save(alert(), deliveries=[delivery(alert_id=1)])
    worse = replace(alert(count=9), updated_at=NOW + HOUR)
    store.alerts.save(worse, deliveries=[delivery(alert_id=1), delivery("msg-2", alert_id=1)])
    assert store.alerts.firing() == (worse,)
    assert [d.dedup_key for d in store.outbox.list()] == ["msg-2", "msg-1"]


def test_evidence_that_was_pruned_meanwhile_is_left_out(store: Storage) -> None:
    store.alerts.save(alert(), evidence=[77])
    assert store.alerts.evidence(1) == ()


def test_only_one_alert_per_key_can_fire(store: Storage) -> None:
    store.alerts.save(alert(1))
    with pytest.raises(StoreError):
        store.alerts.save(alert(2))
    assert [a.id for a in store.alerts.list()] == [1]


def test_resolved_alerts_are_listed_and_their_end_is_known(store: Storage) -> None:
    store.alerts.save(alert(1, state=AlertState.RESOLVED, resolved_at=NOW + HOUR))
    store.alerts.save(alert(2, opened_at=NOW + 2 * HOUR))
    assert [a.id for a in store.alerts.list()] == [2, 1]
    assert [a.id for a in store.alerts.list(state=AlertState.RESOLVED)] == [1]
    assert [a.id for a in store.alerts.list(limit=1)] == [2]
    assert store.alerts.last_resolved_at("lonjakan/topic:bansos") == NOW + HOUR
    assert store.alerts.last_resolved_at("other") is None
