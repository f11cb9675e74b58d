"""The SQLite file itself: whose it is, how old, who serves it, and what is left of it after a crash."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from records import NOW, alert, delivery, draft, record, source
from sqlite_utils import Database

from collector.model.bucket import Measure, Subject
from collector.model.errors import DatabaseInUse, SchemaTooNew, StoreError
from collector.store.base import MentionFilter
from collector.store.sqlite import SqliteStore, version
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.lock import is_locked
from collector.store.sqlite.schema import MIGRATIONS

TESTS = Path(__file__).resolve().parents[1]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "siaga.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(path) as store:
        store.sources.register([source()], NOW)
        yield store


def ask(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    """A process of its own that may use the store and the records of the tests."""
    found = os.pathsep.join([str(TESTS.parent), str(TESTS)])
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": found},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


# ---------------------------------------------------------------- schema


def test_a_new_file_says_whose_it_is_and_which_schema_it_has(store: SqliteStore, path: Path) -> None:
    assert ask(path, "pragma application_id") == [(0x53696167,)]
    assert ask(path, "pragma user_version") == [(version.SCHEMA_VERSION,)]
    assert ask(path, "pragma journal_mode") == [("wal",)]
    applied = ask(path, "select name from _sqlite_migrations where migration_set = 'siaga' order by name")
    assert [name for (name,) in applied] == [migration.name for migration in MIGRATIONS.pending(Database(memory=True))]
    assert applied[-1] == (f"{version.SCHEMA_VERSION:04}",)


def test_opening_an_up_to_date_file_does_not_load_sqlite_utils(store: SqliteStore, path: Path) -> None:
    program = (
        "import sys; from collector.store.sqlite import SqliteStore; SqliteStore(sys.argv[1]).close(); "
        "print('sqlite_utils' in sys.modules)"
    )
    said, _ = start(program, path).communicate(timeout=60)
    assert said.strip() == "False"  # it costs 0.3 s


def test_a_file_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("create table recipes (name text)")
    with pytest.raises(StoreError, match="not a database of Siaga"):
        SqliteStore(path)
    assert ask(path, "select name from sqlite_master") == [("recipes",)]


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_text("version: 1\n" * 1000, encoding="utf-8")
    with pytest.raises(StoreError, match="not a database"):
        SqliteStore(path)


def test_a_folder_that_does_not_exist_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere.*unable to open"):
        SqliteStore(tmp_path / "nowhere" / "siaga.db")


def test_a_newer_schema_is_refused(store: SqliteStore, path: Path) -> None:
    store.close()
    ask(path, f"pragma user_version = {version.SCHEMA_VERSION + 1}")
    with pytest.raises(SchemaTooNew, match="newer Siaga"):
        SqliteStore(path)


@pytest.fixture
def next_schema(monkeypatch: pytest.MonkeyPatch) -> int:
    """As if the program were one migration ahead of the file."""
    number = version.SCHEMA_VERSION + 1
    monkeypatch.setattr(version, "SCHEMA_VERSION", number)
    monkeypatch.setattr(MIGRATIONS, "_migrations", list(MIGRATIONS._migrations))
    MIGRATIONS(name=f"{number:04}")(lambda db: db.execute("alter table items add column mood text"))
    return number


def test_an_existing_file_is_copied_before_it_is_migrated(store: SqliteStore, path: Path, next_schema: int) -> None:
    store.items.record_poll(record(draft()))
    store.close()
    with SqliteStore(path) as migrated:
        assert migrated.items.find("https://tempo.example/a") is not None
    copy = path.with_name(f"siaga.db.before-{next_schema:04}")
    assert ask(path, "select mood from items") == [(None,)]
    assert ask(path, "pragma user_version") == [(next_schema,)]
    assert ask(copy, "pragma user_version") == [(next_schema - 1,)]
    assert ask(copy, "select title from items") == [("Bansos dihapus, sebarkan!",)]


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    number = version.SCHEMA_VERSION + 1
    monkeypatch.setattr(version, "SCHEMA_VERSION", number)
    monkeypatch.setattr(MIGRATIONS, "_migrations", list(MIGRATIONS._migrations))
    MIGRATIONS(name=f"{number:04}")(lambda db: (db.execute("create table half (x)"), db.execute("nonsense")))
    with pytest.raises(StoreError, match="syntax error"):
        SqliteStore(path)
    assert ask(path, "pragma user_version") == [(number - 1,)]
    assert ask(path, "select name from sqlite_master where name = 'half'") == []


def test_two_processes_may_create_the_same_file_at_once(path: Path) -> None:
    program = (
        "import sys; from collector.store.sqlite import SqliteStore; sys.stdin.readline(); "
        "SqliteStore(sys.argv[1]).close(); print('opened')"
    )
    both = [start(program, path) for _ in range(2)]
    for process in both:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60)[0].strip() for process in both] == ["opened", "opened"]


# ---------------------------------------------------------------- one daemon


HOLD = (
    "import sys; from collector.store.sqlite import SqliteStore\n"
    "with SqliteStore(sys.argv[1]) as store, store.lock():\n"
    "    print('holding', flush=True); sys.stdin.readline()"
)


def test_a_daemon_in_another_process_is_named_and_its_lock_ends_with_it(store: SqliteStore, path: Path) -> None:
    daemon = start(HOLD, path)
    assert daemon.stdout is not None
    assert daemon.stdout.readline() == "holding\n"
    assert is_locked(path)
    with pytest.raises(DatabaseInUse, match=f"process {daemon.pid}"), store.lock():
        pass
    store.items.record_poll(record(draft()))  # other commands work beside it
    daemon.send_signal(signal.SIGKILL)
    daemon.communicate(timeout=30)
    with store.lock():
        assert is_locked(path)
    assert not is_locked(path)


def test_only_the_daemon_moves_the_log_into_the_file(store: SqliteStore, path: Path) -> None:
    def checkpoints(connections: Connections) -> int:
        with connections.read_hot() as db:
            pages: int = db.execute("pragma wal_autocheckpoint").fetchone()[0]
        return pages

    with store.lock(), SqliteStore(path) as beside:
        assert checkpoints(store._connections) > 0
        assert checkpoints(beside._connections) == 0


# ---------------------------------------------------------------- durability


class Listener:
    """Notes each statement that the writing connection runs."""

    def __init__(self, store: SqliteStore) -> None:
        self.heard: list[str] = []
        with store._connections.read_hot() as db:
            db.set_trace_callback(self.heard.append)

    def commits_under(self) -> list[str]:
        """The ``synchronous`` level in force at each commit."""
        level, found = "normal", []
        for statement in self.heard:
            if statement.startswith("pragma synchronous"):
                level = statement.rpartition(" ")[2]
            elif statement == "commit":
                found.append(level)
        return found


def test_polls_are_written_without_waiting_for_the_disk_and_alerts_with(store: SqliteStore) -> None:
    listener = Listener(store)
    store.items.record_poll(record(draft()))
    store.alerts.save(alert(), deliveries=[delivery()])
    store.outbox.claim("w", NOW, NOW - NOW.replace(hour=2), 1)
    store.outbox.sent(1, "w", NOW)
    store.items.record_poll(record(draft("b")))
    # The lease in the middle may be lost in a power cut: nobody is left then whom it would bind.
    assert listener.commits_under() == ["normal", "full", "normal", "full", "normal"]


def test_an_alert_within_another_transaction_is_synced_at_its_end(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    with store.transaction():
        store.alerts.save(alert())
        assert synced == []
    assert len(synced) == 1


CRASH = """
import sys
from collector.store.sqlite import SqliteStore
from records import draft, record
import itertools

