"""Opening a file: is it ours, how old is it, and what has to happen before it can be used."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from collector.model.errors import SchemaTooNew, StoreError

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x53696167  # "Siag", in the file's header: `file siaga.db` and Datasette see whose it is
SCHEMA_VERSION = 15  # number of the newest migration; kept in PRAGMA user_version


def ensure_schema(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the database to ``SCHEMA_VERSION``; copy an existing one to ``<file>.before-<number>`` first.

    Raises SchemaTooNew, or StoreError where the file belongs to another program.
    """
    version = _version(connection, path)
    if version < SCHEMA_VERSION:
        _migrate(connection, path, version)


def _version(connection: sqlite3.Connection, path: Path) -> int:
    version: int = connection.execute("pragma user_version").fetchone()[0]
    owner: int = connection.execute("pragma application_id").fetchone()[0]
    empty = connection.execute("select 1 from sqlite_master limit 1").fetchone() is None
    if owner != APPLICATION_ID and not empty:
        raise StoreError(f"{path} is not a database of Siaga; name another file with `database:` or --db")
    if version > SCHEMA_VERSION:
        raise SchemaTooNew(
            f"{path} was written by a newer Siaga (schema {version}, this program knows {SCHEMA_VERSION}): "
            "install that version, or use the copy that was made before the upgrade"
        )
    return version


def _migrate(connection: sqlite3.Connection, path: Path, version: int) -> None:
    from sqlite_utils import Database

    from collector.store.sqlite.schema import MIGRATIONS

    if version > 0:
        copy_database(connection, path.with_name(f"{path.name}.before-{version + 1:04}"))
    database = Database(connection, recursive_triggers=False, execute_plugins=False)
    for number in range(version + 1, SCHEMA_VERSION + 1):
        connection.execute("begin immediate")
        try:
            # Another process may have been faster while we waited for the lock.
            if _version(connection, path) < number:
                MIGRATIONS.apply(database, stop_before=_later(MIGRATIONS, database, number))
                connection.execute(f"pragma user_version = {number}")
                connection.execute(f"pragma application_id = {APPLICATION_ID}")
            connection.execute("commit")
        except BaseException:
            connection.rollback()
            raise


def _later(migrations: Migrations, database: Database, number: int) -> list[str]:
    """Names of the pending migrations after that number."""
    return [one.name for one in migrations.pending(database) if one.name > f"{number:04}"]


def copy_database(connection: sqlite3.Connection, target: Path) -> None:
    """A consistent copy as one file, complete or not there at all. ``connection`` must not be in a transaction.

    Raises StoreError where no file can be made there.
    """
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        copy = sqlite3.connect(partial, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise StoreError(
            f"cannot write {target}: {error}; is there such a folder, and may files be made there?"
        ) from error
    try:
        connection.backup(copy)
        copy.execute("pragma journal_mode = delete")  # one file to carry away, without -wal and -shm beside it
    finally:
        copy.close()
    partial.replace(target)
