"""``tip`` and ``forget`` and ``copy``: what people bring, what they want removed, and the pages kept as evidence."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import LARGEST_ID, Context
from collector.cli.issues import by_whom, issue_object, named
from collector.model.clock import WallClock
from collector.model.errors import DatabaseInUse, NotFound, StoreError
from collector.store.base import AuditEntry, Storage

if TYPE_CHECKING:
    from collector.ledger.tip import TipDesk


@click.command("tip")
@click.argument("what", metavar="TEXT|URL")
@click.option("--from", "sender", metavar="WHO", help="Who passed it on; told again if a verdict changes.")
@click.option("--link", metavar="URL", help="Where the text stands.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def tip(context: Context, what: str, sender: str | None, link: str | None, as_json: bool) -> None:
    """Take a claim that somebody passed on, and say whether it was checked before.

    It is matched, judged, stored, and joined to its issue. `siaga tip -` reads the text from standard input.
    """
    from collector.ledger.tip import Tip

    if what == "-":
        what = sys.stdin.read()
    try:
        given = Tip.of(what, link=link, sender=sender)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    with context.store() as store, ExitStack() as held:
        answer = _tips(context, store, held).take(given, WallClock().now())
    if as_json:
        shown = {
            "item": answer.item.item.id,
            "known_before": answer.known_before,
            "issue": None if answer.issue is None else issue_object(answer.issue),
            "checked": answer.finding is not None,
            "verdict": answer.finding and answer.finding.verdict and answer.finding.verdict.value,
            "claim": answer.finding and answer.finding.claim,
            "publisher": answer.finding and answer.finding.publisher,
            "link": answer.finding and answer.finding.link,
            "suspicion": answer.judgement.suspicion,
            "stance": answer.judgement.stance.value,
            "topics": [mention.topic_id for mention in answer.item.mentions],
            "answer": {"id": answer.sentence.id, "en": answer.sentence.en},
        }
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    from alerts.text import clean_line

    click.echo(clean_line(answer.sentence.in_language(context.settings.language), 2000))
    topics = ", ".join(mention.topic_id for mention in answer.item.mentions) or "no watched topic"
    click.echo(f"  suspicion {answer.judgement.suspicion:.2f}, {topics}; see: siaga explain {answer.item.item.id}")
    if answer.issue is not None:
        click.echo(f"  issue {answer.issue.id}: {answer.issue.items} items; see: siaga show {answer.issue.id}")
    elif answer.item.mentions:
        click.echo("  the running daemon finds or opens its issue within a minute")


def _tips(context: Context, store: Storage, held: ExitStack) -> TipDesk:
    """Groups by itself where no daemon does."""
    from collector.app import App
    from collector.app.desks import build_tips
    from collector.claims.grouper import Grouper

    group: Callable[[datetime], object] | None = Grouper(store).tick
    try:
        held.enter_context(store.lock())
    except DatabaseInUse:
        group = None
    app = App(context.settings, store=store, clock=WallClock())
    held.callback(app.close)
    return build_tips(
        context.settings,
        store,
        conclude=app.pipeline.conclude,
        known=app.known_claims,
        fetcher=lambda: app.fetcher,
        group=group,
    )


@click.command("forget")
@click.argument("what", metavar="ITEM|URL")
@click.option("--why", required=True, help="Who asked for it, and on what ground. Kept with the tombstone.")
@by_whom
@click.pass_obj
def forget(context: Context, what: str, why: str, actor: str | None) -> None:
    """Remove an item's content on request, and never collect it again.

    Its words, link, earlier wordings, findings and page copy go, and what messages quote of it. What was sent cannot be
    called back. Its number, hour, publisher and score stay, so that every count stays right.
    """
    from collector.sources.links import canonical

    if not why.strip():
        raise click.BadParameter("say who asked for it", param_hint="--why")
    now = WallClock().now()
    with context.store() as store:
        if what.isdecimal():
            number = int(what[:20])
            if number > LARGEST_ID:
                raise NotFound(f"no item {number} is stored")
            item = store.items.get(number).item
            if not item.content_hash:
                raise NotFound(f"the content of item {number} was removed before")
            identity = item.identity
        elif what.startswith(("http://", "https://")):
            identity = canonical(what) or what
        else:
            raise click.UsageError(f"{what!r} is neither an item's number nor an address")
        with store.transaction(durable=True):
            stone = store.ledger.forget(identity, at=now, actor=named(actor), why=why.strip())
            subject = f"item:{stone.item_id}" if stone.item_id else f"identity:{stone.identity_hash}"
            store.audit.write(
                AuditEntry(at=now, actor=named(actor), action="forget", subject=subject, detail=why.strip())
            )
        emptied = stone.item_id is None or store.scrub()
    if stone.item_id is None:
        click.echo("Nothing was stored under that address; it will not be collected.")
    else:
        click.echo(f"The content of item {stone.item_id} is removed; it will not be collected again.")
    if not emptied:
        click.echo("The running daemon's log may hold its words until the next clean-up, within a day.")


@click.command("copy")
@click.argument("item_id", type=click.IntRange(1, LARGEST_ID), metavar="ITEM")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the page to this file.")
@click.option("--remove", is_flag=True, help="Throw the copy away; it is not fetched again.")
@by_whom
@click.pass_obj
def copy(context: Context, item_id: int, out: Path | None, remove: bool, actor: str | None) -> None:
    """Say what is kept of the page of a suspicious item, write it to a file, or remove it."""
    import gzip

    now = WallClock().now()
    with context.store() as store:
        kept, body = store.copies.of(item_id), store.copies.body(item_id)
        if kept is None:
            raise NotFound(f"no page of item {item_id} was asked for")
        if remove:
            with store.transaction():
                if not store.copies.remove(item_id):
                    raise NotFound(f"no page of item {item_id} is kept")
                entry = AuditEntry(
                    at=now, actor=named(actor), action="remove copy", subject=f"item:{item_id}", detail=kept.sha256
                )
                store.audit.write(entry)
            click.echo(f"The copy of the page of item {item_id} is removed.")
            return
    if body is None:
        click.echo(f"Not kept: {kept.error or kept.state.value} ({kept.url})")
        return
    zone = context.settings.timezone
    at = "—" if kept.fetched_at is None else f"{kept.fetched_at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"
    cut = "" if kept.whole else " (cut)"
    click.echo(
        f"{kept.url}\n  fetched {at}, status {kept.status}, {kept.media_type}\n"
        f"  sha256 {kept.sha256} of {kept.page_bytes} bytes{cut}; {kept.kept_bytes} here"
    )
    if out is not None:
        try:
            out.write_bytes(gzip.decompress(body))
        except OSError as error:
            raise StoreError(f"cannot write {out}: {error.strerror}") from error
        click.echo(f"  written to {out}. Do not open it in a browser that is logged in anywhere.")
