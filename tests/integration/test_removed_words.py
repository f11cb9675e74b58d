"""What was removed on request stands in no file any more: not in the search, not in free pages, not in the log."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from records import draft, record, source

from collector.store.base import MentionFilter
from collector.store.memory import MemoryStore
from collector.store.sqlite import SqliteStore

NAME = "Zulkarnaensyah"
ADDRESS = "https://tempo.example/0"


def words_in(folder: Path) -> list[str]:
    """Files in which the name can be read, in any letters that the index may keep."""
    return [
        file.name
        for file in sorted(folder.iterdir())
        if NAME.encode() in (content := file.read_bytes()) or NAME.lower().encode()[:6] in content
    ]


def filled(store: SqliteStore, now: datetime) -> None:
    """Several segments of the search index, one of which holds the name."""
    store.sources.register((source(),), now)
    for number in range(12):
        title = f"{NAME} dituduh menghapus bansos" if number == 0 else f"Bansos tahap {number} cair di kota {number}"
        store.items.record_poll(record(draft(str(number), title=title, excerpt=""), at=now))
        store.items.index_pending(100)


def test_no_file_holds_what_was_removed(tmp_path: Path, now: datetime) -> None:
    with SqliteStore(tmp_path / "siaga.db") as store:
        filled(store, now)
        assert words_in(tmp_path) != []
        store.ledger.forget(ADDRESS, at=now, actor="ani", why="permintaan")
        assert words_in(tmp_path) != []  # the search and the log still hold it
        assert store.scrub()
        assert words_in(tmp_path) == []


def test_what_was_not_removed_is_still_found(tmp_path: Path, now: datetime) -> None:
    with SqliteStore(tmp_path / "siaga.db") as store:
        filled(store, now)
        store.ledger.forget(ADDRESS, at=now, actor="ani", why="permintaan")
        store.scrub()
        assert len(store.items.list(MentionFilter(search="tahap"))) == 11
        assert store.items.list(MentionFilter(search=NAME)) == ()


def test_beside_a_running_daemon_its_log_is_left_to_it(tmp_path: Path, now: datetime) -> None:
    with SqliteStore(tmp_path / "siaga.db") as daemon, SqliteStore(tmp_path / "siaga.db") as desk:
        filled(daemon, now)
        with daemon.lock():
            desk.ledger.forget(ADDRESS, at=now, actor="ani", why="permintaan")
            assert not desk.scrub()
            daemon.items.prune(items_before=now.replace(year=2020), polls_before=now.replace(year=2020))
            assert words_in(tmp_path) == []


def test_memory_has_no_files(now: datetime) -> None:
    assert MemoryStore().scrub()
