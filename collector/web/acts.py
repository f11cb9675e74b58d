"""What people do on the page: each act is a short transaction, with the person's name and a row in the audit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from collector.ledger.tip import Tip, TipAnswer
from collector.model.alert import Alert
from collector.model.judgement import Verdict
from collector.model.ledger import ActionKind, Precision
from collector.model.reaction import Acknowledgement, Silence, SilenceKind
from collector.store.base import AuditEntry
from collector.store.ledger import ActionDraft
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


def end_silence(desk: Desk, silence_id: int, *, by: str) -> None:
    """Sooner than it would. Raises NotFound."""
    with desk.store.transaction(durable=True):
        ended = desk.store.reactions.expire(silence_id, by, desk.now())
        _write(desk, by, "silence expire", f"{ended.kind.value}:{ended.target}", "")


def give_verdict(
    desk: Desk, issue_id: int, verdict: Verdict, *, by: str, note: str = "", link: str | None = None
) -> None:
    """A person's finding. Another one than before is a correction: whoever was told is told again. Raises NotFound."""
    with desk.store.transaction(durable=True):
        desk.app.desk.verdict(issue_id, verdict, note=note, actor=by, now=desk.now(), link=link)
        _write(desk, by, "verdict", f"issue:{issue_id}", verdict.value)


def rename(desk: Desk, issue_id: int, title: str, *, by: str) -> None:
    """Raises NotFound."""
    with desk.store.transaction(durable=True):
        desk.app.desk.rename(issue_id, title, why="", actor=by, now=desk.now())
        _write(desk, by, "rename", f"issue:{issue_id}", title)


def merge(desk: Desk, issue_ids: Sequence[int], into: int, *, by: str, why: str) -> None:
    """All of them become part of one: one transaction. Raises NotFound, StoreError."""
    with desk.store.transaction(durable=True):
        for issue_id in issue_ids:
            desk.app.desk.merge(issue_id, into, why=why, actor=by, now=desk.now())
            _write(desk, by, "merge", f"issue:{issue_id}", str(into))


def enter_action(desk: Desk, issue_id: int, kind: ActionKind, *, by: str, note: str, link: str | None) -> None:
    """What was done about an issue, now. Raises NotFound."""
    now = desk.now()
    draft = ActionDraft(issue_id=issue_id, kind=kind, at=now, precision=Precision.TIME, by=by, note=note, link=link)
    with desk.store.transaction(durable=True):
        desk.app.desk.act(draft, actor=by, now=now)
        _write(desk, by, "action", f"issue:{issue_id}", kind.value)


def take_tip(desk: Desk, tip: Tip, *, by: str) -> TipAnswer:
    """A claim that somebody passed on. Raises TipUnreadable, NotFound where it was removed on request."""
    answer = desk.app.tips.take(tip, desk.now())
    _write(desk, by, "tip", f"item:{answer.item.item.id}", tip.sender or "")
    return answer


def silence_length(given: str | None) -> timedelta:
    """One of those offered; the shortest where something else was sent."""
    hours = next((hours for hours in SILENCE_HOURS if str(hours) == given), SILENCE_HOURS[0])
    return timedelta(hours=hours)


def _write(desk: Desk, by: str, action: str, subject: str, detail: str) -> None:
    desk.store.audit.write(AuditEntry(at=desk.now(), actor=by, action=action, subject=subject, detail=detail))
