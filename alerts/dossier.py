"""What stands behind an alert when it speaks: its items, the state of the sources, the days before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from collector.model.alert import CheckedBefore, Exhibit
from collector.model.bucket import Measure, Series, Subject
from collector.model.judgement import Stance
from collector.model.rule import Rule
from collector.model.source import SourceState
from collector.store.base import ItemClaim, JudgedItem, MentionFilter, Storage

MAX_EVIDENCE = 200
MAX_EXHIBITS = 5
MAX_DEBUNKS = 3
MAX_REASONS = 2
REASONS_FROM = 0.3  # an unsuspicious headline needs no excuse for its commas
DEBUNKS_REACH_BACK = timedelta(days=7)
DAYS_SHOWN = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """How well the window was watched: sources read in it, all that are expected, names of those failing now."""

    polled: int
    total: int
    failing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """``item_ids``: the items counted, most suspicious first. ``exhibits``: the first of them, then debunks."""

    item_ids: tuple[int, ...]
    exhibits: tuple[Exhibit, ...]
    daily_counts: tuple[int, ...]
    sources: SourceReport


class Archive:
    """Gathers dossiers from the store. ``watched``: ids of the enabled sources (None: all
    that were ever polled, so that sources switched off do not count as unread)."""

    def __init__(self, store: Storage, zone: tzinfo, watched: Collection[str] | None = None) -> None:
        self._store = store
        self._zone = zone
        self._watched = None if watched is None else frozenset(watched)

    def gather(self, rule: Rule, subject: Subject, start_at: datetime, end_at: datetime, now: datetime) -> Dossier:
        """For the window from ``start_at`` up to ``end_at``."""
        items = self._items(rule, subject, start_at, end_at)
        links = self._store.claims.of_items([item.item.id for item in items[:MAX_EXHIBITS]])
        shown = tuple(exhibit_of(item, links.get(item.item.id, ())) for item in items[:MAX_EXHIBITS])
        return Dossier(
            item_ids=tuple(item.item.id for item in items),
            exhibits=shown + self._debunks(rule, subject, now, {exhibit.item_id for exhibit in shown}),
            daily_counts=self._daily_counts(rule, subject, now),
            sources=self.source_report(start_at),
        )

    def item_ids(self, rule: Rule, subject: Subject, start_at: datetime, end_at: datetime) -> tuple[int, ...]:
        return tuple(item.item.id for item in self._items(rule, subject, start_at, end_at))

    def source_report(self, since: datetime) -> SourceReport:
        states = [state for state in self._store.sources.states() if self._is_watched(state)]
        return SourceReport(
            polled=sum(state.last_ok_at is not None and state.last_ok_at >= since for state in states),
            total=len(states),
            failing=tuple(sorted(state.source_id for state in states if state.failures)),
        )

    def _is_watched(self, state: SourceState) -> bool:
        return state.last_poll_at is not None if self._watched is None else state.source_id in self._watched

    def _items(self, rule: Rule, subject: Subject, start_at: datetime, end_at: datetime) -> tuple[JudgedItem, ...]:
        suspicious = rule.measure is Measure.SUSPICIOUS
        return self._store.items.list(
            MentionFilter(
                topic_id=_topic_of(subject),
                issue_id=_issue_of(subject),
                since=start_at,
                until=end_at,
                measure=rule.measure,
                suspicion_at_least=rule.suspicion_at_least if suspicious else None,
                include_backfill=False,
                limit=MAX_EVIDENCE,
            )
        )

    def _debunks(self, rule: Rule, subject: Subject, now: datetime, shown: set[int]) -> tuple[Exhibit, ...]:
        """Recent fact-checks of the topic, so that whoever reads of a claim finds the check beside it."""
        if rule.measure is Measure.DEBUNKS:
            return ()
        found = self._store.items.list(
            MentionFilter(
                topic_id=_topic_of(subject),
                issue_id=_issue_of(subject),
                since=now - DEBUNKS_REACH_BACK,
                measure=Measure.DEBUNKS,
                limit=MAX_DEBUNKS,
            )
        )
        return tuple(exhibit_of(item) for item in found if item.item.id not in shown)

    def _daily_counts(self, rule: Rule, subject: Subject, now: datetime) -> tuple[int, ...]:
        """Live counts of the last 14 days of the zone, today last."""
        today = now.astimezone(self._zone).date()
        first = today - timedelta(days=DAYS_SHOWN - 1)
        since = datetime.combine(first, time.min, tzinfo=self._zone)
        (series,) = self._store.buckets.series(
            (subject,), rule.measure, since, now, suspicion_at_least=rule.suspicion_at_least
        )
        return _by_day(series, self._zone, today)


def _topic_of(subject: Subject) -> str | None:
    return subject.id if subject.kind == "topic" else None


def _issue_of(subject: Subject) -> int | None:
    return int(subject.id) if subject.kind == "issue" else None


def _by_day(series: Series, zone: tzinfo, today: date) -> tuple[int, ...]:
    days = [0] * DAYS_SHOWN
    for hour in range(len(series)):
        age = (today - series.start_of(hour).astimezone(zone).date()).days
        if 0 <= age < DAYS_SHOWN:
            days[DAYS_SHOWN - 1 - age] += series.count[hour] - series.backfill[hour]
    return tuple(days)


def exhibit_of(judged: JudgedItem, claims: Sequence[ItemClaim] = ()) -> Exhibit:
    """The item as a message shows it, with its two strongest reasons and the checked claim that it speaks of."""
    item, judgement = judged.item, judged.judgement
    explained = judgement.suspicion >= REASONS_FROM or judgement.stance is Stance.DEBUNK
    strongest = judgement.findings[:MAX_REASONS] if explained else ()
    return Exhibit(
        item_id=item.id,
        title=item.title,
        url=item.url,
        publisher=item.publisher,
        seen_at=item.seen_at,
        suspicion=judgement.suspicion,
        stance=judgement.stance,
        verdict=judgement.verdict,
        reasons=tuple(signal.reason for signal in strongest),
        checked=_checked(claims[0]) if claims and judgement.stance is not Stance.DEBUNK else None,
    )


def _checked(link: ItemClaim) -> CheckedBefore:
    claim = link.claim
    return CheckedBefore(claim=claim.text, verdict=claim.verdict, publisher=claim.publisher, url=claim.url)
