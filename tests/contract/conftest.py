"""What the suites of the store begin with."""

from __future__ import annotations

import pytest
from records import NOW, source

from collector.store.base import Storage


@pytest.fixture
def store(empty: Storage) -> Storage:
    """With two sources configured."""
    empty.sources.register([source("Tempo"), source("Antara")], NOW)
    return empty
