"""Words in disguise through the whole pipeline: from the bytes of a feed, or of an article page, to what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fakes import FakeClock, FakeFetcher, rss

from collector.app import App
from collector.config.settings import Settings
from collector.config.topics import shipped_topics
from collector.model.source import Source
from collector.model.topic import Span
from collector.reading import Outcome
from collector.store.base import JudgedItem, MentionFilter

pytestmark = pytest.mark.shared

FEED = "https://example.test/feed"
STORY = "https://example.test/cerita"
WORDS = "Petugas menjelaskan tata cara kepada warga yang datang sejak pagi di balai desa itu. " * 4
# Trap, how many disguised titles it holds, topics that each of them has. An honest SENTINEL ends every trap.
ALPHABETS = ("text-fancy-unicode", 8, {"judi_online", "pemilu_umum"})
ZERO_WIDTH = ("text-zero-width", 4, {"pemilu_umum"})
HOMOGLYPHS = ("text-homoglyphs", 3, {"pemilu_umum"})
DISGUISES = [ALPHABETS, ZERO_WIDTH, HOMOGLYPHS]
OTHERS = [
    ("text-nfd-mixed", 2, {"pemilu_umum"}),
    ("text-bidi", 2, {"pemilu_umum"}),
    ("text-casefold-length", 1, {"pemilu_umum", "bansos"}),
]


@pytest.fixture
def fetcher(now: datetime) -> FakeFetcher:
    return FakeFetcher(FakeClock(now))


@pytest.fixture
def app(tmp_path: Path, fetcher: FakeFetcher, now: datetime) -> Iterator[App]:
    """The real parts over a database file; only the network is made up."""
    source = Source(id="uji", kind="feed", url=FEED, article=True)
    topics = tuple(shipped_topics().values())
    settings = Settings(path=Path("x.yaml"), database=tmp_path / "siaga.db", sources=(source,), topics=topics)
    made = App.build(settings, clock=FakeClock(now))
    made.__dict__["fetcher"] = fetcher  # as if it had been built
    made.store.sources.register(settings.sources, now)
    yield made
    made.store.close()


def trap(shared: Path, name: str) -> bytes:
    return (shared / "data" / "hostile" / "traps" / f"{name}.xml").read_bytes()


def spelled(feed: bytes) -> set[str]:
    """The disguised titles exactly as the feed spells them, by a parser that is not ours."""
    titles = [item.findtext("title") or "" for item in ElementTree.fromstring(feed).iter("item")]  # noqa: S314 - ours
    return {" ".join(title.split()) for title in titles if not title.startswith("SENTINEL")}


def stored(app: App) -> list[JudgedItem]:
    found = app.store.items.list(MentionFilter(on_topic_only=False))
    return [item for item in found if not item.item.title.startswith("SENTINEL")]


def evidence(item: JudgedItem) -> list[Span]:
    return [span for mention in item.mentions for span in mention.spans]


def is_disguised(span: Span) -> bool:
    return span.surface.lower() != span.term


@pytest.mark.parametrize(("name", "count", "topics"), DISGUISES + OTHERS)
def test_every_disguised_title_is_stored_as_spelled_and_matched(
    shared: Path, app: App, fetcher: FakeFetcher, name: str, count: int, topics: set[str]
) -> None:
    feed = trap(shared, name)
    fetcher.will_return(FEED, feed)
    app.pipeline.poll(app.settings.sources[0])
    items = stored(app)
    assert len(items) == count
    assert {item.item.title for item in items} == spelled(feed)
    assert [item.item.title for item in items if not topics <= {m.topic_id for m in item.mentions}] == []


@pytest.mark.parametrize(("name", "count", "topics"), DISGUISES + OTHERS)
def test_the_evidence_is_the_spelling_that_stands_in_the_title(
    shared: Path, app: App, fetcher: FakeFetcher, name: str, count: int, topics: set[str]
) -> None:
    fetcher.will_return(FEED, trap(shared, name))
    app.pipeline.poll(app.settings.sources[0])
    for item in stored(app):
        for span in evidence(item):
            assert span.field == "title"
            assert span.surface == item.item.title[span.start : span.end]


@pytest.mark.parametrize(("name", "count", "topics"), DISGUISES)
def test_the_disguise_itself_is_kept_as_evidence(
    shared: Path, app: App, fetcher: FakeFetcher, name: str, count: int, topics: set[str]
) -> None:
    fetcher.will_return(FEED, trap(shared, name))
    app.pipeline.poll(app.settings.sources[0])
    kept = [item for item in stored(app) if any(is_disguised(span) for span in evidence(item))]
    assert len(kept) == count


@pytest.mark.parametrize(("name", "count", "topics"), DISGUISES)
def test_a_disguise_in_the_story_behind_a_headline_is_seen_too(
    shared: Path, app: App, fetcher: FakeFetcher, now: datetime, name: str, count: int, topics: set[str]
) -> None:
    disguises = sorted(spelled(trap(shared, name)))
    links = [f"{STORY}/{place}" for place in range(count)]
    fetcher.will_return(FEED, rss(*(("Bansos hari ini", link, now) for link in links)))
    app.pipeline.poll(app.settings.sources[0])
    for item in stored(app):
        words = disguises[links.index(item.item.url or "")]
        page = f"<html><body><article><p>{WORDS}</p><p>{escape(words)}</p></article></body></html>"
        fetcher.will_return(item.item.url or "", page, content_type="text/html; charset=utf-8")
        report = app.read_article("uji", item.item.id)
        assert report is not None
        assert report.outcome is Outcome.READ
        after = app.store.items.get(item.item.id)
        assert topics <= {mention.topic_id for mention in after.mentions}
        found = [span for span in evidence(after) if span.field == "text" and is_disguised(span)]
        assert found
        assert all(span.surface in words for span in found)
