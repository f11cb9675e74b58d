"""Periods counted and compared, with a picture of how they went."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, current_app, render_template, request
from markupsafe import Markup

from collector.reports.evenness import everybody
from collector.reports.gather import report as gather
from collector.reports.page import body
from collector.reports.period import Report
from collector.reports.window import Window
from collector.web import words
from collector.web.asking import the_desk, the_visitor
from collector.web.shelf import Kept, Shelf

page = Blueprint("reports", __name__)
USUAL_DAYS = 14
BY = ("day", "week", "month", "topic", "source")


@page.get("/reports")
def show() -> str:
    desk, language, given = the_desk(), the_visitor().language, request.args
    today = desk.now().astimezone(desk.zone).date()
    topic = desk.settings.topic(given.get("topic", ""))
    by = given.get("by") if given.get("by") in BY else None
    even = bool(given.get("even"))
    fault, found, window, other, made_at = None, None, None, None, None
    try:
        window = _window("from", "to") or Window(first=today - timedelta(days=USUAL_DAYS - 1), last=today)
        other = _window("vs_from", "vs_to")
        by = by or _step(window)
        kept = _counted(window, topic.id if topic else None, other, by, even)
        found, made_at = kept.answer, kept.made_at
    except ValueError:  # no day, a window that ends before it begins, one of more than ten years
        fault = "report_days"
    return render_template(
        "reports.html",
        title=words.say("reports", language),
        fault=fault,
        found=found,
        parts_of_report=Markup("\n").join(
            map(Markup, body(found, language, {one.id: one.name for one in desk.settings.topics}))
        )
        if found
        else "",
        even=even,
        given={key: given.get(key, "") for key in ("from", "to", "vs_from", "vs_to")},
        window=window,
        made_at=made_at,
        other=other,
        by=by,
        choices=[(one, words.say(f"by_{one}", language)) for one in BY],
        topic=topic,
        topics=[(one.id, one.name.in_language(language)) for one in desk.settings.topics],
    )


def _counted(window: Window, topic: str | None, other: Window | None, by: str, even: bool) -> Kept[Report]:
    desk, language = the_desk(), the_visitor().language
    asked = everybody(desk.settings.topics, language) if even else ()
    shelf: Shelf[Report] = current_app.extensions.setdefault("reports", Shelf())
    key = (
        window.first,
        window.last,
        topic,
        other and (other.first, other.last),
        by,
        desk.zone.key,
        language if even else None,
    )
    return shelf.get(
        key,
        desk.now(),
        lambda: gather(desk.store, window, zone=desk.zone, topic=topic, versus=other, by=by, even=asked, pictures=True),
    )


def _window(first: str, last: str) -> Window | None:
    """Raises ValueError where only one end is given, or no day."""
    given = (request.args.get(first, "").strip(), request.args.get(last, "").strip())
    if not any(given):
        return None
    return Window(first=date.fromisoformat(given[0]), last=date.fromisoformat(given[1]))


def _step(window: Window) -> str:
    return "day" if window.days <= 35 else "week" if window.days <= 200 else "month"
