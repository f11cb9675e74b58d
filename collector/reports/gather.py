"""From the store to a report: the only part of reports that reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta, tzinfo

from collector.model.clock import HOUR
from collector.model.ledger import Precision
from collector.model.phrase import Phrase
from collector.reports.change import Claimed, Side, change, shipped_claims
from collector.reports.evenness import Asked, Named, evenness, shipped_names
from collector.reports.period import (
    STEPS,
    Group,
    Period,
    Raw,
    Report,
    TopicLine,
    groups_by_label,
    groups_by_time,
    period,
    topic_counts,
)
from collector.reports.published import Chosen, choose
from collector.reports.window import Step, Window
from collector.store.base import Storage

LONGEST = 3_660  # days of a window
NOTHING = Chosen(taken=(), left_out=())


def report(
    store: Storage,
    window: Window,
    *,
    zone: tzinfo,
    topic: str | None = None,
    versus: Window | None = None,
    by: str | None = None,
    claims: Sequence[Claimed] = (),
    even: Sequence[Asked] = (),
    pictures: bool = False,
) -> Report:
    """``by`` is month, week, day, topic or source; ``claims`` are checked beside the packaged ones; ``even`` are those
    whose even treatment is asked for; ``pictures`` fills in what charts show beside the figures. Raises ValueError for
    a window of more than ten years."""
    for one in (window, versus):
        if one is not None and one.days > LONGEST:
            raise ValueError(f"{one} is longer than ten years")
    chosen = choose(store.figures.counts(), window, topic)
    label = by if by in ("topic", "source") else ""
    # An issue or item has one source, so what is counted by source adds up to the whole: one reading does for both.
    once = by == "source" and not any(row.topic for row in chosen.taken)
    raw = _raw(store, window, topic, chosen, zone, label if once else "")
    found = period(window, topic, raw, chosen, zone)
    chosen_before = NOTHING if versus is None else choose(store.figures.counts(), versus, topic)
    raw_before = None if versus is None else _raw(store, versus, topic, chosen_before, zone)
    other = None
    if versus is not None and raw_before is not None:
        other = period(versus, topic, raw_before, chosen_before, zone)
    groups: tuple[Group, ...] = ()
    versus_groups: tuple[Group, ...] = ()
    topics: tuple[TopicLine, ...] = ()
    step = next((one for one in STEPS if one == by), None)
    if step is not None:
        groups = groups_by_time(window, step, raw, chosen, zone)
        if versus is not None and raw_before is not None:
            versus_groups = groups_by_time(versus, step, raw_before, chosen_before, zone)
        if pictures and topic is None:
            topics = _topics(store, window, chosen, versus, chosen_before, step, zone)
    elif once:
        groups = groups_by_label(window, label, raw, chosen, zone)
    elif by is not None:
        even_days = _of_24_hours(window, zone)
        named = replace(
            raw,
            issues=store.figures.issues(*window.moments(zone), topic_id=topic, label=label, by_day=even_days),
            items=store.figures.items(*window.moments(zone), topic_id=topic, label=label, by_day=even_days),
        )
        groups = groups_by_label(window, label, named, chosen, zone)
    return Report(
        period=found,
        by=by,
        groups=groups,
        versus=other,
        change=None if other is None else change(_side(other), _side(found), (*shipped_claims(), *claims)),
        evenness=even_handedness(store, window, even, zone) if even else (),
        notes=(*_notes(found, other), *_unplaced(by, raw)),
        versus_groups=versus_groups,
        topics=topics,
    )


def even_handedness(store: Storage, window: Window, asked: Sequence[Asked], zone: tzinfo) -> tuple[Named, ...]:
    """Candidates and parties by their names in texts (the packaged ones where none are given), programmes by topic."""
    since, until = window.moments(zone)
    return evenness(
        [
            (
                one,
                store.figures.naming(one.phrases, since, until)
                if one.topic_id is None
                else store.figures.on_topic(one.topic_id, since, until),
            )
            for one in asked or shipped_names()
        ]
    )


def _topics(
    store: Storage,
    window: Window,
    chosen: Chosen,
    versus: Window | None,
    chosen_before: Chosen,
    step: Step,
    zone: tzinfo,
) -> tuple[TopicLine, ...]:
    """The most issues first."""

    def counts(one: Window, rows: Chosen) -> Mapping[str, tuple[int, ...]]:
        even_days = _of_24_hours(one, zone)
        issues = store.figures.issues(*one.moments(zone), topic_id=None, label="topic", by_day=even_days)
        return topic_counts(one, step, issues, rows, zone)

    now = counts(window, chosen)
    before = {} if versus is None else counts(versus, chosen_before)
    lines = [
        TopicLine(topic=topic, counts=now.get(topic, ()), before=before.get(topic, ()))
        for topic in now.keys() | before.keys()
    ]
    return tuple(sorted(lines, key=lambda line: (-sum(line.counts), -sum(line.before), line.topic)))


def _raw(store: Storage, window: Window, topic: str | None, chosen: Chosen, zone: tzinfo, label: str = "") -> Raw:
    since, until = window.moments(zone)
    figures, even_days = store.figures, _of_24_hours(window, zone)
    named = {row.topic for row in chosen.taken if row.topic} if topic is None else set()
    return Raw(
        issues=figures.issues(since, until, topic_id=topic, label=label, by_day=even_days),
        items=figures.items(since, until, topic_id=topic, label=label, by_day=even_days),
        actions=figures.actions(since, until, topic_id=topic),
        watched=_watched(store, window, zone),
        of_topic={one: figures.issues(since, until, topic_id=one, label="", by_day=even_days) for one in sorted(named)},
    )


def _of_24_hours(window: Window, zone: tzinfo) -> bool:
    """Whether every day of the window has 24 hours: no clock is put forward or back within it."""
    since, until = window.moments(zone)
    offsets = {(since + timedelta(days=place)).astimezone(zone).utcoffset() for place in range(window.days)}
    return len(offsets | {until.astimezone(zone).utcoffset()}) == 1


def _watched(store: Storage, window: Window, zone: tzinfo) -> frozenset[date]:
    """Days on which at least half of the sources were read in at least half of the hours, and whose items are kept:
    what retention deleted since can be counted no more."""
    since, until = window.moments(zone)
    oldest = store.figures.kept_since()
    kept_from = None if oldest is None else oldest.astimezone(zone).date()
    good: dict[date, int] = {}
    for place, (covered, expected) in enumerate(store.sources.coverage(since, until)):
        if expected and covered >= expected / 2:
            day = (since + place * HOUR).astimezone(zone).date()
            good[day] = good.get(day, 0) + 1
    return frozenset(
        day
        for day, hours in good.items()
        if hours >= timedelta(days=1) / HOUR / 2 and (kept_from is None or day >= kept_from)
    )


def _side(found: Period) -> Side:
    return Side(window=found.window, issues=found.figures.issues, covered_days=found.coverage.days)


def _unplaced(by: str | None, raw: Raw) -> Iterator[Phrase]:
    """What is known by its month stands in no day and no week."""
    counts = (*raw.issues, *raw.items, *(one for _, one in raw.actions))
    months = sum(one.n for one in counts if one.precision is Precision.MONTH)
    if by in ("day", "week") and months:
        yield Phrase(
            id=f"{months} yang hanya diketahui bulannya tidak ada dalam tabel ini; lihat per bulan",
            en=f"{months} known by month only stand in no line of this table; see by month",
        )


def _notes(found: Period, other: Period | None) -> list[Phrase]:
    notes: list[Phrase] = []
    for one in (found, other):
        if one is None:
            continue
        notes.extend(left.reason for left in one.left_out)
        if one.coverage.days < one.coverage.of:
            missing = one.coverage.of - one.coverage.days
            notes.append(
                Phrase(
                    id=f"{one.window}: {missing} dari {one.coverage.of} hari tanpa data; jumlahnya adalah batas bawah",
                    en=f"{one.window}: {missing} of {one.coverage.of} days have no data; the counts are a lower bound",
                )
            )
        if one.beside:
            notes.append(
                Phrase(
                    id=f"{one.window}: {one.beside} isu dari buku isu ini jatuh pada hari yang sudah dihitung angka "
                    "terbitan; tidak dijumlahkan",
                    en=f"{one.window}: {one.beside} issues of this ledger fall on days that a published figure counts; "
                    "they are not added",
                )
            )
        if one.cut_dates:
            notes.append(
                Phrase(
                    id=f"{one.window}: {one.cut_dates} yang hanya diketahui bulannya tidak dihitung: jendela memotong "
                    "bulan itu",
                    en=f"{one.window}: {one.cut_dates} known by month only are left out: the window cuts that month",
                )
            )
    return notes
