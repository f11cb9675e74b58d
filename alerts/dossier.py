"""What stands behind an alert when it speaks: its items, the state of the sources, the days before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from alerts.case import counted_items, items_of
from alerts.evidence import Cluster, clusters, exhibit_of, leading_issue, since_last
from collector.model.alert import Alert, Exhibit, LeadingIssue, SinceLast
from collector.model.bucket import COVERED_FROM, Measure, Series, Subject
from collector.model.claim import CheckedClaim
from collector.model.clock import HOUR, hour_of
from collector.model.errors import NotFound
from collector.model.issue import Issue
from collector.model.rule import Rule
from collector.model.source import SourceState
from collector.store.base import JudgedItem, MentionFilter, Storage
from collector.store.claims import ItemClaim

MAX_EVIDENCE = 200
MAX_COUNTED = 1000  # items looked at for the leading issues
MAX_ISSUES = 5
MAX_EXHIBITS = 5
MAX_DEBUNKS = 3
DEBUNKS_REACH_BACK = timedelta(days=7)
DAYS_SHOWN = 14
BASELINE_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """How well the window was watched: sources read in it, all that are expected, names of those failing now."""

    polled: int
    total: int
    failing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """``item_ids``: the items counted, most suspicious first. ``issues``: the claims they carry, the leading one first.
    ``exhibits``: the first of the items, then recent debunks. ``baseline_days``: of the 14 days before the window, how
    many were watched for half of their hours."""

    item_ids: tuple[int, ...]
    exhibits: tuple[Exhibit, ...]
    daily_counts: tuple[int | None, ...]
    sources: SourceReport
    issues: tuple[LeadingIssue, ...] = ()
    since: SinceLast | None = None
    baseline_days: int | None = None


class Archive:
    """Gathers dossiers from the store. ``watched``: ids of the enabled sources (None: all
    that were ever polled, so that sources switched off do not count as unread). ``group`` is asked to group what waits,
    so that a message names claims and not their copies."""

    def __init__(
        self,
        store: Storage,
        zone: tzinfo,
        watched: Collection[str] | None = None,
        *,
        group: Callable[[datetime], object] | None = None,
    ) -> None:
        self._store = store
        self._zone = zone
        self._watched = None if watched is None else frozenset(watched)
        self._group = group

    def gather(
        self,
        rule: Rule,
        subject: Subject,
        start_at: datetime,
        end_at: datetime,
        now: datetime,
        *,
        told: Alert | None = None,
    ) -> Dossier:
        """For the window from ``start_at`` up to ``end_at``. ``told`` is the alert as its receivers last heard of it;
        None for a first message."""
        if self._group is not None:
            self._group(now)
        items = self._items(rule, subject, start_at, end_at, MAX_COUNTED)
        debunks = self._debunks(rule, subject, now)
        leading = clusters(items)[:MAX_ISSUES]
        claims = self._checked(_ids_shown(leading, items), [*items, *(one for each in leading for one in each.items)])
        shown = tuple(exhibit_of(item, claims.get(item.item.id, ())) for item in items[:MAX_EXHIBITS])
        daily_counts, baseline_days = self._days(rule, subject, start_at, now)
        return Dossier(
            item_ids=tuple(item.item.id for item in items[:MAX_EVIDENCE]),
            exhibits=shown + _not_among(shown, debunks),
            daily_counts=daily_counts,
            sources=self.source_report(start_at),
            issues=tuple(self._leading_issue(cluster, claims, debunks, told) for cluster in leading),
            since=None if told is None else self._since(rule, subject, items, told),
            baseline_days=baseline_days,
        )

    def _checked(self, item_ids: Sequence[int], items: Sequence[JudgedItem]) -> Mapping[int, Sequence[ItemClaim]]:
        """The checked claims of these items; where an item has none, the desk's own finding on its issue."""
        claims: dict[int, Sequence[ItemClaim]] = dict(self._store.claims.of_items(item_ids))
        wanted = {one.item.id: one for one in items if one.item.id in item_ids and one.item.id not in claims}
        issues = {one.item.issue_id for one in wanted.values() if one.item.issue_id is not None}
        findings = self._store.ledger.findings(sorted(issues)) if issues else {}
        for number, one in wanted.items():
            found = None if one.item.issue_id is None else findings.get(one.item.issue_id)
            if found is not None:
                claims[number] = (_found_by_the_desk(one, found),)
        return claims

    def item_ids(self, rule: Rule, subject: Subject, start_at: datetime, end_at: datetime) -> tuple[int, ...]:
        return tuple(item.item.id for item in self._items(rule, subject, start_at, end_at, MAX_EVIDENCE))

    def source_report(self, since: datetime) -> SourceReport:
        states = [state for state in self._store.sources.states() if self._is_watched(state)]
        return SourceReport(
            polled=sum(state.last_ok_at is not None and state.last_ok_at >= since for state in states),
            total=len(states),
            failing=tuple(sorted(state.source_id for state in states if state.failures)),
        )

    def _is_watched(self, state: SourceState) -> bool:
        return state.last_poll_at is not None if self._watched is None else state.source_id in self._watched

    def _items(
        self, rule: Rule, subject: Subject, start_at: datetime, end_at: datetime, limit: int
    ) -> tuple[JudgedItem, ...]:
        return self._store.items.list(counted_items(rule, subject, start_at, end_at, limit))

    def _debunks(self, rule: Rule, subject: Subject, now: datetime) -> tuple[JudgedItem, ...]:
        """Recent fact-checks of the topic, so that whoever reads of a claim finds the check beside it."""
        if rule.measure is Measure.DEBUNKS:
            return ()
        return self._store.items.list(
            replace(items_of(subject), since=now - DEBUNKS_REACH_BACK, measure=Measure.DEBUNKS, limit=MAX_DEBUNKS)
        )

    def _leading_issue(
        self,
        cluster: Cluster,
        claims: Mapping[int, Sequence[ItemClaim]],
        debunks: Sequence[JudgedItem],
        told: Alert | None,
    ) -> LeadingIssue:
        same = [item for item in debunks if cluster.issue_id is not None and item.item.issue_id == cluster.issue_id]
        issue = self._issue(cluster.issue_id)
        if not same and issue is not None and issue.debunks:
            same = list(self._debunks_of(issue))
        return leading_issue(cluster, issue, claims, same, None if told is None else told.notified_at)

    def _issue(self, number: int | None) -> Issue | None:
        if number is None:
            return None
        try:
            return self._store.issues.get(number)
        except NotFound:  # retention removed it between two reads
            return None

    def _debunks_of(self, issue: Issue) -> tuple[JudgedItem, ...]:
        return self._store.items.list(MentionFilter(issue_id=issue.id, measure=Measure.DEBUNKS, limit=1))

    def _since(self, rule: Rule, subject: Subject, items: Sequence[JudgedItem], told: Alert) -> SinceLast:
        begun = told.opened_at - rule.window
        earlier = self._items(rule, subject, begun, told.notified_at + timedelta(seconds=1), MAX_COUNTED)
        return since_last(items, earlier, told.notified_at, told.notified_count)

    def _days(
        self, rule: Rule, subject: Subject, start_at: datetime, now: datetime
    ) -> tuple[tuple[int | None, ...], int]:
        """Live counts of the last 14 days of the zone, today last; and how many of the 14 days before the window were
        watched."""
        today = now.astimezone(self._zone).date()
        first = datetime.combine(today - timedelta(days=DAYS_SHOWN - 1), time.min, tzinfo=self._zone)
        before = hour_of(start_at) - timedelta(days=BASELINE_DAYS)
        (series,) = self._store.buckets.series(
            (subject,), rule.measure, min(first, before), now, suspicion_at_least=rule.suspicion_at_least
        )
        return _by_day(series, self._zone, today), _days_watched(series, before)


