"""The kind ``feed``: what the golden documents do not show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from collector.model.errors import ParseError
from collector.model.source import Fetched, Source
from collector.sources.base import Parsed
from collector.sources.feed import FeedKind
from collector.sources.rough import MAX_ENTRIES, MAX_GUID, MAX_TEXT, MAX_TITLE

URL = "https://contoh.id/feed"
NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)


def read(body: str | bytes, *, content_type: str = "application/rss+xml", lang: str = "id") -> Parsed:
    encoded = body.encode() if isinstance(body, str) else body
    answer = Fetched(
        url=URL,
        final_url=URL,
        status=200,
        body=encoded,
        headers={"content-type": content_type},
        fetched_at=NOW,
        duration=timedelta(0),
    )
    return FeedKind().parse(Source(id="contoh", kind="feed", url=URL, lang=lang), answer)


def rss(items: str, link: str = "https://contoh.id/") -> str:
    return f'<rss version="2.0"><channel><title>K</title><link>{link}</link>{items}</channel></rss>'


def item(**elements: str) -> str:
    return "<item>" + "".join(f"<{name}>{text}</{name}>" for name, text in elements.items()) + "</item>"


def test_an_empty_feed_is_a_feed() -> None:
    assert read(rss("")).entries == ()
    assert read('<feed xmlns="http://www.w3.org/2005/Atom"><title>K</title></feed>').entries == ()
    assert read('{"version": "https://jsonfeed.org/version/1.1", "items": []}').entries == ()


@pytest.mark.parametrize(
    "body",
    [
        "<opml version='1.0'><head/><body/></opml>",
        '{"status": "error"}',
        '{"items": [1, 2]}',
        "[]",
        "<!doctype html><title>Masuk</title>",
        "<rss",
        "Terjadi kesalahan saat mengambil data",
    ],
)
def test_an_answer_that_is_no_feed_is_refused(body: str) -> None:
    with pytest.raises(ParseError):
        read(body)


def test_the_content_decides_not_the_media_type() -> None:
    assert read(rss(item(title="a")), content_type="text/html").entries
    assert read('{"items": [{"title": "a"}]}', content_type="text/xml").entries


def test_links_are_resolved_against_the_site_that_the_feed_names() -> None:
    (entry,) = read(rss(item(title="a", link="/berita/1"), link="https://www.lain.id/")).entries
    assert entry.url == "https://www.lain.id/berita/1"


def test_links_are_resolved_against_the_feed_s_own_address_otherwise() -> None:
    (entry,) = read(rss(item(title="a", link="berita/1"), link="")).entries
    assert entry.url == "https://contoh.id/berita/1"


def test_a_link_that_is_no_web_address_is_dropped_and_the_entry_kept() -> None:
    (entry,) = read(rss(item(title="a", link="javascript:alert(1)"))).entries
    assert (entry.title, entry.url) == ("a", None)


def test_a_position_as_guid_is_never_taken_for_a_link() -> None:
    (entry,) = read(rss(item(title="a", guid="1"))).entries
    assert (entry.guid, entry.url) == ("1", None)


def test_a_permalink_is_the_link_that_is_missing() -> None:
    (entry,) = read(rss(item(title="a", guid="https://contoh.id/1"))).entries
    assert entry.url == "https://contoh.id/1"


def test_sizes_are_capped() -> None:
    (entry,) = read(rss(item(title="a " * 5_000, description="b " * 50_000, guid="c" * 9_000))).entries
    assert len(entry.title) <= MAX_TITLE
    assert len(entry.text) <= MAX_TEXT
    assert len(entry.guid or "") <= MAX_GUID


def test_very_many_entries_are_cut_off() -> None:
    assert len(read(rss(item(title="a") * (MAX_ENTRIES + 10))).entries) == MAX_ENTRIES


def test_times_without_a_zone_are_wib_in_an_indonesian_source_and_utc_elsewhere() -> None:
    feed = rss(item(title="a", pubDate="5 Oktober 2026 08:00"))
    assert read(feed).entries[0].published_at == datetime(2026, 10, 5, 1, tzinfo=UTC)
    assert read(feed, lang="en").entries[0].published_at == datetime(2026, 10, 5, 8, tzinfo=UTC)


def test_an_impossible_date_is_kept_as_written_only() -> None:
    (entry,) = read(rss(item(title="a", pubDate="Mon, 30 Feb 2026 10:00:00 +0700"))).entries
    assert (entry.published_at, entry.published_text) == (None, "Mon, 30 Feb 2026 10:00:00 +0700")


def test_of_content_and_summary_the_longer_one_is_the_text() -> None:
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    feed = rss("<item><title>a</title><description>ringkasan panjang</description><c:encoded>x</c:encoded></item>")
    feed = feed.replace("<c:", "<content:").replace("</c:", "</content:").replace("<rss ", f"<rss {spaces} ")
    assert read(feed).entries[0].text == "ringkasan panjang"


def test_one_broken_item_does_not_cost_the_others() -> None:
    broken = rss(item(title="satu") + "<item><title>dua & <tiga</title></item>" + item(title="empat"))
    titles = [entry.title for entry in read(broken).entries]
    assert titles[0] == "satu"
    assert titles[-1] == "empat"


def test_json_values_of_the_wrong_type_count_as_absent() -> None:
    feed = (
        '{"items": [{"id": true, "title": {"a": 1}, "content_text": "isi"}, {"title": "b", "url": 5, "authors": [7]}]}'
    )
    first, second = read(feed).entries
    assert (first.title, first.guid) == ("isi", None)
    assert (second.title, second.author) == ("b", None)
