"""The watch tick: from counts to alerts.

    rules -> one batch of series each -> readings -> decision -> one transaction per alert

A transaction holds the alert, its event, the items behind it and one delivery per receiver; sending is the deliver
tick's. Where nothing happened a tick only reads, and once an hour writes one small fact.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

import structlog

from alerts.announcement import RULE_GONE, closing_notice, deliveries, notice_of, title
from alerts.case import Case, alert_key, is_spike, spiked_at, window_of
from alerts.detect.base import Detector
from alerts.dossier import Archive
from alerts.policy import Decision, Silence, Speak, decide
from alerts.text import clean_line
from collector.model.alert import Alert, AlertEvent, AlertReason, AlertState, DeliveryState, Reading, Spike
from collector.model.bucket import Series, Subject
from collector.model.clock import HOUR, hour_of
from collector.model.errors import NotFound, SiagaError
from collector.model.phrase import Language, Phrase
from collector.model.rule import Rule
from collector.model.topic import Topic
from collector.store.base import Storage

log = structlog.get_logger("siaga.watch")

LAST_HOUR = "watch.last_hour"
ISSUES_AT_MOST = 200  # per topic, the last seen ones
ISSUE_TITLE = 90  # characters of an issue's title in a subject line
CATCH_UP_AT_MOST = 48  # hours looked at again after a pause
LOOK_BACK_AT_MOST = 14 * 24  # hours looked at for the calm since an open alert's last spike


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchResult:
    """How many alerts a tick opened, updated (told or not) and resolved; ``failed`` names rules that could not be
    watched."""

    opened: int = 0
    updated: int = 0
    resolved: int = 0
    failed: tuple[str, ...] = ()


class Watch:
    """``detectors`` by the name a rule's ``method`` gives; ``watched`` as in :class:`~alerts.dossier.Archive`.

    ``archive`` replaces the one over ``store``: a rehearsal must not quote what was not known yet.
    """

    def __init__(
        self,
        store: Storage,
        rules: Sequence[Rule],
        topics: Sequence[Topic],
        detectors: Mapping[str, Detector],
        *,
        zone: tzinfo,
        language: Language = "id",
        watched: Collection[str] | None = None,
        archive: Archive | None = None,
    ) -> None:
        self._store = store
        self._rules = tuple(rules)
        self._topic_names = {topic.id: topic.name for topic in topics}
        self._detectors = detectors
        self._language = language
        self._archive = archive or Archive(store, zone, watched)

    def tick(self, now: datetime) -> WatchResult:
        firing = {alert.key: alert for alert in self._store.alerts.firing()}
        catch_up = self._hours_to_catch_up(now)
        opened = updated = resolved = 0
        failed: list[str] = []
        for rule in self._rules:
            try:
                for case in self._cases(rule, firing, catch_up, now):
                    what = self._settle(case, self._decide(case, now), now)
                    opened += what == "opened"
                    updated += what == "updated"
                    resolved += what == "resolved"
            except SiagaError as error:  # the store refused: the other rules still have their turn
                log.error("rule_not_watched", rule=rule.name, error=str(error))
                failed.append(rule.name)
        resolved += self._close_orphans(firing, now)
        if not failed:
            self._remember_hour(now)
        return WatchResult(opened=opened, updated=updated, resolved=resolved, failed=tuple(failed))

    def spikes(self, now: datetime) -> tuple[Spike, ...]:
        """Every rule's spikes at this moment, whatever was told already; changes nothing."""
        cases = [case for rule in self._rules for case in self._cases(rule, {}, 1, now)]
        return tuple(case.spike(reading) for case in cases for reading in case.readings if is_spike(reading))

    # ------------------------------------------------------------ reading

    def _hours_to_catch_up(self, now: datetime) -> int:
        """The current hour and the one before it (it may have grown after our last look), more after a pause."""
        stored = self._store.meta(LAST_HOUR)
        if stored is None:
            return 2
        passed = int((hour_of(now) - datetime.fromisoformat(stored)) / HOUR)
        return min(CATCH_UP_AT_MOST, max(2, passed + 1))

    def _remember_hour(self, now: datetime) -> None:
        hour = hour_of(now).isoformat()
        if self._store.meta(LAST_HOUR) != hour:
            self._store.set_meta(LAST_HOUR, hour)

    def _cases(self, rule: Rule, firing: Mapping[str, Alert], catch_up: int, now: datetime) -> list[Case]:
        if not rule.topics:
            return []
        detector = self._detectors[rule.method]
        subjects = self._subjects(rule, firing, now)
        if not subjects:
            return []
        open_alerts = [firing.get(alert_key(rule, subject)) for subject in subjects]
        last = max([catch_up, *(_hours_since_spike(alert, now) for alert in open_alerts if alert)])
        batch = self._series(rule, subjects, detector.history(rule) + (last - 1) * HOUR, now)
        readings = detector.readings(batch, rule, last=last)
        return [
            Case(
                rule=rule,
                subject=series.subject,
                topic_name=self._topic_name(series.subject),
                detector=detector.name,
                detector_version=detector.version,
                readings=row,
                open_alert=alert,
            )
            for series, row, alert in zip(batch, readings, open_alerts, strict=True)
        ]

    def _series(self, rule: Rule, subjects: Sequence[Subject], back: timedelta, now: datetime) -> tuple[Series, ...]:
        return self._store.buckets.series(
            subjects, rule.measure, hour_of(now) - back, now, suspicion_at_least=rule.suspicion_at_least
        )

    def _subjects(self, rule: Rule, firing: Mapping[str, Alert], now: datetime) -> list[Subject]:
        """The rule's topics; or their issues that had an item in the window, and those whose alert is open."""
        if rule.per == "topic":
            return [Subject(kind="topic", id=topic_id) for topic_id in rule.topics]
        since = hour_of(now) - rule.window
        stirring = {
            Subject(kind="issue", id=str(issue.id))
            for topic_id in rule.topics
            for issue in self._store.issues.list(topic_id=topic_id, since=since, limit=ISSUES_AT_MOST)
        }
        alarmed = {alert.subject for alert in firing.values() if alert.rule == rule.name}
        return sorted(stirring | {subject for subject in alarmed if subject.kind == "issue"}, key=str)

    def _topic_name(self, subject: Subject) -> Phrase:
        if subject.kind == "issue":
            return self._issue_name(int(subject.id))
        return self._topic_names.get(subject.id, Phrase(id=subject.id, en=subject.id))

    def _issue_name(self, issue_id: int) -> Phrase:
        try:
            quoted = clean_line(self._store.issues.get(issue_id).title, ISSUE_TITLE)
        except NotFound:  # retention removed its last item
            return Phrase(id=f"isu {issue_id}", en=f"issue {issue_id}")
        return Phrase(id=f"isu yang dicurigai “{quoted}”", en=f"suspected issue “{quoted}”")

    def _decide(self, case: Case, now: datetime) -> Decision:
        may_open = case.open_alert is None and any(is_spike(reading) for reading in case.readings)
        resolved_at = self._store.alerts.last_resolved_at(case.key) if may_open else None
        return decide(
            open_alert=case.open_alert, readings=case.readings, rule=case.rule, now=now, last_resolved_at=resolved_at
        )

    # ------------------------------------------------------------ writing

    def _settle(self, case: Case, decision: Decision, now: datetime) -> str:
        """Store what was decided; says what became of the alert: opened, updated, resolved or nothing."""
        if isinstance(decision, Speak):
            self._speak(case, decision, now)
            return {AlertReason.FIRST: "opened", AlertReason.RESOLVED: "resolved"}.get(decision.reason, "updated")
        if case.open_alert is not None and self._note(case, case.open_alert, decision, now):
            return "updated"
        return ""

    def _note(self, case: Case, alert: Alert, silence: Silence, now: datetime) -> bool:
        """Keep the open alert's figures current without telling anybody; False where nothing changed."""
        reading = silence.reading
        if reading is None or reading.bucket_start < hour_of(alert.last_spike_at):
            return False
        same_hour = reading.bucket_start == hour_of(alert.last_spike_at)
        if same_hour and (reading.observed, reading.publishers) == (alert.count, alert.publishers):
            return False
        evidence = self._archive.item_ids(case.rule, case.subject, *window_of(case.rule, reading))
        self._store.alerts.save(_with_reading(alert, reading, now), evidence=evidence)
        return True

    def _speak(self, case: Case, speak: Speak, now: datetime) -> None:
        ends = speak.reason is AlertReason.RESOLVED
        dossier = self._archive.gather(
            case.rule, case.subject, *window_of(case.rule, speak.reading), now, told=case.open_alert
        )
        alert = self._alert(case, speak, now)
        notice = notice_of(case, alert, speak, dossier, now)
        receivers = self._told(alert) if ends else case.rule.receivers
        self._store.alerts.save(
            alert,
            (self._event(alert, speak.reason, speak.why, now),),
            deliveries(alert, notice, speak.reason, receivers),
            () if ends else dossier.item_ids,
        )
        log.info("alert", key=alert.key, reason=speak.reason.value, count=alert.count, publishers=alert.publishers)

    def _event(self, alert: Alert, reason: AlertReason, why: Phrase, now: datetime) -> AlertEvent:
        return AlertEvent(
            alert_id=alert.id, at=now, reason=reason, count=alert.count, text=why.in_language(self._language)
        )

    def _alert(self, case: Case, speak: Speak, now: datetime) -> Alert:
        reading = speak.reading
        if case.open_alert is None:
            return self._new_alert(case, reading, now)
        if speak.reason is AlertReason.RESOLVED:
            return replace(
                case.open_alert, state=AlertState.RESOLVED, resolved_at=now, updated_at=now, count=reading.observed
            )
        return replace(
            _with_reading(case.open_alert, reading, now),
            notified_at=now,
            notified_count=reading.observed,
            title=title(case, reading).in_language(self._language),
            summary=speak.why.in_language(self._language),
        )

    def _new_alert(self, case: Case, reading: Reading, now: datetime) -> Alert:
        return Alert(
            id=self._store.alerts.next_id(),
            key=case.key,
            rule=case.rule.name,
            subject=case.subject,
            measure=case.rule.measure,
            state=AlertState.FIRING,
            opened_at=now,
            last_spike_at=spiked_at(reading, now),
            updated_at=now,
            resolved_at=None,
            notified_at=now,
            notified_count=reading.observed,
            window=case.rule.window,
            count=reading.observed,
            peak=reading.observed,
            expected=reading.expected,
            limit=reading.limit,
            publishers=reading.publishers,
            detector=case.detector,
            detector_version=case.detector_version,
            title=title(case, reading).in_language(self._language),
            summary=reading.reason.in_language(self._language),
        )

    def _told(self, alert: Alert) -> tuple[str, ...]:
        """Those who heard of this alert, or soon will, as the outbox knows. Only they are told of its end."""
        heard = {
            delivery.receiver
            for delivery in self._store.outbox.list(alert_id=alert.id, limit=1000)
            if delivery.state is not DeliveryState.DEAD
        }
        return tuple(sorted(heard & {receiver for rule in self._rules for receiver in rule.receivers}))

    def _close_orphans(self, firing: Mapping[str, Alert], now: datetime) -> int:
        """An alert whose rule or topic is no longer configured cannot calm down by itself."""
        by_topic = [rule for rule in self._rules if rule.per == "topic"]
        known = {alert_key(rule, Subject(kind="topic", id=topic)) for rule in by_topic for topic in rule.topics}
        by_issue = {rule.name for rule in self._rules if rule.per == "issue"}
        orphans = [
            alert
            for key, alert in firing.items()
            if key not in known and not (alert.subject.kind == "issue" and alert.rule in by_issue)
        ]
        for alert in orphans:
            closed = replace(alert, state=AlertState.RESOLVED, resolved_at=now, updated_at=now)
            notice = closing_notice(closed, self._topic_name(alert.subject), now)
            self._store.alerts.save(
                closed,
                (self._event(closed, AlertReason.RESOLVED, RULE_GONE, now),),
                deliveries(closed, notice, AlertReason.RESOLVED, self._told(alert)),
            )
        return len(orphans)


def _with_reading(alert: Alert, reading: Reading, now: datetime) -> Alert:
    return replace(
        alert,
        last_spike_at=max(alert.last_spike_at, spiked_at(reading, now)),
        updated_at=now,
        count=reading.observed,
        peak=max(alert.peak, reading.observed),
        expected=reading.expected,
        limit=reading.limit,
        publishers=reading.publishers,
    )


def _hours_since_spike(alert: Alert, now: datetime) -> int:
    return min(LOOK_BACK_AT_MOST, int((hour_of(now) - hour_of(alert.last_spike_at)) / HOUR) + 1)
