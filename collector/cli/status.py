"""``status``: is the watching well? For people, for programs (``--json``) and for a container's health check."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Context
from collector.config.settings import Settings
from collector.model.alert import DeliveryState
from collector.model.clock import WallClock, rfc3339_or_none
from collector.model.errors import ConfigError, SiagaError
from collector.model.heartbeat import BEAT, STOPPED, Heartbeat
from collector.model.source import SourceState
from collector.store.base import ItemCounts, Storage, StoreFacts

if TYPE_CHECKING:
    from alerts.cold_start import Waiting

NAMED = 10  # sources named per line


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything the verb shows. ``unpolled`` sources wait for their first poll, ``waiting`` rules for enough past;
    ``gone`` receivers want no more messages, since when."""

    healthy: int
    failing: tuple[SourceState, ...]
    quiet: tuple[str, ...]
    unpolled: int
    last_poll_at: datetime | None
    heartbeat: Heartbeat
    today: ItemCounts
    firing: tuple[str, ...]
    deliveries: Mapping[DeliveryState, int]
    gone: Mapping[str, datetime]
    waiting: tuple[Waiting, ...]
    database: Path
    facts: StoreFacts


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--probe", is_flag=True, help="One line; exit 0 if a daemon is at work on the database, else 1.")
@click.pass_obj
def status(context: Context, as_json: bool, probe: bool) -> None:
    """Show sources, today's items, alerts, messages and the database at a glance."""
    now = WallClock().now()
    if probe:
        _probe(context, now)
        return
    settings = context.settings
    _require_database(settings.database)
    with context.store() as store:
        found = look(settings, store, now)
    if as_json:
        click.echo(json.dumps(_as_json(found, now), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(found, settings, now)))


def look(settings: Settings, store: Storage, now: datetime) -> Status:
    """Ask the store. Today begins at midnight in the configured zone. Disabled sources are left out."""
    from alerts.cold_start import waiting
    from alerts.digest import is_quiet
    from alerts.hold import gone_since
    from collector.app.detectors import build_detectors
    from collector.app.receivers import receiver_entries

    enabled = {source.id: source for source in settings.sources if source.enabled}
    states = [state for state in store.sources.states() if state.source_id in enabled]
    failing = tuple(sorted((s for s in states if s.failures), key=lambda s: -s.failures))
    quiet = tuple(s.source_id for s in states if not s.failures and is_quiet(enabled[s.source_id], s, now))
    polled = [state for state in states if state.last_poll_at is not None]
    midnight = now.astimezone(settings.timezone).replace(hour=0, minute=0, second=0, microsecond=0)
    return Status(
        healthy=len(polled) - len(failing) - len(quiet),
        failing=failing,
        quiet=quiet,
        unpolled=len(enabled) - len(polled),
        last_poll_at=max((s.last_poll_at for s in polled if s.last_poll_at), default=None),
        heartbeat=_heartbeat_in(store),
        today=store.items.counts(midnight),
        firing=tuple(alert.title for alert in store.alerts.firing()),
        deliveries=store.outbox.counts(),
        gone=gone_since(store, receiver_entries(settings)),
        waiting=waiting(store, settings.rules, build_detectors(settings), now),
        database=settings.database,
        facts=store.facts(),
    )


def _heartbeat_in(store: Storage) -> Heartbeat:
    return Heartbeat.from_texts(store.meta(BEAT), store.meta(STOPPED))


def _require_database(path: Path) -> None:
    if not path.exists():
        click.echo(f"No database yet at {path}: nothing was collected. Start with: siaga once", err=True)
        raise SystemExit(1)


# ---------------------------------------------------------------- probe


def _probe(context: Context, now: datetime) -> None:
    try:
        heartbeat = _heartbeat(_database(context))
    except SiagaError as error:
        click.echo(f"not well: {str(error).splitlines()[0]}")
        raise SystemExit(1) from None
    if not heartbeat.is_alive(now):
        click.echo(f"not well: no daemon at work ({_since(heartbeat, now)})")
        raise SystemExit(1)
    click.echo("well: the daemon is at work")


def _database(context: Context) -> Path:
    """A daemon goes on with its last good configuration while the edited file is wrong: then ask beside the file."""
    if context.database_path is not None:
        return context.database_path
    try:
        return context.settings.database
    except ConfigError:
        beside = context.config_path.parent / "siaga.db"
        if not beside.exists():
            raise
        return beside


def _heartbeat(database: Path) -> Heartbeat:
    from collector.store.sqlite.connection import QUICK_S
    from collector.store.sqlite.store import SqliteStore

    if not database.exists():
        return Heartbeat()
    with SqliteStore(database, patience_s=QUICK_S) as store:
        return _heartbeat_in(store)


# ---------------------------------------------------------------- for people


