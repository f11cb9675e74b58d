"""An item that carries the claim of two issues makes them one, unless people had a hand in the younger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from records import NOW, alert, draft, record, source

from collector.claims.grouper import ACTOR, Grouper
from collector.claims.grouping import Union
from collector.ledger.desk import Desk
from collector.model.alert import AlertState
from collector.model.bucket import Subject
from collector.model.judgement import Verdict
from collector.model.ledger import EventKind, IssueState
from collector.store.memory import MemoryStore
from collector.store.sqlite import SqliteStore

FOUND = "KPU temukan bukti kecurangan Gibran dalam debat"
EARPIECE = "Gibran curang di debat cawapres pakai earpiece"
BRIDGE = "KPU temukan bukti kecurangan Gibran di debat cawapres, pakai earpiece"
OTHERS = ("Harga beras di Pasar Induk turun menjelang panen raya", "Persebaya menang 2-0 atas Arema di kandang")

Store = SqliteStore | MemoryStore


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made: Store = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "siaga.db")
    made.sources.register((source(),), NOW)
    yield made
    made.close()


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, name="Meja Kami", receivers=())


class Newsroom:
    """Publishes titles one after another, each grouped at once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._grouper = Grouper(store)
        self._count = 0
        for title in OTHERS:
            self.tells(title)

    def tells(self, title: str) -> int:
        """The number of the item."""
        self._count += 1
        post = draft(f"p{self._count}", title=title, excerpt="", seen_at=NOW + timedelta(minutes=self._count))
        self._store.items.record_poll(record(post))
        self._grouper.tick(NOW)
        found = self._store.items.find(post.identity)
        assert found is not None
        return found.item.id

    def restarts(self) -> None:
        self._grouper = Grouper(self._store)


def issue_of(store: Store, item: int) -> int:
    found = store.items.get(item).item.issue_id
    assert found is not None
    return found


def test_the_older_issue_takes_the_younger_in_and_both_histories_say_so(store: Store) -> None:
    news = Newsroom(store)
    older, younger = (issue_of(store, news.tells(title)) for title in (FOUND, EARPIECE))
    item = news.tells(BRIDGE)
    assert older < younger
    assert store.ledger.get(older).items == 3
    assert (store.ledger.get(younger).state, store.ledger.get(younger).merged_into) == (IssueState.MERGED, older)
    event = store.ledger.history(older)[-1]
    assert (event.actor, event.kind, event.old) == (ACTOR, EventKind.MERGED, str(younger))
    assert str(item) in event.why
    assert store.ledger.history(younger)[-1].new == str(older)


def test_what_was_made_one_stays_one_after_a_restart(store: Store) -> None:
    news = Newsroom(store)
    older = issue_of(store, news.tells(FOUND))
    news.tells(EARPIECE), news.tells(BRIDGE)
    news.restarts()
    assert issue_of(store, news.tells(f"Heboh, {EARPIECE}")) == older
    events = len(store.ledger.history(older))
    assert issue_of(store, news.tells(f"{BRIDGE} kabarnya")) == older
    assert len(store.ledger.history(older)) == events


def test_an_issue_with_a_verdict_is_left_to_people(store: Store, desk: Desk) -> None:
    news = Newsroom(store)
    older, younger = (issue_of(store, news.tells(title)) for title in (FOUND, EARPIECE))
    desk.verdict(younger, Verdict.FALSE, note="tidak ada earpiece", actor="ani", now=NOW)
    news.tells(BRIDGE)
    assert store.ledger.get(younger).merged_into is None
    assert store.ledger.get(older).merged_into is None


def test_an_issue_whose_alarm_is_under_way_is_left_alone_until_it_is_over(store: Store) -> None:
    news = Newsroom(store)
    older, younger = (issue_of(store, news.tells(title)) for title in (FOUND, EARPIECE))
    raised = replace(alert(), subject=Subject(kind="issue", id=str(younger)))
    store.alerts.save(raised)
    news.tells(BRIDGE)
    assert store.ledger.get(younger).merged_into is None
    store.alerts.save(replace(raised, state=AlertState.RESOLVED, resolved_at=NOW))
    news.tells(f"{BRIDGE} kabarnya")
    assert store.ledger.get(younger).merged_into == older


def test_what_people_took_apart_again_stays_apart(store: Store, desk: Desk) -> None:
    news = Newsroom(store)
    one, other = news.tells(FOUND), news.tells(EARPIECE)
    news.tells(BRIDGE)
    together = issue_of(store, one)
    apart = desk.split(together, [other], None, why="lain", actor="ani", now=NOW).id
    news.tells(f"{BRIDGE} kabarnya")
    assert issue_of(store, other) == apart
    assert store.ledger.get(apart).merged_into is None


def test_what_people_took_out_of_the_beginning_stays_apart_too(store: Store, desk: Desk) -> None:
    news = Newsroom(store)
    one, other = news.tells(FOUND), news.tells(EARPIECE)
    rest = issue_of(store, news.tells(BRIDGE))
    apart = desk.split(rest, [one], None, why="lain", actor="ani", now=NOW).id
    news.tells(f"{BRIDGE} kabarnya")
    assert (issue_of(store, one), issue_of(store, other)) == (apart, rest)
    assert store.ledger.get(rest).merged_into is None


def test_what_people_merged_elsewhere_stays_there(store: Store, desk: Desk) -> None:
    news = Newsroom(store)
    elsewhere = issue_of(store, news.tells("Ketua DKPP mundur karena kasus suap bansos"))
    older, younger = (issue_of(store, news.tells(title)) for title in (FOUND, EARPIECE))
    desk.merge(younger, elsewhere, why="satu", actor="ani", now=NOW)
    news.tells(BRIDGE)
    assert store.ledger.get(younger).merged_into == elsewhere
    assert store.ledger.get(older).merged_into is None


def test_voices_are_counted_once_when_issues_become_one(store: Store) -> None:
    news = Newsroom(store)
    item = news.tells(FOUND)
    news.tells(EARPIECE), news.tells(EARPIECE.upper()), news.tells(BRIDGE)
    issue = store.issues.get(issue_of(store, item))
    assert (issue.items, issue.voices) == (4, 3)


def test_a_verdict_given_in_between_keeps_later_texts_apart(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = Newsroom(store)
    _, younger = (issue_of(store, news.tells(title)) for title in (FOUND, EARPIECE))
    unite = Grouper._unite

    def after_a_verdict(self: Grouper, unions: Sequence[Union], item_id: int, now: datetime) -> None:
        desk.verdict(younger, Verdict.FALSE, note="tidak ada earpiece", actor="ani", now=NOW)
        unite(self, unions, item_id, now)

    monkeypatch.setattr(Grouper, "_unite", after_a_verdict)
    news.tells(BRIDGE)
    monkeypatch.undo()
    assert issue_of(store, news.tells(EARPIECE)) == younger
