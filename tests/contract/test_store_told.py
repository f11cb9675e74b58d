"""Who was told: one suite for every store."""

from __future__ import annotations

from dataclasses import replace

import pytest
from records import HOUR, NOW, alert, delivery, source
from storeroom import DAY, grouped, post, verdict

from collector.model.bucket import Subject
from collector.model.errors import NotFound
from collector.model.judgement import Verdict
from collector.model.ledger import Telling
from collector.store.base import Storage


@pytest.fixture
def store(empty: Storage) -> Storage:
    empty.sources.register((source(),), NOW)
    return empty


def telling(found: Verdict | None = Verdict.FALSE, **words: object) -> Telling:
    made = Telling(id=0, issue_id=1, recipient="Meta", channel="partner", at=NOW, about="x", verdict=found)
    return replace(made, **words)  # type: ignore[arg-type]


def test_who_was_told_is_kept_with_the_alerts_that_spoke_of_the_issue(store: Storage) -> None:
    (item_id,) = grouped(store, post("a"))
    store.alerts.save(alert(), deliveries=[delivery("m1", alert_id=1)], evidence=[item_id])
    own = replace(alert(2, key="k/issue:1"), subject=Subject(kind="issue", id="1"))
    store.alerts.save(own, deliveries=[delivery("m2", receiver="sistem", alert_id=2, at=NOW + HOUR)])
    store.ledger.tell([telling(at=NOW + DAY)])
    told = store.ledger.told(1)
    assert [(one.recipient, one.channel) for one in told] == [
        ("meja", "alert"),
        ("sistem", "alert"),
        ("Meta", "partner"),
    ]
    assert store.ledger.told(2) == ()


def test_what_was_told_is_what_the_message_said_then(store: Storage) -> None:
    """The alert's title grows with the alert; who read of five was not told of nineteen."""
    (item_id,) = grouped(store, post("a"))
    said = replace(delivery("m1", alert_id=1), notice='{"headline": ["lima sebutan", "five mentions"]}')
    store.alerts.save(alert(count=19), deliveries=[said], evidence=[item_id])
    assert [one.about for one in store.ledger.told(1)] == ["lima sebutan"]


def test_whoever_heard_another_verdict_is_owed_a_correction(store: Storage) -> None:
    grouped(store, post("a"))
    store.ledger.change(verdict(1))
    store.ledger.tell([telling(), telling(None, recipient="TikTok"), telling(channel="bulletin", recipient="umum")])
    assert store.ledger.owed() == ()
    store.ledger.change(verdict(1, Verdict.TRUE))
    assert [one.recipient for one in store.ledger.owed()] == ["Meta", "umum"]
    assert [one.recipient for one in store.ledger.owed("bulletin")] == ["umum"]
    store.ledger.tell([telling(Verdict.TRUE, correction=True)])
    assert [one.recipient for one in store.ledger.owed()] == ["umum"]


def test_an_answer_is_kept_with_what_was_told(store: Storage) -> None:
    grouped(store, post("a"))
    store.ledger.tell([telling()])
    store.ledger.answered(store.ledger.told(1)[0].id, "diturunkan", NOW + HOUR)
    assert (store.ledger.told(1)[0].answer, store.ledger.told(1)[0].answered_at) == ("diturunkan", NOW + HOUR)
    with pytest.raises(NotFound):
        store.ledger.answered(99, "x", NOW)
