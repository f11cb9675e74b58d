"""Pictures: what they must hold, how large they may be, and that nothing in a title breaks them."""

from __future__ import annotations

import struct
import time
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from alerts.picture.axis import levels, marks
from alerts.picture.chart import Alarm, Style, chart
from alerts.picture.days import fourteen_days
from alerts.picture.palette import PALETTES
from alerts.picture.png import FONTS, png
from collector.model.alert import Reading, ReadingState
from collector.model.clock import HOUR
from collector.model.phrase import Phrase

START = datetime(2026, 11, 1, tzinfo=UTC)
JAKARTA = ZoneInfo("Asia/Jakarta")
STYLE = Style(zone=JAKARTA)
SAY = Phrase(id="x.", en="x.")
SVG = "{http://www.w3.org/2000/svg}"


def reading(hour: int, observed: int, state: ReadingState = ReadingState.QUIET, expected: float | None = 4) -> Reading:
    return Reading(
        bucket_start=START + hour * HOUR,
        observed=observed,
        publishers=2,
        score=1.0,
        expected=expected,
        limit=9.0,
        state=state,
        reason=SAY,
    )


def readings(hours: int) -> list[Reading]:
    missing = range(20, 30)
    return [
        reading(
            hour, 0 if hour in missing else hour % 8, ReadingState.MISSING if hour in missing else ReadingState.QUIET
        )
        for hour in range(hours)
    ]


def words(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 - our own


def size(body: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", body[16:24])
    return width, height


def test_a_chart_names_what_it_shows() -> None:
    alarm = Alarm(start=START + 40 * HOUR, end=START + 50 * HOUR)
    said = words(chart("Judi online", "Sebutan dalam 6 jam", readings(100), [alarm], STYLE))
    assert {"Judi online", "Sebutan dalam 6 jam", "hitungan", "kisaran biasa", "batas"} <= set(said)
    assert {"peringatan", "tidak terpantau", "3 Nov"} <= set(said)


def test_the_legend_names_only_what_is_there() -> None:
    said = words(chart("Judi online", "", [reading(hour, 2, expected=None) for hour in range(60)], [], STYLE))
    assert {"kisaran biasa", "peringatan", "tidak terpantau"}.isdisjoint(said)


def test_words_are_in_the_chosen_language() -> None:
    said = words(chart("Judol", "", readings(60), [], Style(zone=JAKARTA, language="en")))
    assert {"count", "usual range", "limit", "not watched"} <= set(said)


def test_hours_nobody_watched_are_hatched() -> None:
    assert "url(#hatch)" in chart("x", "", readings(60), [], STYLE)
    assert 'fill="url(#hatch)"' not in chart("x", "", [reading(hour, 1) for hour in range(60)], [], STYLE)


def test_the_axis_is_in_the_zone() -> None:
    """The first of November begins at 17:00 UTC of the day before in Jakarta."""
    first = marks(START - 12 * HOUR, START + timedelta(days=5), JAKARTA, "id", 8)[0]
    assert (first.at.astimezone(UTC), first.words) == (datetime(2026, 10, 31, 17, tzinfo=UTC), "1 Nov")


@pytest.mark.parametrize(
    ("days", "some"), [(1, "12.00"), (6, "3 Nov"), (40, "16 Nov"), (300, "Jan 2027"), (3000, "Jan 2030")]
)
def test_marks_suit_the_length_of_time(days: int, some: str) -> None:
    found = marks(START, START + timedelta(days=days), JAKARTA, "id", 9)
    assert 2 <= len(found) <= 10
    assert some in [mark.words for mark in found]


@pytest.mark.parametrize("top", [0, 1, 3, 9, 10, 47, 99, 1001, 123456])
def test_levels_are_round_and_reach_the_top(top: float) -> None:
    found = levels(top)
    assert found[0] == 0
    assert found[-1] >= top
    assert 2 <= len(found) <= 6
    assert all(level == int(level) for level in found)


def test_a_year_is_a_small_picture() -> None:
    assert len(chart("x", "", readings(24 * 365), [], STYLE)) < 60_000


def test_an_empty_chart_says_so() -> None:
    assert "Belum ada data." in words(chart("Judi online", "", [], [], STYLE))


@pytest.mark.parametrize("title", ['<script>"&', "\x00\x1b[31m", "\ud800", "a" * 500, "سلام", ""])
def test_no_title_breaks_a_picture(title: str) -> None:
    for svg in (chart(title, title, readings(50), [], STYLE), fourteen_days([1, 2], date(2026, 11, 25), title)):
        assert png(svg).startswith(b"\x89PNG")


def test_fourteen_days_are_light_enough_for_a_mail() -> None:
    svg = fourteen_days([3, 5, 2, 0, 0, 4, 6, 5, 3, 7, 2, 1, 9, 31], date(2026, 11, 25), "Per hari")
    png(svg)
    started = time.process_time()
    body = png(svg, scale=2)
    assert time.process_time() - started < 0.3  # 30 ms on a free machine
    assert len(body) < 60_000
    assert size(body) == (1200, 360)


def test_the_newest_day_stands_out() -> None:
    svg = fourteen_days([1] * 14, date(2026, 11, 25), "Per hari")
    assert svg.count(f'fill="{PALETTES["light"].alarm}"') == 2  # its bar and its number
    assert "25 Nov" in words(svg)


def test_text_is_drawn_with_the_shipped_font() -> None:
    """Without a font the renderer drops text silently."""
    with_words = png(fourteen_days([0], date(2026, 11, 25), "Per hari"))
    without = png(fourteen_days([0], date(2026, 11, 25), ""))
    assert with_words != without
    assert {"LICENSE", "Roboto-Regular.ttf", "Roboto-Bold.ttf"} <= {path.name for path in FONTS.iterdir()}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_and_lines_can_be_told_from_the_paper(theme: str) -> None:
    palette = PALETTES[theme]  # type: ignore[index]
    for colour in (palette.ink, palette.muted, palette.count, palette.limit, palette.alarm):
        assert contrast(colour, palette.paper) >= 4.5


def contrast(one: str, other: str) -> float:
    """As WCAG 2 reckons it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
