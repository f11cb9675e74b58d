"""The store in one SQLite file. Start reading at :mod:`collector.store.sqlite.store`."""

from collector.store.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
