"""What whoever runs Siaga is told, once: grave things at once, the rest in the daily summary; through the outbox of a
real database, and to a real receiver."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from alerts.alarm import AGAIN, BUSY_FOR, Alarm
from alerts.announcement import pending
from alerts.channels.base import Message, Receipt
from alerts.deliver import Deliver
from alerts.digest import Digest
from alerts.hold import Holds
from alerts.notice import from_json
from alerts.render import Renderer
from alerts.told import Told
from collector.model.errors import ChannelError, StoreError
from collector.model.source import Source, SourceState
from collector.store.base import Poll, PollOutcome, PollRecord
from collector.store.sqlite.store import SqliteStore

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
TEN = tuple(f"S{number}" for number in range(8))
RENDERER = Renderer("en", ZoneInfo("Asia/Jakarta"))


class Inbox:
    """What the operator reads; refuses while ``shut``."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.shut = False

    def send(self, message: Message, key: str, *, now: datetime) -> Receipt:
        if self.shut:
            raise ChannelError("closed", permanent=False)
        self.messages.append(message)
        return Receipt(answer="ok")

    @property
    def subjects(self) -> list[str]:
        return [message.subject.removeprefix("[Siaga] SYSTEM: ") for message in self.messages]


class Desk:
    """Sources whose state a test sets, the digest over them and the operator's inbox. ``KPU`` and ``Radar`` are two of
    ten sources: one that fails is not a third."""

    def __init__(self, now: datetime, folder: Path, empty: Path) -> None:
        self.now = now
        self.path = folder / "siaga.db"
        shutil.copy(empty, self.path)
        self.store = SqliteStore(self.path)
        self.inbox = Inbox()
        self.free_bytes: int | None = None
        self.sources = (
            Source(id="KPU", kind="feed", url="https://kpu.example/", expect_every=timedelta(days=3)),
            Source(id="Radar", kind="feed", url="https://radar.example/"),
            Source(id="Mati", kind="feed", url="https://mati.example/", enabled=False),
            *(Source(id=name, kind="feed", url=f"https://{name}.example/") for name in TEN),
        )
        self.store.sources.register(self.sources, now)
        for source in self.sources:
            self.sets(source.id, last_poll_at=now, last_ok_at=now, first_ok_at=now, newest_item_at=now)

    def sets(self, source_id: str, **fields: object) -> None:
        state: SourceState = replace(self.store.sources.state(source_id), **fields)  # type: ignore[arg-type]
        poll = Poll(source_id=source_id, started_at=self.now, duration=timedelta(0), outcome=PollOutcome.FAILED)
        self.store.items.record_poll(PollRecord(poll=poll, state=state))

    def fails(self, *names: str, times: int = 3) -> None:
        for name in names:
            self.sets(name, failures=times, last_error="HTTP 500")

    def recovers(self, *names: str) -> None:
        for name in names:
            self.sets(name, failures=0)

    def digest(self, receivers: tuple[str, ...] = ("pengelola",)) -> Digest:
        """A new one each time: what was told lies in the store."""
        return Digest(self.store, self.sources, receivers, ZoneInfo("Asia/Jakarta"), free_bytes=lambda: self.free_bytes)

    def delivers(self, now: datetime) -> None:
        Deliver(self.store, {"pengelola": self.inbox}, RENDERER, "w", operator=("pengelola",)).tick(now)

    def tick(self, after: timedelta = timedelta(0)) -> list[str]:
        """What the operator reads after this tick and its delivery, without the marks of the subject."""
        before = len(self.inbox.messages)
        self.digest().tick(self.now + after)
        self.delivers(self.now + after)
        return self.inbox.subjects[before:]

    def morning(self, days: int = 1) -> str:
        """The text of a summary: it comes at seven o'clock in Jakarta."""
        self.tick(timedelta(days=days))
        return self.inbox.messages[-1].text


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "siaga.db"
    SqliteStore(path).close()
    return path


@pytest.fixture
def desk(now: datetime, tmp_path: Path, empty: Path) -> Iterator[Desk]:
    made = Desk(now, tmp_path, empty)
    assert made.tick() == []
    yield made
    made.store.close()


# ---------------------------------------------------------------- what can wait for the summary


def test_three_failures_in_a_row_stand_in_the_summary_once(desk: Desk) -> None:
    desk.fails("KPU", times=2)
    desk.tick()
    desk.fails("KPU")
    assert desk.tick(MINUTE) == []
    desk.fails("KPU", times=9)
    text = desk.morning()
    assert "Failed three times or more:" in text
    assert "- KPU, 25 November 2026 10:31 WIB: HTTP 500" in text
    assert "Failing: KPU." in text
    later = desk.morning(2)
    assert "Failed three times" not in later
    assert "Failing: KPU." in later


def test_two_failures_are_weather(desk: Desk) -> None:
    desk.fails("KPU", times=2)
    desk.tick()
    desk.recovers("KPU")
    assert "KPU" not in desk.morning()