def _lines(found: Status, settings: Settings, now: datetime) -> list[str]:
    from alerts.text import clean_line

    deliveries = found.deliveries
    titles = "".join(f"\n{'':11}{clean_line(title)}" for title in found.firing[:NAMED])
    rows = [
        ("daemon", _daemon(found, now)),
        ("sources", f"{found.healthy} healthy, {len(found.failing)} failing, {len(found.quiet)} quiet"),
        *((("", f"{found.unpolled} not polled yet"),) if found.unpolled else ()),
        *(("failing", _failure(state)) for state in found.failing[:NAMED]),
        *((("", f"... and {len(found.failing) - NAMED} more"),) if len(found.failing) > NAMED else ()),
        *((("quiet", ", ".join(found.quiet[:NAMED])),) if found.quiet else ()),
        ("last poll", _when(found.last_poll_at, settings, now)),
        ("today", f"{found.today.items} items, {found.today.mentions} mentions, {found.today.suspicious} suspicious"),
        ("alerts", f"{len(found.firing)} firing{titles}"),
        *((("history", _waiting(found.waiting)),) if found.waiting else ()),
        ("messages", f"{deliveries[DeliveryState.PENDING]} waiting, {deliveries[DeliveryState.DEAD]} undeliverable"),
        *((("disabled", _gone(found.gone)),) if found.gone else ()),
        ("database", f"{found.database} ({_size(found.facts.size_bytes)})"),
        ("", f"{found.facts.engine}, schema {found.facts.schema}"),
    ]
    lines = [f"{name:<11}{text}" for name, text in rows]
    if deliveries[DeliveryState.DEAD]:
        lines.append("\nSee undeliverable messages with: siaga alerts --dead")
    return lines


def _gone(receivers: Mapping[str, datetime]) -> str:
    names = ", ".join(f"{name} ({since:%Y-%m-%d})" for name, since in sorted(receivers.items()))
    return f"{names}: answered 410 Gone; messages wait for a new address or siaga resend ID"


def _waiting(rules: Sequence[Waiting]) -> str:
    """Rules that wait for the same day share a line."""
    by_reason: dict[str, list[str]] = {}
    for rule in rules:
        by_reason.setdefault(rule.why.en, []).append(rule.rule)
    return f"\n{'':11}".join(f"{', '.join(names)}: {_lowered(why)}" for why, names in by_reason.items())


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _daemon(found: Status, now: datetime) -> str:
    if found.heartbeat.is_alive(now):
        return "at work"
    return f"not running ({_since(found.heartbeat, now)})"


def _since(heartbeat: Heartbeat, now: datetime) -> str:
    """What is known of a daemon that is not at work."""
    if heartbeat.ended and heartbeat.stopped_at is not None:
        return f"stopped {_ago(heartbeat.stopped_at, now)}"
    if heartbeat.beat_at is None:
        return "never started on this database"
    return f"last sign of life {_ago(heartbeat.beat_at, now)}"


def _failure(state: SourceState) -> str:
    from alerts.text import clean_line

    times = "once" if state.failures == 1 else f"{state.failures} times"
    return f"{state.source_id} ({times}): {clean_line(state.last_error or 'unknown', 120)}"


def _when(moment: datetime | None, settings: Settings, now: datetime) -> str:
    if moment is None:
        return "never"
    return f"{moment.astimezone(settings.timezone):%Y-%m-%d %H:%M} ({_ago(moment, now)})"


def _ago(moment: datetime, now: datetime) -> str:
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // 1440} days ago"


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes < 1e9 else f"{size_bytes / 1e9:.2f} GB"


# ---------------------------------------------------------------- for programs


def _as_json(found: Status, now: datetime) -> Mapping[str, object]:
    return {
        "daemon_alive": found.heartbeat.is_alive(now),
        "heartbeat_at": rfc3339_or_none(found.heartbeat.beat_at),
        "sources": {
            "healthy": found.healthy,
            "failing": {state.source_id: state.last_error for state in found.failing},
            "quiet": list(found.quiet),
            "unpolled": found.unpolled,
        },
        "last_poll_at": rfc3339_or_none(found.last_poll_at),
        "today": {
            "items": found.today.items,
            "mentions": found.today.mentions,
            "suspicious": found.today.suspicious,
        },
        "alerts_firing": list(found.firing),
        "not_enough_history": {rule.rule: rule.why.en for rule in found.waiting},
        "deliveries": {state.value: count for state, count in found.deliveries.items()},
        "receivers_gone": {name: rfc3339_or_none(since) for name, since in found.gone.items()},
        "database": {
            "path": str(found.database),
            "size_bytes": found.facts.size_bytes,
            "engine": found.facts.engine,
            "schema": found.facts.schema,
        },
    }
