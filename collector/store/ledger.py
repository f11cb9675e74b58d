"""The ledger's part of the storage seam: issues as a desk works on them, and what hangs on them.

Every change of an issue is one transaction with its rows of history. Numbers of issues are shared with the grouping
(:class:`collector.store.base.Issues`), which follows merges and leaves alone the titles that people gave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Protocol

from collector.model.claim import CheckedClaim
from collector.model.judgement import Verdict
from collector.model.ledger import (
    Action,
    ActionKind,
    IssueEvent,
    IssueOrigin,
    IssueState,
    LedgerIssue,
    Precision,
    Telling,
    Tombstone,
)
from collector.store.base import Draft

CHANGED = "issues_regrouped"
"""Name of the stored fact that moves whenever people move items between issues: a grouping in memory is stale then."""


CLAIMS_REMOVED = "claims_removed"
"""Name of the stored fact that moves whenever a removal on request takes a checked claim along: what is in memory goes
too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFilter:
    """Which issues to list; every field narrows. ``search`` is plain words in an item or in a title that a person gave.
    ``claimed``: only those with a suspicious item, a debunk, or a person's hand in them."""

    search: str | None = None
    topic_id: str | None = None
    state: IssueState | None = None
    verdict: Verdict | None = None
    with_verdict: bool = False
    since: datetime | None = None
    until: datetime | None = None
    claimed: bool = False
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueDraft:
    """An issue that people bring, without items so far."""

    title: str
    opened_at: datetime
    opened_precision: Precision
    origin: IssueOrigin
    topics: tuple[str, ...] = ()
    claim_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueChange:
    """What a person changes of an issue; None leaves a field as it is, but another verdict without a link drops the
    link of the one before. ``why`` goes into the history."""

    issue_id: int
    at: datetime
    actor: str
    why: str = ""
    title: str | None = None
    state: IssueState | None = None
    verdict: Verdict | None = None
    verdict_link: str | None = None
    claim_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDraft:
    """An action to be entered."""

    issue_id: int
    kind: ActionKind
    at: datetime
    precision: Precision
    by: str
    note: str = ""
    link: str | None = None


class Ledger(Protocol):
    # ------------------------------------------------ questions

    def get(self, issue_id: int) -> LedgerIssue:
        """A merged one too, with ``merged_into``. Raises NotFound."""

    def list(self, wanted: IssueFilter) -> tuple[LedgerIssue, ...]:
        """The last seen first; merged ones are left out."""

    def of_claim(self, claim_key: str) -> int | None:
        """The issue of a checked claim: the one that carries its key, or a desk's own claim ``issue:N``."""

    def claim(self, claim_key: str) -> CheckedClaim | None:
        """The checked claim of that key."""

    def findings(self, issue_ids: Sequence[int]) -> Mapping[int, CheckedClaim]:
        """The desk's own checked claim of each of these issues that has a verdict."""

    def history(self, issue_id: int) -> tuple[IssueEvent, ...]:
        """In the order of what happened; of a merged issue its own."""

    def actions(self, issue_id: int) -> tuple[Action, ...]: ...

    # ------------------------------------------------ changes

    def open(self, draft: IssueDraft, *, at: datetime, actor: str, why: str = "") -> int:
        """A new issue; returns its number."""

    def change(self, change: IssueChange) -> LedgerIssue:
        """Apply it with one row of history per changed field; returns the issue as it is now. Raises NotFound."""

    def merge(self, issue_id: int, into: int, *, at: datetime, actor: str, why: str = "") -> LedgerIssue:
        """Items, actions and tellings of ``issue_id`` become those of ``into``, which is returned; it takes over the
        verdict where it has none. The grouping goes on with both, and is followed. Raises NotFound, or StoreError
        where they are one already."""

    def split(self, issue_id: int, items: Sequence[int], title: str, *, at: datetime, actor: str, why: str = "") -> int:
        """Move some of an issue's items into a new one; returns its number. Raises NotFound for an item that is not
        the issue's, StoreError where nothing would be left."""

    def act(self, draft: ActionDraft, *, at: datetime, actor: str) -> int:
        """Enter an action, with its row of history; returns its number. Raises NotFound."""

    def add_items(self, source_id: str, drafts: Sequence[tuple[Draft, int | None]], now: datetime) -> tuple[int, ...]:
        """Store items that people bring, each with the issue it belongs to or None; returns the number of each (0: it
        is not to be collected). A known one becomes a sighting. ``source_id`` is made, as one that is never polled."""

    # ------------------------------------------------ who was told

    def tell(self, tellings: Sequence[Telling]) -> None:
        """Note who was told (``id`` is ignored)."""

    def told(self, issue_id: int) -> tuple[Telling, ...]:
        """Everybody who was told of an issue, in order: what was noted, and the messages of alerts about it or with an
        item of it as evidence (``channel`` is ``alert``, ``id`` 0)."""

    def told_to(self, channel: str, recipient: str, limit: int) -> tuple[Telling, ...]:
        """What somebody was told through a channel, newest first."""

    def renumbered(self, channel: str, recipient: str) -> tuple[int, ...]:
        """Issues of which they heard under the number of one that is part of it now, and nothing since the merge."""

    def owed(self, channel: str | None = None) -> tuple[Telling, ...]:
        """The last telling of each recipient that named another verdict than the issue has now."""

    def answered(self, telling_id: int, answer: str, at: datetime) -> None:
        """Raises NotFound."""

    # ------------------------------------------------ removal

    def forget(self, identity: str, *, at: datetime, actor: str, why: str) -> Tombstone:
        """Remove what is stored under an identity, everywhere: the item's words and link, its earlier wordings, the
        words of its matches and findings, its page copy, its place in the search, its quotations in titles and
        messages, and the checked claim it stood for. Its number, hour, publisher and score stay, so that every count
        stays right. A tombstone keeps it from being collected again. One transaction."""

    def forgotten(self, identities: Sequence[str]) -> frozenset[str]:
        """Which of these are not to be collected."""

    def tombstones(self) -> tuple[Tombstone, ...]:
        """Newest first."""


BROUGHT_BY = "(import)"
"""The source of items that a desk brought from its files: they count on their own dates."""
TIPPED_BY = "(tip)"
"""The source of what people passed on to the desk."""
FORGOTTEN = "[dihapus / removed]"
"""Stands where a title was removed on request."""


def identity_hash(identity: str) -> str:
    """What a tombstone keeps of an identity."""
    return blake2b(identity.encode("utf-8", "replace"), digest_size=16).hexdigest()


def desk_claim_key(issue_id: int) -> str:
    """Key of the checked claim that a desk's own verdict makes."""
    return f"issue:{issue_id}"


def issue_of_claim_key(claim_key: str) -> int | None:
    """The issue that a desk's own claim names; None for others' claims."""
    number = claim_key.removeprefix("issue:")
    return int(number) if number != claim_key and number.isdecimal() else None
