"""A tip: somebody passes a claim on to the desk, from WhatsApp or Facebook, where most begin.

    text or link ──> match ── known claims ── judge ──> item ──> its issue ──> answer

The answer is what the sender waits for: checked already, by whom and with which verdict; or not yet, and noted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

from alerts.catalogue import VERDICTS
from collector.ledger.intake import Conclude, draft_of
from collector.model.claim import ClaimMatch
from collector.model.errors import NotFound, SiagaError
from collector.model.item import Entry, Timing
from collector.model.judgement import Judgement, Verdict
from collector.model.ledger import LedgerIssue, Telling
from collector.model.personal import mask
from collector.model.phrase import Phrase
from collector.model.source import Failed, Role, Source
from collector.pipeline import link_of
from collector.reading import ask_for, read_page
from collector.sources.identity import identity_of
from collector.sources.rough import MAX_TITLE
from collector.store.base import JudgedItem, MentionFilter, Storage
from collector.store.indexing import index_all
from collector.store.ledger import TIPPED_BY

if TYPE_CHECKING:
    from collector.claims.known import KnownClaims
    from collector.sources.base import Fetcher

MAX_CHARS = 20_000
LOOKED_BACK = timedelta(days=90)  # for the issue of a text like this one
LONGEST = 4  # words of a text that are looked for, two at a time
NEIGHBOURS = 40  # items compared
ANONYMOUS = "tanpa nama"
SOURCE = Source(id=TIPPED_BY, kind="desk", url="tip:", role=Role.SOCIAL)


class TipUnreadable(SiagaError):
    """The page behind a link gave nothing to judge: its text is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """What was passed on. ``text`` may be empty where there is a ``link`` to read; ``sender`` is whoever gave it."""

    text: str = ""
    link: str | None = None
    sender: str | None = None

    @classmethod
    def of(cls, what: str, *, link: str | None = None, sender: str | None = None) -> Tip:
        """Of one thing pasted: an address alone is a link, anything else a text. Raises ValueError."""
        plain = what.strip()
        if not plain:
            raise ValueError("nothing to check: give a text or a link")
        if len(plain) > MAX_CHARS:
            raise ValueError(f"a text of {len(plain)} characters; at most {MAX_CHARS}")
        if plain.startswith(("http://", "https://")) and len(plain.split()) == 1:
            return cls(link=plain, sender=sender)
        return cls(text=plain, link=link, sender=sender)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What somebody found of a claim before."""

    verdict: Verdict | None
    claim: str
    publisher: str
    link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TipAnswer:
    """What there is to tell the sender. ``finding`` is None where nobody has checked it yet; ``issue`` where it belongs
    to none yet (off the watched topics, or the daemon opens one within a minute); ``known_before``: the item was."""

    item: JudgedItem
    known_before: bool
    finding: Finding | None
    issue: LedgerIssue | None
    sentence: Phrase

    @property
    def judgement(self) -> Judgement:
        return self.item.judgement


class TipDesk:
    """Takes tips. ``group`` groups what waits, in a process that may (no other one groups); None: somebody else does,
    soon. ``fetcher`` reads pages behind links; None: a link needs a text beside it."""

    def __init__(
        self,
        store: Storage,
        *,
        conclude: Conclude,
        known: KnownClaims,
        desk: str,
        fetcher: Callable[[], Fetcher] | None = None,
        group: Callable[[datetime], object] | None = None,
    ) -> None:
        self._store = store
        self._conclude = conclude
        self._known = known
        self._desk = desk
        self._fetcher = fetcher
        self._group = group

    def take(self, tip: Tip, now: datetime) -> TipAnswer:
        """Store, join and answer. Raises TipUnreadable, NotFound where it was removed on request."""
        entry, stored = self._entry(tip, now)
        item, match = self._stored(entry, stored, now)
        issue = self._issue(item)
        finding = self._finding(issue, match)
        answer = TipAnswer(
            item=item,
            known_before=stored is not None,
            finding=finding,
            issue=issue,
            sentence=answer_of(finding, item, issue),
        )
        self._note(answer, tip, now)
        return answer

    def _entry(self, tip: Tip, now: datetime) -> tuple[Entry, JudgedItem | None]:
        """What is to be judged, and the stored item where it is known."""
        url = tip.link
        title, body = _headed(tip.text)
        entry = Entry(title=title, text=body, url=url)
        stored = self._store.items.find(identity_of(entry)) if url or entry.title else None
        if entry.title or stored is not None:
            return entry, stored
        return self._read(url or "", now), None

    def _read(self, url: str, now: datetime) -> Entry:
        if self._fetcher is None:
            raise TipUnreadable("a link needs the text of its page beside it")
        answer = ask_for(self._fetcher(), SOURCE, url, now)
        if isinstance(answer, Failed):
            raise TipUnreadable(f"the page could not be read ({answer.reason}); give its text too")
        article = read_page(answer, SOURCE.lang)
        if not article.title and not article.text:
            raise TipUnreadable("the page has no text to judge; give it in words")
        title, _, body = (article.title or article.text).partition("\n")
        return Entry(title=title[:500], text=article.text if article.title else body, url=url)

    def _stored(self, entry: Entry, stored: JudgedItem | None, now: datetime) -> tuple[JudgedItem, ClaimMatch | None]:
        """The item, and the checked claim that it speaks of (asked for whatever the topic)."""
        if stored is not None:
            entry = replace(entry, title=stored.item.title, text=stored.item.excerpt)
        verdicts = self._conclude(SOURCE, entry, now)
        match = verdicts.known or self._known.match(entry.title, entry.text, now)
        draft = draft_of(SOURCE, entry, verdicts, now, "", Timing.ON_TIME)
        issue = None if match is None else self._store.ledger.of_claim(match.claim.key)
        if issue is None and (stored is None or stored.item.issue_id is None):
            issue = nearest_issue(self._store, f"{draft.title}\n{draft.excerpt}", now)
        with self._store.transaction():
            (number,) = self._store.ledger.add_items(TIPPED_BY, [(draft, issue)], now)
            if not number:
                raise NotFound("this was removed on request and is not collected again")
            link = link_of(draft.identity, replace(verdicts, known=match), now)
            if link is not None:
                self._store.claims.link((link,))
        item = self._store.items.get(number)
        if item.item.issue_id is None and item.mentions and self._group is not None:
            self._group(now)
            item = self._store.items.get(number)
        return item, match

    def _issue(self, item: JudgedItem) -> LedgerIssue | None:
        return None if item.item.issue_id is None else self._store.ledger.get(item.item.issue_id)

    def _finding(self, issue: LedgerIssue | None, match: ClaimMatch | None) -> Finding | None:
        """The desk's own verdict goes before a fact-checker's."""
        if issue is not None and issue.verdict is not None:
            return Finding(verdict=issue.verdict, claim=issue.title, publisher=self._desk, link=issue.verdict_link)
        claim = None if match is None else match.claim
        if claim is None and issue is not None and issue.claim_key is not None:
            claim = self._store.ledger.claim(issue.claim_key)
        if claim is None or (claim.verdict is None and claim.url is None):
            return None
        return Finding(verdict=claim.verdict, claim=claim.text, publisher=claim.publisher, link=claim.url)

    def _note(self, answer: TipAnswer, tip: Tip, now: datetime) -> None:
        if answer.issue is None:
            return
        telling = Telling(
            id=0,
            issue_id=answer.issue.id,
            recipient=mask(tip.sender or ANONYMOUS)[:200],
            channel="tip",
            at=now,
            about=answer.sentence.id,
            verdict=answer.finding.verdict if answer.finding else None,
        )
        self._store.ledger.tell((telling,))


def _headed(text: str) -> tuple[str, str]:
    """Its first line and the rest. A message without line breaks has a title no longer than that of a feed's item."""
    first, _, body = text.strip().partition("\n")
    title = " ".join(first.split())
    if len(title) <= MAX_TITLE:
        return title, body.strip()
    head = title[:MAX_TITLE].rpartition(" ")[0] or title[:MAX_TITLE]
    return head, f"{title[len(head) :].strip()}\n{body}".strip()


