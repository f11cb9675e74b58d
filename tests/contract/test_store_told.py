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


def test_a_merge_keeps_under_which_number_somebody_heard(store: Storage) -> None:
    for number, name in enumerate("abc", 1):
        grouped(store, post(name), issue=number)
    store.ledger.tell([telling(None), telling(None, issue_id=2), telling(None, recipient="TikTok")])
    assert store.ledger.renumbered("partner", "Meta") == ()
    store.ledger.merge(2, 1, at=NOW, actor="ani")
    assert store.ledger.renumbered("partner", "Meta") == (1,)
    assert store.ledger.renumbered("partner", "TikTok") == ()  # heard of 1 alone, which it still is
    assert store.ledger.renumbered("tip", "Meta") == ()
    assert [(one.recipient, one.told_as) for one in store.ledger.told(1)] == [("Meta", 1), ("Meta", 2), ("TikTok", 1)]
    store.ledger.tell([telling(None)])
    assert store.ledger.renumbered("partner", "Meta") == ()
    store.ledger.merge(1, 3, at=NOW, actor="ani")
    assert store.ledger.renumbered("partner", "Meta") == (3,)
    assert store.ledger.renumbered("partner", "TikTok") == (3,)
    assert [one.told_as for one in store.ledger.told(3) if one.recipient == "Meta"] == [1, 2, 1]


def test_an_answer_is_kept_with_what_was_told(store: Storage) -> None:
    grouped(store, post("a"))
    store.ledger.tell([telling()])
    store.ledger.answered(store.ledger.told(1)[0].id, "diturunkan", NOW + HOUR)
    assert (store.ledger.told(1)[0].answer, store.ledger.told(1)[0].answered_at) == ("diturunkan", NOW + HOUR)
    with pytest.raises(NotFound):
        store.ledger.answered(99, "x", NOW)
