"""``ack`` and ``silence``: what people answer to alerts. Each is stored with who and why, and in the audit."""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from difflib import get_close_matches

import click

from collector.cli.context import LARGEST_ID, Context
from collector.config.duration import EXPECTED, duration
from collector.config.settings import Settings
from collector.model.alert import AlertState
from collector.model.clock import WallClock, rfc3339, rfc3339_or_none
from collector.model.errors import NotFound
from collector.model.reaction import Acknowledgement, Silence, SilenceKind
from collector.store.base import AuditEntry, Storage

LONGEST = timedelta(days=366)
MAX_WORDS = 500


def _me() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user in the container
        return "operator"


def _words(_: click.Context, option: click.Parameter, given: str | None) -> str | None:
    """One visible line, not empty."""
    from alerts.text import clean_line

    if given is None:
        return None
    words = clean_line(given, MAX_WORDS)
    if not words and option.required:
        raise click.BadParameter("is empty")
    return words


by_option = click.option("--by", default=_me, callback=_words, show_default="your user name", help="Who you are.")


@click.command("ack")
@click.argument("alert_id", type=click.IntRange(1, LARGEST_ID), metavar="ID")
@by_option
@click.option("--note", default="", callback=_words, help="What you are doing about it.")
@click.pass_obj
def ack(context: Context, alert_id: int, by: str, note: str) -> None:
    """Say that somebody has an alert in hand: it is quiet until it gets worse or ends.

    ID is the number that `siaga alerts` shows.
    """
    now = WallClock().now()
    with context.store() as store, store.transaction(durable=True):
        alert = store.alerts.get(alert_id)
        if alert.state is not AlertState.FIRING:
            raise NotFound(f"alert {alert_id} is over since {_when(alert.resolved_at, context.settings.timezone)}")
        before = store.reactions.acknowledged().get(alert_id)
        store.reactions.acknowledge(
            Acknowledgement(id=0, alert_id=alert_id, made_by=by or _me(), note=note, made_at=now, count=alert.count)
        )
        _audit(store, now, by, "ack", f"alert:{alert_id}", note)
    if before is not None:
        click.echo(f"It was acknowledged by {before.made_by} before; that is replaced.")
    click.echo(f"Alert {alert_id} is quiet until it gets worse than {alert.count} by a step, or ends: {alert.title}")


@click.group("silence")
def silence() -> None:
    """Tell nobody of a topic, a rule, an issue or a source for a while."""


@silence.command("add")
@click.option("--topic", metavar="ID", help="Alerts on this topic, and on issues that are all about it.")
@click.option("--rule", metavar="NAME", help="Alerts of this rule.")
@click.option("--issue", metavar="NUMBER", type=click.IntRange(1, LARGEST_ID), help="Alerts on this issue.")
@click.option("--source", metavar="NAME", help="Alerts that would not be there without this source (or publisher).")
@click.option("--comment", required=True, callback=_words, help="Why: shown wherever the silence is.")
@click.option("--for", "length", metavar="TIME", help="How long, such as 3d.")
@click.option(
    "--until", "until", metavar="WHEN", help='Until when, such as "2026-11-28 08:00", in the configured zone.'
)
@by_option
@click.pass_obj
def silence_add(
    context: Context,
    topic: str | None,
    rule: str | None,
    issue: int | None,
    source: str | None,
    comment: str,
    length: str | None,
    until: str | None,
    by: str,
) -> None:
    """Begin a silence. It ends by itself."""
    settings, now = context.settings, WallClock().now()
    given = {SilenceKind.TOPIC: topic, SilenceKind.RULE: rule, SilenceKind.ISSUE: issue, SilenceKind.SOURCE: source}
    chosen = [(kind, str(target)) for kind, target in given.items() if target is not None]
    if len(chosen) != 1:
        raise click.UsageError("name exactly one of --topic, --rule, --issue and --source")
    ((kind, target),) = chosen
    ends_at = _end(length, until, now, settings.timezone)
    with context.store() as store, store.transaction(durable=True):
        _must_exist(kind, target, settings, store)
        made = store.reactions.silence(
            Silence(id=0, kind=kind, target=target, comment=comment, made_by=by or _me(), made_at=now, ends_at=ends_at)
        )
        _audit(store, now, by, "silence", f"{kind.value}:{target}", f"until {rfc3339(ends_at)}: {comment}")
    click.echo(f"Silence {made.id} holds until {_when(ends_at, settings.timezone)}: {kind.value} {target}")
    click.echo(f"See: siaga silence list, siaga alerts --suppressed. End it: siaga silence expire {made.id}")


