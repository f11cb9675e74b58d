"""``siaga demo``: a simulated week on this machine, up to the alert mail."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import DEFAULT_CONFIG, Context

if TYPE_CHECKING:
    from datetime import datetime

    from collector.demo.folder import Folder
    from collector.demo.rehearsal import Outcome

RULE = "-" * 78
STOPPED = 130  # what a shell reports for a program that Ctrl-C ended


@click.command("demo")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("demo-output"),
    show_default=True,
    help="Folder for its files.",
)
@click.option("--speed", type=click.FloatRange(min=60, max=60_000), help="How fast the clock runs. Default: 9000.")
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Another number tells the week a little differently."
)
@click.option(
    "--start", type=click.DateTime(["%Y-%m-%d"]), help="The week's first day. Default: the week before today."
)
@click.pass_obj
def demo(_context: Context, out: Path, speed: float | None, seed: int, start: datetime | None) -> None:
    """Run the real daemon through a made-up week before a vote: a rumour, its debunk, the alert by mail and webhook,
    what the desk finds of it, and what it tells a partner and the public.

    Needs no account, no mail server and no internet. Exit code 1 if the alert did not arrive, so that it also checks
    the installation.
    """
    from collector.demo.folder import fresh
    from collector.demo.rehearsal import SPEED, Rehearsal
    from collector.demo.screen import Screen
    from collector.demo.story import WEEK, first_midnight, last_midnight, tell
    from collector.model.clock import WallClock

    folder, kept = fresh(out)
    begin = first_midnight(start) if start else last_midnight(WallClock().now()) - WEEK
    story = tell(begin, seed)
    pace = speed or SPEED
    screen = Screen(sys.stdout, begin)
    screen.say("Siaga demo: the week before a vote in Nusa Teratai, a province that does not exist.")
    screen.say(f"The daemon is the real one; the clock runs {pace:,.0f} times as fast, so it takes "
               f"{WEEK.total_seconds() / pace:.0f} seconds. Ctrl-C stops it.")  # fmt: skip
    if kept is not None:
        screen.say(f"The earlier demo's files are now in {kept}/.")
    screen.say()
    _log_to(folder.log)
    try:
        outcome = Rehearsal(folder, story, screen, speed=pace, seed=seed).run()
    except KeyboardInterrupt:
        screen.finish()
        click.echo(f"\nStopped before the end. What there is lies in {folder.path}/.")
        raise SystemExit(STOPPED) from None
    _show_mail(outcome)
    _show_checks(outcome)
    _show_files(folder, outcome)
    raise SystemExit(0 if outcome.ok else 1)


def _log_to(path: Path) -> None:
    """The daemon's log goes into the folder: on the screen it would drown the story."""
    from collector.cli.log import configure_logging

    configure_logging("info", "text", path.open("w", encoding="utf-8", buffering=1))


def _show_mail(outcome: Outcome) -> None:
    if outcome.mail is None:
        return
    message = outcome.mail.message
    click.echo(f"\nThe alert, as the desk reads it ({outcome.mail.eml}):\n{RULE}")
    for name in ("From", "To", "Date", "Subject"):
        click.echo(f"{name}: {message[name]}")
    click.echo(f"\n{outcome.mail.text.strip()}\n{RULE}")


def _show_checks(outcome: Outcome) -> None:
    tally, answers = outcome.tally, outcome.answers
    click.echo("\nWhat came of it:")
    for check in outcome.checks:
        click.echo(f"  [{'ok' if check.ok else 'MISSING'}] {check.what}: {check.seen}")
    click.echo(
        f"  {tally.polls} polls ({answers.get(304, 0)} answered 304, {tally.failed} failed); {tally.items} items, "
        f"{tally.twice} seen in two places, {tally.revisions} retitled; {tally.mentions} mentions, "
        f"{tally.suspicious} suspicious items."
    )
    if not outcome.ok:
        click.echo("  Something did not arrive: the daemon's log below says more.")


def _show_files(folder: Folder, outcome: Outcome) -> None:
    click.echo("\nIts files:")
    for path, what in (
        (folder.config, "what was watched, and by which rules"),
        (folder.database, "the database (any SQLite tool opens it)"),
        (folder.mail, f"{len(outcome.mails)} mails: .eml for a mail program, .html for a browser"),
        (folder.webhook, "the webhook bodies as they arrived"),
        (folder.partner, "what the partner was sent, and the same as files"),
        (folder.bulletin / "bulletin.id.html", "the bulletin, also in English and as Atom feeds"),
        (folder.report, "the week counted"),
        (folder.log, "the daemon's log"),
    ):
        click.echo(f"  {path!s:<37} {what}")
    siaga = f"{called_as()} --config {folder.config}"
    click.echo(f"\nThe desk's page, http://{outcome.page}/, until Ctrl-C:")
    click.echo(f"  {siaga} run")
    click.echo("\nTry next:")
    click.echo(f"  {siaga} mentions --suspicious")
    if outcome.example is not None:
        click.echo(f"  {siaga} explain {outcome.example}")
    click.echo(f"  {siaga} alerts")
    click.echo(f"  {siaga} issues --checked")
    if outcome.issue is not None:
        click.echo(f"  {siaga} show {outcome.issue}")
    click.echo(f"  {siaga} status")
    click.echo(f"  {siaga} export items --format csv > items.csv")
    here = "" if Path(DEFAULT_CONFIG).exists() else f"`{called_as()} init` writes a sources.yaml of your own; "
    click.echo(f"Then {here}`{called_as()} check` tells what it watches, and `{called_as()} run` watches real sources.")


def called_as() -> str:
    """How this program was called, so that the lines above can be pasted."""
    called = Path(sys.argv[0])
    found = shutil.which("siaga")
    if called.name != "siaga" or (found and Path(found).resolve() == called.resolve()):
        return "siaga"
    try:
        return str(called.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(called)
