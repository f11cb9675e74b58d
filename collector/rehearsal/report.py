"""A rehearsal in words, and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from alerts.text import clean_line
from collector.model.alert import AlertEvent, AlertReason, Exhibit
from collector.model.clock import rfc3339, rfc3339_or_none
from collector.rehearsal.comparison import Comparison
from collector.rehearsal.episode import Episode, Timeline
from collector.rehearsal.labels import Assessment, Finding
from collector.rehearsal.replay import Configuration
from collector.rehearsal.tuning import Trade, Trial

HEADLINES = 3
WIDEST_NAME = 40
_SAID = {AlertReason.WORSE: "grew", AlertReason.STILL: "still"}


# ---------------------------------------------------------------- in words


def episode_lines(number: int, episode: Episode, configuration: Configuration) -> Iterator[str]:
    """What would have been told, and when."""
    first, zone = episode.notices[0], configuration.zone
    headline = first.headline.in_language(configuration.language)
    yield f"{number:>4}  {when(episode.opened_at, zone)}  {clean_line(headline, 300)}"
    yield f"      rule {clean_line(episode.rule)}: {clean_line(first.why.in_language(configuration.language), 500)}"
    for exhibit in first.exhibits[:HEADLINES]:
        yield f"      · {clean_line(exhibit.title)} ({clean_line(exhibit.publisher)})"
    for event in episode.events[1:]:
        yield f"      {_event(event, zone)}"
    yield f"      {_end(episode, zone)}, peak {episode.alert.peak}"


def _event(event: AlertEvent, zone: tzinfo) -> str:
    return f"{when(event.at, zone)}  {_SAID.get(event.reason, 'ended')} ({event.count})"


def _end(episode: Episode, zone: tzinfo) -> str:
    if episode.ended_at is None:
        return "still open at the end"
    return f"open for {length(episode.ended_at - episode.opened_at)}"


def summary_lines(timeline: Timeline, configuration: Configuration) -> Iterator[str]:
    """How often each rule would have spoken."""
    yield f"{'alerts':>7}  {'a week':>6}  rule"
    for rule in configuration.rules:
        count = len(timeline.of_rule(rule.name))
        yield f"{count:>7}  {count / timeline.span.weeks:>6.2f}  {clean_line(rule.name)}"
    yield f"{len(timeline.episodes):>7}  {timeline.per_week:>6.2f}  all {len(configuration.rules)} rules"


def assessment_lines(assessment: Assessment, zone: tzinfo) -> Iterator[str]:
    """Each event with its delay, then the false alarms."""
    yield f"{assessment.found} of {len(assessment.findings)} events found:"
    for finding in assessment.findings:
        name = clean_line(finding.label.name)[:WIDEST_NAME]
        yield f"  {when(finding.label.start_at, zone)}  {name}: {_found(finding)}"
    false, rate = len(assessment.false_alarms), assessment.false_alarms_per_week
    yield f"{false} false {_plural('alarm', false)} ({rate:.2f} a week): open during no event"


def _found(finding: Finding) -> str:
    if finding.episode is None or finding.delay is None:
        return "MISSED"
    rule = clean_line(finding.episode.rule)
    if finding.open_before:
        return f"already open for {length(finding.label.start_at - finding.episode.opened_at)} ({rule})"
    return f"after {length(finding.delay)} ({rule})"


def comparison_lines(comparison: Comparison, names: tuple[str, str], zone: tzinfo, language: str) -> Iterator[str]:
    """What a change from the first configuration to the second would change."""
    for name, episodes in zip(names, (comparison.only_first, comparison.only_second), strict=True):
        yield f"Only with {name}: {len(episodes)}"
        yield from (f"  {_brief(episode, zone, language)}" for episode in episodes)
    yield f"With both: {len(comparison.pairs)}, of which at other times: {len(comparison.moved)}"
    for pair in comparison.moved:
        opened = "at the same time" if not pair.later_by else f"{length(abs(pair.later_by))} {_side(pair.later_by)}"
        ends = ", ".join(_ended(episode, zone) for episode in (pair.first, pair.second))
        yield f"  {_brief(pair.first, zone, language)}"
        yield f"      with {names[1]} {opened}; ended {ends}"


def _side(later_by: timedelta) -> str:
    return "later" if later_by > timedelta(0) else "earlier"


def _ended(episode: Episode, zone: tzinfo) -> str:
    return "not at all" if episode.ended_at is None else when(episode.ended_at, zone)


def _brief(episode: Episode, zone: tzinfo, language: str) -> str:
    headline = episode.notices[0].headline
    text = headline.id if language == "id" else headline.en
    return f"{when(episode.opened_at, zone)}  {clean_line(text)} [{clean_line(episode.rule)}]"


def trade_lines(trade: Trade, best: Trial, *, with_events: bool) -> Iterator[str]:
    """The table of one rule; ``>`` is the proposal, ``now`` the rule as it stands."""
    rule = trade.today.rule
    more = len(rule.topics) - HEADLINES
    topics = ", ".join(rule.topics[:HEADLINES]) + (f" and {more} more" if more > 0 else "")
    yield f"{clean_line(rule.name)}: {rule.measure.value} in {length(rule.window)}, {rule.method}; {topics}"
    known = f"{'events found':>13}  {'false a week':>12}" if with_events else f"{'of these kept':>13}"
    turned = f"{'sensitivity':>11}  " if rule.method == "auto" else ""
    yield f"    {'at_least':>8}  {turned}{'alerts':>6}  {'a week':>6}  {'open':>5}  {known}"
    for trial in trade.trials:
        mark = ">" if trial.rule == best.rule else " "
        now = "now" if trial.rule == rule else "   "
        known = _trial_events(trial) if with_events else f"{f'{trial.kept} of {trade.today.alerts}':>13}"
        figures = f"{trial.alerts:>6}  {trial.per_week:>6.2f}  {trial.open_share:>5.0%}"
        turned = f"{trial.rule.sensitivity.value:>11}  " if rule.method == "auto" else ""
        yield f"{mark}{now}{trial.rule.at_least:>8}  {turned}{figures}  {known}"


def _trial_events(trial: Trial) -> str:
    assessment = trial.assessment
    found = f"{assessment.found} of {len(assessment.findings)}"
    missed = [clean_line(f.label.name)[:WIDEST_NAME] for f in assessment.findings if f.episode is None]
    lost = f"  misses {', '.join(missed[:HEADLINES])}" if missed else ""
    return f"{found:>13}  {assessment.false_alarms_per_week:>12.2f}{lost}"


def proposal_lines(chosen: Sequence[Trial], per_week: float) -> Iterator[str]:
    """What to write into sources.yaml."""
    total = sum(trial.per_week for trial in chosen)
    fits = "" if total <= per_week else f"; no thresholds tried come down to {per_week:g}"
    yield f"Proposed, together {total:.2f} alerts a week{fits}:"
    for trial in chosen:
        turned = f"sensitivity: {trial.rule.sensitivity.value}, " if trial.rule.method == "auto" else ""
        yield f"  {clean_line(trial.rule.name)}: {turned}at_least: {trial.rule.at_least}"


def when(at: datetime, zone: tzinfo) -> str:
    """A rehearsal looks at the last second of an hour; people read 18:59:59 as 19:00."""
    return f"{(at + timedelta(seconds=1)).astimezone(zone):%Y-%m-%d %H:%M}"


def length(span: timedelta) -> str:
    """``3 h``, ``2 d 5 h``: whole hours, rounded up."""
    hours = -(-span // timedelta(hours=1))
    days, rest = divmod(hours, 24)
    if not days:
        return f"{hours} h"
    return f"{days} d {rest} h" if rest else f"{days} d"


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"


# ---------------------------------------------------------------- as data


def as_data(timeline: Timeline, assessment: Assessment | None) -> dict[str, object]:
    """Moments in UTC."""
    data: dict[str, object] = {
        "from": rfc3339(timeline.span.start),
        "to": rfc3339(timeline.span.end),
        "weeks": round(timeline.span.weeks, 3),
        "alerts": [episode_data(episode) for episode in timeline.episodes],
        "alerts_per_week": round(timeline.per_week, 4),
    }
    if assessment is not None:
        data["events"] = [_finding_data(finding) for finding in assessment.findings]
        data["false_alarms"] = len(assessment.false_alarms)
        data["false_alarms_per_week"] = round(assessment.false_alarms_per_week, 4)
    return data


def comparison_data(comparison: Comparison) -> Mapping[str, object]:
    return {
        "only_first": [episode_data(episode) for episode in comparison.only_first],
        "only_second": [episode_data(episode) for episode in comparison.only_second],
        "both": [
            {
                "first": episode_data(pair.first),
                "second": episode_data(pair.second),
                "later_by_s": pair.later_by.total_seconds(),
            }
            for pair in comparison.pairs
        ],
    }


def episode_data(episode: Episode) -> Mapping[str, object]:
    alert, first = episode.alert, episode.notices[0]
    return {
        "rule": alert.rule,
        "topic": alert.subject.id,
        "measure": alert.measure.value,
        "opened_at": rfc3339(alert.opened_at),
        "ended_at": rfc3339_or_none(alert.resolved_at),
        "headline": {"id": first.headline.id, "en": first.headline.en},
        "why": {"id": first.why.id, "en": first.why.en},
        "count": first.count,
        "expected": first.expected,
        "limit": first.limit,
        "publishers": first.publishers,
        "peak": alert.peak,
        "events": [
            {"at": rfc3339(event.at), "reason": event.reason.value, "count": event.count} for event in episode.events
        ],
        "items": _items(first.exhibits),
    }


def _items(exhibits: Sequence[Exhibit]) -> list[Mapping[str, object]]:
    return [{"id": e.item_id, "title": e.title, "url": e.url, "publisher": e.publisher} for e in exhibits]


def _finding_data(finding: Finding) -> Mapping[str, object]:
    label, episode = finding.label, finding.episode
    return {
        "name": label.name,
        "topic": label.topic,
        "start": rfc3339(label.start_at),
        "end": rfc3339(label.end_at),
        "found": episode is not None,
        "delay_s": None if finding.delay is None else finding.delay.total_seconds(),
        "open_before": finding.open_before,
        "rule": None if episode is None else episode.rule,
    }


def tuning_data(trades: Sequence[Trade], chosen: Sequence[Trial], per_week: float) -> Mapping[str, object]:
    return {
        "wished_per_week": per_week,
        "proposed_per_week": round(sum(trial.per_week for trial in chosen), 4),
        "rules": [
            {
                "name": trade.today.rule.name,
                "topics": list(trade.today.rule.topics),
                "at_least": trade.today.rule.at_least,
                "proposed_at_least": best.rule.at_least,
                "proposed_sensitivity": best.rule.sensitivity.value,
                "trials": [_trial_data(trial) for trial in trade.trials],
            }
            for trade, best in zip(trades, chosen, strict=True)
        ],
    }


def _trial_data(trial: Trial) -> Mapping[str, object]:
    return {
        "at_least": trial.rule.at_least,
        "sensitivity": trial.rule.sensitivity.value,
        "alerts": trial.alerts,
        "per_week": round(trial.per_week, 4),
        "open_share": round(trial.open_share, 4),
        "kept": trial.kept,
        "events_found": trial.assessment.found,
        "events": len(trial.assessment.findings),
        "false_alarms_per_week": round(trial.assessment.false_alarms_per_week, 4),
    }