store = SqliteStore(sys.argv[1])
for n in itertools.count():
    if n == 20:  # in the middle of a transaction from now on
        with store.transaction():
            store.items.record_poll(record(*(draft(f"{n}-{m}") for m in range(30))))
            print("half way", flush=True)
            sys.stdin.readline()
    store.items.record_poll(record(*(draft(f"{n}-{m}") for m in range(30))))
"""


def test_a_kill_in_the_middle_of_a_poll_leaves_whole_polls_only(store: SqliteStore, path: Path) -> None:
    worker = start(CRASH, path)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "half way\n"
    worker.send_signal(signal.SIGKILL)
    worker.communicate(timeout=30)
    store.close()
    with SqliteStore(path) as again:
        (found,) = again.buckets.series([Subject(kind="topic", id="bansos")], Measure.MENTIONS, NOW, NOW)
        assert found.count == (20 * 30,)
        again.items.record_poll(record(draft("after")))
    assert ask(path, "pragma integrity_check") == [("ok",)]
    assert ask(path, "pragma foreign_key_check") == []
    assert ask(path, "select count(*) from items") == [(20 * 30 + 1,)]
    assert ask(path, "select count(*) from polls") == [(21,)]


ANY_TIME = """
import sys, itertools
from collector.store.sqlite import SqliteStore
from records import draft, record

