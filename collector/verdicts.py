"""A desk's own verdicts, as rows to learn from.

    issues with a verdict ──> their items ──┐
    checked claims found wrong ──> items ───┴──> one row for each wording

What spreads a claim found false, misleading or a scam is a claim; what tells of one found true is none. Debunks and
satire speak of claims, so their words teach nothing of how claims are worded; unproven is no verdict to learn from.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.judge.examples import Example
from collector.model.bucket import Measure
from collector.model.judgement import Stance, Verdict
from collector.store.base import JudgedItem, MentionFilter, Storage
from collector.store.ledger import IssueFilter

WRONG = frozenset((Verdict.FALSE, Verdict.MISLEADING, Verdict.SCAM))
TAUGHT = frozenset((Stance.SPREAD, Stance.NEWS))
MOST = 20_000  # items, of all claims; and issues
OF_AN_ISSUE = 20  # items of one issue at most: one claim that travelled far is still one claim


def desk_examples(store: Storage) -> tuple[Example, ...]:
    """The rows of the store, equal wordings once. An issue's verdict outweighs that of the claim it speaks of."""
    found: dict[str, Example] = {}
    for one, claim in (*_of_issues(store), *_of_claims(store)):
        if one.judgement.stance in TAUGHT:
            item = one.item
            words = " ".join(item.title.lower().split())
            example = Example(
                title=item.title, text=item.excerpt, claim=claim, day=item.seen_at.date(), origin=item.publisher
            )
            found.setdefault(words, example)
    return tuple(found.values())


def _of_issues(store: Storage) -> Iterator[tuple[JudgedItem, bool]]:
    for issue in store.ledger.list(IssueFilter(with_verdict=True, limit=MOST)):
        if issue.verdict in WRONG or issue.verdict is Verdict.TRUE:
            wanted = MentionFilter(issue_id=issue.id, on_topic_only=False, limit=OF_AN_ISSUE)
            for one in store.items.list(wanted):
                yield one, issue.verdict in WRONG


def _of_claims(store: Storage) -> Iterator[tuple[JudgedItem, bool]]:
    """Items that repeat a checked claim, as far as the claim was found wrong."""
    items = store.items.list(MentionFilter(measure=Measure.KNOWN_CLAIMS, limit=MOST))
    links = store.claims.of_items([one.item.id for one in items])
    for one in items:
        if any(link.claim.verdict in WRONG for link in links.get(one.item.id, ())):
            yield one, True
