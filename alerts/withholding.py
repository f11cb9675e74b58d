"""What was decided, as messages held back: one per receiver, until its time comes or for good. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from alerts.announcement import delivery_key
from alerts.notice import to_json
from alerts.policy import Withhold
from alerts.timing import company, timing
from collector.model.alert import Alert, AlertReason, Notice
from collector.model.phrase import Language
from collector.model.plan import Plan
from collector.model.withheld import Hold, Withheld

AT_ONCE = Plan()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivers:
    """When each receiver wants to be told. ``plans`` by name; who has none is told at once."""

    plans: Mapping[str, Plan]
    zone: tzinfo
    language: Language

    def plan(self, name: str) -> Plan:
        return self.plans.get(name, AT_ONCE)


def waiting(
    alert: Alert, notice: Notice, reason: AlertReason, names: Sequence[str], receivers: Receivers
) -> tuple[Withheld, ...]:
    """To be sent, each when its receiver's time comes: the same notice for all."""
    text = to_json(notice)
    rows: list[Withheld] = []
    for name in names:
        plan = receivers.plan(name)
        when = timing(plan, reason, alert.level, notice.at, receivers.zone)
        rows.append(
            _row(
                alert,
                text,
                reason,
                name,
                at=notice.at,
                hold=when.hold,
                why=when.why.in_language(receivers.language),
                until_at=when.until_at,
                company=company(plan, rule=alert.rule, subject=str(alert.subject), level=alert.level),
            )
        )
    return tuple(rows)


def for_good(
    alert: Alert, notice: Notice, held: Withhold, names: Sequence[str], receivers: Receivers
) -> tuple[Withheld, ...]:
    """Not to be sent, and kept so that it can be shown."""
    text = to_json(notice)
    return tuple(
        _row(
            alert,
            text,
            held.reason,
            name,
            at=notice.at,
            hold=held.hold,
            why=held.because.in_language(receivers.language),
            until_at=held.until_at,
            company=str(held.silence.id) if held.silence is not None else "",
            settled_at=notice.at,
        )
        for name in names
    )


def _row(
    alert: Alert,
    notice: str,
    reason: AlertReason,
    receiver: str,
    *,
    at: datetime,
    hold: Hold,
    why: str,
    until_at: datetime | None,
    company: str,
    settled_at: datetime | None = None,
) -> Withheld:
    return Withheld(
        id=0,
        alert_id=alert.id,
        receiver=receiver,
        reason=reason.value,
        hold=hold,
        why=why,
        company=company,
        made_at=at,
        until_at=until_at,
        dedup_key=delivery_key(alert, reason, at, receiver),
        notice=notice,
        settled_at=settled_at,
    )
