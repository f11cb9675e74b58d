"""A picture of one topic under one rule: the readings of the past and the alerts they would have raised."""

from __future__ import annotations

from dataclasses import replace

from alerts import catalogue
from alerts.picture.chart import Alarm, Style, chart
from collector.model.clock import HOUR
from collector.model.rule import Rule
from collector.model.topic import Topic
from collector.rehearsal.history import History
from collector.rehearsal.replay import Configuration, replay


def portrait(history: History, configuration: Configuration, rule: Rule, topic: Topic, style: Style) -> str:
    """SVG text over the span of ``history``."""
    one = replace(rule, topics=(topic.id,))
    detector = configuration.detectors[one.method]
    span = history.span
    (readings,) = detector.readings(
        history.of_rule(one, span.start - detector.history(one), span.end - HOUR), one, last=span.hours
    )
    episodes = replay(history, configuration.with_rules(one)).episodes
    return chart(
        topic.name.in_language(style.language),
        _subtitle(one, style),
        readings,
        [Alarm(start=episode.opened_at, end=episode.ended_at) for episode in episodes],
        style,
    )


def _subtitle(rule: Rule, style: Style) -> str:
    """``Artikel cek fakta dalam 7 hari · Cek fakta pemilu``."""
    what = catalogue.MEASURES[rule.measure].in_language(style.language)
    within = "dalam" if style.language == "id" else "in"
    words = f"{what} {within} {catalogue.span(rule.window, style.language)}"
    return f"{words[0].upper()}{words[1:]} · {rule.name}"
