"""How the sources stand, as the page tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from collector.model.source import Source, SourceState
from collector.web.desk import Desk


class Condition(StrEnum):
    """The worst first."""

    FAILING = "failing"
    QUIET = "quiet"
    UNPOLLED = "unpolled"
    HEALTHY = "healthy"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Enabled sources by condition; names of those that fail."""

    healthy: int
    quiet: int
    unpolled: int
    failing: tuple[str, ...]

    @property
    def total(self) -> int:
        return self.healthy + self.quiet + self.unpolled + len(self.failing)


def condition_of(source: Source, state: SourceState, now: datetime) -> Condition:
    """Quiet: its newest item is older than the file lets expect."""
    if not source.enabled:
        return Condition.DISABLED
    if state.failures:
        return Condition.FAILING
    if state.last_poll_at is None:
        return Condition.UNPOLLED
    newest = state.newest_item_at or state.first_ok_at
    late = source.expect_every is not None and newest is not None and now - newest > source.expect_every
    return Condition.QUIET if late else Condition.HEALTHY


def health_of(desk: Desk, now: datetime) -> Health:
    states = {state.source_id: state for state in desk.store.sources.states()}
    known = [(source, states[source.id]) for source in desk.settings.sources if source.id in states]
    found = [(source.id, condition_of(source, state, now)) for source, state in known]
    return Health(
        healthy=sum(condition is Condition.HEALTHY for _, condition in found),
        quiet=sum(condition is Condition.QUIET for _, condition in found),
        unpolled=sum(condition is Condition.UNPOLLED for _, condition in found),
        failing=tuple(name for name, condition in found if condition is Condition.FAILING),
    )


def share_covered(hours: int, source: Source, state: SourceState, now: datetime, span: timedelta) -> float | None:
    """Of the hours since then in which it should have been read; None before its first success. The hour under way
    counts as one."""
    if state.first_ok_at is None:
        return None
    watched = min(span, now - state.first_ok_at)
    return min(1.0, hours / max(1, round(watched / timedelta(hours=1))))
