"""``import``: what a desk has already, from files: checked claims, issues, items, and figures that others published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from collector.cli.context import Context
from collector.cli.issues import by_whom, named
from collector.model.clock import WallClock

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MAX_BYTES = 50_000_000
SHOWN = 10
Read = TypeVar("Read")


@click.group("import")
def import_() -> None:
    """Bring in data from files."""


@import_.command("claims")
@click.argument("file", type=FILE)
@click.option("--publisher", default="", help="Who checked them, where the file does not say.")
@click.pass_obj
def claims(context: Context, file: Path, publisher: str) -> None:
    """Add the checked claims of FILE: CSV with a column claim, and where known verdict, publisher, url, date, topic.

    A claim that is known already (same link, or same publisher and number) takes over the new words and verdict.
    """
    from collector.claims.table import read_table

    table = _read(file, lambda text: read_table(text, publisher=publisher))
    with context.store(quick=False) as store:
        new = store.claims.add(table.claims, WallClock().now())
        total = store.claims.count()
    click.echo(f"{new} new claims, {len(table.claims) - new} known already; {total} in all")
    _tell(table.problems, taken=len(table.claims))


@import_.command("issues")
@click.argument("file", type=FILE)
@by_whom
@click.pass_obj
def issues(context: Context, file: Path, actor: str | None) -> None:
    """Enter the issues of FILE: CSV with title and date, and where known verdict, note, link, topic, state.

    Dates need no time, and may be months (2024-02). Reading the same file again takes over changed verdicts and states.
    """
    from collector.app.desks import build_desk
    from collector.ledger.intake import bring_issues
    from collector.ledger.table import issue_table

    zone = context.settings.timezone
    table = _read(file, lambda text: issue_table(text, zone))
    with context.store(quick=False) as store:
        desk = build_desk(context.settings, store)
        brought = bring_issues(store, desk, table.rows, origin=file.name, actor=named(actor), now=WallClock().now())
    click.echo(f"{brought.new} new issues, {brought.known} known already")
    _tell(table.problems, taken=len(table.rows))


@import_.command("items")
@click.argument("file", type=FILE)
@click.pass_obj
def items(context: Context, file: Path) -> None:
    """Store the items of FILE: CSV, or one JSON object per line (.ndjson, .jsonl), with title and date, and where known
    text, url, publisher, topic, issue (its number or title).

    They are matched and judged like others, count on their own dates, and never raise an alert.
    """
    from collector.app import App
    from collector.ledger.intake import bring_items
    from collector.ledger.table import item_table
    from collector.store.indexing import index_all

    zone = context.settings.timezone
    of_json = file.suffix.lower() in (".ndjson", ".jsonl")
    table = _read(file, lambda text: item_table(text, zone, lines_of_json=of_json))
    with context.store(quick=False) as store:
        app = App(context.settings, store=store, clock=WallClock())
        index_all(store.items)
        brought = bring_items(store, table.rows, app.pipeline.conclude, WallClock().now())
    click.echo(f"{brought.new} new items, {brought.known} known already")
    if brought.refused:
        click.echo(f"{brought.refused} were removed on request and are not collected again", err=True)
    _tell((*table.problems, *brought.problems), taken=brought.new + brought.known)


@import_.command("counts")
@click.argument("file", type=FILE)
@click.pass_obj
def counts(context: Context, file: Path) -> None:
    """Take figures that others published: CSV with from, to, issues, topic, source; or with month in the place of both.

    Days or months, both ends included; of a month the days that its column basis names ("to 18 Nov"), else all. A
    report never splits a row: a window that cuts one says so and leaves it out.
    """
    from collector.ledger.table import count_table

    table = _read(file, count_table)
    with context.store(quick=False) as store:
        new = store.figures.add_counts([row for _, row in table.rows], WallClock().now())
    click.echo(f"{new} new figures, {len(table.rows) - new} known already")
    _tell(table.problems, taken=len(table.rows))


def _read(file: Path, read: Callable[[str], Read]) -> Read:
    """A file through its reader; a mistake of the file is one sentence."""
    if file.stat().st_size > MAX_BYTES:
        raise click.UsageError(f"{file} has more than {MAX_BYTES // 1_000_000} MB")
    try:
        return read(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{file} is not UTF-8 (at byte {error.start})") from error
    except ValueError as error:
        raise click.UsageError(f"{file}: {error}") from error


def _tell(problems: Sequence[str], *, taken: int) -> None:
    """What was left out; a file of which nothing could be used is a failure."""
    for problem in problems[:SHOWN]:
        click.echo(f"left out: {problem}", err=True)
    if len(problems) > SHOWN:
        click.echo(f"left out: and {len(problems) - SHOWN} more", err=True)
    if problems and not taken:
        raise SystemExit(1)
