"""Is the watching itself ready: enough past for the rules, sources that live, a daemon at work, messages that leave?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from alerts.cold_start import Waiting
from collector.doctor.finding import Finding, Health, some
from collector.model.alert import DeliveryState
from collector.model.heartbeat import Heartbeat
from collector.model.source import Source, SourceState


def baseline_finding(waiting: Sequence[Waiting], rules: int) -> Finding:
    """Rules that compare with the past are silent until there is some; those that wait for the same share a clause."""
    if not rules:
        return Finding(
            check="baseline",
            health=Health.FAULT,
            text="there is no rule: no alert is possible",
            hint="add one under rules",
        )
    if not waiting:
        return Finding(check="baseline", health=Health.OK, text=f"all {rules} rules may speak")
    together: dict[str, list[str]] = {}
    for one in waiting:
        together.setdefault(_short(one.why.en), []).append(one.rule)
    clauses = "; ".join(f"{why} ({some(names)})" for why, names in together.items())
    return Finding(
        check="baseline",
        health=Health.WARNING,
        text=f"{rules - len(waiting)} of {rules} rules may speak; {clauses}",
        hint="keep it running: hours without polls do not count",
    )


def _short(why: str) -> str:
    return why.removeprefix("Not enough history: ").rstrip(".")


def lifeless_finding(sources: Sequence[Source], states: Mapping[str, SourceState]) -> Finding:
    """Sources that were asked and never served anything."""
    enabled = [source.id for source in sources if source.enabled]
    polled = [name for name in enabled if name in states and states[name].last_poll_at is not None]
    never = [name for name in polled if states[name].first_ok_at is None]
    if not polled:
        return Finding(check="never alive", health=Health.UNKNOWN, text="no source was polled yet", hint="siaga once")
    if not never:
        return Finding(check="never alive", health=Health.OK, text=f"all {len(polled)} polled sources have worked")
    told = [f"{name} ({states[name].last_error or 'unknown'})" for name in never]
    return Finding(
        check="never alive",
        health=Health.FAULT if len(never) == len(polled) else Health.WARNING,
        text=f"{len(never)} of {len(polled)} polled sources have never worked: {some(told)}",
        hint="siaga test-source NAME; then mend the address or set enabled: false",
    )


def daemon_finding(heartbeat: Heartbeat, now: datetime) -> Finding:
    if heartbeat.is_alive(now):
        return Finding(check="daemon", health=Health.OK, text="at work")
    text = "stopped" if heartbeat.ended else "never started here" if heartbeat.beat_at is None else "no sign of life"
    return Finding(check="daemon", health=Health.WARNING, text=text, hint="siaga run; or siaga once by a timer")


def messages_finding(counts: Mapping[DeliveryState, int]) -> Finding:
    dead, waiting = counts[DeliveryState.DEAD], counts[DeliveryState.PENDING]
    text = f"{counts[DeliveryState.SENT]} delivered, {waiting} waiting, {dead} undeliverable"
    if not dead:
        return Finding(check="messages", health=Health.OK, text=text)
    return Finding(check="messages", health=Health.WARNING, text=text, hint="siaga alerts --dead; then siaga resend ID")
