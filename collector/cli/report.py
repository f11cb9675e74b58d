"""``report``: what was counted in a period, how, and how it compares with another."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from collector.cli.context import Context
from collector.model.errors import StoreError

BY = ("month", "week", "day", "topic", "source")


@click.command("report")
@click.option("--from", "first", required=True, metavar="DAY", help="First day: 2023-10-01; a month is its first day.")
@click.option("--to", "last", required=True, metavar="DAY", help="Last day, included; a month is its last day.")
@click.option("--topic", metavar="ID", help="Only this topic.")
@click.option("--vs", "versus", metavar="FROM..TO", help="Compare with this window (the earlier one).")
@click.option("--by", type=click.Choice(BY), help="A line for each.")
@click.option("--claimed", type=float, metavar="PERCENT", help="A change that somebody published: does it fit?")
@click.option("--evenness", is_flag=True, help="Per candidate, party and programme: how often flagged and alerted.")
@click.option("--name", "names", multiple=True, metavar="NAME", help="With --evenness: ask about these names instead.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for spreadsheets.")
@click.option("--html", "as_html", is_flag=True, help="Print one HTML page that needs nothing else.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write; default: standard output.")
@click.pass_obj
def report(
    context: Context,
    first: str,
    last: str,
    topic: str | None,
    versus: str | None,
    by: str | None,
    claimed: float | None,
    evenness: bool,
    names: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
    as_html: bool,
    out: Path | None,
) -> None:
    """Count issues, items and actions of a period, per day, with their coverage and definitions.

    Published figures (siaga import counts) count where they lie within the window whole; one that the window cuts is
    named and left out.
    """
    from collector.cli.mentions import no_such_topic
    from collector.model.phrase import Phrase
    from collector.reports.change import Claimed
    from collector.reports.evenness import Asked, everybody
    from collector.reports.gather import report as gather
    from collector.reports.page import as_html as page_of
    from collector.reports.window import window_of, window_of_range
    from collector.reports.words import as_json as object_of
    from collector.reports.words import as_rows, as_text
    from collector.store.indexing import index_all

    if as_json + as_csv + as_html > 1:
        raise click.UsageError("at most one of --json, --csv and --html")
    settings = context.settings
    language = settings.language
    try:
        window = window_of(first, last)
        other = None if versus is None else window_of_range(versus)
        asked: tuple[Asked, ...] = ()
        if names:
            asked = tuple(Asked(kind="name", name=name, phrases=(name,)) for name in names)
        elif evenness:
            asked = everybody(settings.topics, language)
        said = Phrase(id="angka yang diberikan", en="the figure given")
        option = Phrase(id="--claimed", en="--claimed")
        claims = () if claimed is None else (Claimed(percent=claimed, says=said, source=option),)
        with context.store() as store:
            if asked:
                index_all(store.items)
            found = gather(
                store,
                window,
                zone=settings.timezone,
                topic=topic,
                versus=other,
                by=by or ("month" if as_html else None),
                claims=claims,
                even=asked,
                pictures=as_html,
            )
            known = {row.topic for row in store.figures.counts()} if topic is not None else set()
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if topic is not None and settings.topic(topic) is None and topic not in known:
        raise click.UsageError(no_such_topic(topic, settings))
    if as_json:
        _write(json.dumps(object_of(found, language), ensure_ascii=False, indent=2) + "\n", out)
    elif as_csv:
        _write(_csv(as_rows(found, language)), out)
    elif as_html:
        _write(page_of(found, language, {topic.id: topic.name for topic in settings.topics}), out)
    else:
        _write(as_text(found, language) + "\n", out)


def _csv(rows: Iterable[Mapping[str, object]]) -> str:
    from io import StringIO

    from collector.cli.data import write_csv

    stream = StringIO(newline="")
    write_csv(rows, stream)
    return stream.getvalue()


def _write(text: str, out: Path | None) -> None:
    if out is None:
        if sys.stdout is None:
            raise StoreError("standard output is closed")
        with click.open_file("-", "w", encoding="utf-8") as stream:
            stream.write(text)
        return
    try:
        out.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise StoreError(f"cannot write {out}: {error.strerror}") from error
