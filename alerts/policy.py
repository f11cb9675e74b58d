"""Should we speak, and why. Pure: readings, the open alert, what people asked for and the time in; a decision with
its reason out.

    no alert   + spike                                  -> FIRST
    open alert + spike, grown by a step                 -> WORSE   (at once)
    open alert + spike, the pause has passed            -> STILL   (the pause grows each time)
    open alert + calm for two windows or 24 h           -> RESOLVED
    any of these, but somebody asked for silence        -> withheld, SILENCED until that ends
    STILL, but somebody has it in hand                  -> withheld, ACKNOWLEDGED until it gets worse or ends
    anything else                                       -> nothing to say, with the reason

The quiet time is counted in whole hours that were read and found calm: below a lower limit than the one that made the
alert, or a count that hovers about the limit would open and end it all day. An hour nobody watched is no evidence of
calm, so an outage stretches the alert instead of ending it.

When one receiver is told what was decided is :mod:`alerts.timing`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from collector.model.alert import Alert, AlertReason, Reading, ReadingState
from collector.model.clock import HOUR, hour_of
from collector.model.phrase import Phrase
from collector.model.reaction import Acknowledgement, Silence
from collector.model.rule import Rule
from collector.model.withheld import Hold

QUIET_WINDOWS = 2
QUIET_AT_MOST = timedelta(hours=24)
REPEAT_AT_MOST = timedelta(days=7)  # the pause grows no longer than that


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak:
    """Tell people, for this reason. ``reading`` is what it rests on: the newest spike, or the calm."""

    reason: AlertReason
    why: Phrase
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Withhold:
    """There is something to say, and somebody asked not to be told. ``because`` says who; ``until_at`` when that
    ends (None: when it gets worse or ends); ``silence`` is the one that applies."""

    reason: AlertReason
    why: Phrase
    reading: Reading
    hold: Hold
    because: Phrase
    until_at: datetime | None = None
    silence: Silence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """Nothing to say, and why. ``reading`` is the newest spike where there is one."""

    why: Phrase
    reading: Reading | None = None

    @property
    def reason(self) -> None:
        return None


Decision = Speak | Withhold | Nothing
Hush = Callable[[Reading], Silence | None]
"""The silence that applies to what a reading would say, if any. Asked only when there is something to say."""


def no_hush(_: Reading) -> None:
    """Nobody asked for silence."""


def worse_from(rule: Rule, told: int) -> int:
    """The count from which receivers are told again at once.

    ``worse_by`` times what they were last told, and at least another ``at_least``: 5 becomes 10, 34 becomes 51. Each
    message raises the bar, so even a flood brings a handful of messages.
    """
    return max(ceil(rule.worse_by * told), told + rule.at_least)


def repeat_after(rule: Rule, repeats: int) -> timedelta:
    """The pause before it is said again that an alert lasts. It grows with each time nobody reacted, up to a week."""
    longest = max(rule.repeat_interval, REPEAT_AT_MOST)
    if repeats >= 64:
        return longest if rule.repeat_growth > 1 else rule.repeat_interval
    grown = rule.repeat_interval.total_seconds() * rule.repeat_growth**repeats
    return timedelta(seconds=min(grown, longest.total_seconds()))


def quiet_hours_needed(rule: Rule) -> int:
    return int(min(QUIET_WINDOWS * rule.window, QUIET_AT_MOST) / HOUR)


def is_calm(reading: Reading, rule: Rule) -> bool:
    """No spike, and below the lower limit; or from too few publishers to be one, however many items."""
    if reading.state is not ReadingState.QUIET:
        return False
    return reading.observed < rule.resolve_below * reading.limit or reading.publishers < rule.min_sources


def decide(
    *,
    open_alert: Alert | None,
    readings: Sequence[Reading],
    rule: Rule,
    now: datetime,
    last_resolved_at: datetime | None = None,
    ack: Acknowledgement | None = None,
    hush: Hush = no_hush,
) -> Decision:
    """``readings`` are hourly, oldest first, and reach back to the open alert's last spike; ``ack`` is the one that
    holds for the open alert."""
    if open_alert is None:
        return _hushed(_decide_new(readings, last_resolved_at), hush)
    said = _decide_open(open_alert, _Told.people(open_alert, ack), readings, rule, now)
    if not isinstance(said, Speak):
        return said
    held = _hushed(said, hush)
    if isinstance(held, Speak) and ack is not None and said.reason is AlertReason.STILL:
        held = _in_hand(said, ack)
    if isinstance(held, Withhold) and said.reason is not AlertReason.RESOLVED:
        return _unless_noted(held, open_alert, ack, readings, rule, now)
    return held


def _hushed(decision: Decision, hush: Hush) -> Decision:
    """The same, kept back where a silence applies."""
    if not isinstance(decision, Speak):
        return decision
    silence = hush(decision.reading)
    if silence is None:
        return decision
    return Withhold(
        reason=decision.reason,
        why=decision.why,
        reading=decision.reading,
        hold=Hold.SILENCED,
        because=because(silence),
        until_at=silence.ends_at,
        silence=silence,
    )


def because(silence: Silence) -> Phrase:
    """Who asked for it, and why."""
    return Phrase(
        id=f"Dibisukan oleh {silence.made_by}: {silence.comment}",
        en=f"Silenced by {silence.made_by}: {silence.comment}",
    )


def _in_hand(said: Speak, ack: Acknowledgement) -> Withhold:
    note = f": {ack.note}" if ack.note else ""
    return Withhold(
        reason=said.reason,
        why=said.why,
        reading=said.reading,
        hold=Hold.ACKNOWLEDGED,
        because=Phrase(id=f"Ditangani oleh {ack.made_by}{note}", en=f"Acknowledged by {ack.made_by}{note}"),
    )


def _unless_noted(
    held: Withhold,
    alert: Alert,
    ack: Acknowledgement | None,
    readings: Sequence[Reading],
    rule: Rule,
    now: datetime,
) -> Decision:
    """What is kept back is noted as often as it would have been said, not at every look."""
    if alert.hushed_at is None:
        return held
    again = _decide_open(alert, _Told.hushed(alert, ack), readings, rule, now)
    if isinstance(again, Speak):
        return Withhold(
            reason=again.reason,
            why=again.why,
            reading=again.reading,
            hold=held.hold,
            because=held.because,
            until_at=held.until_at,
            silence=held.silence,
        )
    return Nothing(why=held.because, reading=held.reading)


# ---------------------------------------------------------------- as if nobody had asked for silence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What growth and pauses are measured from. ``ever``: somebody knows of it; ``by_message``: because we wrote."""

    at: datetime
    count: int
    repeats: int
    ever: bool
    by_message: bool = True

    @classmethod
    def people(cls, alert: Alert, ack: Acknowledgement | None) -> _Told:
        """What the receivers know; whoever acknowledged saw that count too."""
        seen = ack.count if ack is not None else 0
        return cls(
            at=alert.notified_at,
            count=max(alert.notified_count, seen),
            repeats=0 if ack is not None else alert.repeats,
            ever=alert.was_told or ack is not None,
            by_message=alert.was_told,
        )

    @classmethod
    def hushed(cls, alert: Alert, ack: Acknowledgement | None) -> _Told:
        """And what was kept back from them since."""
        known = cls.people(alert, ack)
        at = max(known.at, alert.hushed_at or known.at)
        return cls(at=at, count=max(known.count, alert.hushed_count), repeats=known.repeats, ever=True)