def test_the_recovery_stands_in_the_summary_and_then_all_begins_anew(desk: Desk) -> None:
    desk.fails("KPU")
    desk.tick()
    desk.recovers("KPU")
    desk.tick(MINUTE)
    text = desk.morning()
    assert "Working again:" in text
    assert "Failing: KPU" not in text
    desk.fails("KPU")
    assert "Failed three times" in desk.morning(2)


def test_a_source_whose_newest_item_is_older_than_expected_is_quiet_though_it_answers(desk: Desk) -> None:
    desk.sets("KPU", newest_item_at=datetime(2019, 1, 4, 20, 30, tzinfo=UTC))  # 200 with years-old items
    desk.tick()
    text = desk.morning()
    assert "Quiet for longer than expect_every:" in text
    assert "newest 5 January 2019 03:30 WIB" in text
    desk.sets("KPU", newest_item_at=desk.now + DAY)
    assert "Publishing again:" in desk.morning(2)
    assert "Quiet" not in desk.morning(3)


def test_without_expect_every_a_source_may_be_as_quiet_as_it_likes(desk: Desk, now: datetime) -> None:
    desk.sets("Radar", newest_item_at=now - timedelta(days=400))
    desk.sets("KPU", newest_item_at=now + DAY)
    assert "Quiet" not in desk.morning()


def test_a_disabled_source_is_nobodys_business(desk: Desk) -> None:
    desk.fails("Mati", times=50)
    assert "Mati" not in desk.morning()


def test_a_summary_comes_once_a_day_in_the_morning(desk: Desk, now: datetime) -> None:
    seven = now.replace(hour=0, minute=5) + DAY - now  # 07.05 WIB
    assert desk.tick(seven - 10 * MINUTE) == []
    assert desk.tick(seven) == ["Daily summary: 10 of 10 sources well, 0 new alerts"]
    assert desk.tick(seven + MINUTE) == []
    assert len(desk.tick(seven + DAY)) == 1


def test_the_summary_counts_what_could_not_be_delivered_and_who_wants_no_more(desk: Desk, now: datetime) -> None:
    desk.store.outbox.add([pending("meja", "{}", reason="first", key=f"k{n}", at=now) for n in range(2)])
    for delivery in desk.store.outbox.claim("w", now, DAY, 10):
        desk.store.outbox.dead(delivery.id, "w", "550 no")
    Holds(desk.store, {}).hold("sistem", now)
    text = desk.morning()
    assert "2 undeliverable" in text
    assert "Undeliverable (siaga alerts --dead): meja 2." in text
    assert "Receivers disabled (410): sistem." in text


def test_what_an_earlier_version_kept_is_understood() -> None:
    told = Told.from_json('{"failing": ["KPU"], "quiet": [], "summary_on": "2026-11-24"}')
    assert (told.failing, told.incidents) == (frozenset({"KPU"}), ())
    assert Told.from_json(told.to_json()) == told


# ---------------------------------------------------------------- grave: at once


def test_more_than_a_third_failing_is_told_at_once_when_it_lasts_and_when_it_is_over(desk: Desk) -> None:
    desk.fails("KPU", "Radar", "S0", "S1", times=1)
    assert desk.tick(MINUTE) == []
    assert desk.tick(11 * MINUTE) == ["More than a third of the sources fail: 4 of 10"]
    assert "KPU: HTTP 500" in desk.inbox.messages[-1].text
    assert desk.tick(12 * MINUTE) == []
    desk.recovers("KPU")
    assert desk.tick(13 * MINUTE) == ["Sources are read again: 7 of 10"]
    assert desk.tick(14 * MINUTE) == []


def test_a_third_is_not_more_than_a_third(desk: Desk) -> None:
    desk.fails("KPU", "Radar", "S0", times=1)
    assert desk.tick() == desk.tick(20 * MINUTE) == []


def test_a_short_trouble_of_many_is_weather(desk: Desk) -> None:
    desk.fails(*TEN, times=1)
    assert desk.tick() == []
    desk.recovers(*TEN)
    assert desk.tick(9 * MINUTE) == []
    desk.fails(*TEN, times=1)
    assert desk.tick(15 * MINUTE) == []


def test_when_everything_fails_it_is_the_network(desk: Desk) -> None:
    desk.fails("KPU", "Radar", *TEN, times=1)
    desk.tick()
    assert desk.tick(10 * MINUTE) == ["All sources fail: check the network"]


def test_a_disk_that_fills_up_is_told_once_and_when_it_has_room_again(desk: Desk) -> None:
    desk.free_bytes = 400_000_000
    assert desk.tick() == ["Disk nearly full: 400 MB"]
    desk.free_bytes = 600_000_000
    assert desk.tick(MINUTE) == []
    desk.free_bytes = 2_000_000_000
    assert desk.tick(2 * MINUTE) == ["Disk has room again: 2.0 GB"]


