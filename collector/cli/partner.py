"""``partner``: what partners are told and what they told us."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from collector.cli.context import Context
from collector.cli.data import defused
from collector.config.settings import Partner
from collector.model.clock import WallClock, rfc3339, utc

if TYPE_CHECKING:
    from collector.partners.desk import Taken
    from collector.partners.findings import Finding

MOST_LINES = 10_000


@click.group("partner")
def partner() -> None:
    """Exchange findings with partners of `sources.yaml`, in files; `siaga run` does it by itself."""


@partner.command("export")
@click.argument("name", metavar="PARTNER")
@click.option("--since", metavar="DATE", help="Issues seen since that day. Default: what the partner was not told yet.")
@click.option("--format", "form", type=click.Choice(["json", "csv", "claimreview"]), default="json", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write; default: standard output.")
@click.option("--preview", is_flag=True, help="Do not note in the ledger that the partner was told.")
@click.pass_obj
def export(context: Context, name: str, since: str | None, form: str, out: Path | None, preview: bool) -> None:
    """Write new and changed issues for a partner: links, first seen, reach, evidence, verdict.

    What came from the partner is left out. `claimreview` is JSON-LD for issues with a published fact-check.
    """
    from collector.partners.findings import findings
    from collector.partners.outgoing import Told

    chosen, now = _partner(context, name), WallClock().now()
    begin = None if since is None else _start_of(since, context)
    share = chosen.send.share if chosen.send is not None else "suspicious"
    with context.store() as store:
        told = Told(store, chosen.name, at_once=True)
        found = [
            one
            for one in map(told.numbered, findings(store, chosen.name, since=begin, topics=chosen.topics, share=share))
            if begin is not None or told.is_news(one)
        ]
        _write(FORMS[form](found, context.settings.ledger.desk), out)
        if not preview:
            store.ledger.tell([told.telling(one, now, reference=f"file {out.name if out else '-'}") for one in found])
    click.echo(f"{len(found)} issues for {chosen.name}", err=True)


@partner.command("import")
@click.argument("name", metavar="PARTNER")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what became of each report as JSON.")
@click.pass_obj
def import_(context: Context, name: str, file: Path, as_json: bool) -> None:
    """Take a partner's findings from a file: a list as `partner export` writes it (JSON or CSV), or one report a line.

    A file that is read again brings nothing new.
    """
    from collector.partners.incoming import MAX_BYTES, Refused, read

    chosen = _partner(context, name)
    try:
        rows = _reports(file.read_text(encoding="utf-8-sig"), file.suffix.lower())
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{file} is not UTF-8 (at byte {error.start})") from None
    except (ValueError, csv.Error) as error:
        raise click.UsageError(f"{file}: {error}") from None
    results: list[Mapping[str, Any]] = []
    fresh = 0
    with context.store() as store, ExitStack() as held:
        take, answer = _desk(context, store, held)
        for number, row in enumerate(rows, 1):
            body = json.dumps(row, ensure_ascii=True, sort_keys=True).encode()
            try:
                if len(body) > MAX_BYTES:
                    raise Refused(413, f"more than {MAX_BYTES} bytes")
                taken = take(chosen.name, read(body), f"file:{sha256(body).hexdigest()}", body, WallClock().now())
            except Refused as error:
                results.append({"report": number, "refused": str(error)})
                continue
            fresh += taken.fresh
            results.append({"report": number, "fresh": taken.fresh, **answer(taken.report)})
    refused = [one for one in results if "refused" in one]
    if as_json:
        click.echo(json.dumps(results, ensure_ascii=False, indent=2))
    else:
        for one in refused:
            click.echo(f"report {one['report']}: {one['refused']}", err=True)
        click.echo(f"{fresh} new, {len(results) - len(refused) - fresh} known, {len(refused)} refused")
    if refused:
        raise SystemExit(4 if len(refused) < len(results) else 1)


@partner.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@click.pass_obj
def list_(context: Context, as_json: bool) -> None:
    """The partners of `sources.yaml`, with how many reports came from each and when the last one did."""
    rows: list[Mapping[str, Any]] = []
    with context.store() as store:
        for one in context.settings.partners:
            reports = store.partners.list(one.name, MOST_LINES)
            rows.append(
                {
                    "name": one.name,
                    "told": one.send is not None,
                    "heard": one.receive is not None,
                    "reports": len(reports),
                    "last_report_at": rfc3339(reports[0].received_at) if reports else None,
                }
            )
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    if not rows:
        click.echo("no partners: in sources.yaml; see docs/howto/partners.md")
    for row in rows:
        ways = [word for word, on in (("told by webhook", row["told"]), ("heard by the page", row["heard"])) if on]
        last = f", last {row['last_report_at']}" if row["last_report_at"] else ""
        click.echo(f"{row['name']}: {' and '.join(ways) or 'by file only'}; {row['reports']} reports{last}")


@partner.command("reports")
@click.argument("name", metavar="PARTNER")
@click.option("--limit", type=click.IntRange(1, MOST_LINES), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@click.pass_obj
def reports(context: Context, name: str, limit: int, as_json: bool) -> None:
    """What a partner reported, newest first, and what became of it."""
    chosen = _partner(context, name)
    with context.store() as store, ExitStack() as held:
        _, answer = _desk(context, store, held)
        rows = [
            {
                "kind": one.kind.value,
                "reference": one.reference,
                "replaces": list(one.replaces),
                "item": one.item_id,
                **answer(one),
            }
            for one in store.partners.list(chosen.name, limit)
        ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        found = row["verdict"] or "no verdict"
        was = f"; their {row['reference']} replaces {', '.join(row['replaces'])}" if row["replaces"] else ""
        click.echo(f"{row['received_at']}  {row['id']}  {row['kind']}  issue {row['issue'] or '-'}: {found}{was}")


# ---------------------------------------------------------------- parts


def _partner(context: Context, name: str) -> Partner:
    found = context.settings.partner(name)
    if found is None:
        known = ", ".join(one.name for one in context.settings.partners) or "none"
        raise click.UsageError(f"no partner {name} in {context.settings.path.name}; there: {known}")
    return found


Take = Callable[..., "Taken"]
Answer = Callable[..., Mapping[str, Any]]


def _desk(context: Context, store: Any, held: ExitStack) -> tuple[Take, Answer]:
    from collector.app import App

    app = App(context.settings, store=store, clock=WallClock())
    held.callback(app.close)
    desk = app.partner_desk

    def take(*given: Any) -> Taken:
        return desk.take(*given, per_minute=None)

    return take, desk.answer


def _start_of(text: str, context: Context) -> datetime:
    try:
        return utc(datetime.combine(date.fromisoformat(text), time.min, context.settings.timezone))
    except ValueError:
        raise click.UsageError(f"--since: {text} is no date; write it as 2026-11-25") from None


def _json(found: Sequence[Finding], desk: str) -> str:
    from collector.partners.wire import data_of

    return json.dumps([data_of(one) for one in found], ensure_ascii=False, indent=2) + "\n"


def _csv(found: Sequence[Finding], desk: str) -> str:
    from collector.partners.wire import COLUMNS, row_of

    lines = io.StringIO()
    writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in found:
        row = row_of(one)
        writer.writerow({name: defused(str(row[name])) if row[name] is not None else "" for name in COLUMNS})
    return lines.getvalue()


def _claim_review(found: Sequence[Finding], desk: str) -> str:
    from collector.partners.wire import claim_reviews

    reviews = [review for one in found for review in claim_reviews(one, desk)]
    return json.dumps(reviews, ensure_ascii=False, indent=2) + "\n"


FORMS: Mapping[str, Callable[[Sequence[Finding], str], str]] = {
    "json": _json,
    "csv": _csv,
    "claimreview": _claim_review,
}


def _write(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"cannot write {out}: {error.strerror}") from None


def _reports(text: str, suffix: str) -> list[Mapping[str, Any]]:
    """Reports as they would come by webhook. Raises ValueError, csv.Error."""
    if suffix == ".csv":
        rows = csv.DictReader(io.StringIO(text), strict=True)
        return [_created(_row(row)) for row in rows]
    if text.lstrip().startswith("["):
        listed = json.loads(text)
    else:
        listed = [json.loads(line) for line in text.splitlines() if line.strip()]
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise ValueError("a list of objects, or one object a line, is needed")
    if len(listed) > MOST_LINES:
        raise ValueError(f"at most {MOST_LINES} reports a file")
    return [one if "data" in one else _created(one) for one in listed]


def _created(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "report.created", "data": data}


def _row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    if None in row:
        raise ValueError("a line has more cells than the head names")
    given = {name: value for name, value in row.items() if value}
    for name in ("topics", "replaces"):
        if name in given:
            given[name] = str(given[name]).split()
    wanted = ("id", "title", "text", "url", "publisher", "topics", "verdict", "note", "verdict_link", "replaces")
    return {name: given[name] for name in wanted if name in given}