def nearest_issue(store: Storage, text: str, now: datetime) -> int | None:
    """The issue of the stored texts that tell the same story, if most of those compared agree; else None.

    Items that share two of the text's longest words are looked at, so it costs the same however many there are.
    """
    from collector.claims.grouper import text_of
    from collector.claims.grouping import IssueBook

    near = {one.item.id: one.item for one in _alike(store, text, now) if one.item.issue_id is not None}
    if not near:
        return None
    book = IssueBook(free=lambda _younger, _older: False)
    for number, item in sorted(near.items()):
        book.restore(book.read(text_of(item.title, item.excerpt)), f"#{item.issue_id}", number)
    title, _, body = text.partition("\n")
    joined = book.join(book.read(text_of(title, body)))
    return int(joined.issue.removeprefix("#")) if joined.issue.startswith("#") else None


def _alike(store: Storage, text: str, now: datetime) -> Iterator[JudgedItem]:
    index_all(store.items)
    words = sorted({word for word in text.split() if word.isalpha()}, key=lambda word: (-len(word), word))[:LONGEST]
    for pair in combinations(words, 2):
        yield from store.items.list(
            MentionFilter(search=f"{' '.join(pair)} ", since=now - LOOKED_BACK, limit=NEIGHBOURS)
        )


def answer_of(finding: Finding | None, item: JudgedItem, issue: LedgerIssue | None) -> Phrase:
    """The sentence for the sender, in both languages."""
    where = "" if issue is None else f", isu {issue.id}"
    where_en = "" if issue is None else f", issue {issue.id}"
    if finding is None:
        return Phrase(
            id=f"belum diperiksa; dicatat sebagai konten {item.item.id}{where}",
            en=f"not checked yet; noted as item {item.item.id}{where_en}",
        )
    link = f" ({finding.link})" if finding.link else ""
    found = VERDICTS[finding.verdict] if finding.verdict else Phrase(id="lihat artikelnya", en="see the article")
    return Phrase(
        id=f"sudah diperiksa: {found.id} — “{finding.claim}”, menurut {finding.publisher or '—'}{link}",
        en=f"already checked: {found.en} — “{finding.claim}”, says {finding.publisher or '—'}{link}",
    )
