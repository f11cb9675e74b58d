"""The digest tick: tell the operators what is wrong with the watching itself, once, and once a day how it stands.

What was told is kept in the store, so a restart repeats nothing; the messages and that memory are one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from hashlib import blake2b

from alerts import catalogue
from alerts.operator import operator_notice
from collector.model.alert import Delivery, DeliveryState
from collector.model.phrase import Language, Phrase
from collector.model.source import Source, SourceState
from collector.store.base import Storage

TOLD = "operator.told"
REFUSED = "operator.refused"
FAILURES_TOLD = 3  # one failure is weather
SUMMARY_FROM = time(7, 0)  # local
SAME_REFUSAL = timedelta(hours=1)
MAX_LINES = 20
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the operators know: sources that fail, sources that are quiet, the day of the last summary."""

    failing: frozenset[str] = frozenset()
    quiet: frozenset[str] = frozenset()
    summary_on: date | None = None

    @classmethod
    def from_json(cls, text: str | None) -> Told:
        if text is None:
            return cls()
        raw = json.loads(text)
        day = raw["summary_on"]
        return cls(
            failing=frozenset(raw["failing"]),
            quiet=frozenset(raw["quiet"]),
            summary_on=date.fromisoformat(day) if day else None,
        )

    def to_json(self) -> str:
        day = self.summary_on.isoformat() if self.summary_on else None
        return json.dumps({"failing": sorted(self.failing), "quiet": sorted(self.quiet), "summary_on": day})


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One message to the operators."""

    kind: str
    headline: Phrase
    why: Phrase


class Digest:
    """``sources`` as configured (disabled ones are left out), ``receivers`` the operators' names."""

    def __init__(self, store: Storage, sources: Sequence[Source], receivers: Sequence[str], zone: tzinfo) -> None:
        self._store = store
        self._sources = {source.id: source for source in sources if source.enabled}
        self._receivers = tuple(receivers)
        self._zone = zone

    def tick(self, now: datetime) -> int:
        """The number of messages put into the outbox."""
        if not self._receivers:
            return 0
        told = Told.from_json(self._store.meta(TOLD))
        states = {s.source_id: s for s in self._store.sources.states() if s.source_id in self._sources}
        failing = frozenset(name for name, state in states.items() if state.failures >= FAILURES_TOLD)
        quiet = frozenset(
            name for name, state in states.items() if not state.failures and is_quiet(self._sources[name], state, now)
        )
        news = [*source_news(told, failing, quiet, states, self._zone)]
        today = now.astimezone(self._zone)
        summary_on = told.summary_on or today.date()  # the first day has nothing to sum up
        if summary_on < today.date() and today.time() >= SUMMARY_FROM:
            news.append(self._summary(len(states), failing, quiet, now))
            summary_on = today.date()
        still_unwell = frozenset(name for name, state in states.items() if state.failures)
        known = Told(
            failing=failing | (told.failing & still_unwell),
            quiet=quiet | (told.quiet & still_unwell),
            summary_on=summary_on,
        )
        return self._tell(news, known, told, now)

    def configuration_refused(self, why: str, now: datetime) -> None:
        """An edited sources.yaml was wrong and the last good one stays. The same fault is told once an hour."""
        fingerprint = blake2b(why.encode("utf-8", "replace"), digest_size=8).hexdigest()
        last, _, at = (self._store.meta(REFUSED) or "").partition(" ")
        if not self._receivers or (last == fingerprint and now - datetime.fromisoformat(at) < SAME_REFUSAL):
            return
        headline = Phrase(
            id="sources.yaml ditolak, yang lama tetap dipakai", en="sources.yaml refused, the old one stays"
        )
        with self._store.transaction(durable=True):
            self._store.outbox.add(operator_notice("refused", headline, Phrase(id=why, en=why), self._receivers, now))
            self._store.set_meta(REFUSED, f"{fingerprint} {now.isoformat()}")

    def _tell(self, news: Sequence[News], known: Told, told: Told, now: datetime) -> int:
        if not news and known == told:
            return 0
        messages: list[Delivery] = []
        for one in news:
            messages.extend(operator_notice(one.kind, one.headline, one.why, self._receivers, now))
        with self._store.transaction(durable=bool(messages)):
            if messages:
                self._store.outbox.add(messages)
            self._store.set_meta(TOLD, known.to_json())
        return len(messages)

    def _summary(self, total: int, failing: frozenset[str], quiet: frozenset[str], now: datetime) -> News:
        alerts = self._store.alerts
        opened = sum(alert.opened_at >= now - _DAY for alert in alerts.list(limit=1000))
        firing = len(alerts.firing())
        dead = len(self._store.outbox.list(dead_only=True, limit=1000))
        recent = self._store.outbox.list(limit=1000)
        sent = sum(d.state is DeliveryState.SENT and d.sent_at is not None and d.sent_at >= now - _DAY for d in recent)
        waiting = sum(d.state is DeliveryState.PENDING for d in recent)
        well = total - len(failing | quiet)
        return News(
            kind="summary",
            headline=Phrase(
                id=f"Ringkasan harian: {well} dari {total} sumber sehat, {opened} peringatan baru",
                en=f"Daily summary: {well} of {total} sources well, {opened} new alerts",
            ),
            why=Phrase(
                id=f"24 jam terakhir: {opened} peringatan baru, {firing} masih berlangsung, {sent} pesan terkirim, "
                f"{waiting} menunggu, {dead} tidak terkirim.\n" + _listed("Gagal", failing) + _listed("Sepi", quiet),
                en=f"Last 24 hours: {opened} new alerts, {firing} still firing, {sent} messages delivered, "
                f"{waiting} waiting, {dead} undeliverable.\n" + _listed("Failing", failing) + _listed("Quiet", quiet),
            ),
        )


