"""A desk that reacts: has an alert in hand, silences a topic, a rule, an issue's topic or a loud source."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import JUDOL, Newsroom
from series import rule

from alerts.detect.threshold import ThresholdDetector
from alerts.notice import from_json
from alerts.watch import Watch, WatchResult
from collector.model.alert import AlertReason, AlertState
from collector.model.clock import HOUR
from collector.model.plan import Plan, QuietHours
from collector.model.reaction import AckEnd, Acknowledgement, Silence, SilenceKind
from collector.model.rule import Rule
from collector.model.withheld import Hold
from collector.store.base import Storage
from collector.store.memory import MemoryStore
from collector.store.sqlite import SqliteStore

RULE = rule(window=6, at_least=5, min_sources=2, receivers=("meja", "sistem"))
MINUTE = timedelta(minutes=1)


class Desk:
    """A store, a newsroom, the watch on both and receivers that take everything unless they are down."""

    def __init__(self, now: datetime, *rules: Rule, store: Storage | None = None, **plans: Plan) -> None:
        self.store = store or MemoryStore()
        self.newsroom = Newsroom(self.store, now)
        self.rules = rules or (RULE,)
        self.plans = plans
        self.newsroom.watches(now)

    def tick(self, now: datetime, *, takes: bool = True) -> WatchResult:
        result = self.watch().tick(now)
        for delivery in self.store.outbox.claim("w", now, MINUTE, 100) if takes else ():
            self.store.outbox.sent(delivery.id, "w", now)
        return result

    def watch(self) -> Watch:
        detectors, zone = {"threshold": ThresholdDetector()}, ZoneInfo("Asia/Jakarta")
        return Watch(self.store, self.rules, (JUDOL,), detectors, zone=zone, plans=self.plans)

    def acks(self, now: datetime, count: int) -> None:
        self.store.reactions.acknowledge(
            Acknowledgement(id=0, alert_id=1, made_by="Rina", note="", made_at=now, count=count)
        )

    def silences(self, kind: SilenceKind, target: str, now: datetime, lasts: timedelta = 3 * HOUR) -> Silence:
        wanted = Silence(
            id=0, kind=kind, target=target, comment="uji", made_by="Rina", made_at=now, ends_at=now + lasts
        )
        return self.store.reactions.silence(wanted)

    def goes_on(self, now: datetime, hours: int, each: int = 1) -> datetime:
        """So many an hour, a look every hour."""
        for _ in range(hours):
            now += HOUR
            self.newsroom.publishes(each, now)
            self.tick(now)
        return now

    def calms_down(self, now: datetime, hours: int = 24) -> datetime:
        """Nothing comes in, a look every hour."""
        for _ in range(hours):
            now += HOUR
            self.newsroom.watches(now)
            self.tick(now)
        return now

    def reasons(self, alert_id: int = 1) -> list[str]:
        """Of its events; with the hold of those that nobody was told of."""
        events = self.store.alerts.events(alert_id)
        return [event.reason.value + (f" {event.hold.value}" if event.hold else "") for event in events]

    def told(self, receiver: str = "meja") -> list[str]:
        found = [d for d in reversed(self.store.outbox.list(limit=1000)) if d.receiver == receiver]
        return [d.reason for d in found]


@pytest.fixture
def desk(now: datetime) -> Desk:
    return Desk(now)


def fires(desk: Desk, now: datetime, count: int = 6) -> None:
    desk.newsroom.publishes(count, now)
    desk.tick(now)


# ---------------------------------------------------------------- repeats


def test_while_nobody_reacts_repeats_come_ever_more_rarely(now: datetime) -> None:
    desk = Desk(now, rule(window=6, at_least=5, repeat_interval=timedelta(hours=2)))
    fires(desk, now)
    desk.goes_on(now, 31)
    moments = [(event.at - now) / HOUR for event in desk.store.alerts.events(1)]
    assert moments == [0, 2, 6, 14, 30]


def test_getting_worse_begins_the_pauses_anew(now: datetime) -> None:
    desk = Desk(now, rule(window=6, at_least=5, repeat_interval=timedelta(hours=2)))
    fires(desk, now)
    later = desk.goes_on(now, 7)
    desk.newsroom.publishes(20, later)
    desk.tick(later)
    assert desk.store.alerts.get(1).repeats == 0
    assert desk.reasons() == ["first", "still", "still", "worse"]


# ---------------------------------------------------------------- in hand


def test_in_hand_is_quiet_until_it_gets_worse_and_then_speaks_again(now: datetime) -> None:
    desk = Desk(now, replace(RULE, window=HOUR))
    fires(desk, now)
    desk.acks(now, 6)
    later = desk.goes_on(now, 13, each=6)
    assert desk.reasons() == ["first", "still acknowledged"]
    assert desk.told() == ["first"]
    assert [row.hold for row in desk.store.withheld.suppressed(later)] == [Hold.ACKNOWLEDGED] * 2
    desk.newsroom.publishes(20, later)
    desk.tick(later)
    assert desk.told() == ["first", "worse"]
    assert [ack.ended_because for ack in desk.store.reactions.acknowledgements(1)] == [AckEnd.WORSE]
    assert desk.store.withheld.suppressed(later) == ()


def test_the_end_of_what_is_in_hand_is_told(desk: Desk, now: datetime) -> None:
    fires(desk, now)
    desk.acks(now, 6)
    desk.calms_down(now)
    assert desk.told() == ["first", "resolved"]
    assert [ack.ended_because for ack in desk.store.reactions.acknowledgements(1)] == [AckEnd.RESOLVED]


# ---------------------------------------------------------------- silences


@pytest.mark.parametrize(("kind", "target"), [(SilenceKind.TOPIC, "judi_online"), (SilenceKind.RULE, "lonjakan")])
def test_a_silence_keeps_back_the_first_message_and_tells_it_when_it_is_over(
    desk: Desk, now: datetime, kind: SilenceKind, target: str
) -> None:
    desk.silences(kind, target, now)
    fires(desk, now)
    assert desk.reasons() == ["first silenced"]
    assert desk.told() == []
    assert not desk.store.alerts.get(1).was_told
    (row, _) = desk.store.withheld.suppressed(now)
    assert (row.hold, row.until_at) == (Hold.SILENCED, now + 3 * HOUR)
    desk.goes_on(now, 3)
    assert desk.reasons() == ["first silenced", "first"]
    assert desk.told() == ["first"]


def test_what_ended_under_a_silence_was_never_told(desk: Desk, now: datetime) -> None:
    desk.silences(SilenceKind.TOPIC, "judi_online", now, timedelta(days=3))
    fires(desk, now)
    desk.calms_down(now)
    assert desk.store.alerts.get(1).state is AlertState.RESOLVED
    assert desk.told() == []


def test_an_end_under_a_silence_is_kept_back_with_its_reason(desk: Desk, now: datetime) -> None:
    fires(desk, now)
    desk.silences(SilenceKind.TOPIC, "judi_online", now, timedelta(days=3))
    desk.calms_down(now)
    assert desk.reasons() == ["first", "resolved silenced"]
    assert desk.told() == ["first"]


def test_a_silence_of_something_else_changes_nothing(desk: Desk, now: datetime) -> None:
    desk.silences(SilenceKind.TOPIC, "bansos", now)
    desk.silences(SilenceKind.RULE, "lain", now)
    desk.silences(SilenceKind.ISSUE, "judi_online", now)
    fires(desk, now)
    assert desk.told() == ["first"]


def test_an_expired_silence_keeps_nothing_back(desk: Desk, now: datetime) -> None:
    made = desk.silences(SilenceKind.TOPIC, "judi_online", now)
    desk.store.reactions.expire(made.id, "Budi", now + MINUTE)
    fires(desk, now + 2 * MINUTE)
    assert desk.told() == ["first"]


@pytest.mark.parametrize("target", ["satu", "satu.example"])
def test_what_one_silenced_source_alone_makes_an_alert_is_silent(desk: Desk, now: datetime, target: str) -> None:
    desk.silences(SilenceKind.SOURCE, target, now)
    desk.newsroom.publishes(20, now, outlets=["satu"])
    desk.newsroom.publishes(2, now, outlets=["dua", "tiga"])
    desk.tick(now)
    assert desk.reasons() == ["first silenced"]


def test_what_would_be_an_alert_without_the_source_is_told(desk: Desk, now: datetime) -> None:
    desk.silences(SilenceKind.SOURCE, "satu", now)
    desk.newsroom.publishes(20, now, outlets=["satu"])
    desk.newsroom.publishes(6, now, outlets=["dua", "tiga"])
    desk.tick(now)
    assert desk.told() == ["first"]


def test_what_leaves_too_few_publishers_is_silent(desk: Desk, now: datetime) -> None:
    desk.silences(SilenceKind.SOURCE, "satu", now)
    desk.newsroom.publishes(1, now, outlets=["satu"])
    desk.newsroom.publishes(6, now, outlets=["dua"])
    desk.tick(now)
    assert desk.reasons() == ["first silenced"]


def test_the_end_of_an_alert_has_no_source_to_be_silenced_by(desk: Desk, now: datetime) -> None:
    fires(desk, now)
    desk.silences(SilenceKind.SOURCE, "satu", now, timedelta(days=3))
    desk.calms_down(now)
    assert desk.told() == ["first", "resolved"]


# ---------------------------------------------------------------- two watchers


def test_two_watchers_at_one_moment_tell_a_change_once(now: datetime, tmp_path: Path) -> None:
    """A `siaga once` beside the daemon: both saw the alert as it was; the slower one's decision is dropped."""
    with SqliteStore(tmp_path / "siaga.db") as store:
        desk = Desk(now, store=store)
        fires(desk, now)
        desk.newsroom.publishes(20, now + MINUTE)
        slower, faster = desk.watch(), desk.watch()
        gather = slower._archive.gather

        def after_the_faster_one(*args: object, **named: object) -> object:
            faster.tick(now + MINUTE)
            return gather(*args, **named)  # type: ignore[arg-type]

        slower._archive.gather = after_the_faster_one  # type: ignore[method-assign,assignment]
        assert slower.tick(now + 2 * MINUTE).updated == 0
        assert desk.reasons() == ["first", "worse"]
        assert desk.told() == ["first", "worse"]


