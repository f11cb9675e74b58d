"""168 recorded snapshots of five Tempo feeds, as the kind ``feed`` reads them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.model.item import Entry
from collector.model.source import Fetched, Source
from collector.sources.feed import FeedKind
from collector.sources.identity import identity_of
from collector.sources.publisher import publisher_of

pytestmark = pytest.mark.shared

SOURCE = Source(id="Tempo", kind="feed", url="https://www.tempo.co/rss")
LINKS = {
    "tempo-cekfakta": 337,
    "tempo-ekonomi": 360,
    "tempo-hukum": 360,
    "tempo-investigasi": 32,
    "tempo-wawancara": 115,
}


def read(path: Path) -> tuple[Entry, ...]:
    url = SOURCE.url
    answer = Fetched(
        url=url,
        final_url=url,
        status=200,
        body=path.read_bytes(),
        headers={"content-type": "application/rss+xml; charset=utf-8"},
        fetched_at=datetime(2026, 2, 8, tzinfo=UTC),
        duration=timedelta(0),
    )
    return FeedKind().parse(SOURCE, answer).entries


@pytest.fixture(scope="module")
def snapshots(shared: Path) -> dict[Path, tuple[Entry, ...]]:
    return {path: read(path) for path in sorted((shared / "data" / "feeds").glob("*/*.xml"))}


def test_every_snapshot_gives_as_many_entries_as_it_has_items(snapshots: dict[Path, tuple[Entry, ...]]) -> None:
    assert len(snapshots) == 168
    for path, entries in snapshots.items():
        assert len(entries) == len(re.findall(r"<item>", path.read_text(encoding="utf-8"))) > 0, path


def test_every_entry_is_complete(snapshots: dict[Path, tuple[Entry, ...]]) -> None:
    for entries in snapshots.values():
        for entry in entries:
            assert entry.title
            assert entry.url
            assert entry.published_at
            assert entry.guid
            assert entry.guid.isdecimal()  # a position, not an identity
            assert publisher_of(entry, SOURCE) == "tempo.co"


@pytest.mark.parametrize("feed", LINKS)
def test_links_tell_the_stories_apart(feed: str, snapshots: dict[Path, tuple[Entry, ...]]) -> None:
    entries = [entry for path, found in snapshots.items() if path.parent.name == feed for entry in found]
    assert len({entry.url for entry in entries}) == LINKS[feed]
    assert len({identity_of(entry) for entry in entries}) == LINKS[feed]
