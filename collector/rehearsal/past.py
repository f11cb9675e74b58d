"""A store as it stood at a simulated hour: what was seen later is not there yet. Alerts live in memory only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import cast

from alerts.case import alert_key
from alerts.dossier import Archive, Dossier, SourceReport
from collector.model.alert import Alert, AlertEvent, Delivery
from collector.model.bucket import Measure, Series, Subject
from collector.model.claim import CheckedClaim
from collector.model.clock import HOUR, hour_of
from collector.model.issue import Issue
from collector.model.reaction import AckEnd, Acknowledgement, Silence
from collector.model.rule import Rule
from collector.model.withheld import Withheld
from collector.rehearsal.history import History, Span
from collector.store.base import Issues, Items, JudgedItem, MentionFilter, Storage
from collector.store.claims import Claims, ItemClaim
from collector.store.ledger import Ledger

LONGEST_WINDOW = timedelta(days=62)  # of a rule; issues last seen before are none of its business
NO_LIMIT = 1_000_000


class PastItems:
    def __init__(self, items: Items, until: datetime) -> None:
        self._items = items
        self.until = until

    def list(self, wanted: MentionFilter) -> tuple[JudgedItem, ...]:
        until = self.until if wanted.until is None else min(wanted.until, self.until)
        return self._items.list(replace(wanted, until=until))


class PastClaims:
    def __init__(self, claims: Claims, until: datetime) -> None:
        self._claims = claims
        self.until = until

    def of_items(self, item_ids: Sequence[int]) -> Mapping[int, tuple[ItemClaim, ...]]:
        """Without checks that were published later."""
        found = self._claims.of_items(item_ids)
        return {item_id: tuple(filter(self._is_known, links)) for item_id, links in found.items()}

    def _is_known(self, link: ItemClaim) -> bool:
        checked_at = link.claim.checked_at
        return checked_at is None or checked_at <= self.until


class PastIssues:
    """Issues that were there already. Their titles are today's."""

    def __init__(self, issues: Issues, span: Span) -> None:
        self._issues = issues
        self._span = span
        self._of_topic: dict[str | None, tuple[Issue, ...]] = {}
        self.until = span.start

    def get(self, issue_id: int) -> Issue:
        return self._issues.get(issue_id)

    def list(self, *, topic_id: str | None = None, since: datetime, limit: int = 100) -> tuple[Issue, ...]:
        """Those seen since then and opened by now, the last opened first. Some may have been silent since ``since``
        until now: they count nothing, so no rule speaks of them."""
        if topic_id not in self._of_topic:
            asked = self._issues.list(topic_id=topic_id, since=self._span.start - LONGEST_WINDOW, limit=NO_LIMIT)
            self._of_topic[topic_id] = tuple(sorted(asked, key=lambda issue: issue.opened_at, reverse=True))
        known = [i for i in self._of_topic[topic_id] if i.opened_at <= self.until and i.last_seen_at >= since]
        return tuple(known[:limit])


class PastBuckets:
    """An hour is known whole once its last second has come: that is when a rehearsal looks."""

    def __init__(self, history: History) -> None:
        self._history = history
        self.until = history.span.start

    def series(
        self,
        subjects: Sequence[Subject],
        measure: Measure,
        since: datetime,
        until: datetime,
        *,
        suspicion_at_least: float = 0.5,
    ) -> tuple[Series, ...]:
        return self._history.series(subjects, measure, since, min(until, self.until), suspicion_at_least)

    def marks(
        self,
        subjects: Sequence[Subject],
        measure: Measure,
        since: datetime,
        until: datetime,
        *,
        suspicion_at_least: float = 0.5,
    ) -> tuple[int, ...] | None:
        """The past does not change any more."""
        return (0,) * len(subjects)


class PastAlerts:
    """Alerts, events and messages of one rehearsal: plain lists, because a year asks for them ten thousand times."""

    def __init__(self) -> None:
        self._alerts: dict[int, Alert] = {}
        self._events: dict[int, list[AlertEvent]] = {}
        self._firing: dict[str, Alert] = {}
        self._resolved_at: dict[str, datetime] = {}
        self.said: dict[int, list[Withheld]] = {}

    def firing(self) -> tuple[Alert, ...]:
        return tuple(self._firing.values())

    def open(self, key: str) -> Alert | None:
        return self._firing.get(key)

    def is_open(self, key: str) -> bool:
        return key in self._firing

    def all(self) -> tuple[Alert, ...]:
        return tuple(self._alerts.values())

    def last_resolved_at(self, key: str) -> datetime | None:
        return self._resolved_at.get(key)

    def next_id(self) -> int:
        return len(self._alerts) + 1

    def save(
        self,
        alert: Alert,
        events: Sequence[AlertEvent] = (),
        deliveries: Sequence[Delivery] = (),
        evidence: Sequence[int] = (),
        withheld: Sequence[Withheld] = (),
    ) -> None:
        self._alerts[alert.id] = alert
        self._events.setdefault(alert.id, []).extend(events)
        self.said.setdefault(alert.id, []).extend(withheld)
        if alert.resolved_at is None:
            self._firing[alert.key] = alert
        else:
            self._firing.pop(alert.key, None)
            self._resolved_at[alert.key] = alert.resolved_at

    def events(self, alert_id: int) -> tuple[AlertEvent, ...]:
        return tuple(self._events.get(alert_id, ()))


