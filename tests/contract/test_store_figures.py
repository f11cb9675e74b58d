"""Figures: one suite for every store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from records import HOUR, NOW, alert, draft, record, source
from storeroom import DAY, grouped, opened, post, verdict

from collector.model.item import Timing
from collector.model.judgement import Stance, Verdict
from collector.model.ledger import ActionKind, Precision, PublishedCount
from collector.store.base import Storage
from collector.store.ledger import BROUGHT_BY, ActionDraft


@pytest.fixture
def store(empty: Storage) -> Storage:
    empty.sources.register((source(),), NOW)
    return empty


def published(
    first: date, last: date, issues: int = 5, topic: str = "", source_name: str = "Kominfo"
) -> PublishedCount:
    return PublishedCount(id=0, first=first, last=last, issues=issues, topic=topic, source=source_name)


def test_published_counts_are_kept_once(store: Storage) -> None:
    rows = [published(date(2024, 2, 1), date(2024, 2, 29)), published(date(2023, 1, 1), date(2023, 1, 31))]
    assert store.figures.add_counts(rows, NOW) == 2
    assert store.figures.add_counts([replace(rows[0], issues=6)], NOW) == 0
    assert [(row.first.month, row.issues) for row in store.figures.counts()] == [(1, 5), (2, 6)]


def counted(store: Storage, what: str, label: str = "", topic: str | None = None, until: datetime = NOW + DAY) -> dict:  # type: ignore[type-arg]
    ask = store.figures.issues if what == "issues" else store.figures.items
    found = ask(NOW, until, topic_id=topic, label=label)
    return {(one.at, one.label): one.n for one in found}


def test_an_issue_counts_in_the_hour_of_its_first_item_worth_a_look(store: Storage) -> None:
    hour = NOW.replace(minute=0)
    grouped(store, post("news", suspicion=0.0), post("b", seen_at=NOW + HOUR), post("c", seen_at=NOW + 2 * HOUR))
    grouped(store, post("early", seen_at=NOW - DAY), post("again", seen_at=NOW), issue=2)
    grouped(store, post("past", timing=Timing.BACKFILL), issue=3)
    assert counted(store, "issues") == {(hour + HOUR, ""): 1}
    assert counted(store, "issues", "source") == {(hour + HOUR, "tempo.example"): 1}
    assert counted(store, "issues", "topic") == {(hour + HOUR, "bansos"): 1}
    assert counted(store, "issues", topic="mbg") == {}


def test_what_the_desk_has_checked_counts_however_harmless_it_looked(store: Storage) -> None:
    hour = NOW.replace(minute=0)
    grouped(store, post("a", suspicion=0.1), post("b", suspicion=0.1, stance=Stance.DEBUNK))
    grouped(store, post("c", suspicion=0.1), issue=2)
    store.ledger.change(verdict(1))
    store.ledger.change(verdict(2, Verdict.TRUE))
    assert counted(store, "issues") == {(hour, ""): 2}
    assert counted(store, "items") == {(hour, ""): 1}
    assert counted(store, "items", "topic") == {(hour, "bansos"): 1}


def test_an_issue_that_a_desk_entered_counts_on_its_own_date(store: Storage) -> None:
    opened(store, at=NOW + HOUR, topics=("bansos", "mbg"))
    grouped(store, post("a"), issue=1)
    assert counted(store, "issues") == {(NOW + HOUR, ""): 1}
    assert counted(store, "issues", "topic") == {(NOW + HOUR, "bansos mbg"): 1}
    assert counted(store, "issues", topic="mbg") == {(NOW + HOUR, ""): 1}


def test_suspicious_items_count_in_the_hour_they_were_seen(store: Storage) -> None:
    hour = NOW.replace(minute=0)
    store.items.record_poll(
        record(post("a", topics=("bansos", "mbg")), post("b", suspicion=0.1), post("c", timing=Timing.BACKFILL))
    )
    assert counted(store, "items") == {(hour, ""): 1}
    assert counted(store, "items", "topic") == {(hour, "bansos"): 1, (hour, "mbg"): 1}
    assert counted(store, "items", "topic", topic="mbg") == {(hour, "mbg"): 1}


def test_actions_count_when_they_were_taken(store: Storage) -> None:
    grouped(store, post("a"))
    act = ActionDraft(issue_id=1, kind=ActionKind.LABELLED, at=NOW, precision=Precision.DAY, by="X")
    store.ledger.act(act, at=NOW, actor="ani")
    store.ledger.act(replace(act, at=NOW - 60 * DAY), at=NOW, actor="ani")
    found = store.figures.actions(NOW, NOW + DAY, topic_id="bansos")
    assert [(kind, one.at, one.n) for kind, one in found] == [(ActionKind.LABELLED, NOW, 1)]
    assert store.figures.actions(NOW, NOW + DAY, topic_id="mbg") == ()


def test_items_that_name_somebody_are_counted_by_whole_words(store: Storage) -> None:
    numbers = grouped(
        store,
        post("a", title="Budi Santoso dicoret"),
        post("b", title="kata Budi", suspicion=0.1),
        post("c", title="Santoso Budi", excerpt="Budiman"),
    )
    store.items.index_pending(10)
    store.alerts.save(alert(), evidence=numbers[:1])
    named = store.figures.naming(["Budi Santoso", "kata budi"], NOW, NOW + DAY)
    assert (named.items, named.flagged, named.alerted) == (2, 1, 1)
    assert store.figures.naming(["budi sant"], NOW, NOW + DAY).items == 0
    assert store.figures.naming(["!!"], NOW, NOW + DAY).items == 0
    assert store.figures.on_topic("bansos", NOW, NOW + DAY).items == 3


def test_the_oldest_item_says_since_when_counts_are_whole(store: Storage) -> None:
    assert store.figures.kept_since() is None
    store.items.record_poll(record(post("a"), post("b", seen_at=NOW + HOUR)))
    assert store.figures.kept_since() == NOW
    store.items.prune(items_before=NOW + HOUR, polls_before=NOW)
    assert store.figures.kept_since() == NOW + HOUR


def test_what_a_desk_brought_is_named_on_its_own_dates(store: Storage) -> None:
    long_ago = NOW - 400 * DAY
    old = replace(draft("old", title="Anies dan bansos"), published_at=long_ago, timing=Timing.BACKFILL)
    store.ledger.add_items(BROUGHT_BY, [(old, None)], NOW)
    store.items.index_pending(10)
    for ask in (
        lambda since, until: store.figures.naming(("Anies",), since, until),
        lambda since, until: store.figures.on_topic("bansos", since, until),
    ):
        assert ask(long_ago - DAY, long_ago + DAY).items == 1
        assert ask(NOW - DAY, NOW + DAY).items == 0
