"""Pages, sitemaps, Telegram previews and discovery: what the golden documents do not show."""

from __future__ import annotations

import gzip
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.model.errors import ParseError
from collector.model.source import Fetched, Source
from collector.sources.base import Parsed, SourceKind
from collector.sources.discovery import discover
from collector.sources.page import PageKind
from collector.sources.sitemap import MAX_MEMBERS, MAX_PAGES, SitemapKind
from collector.sources.telegram import TelegramKind

GOLDEN = Path(__file__).parent.parent / "golden" / "sources"
URL = "https://contoh.id/berita/"


def read(kind: SourceKind, body: str | bytes, options: Mapping[str, str] | None = None) -> Parsed:
    answer = Fetched(
        url=URL,
        final_url=URL,
        status=200,
        body=body.encode() if isinstance(body, str) else body,
        headers={"content-type": "text/html; charset=utf-8"},
        fetched_at=datetime(2026, 11, 25, 3, 30, tzinfo=UTC),
        duration=timedelta(0),
    )
    return kind.parse(Source(id="contoh", kind=kind.name, url=URL, options=options or {}), answer)


# ---------------------------------------------------------------- page


def test_a_page_needs_only_the_selector_of_its_items() -> None:
    clock = "<time datetime='2026-11-25T09:00:00+07:00'>tadi</time>"
    html = f"<ul><li><h3><a href='1'>Satu</a></h3>{clock}<li><a href='2'>Dua</a></ul>"
    first, second = read(PageKind(), html, {"item": "li"}).entries
    assert (first.title, first.url) == ("Satu", "https://contoh.id/berita/1")
    assert first.published_at == datetime(2026, 11, 25, 2, tzinfo=UTC)
    assert (second.title, second.url) == ("Dua", "https://contoh.id/berita/2")


def test_an_item_may_be_the_link_itself_or_stand_inside_one() -> None:
    (inside,) = read(PageKind(), "<a href='/1'><div class=k><h4>Satu</h4></div></a>", {"item": ".k"}).entries
    (itself,) = read(PageKind(), "<a class=k href='/2'>Dua</a>", {"item": "a.k", "title": "a", "link": "a"}).entries
    assert (inside.title, inside.url) == ("Satu", "https://contoh.id/1")
    assert (itself.title, itself.url) == ("Dua", "https://contoh.id/2")


def test_an_item_inside_another_is_not_told_twice() -> None:
    html = "<div><a href='/1'>Satu</a><div><a href='/2'>Dua</a></div></div>"
    assert len(read(PageKind(), html, {"item": "div"}).entries) == 1


def test_links_follow_the_page_s_base() -> None:
    html = "<base href='https://lain.id/arsip/'><p><a href='1'>Satu</a></p>"
    assert read(PageKind(), html, {"item": "p"}).entries[0].url == "https://lain.id/arsip/1"


@pytest.mark.parametrize(
    ("html", "options", "reason"),
    [
        ("<p>masuk</p>", {"item": "div.card"}, "nothing on the page fits item: 'div.card'"),
        ("<p>x</p>", {"item": "p:::"}, "no CSS selector"),
        ("<p>x</p>", {}, "needs the CSS selector item"),
        ("<b>" * 70_000, {"item": "p"}, "tags"),
    ],
)
def test_a_page_that_cannot_be_read_says_why(html: str, options: dict[str, str], reason: str) -> None:
    with pytest.raises(ParseError) as raised:
        read(PageKind(), html, options)
    assert reason in str(raised.value)


def test_a_page_nested_without_end_is_survived() -> None:
    assert len(read(PageKind(), "<div>" * 50_000 + "<a href='/1'>x</a>", {"item": "div"}).entries) <= 1


@pytest.mark.parametrize("start", ["<?xml version='1.0'?>", "<?xml?><?xml?>", "\n<?xml ", "<?xml"])
def test_xml_where_a_page_should_be_is_read_without_a_warning(start: str) -> None:
    """A warning is an error here; the daemon would print nine lines of advice for programmers."""
    with suppress(ParseError):
        read(PageKind(), f"{start}<div><a href='/a'>Judul</a></div>", {"item": "div"})


def test_a_page_of_blanks_costs_no_more_than_its_length() -> None:
    begun = time.process_time()
    read(PageKind(), "<p><a href='/1'>x</a>" + " \n\t" * 600_000, {"item": "p"})
    assert time.process_time() - begun < 3.0  # in the square of its length it took minutes


# ---------------------------------------------------------------- sitemap


def urlset(pages: str) -> str:
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{pages}</urlset>'


