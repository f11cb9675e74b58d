"""``alerts``, ``resend``, ``test-alert``: what was raised, what became of the messages, and does a receiver work."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from difflib import get_close_matches
from uuid import uuid4

import click

from collector.cli.context import LARGEST_ID, Context
from collector.model.alert import Alert, AlertEvent, Delivery, DeliveryState
from collector.model.clock import WallClock, rfc3339_or_none
from collector.model.errors import ChannelError
from collector.model.reaction import Acknowledgement
from collector.model.withheld import Hold, Withheld
from collector.store.base import AuditEntry, Storage

SHOWN = 20


@click.command("alerts")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option("--all", "everything", is_flag=True, help=f"All alerts, not only the newest {SHOWN}.")
@click.option("--dead", is_flag=True, help="Only messages that could not be delivered (see: siaga resend).")
@click.option("--suppressed", is_flag=True, help="Only what receivers are not told now: why, and until when.")
@click.pass_obj
def alerts(context: Context, as_json: bool, everything: bool, dead: bool, suppressed: bool) -> None:
    """List alerts, newest first, each with its events and its messages."""
    zone = context.settings.timezone
    context.tell_if_new()
    with context.store() as store:
        if suppressed:
            _show_suppressed(store, zone, as_json)
        elif dead:
            _show_dead(store, zone, as_json)
        else:
            _show_alerts(store, zone, as_json, everything)


@click.command("resend")
@click.argument("delivery_id", type=click.IntRange(1, LARGEST_ID), metavar="ID")
@click.pass_obj
def resend(context: Context, delivery_id: int) -> None:
    """Try an undeliverable message again. ID is the number that `siaga alerts --dead` shows."""
    from alerts.hold import release

    now = WallClock().now()
    freed = False
    with context.store() as store:
        dead = {delivery.id: delivery for delivery in store.outbox.list(dead_only=True, limit=100_000)}
        store.outbox.resend(delivery_id, now)
        if delivery_id in dead:
            freed = release(store, dead[delivery_id].receiver)
        store.audit.write(
            AuditEntry(at=now, actor="operator", action="resend", subject=f"delivery:{delivery_id}", detail="")
        )
    click.echo(f"Message {delivery_id} waits again. A running daemon sends it within seconds; else: siaga once")
    if freed:
        click.echo(f"{dead[delivery_id].receiver} is no longer disabled: what waits for it is tried too")


@click.command("test-alert")
@click.argument("receiver")
@click.option(
    "--kind", type=click.Choice(["firing", "resolved"]), default="firing", show_default=True, help="What to pretend."
)
@click.pass_obj
def test_alert(context: Context, receiver: str, kind: str) -> None:
    """Send a test message to RECEIVER through the real renderer, signer and sender; nothing is stored."""
    from alerts.sample import sample_notice
    from collector.app.receivers import build_channels, build_renderer

    settings = context.settings
    if settings.receiver(receiver) is None:
        raise click.UsageError(_no_such_receiver(receiver, [one.name for one in settings.receivers]))
    now = WallClock().now()
    message = build_renderer(settings).render(sample_notice(now, resolved=kind == "resolved"))
    channel = build_channels(settings)[receiver]
    click.echo(f"Sending to {receiver}: {message.subject}", err=True)
    try:
        receipt = channel.send(message, str(uuid4()), now=now)
    except ChannelError as error:
        again = "trying again cannot help" if error.permanent else "it would be tried again later"
        click.echo(f"Not delivered: {error.reason} ({again})", err=True)
        raise SystemExit(1) from None
    click.echo(f"Delivered. The receiver answered: {receipt.answer}")
    if receipt.refused:
        for refusal in receipt.refused:
            click.echo(f"Not delivered to {refusal.address}: {refusal.reason}", err=True)
        raise SystemExit(1)


def _no_such_receiver(name: str, known: list[str]) -> str:
    if not known:
        return "sources.yaml names no receivers"
    near = get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"no receiver {name} in sources.yaml; there are: {', '.join(known)}.{hint}"


# ---------------------------------------------------------------- alerts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """An alert with what became of it."""

    alert: Alert
    events: tuple[AlertEvent, ...]
    deliveries: tuple[Delivery, ...]
    acks: tuple[Acknowledgement, ...]
    unsent: tuple[Withheld, ...]


def _told(store: Storage, alert: Alert) -> _Told:
    return _Told(
        alert=alert,
        events=store.alerts.events(alert.id),
        deliveries=store.outbox.list(alert_id=alert.id, limit=1000),
        acks=store.reactions.acknowledgements(alert.id),
        unsent=tuple(row for row in store.withheld.of_alert(alert.id) if row.delivery_id is None),
    )


def _show_alerts(store: Storage, zone: tzinfo, as_json: bool, everything: bool) -> None:
    whole = [_told(store, alert) for alert in store.alerts.list(limit=100_000 if everything else SHOWN)]
    if as_json:
        click.echo(json.dumps([_alert_json(told) for told in whole], ensure_ascii=False, indent=2))
        return
    if not whole:
        click.echo("No alert was raised yet.")
    for told in whole:
        click.echo("\n".join(_alert_lines(told, zone)))


def _alert_lines(told: _Told, zone: tzinfo) -> list[str]:
    from alerts.text import clean_line

    alert = told.alert
    ended = f", ended {_when(alert.resolved_at, zone)}" if alert.resolved_at else ""
    life = f"began {_when(alert.opened_at, zone)}{ended}, peak {alert.peak}"
    return [
        f"{alert.id:>5}  {alert.state.upper():8}  {clean_line(alert.title)}",
        f"       rule {alert.rule}, level {alert.level}, {life}",
        *(f"       {_when(event.at, zone)}  {_event_line(event)}" for event in told.events),
        *(f"       {_ack_line(ack, zone)}" for ack in told.acks),
        *(f"       -> {_delivery_line(delivery, zone)}" for delivery in told.deliveries),
        *(f"       -- {_withheld_line(row, zone)}" for row in told.unsent),
        "",
    ]


def _event_line(event: AlertEvent) -> str:
    from alerts.text import clean_line

    told = f"not told ({event.hold.value}): " if event.hold is not None else ""
    return f"{event.reason:8}  {told}{clean_line(event.text, 500)}"


def _ack_line(ack: Acknowledgement, zone: tzinfo) -> str:
    note = f": {ack.note}" if ack.note else ""
    ended = f" (until {_when(ack.ended_at, zone)}: {ack.ended_because})" if ack.ended_at else ""
    return f"{_when(ack.made_at, zone)}  acknowledged by {ack.made_by}{note}{ended}"


def _withheld_line(row: Withheld, zone: tzinfo) -> str:
    until = "until it gets worse or ends" if row.hold is Hold.ACKNOWLEDGED else ""
    until = f"until {_when(row.until_at, zone)}" if row.until_at is not None else until
    return f"{row.receiver}: {row.reason} {row.hold.value} {until}".rstrip() + f". {row.why}"


def _show_suppressed(store: Storage, zone: tzinfo, as_json: bool) -> None:
    rows = store.withheld.suppressed(WallClock().now(), limit=100_000)
    if as_json:
        click.echo(json.dumps([_withheld_json(row) for row in rows], ensure_ascii=False, indent=2))
        return
    if not rows:
        click.echo("Nothing is kept back: receivers are told of everything.")
    for row in rows:
        title = store.alerts.get(row.alert_id).title
        click.echo(f"{row.alert_id:>5}  {_withheld_line(row, zone)}\n       {title} ({_when(row.made_at, zone)})")


def _ack_json(ack: Acknowledgement) -> Mapping[str, object]:
    return {
        "made_by": ack.made_by,
        "note": ack.note,
        "made_at": rfc3339_or_none(ack.made_at),
        "count": ack.count,
        "ended_at": rfc3339_or_none(ack.ended_at),
        "ended_because": ack.ended_because,
    }


def _withheld_json(row: Withheld) -> Mapping[str, object]:
    return {
        "alert_id": row.alert_id,
        "receiver": row.receiver,
        "reason": row.reason,
        "hold": row.hold,
        "why": row.why,
        "made_at": rfc3339_or_none(row.made_at),
        "until_at": rfc3339_or_none(row.until_at),
        "settled_at": rfc3339_or_none(row.settled_at),
        "delivery_id": row.delivery_id,
    }


def _delivery_line(delivery: Delivery, zone: tzinfo) -> str:
    from alerts.text import clean_line

    error = clean_line(delivery.last_error or "", 500)
    to = f"{delivery.receiver} ({delivery.recipient})" if delivery.recipient else delivery.receiver
    head = f"[{delivery.id}] {to}: {delivery.reason}"
    if delivery.state is DeliveryState.SENT:
        return f"{head} sent {_when(delivery.sent_at, zone)}"
    if delivery.state is DeliveryState.DEAD:
        times = "attempt" if delivery.attempts == 1 else "attempts"
        return f"{head} UNDELIVERABLE after {delivery.attempts} {times}: {error}"
    if delivery.attempts == 0:
        return f"{head} waiting"
    return f"{head} next try {_when(delivery.not_before_at, zone)}, {delivery.attempts} failed: {error}"


def _show_dead(store: Storage, zone: tzinfo, as_json: bool) -> None:
    dead = store.outbox.list(dead_only=True, limit=100_000)
    if as_json:
        click.echo(json.dumps([_delivery_json(delivery) for delivery in dead], ensure_ascii=False, indent=2))
        return
    if not dead:
        click.echo("Every message was delivered or is still being tried.")
    for delivery in dead:
        about = f"alert {delivery.alert_id}" if delivery.alert_id else "to the operator"
        click.echo(f"{_delivery_line(delivery, zone)} ({about}, made {_when(delivery.created_at, zone)})")


def _when(moment: datetime | None, zone: tzinfo) -> str:
    return "—" if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"


# ---------------------------------------------------------------- json


def _alert_json(told: _Told) -> Mapping[str, object]:
    alert = told.alert
    return {
        "id": alert.id,
        "key": alert.key,
        "rule": alert.rule,
        "subject": str(alert.subject),
        "measure": alert.measure,
        "state": alert.state,
        "level": alert.level,
        "title": alert.title,
        "summary": alert.summary,
        "opened_at": rfc3339_or_none(alert.opened_at),
        "last_spike_at": rfc3339_or_none(alert.last_spike_at),
        "resolved_at": rfc3339_or_none(alert.resolved_at),
        "count": alert.count,
        "peak": alert.peak,
        "expected": alert.expected,
        "limit": alert.limit,
        "publishers": alert.publishers,
        "window_hours": alert.window.total_seconds() / 3600,
        "detector": alert.detector,
        "detector_version": alert.detector_version,
        "events": [
            {
                "at": rfc3339_or_none(event.at),
                "reason": event.reason,
                "count": event.count,
                "text": event.text,
                "hold": event.hold,
            }
            for event in told.events
        ],
        "acknowledgements": [_ack_json(ack) for ack in told.acks],
        "deliveries": [_delivery_json(delivery) for delivery in told.deliveries],
        "withheld": [_withheld_json(row) for row in told.unsent],
    }


def _delivery_json(delivery: Delivery) -> Mapping[str, object]:
    return {
        "id": delivery.id,
        "alert_id": delivery.alert_id,
        "receiver": delivery.receiver,
        "recipient": delivery.recipient,
        "reason": delivery.reason,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "created_at": rfc3339_or_none(delivery.created_at),
        "not_before_at": rfc3339_or_none(delivery.not_before_at),
        "sent_at": rfc3339_or_none(delivery.sent_at),
        "last_error": delivery.last_error,
        "key": delivery.dedup_key,
    }
