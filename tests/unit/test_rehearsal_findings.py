"""What is made of a rehearsal's alerts: delays, false alarms, comparisons, thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from records import alert as an_alert

from collector.model.alert import AlertState
from collector.model.bucket import Subject
from collector.model.clock import HOUR
from collector.rehearsal.comparison import compare
from collector.rehearsal.episode import Episode, Timeline
from collector.rehearsal.history import Span
from collector.rehearsal.labels import Label, assess

START = datetime(2026, 3, 2, tzinfo=UTC)
SPAN = Span(start=START, end=START + timedelta(days=28))


def episode(opened: int, hours: int | None = 24, *, rule: str = "lonjakan", topic: str = "bansos") -> Episode:
    """Opened so many hours after the start, open for ``hours`` (None: to the end)."""
    opened_at = START + opened * HOUR
    made = replace(
        an_alert(key=f"{rule}/topic:{topic}", opened_at=opened_at),
        rule=rule,
        subject=Subject(kind="topic", id=topic),
        state=AlertState.FIRING if hours is None else AlertState.RESOLVED,
        resolved_at=None if hours is None else opened_at + hours * HOUR,
    )
    return Episode(alert=made, events=(), notices=())


def timeline(*episodes: Episode) -> Timeline:
    return Timeline(span=SPAN, episodes=tuple(sorted(episodes, key=lambda one: one.opened_at)))


def label(start: int, end: int, topic: str | None = None, name: str = "peristiwa") -> Label:
    return Label(name=name, start_at=START + start * HOUR, end_at=START + end * HOUR, topic=topic)


def delays(found: Timeline, labels: Sequence[Label]) -> list[timedelta | None]:
    return [finding.delay for finding in assess(found, labels).findings]


@pytest.mark.parametrize(
    ("opened", "topic", "delay"),
    [
        (12, None, 2 * HOUR),  # opened two hours into the event
        (12, "bansos", 2 * HOUR),
        (12, "judi_online", None),  # on another topic
        (0, None, 0 * HOUR),  # open before it began
        (40, None, None),  # opened after it had ended
    ],
)
def test_the_delay_is_from_the_event_to_the_first_alert(
    opened: int, topic: str | None, delay: timedelta | None
) -> None:
    assert delays(timeline(episode(opened)), [label(10, 30, topic)]) == [delay]


def test_an_alert_that_ended_before_the_event_does_not_meet_it() -> None:
    assert delays(timeline(episode(0, 5)), [label(10, 30)]) == [None]


def test_alerts_in_no_event_are_false_alarms() -> None:
    result = assess(timeline(episode(12), episode(200), episode(300, None)), [label(10, 30)])
    assert len(result.false_alarms) == 2
    assert result.false_alarms_per_week == 0.5


def test_events_outside_the_span_are_not_missed() -> None:
    assert assess(timeline(), [label(-100, -50), label(5000, 5100)]).findings == ()


def test_the_same_alert_at_another_time_is_a_pair() -> None:
    result = compare(timeline(episode(10)), timeline(episode(16)))
    assert [pair.later_by for pair in result.moved] == [6 * HOUR]
    assert (result.only_first, result.only_second) == ((), ())


def test_alerts_that_were_never_open_together_are_two() -> None:
    result = compare(timeline(episode(10, 5)), timeline(episode(50, 5)))
    assert (len(result.only_first), len(result.only_second), result.pairs) == (1, 1, ())


def test_alerts_of_two_rules_of_both_sides_are_not_paired() -> None:
    both = [episode(500, rule=name) for name in ("cepat", "lambat")]
    result = compare(timeline(episode(10, rule="cepat"), *both), timeline(episode(10, rule="lambat"), *both))
    assert [one.rule for one in result.only_first] == ["cepat"]
    assert [one.rule for one in result.only_second] == ["lambat"]


def test_a_renamed_rule_changes_nothing() -> None:
    result = compare(timeline(episode(10, rule="lama")), timeline(episode(10, rule="baru")))
    assert len(result.pairs) == 1
    assert result.moved == ()


def test_of_two_that_overlap_the_nearest_is_the_same() -> None:
    result = compare(timeline(episode(10, 100)), timeline(episode(20, 10), episode(60, 10)))
    assert [pair.second.opened_at for pair in result.pairs] == [START + 20 * HOUR]
    assert len(result.only_second) == 1
