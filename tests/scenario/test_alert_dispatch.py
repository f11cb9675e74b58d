"""What leaves when: groups, digests, quiet hours, ends; with restarts, kills, two workers and clocks that jump."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from postroom import PostRoom, jakarta

from alerts.dispatch import Dispatch
from alerts.notice import from_json
from collector.model.alert import AlertReason
from collector.model.clock import HOUR
from collector.model.errors import StoreError
from collector.model.level import Level
from collector.model.plan import Plan, QuietHours
from collector.model.reaction import Silence, SilenceKind
from collector.model.withheld import Hold
from collector.store.sqlite import SqliteStore

FIRST, WORSE, STILL, RESOLVED = AlertReason
MINUTE = timedelta(minutes=1)
TWICE_A_DAY = Plan(mode="digest", digest_at=(time(7), time(15)))
NIGHT = Plan(quiet_hours=QuietHours(start=time(22), end=time(6)))
MORNING = jakarta("25 07:00")


# ---------------------------------------------------------------- groups


def test_alerts_of_one_look_are_one_message() -> None:
    room = PostRoom()
    room.says(1, FIRST, MORNING)
    room.says(2, FIRST, MORNING)
    assert room.leaves(MORNING) == 1
    assert room.messages() == [["1 first", "2 first"]]
    assert [d.dedup_key for d in room.store.outbox.list(alert_id=1)] == [
        d.dedup_key for d in room.store.outbox.list(alert_id=2)
    ]


def test_an_alert_alone_is_a_message_of_its_own() -> None:
    room = PostRoom()
    room.says(1, FIRST, MORNING)
    room.leaves(MORNING)
    (delivery,) = room.store.outbox.list()
    assert (delivery.alert_id, delivery.reason) == (1, "first")
    assert from_json(delivery.notice) == room.notice(1, FIRST, MORNING)


def test_each_receiver_has_a_message() -> None:
    room = PostRoom(sistem=Plan())
    room.says(1, FIRST, MORNING, to=("meja", "sistem"))
    room.says(2, FIRST, MORNING, to=("sistem",))
    assert room.leaves(MORNING) == 2
    assert room.messages("meja") == [["1 first"]]
    assert room.messages("sistem") == [["1 first", "2 first"]]


def test_who_comes_within_the_wait_goes_along() -> None:
    room = PostRoom(Plan(group_wait=5 * MINUTE))
    room.says(1, FIRST, MORNING)
    room.says(2, FIRST, MORNING + 4 * MINUTE)
    assert room.leaves(MORNING + 4 * MINUTE) == 0
    assert room.leaves(MORNING + 5 * MINUTE) == 1
    room.says(3, FIRST, MORNING + 6 * MINUTE)
    assert room.leaves(MORNING + 10 * MINUTE) == 0
    assert room.leaves(MORNING + 11 * MINUTE) == 1
    assert room.messages() == [["1 first", "2 first"], ["3 first"]]


def test_a_round_that_ends_waits_for_nobody() -> None:
    room = PostRoom(Plan(group_wait=5 * MINUTE))
    room.says(1, FIRST, MORNING)
    assert room.leaves(MORNING, hurry=True) == 1


def test_what_gets_worse_while_it_waits_is_told_as_it_is_now() -> None:
    room = PostRoom(Plan(group_wait=30 * MINUTE))
    room.says(1, FIRST, MORNING)
    room.says(1, WORSE, MORNING + MINUTE)
    assert room.leaves(MORNING + MINUTE) == 1
    assert room.messages() == [["1 worse"]]
    assert room.leaves(MORNING + HOUR) == 0


def test_groups_are_apart_by_what_the_receiver_names() -> None:
    room = PostRoom(Plan(group_by=("topic",)))
    room.says(1, FIRST, MORNING)
    room.says(2, FIRST, MORNING)
    assert room.leaves(MORNING) == 2


def test_what_starts_and_what_ends_are_told_apart() -> None:
    room = PostRoom()
    room.says(1, FIRST, MORNING)
    room.leaves(MORNING)
    room.arrives(MORNING)
    room.says(1, RESOLVED, MORNING + HOUR)
    room.says(2, FIRST, MORNING + HOUR)
    assert room.leaves(MORNING + HOUR) == 2
    assert room.messages() == [["1 first"], ["1 resolved"], ["2 first"]]


def test_a_damaged_entry_does_not_hold_up_its_group() -> None:
    room = PostRoom()
    room.says(1, FIRST, MORNING)
    room.says(2, FIRST, MORNING)
    rows = room.store.withheld._tables.withheld  # type: ignore[attr-defined]
    object.__setattr__(rows[1], "notice", "{")
    assert room.leaves(MORNING) == 1
    (delivery,) = room.store.outbox.list()
    assert "cannot be read" in str([member.headline.en for member in from_json(delivery.notice).members])


# ---------------------------------------------------------------- digests


def test_a_digest_tells_at_its_hour_what_gathered() -> None:
    room = PostRoom(TWICE_A_DAY)
    room.says(1, FIRST, jakarta("24 16:00"))
    room.says(2, FIRST, jakarta("25 06:59"))
    assert room.leaves(jakarta("25 06:59")) == 0
    assert room.leaves(MORNING) == 1
    assert room.messages() == [["1 first", "2 first"]]
    (delivery,) = room.store.outbox.list()
    assert delivery.reason == "digest"
    assert from_json(delivery.notice).digest


def test_what_comes_after_a_digest_waits_for_the_next() -> None:
    room = PostRoom(TWICE_A_DAY)
    room.says(1, FIRST, jakarta("25 06:00"))
    room.leaves(MORNING + MINUTE)
    room.says(2, FIRST, MORNING + 2 * MINUTE)
    assert room.leaves(jakarta("25 14:59")) == 0
    assert room.leaves(jakarta("25 15:00")) == 1
    assert room.messages() == [["1 first"], ["2 first"]]


def test_a_digest_tells_the_newest_of_each_alert() -> None:
    room = PostRoom(TWICE_A_DAY)
    room.says(1, FIRST, jakarta("24 16:00"))
    room.says(1, WORSE, jakarta("24 20:00"))
    room.says(2, FIRST, jakarta("24 16:00"))
    room.says(2, RESOLVED, jakarta("25 03:00"))
    room.leaves(MORNING)
    assert room.messages() == [["1 worse", "2 resolved"]]


def test_after_a_pause_one_late_digest_tells_all() -> None:
    room = PostRoom(TWICE_A_DAY)
    room.says(1, FIRST, jakarta("22 06:00"))
    room.says(2, FIRST, jakarta("22 16:00"))
    assert room.leaves(jakarta("25 09:00")) == 1
    assert room.leaves(jakarta("25 09:01")) == 0
    assert room.messages() == [["1 first", "2 first"]]


def test_nothing_gathered_is_no_digest() -> None:
    assert PostRoom(TWICE_A_DAY).leaves(MORNING) == 0


def test_what_is_urgent_leaves_at_once_and_takes_along_what_waits_of_it() -> None:
    room = PostRoom(TWICE_A_DAY)
    room.says(1, FIRST, jakarta("25 08:00"))
    room.says(2, FIRST, jakarta("25 08:00"))
    room.says(1, WORSE, jakarta("25 09:00"), level=Level.EXTREME)
    assert room.leaves(jakarta("25 09:00")) == 1
    room.leaves(jakarta("25 15:00"))
    assert room.messages() == [["1 worse"], ["2 first"]]


def test_a_reader_who_turns_from_digests_to_realtime_loses_nothing() -> None:
    room = PostRoom(TWICE_A_DAY)
    room.says(1, FIRST, jakarta("25 08:00"))
    room.plans = {}
    assert room.leaves(jakarta("25 15:00")) == 1


def test_a_clock_set_back_repeats_no_digest_and_loses_nothing() -> None:
    room = PostRoom(TWICE_A_DAY)
    room.says(1, FIRST, jakarta("25 06:00"))
    room.leaves(MORNING)
    room.says(2, FIRST, jakarta("25 06:30"))  # the clock was set back by half an hour
    assert room.leaves(MORNING + MINUTE) == 0  # this morning's was made
    assert room.leaves(jakarta("25 15:00")) == 1
    assert room.messages() == [["1 first"], ["2 first"]]


def test_what_a_clock_from_next_year_decided_leaves_today() -> None:
    room = PostRoom(TWICE_A_DAY)
    room.says(1, FIRST, jakarta("25 08:00") + timedelta(days=365))
    assert room.leaves(jakarta("25 15:00")) == 1


@pytest.mark.parametrize(
    ("zone", "at", "night"),
    [
        ("Europe/Berlin", time(2, 30), datetime(2026, 3, 28, 22, tzinfo=UTC)),  # the hour is jumped over
        ("Europe/Berlin", time(2, 30), datetime(2026, 10, 24, 22, tzinfo=UTC)),  # it comes twice
        ("Australia/Lord_Howe", time(1, 45), datetime(2026, 4, 4, 10, tzinfo=UTC)),  # by half an hour
        ("America/Sao_Paulo", time(0, 0), datetime(2018, 11, 3, 20, tzinfo=UTC)),  # midnight did not exist
    ],
)
def test_the_night_of_the_change_has_one_digest(zone: str, at: time, night: datetime) -> None:
    room = PostRoom(Plan(mode="digest", digest_at=(at,)), zone=ZoneInfo(zone))
    room.says(1, FIRST, night)
    for quarter in range(4 * 12):
        room.says(2, WORSE, night + quarter * 15 * MINUTE)
        room.leaves(night + quarter * 15 * MINUTE)
    assert len(room.messages()) == 1


steps = st.lists(
    st.tuples(
        st.sampled_from(["tick", "tick", "tick", "says", "urgent"]),
        st.one_of(st.integers(1, 900), st.integers(900, 3000), st.integers(-1500, -1)),  # minutes: clocks step back too
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(steps, st.sampled_from(["Asia/Jakarta", "Europe/Berlin", "Australia/Lord_Howe"]))
def test_whatever_the_clock_does_each_alert_is_told_once_and_each_slot_used_once(
    story: list[tuple[str, int]], zone: str
) -> None:
    room = PostRoom(TWICE_A_DAY, zone=ZoneInfo(zone))
    now, said = datetime(2026, 10, 24, 20, tzinfo=UTC), 0
    for what, minutes in story:
        now += minutes * MINUTE
        if what != "tick":
            said += 1
            room.says(said, FIRST, now, level=Level.EXTREME if what == "urgent" else Level.RISING)
        room.leaves(now)
    room.leaves(now + timedelta(days=3))
    assert room.times_told() == {f"{alert} first": 1 for alert in range(1, said + 1)}
    digests = [d for d in room.store.outbox.list(limit=1000) if d.reason == "digest"]
    assert len(digests) == len(room.store.withheld._tables.slots)  # type: ignore[attr-defined]


# ---------------------------------------------------------------- quiet hours


def test_the_night_is_kept_until_the_morning_in_one_message() -> None:
    room = PostRoom(NIGHT)
    room.says(1, FIRST, jakarta("24 23:00"))
    room.says(2, FIRST, jakarta("25 03:00"))
    assert room.leaves(jakarta("25 05:59")) == 0
    assert room.leaves(jakarta("25 06:00")) == 1
    assert room.messages() == [["1 first", "2 first"]]


def test_what_is_urgent_wakes() -> None:
    room = PostRoom(NIGHT)
    room.says(1, FIRST, jakarta("25 03:00"), level=Level.EXTREME)
    assert room.leaves(jakarta("25 03:00")) == 1


# ---------------------------------------------------------------- ends


def begun(room: PostRoom) -> None:
    room.says(1, FIRST, MORNING)
    room.leaves(MORNING)


def test_the_end_waits_until_the_beginning_has_arrived() -> None:
    room = PostRoom()
    begun(room)  # and the mail server is down
    room.says(1, RESOLVED, MORNING + HOUR)
    assert room.leaves(MORNING + HOUR) == 0
    assert [row.hold for row in room.store.withheld.waiting()] == [Hold.FIRST_UNSENT]
    room.arrives(MORNING + 2 * HOUR)
    assert room.leaves(MORNING + 2 * HOUR) == 1
    assert room.messages() == [["1 first"], ["1 resolved"]]


def test_who_never_got_the_beginning_hears_of_no_end_and_it_is_noted() -> None:
    room = PostRoom()
    begun(room)
    room.says(1, RESOLVED, MORNING + HOUR)
    room.leaves(MORNING + HOUR)
    room.bounces(MORNING + 2 * HOUR)
    assert room.leaves(MORNING + 2 * HOUR) == 0
    assert room.messages() == [["1 first"]]
    assert [row.hold for row in room.store.withheld.of_alert(1)] == [Hold.GROUPED, Hold.UNHEARD]
    assert room.store.withheld.waiting() == ()


def test_an_end_that_waited_keeps_the_quiet_hours() -> None:
    room = PostRoom(NIGHT)
    room.says(1, FIRST, jakarta("24 20:00"))
    room.leaves(jakarta("24 20:00"))
    room.says(1, RESOLVED, jakarta("24 21:00"))
    room.leaves(jakarta("24 21:00"))
    room.arrives(jakarta("25 01:00"))
    assert room.leaves(jakarta("25 01:00")) == 0
    assert room.leaves(jakarta("25 06:00")) == 1


# ---------------------------------------------------------------- silences, meanwhile


def silenced(room: PostRoom, at: datetime, lasts: timedelta = 30 * HOUR) -> Silence:
    """Alert 1 is one on this topic."""
    return room.store.reactions.silence(
        Silence(
            id=0,
            kind=SilenceKind.TOPIC,
            target="topik1",
            comment="uji",
            made_by="Rina",
            made_at=at,
            ends_at=at + lasts,
        )
    )


def test_a_silence_holds_back_what_waits_for_a_digest_until_it_is_over() -> None:
    room = PostRoom(TWICE_A_DAY)
    room.says(1, FIRST, jakarta("25 05:00"))
    room.says(2, FIRST, jakarta("25 05:00"))
    silenced(room, jakarta("25 06:00"))
    room.leaves(MORNING)
    (row,) = room.store.withheld.suppressed(MORNING)
    assert (row.hold, row.why) == (Hold.SILENCED, "Silenced by Rina: uji")
    for hour in range(72):
        room.leaves(MORNING + hour * HOUR)
    assert room.messages() == [["2 first"], ["1 first"]]


def test_a_silence_ended_sooner_lets_it_leave_sooner() -> None:
    room = PostRoom(TWICE_A_DAY)
    room.says(1, FIRST, jakarta("25 05:00"))
    made = silenced(room, jakarta("25 06:00"))
    room.leaves(MORNING)
    room.store.reactions.expire(made.id, "Budi", jakarta("25 08:00"))
    room.leaves(jakarta("25 08:01"))
    assert room.leaves(jakarta("25 15:00")) == 1


def test_what_was_over_before_the_silence_was_is_told_to_nobody() -> None:
    room = PostRoom(TWICE_A_DAY)
    room.says(1, FIRST, jakarta("25 05:00"))
    made = silenced(room, jakarta("25 06:00"))
    room.leaves(MORNING)
    room.says(1, RESOLVED, jakarta("25 08:00"))
    room.store.reactions.expire(made.id, "Budi", jakarta("25 09:00"))
    assert room.leaves(jakarta("25 15:00")) == 0
    assert room.messages() == []
    assert room.store.withheld.waiting() == ()


# ---------------------------------------------------------------- restarts, kills, two workers


def test_what_fails_in_the_middle_did_not_happen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "siaga.db") as store:
        room = PostRoom(TWICE_A_DAY, store=store)
        room.says(1, FIRST, jakarta("25 06:00"))
        room.says(2, FIRST, jakarta("25 06:00"))

        def full(*_: object) -> bool:
            raise StoreError("database or disk is full")

        with monkeypatch.context() as patched:
            patched.setattr(store.withheld, "take_slot", full)
            with pytest.raises(StoreError):
                room.leaves(MORNING)
        assert store.outbox.list() == ()
        assert room.leaves(MORNING + MINUTE) == 1
        assert room.messages() == [["1 first", "2 first"]]


KILLED = """
import os, signal, sys
from datetime import datetime
from postroom import PostRoom
from test_alert_dispatch import TWICE_A_DAY
from collector.store.sqlite import SqliteStore

