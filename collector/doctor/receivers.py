"""Would a message get through to each receiver? Log-ins are tried, no message is sent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from alerts.channels.base import Channel, Receipt
from collector.doctor.finding import Finding, Health
from collector.doctor.side_by_side import asked
from collector.model.errors import ChannelError

HINTS = {
    "email": "check smarthost, tls, username and password_file",
    "webhook": "check the url; an address inside this network needs network.allow_private",
}


def receiver_findings(
    channels: Mapping[str, Channel],
    kinds: Mapping[str, str],
    gone: Mapping[str, datetime],
    operators: Collection[str],
    seconds: float,
) -> tuple[Finding, ...]:
    """One per receiver. ``kinds`` by receiver; ``gone`` are those that want no more, and since when."""
    if not channels:
        return (
            Finding(
                check="receivers",
                health=Health.FAULT,
                text="no receiver is configured: nobody would hear of an alert",
                hint="add one under receivers; see docs/reference/sources-yaml.md",
            ),
        )
    probes = {name: _question(channel) for name, channel in channels.items() if hasattr(channel, "probe")}
    answers = asked(probes, seconds)
    late = ChannelError(f"no answer within {seconds:.0f} s", permanent=False)
    found = [
        _finding(name, kinds[name], answers.get(name, late) if name in probes else None, gone.get(name))
        for name in channels
    ]
    if not operators:
        found.append(
            Finding(
                check="operator",
                health=Health.WARNING,
                text="nobody is told of failing sources and undeliverable alerts",
                hint="name a receiver under operator: {receivers: [...]}",
            )
        )
    return tuple(found)


def _question(channel: Channel) -> Callable[[], Receipt | ChannelError]:
    def ask() -> Receipt | ChannelError:
        try:
            answer: Receipt = channel.probe()  # type: ignore[attr-defined]  # those without one are not asked
        except ChannelError as error:
            return error
        return answer

    return ask


def _finding(name: str, kind: str, answer: Receipt | ChannelError | None, gone_at: datetime | None) -> Finding:
    check = f"receiver {name}"
    if gone_at is not None:
        return Finding(
            check=check,
            health=Health.FAULT,
            text=f"disabled: it answered 410 Gone on {gone_at:%Y-%m-%d}; its messages wait",
            hint="change its entry in sources.yaml, or try one again: siaga alerts --dead, then siaga resend ID",
        )
    if answer is None:
        return Finding(
            check=check,
            health=Health.UNKNOWN,
            text=f"{kind}: cannot be tried silently",
            hint=f"siaga test-alert {name}",
        )
    if isinstance(answer, ChannelError):
        return Finding(
            check=check,
            health=Health.FAULT,
            text=f"{kind}: {answer.reason}",
            hint=f"{HINTS.get(kind, 'check its entry')}; then: siaga test-alert {name}",
        )
    return Finding(check=check, health=Health.OK, text=f"{kind}: {answer.answer}")