def test_a_damaged_database_is_told_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.store.faults() == ()
    monkeypatch.setattr(desk.store, "faults", lambda: ("row 7 missing from index items_seen_at",))
    assert desk.tick(DAY)[0] == "The database is in trouble"
    assert "row 7 missing" in desk.inbox.messages[0].text
    assert desk.tick(2 * DAY) == ["Daily summary: 10 of 10 sources well, 0 new alerts"]


def test_the_check_of_the_database_finds_what_is_damaged(desk: Desk) -> None:
    desk.store.close()
    content = desk.path.read_bytes()
    desk.path.write_bytes(content[: 4096 * 8] + b"\xff" * 4096 + content[4096 * 9 :])
    with SqliteStore(desk.path) as damaged:
        assert damaged.faults()


def test_a_refused_file_is_told_at_once_but_not_every_time_it_is_saved(desk: Desk, now: datetime) -> None:
    for at, why in ((0, "baris 3"), (1, "baris 3"), (2, "baris 4")):
        desk.digest().configuration_refused(why, now + at * MINUTE)
    assert [from_json(d.notice).why.en for d in reversed(desk.store.outbox.list())] == ["baris 3", "baris 4"]
    desk.digest().configuration_refused("baris 4", now + timedelta(hours=2))
    desk.delivers(now + timedelta(hours=2))
    assert desk.inbox.subjects == ["sources.yaml refused, the old one stays"] * 3


def test_an_undeliverable_alert_is_told_at_once(desk: Desk, now: datetime) -> None:
    desk.store.outbox.add([pending("hilang", "{}", reason="first", key="k", at=now)])
    desk.delivers(now)
    desk.delivers(now)
    assert desk.inbox.subjects == ["Undeliverable messages: 1"]


def test_without_an_operator_nothing_is_said(desk: Desk, now: datetime) -> None:
    desk.fails("KPU", "Radar", *TEN)
    assert desk.digest(()).tick(now + DAY) == 0
    desk.digest(()).configuration_refused("x", now)
    assert desk.store.outbox.list() == ()


def test_what_is_told_survives_a_restart_and_an_inbox_that_is_closed(desk: Desk, now: datetime) -> None:
    desk.free_bytes = 1
    desk.inbox.shut = True
    assert desk.tick() == []
    desk.inbox.shut = False
    desk.store.close()
    desk.store = SqliteStore(desk.path)
    assert desk.tick(10 * MINUTE) == ["Disk nearly full: 0 MB"]


# ---------------------------------------------------------------- when the database fails


def broken(*, can_retry: bool = False) -> StoreError:
    error = StoreError("siaga.db: database or disk is full")
    error.can_retry = can_retry
    return error


def alarm(desk: Desk) -> Alarm:
    return Alarm(desk.store, {"pengelola": desk.inbox}, RENDERER, ("pengelola", "hilang"))


def test_a_failing_database_is_told_through_the_outbox_while_that_works(desk: Desk, now: datetime) -> None:
    assert alarm(desk).database_failed(broken(), now) == 1
    desk.delivers(now)
    assert desk.inbox.subjects == ["The database is in trouble"]


def test_where_nothing_can_be_written_the_operator_is_told_past_the_outbox(desk: Desk, now: datetime) -> None:
    sounding = Alarm(Unwritable(), {"pengelola": desk.inbox}, RENDERER, ("pengelola",))  # type: ignore[arg-type]
    assert sounding.database_failed(broken(), now) == 1
    assert desk.inbox.subjects == ["The database is in trouble"]
    assert "database or disk is full" in desk.inbox.messages[0].text


class Unwritable:
    """A store whose outbox takes nothing."""

    @property
    def outbox(self) -> Unwritable:
        return self

    def add(self, deliveries: object) -> None:
        raise broken()


def test_five_ticks_that_fail_make_one_message_and_again_one_after_six_hours(desk: Desk, now: datetime) -> None:
    sounding = alarm(desk)
    assert [sounding.database_failed(broken(), now + n * MINUTE) for n in range(5)] == [1, 0, 0, 0, 0]
    assert sounding.database_failed(broken(), now + AGAIN) == 1


def test_a_database_that_is_locked_for_a_moment_is_nobodys_business(desk: Desk, now: datetime) -> None:
    sounding = alarm(desk)
    assert sounding.database_failed(broken(can_retry=True), now) == 0
    sounding.database_works()
    assert sounding.database_failed(broken(can_retry=True), now + BUSY_FOR) == 0
    assert sounding.database_failed(broken(can_retry=True), now + 2 * BUSY_FOR) == 1


def test_an_operator_that_cannot_be_reached_either_breaks_nothing(desk: Desk, now: datetime) -> None:
    desk.inbox.shut = True
    sounding = Alarm(Unwritable(), {"pengelola": desk.inbox}, RENDERER, ("pengelola",))  # type: ignore[arg-type]
    assert sounding.database_failed(broken(), now) == 0
