"""What people do with issues, each in one transaction: with its history, and with whoever has to be told again.

verdict ──> issue (state, history) ──> checked claim ──> the running matcher
   └── another than before ──> correction ──> everyone who was told
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from collector.ledger.correction import correction
from collector.model.claim import CheckedClaim
from collector.model.errors import StoreError
from collector.model.judgement import Verdict
from collector.model.ledger import IssueState, LedgerIssue, Telling
from collector.store.base import Storage
from collector.store.ledger import ActionDraft, IssueChange, desk_claim_key

OWN_KEYS = ("issue:", "desk:")
"""How the keys of claims begin that this desk checks itself: found here, or brought from its files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The issue as it is now; ``corrected`` names the receivers that are told again, ``owed`` whoever else was told
    another verdict (partners, the bulletin, people who sent a tip)."""

    issue: LedgerIssue
    corrected: tuple[str, ...] = ()
    owed: tuple[Telling, ...] = ()


class Desk:
    """``name`` is under whose name verdicts are given; ``receivers`` are those of ``sources.yaml``.

    Verbs follow merges: what is done to a merged issue is done to the one it is part of. All raise NotFound."""

    def __init__(self, store: Storage, *, name: str, receivers: Collection[str]) -> None:
        self._store = store
        self._name = name
        self._receivers = frozenset(receivers)

    def verdict(
        self, issue_id: int, verdict: Verdict, *, note: str, actor: str, now: datetime, link: str | None = None
    ) -> Outcome:
        """Give or change a verdict; it becomes a checked claim, known when the same claim returns."""
        with self._store.transaction(durable=True):
            before = self.issue(issue_id)
            changed = before.verdict is not None and before.verdict is not verdict
            after = self._store.ledger.change(
                IssueChange(
                    issue_id=before.id,
                    at=now,
                    actor=actor,
                    why=note,
                    verdict=verdict,
                    verdict_link=link,
                    state=state_after(before, verdict),
                    claim_key=None if before.claim_key else desk_claim_key(before.id),
                )
            )
            self._store.claims.add((claim_of(after, self._name, now),), now)
            told = self._correct(before, after, self._store.ledger.told(after.id), now) if changed else ()
        return Outcome(issue=after, corrected=told, owed=self._owed(after.id))

    def state(self, issue_id: int, state: IssueState, *, why: str, actor: str, now: datetime) -> LedgerIssue:
        """Raises StoreError for a state that comes with a verdict or a merge."""
        if state in (IssueState.CHECKED, IssueState.CORRECTED, IssueState.MERGED):
            raise StoreError(f"an issue becomes {state.value} by a verdict or a merge")
        issue = self.issue(issue_id)
        return self._store.ledger.change(IssueChange(issue_id=issue.id, at=now, actor=actor, why=why, state=state))

    def rename(self, issue_id: int, title: str, *, why: str, actor: str, now: datetime) -> LedgerIssue:
        """Its own checked claim takes the new words over."""
        with self._store.transaction():
            change = IssueChange(issue_id=self.issue(issue_id).id, at=now, actor=actor, why=why, title=title)
            after = self._store.ledger.change(change)
            if after.verdict is not None:
                self._store.claims.add((claim_of(after, self._name, after.verdict_at or now),), now)
        return after

    def merge(self, issue_id: int, into: int, *, why: str, actor: str, now: datetime) -> Outcome:
        """Whoever was told another verdict of the first is told the second's. Raises StoreError where they are one."""
        with self._store.transaction(durable=True):
            gone, audience = self._store.ledger.get(issue_id), self._store.ledger.told(issue_id)
            after = self._store.ledger.merge(issue_id, into, at=now, actor=actor, why=why)
            differs = gone.verdict is not None and gone.verdict is not after.verdict
            told = self._correct(gone, after, audience, now) if differs else ()
        return Outcome(issue=after, corrected=told, owed=self._owed(after.id))

    def split(
        self, issue_id: int, items: Sequence[int], title: str | None, *, why: str, actor: str, now: datetime
    ) -> LedgerIssue:
        """The new issue; its title is that of its first item where none is given. Raises StoreError."""
        issue = self.issue(issue_id)
        if title is None and items:
            title = self._store.items.get(min(items)).item.title
        number = self._store.ledger.split(issue.id, items, title or "", at=now, actor=actor, why=why)
        return self._store.ledger.get(number)

    def act(self, draft: ActionDraft, *, actor: str, now: datetime) -> LedgerIssue:
        self._store.ledger.act(draft, at=now, actor=actor)
        return self._store.ledger.get(draft.issue_id)

    def issue(self, issue_id: int) -> LedgerIssue:
        """The issue, or the one it was merged into."""
        found = self._store.ledger.get(issue_id)
        return found if found.merged_into is None else self._store.ledger.get(found.merged_into)

    def _correct(
        self, before: LedgerIssue, after: LedgerIssue, audience: Sequence[Telling], now: datetime
    ) -> tuple[str, ...]:
        told = {one.recipient for one in audience if one.channel in ("alert", "correction")} & self._receivers
        letters = correction(before, after, sorted(told), desk=self._name, now=now)
        self._store.outbox.add([letter.delivery for letter in letters])
        self._store.ledger.tell([letter.telling for letter in letters])
        return tuple(sorted(told))

    def _owed(self, issue_id: int) -> tuple[Telling, ...]:
        return tuple(one for one in self._store.ledger.owed() if one.issue_id == issue_id)


def state_after(before: LedgerIssue, verdict: Verdict) -> IssueState | None:
    """The state that a verdict brings: checked the first time, corrected where it changes; None: it stays."""
    if before.verdict is None:
        return IssueState.CHECKED
    return None if before.verdict is verdict else IssueState.CORRECTED


def claim_of(issue: LedgerIssue, desk: str, now: datetime) -> CheckedClaim:
    """An issue with a verdict as a checked claim of the desk. A fact-checker's claim on it stays as it is."""
    own = issue.claim_key is not None and issue.claim_key.startswith(OWN_KEYS)
    return CheckedClaim(
        id=0,
        key=issue.claim_key if own and issue.claim_key else desk_claim_key(issue.id),
        text=issue.title,
        title=issue.title,
        verdict=issue.verdict,
        publisher=desk,
        url=issue.verdict_link,
        checked_at=now,
        topics=issue.topics,
    )
