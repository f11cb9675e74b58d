"""What a report draws: bars beside those compared, coverage, what nobody may split, names that stay text."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import html5lib
from records import draft, record, source

from collector.model.ledger import PublishedCount
from collector.model.phrase import Phrase
from collector.reports import charts
from collector.reports.evenness import Asked
from collector.reports.gather import report
from collector.reports.page import as_html
from collector.reports.period import Report
from collector.reports.window import window_of
from collector.store.memory import MemoryStore

JAKARTA = ZoneInfo("Asia/Jakarta")
HOSTILE = "<img src=x onerror=alert(1)>"


def published(first: str, last: str, issues: int) -> PublishedCount:
    window = window_of(first, last)
    return PublishedCount(id=0, first=window.first, last=window.last, issues=issues, topic="", source=HOSTILE)


def compared(now: datetime) -> Report:
    """Two months beside two others, and a figure of three months that nobody may split."""
    store = MemoryStore()
    rows = [published("2024-10", "2024-10", 8), published("2024-11", "2024-11", 4), published("2023-10", "2023-10", 23)]
    store.figures.add_counts([*rows, published("2024-05", "2024-07", 30)], now)
    before = window_of("2023-10", "2023-11")
    return report(store, window_of("2024-05", "2024-11"), zone=JAKARTA, versus=before, by="month", pictures=True)


def test_a_part_stands_beside_the_compared_one(now: datetime) -> None:
    page = as_html(compared(now), "id")
    assert "<title>Okt 2024: 8 isu (31/31 hari ada datanya)</title>" in page
    assert '<title>Okt 2023: 23 isu (31/31 hari ada datanya)</title><rect class="before"' in page
    assert "<title>Nov 2023: tidak ada data</title>" in page


def test_a_figure_that_is_not_split_stands_whole_over_its_months(now: datetime) -> None:
    page = as_html(compared(now), "en")
    assert page.count('<rect class="whole"') == 3  # wide, narrow, legend
    assert "<title>30 issues, not split</title>" in page


def test_the_page_is_one_file_and_every_word_of_others_is_text(now: datetime) -> None:
    page = as_html(compared(now), "id")
    assert HOSTILE not in page
    assert not re.search(r"<script|<link|<img|url\(", page)
    parser = html5lib.HTMLParser(strict=True)
    assert parser.parse(page) is not None


def test_topics_are_drawn_by_one_scale_under_their_names(now: datetime) -> None:
    store = MemoryStore()
    store.sources.register((source(),), now)
    line = charts.TopicLine(topic="bansos", counts=(4, 8), before=(2,))
    drawn = "".join(charts.multiples([line], {"bansos": Phrase(id="Bantuan <sosial>", en="Aid")}, "id"))
    assert "Bantuan &lt;sosial&gt;" in drawn
    heights = [float(height) for height in re.findall(r'<rect [^>]*height="([0-9.]+)"', drawn)]
    assert heights == [12.5, 25.0, 50.0]


def test_a_course_of_every_step_is_drawn(now: datetime) -> None:
    store = MemoryStore()
    store.sources.register((source(),), now - timedelta(days=40))
    day = now.astimezone(JAKARTA).date()
    store.figures.add_counts([published(str(day), str(day), 3)], now)
    for by in ("day", "week", "month"):
        found = report(store, window_of(str(day - timedelta(days=40)), str(day)), zone=JAKARTA, by=by, pictures=True)
        assert charts.has_course(found)
        assert '<svg class="bars large wide"' in as_html(found, "en")


def test_a_share_is_drawn_with_its_interval_and_faint_where_it_says_little(now: datetime) -> None:
    store = MemoryStore()
    store.sources.register((source(),), now - timedelta(days=2))
    store.items.record_poll(record(draft("a", title="Prabowo membagi bansos, sebarkan!"), at=now))
    store.items.index_pending(10)
    asked = (
        Asked(kind="candidate", name="Prabowo", phrases=("Prabowo",)),
        Asked(kind="party", name="X", phrases=("X",)),
    )
    day = now.astimezone(JAKARTA).date()
    page = as_html(report(store, window_of(str(day), str(day)), zone=JAKARTA, even=asked), "en")
    assert '<svg class="interval faint"' in page
    assert '1/1 = 100.0 % <span class="soft">[20.7–100.0 %]</span>' in page
    assert "1 item only: too few to conclude anything" in page
    assert "Named in no item: X." in page


def test_levels_are_whole_and_reach_the_top() -> None:
    for top in (0, 1, 3, 7, 52, 379, 12_345):
        found = charts.levels(top)
        assert found[0] == 0
        assert found[-1] >= top
        assert all(level == int(level) for level in found)
        assert len(found) <= 6


def test_nothing_is_drawn_where_nothing_was_counted(now: datetime) -> None:
    found = report(MemoryStore(), window_of("2024-01", "2024-03"), zone=JAKARTA, by="month", pictures=True)
    assert not charts.has_course(found)
    assert "<figure>" not in as_html(found, "id")


def test_dates_of_a_year_are_named_where_there_is_room(now: datetime) -> None:
    store = MemoryStore()
    store.sources.register((source(),), now)
    store.figures.add_counts([published("2024-01-02", "2024-01-02", 3)], now)
    found = report(store, window_of("2024-01-01", str(date(2024, 12, 31))), zone=JAKARTA, by="day", pictures=True)
    names = re.findall(r'text-anchor="middle">([^<]+)', "".join(charts.course(found, "id")))
    assert "1 Jan" in names
    assert len(names) < 60
