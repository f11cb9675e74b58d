"""A dated list as if it had been collected: matched, judged and put into a store, each row in its hour.

A row needs ``date`` and ``title``. ``url``, ``publisher``, ``text``, ``role`` and ``stance`` are used where they are
there; ``topic`` replaces the matcher; ``count`` stands for so many items, and a ``?`` in it says that nobody looked,
which is not zero; other columns are passed over.

A day or a month does not say the hour. Rows of one day are laid evenly over its working hours, the items of a month
evenly over the month, in the order of the list: bursts within it are lost, its total is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from collector.config.problems import Problem
from collector.judge.base import Judge
from collector.match.base import Matcher
from collector.model.clock import HOUR, hour_of
from collector.model.errors import ConfigError
from collector.model.item import Entry, Timing
from collector.model.judgement import Context, Judgement, Stance
from collector.model.personal import excerpt, mask
from collector.model.source import Role, Source, SourceState
from collector.model.topic import Match
from collector.rehearsal.date_cell import Stretch, stretch
from collector.rehearsal.history import Span
from collector.rehearsal.sheet import Row, RowFault, problem, rows
from collector.sources.identity import content_hash, identity_of
from collector.store.base import Draft, Poll, PollOutcome, PollRecord, Storage

WORK_BEGINS = timedelta(hours=8)  # of the zone's day
WORK_LASTS = timedelta(hours=12)
DAY = timedelta(days=1)
Kind = TypeVar("Kind", Role, Stance)
NOBODY_LOOKED = "?"
UNNAMED = "list"  # the publisher of rows that name none
MOST_PER_ROW = 100_000
BATCH = 2000  # items in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One item of the list at the moment it is taken to have been seen first."""

    entry: Entry
    publisher: str
    role: Role
    seen_at: datetime
    stance: Stance | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedList:
    """``items`` in order of time; ``span`` holds all dates of the list; in ``gaps`` nobody looked."""

    items: tuple[Listed, ...]
    span: Span
    gaps: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A row before its items have their moments. ``count`` is None where nobody looked."""

    entry: Entry
    publisher: str
    role: Role
    when: Stretch
    stance: Stance | None
    topic: str | None
    count: int | None


def read_list(path: Path, zone: tzinfo, topics: Collection[str], *, role: Role) -> DatedList:
    """``role`` is that of rows which name none. Raises ConfigError with every mistake."""
    lines: list[_Line] = []
    problems: list[Problem] = []
    for row in rows(path, needed=("date",)):
        try:
            lines.append(_line(row, zone, topics, role))
        except RowFault as fault:
            problems.append(problem(path, row, fault))
    if problems:
        raise ConfigError(tuple(problems))
    if not lines:
        empty = Problem(file=str(path), line=None, column=None, key="", fault="holds no rows", expected="a dated list")
        raise ConfigError((empty,))
    return DatedList(
        items=tuple(_moments(lines)),
        span=_around(Stretch(start=min(line.when.start for line in lines), end=max(line.when.end for line in lines))),
        gaps=tuple(_around(line.when) for line in lines if line.count is None),
    )


def _around(when: Stretch) -> Span:
    """The whole hours that hold a stretch, at least one."""
    start, end = hour_of(when.start), hour_of(when.end)
    return Span(start=start, end=end if end == when.end and end > start else end + HOUR)


def put_into(store: Storage, dated: DatedList, matcher: Matcher, judge: Judge) -> None:
    """Every publisher becomes a source that was read in each hour of the span but in the gaps: a date that the list
    does not name was a silence."""
    collection = _Collection(store, dated, matcher, judge)
    by_source: dict[tuple[str, Role], list[Listed]] = {}
    for item in dated.items:
        by_source.setdefault((item.publisher, item.role), []).append(item)
    store.sources.register([_source(publisher, role) for publisher, role in by_source], dated.span.start)
    for (publisher, role), items in by_source.items():
        collection.add(_source(publisher, role), items)


# ---------------------------------------------------------------- reading


def _line(row: Row, zone: tzinfo, topics: Collection[str], role: Role) -> _Line:
    topic = row["topic"] or None
    if topic is not None and topic not in topics:
        raise RowFault("topic", f'no topic "{topic[:60]}"', "a watched topic")
    title = row["title"] or (topic or "")
    if not title:
        raise RowFault("title", "is empty", "a title, or a topic and a count")
    return _Line(
        entry=Entry(title=title, text=row["text"], url=row["url"] or None),
        publisher=row["publisher"] or UNNAMED,
        role=_one_of(Role, "role", row["role"] or role.value),
        when=stretch("date", row["date"], zone),
        stance=_one_of(Stance, "stance", row["stance"]) if row["stance"] else None,
        topic=topic,
        count=_count(row["count"]),
    )


def _one_of(kind: type[Kind], column: str, text: str) -> Kind:
    known = [member.value for member in kind]
    if text.lower() not in known:
        raise RowFault(column, f'"{text[:40]}" is none', f"one of {', '.join(known)}")
    return kind(text.lower())


def _count(text: str) -> int | None:
    if not text:
        return 1
    if text == NOBODY_LOOKED:
        return None
    if not (text.isascii() and text.isdecimal() and int(text[:9]) <= MOST_PER_ROW and len(text) <= 9):
        raise RowFault(
            "count", f'"{text[:40]}" is no count', f"a whole number up to {MOST_PER_ROW}, or {NOBODY_LOOKED}"
        )
    return int(text)


def _moments(lines: Iterable[_Line]) -> Iterator[Listed]:
    ordered = sorted(lines, key=lambda line: (line.when.start, line.when.end))
    laid = [
        item
        for when, group in groupby(ordered, key=lambda line: line.when)
        for item in _laid_out(when, [(line, number) for line in group for number in range(line.count or 0)])
    ]
    return iter(sorted(laid, key=lambda item: item.seen_at))


def _laid_out(when: Stretch, items: Sequence[tuple[_Line, int]]) -> Iterator[Listed]:
    """Evenly over what the date leaves open; the last hour is never the next day's."""
    start, length = when.start, when.end - when.start
    if length and length <= DAY + HOUR:  # a day, also where the clocks change
        start, length = start + WORK_BEGINS, WORK_LASTS
    for place, (line, number) in enumerate(items):
        yield Listed(
            entry=line.entry if line.count == 1 else _numbered(line, number),
            publisher=line.publisher,
            role=line.role,
            seen_at=start + length * ((place + 0.5) / len(items)),
            stance=line.stance,
            topic=line.topic,
        )