def page(number: int, day: str) -> str:
    return f"<url><loc>https://contoh.id/{number}-kabar-pemilu-desa</loc><lastmod>{day}</lastmod></url>"


def test_a_packed_sitemap_is_unpacked() -> None:
    body = gzip.compress(urlset(page(1, "2026-11-25")).encode())
    assert read(SitemapKind(), body).entries[0].title == "Kabar pemilu desa"


def test_a_packed_bomb_is_refused() -> None:
    with pytest.raises(ParseError, match="more than"):
        read(SitemapKind(), gzip.compress(b" " * 20_000_000))


def test_of_a_long_sitemap_the_newest_pages_are_read() -> None:
    pages = "".join(page(number, f"20{number % 25:02}-01-01") for number in range(MAX_PAGES + 200))
    entries = read(SitemapKind(), urlset(pages)).entries
    assert len(entries) == MAX_PAGES
    assert (entries[0].published_text, entries[-1].published_text) == ("2024-01-01", "2004-01-01")


def test_of_a_long_index_the_newest_members_are_named() -> None:
    members = "".join(
        f"<sitemap><loc>https://contoh.id/{n}.xml</loc><lastmod>20{n:02}-01-01</lastmod></sitemap>"
        for n in range(10, 40)
    )
    more = read(SitemapKind(), f"<sitemapindex>{members}</sitemapindex>").more
    assert len(more) == MAX_MEMBERS
    assert more[0] == "https://contoh.id/39.xml"


@pytest.mark.parametrize("body", ["<rss></rss>", "<html></html>", "", b"\x1f\x8b rusak"])
def test_what_is_no_sitemap_is_refused(body: str | bytes) -> None:
    with pytest.raises(ParseError):
        read(SitemapKind(), body)


def test_entities_of_a_sitemap_are_not_expanded() -> None:
    bomb = '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    (entry,) = read(SitemapKind(), bomb + urlset("<url><loc>https://contoh.id/&x;a-b-c</loc></url>")).entries
    assert "root:" not in f"{entry.url} {entry.title}"


# ---------------------------------------------------------------- telegram


@pytest.mark.parametrize(
    "written",
    ["@kanalcontoh", "kanalcontoh", "t.me/kanalcontoh", "https://t.me/kanalcontoh", "https://t.me/s/kanalcontoh/"],
)
def test_every_spelling_of_a_channel_leads_to_its_preview(written: str) -> None:
    assert TelegramKind().address(Source(id="x", kind="telegram", url=written)) == "https://t.me/s/kanalcontoh"


def test_a_preview_served_elsewhere_keeps_its_address() -> None:
    url = "http://127.0.0.1:8801/s/kanalcontoh"
    assert TelegramKind().address(Source(id="x", kind="telegram", url=url)) == url


def test_a_channel_without_preview_is_told_apart_from_any_other_page() -> None:
    with pytest.raises(ParseError, match="without public preview"):
        read(TelegramKind(), (GOLDEN / "telegram_without_preview.html").read_bytes())
    with pytest.raises(ParseError, match="not a Telegram preview"):
        read(TelegramKind(), "<html><body>Masuk</body></html>")


def test_an_empty_channel_is_no_failure() -> None:
    assert read(TelegramKind(), "<section class='tgme_channel_history'></section>").entries == ()


# ---------------------------------------------------------------- discovery

SITE = b"""<html><head><base href="/situs/">
<link rel="alternate" type="application/rss+xml" title="Komentar" href="/comments/feed">
<link rel="alternate" type="application/json" href="/wp-json/x">
<link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="atom">
<link rel="alternate" hreflang="en" href="/en"><link rel="stylesheet" href="/rss.css">
</head><body><a href="/rss/terkini">RSS</a>
<a href="/feedback">Saran</a> <a href="javascript:feed()">x</a></body></html>"""


def test_feeds_of_a_page_come_best_first() -> None:
    found = discover(SITE, "https://contoh.id/depan")
    assert found[:4] == (
        "https://contoh.id/situs/atom",
        "https://contoh.id/comments/feed",
        "https://contoh.id/wp-json/x",
        "https://contoh.id/rss/terkini",
    )
    assert "https://contoh.id/feed" in found[4:]
    assert "https://contoh.id/feedback" not in found


def test_a_page_that_names_nothing_still_has_the_usual_places() -> None:
    assert discover(b"", "https://contoh.id/x")[:2] == ("https://contoh.id/feed", "https://contoh.id/rss")
    assert discover(b"<b>" * 70_000, "https://contoh.id/") == discover(b"", "https://contoh.id/x")
    assert discover(b"", "ftp://contoh.id/") == ()
