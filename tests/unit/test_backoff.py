"""When a delivery is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.backoff import CAP, SCHEDULE, next_attempt_at

NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
WAITS = [
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
]


def test_the_waits_are_those_of_standard_webhooks() -> None:
    assert [next_attempt_at(n, NOW) for n in range(1, 10)] == [NOW + wait for wait in WAITS]


def test_after_the_tenth_attempt_it_gives_up() -> None:
    assert next_attempt_at(len(SCHEDULE), NOW) is None
    assert next_attempt_at(99, NOW, retry_after=timedelta(seconds=1)) is None


def test_a_longer_retry_after_is_honoured() -> None:
    assert next_attempt_at(1, NOW, retry_after=timedelta(minutes=7)) == NOW + timedelta(minutes=7)


def test_a_shorter_retry_after_does_not_hurry_us() -> None:
    assert next_attempt_at(4, NOW, retry_after=timedelta(seconds=1)) == NOW + timedelta(hours=2)


@given(
    attempts=st.integers(1, 9),
    asked=st.none() | st.timedeltas(timedelta(0), timedelta(days=400)),
    jitter=st.floats(0, 1),
)
def test_the_wait_never_exceeds_a_day_and_is_never_shorter_than_planned(
    attempts: int, asked: timedelta | None, jitter: float
) -> None:
    again = next_attempt_at(attempts, NOW, retry_after=asked, jitter=jitter)
    assert again is not None
    assert NOW + SCHEDULE[attempts] <= again <= NOW + CAP


@pytest.mark.parametrize("attempts", [0, -1])
def test_attempts_count_from_one(attempts: int) -> None:
    with pytest.raises(ValueError, match="starts at 1"):
        next_attempt_at(attempts, NOW)


@pytest.mark.parametrize("jitter", [-0.1, 1.1])
def test_jitter_lies_between_nothing_and_one(jitter: float) -> None:
    with pytest.raises(ValueError, match=r"0\.\.1"):
        next_attempt_at(1, NOW, jitter=jitter)
