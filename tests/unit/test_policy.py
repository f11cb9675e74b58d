"""Should we speak, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from series import rule

from alerts.policy import (
    Decision,
    Nothing,
    Speak,
    Withhold,
    decide,
    is_calm,
    quiet_hours_needed,
    repeat_after,
    worse_from,
)
from collector.model.alert import Alert, AlertReason, AlertState, Reading, ReadingState
from collector.model.bucket import Measure, Subject
from collector.model.clock import HOUR, hour_of
from collector.model.phrase import Phrase
from collector.model.reaction import Acknowledgement, Silence, SilenceKind
from collector.model.withheld import Hold

RULE = rule(window=6, at_least=5, repeat_interval=timedelta(hours=12))
SPIKE, QUIET, MISSING, YOUNG = (
    ReadingState.SPIKE,
    ReadingState.QUIET,
    ReadingState.MISSING,
    ReadingState.NOT_ENOUGH_HISTORY,
)


def reading(state: ReadingState, start: datetime, observed: int = 6) -> Reading:
    return Reading(
        bucket_start=start,
        observed=observed if state is SPIKE else 0,
        publishers=3,
        score=1.0,
        expected=None,
        limit=5.0,
        state=state,
        reason=Phrase(id="sebab", en="because"),
    )


def ending(now: datetime, *states: ReadingState, observed: int = 6) -> tuple[Reading, ...]:
    """Readings of consecutive hours; the last one is the hour of ``now``."""
    first = hour_of(now) - (len(states) - 1) * HOUR
    return tuple(reading(state, first + i * HOUR, observed) for i, state in enumerate(states))


def alert(now: datetime, *, spiked: timedelta = timedelta(0), told: timedelta = timedelta(0), count: int = 6) -> Alert:
    """Open; last spiking and last told so long ago, with that count."""
    return Alert(
        id=1,
        key="lonjakan/topic:judi_online",
        rule="lonjakan",
        subject=Subject(kind="topic", id="judi_online"),
        measure=Measure.SUSPICIOUS,
        state=AlertState.FIRING,
        opened_at=now - timedelta(days=3),
        last_spike_at=now - spiked,
        updated_at=now,
        resolved_at=None,
        notified_at=now - told,
        notified_count=count,
        window=RULE.window,
        count=count,
        peak=count,
        expected=None,
        limit=5.0,
        publishers=3,
        detector="threshold",
        detector_version="1",
        title="t",
        summary="s",
    )


def decided(now: datetime, open_alert: Alert | None, *readings: Reading) -> Decision:
    return decide(open_alert=open_alert, readings=readings, rule=RULE, now=now)


def test_a_first_spike_speaks(now: datetime) -> None:
    assert decided(now, None, *ending(now, QUIET, SPIKE)).reason is AlertReason.FIRST


@pytest.mark.parametrize("state", [QUIET, MISSING, YOUNG])
def test_nothing_else_opens_an_alert(now: datetime, state: ReadingState) -> None:
    decision = decided(now, None, *ending(now, state))
    assert decision.reason is None
    assert decision.why.id == "sebab"


def test_an_hour_that_grew_after_our_last_look_still_opens(now: datetime) -> None:
    assert decided(now, None, *ending(now, SPIKE, QUIET)).reason is AlertReason.FIRST


def test_a_spike_from_before_the_resolution_does_not_open_again(now: datetime) -> None:
    decision = decide(
        open_alert=None, readings=ending(now, SPIKE, QUIET), rule=RULE, now=now, last_resolved_at=hour_of(now)
    )
    assert decision.reason is None


def test_a_spike_after_the_resolution_opens_a_new_alert(now: datetime) -> None:
    decision = decide(
        open_alert=None, readings=ending(now, QUIET, SPIKE), rule=RULE, now=now, last_resolved_at=now - 5 * HOUR
    )
    assert decision.reason is AlertReason.FIRST


def test_a_second_spike_within_the_repeat_interval_stays_silent_and_says_why(now: datetime) -> None:
    decision = decided(now, alert(now, told=timedelta(hours=11)), *ending(now, SPIKE, SPIKE))
    assert decision.reason is None
    assert decision.why.en == "Already told; repeated in 60 minutes at the soonest."


def test_after_the_repeat_interval_it_is_said_that_it_lasts(now: datetime) -> None:
    decision = decided(now, alert(now, told=timedelta(hours=12)), *ending(now, SPIKE))
    assert decision.reason is AlertReason.STILL


@pytest.mark.parametrize(
    ("told", "from_"),
    [
        (5, 10),  # another at_least
        (10, 15),  # half as much again
        (34, 51),
    ],
)
def test_the_step_from_which_it_is_worse(told: int, from_: int) -> None:
    assert worse_from(RULE, told) == from_


def test_growth_by_a_step_speaks_at_once(now: datetime) -> None:
    opened = alert(now, told=timedelta(minutes=10), count=6)
    assert decided(now, opened, *ending(now, SPIKE, observed=11)).reason is AlertReason.WORSE
    assert decided(now, opened, *ending(now, SPIKE, observed=10)).reason is None


def test_two_quiet_windows_resolve(now: datetime) -> None:
    assert quiet_hours_needed(RULE) == 12
    opened = alert(now, spiked=13 * HOUR)
    assert decided(now, opened, *ending(now, SPIKE, *[QUIET] * 13)).reason is AlertReason.RESOLVED


def test_the_running_hour_is_no_quiet_hour_yet(now: datetime) -> None:
    opened = alert(now, spiked=12 * HOUR)
    decision = decided(now, opened, *ending(now, SPIKE, *[QUIET] * 12))
    assert decision.reason is None
    assert decision.why.en == "Waiting: 11 of 12 quiet watched hours."


def test_a_long_window_resolves_after_a_day(now: datetime) -> None:
    week = rule(window=7 * 24)
    decision = decide(
        open_alert=alert(now, spiked=25 * HOUR), readings=ending(now, SPIKE, *[QUIET] * 25), rule=week, now=now
    )
    assert decision.reason is AlertReason.RESOLVED


def test_a_gap_in_coverage_does_not_resolve(now: datetime) -> None:
    opened = alert(now, spiked=40 * HOUR)
    assert decided(now, opened, *ending(now, SPIKE, *[MISSING] * 39, QUIET)).reason is None


def test_calm_before_and_after_a_gap_adds_up(now: datetime) -> None:
    opened = alert(now, spiked=40 * HOUR)
    calm = ending(now, SPIKE, *[QUIET] * 6, *[MISSING] * 27, *[QUIET] * 7)
    assert decided(now, opened, *calm).reason is AlertReason.RESOLVED


def test_a_spike_between_starts_the_calm_anew(now: datetime) -> None:
    opened = alert(now, spiked=13 * HOUR)
    assert decided(now, opened, *ending(now, SPIKE, *[QUIET] * 6, SPIKE, *[QUIET] * 6)).reason is None


def test_without_readings_nothing_is_said(now: datetime) -> None:
    assert decided(now, None).reason is None


def test_growth_in_the_hour_before_is_told_although_this_hour_is_calm(now: datetime) -> None:
    opened = alert(now, spiked=HOUR, told=2 * HOUR, count=6)
    grown, calm = ending(now, SPIKE, QUIET, observed=20)
    assert decided(now, opened, grown, calm).reason is AlertReason.WORSE


def test_an_older_spike_than_the_last_one_changes_nothing(now: datetime) -> None:
    opened = alert(now, spiked=HOUR, count=6)
    readings = ending(now, SPIKE, MISSING, QUIET, observed=99)
    assert decided(now, opened, *readings).reason is None


# ---------------------------------------------------------------- what people asked for


def acked(now: datetime, count: int = 6) -> Acknowledgement:
    return Acknowledgement(id=1, alert_id=1, made_by="Rina", note="dicek", made_at=now, count=count)


def silenced(now: datetime) -> Silence:
    return Silence(
        id=1,
        kind=SilenceKind.TOPIC,
        target="judi_online",
        comment="kampanye",
        made_by="Rina",
        made_at=now - HOUR,
        ends_at=now + HOUR,
    )


def test_the_pause_doubles_up_to_a_week() -> None:
    hours = [repeat_after(RULE, repeats) / HOUR for repeats in (0, 1, 2, 3, 4, 60, 10_000)]
    assert hours == [12, 24, 48, 96, 168, 168, 168]


def test_a_rule_may_repeat_at_one_pace() -> None:
    steady = replace(RULE, repeat_growth=1.0)
    assert {repeat_after(steady, repeats) for repeats in (0, 7, 1000)} == {RULE.repeat_interval}


def test_a_pause_longer_than_a_week_is_kept() -> None:
    assert repeat_after(replace(RULE, repeat_interval=timedelta(days=30)), 3) == timedelta(days=30)


def test_a_repeat_waits_longer_each_time(now: datetime) -> None:
    nagging = replace(alert(now, told=timedelta(hours=23)), repeats=1)
    assert decided(now, nagging, *ending(now, SPIKE)).reason is None
    assert decided(now, replace(nagging, repeats=0), *ending(now, SPIKE)).reason is AlertReason.STILL


def test_the_step_for_worse_is_the_rule_s() -> None:
    assert worse_from(replace(RULE, worse_by=3.0), 34) == 102


@pytest.mark.parametrize(
    ("observed", "publishers", "calm"),
    [
        (3, 3, True),  # below three quarters of 5
        (4, 3, False),  # no spike, and no calm
        (30, 1, True),  # one outlet alone
    ],
)
def test_calm_is_below_a_lower_limit(now: datetime, observed: int, publishers: int, calm: bool) -> None:
    hour = replace(reading(QUIET, now), observed=observed, publishers=publishers)
    assert is_calm(hour, RULE) is calm


def test_a_count_that_hovers_below_the_limit_does_not_end_an_alert(now: datetime) -> None:
    opened = alert(now, spiked=20 * HOUR)
    readings = [replace(r, observed=4) if r.state is QUIET else r for r in ending(now, SPIKE, *[QUIET] * 20)]
    assert decided(now, opened, *readings).reason is None


def test_in_hand_is_quiet_until_worse(now: datetime) -> None:
    old = alert(now, told=timedelta(days=2))
    held = decide(open_alert=old, readings=ending(now, SPIKE), rule=RULE, now=now, ack=acked(now))
    assert isinstance(held, Withhold)
    assert (held.reason, held.hold, held.until_at) == (AlertReason.STILL, Hold.ACKNOWLEDGED, None)
    assert held.because.en == "Acknowledged by Rina: dicek"
    worse = decide(open_alert=old, readings=ending(now, SPIKE, observed=20), rule=RULE, now=now, ack=acked(now))
    assert isinstance(worse, Speak)


def test_worse_than_what_was_seen_when_it_was_acknowledged(now: datetime) -> None:
    decision = decide(
        open_alert=alert(now), readings=ending(now, SPIKE, observed=13), rule=RULE, now=now, ack=acked(now, count=10)
    )
    assert decision.reason is None


def test_the_end_of_what_is_in_hand_is_told(now: datetime) -> None:
    opened = alert(now, spiked=13 * HOUR)
    ended = decide(open_alert=opened, readings=ending(now, SPIKE, *[QUIET] * 13), rule=RULE, now=now, ack=acked(now))
    assert isinstance(ended, Speak)
    assert ended.reason is AlertReason.RESOLVED


@pytest.mark.parametrize("opened", [None, "old"])
def test_a_silence_keeps_back_what_would_be_said(now: datetime, opened: str | None) -> None:
    open_alert = alert(now, told=timedelta(days=2)) if opened else None
    held = decide(open_alert=open_alert, readings=ending(now, SPIKE), rule=RULE, now=now, hush=lambda _: silenced(now))
    assert isinstance(held, Withhold)
    assert held.reason is (AlertReason.STILL if opened else AlertReason.FIRST)
    assert (held.hold, held.until_at) == (Hold.SILENCED, now + HOUR)
    assert held.because.id == "Dibisukan oleh Rina: kampanye"


def test_what_is_kept_back_is_noted_once_not_at_every_look(now: datetime) -> None:
    noted = replace(alert(now, told=timedelta(days=2)), hushed_at=now - HOUR, hushed_count=6)
    again = decide(open_alert=noted, readings=ending(now, SPIKE), rule=RULE, now=now, hush=lambda _: silenced(now))
    assert isinstance(again, Nothing)
    assert again.why.en == "Silenced by Rina: kampanye"
    grown = ending(now, SPIKE, observed=30)
    worse = decide(open_alert=noted, readings=grown, rule=RULE, now=now, hush=lambda _: silenced(now))
    assert isinstance(worse, Withhold)


def test_what_nobody_was_told_is_new_when_the_silence_is_over(now: datetime) -> None:
    unheard = replace(alert(now, told=HOUR, count=9), notified_count=0, hushed_at=now - HOUR, hushed_count=9)
    decision = decided(now, unheard, *ending(now, SPIKE, observed=6))
    assert isinstance(decision, Speak)
    assert decision.reason is AlertReason.FIRST


def test_growth_under_a_silence_is_told_when_it_is_over(now: datetime) -> None:
    grown = replace(alert(now, told=HOUR), hushed_at=now - HOUR, hushed_count=30)
    assert decided(now, grown, *ending(now, SPIKE, observed=30)).reason is AlertReason.WORSE


@pytest.mark.parametrize("told", [0, 6])
def test_what_a_silence_kept_back_is_not_told_once_it_calms_down(now: datetime, told: int) -> None:
    unheard = replace(
        alert(now, spiked=4 * HOUR), notified_count=told, hushed_at=now - 4 * HOUR, hushed_count=30, count=30
    )
    assert decided(now, unheard, *ending(now, SPIKE, *[QUIET] * 4, observed=30)).reason is None
    fresh = replace(unheard, last_spike_at=now - HOUR)
    assert isinstance(decided(now, fresh, *ending(now, SPIKE, QUIET, observed=30)), Speak)


def test_an_end_under_a_silence_is_kept_back_too(now: datetime) -> None:
    opened = alert(now, spiked=13 * HOUR)
    held = decide(
        open_alert=opened,
        readings=ending(now, SPIKE, *[QUIET] * 13),
        rule=RULE,
        now=now,
        hush=lambda _: silenced(now),
    )
    assert isinstance(held, Withhold)
    assert held.reason is AlertReason.RESOLVED
