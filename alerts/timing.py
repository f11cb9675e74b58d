"""When one receiver is told of what was decided, and why not sooner. Pure.

urgent (a level of the receiver's choice)  -> with its group, whatever the hour
mode digest                                -> with the next digest
quiet hours                                -> when they end
else                                       -> with its group: after group_wait if it is new, else now
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from alerts import catalogue
from alerts.slots import next_slot, quiet_until
from collector.model.alert import AlertReason
from collector.model.level import Level
from collector.model.phrase import Phrase
from collector.model.plan import Plan
from collector.model.withheld import Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Held back for this reason, until then (``until_at`` may be now)."""

    hold: Hold
    until_at: datetime
    why: Phrase


def timing(plan: Plan, reason: AlertReason, level: Level, now: datetime, zone: tzinfo) -> Timing:
    """``level`` is the alert's now. An end is never urgent: nobody is woken to hear that it is over."""
    urgent = plan.is_urgent(level) and reason is not AlertReason.RESOLVED
    if plan.mode == "digest" and not urgent:
        slot = next_slot(plan.digest_at, now, zone)
        why = _until(slot.at, zone, "Menunggu ringkasan", "Waits for the digest of")
        return Timing(hold=Hold.DIGEST, until_at=slot.at, why=why)
    morning = quiet_until(plan.quiet_hours, now, zone)
    if morning is not None and not urgent:
        return Timing(
            hold=Hold.QUIET_HOURS, until_at=morning, why=_until(morning, zone, "Jam tenang sampai", "Quiet hours until")
        )
    leaves = now + plan.group_wait if reason is AlertReason.FIRST else now
    return Timing(
        hold=Hold.GROUPED, until_at=leaves, why=_until(leaves, zone, "Bersama yang lain pada", "With others at")
    )


def company(plan: Plan, *, rule: str, subject: str, level: Level) -> str:
    """Messages of one word may travel together."""
    words = {"rule": rule, "topic": subject, "level": level.value}
    return "\n".join(words[name] for name in plan.group_by)


def _until(at: datetime, zone: tzinfo, indonesian: str, english: str) -> Phrase:
    return Phrase(
        id=f"{indonesian} {catalogue.moment(at, zone, 'id')}", en=f"{english} {catalogue.moment(at, zone, 'en')}"
    )
