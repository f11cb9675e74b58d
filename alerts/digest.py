"""The digest tick: tell the operators what is wrong with the watching itself, each thing once.

    grave (a third of the sources fail, the disk, the database)   at once, and when it is over
    the rest (a source fails, recovers, goes quiet, resumes)      in the daily summary

What was told is kept in the store, so a restart repeats nothing; the messages and that memory are one transaction.
Undeliverable messages are told by the deliver tick, which sees them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta, tzinfo
from hashlib import blake2b

from alerts import bulletin
from alerts.bulletin import Day, News
from alerts.hold import gone_since
from alerts.operator import operator_notice
from alerts.told import Change, Incident, Told
from collector.model.alert import Delivery, DeliveryState
from collector.model.errors import StoreError
from collector.model.source import Source, SourceState
from collector.store.base import Storage

TOLD = "operator.told"
REFUSED = "operator.refused"
FAILURES_TOLD = 3  # one failure is weather
MANY_FOR = timedelta(minutes=10)  # and so is a short one of many sources
SUMMARY_FROM = time(7, 0)  # local
SAME_REFUSAL = timedelta(hours=1)
DISK_LOW_BYTES = 500_000_000
DISK_WELL_BYTES = 1_000_000_000
_DAY = timedelta(days=1)


class Digest:
    """``sources`` as configured (disabled ones are left out), ``receivers`` the operators' names, ``entries`` as in
    :class:`~alerts.hold.Holds`; ``free_bytes`` asks for the room left on the database's disk (None: not known)."""

    def __init__(
        self,
        store: Storage,
        sources: Sequence[Source],
        receivers: Sequence[str],
        zone: tzinfo,
        *,
        entries: Mapping[str, str] | None = None,
        free_bytes: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._store = store
        self._sources = {source.id: source for source in sources if source.enabled}
        self._receivers = tuple(receivers)
        self._zone = zone
        self._entries = entries
        self._free_bytes = free_bytes

    def tick(self, now: datetime) -> int:
        """The number of messages put into the outbox."""
        if not self._receivers:
            return 0
        told = Told.from_json(self._store.meta(TOLD))
        states = {s.source_id: s for s in self._store.sources.states() if s.source_id in self._sources}
        noted = note_changes(told, self._sources, states, now)
        grave, known = judge_whole(noted, states, now)
        disk, known = judge_disk(known, self._free_bytes())
        news = [*grave, *disk]
        if self._summary_is_due(known, now):
            database, known = self._judge_database(known)
            news += [*database, bulletin.summary(self._day(known, states, now), self._zone)]
            known = replace(known, incidents=(), summary_on=now.astimezone(self._zone).date())
        elif known.summary_on is None:  # the first day has nothing to sum up
            known = replace(known, summary_on=now.astimezone(self._zone).date())
        return self._tell(news, known, told, now)

    def configuration_refused(self, why: str, now: datetime) -> None:
        """An edited sources.yaml was wrong and the last good one stays. The same fault is told once an hour."""
        fingerprint = blake2b(why.encode("utf-8", "replace"), digest_size=8).hexdigest()
        last, _, at = (self._store.meta(REFUSED) or "").partition(" ")
        if not self._receivers or (last == fingerprint and now - datetime.fromisoformat(at) < SAME_REFUSAL):
            return
        with self._store.transaction(durable=True):
            self._store.outbox.add(self._messages([bulletin.refused(why)], now))
            self._store.set_meta(REFUSED, f"{fingerprint} {now.isoformat()}")

    def _summary_is_due(self, told: Told, now: datetime) -> bool:
        local = now.astimezone(self._zone)
        return told.summary_on is not None and told.summary_on < local.date() and local.time() >= SUMMARY_FROM

    def _tell(self, news: Sequence[News], known: Told, told: Told, now: datetime) -> int:
        if not news and known == told:
            return 0
        messages = self._messages(news, now)
        with self._store.transaction(durable=bool(messages)):
            if messages:
                self._store.outbox.add(messages)
            self._store.set_meta(TOLD, known.to_json())
        return len(messages)

    def _messages(self, news: Sequence[News], now: datetime) -> list[Delivery]:
        return [
            message
            for one in news
            for message in operator_notice(one.kind, one.headline, one.why, self._receivers, now)
        ]

    def _judge_database(self, told: Told) -> tuple[list[News], Told]:
        """Once a day, for it reads the whole file."""
        try:
            faults = self._store.faults()
        except StoreError:  # busy: tomorrow
            return [], told
        news = [bulletin.database_faulty(faults)] if faults and faults != told.faults else []
        return news, replace(told, faults=faults)

    def _day(self, told: Told, states: Mapping[str, SourceState], now: datetime) -> Day:
        recent = self._store.outbox.list(limit=1000)
        dead = Counter(d.receiver for d in self._store.outbox.list(dead_only=True, limit=1000))
        return Day(
            sources=len(states),
            failing=sorted(told.failing),
            quiet=sorted(told.quiet),
            opened=sum(alert.opened_at >= now - _DAY for alert in self._store.alerts.list(limit=1000)),
            firing=len(self._store.alerts.firing()),
            sent=sum(
                d.state is DeliveryState.SENT and d.sent_at is not None and d.sent_at >= now - _DAY for d in recent
            ),
            waiting=sum(d.state is DeliveryState.PENDING for d in recent),
            dead=dead,
            gone=sorted(gone_since(self._store, self._entries)),
            incidents=told.incidents,
        )


def is_quiet(source: Source, state: SourceState, now: datetime) -> bool:
    """Its newest item is older than ``expect_every``; a source without any item counts from its first success."""
    newest = state.newest_item_at or state.first_ok_at
    return source.expect_every is not None and newest is not None and now - newest > source.expect_every


def note_changes(told: Told, sources: Mapping[str, Source], states: Mapping[str, SourceState], now: datetime) -> Told:
    """What became of each source since the last look; a source in trouble is neither recovered nor resumed."""
    unwell = {name for name, state in states.items() if state.failures}
    failing = {name for name, state in states.items() if state.failures >= FAILURES_TOLD}
    quiet = {name for name in states.keys() - unwell if is_quiet(sources[name], states[name], now)}
    known = states.keys()
    incidents = (
        *_incidents(Change.FAILING, failing - told.failing, states, now),
        *_incidents(Change.RECOVERED, (told.failing & known) - unwell, states, now),
        *_incidents(Change.QUIET, quiet - told.quiet, states, now),
        *_incidents(Change.RESUMED, (told.quiet & known) - quiet - unwell, states, now),
    )
    return replace(
        told,
        failing=frozenset(failing | (told.failing & unwell)),
        quiet=frozenset(quiet | (told.quiet & unwell)),
        incidents=(*told.incidents, *incidents),
    )


def _incidents(
    change: Change, names: Collection[str], states: Mapping[str, SourceState], now: datetime
) -> list[Incident]:
    def detail(state: SourceState) -> str:
        if change is Change.FAILING:
            return state.last_error or ""
        newest = state.newest_item_at
        return newest.isoformat() if change is Change.QUIET and newest is not None else ""

    return [Incident(at=now, change=change, source=name, detail=detail(states[name])) for name in sorted(names)]


def judge_whole(told: Told, states: Mapping[str, SourceState], now: datetime) -> tuple[list[News], Told]:
    """More than a third of the sources whose last poll failed, and at least two (or the only one), for ten minutes."""
    polled = {name: state for name, state in states.items() if state.last_poll_at is not None}
    failing = {name: state for name, state in polled.items() if state.failures}
    many = 3 * len(failing) > len(polled) and len(failing) >= min(2, len(polled))
    if not many:
        over = [bulletin.many_over(len(failing), len(polled))] if told.many_told else []
        return over, replace(told, many_since=None, many_told=False)
    since = told.many_since or now
    if told.many_told or now - since < MANY_FOR:
        return [], replace(told, many_since=since)
    return [bulletin.many_failing(failing, len(polled))], replace(told, many_since=since, many_told=True)


def judge_disk(told: Told, free_bytes: int | None) -> tuple[list[News], Told]:
    """Low under 500 MB, well again from 1 GB on."""
    if free_bytes is None:
        return [], told
    if not told.disk_low and free_bytes < DISK_LOW_BYTES:
        return [bulletin.disk_low(free_bytes)], replace(told, disk_low=True)
    if told.disk_low and free_bytes >= DISK_WELL_BYTES:
        return [bulletin.disk_well(free_bytes)], replace(told, disk_low=False)
    return [], told
