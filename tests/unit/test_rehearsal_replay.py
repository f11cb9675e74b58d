"""A rehearsal decides as the daemon would have, knows nothing of later hours, and leaves everything as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from newsroom import JUDOL, Newsroom

from alerts.detect.base import Detector
from alerts.detect.ratio import RatioDetector
from alerts.detect.threshold import ThresholdDetector
from alerts.watch import Watch
from collector.model.alert import AlertReason
from collector.model.bucket import Measure, Subject
from collector.model.clock import HOUR
from collector.model.item import Timing
from collector.model.judgement import Stance
from collector.model.rule import Rule
from collector.registry import DETECTORS as BUILT_IN
from collector.registry import implementation
from collector.rehearsal.episode import Timeline
from collector.rehearsal.foresight import Foresight
from collector.rehearsal.history import Span, known_span
from collector.rehearsal.replay import Configuration, history_of, replay
from collector.store.base import Storage
from collector.store.sqlite.store import SqliteStore

START = datetime(2026, 3, 1, tzinfo=UTC)
SPAN = Span(start=START, end=START + timedelta(days=40))
DETECTORS: dict[str, Callable[[], Detector]] = {"threshold": ThresholdDetector, "ratio": RatioDetector}


def rule(method: str = "threshold", **changes: object) -> Rule:
    made = Rule(
        name=f"lonjakan {method}",
        topics=("judi_online",),
        receivers=("meja",),
        method=method,
        window=3 * HOUR,
        at_least=4,
        min_sources=2,
        repeat_interval=6 * HOUR,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def configuration(*rules: Rule) -> Configuration:
    return Configuration(
        rules=rules,
        topics=(JUDOL,),
        detectors={name: make() for name, make in DETECTORS.items()},
        zone=ZoneInfo("Asia/Jakarta"),
        language="en",
    )


def live_through(rng: Random, room: Newsroom, hour: int) -> None:
    """Quiet and loud hours, hours nobody watched, late items and backfill."""
    now = START + hour * HOUR + timedelta(minutes=20)
    if rng.random() < 0.05:
        return
    room.watches(now)
    loud = rng.random() < 0.03
    for _ in range(rng.choice([0, 0, 0, 0, 1, 1, 2]) + loud * rng.randint(2, 9)):
        room.publishes(
            1,
            now,
            outlets=[rng.choice(room.outlets)],
            suspicion=rng.choice([0.2, 0.8, 0.8]),
            stance=rng.choice([Stance.SPREAD, Stance.NEWS, Stance.DEBUNK]),
            timing=rng.choice([Timing.ON_TIME, Timing.ON_TIME, Timing.LATE, Timing.BACKFILL]),
        )


def lived(store: Storage, hours: int) -> None:
    rng, room = Random(1), Newsroom(store, START)
    for hour in range(hours):
        live_through(rng, room, hour)


def rehearsed(store: Storage, span: Span, *rules: Rule, every_hour: bool = False) -> Timeline:
    setting = configuration(*rules)
    return replay(history_of(store, setting, span), setting, every_hour=every_hour)


def told(timeline: Timeline) -> list[tuple[datetime, str, AlertReason, int]]:
    return sorted(
        (event.at, episode.alert.key, event.reason, event.count)
        for episode in timeline.episodes
        for event in episode.events
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    """Forty days, lived through once."""
    filled = SqliteStore(tmp_path_factory.mktemp("past") / "siaga.db")
    lived(filled, SPAN.hours)
    yield filled
    filled.close()


@pytest.mark.parametrize("method", DETECTORS)
@pytest.mark.parametrize("measure", [Measure.SUSPICIOUS, Measure.DEBUNKS, Measure.MENTIONS])
def test_hours_passed_over_change_nothing(store: Storage, method: str, measure: Measure) -> None:
    one = rule(method, measure=measure)
    quick = rehearsed(store, SPAN, one)
    assert quick == rehearsed(store, SPAN, one, every_hour=True)
    assert quick.episodes


def test_it_decides_as_the_daemon_did_hour_by_hour(store: Storage, tmp_path: Path) -> None:
    """The daemon lives through the hours over a store that fills as it goes; the rehearsal sees the filled store."""
    rules = tuple(rule(method) for method in DETECTORS)
    lived_through = SqliteStore(tmp_path / "daemon.db")
    setting = configuration(*rules)
    watch = Watch(
        store=lived_through,
        rules=rules,
        topics=(JUDOL,),
        detectors=setting.detectors,
        zone=setting.zone,
        language="en",
    )
    rng, room = Random(1), Newsroom(lived_through, START)
    for hour in range(SPAN.hours):
        live_through(rng, room, hour)
        watch.tick(START + (hour + 1) * HOUR - timedelta(seconds=1))
    daemon = sorted(
        (event.at, alert.key, event.reason, event.count)
        for alert in lived_through.alerts.list(limit=1000)
        for event in lived_through.alerts.events(alert.id)
    )
    lived_through.close()
    assert {key for _, key, _, _ in daemon} == {f"{one.name}/topic:judi_online" for one in rules}
    assert told(rehearsed(store, SPAN, *rules)) == daemon


def test_a_longer_span_changes_nothing_that_came_before(store: Storage) -> None:
    half = Span(start=SPAN.start, end=SPAN.start + SPAN.hours // 2 * HOUR)
    whole, part = (told(rehearsed(store, one, rule())) for one in (SPAN, half))
    assert part == [event for event in whole if event[0] < half.end]


def test_messages_quote_nothing_that_was_seen_later(store: Storage) -> None:
    notices = [notice for episode in rehearsed(store, SPAN, rule()).episodes for notice in episode.notices]
    assert any(notice.exhibits for notice in notices)
    assert all(exhibit.seen_at < notice.at for notice in notices for exhibit in notice.exhibits)


def test_nothing_is_written_into_the_store(store: Storage) -> None:
    assert rehearsed(store, SPAN, rule()).episodes
    assert store.alerts.list() == ()
    assert sum(store.outbox.counts().values()) == 0
    assert store.meta("watch.last_hour") is None


def test_every_event_has_its_message(store: Storage) -> None:
    for episode in rehearsed(store, SPAN, rule(receivers=())).episodes:
        assert [notice.reason for notice in episode.notices] == [event.reason for event in episode.events]


def test_a_message_says_how_many_sources_were_read_then(store: Storage) -> None:
    episode = rehearsed(store, SPAN, rule()).episodes[0]
    assert (episode.notices[0].sources_polled, episode.notices[0].sources_total) == (3, 3)


def test_the_known_span_is_what_was_read(tmp_path: Path) -> None:
    empty = SqliteStore(tmp_path / "empty.db")
    room = Newsroom(empty, START)
    assert known_span(empty, START) is None
    room.watches(START + 5 * HOUR)
    room.watches(START + 30 * HOUR)
    found = known_span(empty, START + 500 * HOUR)
    empty.close()
    assert found == Span(start=START + 5 * HOUR, end=START + 31 * HOUR)


@pytest.mark.parametrize("method", BUILT_IN)
def test_readings_made_ahead_are_those_made_at_the_hour(store: Storage, method: str) -> None:
    """What a rehearsal reads in one go and what the daemon reads each hour, from the history it asks for."""
    detector = cast("Callable[..., Detector]", implementation(BUILT_IN, "siaga.detectors", method))(
        zone=ZoneInfo("Asia/Jakarta")
    )
    one, subject = rule(method), Subject(kind="topic", id="judi_online")
    setting = replace(configuration(one), detectors={method: detector})
    ahead = Foresight(detector, history_of(store, setting, SPAN), one)
    for hour in (0, 1, 23, 24, 200, 500, 700, SPAN.hours - 1):
        now = START + hour * HOUR
        batch = store.buckets.series([subject], one.measure, now - detector.history(one) - HOUR, now)
        short = store.buckets.series([subject], one.measure, now - HOUR, now)
        assert ahead.readings(short, one, last=2) == detector.readings(batch, one, last=2)
