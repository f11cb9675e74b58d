"""What every store keeps of people's reactions and of messages held back: memory and SQLite answer alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from collector.store.base import Storage
from collector.store.memory import MemoryStore
from collector.store.sqlite import SqliteStore

STORES: dict[str, Callable[[Path], Storage]] = {
    "memory": lambda _: MemoryStore(),
    "sqlite": lambda folder: SqliteStore(folder / "siaga.db"),
}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    store = STORES[request.param](tmp_path)
    yield store
    store.close()


def test_the_key_for_links_is_made_once(store: Storage) -> None:
    key = store.signing_key()
    assert len(key) == 32
    assert store.signing_key() == key


def test_every_database_has_a_key_of_its_own(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "a.db") as one, SqliteStore(tmp_path / "b.db") as other:
        key = one.signing_key()
        assert key != other.signing_key()
    with SqliteStore(tmp_path / "a.db") as again:
        assert again.signing_key() == key
