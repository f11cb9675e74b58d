"""Items, judgements and sightings in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from collector.model.alert import AlertState
from collector.model.bucket import Measure
from collector.model.clock import hour_of
from collector.model.errors import NotFound
from collector.model.item import Item, Revision, Sighting, Timing
from collector.model.judgement import Judgement
from collector.model.topic import Match, Mention
from collector.store.articles import ArticleState, ArticleWish
from collector.store.base import (
    Change,
    Draft,
    ItemCounts,
    JudgedItem,
    Known,
    KnownItem,
    MentionFilter,
    PollRecord,
    PollResult,
)
from collector.store.hourly import SUSPICIOUS_FROM, is_suspicious
from collector.store.ledger import identity_hash
from collector.store.memory.measure import measured, repeats
from collector.store.memory.room import Room, atomic
from collector.store.memory.search import words_of
from collector.store.text import BEGINS_FROM, storable, storable_or_none


class MemoryItems(Room):
    @atomic
    def known(self, source_id: str, identities: Sequence[str], guids: Sequence[str]) -> Known:
        t = self._tables
        by_identity = {
            identity: self._known(t.ids[storable(identity)], source_id)
            for identity in identities
            if storable(identity) in t.ids
        }
        by_guid = {}
        for guid in guids:
            shown = [s.item_id for s in t.sightings.values() if (s.source_id, s.guid) == (source_id, storable(guid))]
            asked = [item.item_id for item in by_identity.values() if item.item_id in shown]
            if shown:
                by_guid[guid] = self._known(max(asked or shown), source_id)
        return Known(by_identity=by_identity, by_guid=by_guid)

    def _known(self, item_id: int, source_id: str) -> KnownItem:
        item = self._tables.items[item_id]
        here = self._tables.sightings.get((item_id, source_id))
        return KnownItem(
            item_id=item_id,
            identity=item.identity,
            title=item.title,
            content_hash=item.content_hash,
            here=here is not None,
            guid=None if here is None else here.guid,
            first_here=item.source_id == source_id,
        )

    @atomic
    def record_poll(self, record: PollRecord) -> PollResult:
        t, source_id = self._tables, record.poll.source_id
        if source_id not in t.sources:
            raise NotFound(f"no source named {source_id!r} is stored")
        t.states[source_id] = record.state
        t.polls.append(record.poll)
        t.covered.update((source_id, hour) for hour in record.covers)
        new = self.write_drafts(source_id, record.drafts)
        for seen in record.resightings:
            if seen.item_id in t.items:
                self._sight(seen.item_id, source_id, seen.publisher, seen.seen_at, seen.guid)
        for change in record.changes:
            self._change(source_id, change)
        speaking = [draft for draft in new if draft.matches]
        return PollResult(
            items_new=len(new),
            mentions_new=sum(len(draft.matches) for draft in speaking),
            suspicious_new=sum(is_suspicious(d.judgement.stance, d.judgement.suspicion) for d in speaking),
        )

    def write_drafts(self, source_id: str, drafts: Sequence[Draft]) -> list[Draft]:
        """Those that were new. What was forgotten is passed over."""
        t = self._tables
        wanted = [draft for draft in drafts if identity_hash(storable(draft.identity)) not in t.tombstones]
        numbered = enumerate(wanted, t.last_item_id + 1)  # gaps where drafts were known, as in SQLite
        return [draft for number, draft in numbered if self._add(source_id, draft, number)]

    def _add(self, source_id: str, draft: Draft, number: int) -> bool:
        t, identity = self._tables, storable(draft.identity)
        new = identity not in t.ids
        if new:
            t.last_item_id = t.ids[identity] = number
            t.items[number] = Item(
                id=number,
                identity=identity,
                url=storable_or_none(draft.url),
                title=storable(draft.title),
                excerpt=storable(draft.excerpt),
                lang=draft.lang,
                source_id=source_id,
                publisher=storable(draft.publisher),
                published_at=draft.published_at,
                date_note=draft.date_note,
                seen_at=draft.seen_at,
                timing=draft.timing,
                content_hash=storable(draft.content_hash),
                date_precision=draft.date_precision,
            )
            self.conclude(number, draft.matches, draft.judgement, draft.seen_at)
            if draft.wants_article:
                self._want_article(number, source_id, draft.seen_at)
        self._sight(t.ids[identity], source_id, draft.publisher, draft.seen_at, draft.guid)
        return new

    def _sight(self, item_id: int, source_id: str, publisher: str, seen_at: datetime, guid: str | None) -> None:
        t = self._tables
        old = t.sightings.get((item_id, source_id))
        sighting = old or Sighting(item_id=item_id, source_id=source_id, publisher=storable(publisher), seen_at=seen_at)
        t.sightings[item_id, source_id] = replace(sighting, guid=storable_or_none(guid) or sighting.guid)

    def _want_article(self, item_id: int, source_id: str, at: datetime) -> None:
        old = self._tables.wishes.get(item_id)
        self._tables.wishes[item_id] = ArticleWish(
            item_id=item_id,
            source_id=source_id if old is None else old.source_id,
            state=ArticleState.WANTED,
            wanted_at=at,
            next_at=at,
            tried_at=None if old is None else old.tried_at,
        )

    def conclude(self, item_id: int, matches: Iterable[Match], judgement: Judgement, at: datetime) -> None:
        t = self._tables
        self._count(item_id, -1)
        t.judgements[item_id] = judgement
        t.mentions[item_id] = tuple(
            Mention(item_id=item_id, topic_id=m.topic_id, spans=m.spans, matched_at=at)
            for m in sorted(matches, key=lambda match: match.topic_id)
        )
        self._count(item_id, 1)

    @atomic
    def after(self, item_id: int, limit: int) -> tuple[JudgedItem, ...]:
        numbers = sorted(number for number in self._tables.items if number > item_id)
        return tuple(self._judged(self._tables.items[number]) for number in numbers[:limit])

    @atomic
    def rescore(self, batch: Sequence[tuple[int, Judgement]], now: datetime) -> int:
        stored = [(number, judgement) for number, judgement in batch if number in self._tables.items]
        for number, judgement in stored:
            self._count(number, -1)
            self._tables.judgements[number] = judgement
            self._count(number, 1)
        return len(stored)

    def _count(self, item_id: int, sign: int) -> None:
        t, item = self._tables, self._tables.items[item_id]
        for mention in t.mentions.get(item_id, ()):
            judgement = t.judgements[item_id]
            suspicious = judgement.suspicion >= SUSPICIOUS_FROM
            key = (mention.topic_id, hour_of(item.seen_at), item.publisher, judgement.stance, suspicious, item.timing)
            t.hourly[key] += sign

    def _change(self, source_id: str, change: Change) -> None:
        t, item = self._tables, self._tables.items.get(change.item_id)
        if item is None:
            return
        new = replace(
            item,
            title=storable(change.title),
            excerpt=storable(change.excerpt),
            content_hash=storable(change.content_hash),
        )
        if (new.title, new.content_hash) == (item.title, item.content_hash):
            return
        old = Revision(item_id=item.id, replaced_at=change.changed_at, title=item.title, content_hash=item.content_hash)
        t.revisions.append(old)
        t.items[item.id] = new
        self.conclude(item.id, change.matches, change.judgement, change.changed_at)
        wish = t.wishes.get(item.id)
        if change.wants_article:
            self._want_article(item.id, source_id, change.changed_at)
        elif wish is not None and wish.state is ArticleState.WANTED:
            del t.wishes[item.id]

    # ------------------------------------------------------------ questions

    @atomic
    def get(self, item_id: int) -> JudgedItem:
        if item_id not in self._tables.items:
            raise NotFound(f"no item {item_id} is stored")
        return self._judged(self._tables.items[item_id])

    @atomic
    def find(self, identity: str) -> JudgedItem | None:
        item_id = self._tables.ids.get(storable(identity))
        return None if item_id is None else self._judged(self._tables.items[item_id])

    def _judged(self, item: Item) -> JudgedItem:
        t = self._tables
        return JudgedItem(
            item=item,
            judgement=t.judgements[item.id],
            mentions=t.mentions[item.id],
            sightings=sum(item_id == item.id for item_id, _ in t.sightings),
        )

    @atomic
    def list(self, wanted: MentionFilter) -> tuple[JudgedItem, ...]:
        found = [judged for judged in map(self._judged, self._tables.items.values()) if self._wanted(judged, wanted)]
        found.sort(key=lambda judged: (judged.item.seen_at, judged.item.id), reverse=True)
        if wanted.measure is not None:
            found.sort(key=lambda judged: judged.judgement.suspicion, reverse=True)
        return tuple(found[: wanted.limit])

    def _wanted(self, judged: JudgedItem, wanted: MentionFilter) -> bool:
        item, judgement = judged.item, judged.judgement
        topics = {mention.topic_id for mention in judged.mentions}
        at_least = wanted.suspicion_at_least
        return (
            (wanted.topic_id is None or wanted.topic_id in topics)
            and (bool(topics) or not wanted.on_topic_only)
            and (wanted.since is None or item.seen_at >= wanted.since)
            and (wanted.until is None or item.seen_at < wanted.until)
            and (at_least is None or judgement.suspicion >= at_least)
            and measured(wanted.measure, judgement, SUSPICIOUS_FROM if at_least is None else at_least)
            and (wanted.measure is not Measure.KNOWN_CLAIMS or repeats(self._tables, item.id))
            and (wanted.issue_id is None or item.issue_id == wanted.issue_id)
            and (wanted.include_backfill or item.timing is not Timing.BACKFILL)
            and (wanted.search is None or self._speaks_of(item, wanted.search))
        )

    def _speaks_of(self, item: Item, search: str) -> bool:
        if item.id not in self._tables.indexed:
            return False
        have = words_of(f"{item.title} {item.excerpt}")
        *whole, last = words_of(search) or [""]
        if len(last) < BEGINS_FROM:
            return bool(last) and all(word in have for word in (*whole, last))
        return all(word in have for word in whole) and any(word.startswith(last) for word in have)

    @atomic
    def sightings(self, item_id: int) -> tuple[Sighting, ...]:
        found = [s for s in self._tables.sightings.values() if s.item_id == item_id]
        return tuple(sorted(found, key=lambda s: (s.seen_at, s.source_id)))

    @atomic
    def revisions(self, item_id: int) -> tuple[Revision, ...]:
        return tuple(r for r in self._tables.revisions if r.item_id == item_id)

    @atomic
    def counts(self, since: datetime) -> ItemCounts:
        found = [judged for judged in map(self._judged, self._tables.items.values()) if judged.item.seen_at >= since]
        return ItemCounts(
            items=len(found),
            mentions=sum(len(judged.mentions) for judged in found),
            suspicious=sum(
                bool(judged.mentions) and is_suspicious(judged.judgement.stance, judged.judgement.suspicion)
                for judged in found
            ),
        )

    @atomic
    def index_pending(self, limit: int) -> int:
        t = self._tables
        pending = sorted(t.items.keys() - t.indexed)[:limit]
        t.indexed.update(pending)
        return len(pending)

    @atomic
    def export(self, table: str) -> Iterator[Mapping[str, object]]:
        t = self._tables
        rows: dict[str, Iterable[Mapping[str, object]]] = {
            "items": [{"id": i.id, "url": i.url, "title": i.title, "source": i.source_id} for i in t.items.values()],
            "sightings": [
                {
                    "item_id": s.item_id,
                    "url": t.items[s.item_id].url,
                    "title": t.items[s.item_id].title,
                    "source": s.source_id,
                }
                for s in t.sightings.values()
            ],
            "mentions": [
                {"item_id": m.item_id, "topic": m.topic_id, "title": t.items[m.item_id].title}
                for found in t.mentions.values()
                for m in found
            ],
            "alerts": [{"id": a.id, "rule": a.rule, "subject": a.subject.id} for a in t.alerts.values()],
            "deliveries": [{"id": d.id, "receiver": d.receiver, "state": d.state} for d in t.deliveries.values()],
        }
        if table not in rows:
            raise NotFound(f"no export named {table!r}; there are {', '.join(rows)}")
        return iter(rows[table])

    @atomic
    def prune(self, *, items_before: datetime, polls_before: datetime, dry_run: bool = False) -> Mapping[str, int]:
        t = self._tables
        firing = {item for alert, item in t.evidence if t.alerts[alert].state is AlertState.FIRING}
        gone = {i.id for i in t.items.values() if i.seen_at < items_before and i.id not in firing}
        kept_polls = [poll for poll in t.polls if poll.started_at >= polls_before]
        deleted = {"items": len(gone), "polls": len(t.polls) - len(kept_polls)}
        if dry_run:
            return deleted
        t.polls = kept_polls
        t.ids = {identity: item_id for identity, item_id in t.ids.items() if item_id not in gone}
        t.sightings = {key: s for key, s in t.sightings.items() if s.item_id not in gone}
        t.revisions = [r for r in t.revisions if r.item_id not in gone]
        t.evidence = {(alert, item) for alert, item in t.evidence if item not in gone}
        t.indexed -= gone
        for item_id in gone:
            t.wishes.pop(item_id, None)
            t.item_claims.pop(item_id, None)
            del t.items[item_id], t.judgements[item_id], t.mentions[item_id]
        return deleted
