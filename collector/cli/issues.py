"""The ledger: ``issues``, ``show``, ``verdict``, ``state``, ``rename``, ``merge``, ``split``, ``action``."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, TypeVar

import click

from collector.cli.context import LARGEST_ID, Context
from collector.model.clock import WallClock, rfc3339_or_none
from collector.model.judgement import Verdict
from collector.model.ledger import (
    Action,
    ActionKind,
    IssueEvent,
    IssueState,
    LedgerIssue,
    PageCopy,
    Precision,
    Telling,
)
from collector.store.base import JudgedItem, MentionFilter

if TYPE_CHECKING:
    from collector.ledger.desk import Desk, Outcome

ITEMS_SHOWN = 20
VERDICTS = [verdict.value for verdict in Verdict]
KINDS = [kind.value for kind in ActionKind]
STATES = [state.value for state in IssueState if state is not IssueState.MERGED]
SETTABLE = ("new", "under_check", "closed")
Command = TypeVar("Command", bound=Callable[..., Any])
NUMBER = click.IntRange(1, LARGEST_ID)


def by_whom(command: Command) -> Command:
    """The option that says who does it: the name at log-in where it is left out."""
    return click.option("--by", "actor", metavar="WHO", help="Who does it. Default: your name at log-in.")(command)


def named(actor: str | None) -> str:
    if actor and actor.strip():
        return actor.strip()
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "operator"


@contextmanager
def desk_of(context: Context) -> Iterator[Desk]:
    from collector.app.desks import build_desk

    with context.store() as store:
        yield build_desk(context.settings, store)


# ---------------------------------------------------------------- questions


@click.command("issues")
@click.option("--search", metavar="WORDS", help="All these words, in one of its items or in a title that you gave.")
@click.option("--topic", metavar="ID", help="Only this topic.")
@click.option("--state", type=click.Choice(STATES), help="Only these.")
@click.option("--verdict", type=click.Choice(VERDICTS), help="Only these.")
@click.option("--checked", is_flag=True, help="Only those with a verdict.")
@click.option("--since", metavar="TIME", help="With an item since: 24h, 7d, or a date such as 2026-11-25.")
@click.option("--all", "everything", is_flag=True, help="Also what nobody suspected: every story is an issue.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=30, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list; times in UTC.")
@click.pass_obj
def issues(
    context: Context,
    search: str | None,
    topic: str | None,
    state: str | None,
    verdict: str | None,
    checked: bool,
    since: str | None,
    everything: bool,
    limit: int,
    as_json: bool,
) -> None:
    """List issues, the last seen first, with their three counts: items, suspicious ones among them, and actions."""
    from collector.cli.mentions import moment, no_such_topic
    from collector.store.indexing import index_all
    from collector.store.ledger import IssueFilter

    settings = context.settings
    wanted = IssueFilter(
        search=search,
        topic_id=topic,
        state=None if state is None else IssueState(state),
        verdict=None if verdict is None else Verdict(verdict),
        with_verdict=checked,
        since=None if since is None else moment(since, WallClock().now(), settings.timezone),
        claimed=not everything,
        limit=limit,
    )
    context.tell_if_new()
    with context.store() as store:
        if search is not None:
            index_all(store.items)
        found = store.ledger.list(wanted)
    if not found and topic is not None and settings.topic(topic) is None:
        raise click.UsageError(no_such_topic(topic, settings))
    if as_json:
        click.echo(json.dumps([issue_object(issue) for issue in found], ensure_ascii=False, indent=2))
    elif found:
        click.echo("\n".join(line for issue in found for line in _lines(issue, settings.timezone)))
    else:
        click.echo("No issue found.", err=True)


@click.command("show")
@click.argument("issue_id", type=NUMBER, metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; times in UTC.")
@click.pass_obj
def show(context: Context, issue_id: int, as_json: bool) -> None:
    """Show one issue: what carries it, what was done, its history, and who was told."""
    zone = context.settings.timezone
    with context.store() as store:
        issue = store.ledger.get(issue_id)
        items = store.items.list(MentionFilter(issue_id=issue.id, on_topic_only=False, limit=1000))
        whole = {
            "items": [(one, store.copies.of(one.item.id)) for one in items],
            "actions": store.ledger.actions(issue.id),
            "history": store.ledger.history(issue.id),
            "told": store.ledger.told(issue.id),
            "owed": [one for one in store.ledger.owed() if one.issue_id == issue.id],
        }
    if as_json:
        click.echo(json.dumps(_whole_object(issue, whole), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_whole_lines(issue, whole, zone)))


# ---------------------------------------------------------------- deeds


@click.command("verdict")
@click.argument("issue_id", type=NUMBER, metavar="ID")
@click.argument("found", type=click.Choice(VERDICTS), metavar="|".join(VERDICTS))
@click.option("--note", required=True, help="Why: what it rests on. Goes into the history and into a correction.")
@click.option("--link", metavar="URL", help="The fact-check you published.")
@by_whom
@click.pass_obj
def verdict(context: Context, issue_id: int, found: str, note: str, link: str | None, actor: str | None) -> None:
    """Give an issue a verdict, or change it.

    A verdict becomes a checked claim: it is said when the same claim returns. Where it changes one that was given
    before, everyone who was told is told again.
    """
    if link is not None and not link.startswith(("http://", "https://")):
        raise click.BadParameter("a link begins with http:// or https://", param_hint="--link")
    if not note.strip():
        raise click.BadParameter("say what it rests on", param_hint="--note")
    with desk_of(context) as desk:
        outcome = desk.verdict(
            issue_id, Verdict(found), note=note.strip(), actor=named(actor), now=WallClock().now(), link=link
        )
    _tell(outcome, f"Issue {outcome.issue.id} is {found}")


@click.command("state")
@click.argument("issue_id", type=NUMBER, metavar="ID")
@click.argument("wanted", type=click.Choice(SETTABLE), metavar="|".join(SETTABLE))
@click.option("--why", default="", help="Goes into the history.")
@by_whom
@click.pass_obj
def state(context: Context, issue_id: int, wanted: str, why: str, actor: str | None) -> None:
    """Say where an issue stands: under check, closed, or open again. A verdict makes it checked by itself."""
    with desk_of(context) as desk:
        issue = desk.state(issue_id, IssueState(wanted), why=why, actor=named(actor), now=WallClock().now())
    click.echo(f"Issue {issue.id} is {issue.state.value}")


@click.command("rename")
@click.argument("issue_id", type=NUMBER, metavar="ID")
@click.argument("title")
@click.option("--why", default="", help="Goes into the history.")
@by_whom
@click.pass_obj
def rename(context: Context, issue_id: int, title: str, why: str, actor: str | None) -> None:
    """Give an issue a title of your own. The grouping leaves it alone from then on."""
    if not title.strip():
        raise click.UsageError("an empty title")
    with desk_of(context) as desk:
        issue = desk.rename(issue_id, " ".join(title.split()), why=why, actor=named(actor), now=WallClock().now())
    click.echo(f"Issue {issue.id}: {issue.title}")


@click.command("merge")
@click.argument("issue_id", type=NUMBER, metavar="ID")
@click.argument("into", type=NUMBER, metavar="INTO")
@click.option("--why", default="", help="Goes into the history.")
@by_whom
@click.pass_obj
def merge(context: Context, issue_id: int, into: int, why: str, actor: str | None) -> None:
    """Make issue ID a part of issue INTO: they are one claim."""
    with desk_of(context) as desk:
        outcome = desk.merge(issue_id, into, why=why, actor=named(actor), now=WallClock().now())
    _tell(outcome, f"Issue {issue_id} is part of issue {into} now ({_counts(outcome.issue)})")


@click.command("split")
@click.argument("issue_id", type=NUMBER, metavar="ID")
@click.argument("items", type=NUMBER, nargs=-1, required=True, metavar="ITEM...")
@click.option("--title", help="Of the new issue; default: that of its first item.")
@click.option("--why", default="", help="Goes into the history.")
@by_whom
@click.pass_obj
def split(
    context: Context, issue_id: int, items: tuple[int, ...], title: str | None, why: str, actor: str | None
) -> None:
    """Move items of an issue into a new one: they say something else."""
    with desk_of(context) as desk:
        new = desk.split(issue_id, items, title, why=why, actor=named(actor), now=WallClock().now())
    click.echo(f"Issue {new.id}: {new.title} ({_counts(new)})")


@click.command("action")
@click.argument("issue_id", type=NUMBER, metavar="ID")
@click.argument("kind", type=click.Choice(KINDS), metavar="|".join(KINDS))
@click.option("--by", "doer", required=True, metavar="WHO", help="Who did it: a platform, the desk, a ministry.")
@click.option("--at", metavar="DATE", help="When: 2026-11-25, or only 2026-11. Default: now.")
@click.option("--note", default="", help="What there is to say of it.")
@click.option("--link", metavar="URL", help="Where to see it.")
@click.pass_obj
def action(context: Context, issue_id: int, kind: str, doer: str, at: str | None, note: str, link: str | None) -> None:
    """Enter what was done about an issue (tindak lanjut). Actions are counted apart from issues and items."""
    from collector.model.dated import moment_of
    from collector.store.ledger import ActionDraft

    now = WallClock().now()
    try:
        when, precision = (now, Precision.TIME) if at is None else moment_of(at, context.settings.timezone)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--at") from error
    if when > now:
        click.echo(f"note: {at} lies ahead; reports count the action on that day", err=True)
    with desk_of(context) as desk:
        draft = ActionDraft(
            issue_id=desk.issue(issue_id).id,
            kind=ActionKind(kind),
            at=when,
            precision=precision,
            by=doer,
            note=note,
            link=link,
        )
        issue = desk.act(draft, actor=named(None), now=now)
    click.echo(f"Issue {issue.id}: {kind} by {doer} ({_counts(issue)})")


# ---------------------------------------------------------------- words


HOW_TOLD = {
    "partner": "; a running daemon tells partners with send: within a minute",
    "bulletin": "; the next siaga bulletin says so",
    "tip": "; by you: Siaga has no address of theirs",
}


def _tell(outcome: Outcome, said: str) -> None:
    click.echo(said)
    if outcome.corrected:
        who = ", ".join(outcome.corrected)
        click.echo(f"Told again, as a correction: {who}. A running daemon sends it in seconds; else: siaga once")
    for owed in outcome.owed:
        heard = owed.verdict.value if owed.verdict else "nothing"
        how = HOW_TOLD.get(owed.channel, "")
        click.echo(f"Still to be told: {owed.recipient} ({owed.channel}) heard {heard}{how}")


def _counts(issue: LedgerIssue) -> str:
    return f"{issue.items} items in {issue.voices} voices, {issue.suspicious} suspicious, {issue.actions} actions"


def _lines(issue: LedgerIssue, zone: tzinfo) -> list[str]:
    from alerts.text import quoted

    found = f" {issue.verdict.value}" if issue.verdict else ""
    return [
        f"{issue.id:>6}  {_when(issue.last_seen_at, zone)}  {issue.state.value}{found}  {quoted(issue.title, 200)}",
        f"        {_counts(issue)}, {issue.debunks} debunks; {' '.join(issue.topics) or 'no topic'}",
    ]


def _whole_lines(issue: LedgerIssue, whole: Mapping[str, Any], zone: tzinfo) -> list[str]:
    from alerts.text import clean_line, quoted

    lines = _lines(issue, zone)
    lines.append(f"        opened {_dated(issue.opened_at, issue.opened_precision, zone)} ({issue.origin.value})")
    if issue.merged_into is not None:
        lines.append(f"        part of issue {issue.merged_into}")
    if issue.verdict is not None:
        lines.append(f"        {issue.verdict.value}, says {issue.verdict_by}: {clean_line(issue.verdict_note, 1000)}")
        lines += [f"        {issue.verdict_link}"] if issue.verdict_link else []
    items: Sequence[tuple[JudgedItem, PageCopy | None]] = whole["items"]
    lines += ["", "Items"] if items else []
    for one, copy in items[:ITEMS_SHOWN]:
        kept = ", page kept" if copy is not None and copy.state.value == "kept" else ""
        lines.append(
            f"  {one.item.id:>8}  {one.judgement.suspicion:.2f} {one.judgement.stance.value}  "
            f"{clean_line(one.item.publisher, 60)}  {quoted(one.item.title, 160)}{kept}"
        )
    if len(items) > ITEMS_SHOWN:
        lines.append(f"            and {len(items) - ITEMS_SHOWN} more (--json shows up to 1,000)")
    for title, rows in (
        ("Actions", [_action_line(one, zone) for one in whole["actions"]]),
        ("History", [_event_line(one, zone) for one in whole["history"]]),
        ("Told", [_told_line(one, zone) for one in whole["told"]]),
        ("Still to be told of the verdict", [f"{one.recipient} ({one.channel})" for one in whole["owed"]]),
    ):
        lines += ["", title, *(f"  {clean_line(row, 1000)}" for row in rows)] if rows else []
    return lines


def _action_line(action: Action, zone: tzinfo) -> str:
    more = " — ".join(part for part in (action.note, action.link or "") if part)
    return f"{_dated(action.at, action.precision, zone)}  {action.kind.value} by {action.by}  {more}".rstrip()


def _event_line(event: IssueEvent, zone: tzinfo) -> str:
    change = f"{event.old or '—'} -> {event.new or '—'}"
    why = f"  ({event.why})" if event.why else ""
    return f"{_when(event.at, zone)}  {event.actor}: {event.kind.value}  {change}{why}"


def _told_line(telling: Telling, zone: tzinfo) -> str:
    correction = " [correction]" if telling.correction else ""
    answer = f"  answered: {telling.answer}" if telling.answer else ""
    return f"{_when(telling.at, zone)}  {telling.recipient} ({telling.channel}){correction}: {telling.about}{answer}"


def _when(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _dated(moment: datetime, precision: Precision, zone: tzinfo) -> str:
    form = {Precision.TIME: "%Y-%m-%d %H:%M", Precision.DAY: "%Y-%m-%d", Precision.MONTH: "%Y-%m"}[precision]
    return f"{moment.astimezone(zone):{form}}"


# ---------------------------------------------------------------- for programs


def issue_object(issue: LedgerIssue) -> Mapping[str, object]:
    """One issue of ``--json``."""
    return {
        "id": issue.id,
        "title": issue.title,
        "title_by": issue.title_by,
        "state": issue.state.value,
        "verdict": issue.verdict and issue.verdict.value,
        "verdict_note": issue.verdict_note,
        "verdict_link": issue.verdict_link,
        "verdict_by": issue.verdict_by,
        "verdict_at": rfc3339_or_none(issue.verdict_at),
        "claim_key": issue.claim_key,
        "merged_into": issue.merged_into,
        "origin": issue.origin.value,
        "topics": list(issue.topics),
        "opened_at": rfc3339_or_none(issue.opened_at),
        "opened_precision": issue.opened_precision.value,
        "last_seen_at": rfc3339_or_none(issue.last_seen_at),
        "claimed_at": rfc3339_or_none(issue.claimed_at),
        "items": issue.items,
        "voices": issue.voices,
        "publishers": issue.publishers,
        "suspicious": issue.suspicious,
        "debunks": issue.debunks,
        "actions": issue.actions,
    }


def _whole_object(issue: LedgerIssue, whole: Mapping[str, Any]) -> Mapping[str, object]:
    from collector.cli.mentions import as_object

    return {
        "issue": issue_object(issue),
        "items": [dict(as_object(one)) | {"page_copy": _copy_object(copy)} for one, copy in whole["items"]],
        "actions": [
            {
                "id": one.id,
                "kind": one.kind.value,
                "at": rfc3339_or_none(one.at),
                "precision": one.precision.value,
                "by": one.by,
                "note": one.note,
                "link": one.link,
                "recorded_at": rfc3339_or_none(one.recorded_at),
            }
            for one in whole["actions"]
        ],
        "history": [
            {
                "at": rfc3339_or_none(one.at),
                "actor": one.actor,
                "kind": one.kind.value,
                "old": one.old,
                "new": one.new,
                "why": one.why,
            }
            for one in whole["history"]
        ],
        "told": [_telling_object(one) for one in whole["told"]],
        "owed": [_telling_object(one) for one in whole["owed"]],
    }


def _telling_object(telling: Telling) -> Mapping[str, object]:
    return {
        "recipient": telling.recipient,
        "channel": telling.channel,
        "at": rfc3339_or_none(telling.at),
        "about": telling.about,
        "verdict": telling.verdict and telling.verdict.value,
        "correction": telling.correction,
        "reference": telling.reference,
        "answer": telling.answer,
        "answered_at": rfc3339_or_none(telling.answered_at),
    }


def _copy_object(copy: PageCopy | None) -> Mapping[str, object] | None:
    if copy is None:
        return None
    return {
        "state": copy.state.value,
        "url": copy.url,
        "fetched_at": rfc3339_or_none(copy.fetched_at),
        "sha256": copy.sha256,
        "page_bytes": copy.page_bytes,
        "kept_bytes": copy.kept_bytes,
        "whole": copy.whole,
        "error": copy.error,
    }
