"""What whoever runs Siaga is told, once: failing and quiet sources, a refused file, how it stands each day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts.digest import Digest
from alerts.notice import from_json
from collector.model.source import Source, SourceState
from collector.store.base import Poll, PollOutcome, PollRecord
from collector.store.memory import MemoryStore

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


class Desk:
    """Sources whose state a test sets, and the digest over them."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.store = MemoryStore()
        self.sources = (
            Source(id="KPU", kind="feed", url="https://kpu.example/", expect_every=timedelta(days=3)),
            Source(id="Radar", kind="feed", url="https://radar.example/"),
            Source(id="Mati", kind="feed", url="https://mati.example/", enabled=False),
        )
        self.store.sources.register(self.sources, now)
        for source in self.sources:
            self.sets(source.id, last_ok_at=now, first_ok_at=now, newest_item_at=now)

    def sets(self, source_id: str, **fields: object) -> None:
        state: SourceState = replace(self.store.sources.state(source_id), **fields)  # type: ignore[arg-type]
        poll = Poll(source_id=source_id, started_at=self.now, duration=timedelta(0), outcome=PollOutcome.FAILED)
        self.store.items.record_poll(PollRecord(poll=poll, state=state))

    def digest(self, receivers: tuple[str, ...] = ("meja",)) -> Digest:
        """A new one each time: what was told lies in the store."""
        return Digest(self.store, self.sources, receivers, ZoneInfo("Asia/Jakarta"))

    def tick(self, now: datetime | None = None) -> list[str]:
        """The headlines that this tick added."""
        before = {delivery.dedup_key for delivery in self.store.outbox.list(limit=1000)}
        self.digest().tick(now or self.now)
        fresh = [d for d in self.store.outbox.list(limit=1000) if d.dedup_key not in before]
        return sorted(from_json(delivery.notice).headline.en for delivery in fresh)


@pytest.fixture
def desk(now: datetime) -> Desk:
    made = Desk(now)
    made.tick()
    return made


def test_three_failures_in_a_row_are_told_once(desk: Desk) -> None:
    desk.sets("KPU", failures=2, last_error="HTTP 500")
    assert desk.tick() == []
    desk.sets("KPU", failures=3, last_error="HTTP 500")
    assert desk.tick() == ["Sources failing: KPU"]
    desk.sets("KPU", failures=9, last_error="HTTP 500")
    assert desk.tick(desk.now + MINUTE) == []


def test_the_recovery_is_told_and_then_all_begins_anew(desk: Desk) -> None:
    desk.sets("KPU", failures=3, last_error="HTTP 500")
    desk.tick()
    desk.sets("KPU", failures=0)
    assert desk.tick(desk.now + MINUTE) == ["Sources working again: KPU"]
    assert desk.tick(desk.now + 2 * MINUTE) == []
    desk.sets("KPU", failures=3)
    assert desk.tick(desk.now + 3 * MINUTE) == ["Sources failing: KPU"]


def test_a_recovery_nobody_was_told_of_needs_no_message(desk: Desk) -> None:
    desk.sets("KPU", failures=2)
    desk.tick()
    desk.sets("KPU", failures=0)
    assert desk.tick() == []


def test_when_everything_fails_it_is_the_network(desk: Desk) -> None:
    for name in ("KPU", "Radar"):
        desk.sets(name, failures=3, last_error="name does not resolve")
    assert desk.tick() == ["All sources fail: check the network"]


def test_a_disabled_source_is_nobodys_business(desk: Desk) -> None:
    desk.sets("Mati", failures=50)
    assert desk.tick() == []


def test_a_source_gone_quiet_is_told_once_and_when_it_resumes(desk: Desk, now: datetime) -> None:
    desk.sets("KPU", newest_item_at=now - timedelta(days=4))
    assert desk.tick() == ["Sources gone quiet: KPU"]
    assert desk.tick(now + MINUTE) == []
    desk.sets("KPU", newest_item_at=now)
    assert desk.tick(now + 2 * MINUTE) == ["Sources publishing again: KPU"]


def test_the_age_of_a_quiet_source_is_told_in_the_configured_zone(desk: Desk) -> None:
    desk.sets("KPU", newest_item_at=datetime(2026, 1, 4, 20, 30, tzinfo=UTC))
    desk.tick()
    told = {from_json(delivery.notice).why.id for delivery in desk.store.outbox.list(limit=1000)}
    assert any("KPU: terbaru 5 Januari 2026 03.30 WIB" in why for why in told)


def test_without_expect_every_a_source_may_be_as_quiet_as_it_likes(desk: Desk, now: datetime) -> None:
    desk.sets("Radar", newest_item_at=now - timedelta(days=400))
    assert desk.tick() == []


def test_a_summary_comes_once_a_day_in_the_morning(desk: Desk, now: datetime) -> None:
    morning = now.replace(hour=0, minute=5) + DAY  # 07.05 WIB
    assert desk.tick(morning - 10 * MINUTE) == []
    assert desk.tick(morning) == ["Daily summary: 2 of 2 sources well, 0 new alerts"]
    assert desk.tick(morning + MINUTE) == []
    assert desk.tick(morning + DAY) != []


def test_the_summary_names_what_is_unwell(desk: Desk, now: datetime) -> None:
    desk.sets("Radar", failures=3, last_error="HTTP 404")
    desk.tick()
    desk.tick(now + DAY)
    whys = [from_json(delivery.notice).why.en for delivery in desk.store.outbox.list()]
    assert any("Failing: Radar." in why for why in whys)


def test_a_refused_file_is_told_but_not_every_time_it_is_saved(desk: Desk, now: datetime) -> None:
    for at, why in ((0, "baris 3"), (1, "baris 3"), (2, "baris 4")):
        desk.digest().configuration_refused(why, now + at * MINUTE)
    assert [from_json(d.notice).why.en for d in reversed(desk.store.outbox.list())] == ["baris 3", "baris 4"]
    desk.digest().configuration_refused("baris 4", now + timedelta(hours=2))
    assert len(desk.store.outbox.list()) == 3


def test_without_an_operator_nothing_is_said(now: datetime) -> None:
    desk = Desk(now)
    desk.sets("KPU", failures=5)
    assert desk.digest(()).tick(now) == 0
    desk.digest(()).configuration_refused("x", now)
    assert desk.store.outbox.list() == ()
