"""``import claims``: what a desk or a fact-checker has checked already, from a CSV file."""

from __future__ import annotations

from pathlib import Path

import click

from collector.cli.context import Context
from collector.model.clock import WallClock

MAX_BYTES = 20_000_000
SHOWN = 10


@click.group("import")
def import_() -> None:
    """Bring in data from files."""


@import_.command("claims")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--publisher", default="", help="Who checked them, where the file does not say.")
@click.pass_obj
def claims(context: Context, file: Path, publisher: str) -> None:
    """Add the checked claims of FILE: CSV with a column claim, and where known verdict, publisher, url, date, topic.

    A claim that is known already (same link, or same publisher and number) takes over the new words and verdict.
    """
    from collector.claims.table import read_table

    if file.stat().st_size > MAX_BYTES:
        raise click.UsageError(f"{file} has more than {MAX_BYTES // 1_000_000} MB")
    try:
        table = read_table(file.read_text(encoding="utf-8-sig"), publisher=publisher)
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{file} is not UTF-8 (at byte {error.start})") from error
    except ValueError as error:
        raise click.UsageError(f"{file}: {error}") from error
    with context.store() as store:
        new = store.claims.add(table.claims, WallClock().now())
        total = store.claims.count()
    click.echo(f"{new} new claims, {len(table.claims) - new} known already; {total} in all")
    for problem in table.problems[:SHOWN]:
        click.echo(f"left out: {problem}", err=True)
    if len(table.problems) > SHOWN:
        click.echo(f"left out: and {len(table.problems) - SHOWN} more", err=True)
