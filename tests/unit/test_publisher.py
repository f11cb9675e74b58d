"""Who published an entry."""

from __future__ import annotations

import pytest

from collector.model.item import Entry
from collector.model.source import Role, Source
from collector.sources.publisher import domain_of, is_aggregated, publisher_of


def source(url: str = "https://contoh.id/rss", role: Role = Role.NEWS, kind: str = "feed") -> Source:
    return Source(id="Sumber", kind=kind, url=url, role=role)


GOOGLE = source("https://news.google.com/rss/search?q=pemilu")


def aggregated(name: str | None, url: str | None) -> Entry:
    link = "https://news.google.com/rss/articles/CBMi"
    return Entry(title="KPU", url=link, publisher_name=name, publisher_url=url)


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.kompas.com/x", "kompas.com"),
        ("https://tekno.kompas.com/x", "kompas.com"),
        ("https://www.republika.co.id/x", "republika.co.id"),
        ("https://bawaslu.go.id/x", "bawaslu.go.id"),
        ("https://jogja.antaranews.com:8443/x", "antaranews.com"),
        ("http://127.0.0.1:8801/x", None),  # a loopback farm has no outlets
        ("http://[::1]/x", None),
        ("http://localhost/x", None),
        ("https://t.me/kanal/1", None),  # anybody speaks there
        ("https://kanal.blogspot.com/1", None),
        ("https://news.google.com/rss/articles/1", None),
    ],
)
def test_the_domain_behind_an_address(url: str, domain: str | None) -> None:
    assert domain_of(url) == domain


def test_an_outlet_s_own_feed_and_google_news_are_one_publisher() -> None:
    own = Entry(title="KPU", url="https://nasional.kompas.com/read/1")
    via_google = aggregated("Kompas.com", "https://www.kompas.com")
    assert publisher_of(own, source()) == publisher_of(via_google, GOOGLE) == "kompas.com"


def test_an_outlet_known_by_name_only_is_counted_by_its_name() -> None:
    assert publisher_of(aggregated("Kompas.com", None), GOOGLE) == "Kompas.com"


def test_an_aggregator_that_names_nobody_is_one_voice() -> None:
    assert publisher_of(aggregated(None, None), GOOGLE) == "Sumber"


def test_social_sources_speak_for_themselves_whatever_they_link_to() -> None:
    entry = Entry(title="lihat ini", url="https://www.kompas.com/x")
    assert publisher_of(entry, source(role=Role.SOCIAL)) == "Sumber"
    assert publisher_of(entry, source(kind="telegram")) == "Sumber"


def test_without_a_link_it_is_the_source() -> None:
    assert publisher_of(Entry(title="x"), source()) == "Sumber"


def test_aggregators_are_known_by_their_address() -> None:
    assert is_aggregated("https://www.bing.com/news/search?q=x&format=rss")
    assert not is_aggregated("https://www.antaranews.com/rss/terkini.xml")