def _numbered(line: _Line, number: int) -> Entry:
    """Items of a bare count need identities of their own."""
    place = f"{line.publisher}, {line.when.start:%Y-%m-%d %H:%M}, {number + 1}/{line.count}"
    return Entry(title=f"{line.entry.title} ({place})")


# ---------------------------------------------------------------- putting


def _source(publisher: str, role: Role) -> Source:
    return Source(id=f"{publisher} ({role.value})", kind="list", url=f"list:{publisher}", role=role)


def _hours(span: Span) -> Iterator[datetime]:
    return (span.start + hour * HOUR for hour in range(span.hours))


class _Collection:
    def __init__(self, store: Storage, dated: DatedList, matcher: Matcher, judge: Judge) -> None:
        self._store = store
        self._span = dated.span
        self._matcher = matcher
        self._judge = judge
        unread = {hour for gap in dated.gaps for hour in _hours(gap)}
        self._hours = tuple(hour for hour in _hours(dated.span) if hour not in unread)

    def add(self, source: Source, items: Sequence[Listed]) -> None:
        for first in range(0, len(items), BATCH):
            batch = items[first : first + BATCH]
            drafts = tuple(self._draft(source, item) for item in batch)
            self._store.items.record_poll(self._record(source, drafts, covers=self._hours if not first else ()))

    def _record(self, source: Source, drafts: tuple[Draft, ...], covers: tuple[datetime, ...]) -> PollRecord:
        at = self._span.start
        poll = Poll(
            source_id=source.id,
            started_at=at,
            duration=timedelta(0),
            outcome=PollOutcome.OK,
            entries=len(drafts),
        )
        state = SourceState(source_id=source.id, next_poll_at=at, last_poll_at=at, last_ok_at=at, first_ok_at=at)
        return PollRecord(poll=poll, state=state, covers=covers, drafts=drafts)

    def _draft(self, source: Source, item: Listed) -> Draft:
        matches = self._matches(item)
        entry = item.entry
        return Draft(
            identity=identity_of(entry),
            url=entry.url,
            title=mask(entry.title),
            excerpt=excerpt(entry.text),
            lang=source.lang,
            publisher=item.publisher,
            published_at=item.seen_at,
            date_note=None,
            seen_at=item.seen_at,
            timing=Timing.ON_TIME,
            content_hash=content_hash(entry),
            guid=None,
            matches=matches,
            judgement=self._judged(source, item, matches),
        )

    def _matches(self, item: Listed) -> tuple[Match, ...]:
        if item.topic is not None:
            return (Match(topic_id=item.topic, spans=()),)
        return self._matcher.matches(item.entry.title, item.entry.text)

    def _judged(self, source: Source, item: Listed, matches: tuple[Match, ...]) -> Judgement:
        judgement = self._judge.judge(item.entry, Context(source=source, matches=matches, now=item.seen_at))
        if item.stance is None or item.stance is judgement.stance:
            return judgement
        return Judgement(
            stance=item.stance,
            points=judgement.points,
            suspicion=judgement.suspicion,
            signals=judgement.signals,
            judge="list",
            judge_version="1",
        )
