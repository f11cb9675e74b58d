"""What the page about sources says of bounds and of words is what happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.match.topics import TopicMatcher
from collector.model.phrase import Phrase
from collector.model.topic import Topic
from collector.sources import page, rough, sitemap

PAGE = (Path(__file__).resolve().parents[2] / "docs/howto/sources.md").read_text(encoding="utf-8")
TOPIC = Topic(id="t", name=Phrase(id="t", en="t"), strong=("bansos", "subsidi", "gaji guru", "pemilu"))
MATCHER = TopicMatcher((TOPIC,), leet_keep=frozenset())


def test_the_bounds_are_the_programs() -> None:
    said = " ".join(PAGE.split())
    assert f"the first {rough.MAX_ENTRIES:,} entries of a feed" in said
    assert f"the first {page.MAX_ITEMS:,} stories of a page" in said
    assert f"the newest {sitemap.MAX_PAGES:,} pages of a news sitemap" in said
    assert (sitemap.MAX_MEMBERS, "of an index ten sitemaps" in said) == (10, True)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("pem1lu", True),
        ("p e m i l u", True),
        ("bansosnya", True),
        ("bansoslah", True),
        ("bansosnyalah", False),
        ("bersubsidi", False),
        ("disubsidi", False),
        ("pembansosan", False),
        ("bansos-bansos", True),
        ("gaji para guru", False),
        ("gaji gurunya", False),
    ],
)
def test_the_words_that_it_names_are_found_or_not(words: str, found: bool) -> None:
    assert f"`{words}`" in PAGE
    assert bool(MATCHER.matches(f"Soal {words} hari ini", "")) is found