# ---------------------------------------------------------------- a week


PLANS = {
    "meja": Plan(),
    "redaksi": Plan(mode="digest", digest_at=(time(7), time(15))),
    "malam": Plan(quiet_hours=QuietHours(start=time(22), end=time(6)), urgent_from=None),
}


def a_week(now: datetime, store: Storage) -> Desk:
    """A rumour rises on the second day, is acknowledged, gets worse at night, is silenced, calms down; another comes
    on the fifth. Everything is built anew at every look, as after a restart."""
    desk = Desk(now, replace(RULE, receivers=tuple(PLANS)), store=store, **PLANS)
    counts = {30: 6, 33: 2, 36: 1, 39: 6, 42: 3, 45: 30, 48: 5, 100: 12}
    for hour in range(7 * 24):
        at = now + hour * HOUR
        desk.newsroom.watches(at)
        desk.newsroom.publishes(counts.get(hour, 0), at)
        if hour == 31:
            desk.acks(at, 6)
        if hour == 46:
            desk.silences(SilenceKind.TOPIC, "judi_online", at, 30 * HOUR)
        desk.tick(at, takes=hour % 5 != 0)  # the mail server is down now and then
    return desk


@pytest.fixture
def week(empty: Storage, now: datetime) -> Desk:
    return a_week(now, empty)


