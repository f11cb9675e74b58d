"""What every verb is handed: how to get at the settings and the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collector.config.settings import Settings
    from collector.store.base import Storage

DEFAULT_CONFIG = "sources.yaml"
LARGEST_ID = 2**63 - 1  # SQLite counts no further


@dataclass
class Context:
    """The global options. Settings are read once, when a verb first asks for them."""

    config: str | None = None
    database: str | None = None

    @property
    def config_path(self) -> Path:
        return Path(self.config or DEFAULT_CONFIG)

    @property
    def database_path(self) -> Path | None:
        return Path(self.database) if self.database else None

    @cached_property
    def settings(self) -> Settings:
        """Raises ConfigError with every problem of the file."""
        from collector.config.load import load

        return load(self.config_path, database=self.database_path)

    def tell_if_new(self) -> None:
        """A verb that only reads finds nothing in a database that is not there: a slip in ``--db``, or too early."""
        path = self.settings.database
        if not path.exists():
            click.echo(f"note: no database yet at {path}: nothing was collected. Start with: siaga once", err=True)

    @contextmanager
    def store(self, *, quick: bool = True) -> Iterator[Storage]:
        """The configured database, closed at the end. Not ``quick``: for long work, which waits longer for a lock."""
        from collector.app.database import open_store

        store = open_store(self.settings, quick=quick)
        try:
            yield store
        finally:
            store.close()
