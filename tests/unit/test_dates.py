"""Dates as Indonesian pages and the world's feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.sources.dates import parse_date

NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)  # 10:30 WIB on a Wednesday


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        # the forms listed in the calibration notes
        ("Fri, 05 Jun 2026 14:30:00 +0700", utc(2026, 6, 5, 7, 30)),
        ("Thu, 23 Jul 2026 20:26:20 GMT", utc(2026, 7, 23, 20, 26, 20)),
        ("Kompas.com - 13/02/2024, 15:42 WIB", utc(2024, 2, 13, 8, 42)),
        ("Selasa, 14 Januari 2025 09:00 WIB", utc(2025, 1, 14, 2)),
        ("diperbarui 08 Jan 2025, 15:58 WIB", utc(2025, 1, 8, 8, 58)),
        ("26 Apr 2025, 16:00 WIB", utc(2025, 4, 26, 9)),
        ("Selasa, 4 Maret 2025 | 13:55 WIB", utc(2025, 3, 4, 6, 55)),
        ("Rabu, 27 November 2024 | 14:05 WIB", utc(2024, 11, 27, 7, 5)),
        ("Kamis 22/02/2024 pukul 05:55", utc(2024, 2, 21, 22, 55)),
        ("Tanggal publish: 02/09/2025", utc(2025, 9, 1, 17)),
        ("Rabu (26/2/2025)", utc(2025, 2, 25, 17)),
        ("11/2/2026 17:16", utc(2026, 2, 11, 10, 16)),
        ("Jum'at | 10-01-2025 | 12:04 WIB", utc(2025, 1, 10, 5, 4)),
        ("Jum’at, 10 Januari 2025 pukul 10.30 WIB", utc(2025, 1, 10, 3, 30)),
        ("18 Nov 2023", utc(2023, 11, 17, 17)),
        ("Kamis, 20 November 2025", utc(2025, 11, 19, 17)),
        # the other two zones, short and old month names
        ("Senin, 6 Okt 2025 08.00 WITA", utc(2025, 10, 6, 0)),
        ("Senin, 6 Oktober 2025 08:00 WIT", utc(2025, 10, 5, 23)),
        ("1 Pebruari 2025 00:00 WIB", utc(2025, 1, 31, 17)),
        ("1 Nopember 2025 07:00 WIB", utc(2025, 11, 1)),
        ("1 Agu 2025 07:00 WIB", utc(2025, 8, 1)),
        ("1 Agt 2025 07:00 WIB", utc(2025, 8, 1)),
        ("1 Ags 2025 07:00 WIB", utc(2025, 8, 1)),
        ("1 Sept. 2025 07:00 WIB", utc(2025, 9, 1)),
        ("1 Mei 2025 07:00 WIB", utc(2025, 5, 1)),
        ("1 Des 2025 07:00 WIB", utc(2025, 12, 1)),
        ("Ahad, 5 Januari 2025, 07:00 WIB", utc(2025, 1, 5)),
        ("14:05 WIB, 27 November 2024", utc(2024, 11, 27, 7, 5)),
        ("10/05/26", utc(2026, 5, 9, 17)),  # day first, always
        # what standards ask for, and what content systems make of it
        ("2026-10-05T08:00:00+07:00", utc(2026, 10, 5, 1)),
        ("2026-10-05T08:00:00Z", utc(2026, 10, 5, 8)),
        ("2026-10-05T08:00:00.123Z", utc(2026, 10, 5, 8).replace(microsecond=123000)),
        ("2026-10-05 08:00:00", utc(2026, 10, 5, 1)),
        ("2026-10-05", utc(2026, 10, 4, 17)),
        ("2026-10-05T08:00:00+07:00[Asia/Jakarta]", utc(2026, 10, 5, 1)),
        ("Mon, 5 Oct 2026 08:00 +0700", utc(2026, 10, 5, 1)),
        ("Sun, 01 Nov 2026 01:30:00 EDT", utc(2026, 11, 1, 5, 30)),
        ("Tue, 30 Jun 2026 23:59:60 GMT", utc(2026, 6, 30, 23, 59, 59)),
        ("Mon Oct  5 08:00:00 2026", utc(2026, 10, 5, 1)),
        ("Mon Oct 5 08:00:00 UTC 2026", utc(2026, 10, 5, 8)),
        ("Oct 5, 2026 8:00 PM", utc(2026, 10, 5, 13)),
        ("October 5th, 2026", utc(2026, 10, 4, 17)),
        ("1791158400", utc(2026, 10, 5)),
        ("1791158400000", utc(2026, 10, 5)),
        # told from now
        ("2 jam yang lalu", NOW - timedelta(hours=2)),
        ("15 menit lalu", NOW - timedelta(minutes=15)),
        ("sejam yang lalu", NOW - timedelta(hours=1)),
        ("3 hari yang lalu", NOW - timedelta(days=3)),
        ("2 hours ago", NOW - timedelta(hours=2)),
        ("an hour ago", NOW - timedelta(hours=1)),
        ("baru saja", NOW),
        ("kemarin", utc(2026, 11, 23, 17)),
        ("Kemarin, 14:05 WIB", utc(2026, 11, 24, 7, 5)),
        ("hari ini", utc(2026, 11, 24, 17)),
        ("Hari ini 09.15 WIB", utc(2026, 11, 25, 2, 15)),
        ("pukul 10.30 WIB", NOW),
        ("pukul 23.00 WIB", utc(2026, 11, 24, 16)),  # not yet today, so yesterday's
    ],
)
def test_a_date_is_understood(text: str, moment: datetime) -> None:
    assert parse_date(text, now=NOW, thorough=False) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "besok",
        "NaN",
        "-1",
        "0",
        "99999999999999999999",
        "Mon, 30 Feb 2026 10:00:00 +0700",
        "Mon, 05 Oct 2026 25:61:61 +0700",
        "Mon, 05 Oct 2026 08:00:00 +9999",
        "Sun, 06 Nov 0000 08:49:37 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "1448-04-23",
        "5 Safar 1448 H",
        "31/31/2026",
        "Oct 5, 2026 13:00 PM",
        "KPU 1.000.000 suara",
        "x" * 1_000,
    ],
)
def test_what_names_no_possible_moment_is_none(text: str) -> None:
    assert parse_date(text, now=NOW) is None


def test_a_time_without_a_zone_is_in_the_zone_one_asks_for() -> None:
    wita = timezone(timedelta(hours=8))
    assert parse_date("1 Mei 2025 08:00", now=NOW, fallback_zone=wita) == utc(2025, 5, 1)


def test_dateparser_understands_what_our_patterns_leave_over() -> None:
    assert parse_date("5 de 10, 2026", now=NOW, thorough=False) is None
    assert parse_date("Senin tanggal 5 bulan Oktober tahun 2026", now=NOW, thorough=False) is None
    assert parse_date("2026 Oktober 5", now=NOW) == utc(2026, 10, 4, 17)


@given(st.text(max_size=130))
def test_it_never_raises_and_never_returns_a_naive_moment(text: str) -> None:
    found = parse_date(text, now=NOW, thorough=False)
    assert found is None or found.tzinfo is UTC


@given(st.integers(631_152_000, 4_102_444_800))
def test_a_moment_survives_being_written(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert parse_date(moment.isoformat(), now=NOW) == moment
    assert parse_date(moment.strftime("%a, %d %b %Y %H:%M:%S GMT"), now=NOW) == moment
