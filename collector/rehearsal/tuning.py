"""What each threshold would have cost, and which fits a wished number of alerts a week."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from collector.model.rule import Rule, Sensitivity
from collector.rehearsal.episode import Episode, Timeline
from collector.rehearsal.history import History
from collector.rehearsal.labels import Assessment, Label, assess
from collector.rehearsal.replay import Configuration, replay

GROWTH = 1.25  # from ten on, a step is a quarter
MOST_TRIALS = 30

_LOUDEST_FIRST = [Sensitivity.MORE, Sensitivity.BALANCED, Sensitivity.FEWER]

Progress = Callable[[str], None]
"""Called before each trial with what is tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One threshold of one rule over the past. ``kept``: how many of the alerts of the rule as it stands would still
    have been; ``open_share`` (0..1) of the time some alert of the rule was open."""

    rule: Rule
    timeline: Timeline
    assessment: Assessment
    kept: int
    open_share: float

    @property
    def alerts(self) -> int:
        return len(self.timeline.episodes)

    @property
    def per_week(self) -> float:
        return self.timeline.per_week


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """All trials of one rule, the lowest threshold first. ``today`` is the rule as it stands."""

    today: Trial
    trials: tuple[Trial, ...]

    @property
    def worth_it(self) -> tuple[Trial, ...]:
        """From the threshold with the most alerts on. Below it they are not rarer: they run into each other."""
        most = max(trial.alerts for trial in self.trials)
        return self.trials[max(place for place, trial in enumerate(self.trials) if trial.alerts == most) :]


def trade(
    history: History,
    configuration: Configuration,
    rule: Rule,
    labels: Sequence[Label],
    *,
    progress: Progress | None = None,
) -> Trade:
    """Thresholds from 2 up, until the rule is silent; with ``method: auto`` every sensitivity, too."""
    today = _tried(history, configuration, rule, labels, None)
    trials: list[Trial] = []
    for tried in _variants(rule):
        if progress is not None:
            progress(f"{rule.name}: at_least {tried.at_least}, {tried.sensitivity.value}")
        trials.append(
            today if tried == rule else _tried(history, configuration, tried, labels, today.timeline.episodes)
        )
        if not trials[-1].alerts and tried.at_least > rule.at_least:
            break
    return Trade(today=today, trials=tuple(trials))


def _variants(rule: Rule) -> Iterator[Rule]:
    """From the loudest to the most silent. Sensitivity is turned where the floor is today's: it decides, while the
    floor only keeps the smallest counts out."""
    for at_least in _thresholds(rule.at_least):
        levels = [rule.sensitivity] if rule.method != "auto" or at_least != rule.at_least else _LOUDEST_FIRST
        yield from (replace(rule, at_least=at_least, sensitivity=sensitivity) for sensitivity in levels)


def _thresholds(today: int) -> Iterator[int]:
    found = {today}
    value = 2.0
    while len(found) <= MOST_TRIALS:
        found.add(int(value))
        value = value + 1 if value < 10 else value * GROWTH
    return iter(sorted(found))


def _tried(
    history: History,
    configuration: Configuration,
    rule: Rule,
    labels: Sequence[Label],
    today: Sequence[Episode] | None,
) -> Trial:
    timeline = replay(history, configuration.with_rules(rule))
    mine = [label for label in labels if label.topic is None or label.topic in rule.topics]
    return Trial(
        rule=rule,
        timeline=timeline,
        assessment=assess(timeline, mine),
        kept=len(timeline.episodes) if today is None else sum(_lives_on(episode, timeline) for episode in today),
        open_share=_open_share(timeline),
    )


def _lives_on(episode: Episode, timeline: Timeline) -> bool:
    end = episode.ended_at or timeline.span.end
    return any(
        other.subject == episode.subject and other.overlaps(episode.opened_at, end) for other in timeline.episodes
    )


def _open_share(timeline: Timeline) -> float:
    """Of the span, however many alerts were open at once."""
    span, reached, open_for = timeline.span, timeline.span.start, timedelta(0)
    for episode in timeline.episodes:
        end = min(episode.ended_at or span.end, span.end)
        open_for += max(timedelta(0), end - max(reached, episode.opened_at))
        reached = max(reached, end)
    return open_for / (span.end - span.start)


def choose(trades: Sequence[Trade], per_week: float) -> tuple[Trial, ...]:
    """One trial per trade, together at most so many alerts a week where that can be: the loudest rule is raised step by
    step, so that none pays for another's noise."""
    steps = [0] * len(trades)
    choices = [one.worth_it for one in trades]
    while True:
        chosen = [trials[step] for trials, step in zip(choices, steps, strict=True)]
        if sum(trial.per_week for trial in chosen) <= per_week:
            return tuple(chosen)
        movable = [place for place, trials in enumerate(choices) if steps[place] + 1 < len(trials)]
        if not movable:
            return tuple(chosen)
        steps[max(movable, key=lambda place: chosen[place].per_week)] += 1
