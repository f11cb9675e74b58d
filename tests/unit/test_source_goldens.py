"""Documents of every kind beside the entries expected of them (``tests/golden/sources``). All are made up.

To write the expectations anew after a change that is meant, set SIAGA_GOLDEN=write and run this file; then read the
difference.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.model.source import Fetched, Source
from collector.sources.base import Parsed, SourceKind
from collector.sources.feed import FeedKind
from collector.sources.page import PageKind
from collector.sources.sitemap import SitemapKind
from collector.sources.telegram import TelegramKind

GOLDEN = Path(__file__).parent.parent / "golden" / "sources"
NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
SELECTORS = {"item": "div.card", "title": "h5 a", "link": "h5 a", "summary": "p", "date": ".date"}

CASES: list[tuple[str, SourceKind, str, str]] = [
    ("rss20.xml", FeedKind(), "https://kabarnusa.example/feed", "application/rss+xml"),
    ("rss091.xml", FeedKind(), "https://wartalama.example/rss", "text/xml"),
    ("rdf.xml", FeedKind(), "https://arsip.example/rdf", "application/rdf+xml"),
    ("atom10.xml", FeedKind(), "https://suaradaerah.example/atom.xml", "application/atom+xml; charset=utf-8"),
    ("jsonfeed.json", FeedKind(), "https://papanwarga.example/feed.json", "application/feed+json"),
    ("google_news.xml", FeedKind(), "https://news.google.com/rss/search?q=x", "application/xml; charset=utf-8"),
    ("mastodon_tag.xml", FeedKind(), "https://jejaring.example/tags/pemilu.rss", "application/rss+xml"),
    (
        "youtube.xml",
        FeedKind(),
        "https://www.youtube.com/feeds/videos.xml?channel_id=UCcontoh",
        "text/xml; charset=UTF-8",
    ),
    ("reddit.xml", FeedKind(), "https://www.reddit.com/r/contoh/new/.rss", "application/atom+xml; charset=UTF-8"),
    ("broken_windows1252.xml", FeedKind(), "https://kafe.example/rss", "text/html"),
    ("page.html", PageKind(), "https://komisi.example/berita", "text/html; charset=utf-8"),
    ("sitemap_news.xml", SitemapKind(), "https://kabarnusa.example/sitemap-news.xml", "application/xml"),
    ("sitemap_index.xml", SitemapKind(), "https://kabarnusa.example/sitemap.xml", "application/xml"),
    ("telegram.html", TelegramKind(), "https://t.me/s/kanalcontoh", "text/html; charset=utf-8"),
]


def read(name: str, kind: SourceKind, url: str, content_type: str) -> Parsed:
    source = Source(id="contoh", kind=kind.name, url=url, options=SELECTORS if kind.name == "page" else {})
    answer = Fetched(
        url=url,
        final_url=url,
        status=200,
        body=(GOLDEN / name).read_bytes(),
        headers={"content-type": content_type},
        fetched_at=NOW,
        duration=timedelta(0),
    )
    return kind.parse(source, answer)


def as_data(parsed: Parsed) -> Mapping[str, object]:
    """What can be written down, without what is absent."""
    data = asdict(parsed)
    data["entries"] = [
        {key: value for key, value in entry.items() if value not in (None, "")} for entry in data["entries"]
    ]
    told: Mapping[str, object] = json.loads(json.dumps(data, default=str))
    return told


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_a_document_holds_the_entries_expected_of_it(case: tuple[str, SourceKind, str, str]) -> None:
    found = as_data(read(*case))
    expected = GOLDEN / f"{case[0]}.expected.json"
    if os.environ.get("SIAGA_GOLDEN") == "write":
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert found == json.loads(expected.read_text(encoding="utf-8"))
