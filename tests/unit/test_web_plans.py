"""How SQLite goes about every question a page asks: none may walk through a whole table, however small it is here."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from pageroom import PageRoom, page_room
from records import alert, delivery, draft, record, source

from collector.config.secret import Secret
from collector.config.settings import Partner, Web
from collector.model.alert import AlertState
from collector.model.issue import Membership
from collector.store.sqlite import SqliteStore

ALIAS = re.compile(r"(?:from|join)\s+(\w+)\s+as\s+(\w+)")
SCAN = re.compile(r"SCAN (?P<what>\w+)(?P<how>.*)")
NEARLY_ALL = re.compile(r"\((issue_id|subject_kind)>\?\)")  # "is not null": a search in name only
WHOLE = {
    "sources": "the page shows them all; there are as many as somebody wrote down",
    "silences": "those of one page: as many as people made by hand",
    "published_counts": "figures that others published: as many as somebody typed in",
    "people": "as many as work at the desk",
}
"""Tables that may be walked through, and why."""
LISTS = frozenset({"json_each", "asked", "wanted", "CONSTANT"})  # values that the question itself brought
PARTIAL = frozenset(
    {
        "alerts_one_firing",
        "acknowledgements_one",
        "issues_by_people",
        "alerts_resolved",
        "issues_verdict",
        "tellings_verdict",
        "deliveries_pending",
        "deliveries_dead",
    }
)
"""Indexes that hold only the few rows that are asked for."""


@pytest.fixture
def room(tmp_path: Path, now: datetime) -> Iterator[PageRoom]:
    with SqliteStore(tmp_path / "siaga.db") as store:
        room = page_room(store, now, web=Web(token=Secret("untuk-program-1")))
        room.app.settings = replace(room.app.settings, sources=(source(),), partners=(Partner(name="mitra"),))
        store.sources.register((source(),), now)
        store.items.record_poll(record(*(draft(f"d{n}", topics=("judi_online",)) for n in range(30))))
        store.items.index_pending(100)
        store.issues.save(
            [
                Membership(item_id=n, issue_id=1 + n % 4, voice=n, title=f"Isu {n % 4}", claim_key=None, seen_at=now)
                for n in range(1, 31)
            ]
        )
        store.alerts.save(alert(1), deliveries=[delivery("m1", alert_id=1)], evidence=[1, 2, 3])
        store.alerts.save(alert(2, key="over", state=AlertState.RESOLVED, resolved_at=now))
        room.logs_in("Sari")
        yield room


PAGES = (
    "/",
    "/?count=mentions",
    "/?count=debunks",
    "/alert/1",
    "/alert/2?all=1",
    "/issues",
    "/issues?all=1&page=3",
    "/issues?q=bansos",
    "/issues?q=bansos&topic=judi_online&verdict=false&state=checked",
    "/issues?topic=judi_online",
    "/issues?verdict=false",
    "/issues?state=checked",
    "/issues/merge?id=1&id=2",
    "/issue/1?all=1",
    "/item/1",
    "/sources",
    "/reports",
    "/partners",
    "/bulletin",
    "/tip",
    "/login",
    "/metrics",
    "/readyz",
)


def asked(room: PageRoom, path: str) -> list[str]:
    """The statements that a page runs, with their values."""
    assert isinstance(room.store, SqliteStore)
    reader = room.store._connections._reader().connection  # the one of this thread, in which the client runs the page
    statements: list[str] = []
    reader.set_trace_callback(statements.append)
    answer = room.get(path, Authorization="Bearer untuk-program-1")
    reader.set_trace_callback(None)
    assert answer.status_code in (200, 503), path
    return statements


def walks(db: sqlite3.Connection, statement: str) -> list[str]:
    """Steps of its plan that go through a whole table."""
    if not statement.lstrip().lower().startswith(("select", "with")) or "'main'.'items_fts" in statement:
        return []
    steps = [row["detail"] for row in db.execute(f"explain query plan {statement}")]
    own = {step.split()[-1] for step in steps if step.startswith(("CO-ROUTINE", "MATERIALIZE"))}  # parts of its own
    own |= {alias for name, alias in ALIAS.findall(statement) if name in own}
    found = [step for step in steps if NEARLY_ALL.search(step)]
    for detail in steps:
        step = SCAN.match(detail)
        if step is None or "VIRTUAL TABLE" in step["how"] or step["what"] in LISTS | own | WHOLE.keys():
            continue
        index = re.search(r"INDEX (\w+)", step["how"])
        if index is None or index[1] not in PARTIAL:
            found.append(detail)
    return found


@pytest.mark.parametrize("path", PAGES)
def test_no_question_of_a_page_walks_through_a_whole_table(room: PageRoom, path: str) -> None:
    assert isinstance(room.store, SqliteStore)
    statements = asked(room, path)
    assert statements
    with room.store._connections.read() as db:
        found = {statement: steps for statement in statements if (steps := walks(db, statement))}
    assert found == {}


def test_a_walk_through_a_table_would_be_noticed(room: PageRoom) -> None:
    assert isinstance(room.store, SqliteStore)
    with room.store._connections.read() as db:
        assert walks(db, "select * from items where title = 'x'") == ["SCAN items"]
        assert walks(db, "select count(*) from items")[0].startswith("SCAN items USING COVERING INDEX")
