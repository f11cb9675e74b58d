"""Due times and covered hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.model.source import Failed, FailureClass, Fetched, Source, SourceState
from collector.sources.schedule import JITTER, LONGEST_WAIT, after_failure, after_success, backoff, covers
from collector.sources.validator import usable_validator

NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
intervals = st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=7))
classes = st.sampled_from(FailureClass)
seeds = st.integers(0, 2**32)


def rng(seed: int) -> Random:
    return Random(seed)


def source(every: timedelta = timedelta(minutes=15)) -> Source:
    return Source(id="s", kind="feed", url="https://example.org/feed", every=every)


def state(**changes: object) -> SourceState:
    return SourceState(**{"source_id": "s", "next_poll_at": NOW, **changes})  # type: ignore[arg-type]


def failed(failure_class: FailureClass = FailureClass.SOFT, retry_after: timedelta | None = None) -> Failed:
    return Failed(
        url="https://example.org/feed",
        failure_class=failure_class,
        reason="503",
        failed_at=NOW,
        duration=timedelta(0),
        retry_after=retry_after,
    )


def fetched(status: int = 200, **headers: str) -> Fetched:
    return Fetched(
        url="https://example.org/feed",
        final_url="https://example.org/feed",
        status=status,
        body=b"" if status == 304 else b"<rss/>",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        fetched_at=NOW,
        duration=timedelta(0),
        body_hash="" if status == 304 else "new",
    )


def test_a_success_forgets_all_failures() -> None:
    after = after_success(state(failure_score=7.5, failures=9, last_error="x"), source(), NOW, fetched(), rng(1))
    assert (after.failure_score, after.failures, after.last_error) == (0.0, 0, None)
    assert after.last_ok_at == after.first_ok_at == NOW


def test_the_first_success_is_remembered() -> None:
    first = NOW - timedelta(days=3)
    assert after_success(state(first_ok_at=first), source(), NOW, fetched(), rng(1)).first_ok_at == first


def test_a_new_body_replaces_validators_and_hash() -> None:
    before = state(etag='"old"', last_modified="yesterday", body_hash="old")
    after = after_success(before, source(), NOW, fetched(etag='"new"'), rng(1))
    assert (after.etag, after.last_modified, after.body_hash) == ('"new"', None, "new")


def test_a_304_keeps_what_it_was_asked_with() -> None:
    before = state(etag='"old"', last_modified="yesterday", body_hash="old")
    after = after_success(before, source(), NOW, fetched(304), rng(1))
    assert (after.etag, after.last_modified, after.body_hash) == ('"old"', "yesterday", "old")


def test_a_failure_keeps_validators_and_success() -> None:
    before = state(etag='"old"', body_hash="old", last_ok_at=NOW)
    after = after_failure(before, source(), failed(), NOW + timedelta(hours=1), rng(1))
    assert (after.etag, after.body_hash, after.last_ok_at) == ('"old"', "old", NOW)


@pytest.mark.parametrize(
    ("failure_class", "minutes"),
    [(FailureClass.HARD, 30), (FailureClass.SOFT, 21.2), (FailureClass.TEMPORARY, 17.8)],
)
def test_a_first_failure_waits_by_its_weight(failure_class: FailureClass, minutes: float) -> None:
    wait = backoff(timedelta(minutes=15), failure_class.weight)
    assert wait.total_seconds() / 60 == pytest.approx(minutes, abs=0.1)


def test_retry_after_is_a_lower_bound() -> None:
    after = after_failure(state(), source(), failed(retry_after=timedelta(hours=2)), NOW, rng(1))
    assert after.next_poll_at == NOW + timedelta(hours=2)


def test_retry_after_is_capped_at_a_day() -> None:
    after = after_failure(state(), source(), failed(retry_after=timedelta(days=400)), NOW, rng(1))
    assert after.next_poll_at == NOW + LONGEST_WAIT


@given(intervals, st.lists(classes, max_size=80), seeds)
def test_no_wait_exceeds_the_cap_or_lies_in_the_past(every: timedelta, run: list[FailureClass], seed: int) -> None:
    dice, current = rng(seed), state()
    for failure_class in run:
        current = after_failure(current, source(every), failed(failure_class), NOW, dice)
        wait = current.next_poll_at - NOW
        assert every * (1 - JITTER) <= wait + timedelta(microseconds=1)
        assert wait <= max(LONGEST_WAIT, every)
    assert current.failures == len(run)


@given(intervals, st.floats(0, 1e6), st.floats(0, 1e6))
def test_more_failures_never_wait_less(every: timedelta, one: float, other: float) -> None:
    assert backoff(every, min(one, other)) <= backoff(every, max(one, other))


@given(intervals, seeds)
def test_a_source_is_due_no_later_than_asked(every: timedelta, seed: int) -> None:
    wait = after_success(state(), source(every), NOW, fetched(), rng(seed)).next_poll_at - NOW
    assert timedelta(0) < wait <= every


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), intervals)  # noqa: DTZ001 - made aware below
def test_covered_hours_are_consecutive_and_hold_the_success(naive: datetime, every: timedelta) -> None:
    now = naive.replace(tzinfo=UTC)
    hours = covers(source(every), now)
    assert hours[0] <= now < hours[0] + timedelta(hours=1)
    assert all(later - earlier == timedelta(hours=1) for earlier, later in pairwise(hours))
    assert now + every <= hours[-1] + timedelta(hours=1)
    assert len(hours) == 1 or hours[-1] < now + every


@pytest.mark.parametrize(
    ("every", "count"),
    [
        (timedelta(minutes=30), 1),  # 03:30 to 04:00: at 04:00 the success is as old as the interval
        (timedelta(minutes=31), 2),
        (timedelta(hours=3), 4),
    ],
)
def test_a_success_covers_the_hours_in_which_it_is_young(every: timedelta, count: int) -> None:
    assert len(covers(source(every), NOW)) == count


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ('"abc"', '"abc"'),
        (' W/"abc" ', 'W/"abc"'),
        ("Wed, 25 Nov 2026 03:30:00 GMT", "Wed, 25 Nov 2026 03:30:00 GMT"),
        ('"caf\xe9"', '"caf\xe9"'),  # obs-text: latin-1, as it came
        ("", None),
        (None, None),
        ('"' + "e" * 60_000 + '"', None),
        ('"a\r\nX-Evil: 1"', None),
        ('"a\x80"', None),
        ('"\u4e2d"', None),  # no header can carry it
    ],
)
def test_absurd_validators_are_not_kept(sent: str | None, kept: str | None) -> None:
    assert usable_validator(sent) == kept
