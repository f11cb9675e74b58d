"""Times of day as moments, in zones whose clocks jump."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.slots import last_slot, next_slot, quiet_until
from collector.model.plan import QuietHours

ZONES = ("Asia/Jakarta", "Asia/Jayapura", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia")
JAKARTA, BERLIN = ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/Berlin")
MORNING, AFTERNOON = time(7), time(15)
NIGHT = QuietHours(start=time(22), end=time(6))

moments = st.integers(1_262_304_000, 1_893_456_000).map(lambda at: datetime.fromtimestamp(at, UTC))  # 2010 to 2030
times = st.lists(st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=1, max_size=4, unique=True)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_slots_are_times_of_the_configured_zone() -> None:
    now = utc("2026-11-25T00:30")  # 07:30 in Jakarta
    assert last_slot((MORNING, AFTERNOON), now, JAKARTA).name == "2026-11-25 07:00"
    assert next_slot((MORNING, AFTERNOON), now, JAKARTA).at == utc("2026-11-25T08:00")


def test_a_slot_comes_at_its_very_moment() -> None:
    assert last_slot((MORNING,), utc("2026-11-25T00:00"), JAKARTA).at == utc("2026-11-25T00:00")
    assert next_slot((MORNING,), utc("2026-11-25T00:00"), JAKARTA).at == utc("2026-11-26T00:00")


def test_a_time_that_the_clocks_jump_over_comes_once_and_later() -> None:
    before = utc("2026-03-29T00:00")
    slot = next_slot((time(2, 30),), before, BERLIN)
    assert (slot.name, slot.at) == ("2026-03-29 02:30", utc("2026-03-29T01:30"))  # 03:30 on the new clock
    assert next_slot((time(2, 30),), slot.at, BERLIN).name == "2026-03-30 02:30"


def test_a_time_that_comes_twice_counts_once() -> None:
    slot = next_slot((time(2, 30),), utc("2026-10-24T12:00"), BERLIN)
    assert slot.at == utc("2026-10-25T00:30")
    second = utc("2026-10-25T01:30")  # 02:30 again
    assert last_slot((time(2, 30),), second, BERLIN) == slot
    assert next_slot((time(2, 30),), second, BERLIN).name == "2026-10-26 02:30"


@given(moments, times, st.sampled_from(ZONES))
def test_the_last_slot_has_come_and_the_next_has_not(now: datetime, at: list[time], zone: str) -> None:
    last, coming = last_slot(at, now, ZoneInfo(zone)), next_slot(at, now, ZoneInfo(zone))
    assert last.at <= now < coming.at
    assert last.name != coming.name


@given(moments, times, st.sampled_from(ZONES))
def test_stepping_from_slot_to_slot_names_each_once(now: datetime, at: list[time], zone: str) -> None:
    names = []
    for _ in range(12):
        slot = next_slot(at, now, ZoneInfo(zone))
        names.append(slot.name)
        now = slot.at
    assert len(set(names)) == 12


@pytest.mark.parametrize(
    ("clock", "until"),
    [
        ("14:59", None),
        ("15:00", "23:00"),  # 22:00 in Jakarta is 15:00 UTC
        ("22:59", "23:00"),
        ("23:00", None),
    ],
)
def test_quiet_hours_over_midnight(clock: str, until: str | None) -> None:
    found = quiet_until(NIGHT, utc(f"2026-11-25T{clock}"), JAKARTA)
    assert found == (utc(f"2026-11-25T{until}") if until else None)


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    noon = QuietHours(start=time(12), end=time(13))
    assert quiet_until(noon, utc("2026-11-25T05:30"), JAKARTA) == utc("2026-11-25T06:00")
    assert quiet_until(None, utc("2026-11-25T05:30"), JAKARTA) is None


@given(moments, st.sampled_from(ZONES))
def test_quiet_hours_end_within_a_day(now: datetime, zone: str) -> None:
    until = quiet_until(NIGHT, now, ZoneInfo(zone))
    assert until is None or now < until <= now + timedelta(hours=25)


def test_quiet_hours_need_two_times() -> None:
    with pytest.raises(ValueError, match="different times"):
        QuietHours(start=time(6), end=time(6))
