"""Fixtures shared by all tests: where the data beside the project lies, a fixed moment, and every store, empty."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from collector.store.base import Storage
from collector.store.memory import MemoryStore
from collector.store.sqlite import SqliteStore

# The same examples in every run, so that a change decides and not chance. HYPOTHESIS_PROFILE=explore looks further.
settings.register_profile("same", derandomize=True, database=None)
settings.register_profile("explore", max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

ROOT = Path(__file__).resolve().parent.parent
STORES: dict[str, Callable[[Path], Storage]] = {  # a new implementation joins by one line
    "memory": lambda folder: MemoryStore(),
    "sqlite": lambda folder: SqliteStore(folder / "siaga.db"),
}


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the project; skips where it is absent."""
    folder = Path(os.environ.get("SIAGA_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"no data beside the project: set SIAGA_SHARED or lay it at {folder.name}/")
    return folder


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 25, 3, 30, tzinfo=UTC)


@pytest.fixture(params=STORES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """A store of each kind, with nothing in it."""
    store = STORES[request.param](tmp_path)
    yield store
    store.close()
