"""``siaga run`` and ``siaga once``."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Mapping
from contextlib import nullcontext, redirect_stdout
from typing import TYPE_CHECKING

import click

from collector.cli.context import Context

if TYPE_CHECKING:
    from collector.app.round import OnceReport, Progress

NAMED = 20  # failing sources named


@click.command("run")
@click.pass_obj
def run(context: Context) -> None:
    """Poll, watch and alert until stopped (SIGTERM or Ctrl-C). SIGHUP or an edited file reloads."""
    from collector.config.load import load
    from collector.daemon import Daemon

    settings = context.settings
    daemon = Daemon(settings, load=lambda: load(context.config_path, database=context.database_path))

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: daemon.end())
    signal.signal(signal.SIGHUP, lambda number, frame: daemon.reload())
    daemon.start()
    try:
        daemon.wait()
    finally:
        daemon.stop()


@click.command("once")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--no-send", is_flag=True, help="Leave deliveries in the outbox.")
@click.option("--no-articles", is_flag=True, help="Do not read the pages behind headlines (article: true).")
@click.pass_obj
def once(context: Context, as_json: bool, no_send: bool, no_articles: bool) -> None:
    """Poll every source that is not backing off, detect, deliver, end. At most 50 pages behind headlines are read."""
    from collector.app import App

    app = App.build(context.settings)
    try:
        # A console receiver prints; with --json standard output is for the one object alone.
        with redirect_stdout(sys.stderr) if as_json else nullcontext():
            report = app.once(send=not no_send, articles=not no_articles, progress=None if as_json else _progress())
    finally:
        app.close()
        app.store.close()
    if as_json:
        click.echo(json.dumps(report.as_json()))
    else:
        _tell(report.as_json())
        _tell_trouble(report)
    raise SystemExit(report.exit_code)


def _progress() -> Progress | None:
    """A line that rewrites itself, where somebody watches a terminal."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int, source_id: str) -> None:
        end = "\n" if done == total else ""
        click.echo(f"\r\x1b[2K{done}/{total} {source_id[:60]}{end}", nl=False, err=True)

    return show


def _tell(figures: Mapping[str, float]) -> None:
    for name, figure in figures.items():
        click.echo(f"{name.replace('_', ' '):>18}  {figure}")


def _tell_trouble(report: OnceReport) -> None:
    """Which sources failed and why, and how many were not asked; on standard error, beside the figures."""
    from alerts.text import clean_line

    for failure in report.failures[:NAMED]:
        click.echo(f"failed: {failure.source_id}: {clean_line(failure.error or 'unknown', 200)}", err=True)
    if len(report.failures) > NAMED:
        click.echo(f"... and {len(report.failures) - NAMED} more; all of them: siaga sources", err=True)
    if report.backing_off:
        waiting = "source waits" if report.backing_off == 1 else "sources wait"
        click.echo(
            f"{report.backing_off} {waiting} after earlier failures; when they are next tried: siaga sources", err=True
        )
    if not report.polled and not report.backing_off:
        click.echo("no source is enabled; add one with: siaga add URL", err=True)
