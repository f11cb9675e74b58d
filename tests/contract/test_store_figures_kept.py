"""Days that a store keeps counted: the same answer as counting, whatever is changed in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from records import draft, record, source

from collector.model.clock import HOUR, hour_of
from collector.model.errors import StoreError
from collector.model.issue import Membership
from collector.model.judgement import Verdict
from collector.store.base import Storage
from collector.store.ledger import IssueChange
from collector.store.sqlite import SqliteStore

DAYS = 42
DAY = timedelta(days=1)


@pytest.fixture
def store(empty: Storage, now: datetime) -> Storage:
    """Six weeks of days with two items each, in issues of three days."""
    empty.sources.register((source(),), now - DAYS * DAY)
    for day in range(DAYS):
        add(empty, now - (DAYS - day) * DAY, *(f"{day}-{place}" for place in range(2)), issue=1 + day // 3)
    return empty


def add(store: Storage, at: datetime, *names: str, issue: int) -> list[int]:
    drafts = [draft(name, seen_at=at + place * HOUR) for place, name in enumerate(names)]
    store.items.record_poll(record(*drafts, at=at))
    ids = [found.item.id for one in drafts if (found := store.items.find(one.identity))]
    store.issues.save(
        [
            Membership(item_id=number, issue_id=issue, voice=number, title="x", claim_key=None, seen_at=one.seen_at)
            for number, one in zip(ids, drafts, strict=True)
        ]
    )
    return ids


def both(store: Storage, now: datetime, label: str = "") -> tuple[Counter[tuple[int, str]], ...]:
    """Issues and items by day: as kept, and as counted."""
    since, until = hour_of(now) - (DAYS + 2) * DAY, hour_of(now) + DAY
    return tuple(
        folded(ask(since, until, topic_id=None, label=label, by_day=by_day), since)
        for ask in (store.figures.issues, store.figures.items)
        for by_day in (True, False)
    )


def folded(counts: object, since: datetime) -> Counter[tuple[int, str]]:
    found: Counter[tuple[int, str]] = Counter()
    for one in counts:  # type: ignore[attr-defined]
        found[(one.at - since) // DAY, one.label] += one.n
    return found


@pytest.mark.parametrize("label", ["", "topic", "source"])
def test_kept_days_are_the_counted_ones(store: Storage, now: datetime, label: str) -> None:
    for _ in range(2):  # the first question counts, the second reads what was kept
        issues, counted_issues, items, counted_items = both(store, now, label)
        assert (issues, items) == (counted_issues, counted_items)
    assert items.total() == 2 * DAYS
    assert issues.total() == DAYS // 3


def merged(store: Storage, now: datetime) -> None:
    store.ledger.merge(5, 4, at=now, actor="Sari")


def split(store: Storage, now: datetime) -> None:
    first = store.items.find("https://tempo.example/12-0")
    assert first is not None
    store.ledger.split(5, [first.item.id], "baru", at=now, actor="Sari")


def judged_by_people(store: Storage, now: datetime) -> None:
    store.ledger.change(IssueChange(issue_id=5, at=now, actor="Sari", verdict=Verdict.TRUE))


def seen_late(store: Storage, now: datetime) -> None:
    add(store, now - 20 * DAY, "late", issue=77)


def forgotten(store: Storage, now: datetime) -> None:
    store.ledger.forget("https://tempo.example/12-0", at=now, actor="Sari", why="diminta")


CHANGES = (merged, split, judged_by_people, seen_late, forgotten)


@pytest.mark.parametrize("change", CHANGES, ids=[change.__name__ for change in CHANGES])
def test_what_is_changed_is_counted_anew(
    store: Storage, now: datetime, change: Callable[[Storage, datetime], None]
) -> None:
    before, *_ = both(store, now)
    change(store, now)
    issues, counted_issues, items, counted_items = both(store, now)
    assert (issues, items) == (counted_issues, counted_items)
    assert (issues == before) == (change in (judged_by_people, forgotten))


def test_kept_days_are_read_and_not_counted_again(tmp_path: Path, now: datetime) -> None:
    with SqliteStore(tmp_path / "siaga.db") as store:
        store.sources.register((source(),), now - DAYS * DAY)
        add(store, now - 40 * DAY, "a", issue=1)
        add(store, now, "b", issue=2)
        _, _, items, counted = both(store, now)
        with store._connections.write() as db:
            db.execute("update counted_days set counts = '[[\"\",41]]' where figure = 'items' and counts <> '[]'")
        _, _, again, _ = both(store, now)
        assert (items.total(), counted.total(), again.total()) == (2, 2, 42)


def test_a_count_during_which_something_changed_is_not_kept(tmp_path: Path, now: datetime) -> None:
    with SqliteStore(tmp_path / "siaga.db") as store:
        store.sources.register((source(),), now - DAYS * DAY)
        add(store, now - 40 * DAY, "a", issue=1)
        add(store, now, "b", issue=2)
        days, count = store.figures._days, store.figures._asked

        def slowly(*asked: object) -> object:
            found = count(*asked)  # type: ignore[arg-type]
            add(store, now - 35 * DAY, f"late-{len(asked)}-{asked[1]:%d%H}", issue=9)  # meanwhile, elsewhere
            return found

        store.figures._asked = slowly  # type: ignore[method-assign, assignment]
        both(store, now)
        store.figures._asked = count  # type: ignore[method-assign]
        issues, counted_issues, items, counted_items = both(store, now)
        assert (issues, items) == (counted_issues, counted_items)
        assert days is store.figures._days


def test_a_busy_database_answers_all_the_same(store: Storage, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    if isinstance(store, SqliteStore):

        def busy(**_: object) -> object:
            raise StoreError("busy")

        monkeypatch.setattr(store._connections, "write", busy)
    issues, counted_issues, items, counted_items = both(store, now)
    assert (issues, items) == (counted_issues, counted_items)