store = SqliteStore(sys.argv[1])
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
setattr(store.withheld, sys.argv[2], die)
PostRoom(TWICE_A_DAY, store=store).leaves(datetime.fromisoformat(sys.argv[3]))
"""


@pytest.mark.parametrize("at", ["release", "take_slot"])
def test_killed_in_the_middle_of_a_digest_it_is_made_once_after_the_restart(tmp_path: Path, at: str) -> None:
    path = tmp_path / "siaga.db"
    with SqliteStore(path) as store:
        room = PostRoom(TWICE_A_DAY, store=store)
        room.says(1, FIRST, jakarta("25 06:00"))
        room.says(2, FIRST, jakarta("25 06:00"))
    tests = Path(__file__).resolve().parents[1]
    dead = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), at, MORNING.isoformat()],
        env={"PYTHONPATH": f"{tests}:{tests / 'scenario'}:{tests.parent}"},
        check=False,
    )
    assert dead.returncode == -signal.SIGKILL
    with SqliteStore(path) as store:
        room = PostRoom(TWICE_A_DAY, store=store)
        assert room.pending() == 0
        assert room.leaves(MORNING + MINUTE) == 1
        assert room.leaves(MORNING + 2 * MINUTE) == 0
        assert room.messages() == [["1 first", "2 first"]]


def test_two_workers_make_one_message_of_a_group(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "siaga.db") as one, SqliteStore(tmp_path / "siaga.db") as other:
        room = PostRoom(TWICE_A_DAY, store=one)
        for alert_id in range(1, 9):
            room.says(alert_id, FIRST, jakarta("25 06:00"))
        workers = [Dispatch(store, room.receivers) for store in (one, other) * 4]
        with ThreadPoolExecutor(8) as pool:
            made = sum(pool.map(lambda worker: worker.tick(MORNING), workers))
        assert made == 1
        assert room.messages() == [sorted(f"{alert_id} first" for alert_id in range(1, 9))]


def test_a_tick_with_nothing_due_does_not_write(monkeypatch: pytest.MonkeyPatch) -> None:
    room = PostRoom(TWICE_A_DAY)
    room.says(1, FIRST, jakarta("25 06:00"))
    monkeypatch.setattr(room.store, "transaction", lambda **_: pytest.fail("wrote"))
    assert room.leaves(jakarta("25 06:30")) == 0
