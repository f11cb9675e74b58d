"""Every time that leaves Siaga is written in one way, and read in any."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from notices import AT, notice

from alerts.notice import from_json, to_json
from collector.model.clock import rfc3339, rfc3339_or_none

WIB = timezone(timedelta(hours=7))


def test_a_time_is_told_in_utc_to_the_second_with_a_z() -> None:
    assert rfc3339(datetime(2026, 11, 25, 10, 30, 5, 999_999, tzinfo=WIB)) == "2026-11-25T03:30:05Z"
    assert rfc3339_or_none(None) is None
    assert rfc3339_or_none(AT) == "2026-11-25T03:30:00Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        rfc3339(AT.replace(tzinfo=None))


def test_a_stored_message_is_written_so_and_one_of_an_earlier_version_still_read() -> None:
    exact = replace(notice(), at=AT.replace(microsecond=1500).astimezone(UTC))
    text = to_json(exact)
    assert "+00:00" not in text
    assert from_json(text) == from_json(text.replace('Z"', '+00:00"')) == exact