def _decide_new(readings: Sequence[Reading], last_resolved_at: datetime | None) -> Decision:
    spike = _newest_spike(readings)
    if spike is None:
        newest = readings[-1] if readings else None
        why = newest.reason if newest else Phrase(id="Belum ada data.", en="No data yet.")
        return Nothing(why=why)
    if last_resolved_at is not None and spike.bucket_start <= hour_of(last_resolved_at) - HOUR:
        why = Phrase(id="Lonjakan lama yang sudah ditutup.", en="An old spike, already resolved.")
        return Nothing(why=why, reading=spike)
    return Speak(reason=AlertReason.FIRST, why=spike.reason, reading=spike)


def _decide_open(alert: Alert, told: _Told, readings: Sequence[Reading], rule: Rule, now: datetime) -> Decision:
    spike = _newest_spike(readings)
    last_spike_hour = max(hour_of(alert.last_spike_at), spike.bucket_start if spike else hour_of(alert.last_spike_at))
    if spike is not None and spike is readings[-1]:
        return _decide_lasting(told, spike, rule, now)
    calm = [
        reading
        for reading in readings
        if is_calm(reading, rule) and reading.bucket_start > last_spike_hour and reading.bucket_start + HOUR <= now
    ]
    needed = quiet_hours_needed(rule)
    if len(calm) >= needed:
        why = Phrase(
            id=f"Tenang selama {len(calm)} jam yang terpantau sejak lonjakan terakhir.",
            en=f"Quiet for {len(calm)} watched hours since the last spike.",
        )
        return Speak(reason=AlertReason.RESOLVED, why=why, reading=calm[-1])
    if spike is not None and spike.bucket_start >= hour_of(alert.last_spike_at) and _is_news(alert, told, spike, now):
        grown = _grown(told, spike, rule)
        if grown is not None:
            return grown
    why = Phrase(
        id=f"Menunggu: {len(calm)} dari {needed} jam tenang yang terpantau.",
        en=f"Waiting: {len(calm)} of {needed} quiet watched hours.",
    )
    return Nothing(why=why, reading=spike)


def _is_news(alert: Alert, told: _Told, spike: Reading, now: datetime) -> bool:
    """A spike that is over is told if it grew after our last look; not if a silence has kept it back until now."""
    return spike.bucket_start >= hour_of(now) - HOUR or (told.ever and alert.hushed_at is None)


def _decide_lasting(told: _Told, spike: Reading, rule: Rule, now: datetime) -> Decision:
    grown = _grown(told, spike, rule)
    if grown is not None:
        return grown
    pause, passed = repeat_after(rule, told.repeats), now - told.at
    if passed >= pause:
        return Speak(reason=AlertReason.STILL, why=spike.reason, reading=spike)
    wait = int((pause - passed) / timedelta(minutes=1))
    why = Phrase(
        id=f"Sudah diberitahukan; diulang paling cepat dalam {wait} menit.",
        en=f"Already told; repeated in {wait} minutes at the soonest.",
    )
    return Nothing(why=why, reading=spike)


def _grown(told: _Told, spike: Reading, rule: Rule) -> Speak | None:
    """What nobody was told of yet is new, however long it has been there; so it is to the receivers where somebody took
    it in hand under a silence, before any message."""
    if not told.ever:
        return Speak(reason=AlertReason.FIRST, why=spike.reason, reading=spike)
    if spike.observed < worse_from(rule, told.count):
        return None
    reason = AlertReason.WORSE if told.by_message else AlertReason.FIRST
    return Speak(reason=reason, why=spike.reason, reading=spike)


def _newest_spike(readings: Sequence[Reading]) -> Reading | None:
    return next((reading for reading in reversed(readings) if reading.state is ReadingState.SPIKE), None)
