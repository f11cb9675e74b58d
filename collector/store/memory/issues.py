"""Issues as the grouping makes them, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from collector.model.errors import NotFound
from collector.model.issue import GroupedText, Issue, Membership
from collector.model.item import Item, Timing
from collector.model.judgement import Stance
from collector.model.ledger import IssueState
from collector.store.base import JudgedItem
from collector.store.hourly import is_suspicious
from collector.store.ledger import issue_of_claim_key
from collector.store.memory.items import MemoryItems
from collector.store.memory.measure import worth_a_look
from collector.store.memory.room import Core, Room, atomic
from collector.store.memory.tables import DeskSide
from collector.store.text import storable


def _waits(item: Item) -> bool:
    return item.issue_id is None and bool(item.content_hash)


class MemoryIssues(Room):
    def __init__(self, core: Core, items: MemoryItems) -> None:
        super().__init__(core)
        self._items = items

    @atomic
    def next_id(self) -> int:
        return max(self._tables.last_issue_id, max(self._tables.issue_titles, default=0)) + 1

    @atomic
    def reserve(self, count: int = 1) -> int:
        first = self.next_id()
        self._tables.last_issue_id = first + count - 1
        return first

    @atomic
    def ungrouped(self, after: int, limit: int) -> tuple[JudgedItem, ...]:
        t = self._tables
        found = (i for i in sorted(t.items) if i > after and t.mentions[i] and _waits(t.items[i]))
        return tuple(self._items.get(item_id) for item_id, _ in zip(found, range(limit), strict=False))

    @atomic
    def grouped(self, since: datetime, limit: int) -> tuple[GroupedText, ...]:
        t = self._tables
        found = [i for i in t.items.values() if i.issue_id is not None and i.seen_at >= since and i.content_hash]
        found.sort(key=lambda item: (item.seen_at, item.id))
        return tuple(
            GroupedText(
                item_id=item.id,
                issue_id=t.grouped_as.get(item.id, item.issue_id),
                voice=t.voices[item.id] - self._offset(item.id),
                title=item.title,
                excerpt=item.excerpt,
                claim_key=t.issue_claims.get(t.grouped_as.get(item.id, item.issue_id)),
                seen_at=item.seen_at,
            )
            for item in found[-limit:]
            if item.issue_id is not None
        )

    @atomic
    def save(self, members: Sequence[Membership]) -> None:
        t = self._tables
        for member in members:
            self._alias(member)
            desk = t.desk.get(member.issue_id, DeskSide())
            issue_id = member.issue_id if desk.merged_into is None else desk.merged_into
            if desk.merged_into is not None:
                t.grouped_as[member.item_id] = member.issue_id
            if desk.merged_into is None:
                if desk.title_by is None:
                    t.issue_titles[issue_id] = storable(member.title)
                if member.claim_key is not None:
                    t.issue_claims.setdefault(issue_id, storable(member.claim_key))
            t.items[member.item_id] = replace(t.items[member.item_id], issue_id=issue_id)
            t.voices[member.item_id] = member.voice + desk.voice_offset

    def _offset(self, item_id: int) -> int:
        """What merges added to the number of its voice."""
        t = self._tables
        return t.desk.get(t.grouped_as.get(item_id, 0), DeskSide()).voice_offset

    def _alias(self, member: Membership) -> None:
        """A new issue of a claim that has one already is that one under another number."""
        t = self._tables
        target = None if member.claim_key is None else self.of_claim(member.claim_key)
        if member.issue_id in t.issue_titles or target is None or target == member.issue_id:
            return
        voices = [t.voices[item.id] for item in t.items.values() if item.issue_id == target]
        t.issue_titles[member.issue_id] = storable(member.title)
        t.desk[member.issue_id] = DeskSide(
            state=IssueState.MERGED, merged_into=target, voice_offset=max(voices, default=0), opened_at=member.seen_at
        )

    @atomic
    def of_claim(self, claim_key: str) -> int | None:
        """As the ledger's."""
        t = self._tables
        desk = {number: t.desk.get(number, DeskSide()) for number in sorted(t.issue_titles)}
        same = [number for number in desk if t.issue_claims.get(number) == storable(claim_key)]
        if same:
            first = min(same, key=lambda number: (desk[number].merged_into is not None, number))
            return desk[first].merged_into or first
        named = issue_of_claim_key(claim_key)
        return None if named is None or named not in desk else desk[named].merged_into or named

    @atomic
    def get(self, issue_id: int) -> Issue:
        t = self._tables
        items = [item for item in t.items.values() if item.issue_id == issue_id]
        if not items:
            raise NotFound(f"no issue {issue_id} is stored")
        judged = {item.id: t.judgements[item.id] for item in items}
        claimed = [i.seen_at for i in items if i.timing is not Timing.BACKFILL and worth_a_look(judged[i.id])]
        return Issue(
            id=issue_id,
            title=t.issue_titles[issue_id],
            claim_key=t.issue_claims.get(issue_id),
            opened_at=min(item.seen_at for item in items),
            last_seen_at=max(item.seen_at for item in items),
            claimed_at=min(claimed, default=None),
            items=len(items),
            voices=len({t.voices[item.id] for item in items}),
            suspicious=sum(is_suspicious(one.stance, one.suspicion) for one in judged.values()),
            debunks=sum(one.stance is Stance.DEBUNK for one in judged.values()),
        )

    @atomic
    def list(
        self, *, topic_id: str | None = None, since: datetime | None = None, limit: int = 100
    ) -> tuple[Issue, ...]:
        t = self._tables
        ids = {
            item.issue_id
            for item in t.items.values()
            if item.issue_id is not None
            and (topic_id is None or any(mention.topic_id == topic_id for mention in t.mentions[item.id]))
        }
        found = [issue for issue in map(self.get, ids) if since is None or issue.last_seen_at >= since]
        found.sort(key=lambda issue: (issue.last_seen_at, issue.id), reverse=True)
        return tuple(found[:limit])
