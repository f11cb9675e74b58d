"""The public bulletin as it would be published now. Looking at it tells nobody; publishing is `siaga bulletin`."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, current_app, render_template, request
from markupsafe import Markup

from collector.bulletin.entries import Bulletin, Period, gather
from collector.bulletin.page import entry_html
from collector.bulletin.views import EntryView, view
from collector.model.phrase import Language
from collector.web import words
from collector.web.asking import the_desk, the_visitor
from collector.web.shelf import Shelf

page = Blueprint("bulletin", __name__)
USUAL_DAYS = 7
DAYS_AT_MOST = 366
SHOWN = 60
FRESH = timedelta(minutes=1)  # a desk looks again after a verdict


@page.get("/bulletin")
def show() -> str:
    desk, language, given = the_desk(), the_visitor().language, request.args
    topic = desk.settings.topic(given.get("topic", ""))
    fault, seen, period = None, None, None
    try:
        period = _period(desk.now().astimezone(desk.zone).date())
        made = _made(period, topic.id if topic else None)
        seen = view(made, language, {one.id: one.name for one in desk.settings.topics})
    except ValueError:  # no day, or a period that ends before it begins
        fault = "bulletin_days"
    return render_template(
        "bulletin.html",
        title=words.say("bulletin", language),
        fault=fault,
        seen=seen,
        entry=lambda one: _entry(one, language),
        given={"from": given.get("from", ""), "to": given.get("to", "")},
        period=period,
        shown=SHOWN,
        topic=topic,
        topics=[(one.id, one.name.in_language(language)) for one in desk.settings.topics],
    )


def _made(period: Period, topic_id: str | None) -> Bulletin:
    desk = the_desk()
    shelf: Shelf[Bulletin] = current_app.extensions.setdefault("bulletins", Shelf(lasts=FRESH))
    key = (period.first, period.last, topic_id, desk.zone.key)
    return shelf.get(key, desk.now(), lambda: gather(desk.store, period, desk.now(), topic_id=topic_id)).answer


def _entry(one: EntryView, language: Language) -> Markup:
    return Markup(entry_html(one, language))  # noqa: S704 - escaped by the bulletin's own template


def _period(today: date) -> Period:
    """Raises ValueError."""
    first, last = request.args.get("from", "").strip(), request.args.get("to", "").strip()
    end = date.fromisoformat(last) if last else today
    begin = date.fromisoformat(first) if first else end - timedelta(days=USUAL_DAYS - 1)
    if not 0 <= (end - begin).days < DAYS_AT_MOST:
        raise ValueError("too long")
    return Period(first=begin, last=end, zone=the_desk().zone)
