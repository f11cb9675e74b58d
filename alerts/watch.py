"""The watch tick: from counts to alerts.

    rules -> one batch of series each -> readings -> decision -> one transaction per alert -> dispatch

A transaction holds the alert, its event, the items behind it and what each receiver is to be told; the dispatch lets
those leave whose time has come, the ones of one look together; sending is the deliver tick's. Where nothing happened
a tick only reads, and once an hour writes one small fact.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

import structlog

from alerts.announcement import RULE_GONE, closing_notice, notice_of, title
from alerts.case import Case, alert_key, is_spike, spiked_at, window_of
from alerts.detect.base import Detector
from alerts.dispatch import Dispatch
from alerts.dossier import Archive
from alerts.hush import Hushes
from alerts.policy import Decision, Nothing, Speak, Withhold, decide
from alerts.reader import Reader
from alerts.text import clean_line
from alerts.withholding import Receivers, for_good, waiting
from collector.model.alert import Alert, AlertEvent, AlertReason, AlertState, Reading, Spike
from collector.model.bucket import Subject
from collector.model.clock import HOUR, hour_of
from collector.model.errors import NotFound, SiagaError
from collector.model.level import level_of
from collector.model.phrase import Language, Phrase
from collector.model.plan import Plan
from collector.model.reaction import AckEnd, Acknowledgement
from collector.model.rule import Rule
from collector.model.topic import Topic
from collector.model.withheld import Withheld
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
    """``detectors`` by the name a rule's ``method`` gives; ``watched`` as in :class:`~alerts.dossier.Archive`;
    ``plans`` by receiver: when each wants to be told (who has none is told at once).

    ``group`` groups the items that wait for it, so that a message names claims.
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
        plans: Mapping[str, Plan] | None = None,
        group: Callable[[datetime], object] | None = None,
    ) -> None:
        self._store = store
        self._rules = tuple(rules)
        self._topic_names = {topic.id: topic.name for topic in topics}
        self._detectors = detectors
        self._reader = Reader(store, detectors)
        self._language = language
        self._archive = archive or Archive(store, zone, watched, group=group)
        self._receivers = Receivers(plans=plans or {}, zone=zone, language=language)
        self._dispatch = Dispatch(store, self._receivers)

    def tick(self, now: datetime) -> WatchResult:
        firing = {alert.key: alert for alert in self._store.alerts.firing()}
        acks = self._store.reactions.acknowledged() if firing else {}
        hushes = Hushes(self._store, now)
        catch_up = self._hours_to_catch_up(now)
        opened = updated = resolved = 0
        failed: list[str] = []
        for rule in self._rules:
            try:
                for case in self._cases(rule, firing, catch_up, now, acks):
                    what = self._settle(case, self._decide(case, hushes, now), now)
                    opened += what == "opened"
                    updated += what == "updated"
                    resolved += what == "resolved"
            except SiagaError as error:  # the store refused: the other rules still have their turn
                log.error("rule_not_watched", rule=rule.name, error=str(error))
                failed.append(rule.name)
        resolved += self._close_orphans(firing, now)
        if not failed:
            self._remember_hour(now)
        self._dispatch.tick(now)
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

    def _cases(
        self,
        rule: Rule,
        firing: Mapping[str, Alert],
        catch_up: int,
        now: datetime,
        acks: Mapping[int, Acknowledgement] | None = None,
    ) -> list[Case]:
        if not rule.topics:
            return []
        detector = self._detectors[rule.method]
        subjects = self._subjects(rule, firing, now)
        if not subjects:
            return []
        open_alerts = [firing.get(alert_key(rule, subject)) for subject in subjects]
        last = max([catch_up, *(_hours_since_spike(alert, now) for alert in open_alerts if alert)])
        readings = self._reader.readings(rule, subjects, now, last=last)
        return [
            Case(
                rule=rule,
                subject=subject,
                topic_name=self._topic_name(subject),
                detector=detector.name,
                detector_version=detector.version,
                readings=row,
                open_alert=alert,
                ack=acks.get(alert.id) if acks and alert else None,
            )
            for subject, row, alert in zip(subjects, readings, open_alerts, strict=True)
        ]

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

    def _decide(self, case: Case, hushes: Hushes, now: datetime) -> Decision:
        may_open = case.open_alert is None and any(is_spike(reading) for reading in case.readings)
        resolved_at = self._store.alerts.last_resolved_at(case.key) if may_open else None
        return decide(
            open_alert=case.open_alert,
            readings=case.readings,
            rule=case.rule,
            now=now,
            last_resolved_at=resolved_at,
            ack=case.ack,
            hush=lambda reading: hushes.of(case, reading),
        )

    # ------------------------------------------------------------ writing

    def _settle(self, case: Case, decision: Decision, now: datetime) -> str:
        """Store what was decided; says what became of the alert: opened, updated, resolved or nothing."""
        if isinstance(decision, Speak | Withhold):
            if not self._speak(case, decision, now):
                return ""
            opened = case.open_alert is None
            return "opened" if opened else "resolved" if decision.reason is AlertReason.RESOLVED else "updated"
        if case.open_alert is not None and self._note(case, case.open_alert, decision, now):
            return "updated"
        return ""

    def _note(self, case: Case, alert: Alert, nothing: Nothing, now: datetime) -> bool:
        """Keep the open alert's figures current without telling anybody; False where nothing changed."""
        reading = nothing.reading
        if reading is None or reading.bucket_start < hour_of(alert.last_spike_at):
            return False
        same_hour = reading.bucket_start == hour_of(alert.last_spike_at)
        if same_hour and (reading.observed, reading.publishers) == (alert.count, alert.publishers):
            return False
        evidence = self._archive.item_ids(case.rule, case.subject, *window_of(case.rule, reading))
        return self._save(case, _with_reading(alert, reading, now), evidence=evidence)

    def _speak(self, case: Case, speak: Speak | Withhold, now: datetime) -> bool:
        """Store the alert with what its receivers are told, or are not; False where another worker was faster."""
        ends = speak.reason is AlertReason.RESOLVED
        dossier = self._archive.gather(
            case.rule, case.subject, *window_of(case.rule, speak.reading), now, told=case.open_alert
        )
        if case.open_alert is None:
            alert = self._new_alert(case, speak, now)
        elif ends:
            alert = _ended(case.open_alert, speak, now)
        else:
            alert = self._gone_on(case, case.open_alert, speak, now)
        notice = notice_of(case, alert, speak, dossier, now)
        names = self._addressed(alert) if ends else case.rule.receivers
        if isinstance(speak, Withhold):
            rows = for_good(alert, notice, speak, names, self._receivers)
        else:
            rows = waiting(alert, notice, speak.reason, names, self._receivers)
        evidence = () if ends else dossier.item_ids
        saved = self._save(case, alert, self._event(alert, speak, now), evidence, rows, _ack_end(speak))
        if saved:
            log.info("alert", key=alert.key, reason=speak.reason.value, count=alert.count, publishers=alert.publishers)
        return saved

    def _save(
        self,
        case: Case,
        alert: Alert,
        event: AlertEvent | None = None,
        evidence: Sequence[int] = (),
        rows: Sequence[Withheld] = (),
        ack_end: AckEnd | None = None,
    ) -> bool:
        """One transaction; False, and nothing changed, where the alert is not any more as this tick found it."""
        events = () if event is None else (event,)
        with self._store.transaction(durable=True):
            if self._store.alerts.open(case.key) != case.open_alert:
                return False
            self._store.alerts.save(alert, events, (), evidence, rows)
            if case.ack is not None and ack_end is not None:
                self._store.reactions.end_acknowledgement(alert.id, ack_end, alert.updated_at)
        return True

    def _event(self, alert: Alert, speak: Speak | Withhold, now: datetime) -> AlertEvent:
        why = speak.why.in_language(self._language)
        held = speak if isinstance(speak, Withhold) else None
        return AlertEvent(
            alert_id=alert.id,
            at=now,
            reason=speak.reason,
            count=alert.count,
            text=why if held is None else f"{held.because.in_language(self._language)} ({why})",
            hold=None if held is None else held.hold,
        )

    def _new_alert(self, case: Case, speak: Speak | Withhold, now: datetime) -> Alert:
        reading, hushed = speak.reading, isinstance(speak, Withhold)
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
            notified_count=0 if hushed else reading.observed,
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
            level=level_of(reading.observed, reading.limit, reading.expected),
            hushed_at=now if hushed else None,
            hushed_count=reading.observed if hushed else 0,
        )

    def _gone_on(self, case: Case, alert: Alert, speak: Speak | Withhold, now: datetime) -> Alert:
        """It got worse or lasts: told, or kept back."""
        reading = speak.reading
        current = replace(
            _with_reading(alert, reading, now),
            title=title(case, reading).in_language(self._language),
            summary=speak.why.in_language(self._language),
        )
        if isinstance(speak, Withhold):
            return replace(current, hushed_at=now, hushed_count=reading.observed)
        return replace(
            current,
            notified_at=now,
            notified_count=reading.observed,
            repeats=alert.repeats + 1 if speak.reason is AlertReason.STILL else 0,
            hushed_at=None,
            hushed_count=0,
        )

    def _addressed(self, alert: Alert) -> tuple[str, ...]:
        """Those who were to be told of this alert. Who of them really was, the dispatch finds out."""
        configured = {receiver for rule in self._rules for receiver in rule.receivers}
        return tuple(name for name in self._store.withheld.addressed(alert.id) if name in configured)

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
            self._close(alert, now)
        return len(orphans)

    def _close(self, alert: Alert, now: datetime) -> None:
        closed = replace(alert, state=AlertState.RESOLVED, resolved_at=now, updated_at=now)
        notice = closing_notice(closed, self._topic_name(alert.subject), now)
        event = AlertEvent(
            alert_id=alert.id,
            at=now,
            reason=AlertReason.RESOLVED,
            count=alert.count,
            text=RULE_GONE.in_language(self._language),
        )
        rows = waiting(closed, notice, AlertReason.RESOLVED, self._addressed(alert), self._receivers)
        with self._store.transaction(durable=True):
            self._store.alerts.save(closed, (event,), (), (), rows)
            self._store.reactions.end_acknowledgement(alert.id, AckEnd.RESOLVED, now)


def _ended(alert: Alert, speak: Speak | Withhold, now: datetime) -> Alert:
    return replace(alert, state=AlertState.RESOLVED, resolved_at=now, updated_at=now, count=speak.reading.observed)


def _ack_end(speak: Speak | Withhold) -> AckEnd | None:
    """Why an acknowledgement is over with this, if it is. What nobody hears of does not end it."""
    if speak.reason is AlertReason.RESOLVED:
        return AckEnd.RESOLVED
    return AckEnd.WORSE if isinstance(speak, Speak) and speak.reason is AlertReason.WORSE else None


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
        level=level_of(reading.observed, reading.limit, reading.expected),
    )


def _hours_since_spike(alert: Alert, now: datetime) -> int:
    return min(LOOK_BACK_AT_MOST, int((hour_of(now) - hour_of(alert.last_spike_at)) / HOUR) + 1)
