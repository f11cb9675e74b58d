"""What the page asks of the store: one suite for every implementation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from records import HOUR, NOW, alert, delivery, draft, record, source

from collector.model.alert import AlertState, DeliveryState
from collector.model.bucket import Measure
from collector.model.clock import hour_of
from collector.model.issue import Membership
from collector.model.item import Timing
from collector.model.judgement import Stance
from collector.store.base import Draft, Storage
from collector.store.overview import MEASURES

SINCE, UNTIL = NOW - timedelta(days=1), NOW + HOUR


@pytest.fixture
def store(empty: Storage) -> Storage:
    empty.sources.register((source(), source("Antara")), NOW)
    return empty


def stored(store: Storage, *drafts: Draft, issue: int | None = None) -> tuple[int, ...]:
    store.items.record_poll(record(*drafts))
    found = [one.item for draft in drafts if (one := store.items.find(draft.identity))]
    if issue is not None:
        store.issues.save(
            [
                Membership(item_id=item.id, issue_id=issue, voice=1, title="Isu", claim_key=None, seen_at=item.seen_at)
                for item in found
            ]
        )
    return tuple(item.id for item in found)


def test_counts_hold_live_items_by_what_is_counted(store: Storage) -> None:
    stored(store, draft("a"), draft("b", stance=Stance.DEBUNK), draft("c", suspicion=0.1))
    stored(store, draft("d", timing=Timing.BACKFILL), draft("e", topics=("mbg",)))
    found = {measure: store.overview.counts("bansos", measure, (SINCE, UNTIL)) for measure in MEASURES}
    assert found == {Measure.MENTIONS: (3,), Measure.SUSPICIOUS: (1,), Measure.DEBUNKS: (1,)}


def test_an_hour_counts_between_the_edges_where_it_begins(store: Storage) -> None:
    hour = hour_of(NOW)
    stored(store, draft("a", seen_at=hour - HOUR), draft("b", seen_at=hour), draft("c", seen_at=hour + HOUR))
    edges = (hour - 2 * HOUR, hour - HOUR, hour, hour + HOUR)
    assert store.overview.counts("bansos", Measure.MENTIONS, edges) == (0, 1, 1)


def test_issues_rise_by_their_suspicious_items(store: Storage) -> None:
    stored(store, draft("a"), draft("b", publisher="lain.example"), issue=1)
    stored(store, draft("c"), draft("d"), draft("e"), draft("x", suspicion=0.1), issue=2)
    stored(store, draft("old", seen_at=NOW - timedelta(days=3)), draft("f", timing=Timing.BACKFILL), issue=3)
    found = [(one.issue_id, one.items, one.publishers) for one in store.overview.rising(SINCE, 10)]
    assert found == [(2, 3, 1), (1, 2, 2)]
    assert len(store.overview.rising(SINCE, 1)) == 1


def test_items_come_in_the_order_asked_for(store: Storage) -> None:
    a, b = stored(store, draft("a"), draft("b"))
    assert [one.item.id for one in store.overview.items([b, 99, a])] == [b, a]


def test_items_of_an_issue_come_newest_first(store: Storage) -> None:
    a, b = stored(store, draft("a", seen_at=NOW - HOUR), draft("b"), issue=1)
    stored(store, draft("c"), issue=2)
    assert [one.item.id for one in store.overview.items_of_issue(1, 10)] == [b, a]
    assert [one.item.id for one in store.overview.items_of_issue(1, 1)] == [b]


def test_alerts_that_are_over_come_newest_first(store: Storage) -> None:
    over = {"state": AlertState.RESOLVED, "resolved_at": NOW}
    store.alerts.save(alert(1, key="a", **over, opened_at=NOW - HOUR))  # type: ignore[arg-type]
    store.alerts.save(alert(2, key="b", **over))  # type: ignore[arg-type]
    store.alerts.save(alert(3, key="c"))
    assert [one.id for one in store.overview.resolved(10)] == [2, 1]


def test_messages_of_an_alert_come_newest_first(store: Storage) -> None:
    store.alerts.save(alert(1), deliveries=[delivery("m1", alert_id=1), delivery("m2", alert_id=1)])
    store.alerts.save(alert(2, key="other"), deliveries=[delivery("m3", alert_id=2)])
    assert [one.dedup_key for one in store.overview.deliveries(1, 10)] == ["m2", "m1"]


def test_covered_hours_are_counted_per_source(store: Storage) -> None:
    for hours in (0, 1, 5):
        store.items.record_poll(record(at=NOW + hours * HOUR))
    store.items.record_poll(record(at=NOW, name="Antara"))
    assert store.overview.covered_hours(NOW, NOW + 2 * HOUR) == {"Tempo": 2, "Antara": 1}


def test_new_items_are_counted_by_their_first_source(store: Storage) -> None:
    stored(store, draft("a"), draft("b"), draft("c", seen_at=NOW - timedelta(days=2)))
    assert store.overview.items_by_source(SINCE) == {"Tempo": 2}


def test_messages_not_sent_are_counted_by_state(store: Storage) -> None:
    store.alerts.save(alert(1), deliveries=[delivery(name, alert_id=1) for name in ("m1", "m2", "m3")])
    sent, dead = store.outbox.claim("w", NOW, HOUR, 2)
    store.outbox.sent(sent.id, "w", NOW)
    store.outbox.dead(dead.id, "w", "550")
    assert store.overview.unsent() == {DeliveryState.PENDING: 1, DeliveryState.DEAD: 1}
