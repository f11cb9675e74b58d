"""Retry-After, in seconds or as a date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.net.retry_after import LONGEST_WAIT, retry_after

NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 5 ", timedelta(seconds=5)),
        ("0", None),
        ("-5", None),
        ("99999999999999999999", LONGEST_WAIT),
        ("9" * 5000, None),  # no moment; and int() would refuse it
        ("٣", None),  # a digit, but no number in a header
        ("Wed, 25 Nov 2026 04:00:00 GMT", timedelta(minutes=30)),
        ("Wed, 25 Nov 2026 11:00:00 +0700", timedelta(minutes=30)),
        ("Wed, 25 Nov 2026 04:00:00 -0000", timedelta(minutes=30)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT),
        ("Wed, 25 Nov 2026 03:00:00 GMT", None),  # already over
        ("besok pagi", None),
        ("", None),
        (None, None),
    ],
)
def test_the_wait_a_server_asks_for(text: str | None, wait: timedelta | None) -> None:
    assert retry_after(text, NOW) == wait


@given(st.text(max_size=80))
def test_nothing_a_server_sends_is_an_error_or_more_than_a_day(text: str) -> None:
    wait = retry_after(text, NOW)
    assert wait is None or timedelta(0) < wait <= LONGEST_WAIT
