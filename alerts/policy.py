"""Should we speak, and why. Pure: readings, the open alert and the time in; a decision with its reason out.

    no alert   + spike                                  -> FIRST
    open alert + spike, grown by a step                 -> WORSE   (at once)
    open alert + spike, repeat_interval has passed      -> STILL
    open alert + quiet for two windows or 24 h          -> RESOLVED
    anything else                                       -> silence, with the reason

The quiet time is counted in whole hours that were read and found quiet. An hour nobody watched is no evidence of
calm, so an outage stretches the alert instead of ending it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from collector.model.alert import Alert, AlertReason, Reading, ReadingState
from collector.model.clock import HOUR, hour_of
from collector.model.phrase import Phrase
from collector.model.rule import Rule

QUIET_WINDOWS = 2
QUIET_AT_MOST = timedelta(hours=24)
WORSE_TIMES = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak:
    """Tell people, for this reason. ``reading`` is what it rests on: the newest spike, or the calm."""

    reason: AlertReason
    why: Phrase
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Tell nobody, and why not. ``reading`` is the newest spike where there is one."""

    why: Phrase
    reading: Reading | None = None

    @property
    def reason(self) -> None:
        return None


Decision = Speak | Silence


def worse_from(rule: Rule, notified_count: int) -> int:
    """The count from which receivers are told again at once.

    Half as much again as they were last told, and at least another ``at_least``: 5 becomes 10, 34 becomes 51. Each
    message raises the bar, so even a flood brings a handful of messages.
    """
    return max(ceil(WORSE_TIMES * notified_count), notified_count + rule.at_least)


def quiet_hours_needed(rule: Rule) -> int:
    return int(min(QUIET_WINDOWS * rule.window, QUIET_AT_MOST) / HOUR)


def decide(
    *,
    open_alert: Alert | None,
    readings: Sequence[Reading],
    rule: Rule,
    now: datetime,
    last_resolved_at: datetime | None = None,
) -> Decision:
    """``readings`` are hourly, oldest first, and reach back to the open alert's last spike."""
    if open_alert is None:
        return _decide_new(readings, last_resolved_at)
    return _decide_open(open_alert, readings, rule, now)


def _decide_new(readings: Sequence[Reading], last_resolved_at: datetime | None) -> Decision:
    spike = _newest_spike(readings)
    if spike is None:
        newest = readings[-1] if readings else None
        why = newest.reason if newest else Phrase(id="Belum ada data.", en="No data yet.")
        return Silence(why=why)
    if last_resolved_at is not None and spike.bucket_start <= hour_of(last_resolved_at) - HOUR:
        why = Phrase(id="Lonjakan lama yang sudah ditutup.", en="An old spike, already resolved.")
        return Silence(why=why, reading=spike)
    return Speak(reason=AlertReason.FIRST, why=spike.reason, reading=spike)


def _decide_open(alert: Alert, readings: Sequence[Reading], rule: Rule, now: datetime) -> Decision:
    spike = _newest_spike(readings)
    last_spike_hour = max(hour_of(alert.last_spike_at), spike.bucket_start if spike else hour_of(alert.last_spike_at))
    if spike is not None and spike is readings[-1]:
        return _decide_lasting(alert, spike, rule, now)
    quiet = [
        reading
        for reading in readings
        if reading.state is ReadingState.QUIET
        and reading.bucket_start > last_spike_hour
        and reading.bucket_start + HOUR <= now
    ]
    needed = quiet_hours_needed(rule)
    if len(quiet) >= needed:
        why = Phrase(
            id=f"Tenang selama {len(quiet)} jam yang terpantau sejak lonjakan terakhir.",
            en=f"Quiet for {len(quiet)} watched hours since the last spike.",
        )
        return Speak(reason=AlertReason.RESOLVED, why=why, reading=quiet[-1])
    if spike is not None and spike.bucket_start >= hour_of(alert.last_spike_at):
        grown = _grown(alert, spike, rule)
        if grown is not None:
            return grown
    why = Phrase(
        id=f"Menunggu: {len(quiet)} dari {needed} jam tenang yang terpantau.",
        en=f"Waiting: {len(quiet)} of {needed} quiet watched hours.",
    )
    return Silence(why=why, reading=spike)


def _decide_lasting(alert: Alert, spike: Reading, rule: Rule, now: datetime) -> Decision:
    grown = _grown(alert, spike, rule)
    if grown is not None:
        return grown
    told = now - alert.notified_at
    if told >= rule.repeat_interval:
        return Speak(reason=AlertReason.STILL, why=spike.reason, reading=spike)
    wait = int((rule.repeat_interval - told) / timedelta(minutes=1))
    why = Phrase(
        id=f"Sudah diberitahukan; diulang paling cepat dalam {wait} menit.",
        en=f"Already told; repeated in {wait} minutes at the soonest.",
    )
    return Silence(why=why, reading=spike)


def _grown(alert: Alert, spike: Reading, rule: Rule) -> Speak | None:
    if spike.observed < worse_from(rule, alert.notified_count):
        return None
    return Speak(reason=AlertReason.WORSE, why=spike.reason, reading=spike)


def _newest_spike(readings: Sequence[Reading]) -> Reading | None:
    return next((reading for reading in reversed(readings) if reading.state is ReadingState.SPIKE), None)