def is_quiet(source: Source, state: SourceState, now: datetime) -> bool:
    """Its newest item is older than ``expect_every``; a source without any item counts from its first success."""
    newest = state.newest_item_at or state.first_ok_at
    return source.expect_every is not None and newest is not None and now - newest > source.expect_every


def source_news(
    told: Told, failing: frozenset[str], quiet: frozenset[str], states: Mapping[str, SourceState], zone: tzinfo
) -> list[News]:
    """What changed since the operators were last told; many sources are one message."""
    unwell = {name for name, state in states.items() if state.failures}
    news: list[News] = []
    if fresh := sorted(failing - told.failing):
        news.append(_failing(fresh, states))
    if well := sorted((told.failing & states.keys()) - unwell):
        news.append(_back(well, "recovered", "pulih", "working again"))
    if fresh := sorted(quiet - told.quiet):
        news.append(_quiet(fresh, states, zone))
    if well := sorted((told.quiet & states.keys()) - quiet - unwell):
        news.append(_back(well, "resumed", "kembali menerbitkan", "publishing again"))
    return news


def _failing(names: Sequence[str], states: Mapping[str, SourceState]) -> News:
    everything = len(names) == len(states) > 1
    lines_id = [f"{n}: {states[n].failures} kali berturut-turut; {states[n].last_error or '—'}" for n in names]
    lines_en = [f"{n}: {states[n].failures} times in a row; {states[n].last_error or '—'}" for n in names]
    return News(
        kind="failing",
        headline=Phrase(
            id="Semua sumber gagal dibaca: periksa jaringan"
            if everything
            else f"Sumber gagal dibaca: {_names(names, 'id')}",
            en="All sources fail: check the network" if everything else f"Sources failing: {_names(names, 'en')}",
        ),
        why=Phrase(id=_lines(lines_id), en=_lines(lines_en)),
    )


def _quiet(names: Sequence[str], states: Mapping[str, SourceState], zone: tzinfo) -> News:
    def newest(name: str, language: Language) -> str:
        at = states[name].newest_item_at
        return "—" if at is None else catalogue.moment(at, zone, language)

    return News(
        kind="quiet",
        headline=Phrase(id=f"Sumber sepi: {_names(names, 'id')}", en=f"Sources gone quiet: {_names(names, 'en')}"),
        why=Phrase(
            id="Tidak ada yang baru lebih lama dari expect_every.\n"
            + _lines([f"{n}: terbaru {newest(n, 'id')}" for n in names]),
            en="Nothing new for longer than expect_every.\n"
            + _lines([f"{n}: newest {newest(n, 'en')}" for n in names]),
        ),
    )


def _back(names: Sequence[str], kind: str, indonesian: str, english: str) -> News:
    return News(
        kind=kind,
        headline=Phrase(
            id=f"Sumber {indonesian}: {_names(names, 'id')}", en=f"Sources {english}: {_names(names, 'en')}"
        ),
        why=Phrase(id=_lines(names), en=_lines(names)),
    )


def _names(names: Sequence[str], language: str) -> str:
    shown = ", ".join(names[:3])
    more = len(names) - 3
    if more <= 0:
        return shown
    return f"{shown} dan {more} lainnya" if language == "id" else f"{shown} and {more} more"


def _lines(lines: Sequence[str]) -> str:
    more = [f"… +{len(lines) - MAX_LINES}"] if len(lines) > MAX_LINES else []
    return "\n".join([*lines[:MAX_LINES], *more])


def _listed(title: str, names: frozenset[str]) -> str:
    return f"{title}: {', '.join(sorted(names)[:MAX_LINES])}.\n" if names else ""
