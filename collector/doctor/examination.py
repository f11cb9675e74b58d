"""Everything that ``siaga doctor`` looks at, in the order in which it is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from alerts.cold_start import waiting
from alerts.hold import gone_since
from collector.app.database import free_bytes, sqlite_version
from collector.app.detectors import build_detectors
from collector.app.network import build_fetcher
from collector.app.receivers import build_channels, receiver_entries
from collector.app.sources import kind_of
from collector.config.settings import Settings
from collector.doctor.finding import Finding
from collector.doctor.machine import database_finding, disk_finding, sqlite_finding
from collector.doctor.reach import Reached, clock_finding, hosts_finding, reach
from collector.doctor.receivers import receiver_findings
from collector.doctor.watching import baseline_finding, daemon_finding, lifeless_finding, messages_finding
from collector.model.clock import Clock
from collector.model.heartbeat import BEAT, STOPPED, Heartbeat
from collector.store.base import Storage

SECONDS = 30.0  # for all sources, and as long again for all receivers


def examine(
    settings: Settings, store: Storage | None, clock: Clock, *, seconds: float = SECONDS
) -> tuple[Finding, ...]:
    """``store`` is None where there is no database yet: it is not made for asking."""
    now = clock.now()
    reached = _reach(settings, clock, seconds)
    gone = {} if store is None else gone_since(store, receiver_entries(settings))
    kinds = {receiver.name: receiver.kind for receiver in settings.receivers}
    return (
        hosts_finding(reached),
        *receiver_findings(build_channels(settings), kinds, gone, settings.operator, seconds),
        clock_finding(reached),
        disk_finding(free_bytes(settings.database), 0 if store is None else store.facts().size_bytes),
        sqlite_finding(sqlite_version()),
        database_finding(store, settings.database),
        *(_of_the_store(settings, store, now) if store is not None else ()),
    )


def _reach(settings: Settings, clock: Clock, seconds: float) -> Mapping[str, Reached]:
    fetcher = build_fetcher(settings)
    try:
        return reach([s for s in settings.sources if s.enabled], kind_of, fetcher, clock.now, seconds)
    finally:
        fetcher.close()


def _of_the_store(settings: Settings, store: Storage, now: datetime) -> tuple[Finding, ...]:
    states = {state.source_id: state for state in store.sources.states()}
    silent = waiting(store, settings.rules, build_detectors(settings), now)
    return (
        baseline_finding(silent, len(settings.rules)),
        lifeless_finding(settings.sources, states),
        daemon_finding(Heartbeat.from_texts(store.meta(BEAT), store.meta(STOPPED)), now),
        messages_finding(store.outbox.counts()),
    )
