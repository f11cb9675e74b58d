"""The words of messages to the operators. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from alerts import catalogue
from alerts.told import Change, Incident
from collector.model.phrase import Language, Phrase
from collector.model.source import SourceState

MAX_LINES = 20
_CHANGES: Mapping[Change, Phrase] = {
    Change.FAILING: Phrase(id="Gagal tiga kali atau lebih", en="Failed three times or more"),
    Change.RECOVERED: Phrase(id="Pulih", en="Working again"),
    Change.QUIET: Phrase(id="Sepi lebih lama dari expect_every", en="Quiet for longer than expect_every"),
    Change.RESUMED: Phrase(id="Menerbitkan lagi", en="Publishing again"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One message to the operators. ``kind`` tells messages of one moment apart."""

    kind: str
    headline: Phrase
    why: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What the daily summary tells: figures of the last 24 hours, and how it stands now. ``dead`` counts undeliverable
    messages by receiver; ``gone`` are receivers that want no more."""

    sources: int
    failing: Sequence[str]
    quiet: Sequence[str]
    opened: int
    firing: int
    sent: int
    waiting: int
    dead: Mapping[str, int]
    gone: Sequence[str]
    incidents: Sequence[Incident]


def summary(day: Day, zone: tzinfo) -> News:
    well = day.sources - len({*day.failing, *day.quiet})
    dead = sum(day.dead.values())
    return News(
        kind="summary",
        headline=Phrase(
            id=f"Ringkasan harian: {well} dari {day.sources} sumber sehat, {day.opened} peringatan baru",
            en=f"Daily summary: {well} of {day.sources} sources well, {day.opened} new alerts",
        ),
        why=Phrase(
            id=f"24 jam terakhir: {day.opened} peringatan baru, {day.firing} masih berlangsung, {day.sent} pesan "
            f"terkirim, {day.waiting} menunggu, {dead} tidak terkirim.\n" + _details(day, zone, "id"),
            en=f"Last 24 hours: {day.opened} new alerts, {day.firing} still firing, {day.sent} messages delivered, "
            f"{day.waiting} waiting, {dead} undeliverable.\n" + _details(day, zone, "en"),
        ),
    )


def _details(day: Day, zone: tzinfo, language: Language) -> str:
    def named(indonesian: str, english: str, names: Sequence[str]) -> list[str]:
        title = indonesian if language == "id" else english
        return [f"{title}: {', '.join(sorted(names)[:MAX_LINES])}."] if names else []

    lines: list[str] = []
    for change in Change:
        lines += _changed(change, [one for one in day.incidents if one.change is change], zone, language)
    lines += named("Gagal", "Failing", day.failing)
    lines += named("Sepi", "Quiet", day.quiet)
    dead = [f"{receiver} {count}" for receiver, count in day.dead.items()]
    lines += named("Tidak terkirim (siaga alerts --dead)", "Undeliverable (siaga alerts --dead)", dead)
    lines += named("Penerima dinonaktifkan (410)", "Receivers disabled (410)", day.gone)
    return "\n".join(lines)


def _changed(change: Change, incidents: Sequence[Incident], zone: tzinfo, language: Language) -> list[str]:
    if not incidents:
        return []
    lines = [f"- {_incident(one, zone, language)}" for one in incidents]
    return [f"{_CHANGES[change].in_language(language)}:", *_cut(lines)]


def _incident(one: Incident, zone: tzinfo, language: Language) -> str:
    said = one.detail
    if one.change is Change.QUIET:
        newest = catalogue.moment(datetime.fromisoformat(said), zone, language) if said else "—"
        said = f"{'terbaru' if language == 'id' else 'newest'} {newest}"
    when = catalogue.moment(one.at, zone, language)
    return f"{one.source}, {when}" + (f": {said}" if said else "")


def many_failing(failing: Mapping[str, SourceState], total: int) -> News:
    """``failing``: those whose last poll brought nothing."""
    everything = len(failing) == total
    lines = [f"{name}: {state.last_error or '—'}" for name, state in sorted(failing.items())]
    return News(
        kind="many",
        headline=Phrase(
            id="Semua sumber gagal dibaca: periksa jaringan"
            if everything
            else f"Lebih dari sepertiga sumber gagal: {len(failing)} dari {total}",
            en="All sources fail: check the network"
            if everything
            else f"More than a third of the sources fail: {len(failing)} of {total}",
        ),
        why=Phrase(
            id="Selama ini berlangsung, peringatan bisa terlewat.\n" + "\n".join(_cut(lines)),
            en="While this lasts, alerts may be missed.\n" + "\n".join(_cut(lines)),
        ),
    )


def many_over(failing: int, total: int) -> News:
    return News(
        kind="many over",
        headline=Phrase(
            id=f"Sumber terbaca lagi: {total - failing} dari {total}",
            en=f"Sources are read again: {total - failing} of {total}",
        ),
        why=Phrase(id="Kurang dari sepertiga masih gagal.", en="Less than a third still fail."),
    )


def disk_low(free_bytes: int) -> News:
    return News(
        kind="disk",
        headline=Phrase(
            id=f"Ruang disk hampir habis: {free_bytes / 1e6:.0f} MB", en=f"Disk nearly full: {free_bytes / 1e6:.0f} MB"
        ),
        why=Phrase(
            id="Bila penuh, Siaga berhenti mencatat dan memberi peringatan. Kosongkan ruang, atau perpendek retention "
            "di sources.yaml lalu jalankan: siaga prune",
            en="Once it is full, Siaga stops recording and alerting. Make room, or shorten retention in sources.yaml "
            "and run: siaga prune",
        ),
    )


def disk_well(free_bytes: int) -> News:
    return News(
        kind="disk over",
        headline=Phrase(
            id=f"Ruang disk cukup lagi: {free_bytes / 1e9:.1f} GB", en=f"Disk has room again: {free_bytes / 1e9:.1f} GB"
        ),
        why=Phrase(id="Tidak perlu tindakan.", en="Nothing to do."),
    )


def database_faulty(faults: Sequence[str]) -> News:
    lines = "\n".join(_cut(faults))
    return News(
        kind="database",
        headline=Phrase(id="Basis data bermasalah", en="The database is in trouble"),
        why=Phrase(
            id=f"{lines}\nSalin berkas basis data beserta -wal, lalu pulihkan dari cadangan (siaga backup). "
            "Periksa dengan: siaga doctor",
            en=f"{lines}\nCopy the database file with its -wal, then restore a backup (siaga backup). "
            "Check with: siaga doctor",
        ),
    )


def refused(why: str) -> News:
    return News(
        kind="refused",
        headline=Phrase(
            id="sources.yaml ditolak, yang lama tetap dipakai", en="sources.yaml refused, the old one stays"
        ),
        why=Phrase(id=why, en=why),
    )


def _cut(lines: Sequence[str]) -> list[str]:
    more = [f"… +{len(lines) - MAX_LINES}"] if len(lines) > MAX_LINES else []
    return [*lines[:MAX_LINES], *more]
