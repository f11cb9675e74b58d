"""What people bring to the ledger: lists of issues and items that a desk kept before, and tips.

row ──> match ── known claims ── judge ──> item (with its own date) ──> issue
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import islice

from collector.ledger.desk import Desk, Outcome
from collector.ledger.table import IssueRow, ItemRow
from collector.model.errors import NotFound
from collector.model.item import Entry, Timing
from collector.model.ledger import IssueOrigin, Precision
from collector.model.personal import excerpt, mask
from collector.model.source import Role, Source
from collector.model.topic import Match
from collector.pipeline import Verdicts, link_of
from collector.sources.identity import content_hash, identity_of
from collector.sources.publisher import publisher_of
from collector.store.base import Draft, Storage
from collector.store.claims import ClaimLink
from collector.store.ledger import BROUGHT_BY, IssueChange, IssueDraft

BATCH = 200  # items of one transaction
Conclude = Callable[[Source, Entry, datetime], Verdicts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What became of a file's rows: how many were new, known, and not to be collected again (removed on request)."""

    new: int = 0
    known: int = 0
    refused: int = 0
    problems: tuple[str, ...] = ()


def claim_key_of(row: IssueRow) -> str:
    """What makes a row of a desk's list the same issue when the file is read again."""
    said = f"{' '.join(row.title.lower().split())}\n{row.at.isoformat()}"
    return f"desk:{blake2b(said.encode('utf-8', 'replace'), digest_size=12).hexdigest()}"


def bring_issues(
    store: Storage, desk: Desk, rows: Sequence[tuple[int, IssueRow]], *, origin: str, actor: str, now: datetime
) -> Brought:
    """Enter a desk's own list. A row that is known already (same title and date) takes over verdict and state."""
    new = 0
    for _, row in rows:
        with store.transaction():
            key = claim_key_of(row)
            number = store.ledger.of_claim(key)
            if number is None:
                new += 1
                made = IssueDraft(
                    title=row.title,
                    opened_at=row.at,
                    opened_precision=row.precision,
                    origin=IssueOrigin.IMPORT,
                    topics=row.topics,
                    claim_key=key,
                )
                number = store.ledger.open(made, at=now, actor=actor, why=origin)
            _settle(store, desk, number, row, origin=origin, actor=actor, now=now)
    return Brought(new=new, known=len(rows) - new)


def _settle(
    store: Storage, desk: Desk, number: int, row: IssueRow, *, origin: str, actor: str, now: datetime
) -> Outcome | None:
    issue = store.ledger.get(number)
    outcome = None
    if row.verdict is not None and (row.verdict, row.note or origin) != (issue.verdict, issue.verdict_note):
        note = row.note or origin
        outcome = desk.verdict(number, row.verdict, note=note, actor=actor, now=now, link=row.link)
        issue = outcome.issue
    if row.state is not None and row.state is not issue.state:
        store.ledger.change(IssueChange(issue_id=issue.id, at=now, actor=actor, why=origin, state=row.state))
    return outcome


def bring_items(store: Storage, rows: Sequence[tuple[int, ItemRow]], conclude: Conclude, now: datetime) -> Brought:
    """Store a desk's own items: matched and judged like others, counted on their own dates, never part of an alert."""
    new = known = refused = 0
    problems: list[str] = []
    titles: dict[str, int] = {}
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        prepared = list(_prepared(store, batch, conclude, titles, problems, now))
        with store.transaction():
            before = store.items.known(BROUGHT_BY, [draft.identity for draft, _, _ in prepared], ())
            pairs = [(draft, issue) for draft, issue, _ in prepared]
            numbers = store.ledger.add_items(BROUGHT_BY, pairs, now)
            store.claims.link([link for _, _, link in prepared if link is not None])
        refused += numbers.count(0)
        stored = [draft.identity for (draft, _, _), n in zip(prepared, numbers, strict=True) if n]
        again = len({identity for identity in stored if identity in before.by_identity})
        known += again
        new += len(set(stored)) - again
    return Brought(new=new, known=known, refused=refused, problems=tuple(problems))


def _prepared(
    store: Storage,
    batch: Sequence[tuple[int, ItemRow]],
    conclude: Conclude,
    titles: dict[str, int],
    problems: list[str],
    now: datetime,
) -> Iterator[tuple[Draft, int | None, ClaimLink | None]]:
    for line, row in batch:
        try:
            issue = _issue_named(store, row.issue, titles)
        except NotFound as error:
            problems.append(f"line {line}: {error}; the item is kept without an issue")
            issue = None
        yield draft_of_row(row, issue, conclude, now)


def _issue_named(store: Storage, name: str, titles: dict[str, int]) -> int | None:
    """By number, or by the title of an issue that a person gave. Raises NotFound."""
    if not name:
        return None
    if name.isdecimal() and len(name) < 18:
        found = store.ledger.get(int(name))
        return found.merged_into or found.id
    if name not in titles:
        from collector.store.ledger import IssueFilter

        wanted = " ".join(name.lower().split())
        same = [
            issue.id
            for issue in store.ledger.list(IssueFilter(search=name, limit=1000))
            if " ".join(issue.title.lower().split()) == wanted
        ]
        if not same:
            raise NotFound(f"no issue is called {name[:100]!r}")
        titles[name] = min(same)
    return titles[name]


def draft_of_row(
    row: ItemRow, issue: int | None, conclude: Conclude, now: datetime
) -> tuple[Draft, int | None, ClaimLink | None]:
    """A row as the store takes it. Topics that the desk names count beside those that are found."""
    source = Source(id=BROUGHT_BY, kind="desk", url=row.url or "desk:", role=Role.SOCIAL, lang=row.lang)
    entry = Entry(title=row.title, text=row.text, url=row.url, published_at=row.at, lang=row.lang)
    verdicts = conclude(source, entry, now)
    return (
        draft_of(source, entry, verdicts, now, row.publisher, Timing.BACKFILL, row.precision, row.topics),
        issue,
        (link_of(identity_of(entry), verdicts, now)),
    )


def draft_of(
    source: Source,
    entry: Entry,
    verdicts: Verdicts,
    now: datetime,
    publisher: str,
    timing: Timing,
    precision: Precision = Precision.TIME,
    topics: Sequence[str] = (),
) -> Draft:
    """An entry that people brought, with personal data masked."""
    found = {match.topic_id for match in verdicts.matches}
    named = tuple(Match(topic_id=topic, spans=()) for topic in topics if topic not in found)
    return Draft(
        identity=identity_of(entry),
        url=entry.url,
        title=mask(entry.title),
        excerpt=excerpt(entry.text),
        lang=entry.lang or source.lang,
        publisher=publisher or (publisher_of(entry, source) if entry.url else source.id),
        published_at=entry.published_at,
        date_note=None,
        seen_at=now,
        timing=timing,
        content_hash=content_hash(entry),
        guid=None,
        matches=(*verdicts.matches, *named),
        judgement=verdicts.judgement,
        date_precision=precision,
    )