store = SqliteStore(sys.argv[1])
print("writing", flush=True)
for n in itertools.count():
    store.items.record_poll(record(*(draft(f"{n}-{m}") for m in range(30))))
    print(n, flush=True)
"""


def test_a_kill_at_any_moment_leaves_counts_that_agree(store: SqliteStore, path: Path) -> None:
    worker = start(ANY_TIME, path)
    assert worker.stdout is not None
    for _ in range(12):
        worker.stdout.readline()
    worker.send_signal(signal.SIGKILL)
    worker.communicate(timeout=30)
    ((items, polls, mentions, counted),) = ask(
        path,
        "select (select count(*) from items), (select count(*) from polls), (select count(*) from mentions), "
        "(select sum(count) from hourly)",
    )
    assert items == mentions == counted == 30 * int(str(polls))
    assert ask(path, "pragma integrity_check") == [("ok",)]


# ---------------------------------------------------------------- side by side


def test_readers_go_on_while_a_transaction_is_open(store: SqliteStore) -> None:
    seen: list[int] = []
    with store.transaction():
        store.items.record_poll(record(draft()))
        reader = threading.Thread(target=lambda: seen.append(len(store.items.list(MentionFilter()))))
        reader.start()
        reader.join(timeout=30)
    assert seen == [0]
    assert len(store.items.list(MentionFilter())) == 1


def test_two_processes_write_side_by_side(store: SqliteStore, path: Path) -> None:
    program = (
        "import sys; from collector.store.sqlite import SqliteStore; from records import draft, record\n"
        "store = SqliteStore(sys.argv[1])\n"
        "for n in range(40): store.items.record_poll(record(draft(f'{n}')))"
    )
    others = [start(program, path) for _ in range(2)]
    for n in range(40):
        store.items.record_poll(record(draft(f"{n}")))
    assert [other.wait(timeout=60) for other in others] == [0, 0]
    for other in others:
        other.communicate()
    assert ask(path, "select count(*) from items") == [(40,)]
    assert ask(path, "select count(*) from polls") == [(120,)]


def test_a_database_that_stays_locked_is_an_error_worth_repeating(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store._connections.read_hot() as db:
        db.execute("pragma busy_timeout = 10")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(StoreError, match="locked") as refused:
            store.items.record_poll(record(draft()))
    assert refused.value.can_retry
    assert store.items.record_poll(record(draft())).items_new == 1


def test_an_export_shows_one_moment_although_writing_goes_on(store: SqliteStore) -> None:
    store.items.record_poll(record(*(draft(str(n)) for n in range(5))))
    rows = store.items.export("items")
    next(rows)
    store.items.record_poll(record(draft("later")))
    assert len(list(rows)) == 4


# ---------------------------------------------------------------- backup


def test_a_backup_is_one_file_in_which_everything_works(store: SqliteStore, tmp_path: Path) -> None:
    store.items.record_poll(record(draft()))
    store.items.index_pending(10)
    copy = tmp_path / "copy" / "siaga.db"
    copy.parent.mkdir()
    store.backup(str(copy))
    assert [file.name for file in copy.parent.iterdir()] == ["siaga.db"]
    with SqliteStore(copy) as restored:
        assert restored.sources.due(NOW.replace(hour=23)) == ("Tempo",)
        assert restored.items.record_poll(record(draft("b"))).items_new == 1


def test_a_backup_never_replaces_the_database_itself(store: SqliteStore, path: Path) -> None:
    with pytest.raises(StoreError, match="the database itself"):
        store.backup(str(path))


def test_a_backup_that_cannot_be_written_is_a_sentence(store: SqliteStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        store.backup(str(tmp_path / "nowhere" / "copy.db"))


# ---------------------------------------------------------------- what pruning leaves


def test_pruning_leaves_no_orphans_and_a_sound_search_index(store: SqliteStore, path: Path) -> None:
    store.items.record_poll(record(*(draft(str(n), guid=str(n)) for n in range(1200))))
    store.items.index_pending(700)  # the rest is not indexed yet
    store.items.prune(items_before=NOW.replace(hour=23), polls_before=NOW.replace(hour=23))
    for table in ("items", "sightings", "mentions", "judgements", "revisions", "polls"):
        assert ask(path, f"select * from {table}") == []  # noqa: S608 - a name of ours
    assert ask(path, "insert into items_fts (items_fts) values ('integrity-check')") == []
    assert ask(path, "select count(*) from items_fts where items_fts match 'bansos'") == [(0,)]
    assert ask(path, "select sum(count) from hourly") == [(1200,)]