def _found_by_the_desk(one: JudgedItem, claim: CheckedClaim) -> ItemClaim:
    return ItemClaim(
        item_id=one.item.id,
        claim=claim,
        confidence=1.0,
        stance=one.judgement.stance,
        differences=(),
        matched_at=one.item.seen_at,
    )


def _ids_shown(leading: Sequence[Cluster], items: Sequence[JudgedItem]) -> list[int]:
    of_issues = [item.item.id for cluster in leading for item in cluster.items]
    return list(dict.fromkeys([*of_issues, *(item.item.id for item in items[:MAX_EXHIBITS])]))


def _not_among(shown: Sequence[Exhibit], debunks: Sequence[JudgedItem]) -> tuple[Exhibit, ...]:
    there = {exhibit.item_id for exhibit in shown}
    return tuple(exhibit_of(item) for item in debunks if item.item.id not in there)


def _by_day(series: Series, zone: tzinfo, today: date) -> tuple[int | None, ...]:
    """None for a day of which no hour was watched and nothing was seen: that is not zero."""
    days = [0] * DAYS_SHOWN
    watched = [False] * DAYS_SHOWN
    for hour in range(len(series)):
        age = (today - series.start_of(hour).astimezone(zone).date()).days
        if 0 <= age < DAYS_SHOWN:
            days[DAYS_SHOWN - 1 - age] += series.count[hour] - series.backfill[hour]
            watched[DAYS_SHOWN - 1 - age] |= series.coverage[hour] >= COVERED_FROM
    return tuple(count if count or seen else None for count, seen in zip(days, watched, strict=True))


def _days_watched(series: Series, since: datetime) -> int:
    """Spans of 24 hours from ``since`` on, 14 of them, of which half of the hours were watched."""
    offset = int((since - series.start) / HOUR)
    hours = series.coverage[offset : offset + 24 * BASELINE_DAYS]
    watched = [sum(share >= COVERED_FROM for share in hours[day : day + 24]) for day in range(0, len(hours), 24)]
    return sum(count >= 12 for count in watched)
