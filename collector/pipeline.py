"""One source, end to end. Read this first.

    state ── fetch ──> answer ── parse ──> entries ── sort out ──> new, changed, seen elsewhere
                                                                        │
                          record <── judge <── known claims <── match <─┘

Fetching and recording touch the world; everything between is pure. What one poll brings is written in one transaction,
with the poll itself and the moment the source is next due. A failure is recorded the same way: it is a fact about the
source, not an exception. What a source gives only the headline of is read later (:mod:`collector.reading`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from random import Random

from collector.claims.known import KnownClaims, claim_of_entry, is_sure, link_to
from collector.judge.base import Judge
from collector.match.base import Matcher
from collector.model.bucket import place
from collector.model.claim import CheckedClaim, ClaimMatch
from collector.model.clock import Clock
from collector.model.errors import ParseError
from collector.model.item import Entry, Timing
from collector.model.judgement import Context, Judgement, Stance
from collector.model.personal import excerpt, mask
from collector.model.source import Failed, FailureClass, Fetched, Role, Source, SourceState
from collector.model.topic import Match
from collector.sources.base import Fetcher, Parsed, SourceKind
from collector.sources.identity import content_hash, identity_of, sort_out
from collector.sources.publisher import publisher_of
from collector.sources.schedule import after_failure, after_success, covers
from collector.sources.wish import wants_article
from collector.store.base import Change, Draft, Poll, PollOutcome, PollRecord, PollResult, Resighting, Storage
from collector.store.claims import ClaimLink


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What became of one poll: its record's outcome, the reason where it failed, and what was new."""

    source_id: str
    outcome: PollOutcome
    error: str | None
    result: PollResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What was concluded about an entry's words. ``known`` is the checked claim it speaks of, ``checks`` the one that
    it checks itself."""

    matches: tuple[Match, ...]
    judgement: Judgement
    known: ClaimMatch | None = None
    checks: CheckedClaim | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a poll brings into the store: its record, the claims that its entries check, and those they speak of."""

    record: PollRecord
    checked: tuple[CheckedClaim, ...] = ()
    links: tuple[ClaimLink, ...] = ()


