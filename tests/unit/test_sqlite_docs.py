"""docs/reference/database.md and the Datasette metadata say the same as the schema, and their queries run."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from records import HOUR, NOW, alert, change, delivery, draft, record, source

from collector.store.sqlite import SqliteStore

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGE = (REFERENCE / "database.md").read_text(encoding="utf-8")
METADATA = yaml.safe_load((REFERENCE / "datasette-metadata.yml").read_text(encoding="utf-8"))["databases"]["siaga"]
TABLE = re.compile(
    r"^### (?P<name>\w+)\n\n(?P<about>.+)\n\n\| column \| meaning \|\n.*\n(?P<rows>(?:\|.*\n)+)", re.MULTILINE
)
ROW = re.compile(r"^\| `(?P<column>\w+)` \| (?P<meaning>.+) \|$", re.MULTILINE)
QUERY = re.compile(r"^\*\*(?P<title>[^*]+)\*\*\n\n```sql\n(?P<sql>.*?)```$", re.MULTILINE | re.DOTALL)
ASKED = {"topic": "bansos", "alert": 1, "since": "2026-11-01", "words": "bansos"}
INTERNAL = re.compile(r"_sqlite_migrations|items_fts(_\w+)?|sqlite_\w+")

Described = dict[str, tuple[str, dict[str, str]]]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A small database with something in every table."""
    path = tmp_path_factory.mktemp("docs") / "siaga.db"
    with SqliteStore(path) as store:
        store.sources.register([source("Tempo"), source("Antara")], NOW)
        store.items.record_poll(record(draft(wants_article=True), name="Tempo"))
        store.items.record_poll(record(draft(), draft("b"), name="Antara"))
        store.items.record_poll(record(changes=[change(1, suspicion=0.7)], at=NOW + HOUR))
        store.items.index_pending(10)
        store.alerts.save(alert(), deliveries=[delivery(alert_id=1)], evidence=[1])
        store.outbox.claim("w", NOW, HOUR, 1)
        store.outbox.dead(1, "w", "550")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("update sources set failures = 1 where id = 'Antara'")
        yield connection


def schema(db: sqlite3.Connection) -> dict[str, list[str]]:
    names = [name for (name,) in db.execute("select name from sqlite_master where type = 'table'")]
    return {
        name: [column for (column,) in db.execute("select name from pragma_table_info(?)", (name,))]
        for name in names
        if not INTERNAL.fullmatch(name)
    }


def on_the_page() -> Described:
    return {
        table["name"]: (table["about"], {row["column"]: row["meaning"] for row in ROW.finditer(table["rows"])})
        for table in TABLE.finditer(PAGE)
    }


def in_the_metadata() -> Described:
    return {name: (table["description"], table["columns"]) for name, table in METADATA["tables"].items()}


@pytest.mark.parametrize("described", [on_the_page, in_the_metadata])
def test_every_table_and_column_is_described_and_nothing_else(described, db: sqlite3.Connection) -> None:  # type: ignore[no-untyped-def]
    assert {name: list(columns) for name, (_, columns) in described().items()} == schema(db)


def test_the_page_and_the_metadata_use_the_same_words() -> None:
    plain = {
        name: (about.replace("`", ""), {column: meaning.replace("`", "") for column, meaning in columns.items()})
        for name, (about, columns) in on_the_page().items()
    }
    assert plain == in_the_metadata()


def test_the_tables_behind_the_scenes_are_named_too(db: sqlite3.Connection) -> None:
    names = [name for (name,) in db.execute("select name from sqlite_master where type = 'table'")]
    missing = [name for name in names if INTERNAL.fullmatch(name) and f"`{name}`" not in PAGE]
    assert missing == []


def test_what_datasette_sorts_and_facets_by_exists(db: sqlite3.Connection) -> None:
    columns = schema(db)
    for name, table in METADATA["tables"].items():
        used = [table.get("sort_desc"), table.get("label_column"), *table.get("facets", [])]
        assert {column for column in used if column} <= set(columns[name])


def test_the_page_and_the_metadata_hold_the_same_queries() -> None:
    shown = {query["title"]: query["sql"].strip() for query in QUERY.finditer(PAGE)}
    assert shown == {query["title"]: query["sql"].strip() for query in METADATA["queries"].values()}


@pytest.mark.parametrize("name", METADATA["queries"])
def test_an_example_query_runs_and_finds_something(name: str, db: sqlite3.Connection) -> None:
    statement = METADATA["queries"][name]["sql"]
    wanted = {word: ASKED[word] for word in re.findall(r":(\w+)", statement)}
    assert db.execute(statement, wanted).fetchall()
