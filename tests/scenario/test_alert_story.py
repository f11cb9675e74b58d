"""A whole story with a fixed clock: a rumour spreads, one alert, quiet, worse, still, resolved."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from newsroom import JUDOL, Newsroom
from series import rule

from alerts.detect.ratio import RatioDetector
from alerts.detect.threshold import ThresholdDetector
from alerts.notice import from_json
from alerts.watch import LAST_HOUR, Watch, WatchResult
from collector.model.alert import AlertReason, AlertState, NoticeType
from collector.model.bucket import Measure
from collector.model.clock import HOUR
from collector.model.errors import StoreError
from collector.model.item import Timing
from collector.model.judgement import Stance, Verdict
from collector.model.rule import Rule
from collector.store.memory import MemoryStore

RULE = rule(window=6, at_least=5, min_sources=2, receivers=("meja", "sistem"))
DETECTORS = {"threshold": ThresholdDetector(), "ratio": RatioDetector()}
MINUTE = timedelta(minutes=1)
KEY = "lonjakan/topic:judi_online"


class Watching:
    """A store, a newsroom and the watch on both."""

    def __init__(self, now: datetime, *rules: Rule) -> None:
        self.store = MemoryStore()
        self.newsroom = Newsroom(self.store, now)
        self.rules = rules or (RULE,)
        self.newsroom.watches(now)

    def tick(self, now: datetime) -> WatchResult:
        """A new Watch each time: nothing may be kept in memory. What it says arrives at once."""
        result = self.looks(now)
        for delivery in self.store.outbox.claim("w", now, HOUR, 100):
            self.store.outbox.sent(delivery.id, "w", now)
        return result

    def looks(self, now: datetime) -> WatchResult:
        """What it says waits in the outbox."""
        zone = ZoneInfo("Asia/Jakarta")
        return Watch(self.store, self.rules, (JUDOL,), DETECTORS, zone=zone, language="id").tick(now)

    def reasons(self, alert_id: int = 1) -> list[AlertReason]:
        return [event.reason for event in self.store.alerts.events(alert_id)]

    def told(self) -> list[tuple[str, str]]:
        """Receiver and reason of every message, oldest first."""
        return sorted((d.receiver, d.reason) for d in self.store.outbox.list(limit=1000))


@pytest.fixture
def watching(now: datetime) -> Watching:
    return Watching(now)


def test_a_rumour_from_its_first_spike_to_its_end(watching: Watching, now: datetime) -> None:
    assert watching.tick(now) == WatchResult()

    watching.newsroom.publishes(6, now)
    assert watching.tick(now + MINUTE).opened == 1
    assert watching.tick(now + 2 * MINUTE) == WatchResult()  # told already, nothing new

    watching.newsroom.publishes(2, now + HOUR)
    assert watching.tick(now + HOUR).updated == 1  # noted, nobody told
    assert watching.reasons() == [AlertReason.FIRST]

    watching.newsroom.publishes(4, now + 2 * HOUR)
    assert watching.tick(now + 2 * HOUR).updated == 1  # 12: worse
    assert watching.reasons() == [AlertReason.FIRST, AlertReason.WORSE]

    later = now + 2 * HOUR
    for _ in range(12):
        later += HOUR
        watching.newsroom.publishes(1, later)  # a trickle: one more for each that leaves the window
        watching.tick(later)
    assert watching.reasons()[-1] is AlertReason.STILL  # twelve hours after the last message

    after = watching.newsroom.is_quiet_for(25, later + HOUR)
    ticks = [watching.tick(later + i * HOUR) for i in range(1, 26)]
    assert sum(result.resolved for result in ticks) == 1
    assert watching.tick(after) == WatchResult()
    assert watching.reasons() == [AlertReason.FIRST, AlertReason.WORSE, AlertReason.STILL, AlertReason.RESOLVED]
    assert watching.told() == sorted(
        (receiver, reason.value) for receiver in ("meja", "sistem") for reason in watching.reasons()
    )


def test_the_alert_says_what_was_seen(watching: Watching, now: datetime) -> None:
    watching.newsroom.publishes(6, now)
    watching.tick(now)
    alert = watching.store.alerts.get(1)
    assert (alert.key, alert.state, alert.count, alert.peak, alert.publishers) == (KEY, AlertState.FIRING, 6, 6, 3)
    assert alert.title == "Judi online, 6 sebutan mencurigakan (batas 5), 3 sumber"
    assert alert.summary.startswith("6 sebutan mencurigakan dalam 6 jam dari 3 sumber berbeda")
    assert len(watching.store.alerts.evidence(1)) == 6


def test_the_notice_holds_all_the_message_will_say(watching: Watching, now: datetime) -> None:
    watching.newsroom.publishes(7, now)
    watching.newsroom.publishes(
        1, now, suspicion=0.0, stance=Stance.DEBUNK, verdict=Verdict.FALSE, title="[SALAH] judol"
    )
    watching.tick(now)
    notice = from_json(watching.store.outbox.list()[0].notice)
    assert (notice.type, notice.count, notice.sources_polled, notice.sources_total) == (NoticeType.FIRING, 7, 3, 3)
    assert [exhibit.stance for exhibit in notice.exhibits] == [Stance.SPREAD] * 5 + [Stance.DEBUNK]
    assert notice.daily_counts == (None,) * 13 + (7,)  # nothing was watched before
    assert notice.exhibits[0].reasons[0].id == "Tautan beserta janji"


def test_one_outlet_alone_raises_nothing(watching: Watching, now: datetime) -> None:
    watching.newsroom.publishes(30, now, outlets=["satu"])
    assert watching.tick(now) == WatchResult()


def test_an_old_archive_raises_nothing(watching: Watching, now: datetime) -> None:
    watching.newsroom.publishes(30, now, timing=Timing.BACKFILL)
    assert watching.tick(now) == WatchResult()


def test_debunks_are_counted_by_their_own_rule_only(now: datetime) -> None:
    debunks = replace(RULE, name="cek", measure=Measure.DEBUNKS, window=timedelta(days=7), at_least=3)
    watching = Watching(now, RULE, debunks)
    watching.newsroom.publishes(6, now, suspicion=0.0, stance=Stance.DEBUNK, verdict=Verdict.FALSE)
    assert watching.tick(now).opened == 1
    assert watching.store.alerts.firing()[0].key == "cek/topic:judi_online"


def test_an_outage_does_not_end_an_alert(watching: Watching, now: datetime) -> None:
    watching.newsroom.publishes(6, now)
    watching.tick(now)
    silence = now + timedelta(hours=40)  # nothing was read in between
    watching.newsroom.watches(silence)
    assert watching.tick(silence).resolved == 0
    assert watching.store.alerts.open(KEY) is not None
    calm = watching.newsroom.is_quiet_for(14, silence)
    assert watching.tick(calm).resolved == 1


def test_items_of_the_last_minute_of_an_hour_are_not_missed(now: datetime) -> None:
    watching = Watching(now, rule(window=1))
    watching.tick(now)
    just_before = now.replace(minute=59)
    watching.newsroom.publishes(6, just_before)
    assert watching.tick(just_before + 2 * MINUTE).opened == 1


def test_items_before_a_crash_are_looked_at_after_the_restart(now: datetime) -> None:
    watching = Watching(now, rule(window=1))
    watching.tick(now)
    watching.newsroom.publishes(6, now)  # stored, but the watch did not come to it
    assert watching.tick(now + 5 * HOUR).opened == 1


def test_a_long_finished_spike_is_not_raised_twice(now: datetime) -> None:
    watching = Watching(now, rule(window=1))
    watching.newsroom.publishes(6, now)
    watching.tick(now)
    end = watching.newsroom.is_quiet_for(4, now + HOUR)
    assert watching.tick(end).resolved == 1
    watching.store.set_meta(LAST_HOUR, now.isoformat())  # as after a pause: the old hours are read again
    assert watching.tick(end + MINUTE) == WatchResult()


def test_only_those_who_were_told_hear_of_the_end(watching: Watching, now: datetime) -> None:
    watching.newsroom.publishes(6, now)
    watching.looks(now)
    watching.rules = (replace(RULE, receivers=("meja", "sistem", "baru")),)
    (first, second) = watching.store.outbox.claim("w", now, HOUR, 2)
    watching.store.outbox.dead(first.id, "w", "gone")
    watching.store.outbox.sent(second.id, "w", now)
    watching.tick(watching.newsroom.is_quiet_for(20, now + HOUR))
    told = {receiver for receiver, reason in watching.told() if reason == "resolved"}
    assert told == {"meja", "sistem"} - {first.receiver}


def test_a_removed_rule_closes_its_alert(watching: Watching, now: datetime) -> None:
    watching.newsroom.publishes(6, now)
    watching.tick(now)
    watching.rules = (replace(RULE, name="lain", at_least=100),)
    assert watching.tick(now + MINUTE).resolved == 1
    assert watching.store.alerts.firing() == ()
    assert "tidak lagi ada" in watching.store.alerts.events(1)[-1].text
    assert ("meja", "resolved") in watching.told()


def test_alert_event_and_messages_are_stored_together_or_not_at_all(
    watching: Watching, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    watching.newsroom.publishes(6, now)

    def full(*_: object, **__: object) -> None:
        raise StoreError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(watching.store.alerts, "save", full)
        assert watching.tick(now).failed == ("lonjakan",)
    assert watching.store.outbox.list() == ()
    assert watching.tick(now + MINUTE).opened == 1


def test_a_quiet_tick_writes_once_an_hour(watching: Watching, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[str] = []
    real = watching.store.set_meta
    monkeypatch.setattr(watching.store, "set_meta", lambda key, value: (writes.append(key), real(key, value)))
    for minute in range(5):
        watching.tick(now + minute * MINUTE)
    assert writes == [LAST_HOUR]


def test_a_ratio_rule_waits_for_history_and_then_speaks(now: datetime) -> None:
    watching = Watching(now - timedelta(days=9), rule(method="ratio", window=1))
    for day in range(9, 0, -1):
        watching.newsroom.publishes(2, now - timedelta(days=day))
        watching.newsroom.publishes(9, now - timedelta(days=day) + HOUR)
        assert watching.tick(now - timedelta(days=day)) == WatchResult()
    watching.newsroom.publishes(9, now)
    watching.tick(now)
    (alert,) = watching.store.alerts.list()
    assert (alert.expected, alert.count) == (2.0, 9)
    assert "biasa 2" in alert.title


def test_replaying_the_same_week_gives_the_same_alerts(now: datetime) -> None:
    def week() -> list[tuple[str, datetime, int]]:
        watching = Watching(now)
        for hour in range(72):
            at = now + hour * HOUR
            watching.newsroom.watches(at)
            watching.newsroom.publishes((hour * 7) % 5 if 10 < hour < 30 else 0, at)
            watching.tick(at)
        alerts = watching.store.alerts.list()
        return [(e.reason.value, e.at, e.count) for alert in alerts for e in watching.store.alerts.events(alert.id)]

    first = week()
    assert first[0][0] == "first"
    assert first == week()