def test_a_week_of_one_desk(week: Desk, now: datetime) -> None:
    assert week.reasons(1) == ["first", "still acknowledged", "worse", "resolved silenced"]
    assert week.reasons(2) == ["first", "resolved"]
    assert week.told("meja") == ["first", "worse", "first", "resolved"]
    assert [ack.ended_because for ack in week.store.reactions.acknowledgements(1)] == [AckEnd.WORSE]
    digests = [d for d in week.store.outbox.list(limit=1000) if d.receiver == "redaksi"]
    clocks = [d.created_at.astimezone(ZoneInfo("Asia/Jakarta")).strftime("%d %H") for d in reversed(digests)]
    assert all(clock.endswith((" 07", " 15")) for clock in clocks)
    assert len(clocks) == len(set(clocks))
    nights = [d for d in week.store.outbox.list(limit=1000) if d.receiver == "malam"]
    assert all(6 <= d.created_at.astimezone(ZoneInfo("Asia/Jakarta")).hour < 22 for d in nights)


def test_in_a_week_nothing_is_lost_and_nothing_told_twice(week: Desk) -> None:
    assert week.store.withheld.waiting() == ()
    for alert in week.store.alerts.list():
        said = [event for event in week.store.alerts.events(alert.id) if event.hold is None]
        rows = [row for row in week.store.withheld.of_alert(alert.id) if row.delivery_id is not None]
        assert {(row.receiver, row.reason) for row in rows} == {(name, e.reason.value) for name in PLANS for e in said}
        assert len(rows) == len(said) * len(PLANS)
    carried = [row.delivery_id for alert in (1, 2) for row in week.store.withheld.of_alert(alert) if row.delivery_id]
    assert set(carried) == {delivery.id for delivery in week.store.outbox.list(limit=1000)}
    ended = [from_json(d.notice) for d in week.store.outbox.list(limit=1000) if d.reason == AlertReason.RESOLVED.value]
    assert all(notice.alert_id == 2 for notice in ended)


