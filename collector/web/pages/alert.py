"""One alert: its picture, its evidence, why it spoke, who was told, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from alerts import catalogue
from alerts.notice import from_json
from alerts.text import clean_paragraph
from collector.model.alert import Alert, AlertState, Delivery
from collector.model.errors import NotFound
from collector.model.ledger import LedgerIssue
from collector.model.phrase import Language
from collector.model.reaction import Silence, SilenceKind
from collector.store.base import JudgedItem
from collector.web import acts, bars, words
from collector.web.asking import editors_only, number_of, the_desk, the_visitor
from collector.web.desk import Desk
from collector.web.exhibits import lines_of
from collector.web.pages.now import name_of
from collector.web.recent import Watch, days_of_alert

page = Blueprint("alert", __name__)
SHOWN, MOST_SHOWN = 10, 200
DELIVERIES_SHOWN = 20
ISSUES_SHOWN = 5


@page.get("/alert/<number>")
def show(number: str) -> str:
    desk, visitor = the_desk(), the_visitor()
    alert = desk.store.alerts.get(number_of(number))
    language, now, store = visitor.language, desk.now(), desk.store
    days = days_of_alert(desk, alert, now, Watch(desk))
    name = name_of(desk, alert, language)
    evidence = store.overview.items(store.alerts.evidence(alert.id)[-MOST_SHOWN:])
    ranked = sorted(evidence, key=lambda one: (-one.judgement.suspicion, -one.item.id))
    shown = MOST_SHOWN if request.args.get("all") else SHOWN
    deliveries = store.overview.deliveries(alert.id, DELIVERIES_SHOWN)
    acks = store.reactions.acknowledgements(alert.id)
    return render_template(
        "alert.html",
        title=name,
        alert=alert,
        firing=alert.state is AlertState.FIRING,
        days=days,
        picture=bars.large(days, f"{name}: {words.picture_label(days, language)}", language),
        why=_why(alert, deliveries, language),
        evidence=lines_of(desk, ranked[:shown], language),
        more=len(ranked) - shown,
        issues=_issues(desk, ranked),
        verdict_words=catalogue.VERDICTS,
        events=store.alerts.events(alert.id),
        deliveries=deliveries,
        acks=acks,
        held=next((ack for ack in acks if ack.ended_at is None), None),
        silences=_silences(desk, alert),
        hours=acts.SILENCE_HOURS,
    )


def _why(alert: Alert, deliveries: Sequence[Delivery], language: Language) -> str:
    """As the last message said it, which has both languages; else as the alert was summed up."""
    for delivery in deliveries:
        try:
            return clean_paragraph(from_json(delivery.notice).why.in_language(language))
        except (ValueError, KeyError, TypeError):  # of an older or newer Siaga
            continue
    return clean_paragraph(alert.summary)


def _issues(desk: Desk, items: Sequence[JudgedItem]) -> list[tuple[LedgerIssue, int]]:
    """The claims behind the evidence, those with most items first."""
    counted = Counter(one.item.issue_id for one in items if one.item.issue_id is not None)
    found = []
    for issue_id, many in counted.most_common(ISSUES_SHOWN):
        try:
            found.append((desk.store.ledger.get(issue_id), many))
        except NotFound:  # merged or pruned a moment ago
            continue
    return found


def _silences(desk: Desk, alert: Alert) -> list[Silence]:
    """Those that hold on this alert's subject or rule."""
    about = {(SilenceKind.TOPIC, alert.subject.id), (SilenceKind.RULE, alert.rule)}
    if alert.subject.kind == "issue":
        about = {(SilenceKind.ISSUE, alert.subject.id), (SilenceKind.RULE, alert.rule)}
    holding = desk.store.reactions.silences(holding_at=desk.now())
    return [silence for silence in holding if (silence.kind, silence.target) in about]


@page.post("/alert/<number>/ack")
@editors_only
def acknowledge(number: str) -> Response:
    desk, alert = the_desk(), the_desk().store.alerts.get(number_of(number))
    if alert.state is AlertState.FIRING:
        acts.acknowledge(desk, alert, by=the_visitor().name or "", note=_note())
    return redirect(url_for("alert.show", number=alert.id) + "#acts", 303)


@page.post("/alert/<number>/silence")
@editors_only
def silence(number: str) -> Response:
    desk, alert, comment = the_desk(), the_desk().store.alerts.get(number_of(number)), _note()
    if not comment:
        abort(400)
    lasts = acts.silence_length(request.form.get("hours"))
    acts.silence(desk, alert, by=the_visitor().name or "", comment=comment, lasts=lasts)
    return redirect(url_for("alert.show", number=alert.id) + "#acts", 303)


@page.post("/alert/<number>/unsilence/<silence_number>")
@editors_only
def end_silence(number: str, silence_number: str) -> Response:
    acts.end_silence(the_desk(), number_of(silence_number), by=the_visitor().name or "")
    return redirect(url_for("alert.show", number=number_of(number)) + "#acts", 303)


def _note() -> str:
    return request.form.get("note", "").strip()[:500]
