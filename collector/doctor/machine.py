"""The machine under it all: room on the disk, the version of SQLite, the database file."""

from __future__ import annotations

from pathlib import Path

from collector.doctor.finding import Finding, Health, some
from collector.model.errors import StoreError
from collector.store.base import Storage

DISK_FAULT_BYTES = 500_000_000
DISK_WARNING_BYTES = 1_000_000_000
COPIES = 2  # an upgrade and a backup each make a copy of the database

# https://sqlite.org/wal.html#walresetbug: from 3.7.0 on, mended in 3.51.3 and, of older series, in these.
_FIRST_WITH_WAL = (3, 7, 0)
_MENDED = (3, 51, 3)
_MENDED_BESIDE = {(3, 44): 6, (3, 50): 7}


def disk_finding(free_bytes: int | None, database_bytes: int) -> Finding:
    if free_bytes is None:
        return Finding(check="disk", health=Health.UNKNOWN, text="its room cannot be asked")
    text = f"{free_bytes / 1e9:.1f} GB free, the database has {database_bytes / 1e9:.2f} GB"
    hint = "make room, or shorten retention and run: siaga prune"
    if free_bytes < DISK_FAULT_BYTES:
        return Finding(check="disk", health=Health.FAULT, text=text, hint=hint)
    if free_bytes < max(DISK_WARNING_BYTES, COPIES * database_bytes):
        return Finding(check="disk", health=Health.WARNING, text=f"{text}; an upgrade copies it", hint=hint)
    return Finding(check="disk", health=Health.OK, text=text)


def has_wal_reset_bug(version: tuple[int, int, int]) -> bool:
    """Whether a checkpoint and a writer of two connections that meet in one instant can lose pages."""
    if not _FIRST_WITH_WAL <= version < _MENDED:
        return False
    mended = _MENDED_BESIDE.get(version[:2])
    return mended is None or version[2] < mended


def sqlite_finding(version: str) -> Finding:
    major, minor, patch = (int(part) for part in version.split(".")[:3])
    if has_wal_reset_bug((major, minor, patch)):
        return Finding(
            check="sqlite",
            health=Health.OK,
            text=f"{version}, which has the WAL-reset bug; Siaga avoids it: one process alone moves the log",
            hint="let no other program write to the database; 3.51.3 has it mended",
        )
    return Finding(check="sqlite", health=Health.OK, text=version)


def database_finding(store: Storage | None, path: Path) -> Finding:
    """The file is read whole."""
    if store is None:
        return Finding(
            check="database",
            health=Health.WARNING,
            text=f"none yet at {path}: nothing was collected",
            hint="start with: siaga once, or siaga run",
        )
    try:
        faults = store.faults()
    except StoreError as error:
        return Finding(check="database", health=Health.UNKNOWN, text=f"not checked: {error}", hint="try again later")
    if faults:
        return Finding(
            check="database",
            health=Health.FAULT,
            text=some(faults),
            hint="keep a copy of the file and its -wal, then restore a backup (siaga backup)",
        )
    facts = store.facts()
    return Finding(check="database", health=Health.OK, text=f"{path}, schema {facts.schema}, no faults found")