# ---------------------------------------------------------------- whatever happens

hours = st.lists(
    st.tuples(
        st.sampled_from([0, 0, 0, 1, 6, 6, 12, 40]),
        st.sampled_from(["", "", "", "ack", "silence", "expire", "down"]),
    ),
    min_size=5,
    max_size=40,
)


def lives(story: list[tuple[int, str]]) -> tuple[Desk, list[tuple[datetime, datetime]]]:
    """Hour by hour so many items, and what people do; with the spans of the silences."""
    at = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
    desk, spans = Desk(at, replace(RULE, window=HOUR, repeat_interval=3 * HOUR)), []
    for count, deed in story:
        at += HOUR
        firing = desk.store.alerts.firing()
        if deed == "ack" and firing:
            (alert,) = firing
            seen = Acknowledgement(id=0, alert_id=alert.id, made_by="Rina", note="", made_at=at, count=alert.count)
            desk.store.reactions.acknowledge(seen)
        if deed == "silence":
            desk.silences(SilenceKind.TOPIC, "judi_online", at, 4 * HOUR)
            spans.append((at, at + 4 * HOUR))
        if deed == "expire":
            for silence in desk.store.reactions.silences(holding_at=at):
                desk.store.reactions.expire(silence.id, "Rina", at)
            spans = [(start, min(end, at)) for start, end in spans]
        desk.newsroom.watches(at)
        desk.newsroom.publishes(count, at)
        desk.tick(at, takes=deed != "down")
    return desk, spans


def test_what_was_taken_in_hand_under_a_silence_is_new_to_the_receivers_when_it_gets_worse() -> None:
    desk, _ = lives([(0, "silence"), (6, ""), (0, ""), (0, "ack"), (12, "")])
    (alert,) = desk.store.alerts.list()
    told = [event.reason for event in desk.store.alerts.events(alert.id) if event.hold is None]
    assert told == [AlertReason.FIRST]


@settings(max_examples=25, deadline=None)
@given(hours)
def test_whatever_people_do_no_message_comes_out_of_order_or_into_a_silence(story: list[tuple[int, str]]) -> None:
    desk, spans = lives(story)
    for alert in desk.store.alerts.list():
        events = desk.store.alerts.events(alert.id)
        told = [event for event in events if event.hold is None]
        reasons = [event.reason for event in told]
        if reasons and reasons != [AlertReason.RESOLVED]:
            assert reasons[0] is AlertReason.FIRST
        assert reasons.count(AlertReason.FIRST) <= 1
        assert all(reason is not AlertReason.RESOLVED for reason in reasons[:-1])
        assert not any(start <= event.at < end for event in told for start, end in spans)
        for ack in desk.store.reactions.acknowledgements(alert.id):
            ended = ack.ended_at or datetime.max.replace(tzinfo=UTC)
            assert not any(ack.made_at <= e.at < ended and e.reason is AlertReason.STILL for e in told)


@settings(max_examples=25, deadline=None)
@given(hours)
def test_whatever_people_do_an_end_is_sent_to_those_only_who_got_a_beginning(story: list[tuple[int, str]]) -> None:
    desk, _ = lives(story)
    for alert in desk.store.alerts.list():
        sent = [d for d in reversed(desk.store.outbox.list(alert_id=alert.id, limit=1000)) if d.receiver == "meja"]
        reasons = [delivery.reason for delivery in sent]
        assert "resolved" not in reasons[:1]
        assert reasons.count("resolved") <= 1
        assert len(set(reasons) & {"first"}) == len([reason for reason in reasons if reason == "first"])