@silence.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that are over, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.pass_obj
def silence_list(context: Context, everything: bool, as_json: bool) -> None:
    """Show the silences in force, newest first, each with who, why and until when."""
    now, zone = WallClock().now(), context.settings.timezone
    with context.store() as store:
        found = store.reactions.silences(holding_at=None if everything else now, limit=100_000)
    if as_json:
        click.echo(json.dumps([_silence_json(one, now) for one in found], ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo("No silence was ever made." if everything else "No silence is in force.")
    for one in found:
        click.echo("\n".join(_silence_lines(one, now, zone)))


@silence.command("expire")
@click.argument("silence_id", type=click.IntRange(1, LARGEST_ID), metavar="ID")
@by_option
@click.pass_obj
def silence_expire(context: Context, silence_id: int, by: str) -> None:
    """End a silence now. ID is the number that `siaga silence list` shows."""
    now = WallClock().now()
    with context.store() as store, store.transaction(durable=True):
        ended = store.reactions.expire(silence_id, by or _me(), now)
        _audit(store, now, by, "silence-expire", f"{ended.kind.value}:{ended.target}", "")
    click.echo(f"Silence {silence_id} is over: {ended.kind.value} {ended.target}. What still spikes is told again.")


# ---------------------------------------------------------------- what was asked for


def _end(length: str | None, until: str | None, now: datetime, zone: tzinfo) -> datetime:
    if (length is None) == (until is None):
        raise click.UsageError("say how long: one of --for and --until")
    if length is not None:
        try:
            ends_at = now + duration(length)
        except (ValueError, OverflowError):
            raise click.UsageError(f"--for: {length} is no length of time; expected {EXPECTED}") from None
    else:
        ends_at = _moment(str(until), zone)
    if not now < ends_at <= now + LONGEST:
        raise click.UsageError("a silence ends in the future, within 366 days")
    return ends_at


def _moment(text: str, zone: tzinfo) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f'--until: {text} is no time; expected such as "2026-11-28 08:00"') from None
    return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).astimezone(UTC)


def _must_exist(kind: SilenceKind, target: str, settings: Settings, store: Storage) -> None:
    if kind is SilenceKind.ISSUE:
        store.issues.get(int(target))
        return
    known = {
        SilenceKind.TOPIC: [topic.id for topic in settings.topics],
        SilenceKind.RULE: [rule.name for rule in settings.rules],
        SilenceKind.SOURCE: [source.id for source in settings.sources],
    }[kind]
    if target not in known and not (kind is SilenceKind.SOURCE and "." in target):
        raise click.UsageError(_no_such(kind, target, known))


def _no_such(kind: SilenceKind, target: str, known: Sequence[str]) -> str:
    near = get_close_matches(target, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"no {kind.value} {target} in sources.yaml; there are: {', '.join(known[:20]) or 'none'}.{hint}"


def _audit(store: Storage, now: datetime, by: str, action: str, subject: str, detail: str) -> None:
    store.audit.write(AuditEntry(at=now, actor=by or _me(), action=action, subject=subject, detail=detail))


# ---------------------------------------------------------------- shown


def _silence_lines(silence: Silence, now: datetime, zone: tzinfo) -> list[str]:
    state = _state(silence, now)
    until = f"until {_when(silence.ends_at, zone)}"
    if silence.expired_at is not None:
        until = f"ended {_when(silence.expired_at, zone)} by {silence.expired_by}"
    return [
        f"{silence.id:>5}  {state:8}  {silence.kind.value} {silence.target}, {until}",
        f"       {silence.comment} ({silence.made_by}, {_when(silence.made_at, zone)})",
    ]


def _state(silence: Silence, now: datetime) -> str:
    if silence.holds_at(now):
        return "HOLDS"
    return "EXPIRED" if silence.expired_at else "OVER"


def _silence_json(silence: Silence, now: datetime) -> Mapping[str, object]:
    return {
        "id": silence.id,
        "kind": silence.kind,
        "target": silence.target,
        "comment": silence.comment,
        "made_by": silence.made_by,
        "made_at": rfc3339(silence.made_at),
        "ends_at": rfc3339(silence.ends_at),
        "expired_at": rfc3339_or_none(silence.expired_at),
        "expired_by": silence.expired_by,
        "holds": silence.holds_at(now),
    }


def _when(moment: datetime | None, zone: tzinfo) -> str:
    return "—" if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"
