"""Behind a signed link: a question first, and only the answer acts. A mail scanner's GET changes nothing."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from alerts.links import Action, ActionKind, LinkRefused, read
from collector.model.alert import AlertState
from collector.web import acts, words
from collector.web.asking import the_desk, the_visitor
from collector.web.pages.now import name_of

page = Blueprint("confirm", __name__)
KINDS = "<any(ack, silence):kind>"


@page.get(f"/{KINDS}/<token>")
def ask(kind: str, token: str) -> Response | tuple[str, int] | str:
    """Shows what would be done. HEAD is answered by this too."""
    found = _read(kind, token)
    return found if isinstance(found, tuple) else _question(found)


@page.post(f"/{KINDS}/<token>")
def act(kind: str, token: str) -> tuple[str, int] | str:
    found = _read(kind, token)
    if isinstance(found, tuple):
        return found
    desk = the_desk()
    alert = desk.store.alerts.get(found.alert_id)
    who, note = request.form.get("by", "").strip()[:60], request.form.get("note", "").strip()[:500]
    missing = _missing(found, who, note)
    if missing:
        return _question(found, who=who, note=note, missing=missing), 400
    if found.kind is ActionKind.ACK:
        acts.acknowledge(desk, alert, by=who, note=note)
    else:
        acts.silence(desk, alert, by=who, comment=note, lasts=acts.silence_length(request.form.get("hours")))
    return render_template(
        "confirmed.html", title=words.say("done", the_visitor().language), kind=found.kind.value, alert=alert
    )


def _read(kind: str, token: str) -> Action | tuple[str, int]:
    desk, language = the_desk(), the_visitor().language
    try:
        action = read(token, desk.store.signing_key(), desk.now())
    except LinkRefused as refused:
        why = refused.why.in_language(language)
        return render_template("refusal.html", status=403, why=why), 403
    if action.kind.value != kind:
        return render_template("refusal.html", status=404, why=words.REFUSALS[404].in_language(language)), 404
    return action


def _missing(action: Action, who: str, note: str) -> str | None:
    if not who:
        return "missing_name"
    return "missing_comment" if action.kind is ActionKind.SILENCE and not note else None


def _question(action: Action, *, who: str = "", note: str = "", missing: str | None = None) -> str:
    desk, visitor = the_desk(), the_visitor()
    alert = desk.store.alerts.get(action.alert_id)
    return render_template(
        "confirm.html",
        title=words.say(f"{action.kind.value}_title", visitor.language),
        kind=action.kind.value,
        alert=alert,
        name=name_of(desk, alert, visitor.language),
        over=alert.state is AlertState.RESOLVED,
        held=desk.store.reactions.acknowledged().get(alert.id),
        hours=acts.SILENCE_HOURS,
        lasts=timedelta(hours=acts.SILENCE_HOURS[0]),
        who=who or visitor.name or "",
        note=note,
        missing=missing,
        ends_at=action.ends_at,
    )
