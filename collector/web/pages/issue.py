"""One issue: its claim, who carries it, what a person found, what was done, who was told."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from alerts import catalogue
from alerts.text import clean_line, web_address
from collector.model.clock import HOUR
from collector.model.judgement import Verdict
from collector.model.ledger import ActionKind, EventKind, IssueEvent, IssueState
from collector.model.phrase import Language
from collector.web import acts, bars, words
from collector.web.asking import editors_only, number_of, the_desk, the_visitor
from collector.web.exhibits import lines_of
from collector.web.recent import days_of_issue

page = Blueprint("issue", __name__)
SHOWN, MOST_SHOWN = 10, 200
TOLD_SHOWN = 30
CHANNELS = frozenset({"alert", "correction", "partner", "bulletin", "tip"})


@page.get("/issue/<number>")
def show(number: str) -> str | Response:
    desk, language = the_desk(), the_visitor().language
    store, now = desk.store, desk.now()
    issue = store.ledger.get(number_of(number))
    if issue.merged_into is not None:
        return redirect(url_for("issue.show", number=issue.merged_into), 302)
    shown = MOST_SHOWN if request.args.get("all") else SHOWN
    items = store.overview.items_of_issue(issue.id, shown)
    end = min(now, issue.last_seen_at + 3 * 24 * HOUR)
    days = days_of_issue(desk, issue.id, end)
    return render_template(
        "issue.html",
        title=clean_line(issue.title, 120) or "—",
        issue=issue,
        days=days,
        picture=bars.large(days, words.picture_label(days, language), language),
        items=lines_of(desk, items, language),
        more=issue.items - len(items) if len(items) == shown else 0,
        verdicts=[(one, catalogue.VERDICTS[one].in_language(language)) for one in Verdict],
        verdict_words=catalogue.VERDICTS,
        history=store.ledger.history(issue.id),
        changed=lambda event: _changed(event, language),
        actions=store.ledger.actions(issue.id),
        kinds=[(kind, words.say(f"action_{kind.value}", language)) for kind in ActionKind],
        told=store.ledger.told(issue.id)[-TOLD_SHOWN:],
        channels=CHANNELS,
        reports=store.partners.of_issue(issue.id)[-TOLD_SHOWN:],
        missing=request.args.get("missing"),
    )


def _changed(event: IssueEvent, language: Language) -> str:
    """What it is now, in the reader's words."""
    new = clean_line(event.new, 200)
    if event.kind is EventKind.VERDICT and new in {verdict.value for verdict in Verdict}:
        return catalogue.VERDICTS[Verdict(new)].in_language(language)
    if event.kind is EventKind.STATE and new in {state.value for state in IssueState}:
        return words.say(f"state_of_{new}", language)
    kind, by, who = new.partition(" by ")
    if event.kind is EventKind.ACTION and by and kind in {one.value for one in ActionKind}:
        return f"{words.say(f'action_{kind}', language)} · {who}"
    return new


def _back(number: int, anchor: str, *, missing: str | None = None) -> Response:
    return redirect(url_for("issue.show", number=number, missing=missing) + f"#{anchor}", 303)


@page.post("/issue/<number>/verdict")
@editors_only
def give_verdict(number: str) -> Response:
    issue_id, form = number_of(number), request.form
    verdict = next((one for one in Verdict if one.value == form.get("verdict")), None)
    if verdict is None:
        abort(400)
    link = form.get("link", "").strip()[:2000]
    if link and web_address(link) is None:
        return _back(issue_id, "verdict", missing="link")
    note = form.get("note", "").strip()[:2000]
    acts.give_verdict(the_desk(), issue_id, verdict, by=the_visitor().name or "", note=note, link=link or None)
    return _back(issue_id, "verdict")


@page.post("/issue/<number>/title")
@editors_only
def rename(number: str) -> Response:
    title = clean_line(request.form.get("title", ""), 300)
    if not title:
        abort(400)
    acts.rename(the_desk(), number_of(number), title, by=the_visitor().name or "")
    return _back(number_of(number), "content")


@page.post("/issue/<number>/action")
@editors_only
def act(number: str) -> Response:
    issue_id, form = number_of(number), request.form
    kind = next((one for one in ActionKind if one.value == form.get("kind")), None)
    link = form.get("link", "").strip()[:2000]
    if kind is None:
        abort(400)
    if link and web_address(link) is None:
        return _back(issue_id, "actions", missing="link")
    note = form.get("note", "").strip()[:500]
    acts.enter_action(the_desk(), issue_id, kind, by=the_visitor().name or "", note=note, link=link or None)
    return _back(issue_id, "actions")
