"""Issues of the store, as items come. Acts thinly: which issue a text joins is the book's to say.

store ── items without an issue ──> IssueBook ──> memberships ──> store
                                        └── issues that an item shows to be one ──> ledger, with its history

Never on the way of an alarm: items are stored and counted first, and grouped a little later.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from collector.model.bucket import Subject
from collector.model.errors import NotFound
from collector.model.issue import Membership
from collector.model.ledger import EventKind, IssueOrigin, IssueState, LedgerIssue
from collector.store.base import JudgedItem, Storage
from collector.store.ledger import CHANGED

if TYPE_CHECKING:  # numpy is loaded when there is something to group
    from collector.claims.grouping import IssueBook, Union

REMEMBERED = timedelta(days=30)  # how far back an issue is looked for
MOST_REMEMBERED = 100_000
FORGOTTEN_AT_ONCE = 5_000  # texts: leaving some out costs a second, however many they are
RESERVED = 8  # numbers taken at once: people open issues too, from other processes
BATCH = 200  # items of one transaction
SHORT_TITLE = 40  # characters: a shorter title says too little, so the excerpt is read too
MAX_TEXT = 400
MAX_TITLE = 1_000  # of feeds and lists none is longer; what people pasted in one line may be
ACTOR = "grouping"  # who merged, in the history of issues
_REARRANGED = (EventKind.MERGED, EventKind.SPLIT)


class Grouper:
    """Groups what waits. One at a time per database: the daemon's, or a command's while no daemon runs.

    A grouping lives in the store; the book in memory is made from it at the first item after a start, and again when
    people have moved items between issues. Texts older than 30 days leave it.
    """

    def __init__(self, store: Storage) -> None:
        self._store = store
        self._book: IssueBook | None = None
        self._titles: list[str] = []  # by place in the book
        self._seen_at: list[datetime] = []  # likewise
        self._regrouped: str | None = None
        self._reserved = range(0)  # numbers for new issues
        self._done_to = 0
        self._hurried = threading.Event()

    def tick(self, now: datetime, *, seconds: float = 20.0) -> int:
        """Group what waits, for so long at most; the number of items grouped."""
        ends = time.monotonic() + seconds
        grouped = 0
        while time.monotonic() < ends and not self._hurried.is_set():
            waiting = self._store.issues.ungrouped(self._done_to, BATCH)
            if not waiting:
                break
            self._group(waiting, now)
            grouped += len(waiting)
        return grouped

    def hurry(self) -> None:
        """End the tick under way after its batch, and begin no other: the daemon wants to end. Safe from any thread."""
        self._hurried.set()

    def _group(self, waiting: Sequence[JudgedItem], now: datetime) -> None:
        book = self._current(now)
        claims = self._store.claims.of_items([judged.item.id for judged in waiting])
        members: list[Membership] = []
        for judged in waiting:
            links = claims.get(judged.item.id, ())
            claim_key = links[0].claim.key if links else None
            statement = book.read(text_of(judged.item.title, judged.item.excerpt))
            self._note(judged.item.title, judged.item.seen_at)
            joined = book.join(statement, claim_key, judged.item.seen_at)
            if joined.unions:  # the numbers of voices go on from what is stored
                self._save(members)
                members = []
                self._unite(joined.unions, judged.item.id, now)
            members.append(
                Membership(
                    item_id=judged.item.id,
                    issue_id=int(joined.issue),
                    voice=joined.voice,
                    title=self._titles[joined.central],
                    claim_key=claim_key,
                    seen_at=judged.item.seen_at,
                )
            )
        self._save(members)
        self._done_to = waiting[-1].item.id

    def _save(self, members: Sequence[Membership]) -> None:
        if members:
            self._store.issues.save(members)

    def _unite(self, unions: Sequence[Union], item_id: int, now: datetime) -> None:
        """The younger issues become part of the older; what people did meanwhile comes first."""
        with self._store.transaction():
            for union in unions:
                older, younger = self._issue(union.older), self._issue(union.younger)
                if older is None or younger is None or older.id == younger.id:
                    continue
                if not self._is_free(younger):
                    self._book = None  # which has united them: read anew for the next batch
                    continue
                why = f"konten (item) {item_id}"
                self._store.ledger.merge(younger.id, older.id, at=now, actor=ACTOR, why=why)

    def _may_become_part(self, younger: str, older: str) -> bool:
        """Whether people leave it to the grouping. One of which no item is stored yet is nobody's business."""
        stored, target = self._stored(younger), self._issue(older)
        if stored is None:
            return True
        if stored.merged_into is not None:  # by people, or before a restart
            return target is not None and target.id == stored.merged_into
        return (target is not None and target.id == stored.id) or self._is_free(stored)

    def _is_free(self, issue: LedgerIssue) -> bool:
        """Whether nobody but the grouping has had a hand in it, nor merged it with others or split it; and no alarm of
        it is under way, which would be told to be over."""
        if not untouched(issue):
            return False
        events = self._store.ledger.history(issue.id)
        if any(event.kind in _REARRANGED and event.actor != ACTOR for event in events):
            return False
        subject = Subject(kind="issue", id=str(issue.id))
        return all(alert.subject != subject for alert in self._store.alerts.firing())

    def _stored(self, name: str) -> LedgerIssue | None:
        try:
            return self._store.ledger.get(int(name))
        except NotFound:
            return None

    def _issue(self, name: str) -> LedgerIssue | None:
        """The stored issue, or the one that it was merged into."""
        found = self._stored(name)
        return found if found is None or found.merged_into is None else self._stored(str(found.merged_into))

    def _current(self, now: datetime) -> IssueBook:
        """The book, without what is too old, and as the store has it."""
        regrouped = self._store.meta(CHANGED)
        if self._book is None or regrouped != self._regrouped:
            self._regrouped = regrouped
            return self._remember(now)
        old = bisect_left(self._seen_at, now - REMEMBERED)
        old = max(old, len(self._seen_at) - MOST_REMEMBERED)
        if old >= FORGOTTEN_AT_ONCE:
            self._book.forget(old)
            del self._titles[:old], self._seen_at[:old]
        return self._book

    def _note(self, title: str, seen_at: datetime) -> None:
        self._titles.append(title)
        self._seen_at.append(seen_at)

    def _remember(self, now: datetime) -> IssueBook:
        from collector.claims.grouping import IssueBook

        book = IssueBook(name=self._name, free=self._may_become_part)
        self._titles, self._seen_at = [], []
        for text in self._store.issues.grouped(now - REMEMBERED, MOST_REMEMBERED):
            statement = book.read(text_of(text.title, text.excerpt))
            book.restore(statement, str(text.issue_id), text.voice, text.claim_key, text.seen_at)
            self._note(text.title, text.seen_at)
        self._book = book
        return book

    def _name(self) -> str:
        if not self._reserved:
            first = self._store.issues.reserve(RESERVED)
            self._reserved = range(first, first + RESERVED)
        number, self._reserved = self._reserved[0], self._reserved[1:]
        return str(number)


def text_of(title: str, excerpt: str) -> str:
    """The words that are grouped: the title, where it says enough."""
    return title[:MAX_TITLE] if len(title) >= SHORT_TITLE else f"{title}\n{excerpt}"[:MAX_TEXT]


def untouched(issue: LedgerIssue) -> bool:
    """Whether only the grouping has had a hand in an issue: no title, verdict, state or action of people."""
    return (
        issue.origin is IssueOrigin.GROUPING
        and issue.state is IssueState.NEW
        and issue.title_by is None
        and issue.verdict is None
        and issue.actions == 0
    )
