"""Now: what is open, what rises, and every topic's last fortnight beside its usual day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, render_template, request
from markupsafe import Markup

from alerts import catalogue
from alerts.text import clean_line, defang_all
from collector.model.alert import Alert
from collector.model.bucket import Measure
from collector.model.ledger import LedgerIssue
from collector.model.phrase import Language
from collector.store.overview import MEASURES, Rising
from collector.web import bars, words
from collector.web.asking import the_desk, the_visitor
from collector.web.days import Days, span_of
from collector.web.desk import Desk
from collector.web.recent import Watch, days_of_alert, days_of_topic
from collector.web.sources import health_of
from collector.web.verdicts import Known, known_of

page = Blueprint("now", __name__)
RISING_SHOWN, RESOLVED_SHOWN = 8, 5
RISING_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    alert: Alert
    name: str
    picture: Markup
    held_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicCard:
    id: str
    name: str
    days: Days
    picture: Markup


@page.get("/")
def show() -> str:
    desk, visitor = the_desk(), the_visitor()
    now, language = desk.now(), visitor.language
    watch = Watch(desk)
    measure = _measure(request.args.get("count"))
    held = desk.store.reactions.acknowledged()
    return render_template(
        "now.html",
        title=words.say("now", language),
        now=now,
        health=health_of(desk, now),
        alerts=[_line(desk, alert, held.get(alert.id), now, watch, language) for alert in _in_order(desk)],
        resolved=desk.store.overview.resolved(RESOLVED_SHOWN),
        name_of=lambda alert: name_of(desk, alert, language),
        rising=_rising(desk, now),
        verdict_words=catalogue.VERDICTS,
        measure=measure,
        measures=[(one, catalogue.MEASURES[one].in_language(language)) for one in MEASURES],
        topics=_topics(desk, measure, now, watch, language),
    )


def _measure(given: str | None) -> Measure:
    return next((one for one in MEASURES if one.value == given), Measure.SUSPICIOUS)


def _in_order(desk: Desk) -> list[Alert]:
    """The open ones, the last to spike first."""
    return sorted(desk.store.alerts.firing(), key=lambda alert: (alert.last_spike_at, alert.id), reverse=True)


def name_of(desk: Desk, alert: Alert, language: Language) -> str:
    """What the alert is about: its topic, or its issue's title (a stranger's words, made harmless)."""
    if alert.subject.kind == "topic":
        return desk.topic_name(alert.subject.id, language)
    return defang_all(clean_line(alert.title.partition(" — ")[0]))


def _line(desk: Desk, alert: Alert, ack: object | None, now: datetime, watch: Watch, language: Language) -> AlertLine:
    days = days_of_alert(desk, alert, now, watch)
    return AlertLine(
        alert=alert,
        name=name_of(desk, alert, language),
        picture=bars.small(days, words.picture_label(days, language)),
        held_by=getattr(ack, "made_by", None),
    )


def _rising(desk: Desk, now: datetime) -> list[tuple[Rising, LedgerIssue, Known | None]]:
    found = [
        (one, desk.store.ledger.get(one.issue_id)) for one in desk.store.overview.rising(now - RISING_FOR, RISING_SHOWN)
    ]
    return [(one, issue, known_of(desk, issue)) for one, issue in found]


def _topics(desk: Desk, measure: Measure, now: datetime, watch: Watch, language: Language) -> list[TopicCard]:
    """Those that rise most first, then the busiest."""
    cards, span = [], span_of(now, desk.zone)
    for topic in desk.settings.topics:
        days = days_of_topic(desk, topic.id, measure, span, watch)
        name = topic.name.in_language(language)
        label = f"{name}: {words.picture_label(days, language)}"
        cards.append(TopicCard(id=topic.id, name=name, days=days, picture=bars.small(days, label)))
    return sorted(cards, key=lambda card: (-card.days.rise, -card.days.total, card.name))
