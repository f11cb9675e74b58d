"""The clock driven by the data: the daemon's own watch, hour by hour over the past.

A rehearsal looks at the last second of each hour, when all that was first seen in the hour is known and nothing later
is. Hours at which nothing can happen are passed over: no alert of the rule is open, and neither this hour's window nor
the one before holds ``at_least``, without which no detector may speak (``Detector.readings``). The decisions are those
of looking every hour; a test compares them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo

import numpy as np

from alerts.detect.base import Detector
from alerts.detect.window import Flags, blocks, running_sums, window_sums
from alerts.notice import from_json
from alerts.watch import LAST_HOUR, Watch
from collector.model.alert import Alert
from collector.model.bucket import Subject
from collector.model.clock import HOUR
from collector.model.phrase import Language
from collector.model.rule import Rule
from collector.model.topic import Topic
from collector.rehearsal.episode import Episode, Timeline
from collector.rehearsal.foresight import Foresight
from collector.rehearsal.history import History, Span, subjects_of
from collector.rehearsal.past import Past, PastArchive
from collector.store.base import Storage

DAYS_BEFORE = timedelta(days=15)  # a message shows the counts of the fortnight before
LAST_SECOND = HOUR - timedelta(seconds=1)
NOBODY = "replay"  # the receiver of every rehearsed message

Progress = Callable[[int, int, str], None]
"""Called before each rule with how many are done, how many there are, and the rule's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The part of a ``sources.yaml`` that a rehearsal tries out."""

    rules: tuple[Rule, ...]
    topics: tuple[Topic, ...]
    detectors: Mapping[str, Detector]
    zone: tzinfo
    language: Language = "id"

    def with_rules(self, *rules: Rule) -> Configuration:
        """Their methods must be among the detectors."""
        return replace(self, rules=rules)


def history_of(store: Storage, configuration: Configuration, span: Span) -> History:
    """What the rules of ``configuration`` will ask for."""
    longest = [configuration.detectors[rule.method].history(rule) for rule in configuration.rules]
    subjects = [Subject(kind="topic", id=topic.id) for topic in configuration.topics]
    return History(store, subjects, span, before=max([DAYS_BEFORE, *longest]) + HOUR)


def replay(
    history: History,
    configuration: Configuration,
    *,
    progress: Progress | None = None,
    every_message: bool = False,
    every_hour: bool = False,
) -> Timeline:
    """Every alert that would have been. ``every_message``: not only the first message of an alert quotes items.
    ``every_hour`` passes over no hour: slow, and the same (for tests)."""
    episodes: list[Episode] = []
    for place, rule in enumerate(configuration.rules):
        if progress is not None:
            progress(place, len(configuration.rules), rule.name)
        episodes.extend(_replay_rule(history, configuration, rule, every_message, every_hour))
    episodes.sort(key=lambda episode: (episode.opened_at, episode.rule, episode.subject.id))
    return Timeline(span=history.span, episodes=tuple(episodes))


def _replay_rule(
    history: History, configuration: Configuration, rule: Rule, every_message: bool, every_hour: bool
) -> Sequence[Episode]:
    """Rules know nothing of each other, so each has its own past."""
    past = Past(history)
    watch = _watch(past, history, configuration, rule, every_message)
    may_speak = np.ones(history.span.hours, dtype=np.bool_) if every_hour else _may_speak(history, rule)
    open_alerts = False
    for hour, may in enumerate(may_speak):
        now = history.span.start + hour * HOUR + LAST_SECOND
        if not may and not open_alerts:
            past.set_meta(LAST_HOUR, (now - LAST_SECOND).isoformat())
            continue
        past.stand_at(now)
        watch.tick(now)
        open_alerts = bool(past.alerts.firing())
    return [_episode(past, alert) for alert in past.alerts.all()]


def _watch(past: Past, history: History, configuration: Configuration, rule: Rule, every_message: bool) -> Watch:
    detector = configuration.detectors[rule.method]
    return Watch(
        store=past.as_store(),
        rules=(replace(rule, receivers=(NOBODY,)),),
        topics=configuration.topics,
        detectors={rule.method: detector if rule.per == "issue" else Foresight(detector, history, rule)},
        zone=configuration.zone,
        language=configuration.language,
        archive=PastArchive(past, history, configuration.zone, every_message=every_message),
    )


def _may_speak(history: History, rule: Rule) -> Flags:
    """Per hour of the span: does any topic's window that ends there, or an hour before, hold ``at_least``?

    An issue's items may stand under several topics, so rules on issues are asked while all topics together do.
    """
    may = np.zeros(history.span.hours, dtype=np.bool_)
    since, until = history.span.start - HOUR - rule.window, history.span.end - HOUR
    subjects = history.subjects if rule.per == "issue" else subjects_of(rule)
    batch = history.series(subjects, rule.measure, since, until, rule.suspicion_at_least)
    for _, block in blocks(batch):
        ends = np.arange(block.hours - history.span.hours - 1, block.hours, dtype=np.int64)
        held = window_sums(running_sums(block.live), ends, rule.window_hours)
        most = held.sum(axis=0) if rule.per == "issue" else held.max(axis=0, initial=0)
        may |= (most[1:] >= rule.at_least) | (most[:-1] >= rule.at_least)
    return may


def _episode(past: Past, alert: Alert) -> Episode:
    said = past.alerts.said[alert.id]
    return Episode(
        alert=alert,
        events=past.alerts.events(alert.id),
        notices=tuple(from_json(row.notice) for row in said),
    )
