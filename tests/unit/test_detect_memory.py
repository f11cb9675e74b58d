"""What is remembered is only a cache: what is said with it is what the whole past says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest

from alerts.detect import tempo
from alerts.detect.auto import AutoDetector
from alerts.detect.memory import Memory
from alerts.reader import Reader
from collector.model.alert import Reading
from collector.model.bucket import Measure, Series, Subject
from collector.model.clock import HOUR, hour_of
from collector.model.errors import StoreError
from collector.model.rule import Rule
from collector.store.base import Storage

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
PAST = 24 * 30  # hours before the first look
TOPICS = tuple(Subject(kind="topic", id=f"topic_{n}") for n in range(3))
BY_HOUR = Rule(
    name="jam", topics=tuple(topic.id for topic in TOPICS), receivers=(), measure=Measure.MENTIONS, at_least=3
)
BY_DAY = replace(BY_HOUR, name="hari", window=timedelta(hours=24))


class World:
    """Hours of three topics that a test may change afterwards; counts how many it hands out. ``tells``: whether it can
    say that nothing has changed."""

    def __init__(self, *, tells: bool = True) -> None:
        chance = Random(5)
        hours = range(PAST + 24 * 12)
        self.count = {topic: [min(9, int(chance.expovariate(1.2))) for _ in hours] for topic in TOPICS}
        self.late = {topic: [0 for _ in hours] for topic in TOPICS}
        self.coverage = [0.0 if chance.random() < 0.03 else 1.0 for _ in hours]
        self.handed = 0
        self.tells = tells
        self.buckets = SimpleNamespace(series=self.series, marks=self.marks)

    def series(
        self, subjects: Sequence[Subject], measure: Measure, since: datetime, until: datetime, **_: object
    ) -> tuple[Series, ...]:
        first, hours = hour_of(since), (hour_of(until) - hour_of(since)) // HOUR + 1
        places = [(first + n * HOUR - BEGIN) // HOUR for n in range(hours)]
        self.handed += len(places) * len(subjects)

        def of(values: Sequence[Any], absent: Any) -> tuple[Any, ...]:
            return tuple(values[place] if place >= 0 else absent for place in places)

        return tuple(
            Series(
                subject=topic,
                measure=measure,
                start=first,
                count=of(self.count[topic], 0),
                late=of(self.late[topic], 0),
                backfill=(0,) * hours,
                publishers=tuple(
                    frozenset(f"outlet-{n}" for n in range(min(4, many))) for many in of(self.count[topic], 0)
                ),
                coverage=of(self.coverage, 0.0),
            )
            for topic in subjects
        )

    def marks(
        self, subjects: Sequence[Subject], measure: Measure, since: datetime, until: datetime, **_: object
    ) -> tuple[int, ...] | None:
        places = range(max(0, (since - BEGIN) // HOUR), (until - BEGIN) // HOUR)
        if not self.tells:
            return None
        return tuple(
            sum(
                hash((place, self.count[topic][place], self.late[topic][place], self.coverage[place]))
                for place in places
            )
            for topic in subjects
        )

    def refuse_months(
        self, subjects: Sequence[Subject], measure: Measure, since: datetime, until: datetime, **_: object
    ) -> tuple[Series, ...]:
        if until - since > timedelta(days=7):
            raise StoreError("the database is locked")
        return self.series(subjects, measure, since, until)

    def reader(self) -> Reader:
        return Reader(cast("Storage", self), {"auto": AutoDetector()})

    def whole(self, rule: Rule, now: datetime, last: int) -> tuple[tuple[Reading, ...], ...]:
        detector = AutoDetector()
        back = detector.history(rule) + (last - 1) * HOUR
        return detector.readings(self.series(TOPICS, rule.measure, now - back, now), rule, last=last)


@pytest.fixture(params=[True, False], ids=["told", "untold"])
def world(request: pytest.FixtureRequest) -> World:
    return World(tells=request.param)


@pytest.fixture(autouse=True)
def shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Folds of weeks instead of months: the same arithmetic, and their beginnings fall into the tests."""
    monkeypatch.setattr(tempo, "HOURLY", replace(tempo.HOURLY, warm_up=1, stretch=1))
    monkeypatch.setattr(tempo, "DAILY", replace(tempo.DAILY, warm_up=3, stretch=1))


def at(hour: float) -> datetime:
    return BEGIN + PAST * HOUR + hour * HOUR


@pytest.mark.parametrize("rule", [BY_HOUR, BY_DAY])
def test_hour_after_hour_the_memory_says_what_the_whole_past_says(world: World, rule: Rule) -> None:
    reader = world.reader()
    said = [reader.readings(rule, TOPICS, at(hour), last=1) for hour in range(40)]
    whole = world.whole(rule, at(39), 40)
    assert [[row[0] for row in rows] for rows in said] == [[row[hour] for row in whole] for hour in range(40)]


