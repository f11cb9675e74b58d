"""``bulletin``: what circulated and what was found, for the public."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import click

from collector.cli.context import Context
from collector.model.clock import WallClock
from collector.model.phrase import Language

WEEK = timedelta(days=6)  # and the last day itself
LANGUAGES: tuple[Language, ...] = ("id", "en")


@click.command("bulletin")
@click.option("--from", "first", metavar="DATE", help="First day, such as 2026-11-19. Default: six days before --to.")
@click.option("--to", "last", metavar="DATE", help="Last day, included. Default: today.")
@click.option("--topic", metavar="ID", help="Only this topic.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("bulletin"), show_default=True,
    help="Folder for the files; made if it is missing.",
)  # fmt: skip
@click.option("--title", metavar="TEXT", help="Title of page and feed.")
@click.option("--author", metavar="NAME", default="Siaga", show_default=True, help="Who publishes it.")
@click.option("--site", metavar="URL", help="Where the folder will be published; makes the links of the feed whole.")
@click.option("--preview", is_flag=True, help="Write the files, but do not note that the public was told.")
@click.pass_obj
def bulletin(
    context: Context,
    first: str | None,
    last: str | None,
    topic: str | None,
    out: Path,
    title: str | None,
    author: str,
    site: str | None,
    preview: bool,
) -> None:
    """Write a bulletin for the public: an HTML page and an Atom feed, in Indonesian and English.

    Only issues with a verdict or a fact-check are in it, each answer before its claim. Issues whose verdict changed
    since an earlier bulletin lead as corrections. The ledger notes what was published.
    """
    from collector.bulletin.entries import Period, gather, tellings
    from collector.bulletin.files import write

    settings, now = context.settings, WallClock().now()
    if topic is not None and settings.topic(topic) is None:
        raise click.UsageError(f"no topic {topic} in {settings.path.name}")
    if site is not None and not site.startswith(("http://", "https://")):
        raise click.UsageError("--site must begin with http:// or https://")
    to = _day(last, "--to") if last else now.astimezone(settings.timezone).date()
    begin = _day(first, "--from") if first else to - WEEK
    try:
        period = Period(first=begin, last=to, zone=settings.timezone)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    names = {known.id: known.name for known in settings.topics}
    with context.store() as store:
        made = gather(store, period, now, topic_id=topic)
        try:
            files = write(made, out, names, title=title, author=author, site=site)
        except OSError as error:
            raise click.ClickException(f"cannot write to {out}: {error.strerror}") from None
        if not preview:
            store.ledger.tell(tellings(made, reference=site or files[0].name))
    for file in files:
        click.echo(str(file))
    click.echo(
        f"{len(made.entries)} issues with an answer, {len(made.corrections)} corrections; "
        f"{made.unanswered} suspicious issues without an answer left out"
    )


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{option}: {text} is no date; write it as 2026-11-25") from None
