"""What reports count, in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from collector.model.clock import hour_of
from collector.model.item import Item, Timing
from collector.model.judgement import Verdict
from collector.model.ledger import ActionKind, IssueState, Precision, PublishedCount
from collector.store.base import JudgedItem, MentionFilter
from collector.store.figures import MONTH, Counted, NamedCounts
from collector.store.hourly import SUSPICIOUS_FROM, is_suspicious
from collector.store.ledger import BROUGHT_BY
from collector.store.memory.items import MemoryItems
from collector.store.memory.measure import worth_a_look
from collector.store.memory.room import Core, Room, atomic
from collector.store.memory.search import words_of
from collector.store.memory.tables import BROUGHT, DeskSide
from collector.store.text import storable

WRONG = frozenset((Verdict.FALSE, Verdict.MISLEADING, Verdict.SCAM, Verdict.UNPROVEN))


class MemoryFigures(Room):
    def __init__(self, core: Core, items: MemoryItems) -> None:
        super().__init__(core)
        self._items = items

    @atomic
    def add_counts(self, counts: Sequence[PublishedCount], now: datetime) -> int:
        t, new = self._tables, 0
        for given in counts:
            row = replace(given, topic=storable(given.topic), source=storable(given.source))
            key = (row.first, row.last, row.topic, row.source)
            old = next((o for o in t.published if (o.first, o.last, o.topic, o.source) == key), None)
            if old is None:
                t.published.append(replace(row, id=len(t.published) + 1))
                new += 1
            else:
                t.published[t.published.index(old)] = replace(row, id=old.id)
        return new

    @atomic
    def counts(self) -> tuple[PublishedCount, ...]:
        return tuple(sorted(self._tables.published, key=lambda row: (row.first, row.last, row.id)))

    @atomic
    def issues(
        self, since: datetime, until: datetime, *, topic_id: str | None, label: str, by_day: bool = False
    ) -> tuple[Counted, ...]:
        found: Counter[tuple[datetime, Precision, str]] = Counter()
        for item in self._first_items(since, until, topic_id):
            for name in self._labels(item, label):
                found[hour_of(item.seen_at), Precision.TIME, name] += 1
        for issue_id, desk in self._tables.desk.items():
            named = topic_id is None or topic_id in desk.topics
            if desk.origin in BROUGHT and desk.state is not IssueState.MERGED and desk.opened_at is not None and named:
                name = " ".join(desk.topics) if label == "topic" else ""
                if _in_reach(desk.opened_at, since, until) and issue_id:
                    found[desk.opened_at, desk.opened_precision, name] += 1
        return _counted(found)

    def _first_items(self, since: datetime, until: datetime, topic_id: str | None) -> Iterator[Item]:
        """Of each issue that the grouping found, its first item worth a look, where that lies in the window."""
        t = self._tables
        firsts: dict[int, Item] = {}
        for item in sorted(t.items.values(), key=lambda item: (item.seen_at, item.id)):
            if item.issue_id is None or item.timing is Timing.BACKFILL:
                continue
            desk = t.desk.get(item.issue_id, DeskSide())
            if desk.verdict is None and not worth_a_look(t.judgements[item.id]):
                continue
            if desk.origin not in BROUGHT and self._on(item, topic_id):
                firsts.setdefault(item.issue_id, item)
        yield from (item for item in firsts.values() if since <= item.seen_at < until)

    def _on(self, item: Item, topic_id: str | None) -> bool:
        return topic_id is None or any(m.topic_id == topic_id for m in self._tables.mentions[item.id])

    def _labels(self, item: Item, label: str) -> tuple[str, ...]:
        if label == "topic":
            return tuple(mention.topic_id for mention in self._tables.mentions[item.id])
        return (item.publisher if label == "source" else "",)

    @atomic
    def items(
        self, since: datetime, until: datetime, *, topic_id: str | None, label: str, by_day: bool = False
    ) -> tuple[Counted, ...]:
        found: Counter[tuple[datetime, Precision, str]] = Counter()
        for judged in self._items.list(MentionFilter(limit=10**9, include_backfill=False)):
            if not self._spreads(judged):
                continue
            item = judged.item
            if since <= item.seen_at < until and self._on(item, topic_id):
                for name in self._narrowed(item, label, topic_id):
                    found[hour_of(item.seen_at), Precision.TIME, name] += 1
        for item in self._tables.items.values():
            at = item.published_at
            if item.source_id != BROUGHT_BY or at is None or not self._on(item, topic_id):
                continue
            if _in_reach(at, since, until):
                for name in self._narrowed(item, label, topic_id):
                    found[at, item.date_precision, name] += 1
        return _counted(found)

    def _spreads(self, judged: JudgedItem) -> bool:
        """What looks suspicious, or spreads what the desk found wrong or unproven."""
        desk = self._tables.desk.get(judged.item.issue_id or 0, DeskSide())
        at_least = 0.0 if desk.verdict in WRONG else SUSPICIOUS_FROM
        return is_suspicious(judged.judgement.stance, judged.judgement.suspicion, at_least)

    def _narrowed(self, item: Item, label: str, topic_id: str | None) -> tuple[str, ...]:
        names = self._labels(item, label)
        return names if label != "topic" or topic_id is None else tuple(name for name in names if name == topic_id)

    @atomic
    def actions(
        self, since: datetime, until: datetime, *, topic_id: str | None
    ) -> tuple[tuple[ActionKind, Counted], ...]:
        t = self._tables
        found: Counter[tuple[ActionKind, datetime, Precision]] = Counter()
        for action in t.actions:
            desk = t.desk.get(action.issue_id, DeskSide())
            carried = any(i.issue_id == action.issue_id and self._on(i, topic_id) for i in t.items.values())
            if _in_reach(action.at, since, until) and (topic_id is None or topic_id in desk.topics or carried):
                found[action.kind, action.at, action.precision] += 1
        return tuple(
            (kind, Counted(at=at, precision=precision, label="", n=n))
            for (kind, at, precision), n in sorted(found.items(), key=str)
        )

    @atomic
    def naming(self, phrases: Sequence[str], since: datetime, until: datetime) -> NamedCounts:
        t = self._tables
        wanted = [words for phrase in phrases if (words := words_of(phrase))]
        return self._named(
            item
            for item in t.items.values()
            if item.id in t.indexed
            and _lies_in(item, since, until)
            and any(_says(words_of(item.title), words) or _says(words_of(item.excerpt), words) for words in wanted)
        )

    @atomic
    def on_topic(self, topic_id: str, since: datetime, until: datetime) -> NamedCounts:
        items = self._tables.items.values()
        return self._named(item for item in items if _lies_in(item, since, until) and self._on(item, topic_id))

    def _named(self, items: Iterator[Item]) -> NamedCounts:
        t = self._tables
        found = list(items)
        shown = {item_id for _, item_id in t.evidence}
        judged = [t.judgements[item.id] for item in found]
        return NamedCounts(
            items=len(found),
            flagged=sum(is_suspicious(one.stance, one.suspicion) for one in judged),
            alerted=sum(item.id in shown for item in found),
        )

    @atomic
    def kept_since(self) -> datetime | None:
        return min((item.seen_at for item in self._tables.items.values()), default=None)


def _lies_in(item: Item, since: datetime, until: datetime) -> bool:
    """What a desk brought lies where it is dated, anything else where it was seen."""
    if item.source_id == BROUGHT_BY:
        return item.published_at is not None and since <= item.published_at < until
    return since <= item.seen_at < until and item.timing is not Timing.BACKFILL


def _in_reach(at: datetime, since: datetime, until: datetime) -> bool:
    return since - MONTH <= at < until


def _says(text: Sequence[str], words: Sequence[str]) -> bool:
    return any(list(text[at : at + len(words)]) == list(words) for at in range(len(text) - len(words) + 1))


def _counted(found: Mapping[tuple[datetime, Precision, str], int]) -> tuple[Counted, ...]:
    return tuple(
        Counted(at=at, precision=precision, label=label, n=n) for (at, precision, label), n in sorted(found.items())
    )
