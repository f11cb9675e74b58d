"""What people do on the page: each act is a short transaction, with the person's name and a row in the audit."""

from __future__ import annotations

from datetime import timedelta

from collector.model.alert import Alert
from collector.model.reaction import Acknowledgement, Silence, SilenceKind
from collector.store.base import AuditEntry
from collector.web.desk import Desk

SILENCE_HOURS = (6, 24, 72, 168)


def acknowledge(desk: Desk, alert: Alert, *, by: str, note: str) -> None:
    """Quiet until it gets worse, or ends."""
    now = desk.now()
    ack = Acknowledgement(id=0, alert_id=alert.id, made_by=by, note=note, made_at=now, count=alert.count)
    with desk.store.transaction(durable=True):
        desk.store.reactions.acknowledge(ack)
        _write(desk, by, "ack", f"alert:{alert.id}", note)


def silence(desk: Desk, alert: Alert, *, by: str, comment: str, lasts: timedelta) -> None:
    """Of what the alert is about: its topic or its issue."""
    now = desk.now()
    kind = SilenceKind.ISSUE if alert.subject.kind == "issue" else SilenceKind.TOPIC
    wanted = Silence(
        id=0, kind=kind, target=alert.subject.id, comment=comment, made_by=by, made_at=now, ends_at=now + lasts
    )
    with desk.store.transaction(durable=True):
        desk.store.reactions.silence(wanted)
        _write(desk, by, "silence", f"{kind.value}:{alert.subject.id}", comment)


def silence_length(given: str | None) -> timedelta:
    """One of those offered; the shortest where something else was sent."""
    hours = next((hours for hours in SILENCE_HOURS if str(hours) == given), SILENCE_HOURS[0])
    return timedelta(hours=hours)


def _write(desk: Desk, by: str, action: str, subject: str, detail: str) -> None:
    desk.store.audit.write(AuditEntry(at=desk.now(), actor=by, action=action, subject=subject, detail=detail))