@pytest.mark.parametrize("rule", [BY_HOUR, BY_DAY])
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda world, hour: world.count[TOPICS[1]].__setitem__(PAST + hour, 30), id="the hour grows"),
        pytest.param(lambda world, hour: world.count[TOPICS[1]].__setitem__(PAST + hour - 30, 0), id="corrected"),
        pytest.param(lambda world, hour: world.late[TOPICS[1]].__setitem__(PAST + hour - 26, 2), id="found late"),
        pytest.param(lambda world, hour: world.coverage.__setitem__(PAST + hour - 40, 0.0), id="was not watched"),
    ],
)
def test_what_changes_within_two_days_is_noticed_at_once(
    world: World, rule: Rule, change: Callable[[World, int], None]
) -> None:
    reader = world.reader()
    for hour in (0, 1, 26):
        reader.readings(rule, TOPICS, at(hour), last=1)
    world.count[TOPICS[1]][PAST] = 2
    change(world, 26)
    now = at(26.3)
    assert reader.readings(rule, TOPICS, now, last=2) == world.whole(rule, now, 2)


def test_what_was_corrected_long_ago_is_noticed_within_the_hour(world: World) -> None:
    reader = world.reader()
    reader.readings(BY_HOUR, TOPICS, at(0), last=1)
    for hour in range(PAST - 24 * 6, PAST - 24 * 4):
        world.count[TOPICS[0]][hour] = 25
    assert reader.readings(BY_HOUR, TOPICS, at(1), last=1) == world.whole(BY_HOUR, at(1), 1)


def test_a_restart_and_a_topic_that_comes_later_change_nothing(world: World) -> None:
    reader = world.reader()
    reader.readings(BY_HOUR, TOPICS[:2], at(0), last=1)
    whole = world.whole(BY_HOUR, at(3), 3)
    assert reader.readings(BY_HOUR, TOPICS, at(3), last=3) == whole
    assert world.reader().readings(BY_HOUR, TOPICS, at(3), last=3) == whole
    assert reader.readings(BY_HOUR, TOPICS, at(3), last=120) == world.whole(BY_HOUR, at(3), 120)


def test_a_week_without_a_look_is_caught_up(world: World) -> None:
    reader = world.reader()
    reader.readings(BY_HOUR, TOPICS, at(0), last=1)
    assert reader.readings(BY_HOUR, TOPICS, at(170), last=48) == world.whole(BY_HOUR, at(170), 48)


def test_a_clock_set_back_changes_nothing(world: World) -> None:
    reader = world.reader()
    reader.readings(BY_HOUR, TOPICS, at(9), last=1)
    assert reader.readings(BY_HOUR, TOPICS, at(2), last=1) == world.whole(BY_HOUR, at(2), 1)


def test_the_next_hour_asks_for_days_and_not_for_months(world: World) -> None:
    reader = world.reader()
    reader.readings(BY_HOUR, TOPICS, at(0), last=1)
    first, world.handed = world.handed, 0
    reader.readings(BY_HOUR, TOPICS, at(0.4), last=1)
    assert world.handed < first / 4  # of a real fold, which is nine times as long, a fortieth


def test_of_what_is_as_it_was_only_the_newest_hours_are_read() -> None:
    world = World()
    reader = world.reader()
    reader.readings(BY_HOUR, TOPICS, at(0), last=1)
    world.handed = 0
    for hour in range(1, 25):
        reader.readings(BY_HOUR, TOPICS, at(hour), last=1)
    assert world.handed <= 24 * len(TOPICS) * 16
    world.count[TOPICS[2]][PAST - 10], world.handed = 17, 0
    assert reader.readings(BY_HOUR, TOPICS, at(24.1), last=1) == world.whole(BY_HOUR, at(24.1), 1)
    assert world.handed > PAST


def test_a_topic_left_out_for_a_while_is_read_anew(world: World) -> None:
    reader = world.reader()
    reader.readings(BY_HOUR, TOPICS, at(0), last=1)
    reader.readings(BY_HOUR, TOPICS[:1], at(1), last=1)
    world.count[TOPICS[2]][PAST - 2] = 12
    assert reader.readings(BY_HOUR, TOPICS, at(2), last=2) == world.whole(BY_HOUR, at(2), 2)


def test_a_memory_that_is_full_forgets_the_oldest_and_still_answers(world: World) -> None:
    memory, detector = Memory(bytes_at_most=1), AutoDetector()
    for rule in (BY_HOUR, BY_DAY):
        back = detector.history(rule)
        batch = world.series(TOPICS, rule.measure, at(0) - back, at(0))
        assert detector.learn(batch, rule, memory) == detector.readings(batch, rule)
    assert len(memory) == len(TOPICS)


@pytest.mark.parametrize(("age", "hour"), [(20, 0.3), (24 * 5, 1.0)], ids=["yesterday", "long ago"])
def test_a_correction_that_could_not_be_read_is_read_at_the_next_tick(world: World, age: int, hour: float) -> None:
    reader = world.reader()
    reader.readings(BY_HOUR, TOPICS, at(0), last=1)
    for place in range(PAST - age - 24, PAST - age):
        world.count[TOPICS[0]][place] = 25
    series, world.buckets.series = world.buckets.series, world.refuse_months
    with pytest.raises(StoreError):
        reader.readings(BY_HOUR, TOPICS, at(hour), last=1)
    world.buckets.series = series
    assert reader.readings(BY_HOUR, TOPICS, at(hour + 0.1), last=1) == world.whole(BY_HOUR, at(hour + 0.1), 1)
