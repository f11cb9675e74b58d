"""The database as one configuration names it."""

from __future__ import annotations

import shutil
from pathlib import Path

from collector.config.settings import Settings
from collector.store.base import Storage


def open_store(settings: Settings, *, quick: bool = False) -> Storage:
    """``quick`` where somebody waits for the answer: a lock is told after seconds. Raises StoreError, SchemaTooNew."""
    from collector.store.sqlite.connection import PATIENT_S, QUICK_S
    from collector.store.sqlite.store import SqliteStore

    return SqliteStore(settings.database, patience_s=QUICK_S if quick else PATIENT_S)


def free_bytes(database: Path) -> int | None:
    """The room that is left on the disk where the database lies. None where it cannot be asked."""
    try:
        return shutil.disk_usage(database.parent).free
    except OSError:
        return None


def sqlite_version() -> str:
    from sqlite3 import sqlite_version as version

    return version