class Pipeline:
    """Polls sources. Safe to share between threads: it keeps nothing between polls.

    ``matcher`` and ``judge`` are asked for when the first entry needs them: a round in which nothing changed does not
    pay for building them.
    """

    def __init__(
        self,
        *,
        store: Storage,
        fetcher: Fetcher,
        kind_of: Callable[[str], SourceKind],
        matcher: Callable[[], Matcher],
        judge: Callable[[], Judge],
        clock: Clock,
        known: Callable[[], KnownClaims] | None = None,
        rng: Random | None = None,
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._kind_of = kind_of
        self._matcher = matcher
        self._judge = judge
        self._clock = clock
        self._known = known
        self._rng = rng or Random()  # noqa: S311 - jitter, not a secret

    def poll(self, source: Source) -> PollReport:
        """Poll one source now. Raises StoreError where the database refuses; a failing source is a report."""
        state = self._store.sources.state(source.id)
        started_at = self._clock.now()
        answer = self._ask(source, state, started_at)
        digest = self._digest(source, state, answer, started_at)
        result = self._record(digest, started_at)
        poll = digest.record.poll
        return PollReport(source_id=source.id, outcome=poll.outcome, error=poll.error, result=result)

    def _record(self, digest: Digest, now: datetime) -> PollResult:
        """Items first; claims and links join their transaction."""
        if not digest.checked and not digest.links:
            return self._store.items.record_poll(digest.record)
        with self._store.transaction():
            result = self._store.items.record_poll(digest.record)
            self._store.claims.add(digest.checked, now)
            self._store.claims.link(digest.links)
        if digest.checked and self._known is not None:
            self._known().look_again()
        return result

    def preview(self, source: Source, now: datetime) -> tuple[tuple[Entry, Verdicts], ...] | Failed:
        """Fetch and conclude, store nothing: for people who try a source out."""
        answer = self._ask(source, None, now)
        if isinstance(answer, Failed):
            return answer
        try:
            parsed = self._read(source, answer, now)
        except ParseError as error:
            return _unreadable(answer, error)
        return tuple((entry, self.conclude(source, entry, now)) for entry in parsed.entries)

    def _ask(self, source: Source, state: SourceState | None, now: datetime) -> Fetched | Failed:
        kind = self._kind_of(source.kind)
        return self._fetcher.fetch(
            source, kind.address(source), state, accept=kind.accept(), robots=kind.needs_robots, now=now
        )

    def _digest(self, source: Source, state: SourceState, answer: Fetched | Failed, started_at: datetime) -> Digest:
        if isinstance(answer, Failed):
            return Digest(record=self._failure(source, state, answer, started_at))
        if answer.not_modified or (state.body_hash and answer.body_hash == state.body_hash):
            return Digest(record=self._success(source, state, answer, started_at, PollOutcome.NOT_MODIFIED))
        try:
            parsed = self._read(source, answer, started_at)
        except ParseError as error:
            return Digest(record=self._failure(source, state, _unreadable(answer, error), started_at))
        return self._news(source, state, answer, parsed, started_at)

    def _read(self, source: Source, answer: Fetched, now: datetime) -> Parsed:
        """The body's entries, and those of the further addresses it names (members of a sitemap index).

        A member that fails is left for the next poll; its sisters count. Raises ParseError.
        """
        parsed = self._kind_of(source.kind).parse(source, answer)
        if not parsed.more:
            return parsed
        members = (self._read_member(source, address, now) for address in parsed.more)
        return replace(parsed, entries=parsed.entries + tuple(chain.from_iterable(members)))

    def _read_member(self, source: Source, address: str, now: datetime) -> tuple[Entry, ...]:
        kind = self._kind_of(source.kind)
        member = self._fetcher.fetch(source, address, None, accept=kind.accept(), robots=kind.needs_robots, now=now)
        if isinstance(member, Failed):
            return ()
        try:
            return kind.parse(source, member).entries
        except ParseError:
            return ()

    def _news(
        self, source: Source, state: SourceState, answer: Fetched, parsed: Parsed, started_at: datetime
    ) -> Digest:
        seen_at = answer.fetched_at
        identities = tuple(identity_of(entry) for entry in parsed.entries)
        guids = tuple(entry.guid for entry in parsed.entries if entry.guid)
        known = self._store.items.known(source.id, identities, guids)
        found = sort_out(parsed.entries, known, identities)
        wanted = self._without_forgotten(found.new)
        base = self._success(source, state, answer, started_at, PollOutcome.OK)
        after = replace(base.state, newest_item_at=_newest(state, parsed.entries, found.new, seen_at))
        if parsed.more:  # an index stays the same while its members change: it must be read whole each time
            after = replace(after, etag=None, last_modified=None, body_hash=None)
        new = [(identity, entry, self.conclude(source, entry, seen_at)) for identity, entry in wanted]
        changed = [(item_id, entry, self.conclude(source, entry, seen_at)) for item_id, entry in found.changes]
        record = replace(
            base,
            poll=replace(base.poll, entries=len(parsed.entries)),
            state=after,
            drafts=tuple(
                self._draft(source, identity, entry, verdicts, seen_at, first_poll=state.first_ok_at is None)
                for identity, entry, verdicts in new
            ),
            resightings=tuple(
                Resighting(item_id=item_id, publisher=publisher_of(entry, source), guid=entry.guid, seen_at=seen_at)
                for item_id, entry in found.resightings
            ),
            changes=tuple(
                self._change(source, item_id, entry, verdicts, seen_at) for item_id, entry, verdicts in changed
            ),
        )
        named = [*((identity, verdicts) for identity, _, verdicts in new), *self._reworded(changed)]
        return Digest(
            record=record,
            checked=tuple(verdicts.checks for _, verdicts in named if verdicts.checks is not None),
            links=tuple(link for identity, verdicts in named if (link := link_of(identity, verdicts, seen_at))),
        )

    def _without_forgotten(self, new: tuple[tuple[str, Entry], ...]) -> tuple[tuple[str, Entry], ...]:
        """What was removed on request is not even judged again."""
        gone = self._store.ledger.forgotten([identity for identity, _ in new]) if new else frozenset()
        return tuple(pair for pair in new if pair[0] not in gone) if gone else new

    def _reworded(self, changed: Iterable[tuple[int, Entry, Verdicts]]) -> Iterator[tuple[str, Verdicts]]:
        """Under the identities by which their items are stored."""
        for item_id, _, verdicts in changed:
            if verdicts.known is not None or verdicts.checks is not None:
                yield self._store.items.get(item_id).item.identity, verdicts

    def _draft(
        self, source: Source, identity: str, entry: Entry, verdicts: Verdicts, seen_at: datetime, *, first_poll: bool
    ) -> Draft:
        placement = place(entry.published_at, seen_at, first_poll=first_poll)
        return Draft(
            identity=identity,
            url=entry.url,
            title=mask(entry.title),
            excerpt=excerpt(entry.text),
            lang=entry.lang or source.lang,
            publisher=publisher_of(entry, source),
            published_at=placement.published_at,
            date_note=placement.note,
            seen_at=seen_at,
            timing=placement.timing,
            content_hash=content_hash(entry),
            guid=entry.guid,
            matches=verdicts.matches,
            judgement=verdicts.judgement,
            wants_article=wants_article(source, entry, verdicts.matches, placement.timing),
        )

    def _change(self, source: Source, item_id: int, entry: Entry, verdicts: Verdicts, seen_at: datetime) -> Change:
        return Change(
            item_id=item_id,
            title=mask(entry.title),
            excerpt=excerpt(entry.text),
            content_hash=content_hash(entry),
            changed_at=seen_at,
            matches=verdicts.matches,
            judgement=verdicts.judgement,
            wants_article=wants_article(source, entry, verdicts.matches, Timing.ON_TIME),
        )

    def conclude(self, source: Source, entry: Entry, now: datetime) -> Verdicts:
        """The judge sees the full text; only the excerpt is kept."""
        matches = self._matcher().matches(entry.title, entry.text)
        near = self._speaks_of(source, entry, now) if matches else None
        known = near if near is not None and is_sure(near) else None
        context = Context(source=source, matches=matches, now=now, known=known, similar=None if known else near)
        judgement = self._judge().judge(entry, context)
        checks = None
        if self._known is not None and source.role is Role.FACTCHECK:
            topics = tuple(match.topic_id for match in matches)
            checks = claim_of_entry(entry, judgement, publisher_of(entry, source), topics)
        return Verdicts(matches=matches, judgement=judgement, known=known, checks=checks)

    def _speaks_of(self, source: Source, entry: Entry, now: datetime) -> ClaimMatch | None:
        """The checked claim that an entry speaks of, or only resembles. A fact-checker's own entries are claims, not
        repeats of them."""
        if self._known is None or source.role is Role.FACTCHECK:
            return None
        return self._known().likeliest(entry.title, entry.text if source.role is Role.SOCIAL else "", now)

    def _success(
        self, source: Source, state: SourceState, answer: Fetched, started_at: datetime, outcome: PollOutcome
    ) -> PollRecord:
        poll = Poll(
            source_id=source.id,
            started_at=started_at,
            duration=answer.duration,
            outcome=outcome,
            status=answer.status,
            body_bytes=len(answer.body),
        )
        now = answer.fetched_at
        return PollRecord(
            poll=poll, state=after_success(state, source, now, answer, self._rng), covers=covers(source, now)
        )

    def _failure(self, source: Source, state: SourceState, failed: Failed, started_at: datetime) -> PollRecord:
        poll = Poll(
            source_id=source.id,
            started_at=started_at,
            duration=failed.duration,
            outcome=PollOutcome.FAILED,
            status=failed.status,
            error=failed.reason,
        )
        return PollRecord(poll=poll, state=after_failure(state, source, failed, failed.failed_at, self._rng))


def link_of(identity: str, verdicts: Verdicts, seen_at: datetime) -> ClaimLink | None:
    """What is to be noted of an item: that it is the fact-check of a claim, or speaks of one."""
    if verdicts.checks is not None:
        return ClaimLink(
            identity=identity,
            claim_key=verdicts.checks.key,
            confidence=1.0,
            stance=Stance.DEBUNK,
            differences=(),
            matched_at=seen_at,
        )
    return None if verdicts.known is None else link_to(verdicts.known, identity, seen_at)


def _newest(
    state: SourceState, shown: Sequence[Entry], new: Sequence[tuple[str, Entry]], seen_at: datetime
) -> datetime | None:
    """The date of its newest item so far. One without a date of its own is as new as its first sight: a page that gives
    no dates is not quiet while new items come."""
    dates = [*_own_dates(shown, seen_at), *(seen_at for _, entry in new if entry.published_at is None)]
    return max(dates if state.newest_item_at is None else [*dates, state.newest_item_at], default=None)


def _own_dates(entries: Iterable[Entry], seen_at: datetime) -> Iterator[datetime]:
    """The entries' own dates, where plausible."""
    for entry in entries:
        placement = place(entry.published_at, seen_at, first_poll=False)
        if placement.published_at is not None:
            yield placement.published_at


def _unreadable(answer: Fetched, error: ParseError) -> Failed:
    """A 200 with something that is no feed is a soft failure of the source: sites under maintenance do it."""
    return Failed(
        url=answer.final_url,
        failure_class=FailureClass.SOFT,
        reason=str(error),
        failed_at=answer.fetched_at,
        duration=answer.duration,
        status=answer.status,
    )
