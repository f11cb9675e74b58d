"""Do the hosts of the sources answer, and do their clocks agree with ours?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from statistics import median

from collector.doctor.finding import Finding, Health, some
from collector.doctor.side_by_side import asked
from collector.model.errors import NotFound
from collector.model.source import Failed, Fetched, Source
from collector.net.turns import host_of
from collector.sources.base import Fetcher, SourceKind

EACH = timedelta(seconds=10)  # or the source's own timeout where that is shorter
CLOCK_RIGHT_S = 30.0
CLOCK_USABLE_S = 240.0  # receivers refuse signatures that are five minutes off
SHARE_IN_TROUBLE = 3  # more than one in so many is a fault of ours rather than theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What one host answered. ``reason`` is empty where it served something; ``answers``: it is there at least.
    ``ahead_s``: how far its clock is ahead of ours, None where it did not say."""

    reason: str
    answers: bool
    ahead_s: float | None = None


def reach(
    sources: Sequence[Source],
    kind_of: Callable[[str], SourceKind],
    fetcher: Fetcher,
    clock: Callable[[], datetime],
    seconds: float,
) -> Mapping[str, Reached]:
    """One source of each host is asked, the hosts at the same time; those that did not answer in time say so."""
    chosen: dict[str, tuple[SourceKind, Source, str]] = {}
    for source in sources:
        try:
            kind = kind_of(source.kind)
        except (NotFound, ImportError):
            continue
        address = kind.address(source)
        chosen.setdefault(host_of(address), (kind, source, address))

    def question(kind: SourceKind, source: Source, address: str) -> Callable[[], Reached]:
        brief = replace(source, timeout=min(source.timeout, EACH))
        return lambda: _reached(
            fetcher.fetch(brief, address, None, accept=kind.accept(), robots=kind.needs_robots, now=clock())
        )

    answers = asked({host: question(*one) for host, one in chosen.items()}, seconds)
    late = Reached(reason=f"no answer within {seconds:.0f} s", answers=False)
    return {host: answers.get(host, late) for host in chosen}


def _reached(answer: Fetched | Failed) -> Reached:
    if isinstance(answer, Failed):
        return Reached(reason=answer.reason, answers=answer.status is not None)
    return Reached(reason="", answers=True, ahead_s=_ahead_s(answer))


def _ahead_s(answer: Fetched) -> float | None:
    """By the Date header, which counts whole seconds; a cache tells the age of what it kept."""
    try:
        date = parsedate_to_datetime(answer.headers["date"])
        age = float(answer.headers.get("age", "0"))
    except (KeyError, ValueError, TypeError):
        return None
    said = date if date.tzinfo else date.replace(tzinfo=UTC)
    return (said - answer.fetched_at).total_seconds() + age + 0.5


def hosts_finding(reached: Mapping[str, Reached]) -> Finding:
    if not reached:
        return Finding(
            check="sources",
            health=Health.WARNING,
            text="no source is enabled",
            hint="add one: siaga add URL",
        )
    silent = [f"{host} ({one.reason})" for host, one in reached.items() if not one.answers]
    refusing = [f"{host} ({one.reason})" for host, one in reached.items() if one.answers and one.reason]
    well = len(reached) - len(silent) - len(refusing)
    text = f"{well} of {len(reached)} hosts serve their source"
    if silent:
        text += f"; no answer from {len(silent)}: {some(silent)}"
    if refusing:
        text += f"; refused by {len(refusing)}: {some(refusing)}"
    if len(silent) == len(reached):
        hint = "is this machine online, and does it resolve names? In a container: has it a network?"
    elif silent or refusing:
        hint = "look closer with: siaga test-source NAME"
    else:
        hint = ""
    many = SHARE_IN_TROUBLE * (len(silent) + len(refusing)) > len(reached)
    health = Health.FAULT if many else Health.WARNING if silent or refusing else Health.OK
    return Finding(check="sources", health=health, text=text, hint=hint)


def clock_finding(reached: Mapping[str, Reached]) -> Finding:
    """By the middle of what the hosts say: one with a wrong clock proves nothing."""
    said = [one.ahead_s for one in reached.values() if one.ahead_s is not None]
    if not said:
        return Finding(
            check="clock",
            health=Health.UNKNOWN,
            text="not compared: no host told its time",
            hint="see: timedatectl status",
        )
    ahead = median(said)
    text = f"{abs(ahead):.0f} s {'behind' if ahead > 0 else 'ahead of'} the middle of {len(said)} hosts"
    if abs(ahead) <= CLOCK_RIGHT_S:
        return Finding(
            check="clock", health=Health.OK, text=f"right within {max(1.0, abs(ahead)):.0f} s ({len(said)} hosts)"
        )
    return Finding(
        check="clock",
        health=Health.WARNING if abs(ahead) <= CLOCK_USABLE_S else Health.FAULT,
        text=text,
        hint="hours are cut and webhooks are signed by it: timedatectl set-ntp true",
    )
