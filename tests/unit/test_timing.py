"""When one receiver is told, and why not sooner."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.timing import Timing, company, timing
from collector.model.alert import AlertReason
from collector.model.level import Level, level_of
from collector.model.plan import Plan, QuietHours
from collector.model.withheld import Hold

ZONE = ZoneInfo("Asia/Jakarta")
NOON, MIDNIGHT = datetime(2026, 11, 25, 5, tzinfo=UTC), datetime(2026, 11, 25, 17, tzinfo=UTC)  # 12:00 and 00:00 WIB
DIGEST: dict[str, Any] = {"mode": "digest", "digest_at": (time(7), time(15))}
NIGHT: dict[str, Any] = {"quiet_hours": QuietHours(start=time(22), end=time(6))}
FIRST, WORSE, STILL, RESOLVED = AlertReason


def when(now: datetime, reason: AlertReason = FIRST, level: Level = Level.RISING, **plan: Any) -> Timing:
    return timing(Plan(**plan), reason, level, now, ZONE)


def test_without_wishes_it_leaves_at_once() -> None:
    assert (when(NOON).hold, when(NOON).until_at) == (Hold.GROUPED, NOON)


def test_what_is_new_waits_for_others_and_news_of_it_does_not() -> None:
    wait = timedelta(minutes=5)
    assert when(NOON, group_wait=wait).until_at == NOON + wait
    assert when(NOON, WORSE, group_wait=wait).until_at == NOON


def test_a_reader_of_digests_is_told_at_the_next_one() -> None:
    found = when(NOON, **DIGEST)
    assert (found.hold, found.until_at) == (Hold.DIGEST, NOON + timedelta(hours=3))
    assert found.why.en == "Waits for the digest of 25 November 2026 15:00 WIB"
    assert found.why.id == "Menunggu ringkasan 25 November 2026 15.00 WIB"


def test_quiet_hours_keep_until_they_end() -> None:
    found = when(MIDNIGHT, **NIGHT)
    assert (found.hold, found.until_at) == (Hold.QUIET_HOURS, MIDNIGHT + timedelta(hours=6))
    assert when(NOON, **NIGHT).hold is Hold.GROUPED


@pytest.mark.parametrize("wish", [DIGEST, NIGHT])
@pytest.mark.parametrize("reason", [FIRST, WORSE, STILL])
def test_what_is_urgent_breaks_through(wish: dict[str, Any], reason: AlertReason) -> None:
    assert when(MIDNIGHT, reason, Level.EXTREME, **wish).hold is Hold.GROUPED
    assert when(MIDNIGHT, reason, Level.SHARP, **wish).hold is not Hold.GROUPED
    assert when(MIDNIGHT, reason, Level.SHARP, urgent_from=Level.SHARP, **wish).hold is Hold.GROUPED
    assert when(MIDNIGHT, reason, Level.EXTREME, urgent_from=None, **wish).hold is not Hold.GROUPED


@pytest.mark.parametrize("wish", [DIGEST, NIGHT])
def test_nobody_is_woken_to_hear_that_it_is_over(wish: dict[str, Any]) -> None:
    assert when(MIDNIGHT, RESOLVED, Level.EXTREME, **wish).hold is not Hold.GROUPED


@pytest.mark.parametrize(
    ("count", "limit", "level"),
    [
        (5, 5.0, "rising"),
        (9, 5.0, "rising"),
        (10, 5.0, "sharp"),
        (19, 5.0, "sharp"),
        (20, 5.0, "extreme"),
        (3, 0.5, "sharp"),
    ],
)
def test_the_level_is_the_count_beside_the_smallest_that_is_a_spike(count: int, limit: float, level: str) -> None:
    assert level_of(count, limit) == level


def test_company_is_kept_by_what_the_receiver_names() -> None:
    about: dict[str, Any] = {"rule": "lonjakan", "subject": "topic:bansos", "level": Level.SHARP}
    assert company(Plan(), **about) == ""
    assert company(Plan(group_by=("topic", "rule")), **about) == "topic:bansos\nlonjakan"


def test_a_digest_needs_its_times() -> None:
    with pytest.raises(ValueError, match="digest_at"):
        Plan(mode="digest")