class PastWithheld:
    """What would have been said. Nothing waits: a rehearsal shows each message when it was decided."""

    def __init__(self, alerts: PastAlerts) -> None:
        self._alerts = alerts

    def waiting(self) -> tuple[Withheld, ...]:
        return ()

    def addressed(self, alert_id: int) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.receiver for row in self._alerts.said.get(alert_id, ())))


class PastReactions:
    """Nobody reacts to a rehearsal: silences and acknowledgements of today are not those of then."""

    def acknowledged(self) -> Mapping[int, Acknowledgement]:
        return {}

    def silences(self, *, holding_at: datetime) -> tuple[Silence, ...]:
        return ()

    def end_acknowledgement(self, alert_id: int, because: AckEnd, now: datetime) -> bool:
        return False


class PastLedger:
    """Verdicts of the desk that had been given by then."""

    def __init__(self, ledger: Ledger, since: datetime) -> None:
        self._ledger = ledger
        self.until = since

    def findings(self, issue_ids: Sequence[int]) -> Mapping[int, CheckedClaim]:
        found = self._ledger.findings(issue_ids)
        return {
            issue_id: claim
            for issue_id, claim in found.items()
            if claim.checked_at is not None and claim.checked_at <= self.until
        }


class Past:
    """What a watch asks of a store, and no more: it reads items and buckets, and keeps its alerts here."""

    def __init__(self, history: History) -> None:
        self.alerts = PastAlerts()
        self.withheld = PastWithheld(self.alerts)
        self.reactions = PastReactions()
        self.items = PastItems(history.store.items, history.span.start)
        self.claims = PastClaims(history.store.claims, history.span.start)
        self.issues = PastIssues(history.store.issues, history.span)
        self.ledger = PastLedger(history.store.ledger, history.span.start)
        self.buckets = PastBuckets(history)
        self._facts: dict[str, str] = {}

    def stand_at(self, now: datetime) -> None:
        """Move to this moment: an item seen later, even within the second, is not known."""
        self.items.until = self.claims.until = self.issues.until = self.ledger.until = self.buckets.until = now

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[None]:
        """Of one: nobody else writes here."""
        yield

    def meta(self, key: str) -> str | None:
        return self._facts.get(key)

    def set_meta(self, key: str, value: str) -> None:
        self._facts[key] = value

    def as_store(self) -> Storage:
        """For the watch, which asks for a whole store and uses the rooms above."""
        return cast("Storage", self)


_NOTHING_QUOTED = Dossier(
    item_ids=(), exhibits=(), daily_counts=(), sources=SourceReport(polled=0, total=0, failing=())
)


class PastArchive(Archive):
    """Dossiers of the past. How sources stood then is read from the coverage: their state is only known for today.

    Unless ``every_message`` is wanted whole, only an alert's first one quotes items: gathering takes longer than all
    the rest, and the later ones are not shown.
    """

    def __init__(self, past: Past, history: History, zone: tzinfo, *, every_message: bool) -> None:
        super().__init__(past.as_store(), zone)
        self._past = past
        self._history = history
        self._every_message = every_message

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
        if self._every_message or not self._past.alerts.is_open(alert_key(rule, subject)):
            return super().gather(rule, subject, start_at, end_at, now, told=told)
        return _NOTHING_QUOTED

    def item_ids(self, rule: Rule, subject: Subject, start_at: datetime, end_at: datetime) -> tuple[int, ...]:
        """None: they only keep an open alert's evidence current, and asking every hour would take the longest part."""
        return ()

    def source_report(self, since: datetime) -> SourceReport:
        until = hour_of(self._past.buckets.until) + HOUR
        hours = self._history.store.sources.coverage(hour_of(since), until)
        return SourceReport(
            polled=max((covered for covered, _ in hours), default=0),
            total=max((expected for _, expected in hours), default=0),
            failing=(),
        )
