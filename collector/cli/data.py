"""``export``, ``backup``, ``prune``: getting data out, copying it, letting old data go."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from collector.cli.context import Context
from collector.model.clock import WallClock
from collector.model.errors import StoreError
from collector.store.base import AuditEntry
from collector.store.retention import cutoffs

TABLES = ("items", "sightings", "mentions", "alerts", "deliveries")
# What begins a formula in a spreadsheet (OWASP, CSV injection), with the full-width forms that some of them accept.
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
_INVISIBLE = " \u00a0\u200b\ufeff\u2060"  # skipped by some programs before they look for a formula
# Where a semicolon parts the cells (Excel set to Indonesian, and whoever pastes), a formula may begin in mid-text.
_FORMULA_WITHIN = re.compile(f"(;)(?=[{_INVISIBLE}]*[{re.escape(''.join(FORMULA_STARTS))}])")
_CONTROLS = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)])
_JSON_COLUMNS = frozenset({"signals", "terms", "spans"})
_LIST_COLUMNS = frozenset({"topics", "evidence"})
_PROGRESS_EVERY = 1000

Row = Mapping[str, object]


@click.command("export")
@click.argument("table", type=click.Choice(TABLES))
@click.option("--format", "form", type=click.Choice(["csv", "json", "ndjson"]), default="csv", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write; default: standard output.")
@click.pass_obj
def export(context: Context, table: str, form: str, out: Path | None) -> None:
    """Write a whole table as CSV, JSON or one JSON object per line.

    In CSV, cells that a spreadsheet would run as a formula begin with an apostrophe.
    """
    with context.store() as store, _output(out) as stream:
        rows = _counted(store.items.export(table), _progress(stream))
        FORMATS[form](rows, stream)


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@click.pass_obj
def backup(context: Context, file: Path, force: bool) -> None:
    """Copy the database to FILE while it is in use. The copy is one complete file."""
    if file.exists() and not force:
        raise click.UsageError(f"{file} exists; use --force to replace it")
    with context.store() as store:
        store.backup(str(file))
    click.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB", err=True)


@click.command("prune")
@click.option("--dry-run", is_flag=True, help="Only say how much would be deleted.")
@click.pass_obj
def prune(context: Context, dry_run: bool) -> None:
    """Delete items and polls older than `retention` in sources.yaml.

    Hourly counts are kept, and so is the evidence of alerts that are firing. A daemon does this by itself once a day.
    """
    now, retention = WallClock().now(), context.settings.retention
    until = cutoffs(now, items=retention.items, polls=retention.polls)
    with context.store(quick=False) as store:
        deleted = store.items.prune(items_before=until.items_before, polls_before=until.polls_before, dry_run=dry_run)
        if not dry_run:
            told = json.dumps(dict(deleted))
            store.audit.write(AuditEntry(at=now, actor="operator", action="prune", subject="store", detail=told))
    verb = "would be deleted" if dry_run else "deleted"
    click.echo("\n".join(f"{count:>10}  {table} {verb}" for table, count in deleted.items()))


# ---------------------------------------------------------------- formats


def write_csv(rows: Iterable[Row], stream: IO[str]) -> None:
    """RFC 4180, header first. Text cells are defused, numbers are left alone."""
    writer = csv.writer(stream)
    for number, row in enumerate(rows):
        if number == 0:
            writer.writerow(row)
        writer.writerow([defused(value) if isinstance(value, str) else value for value in row.values()])


def write_json(rows: Iterable[Row], stream: IO[str]) -> None:
    separator = "[\n"
    for row in rows:
        stream.write(separator + _json(row))
        separator = ",\n"
    stream.write("\n]\n" if separator.startswith(",") else "[]\n")


def write_ndjson(rows: Iterable[Row], stream: IO[str]) -> None:
    for row in rows:
        stream.write(_json(row) + "\n")


FORMATS: Mapping[str, Callable[[Iterable[Row], IO[str]], None]] = {
    "csv": write_csv,
    "json": write_json,
    "ndjson": write_ndjson,
}


def defused(text: str) -> str:
    """``text`` without control characters, and with an apostrophe in front if a spreadsheet could run it."""
    plain = text.translate(_CONTROLS)
    visible = plain.lstrip(_INVISIBLE)
    whole = f"'{plain}" if visible[:1] in FORMULA_STARTS and visible else plain
    return _FORMULA_WITHIN.sub(r"\1'", whole)


def _json(row: Row) -> str:
    return json.dumps({name: _structured(name, value) for name, value in row.items()}, ensure_ascii=False)


def _structured(name: str, value: object) -> object:
    if name in _JSON_COLUMNS and isinstance(value, str):
        return json.loads(value)
    if name in _LIST_COLUMNS:
        return str(value).split() if value else []
    return value


# ---------------------------------------------------------------- where it goes


@contextmanager
def _output(out: Path | None) -> Iterator[IO[str]]:
    """Standard output in UTF-8, or a file that appears only once it is complete."""
    if out is None:
        if sys.stdout is None:  # closed by whoever started us (>&-)
            raise StoreError("standard output is closed")
        with click.open_file("-", "w", encoding="utf-8") as stream:
            yield stream
        return
    partial = out.with_name(f"{out.name}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        partial.replace(out)
    except OSError as error:
        raise StoreError(f"cannot write {out}: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)


def _progress(stream: IO[str]) -> Callable[[int], None] | None:
    """A counter on standard error, where somebody watches and the rows go elsewhere."""
    if not sys.stderr.isatty() or stream.isatty():
        return None

    def show(count: int) -> None:
        click.echo(f"\r{count} rows", nl=False, err=True)

    return show


def _counted(rows: Iterable[Row], progress: Callable[[int], None] | None) -> Iterator[Row]:
    count = 0
    for count, row in enumerate(rows, 1):
        if progress is not None and count % _PROGRESS_EVERY == 0:
            progress(count)
        yield row
    if progress is not None:
        progress(count)
        click.echo(err=True)
