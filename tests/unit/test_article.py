"""Article pages to their words: with trafilatura, without it, and pages made to hurt."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from collector.model.errors import ParseError
from collector.sources import article
from collector.sources.article import MAX_CHARACTERS, MAX_TAGS, Article, extract

PAGES = Path(__file__).parent.parent / "golden" / "articles"
URL = "https://warta.example/nasional/bansos"
NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
SENTENCE = "Menteri Sosial mengatakan penyaluran bansos tahap ketiga dimulai pekan depan di seluruh provinsi. "
STORY = "".join(f"<p>{number} {SENTENCE}</p>" for number in range(4))


@pytest.fixture(params=["trafilatura", "plain"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """As with the extra installed, and as without it."""
    if request.param == "plain":
        monkeypatch.setattr(article, "is_complete", lambda: False)
    else:
        pytest.importorskip("trafilatura")
    return str(request.param)


def read(name: str) -> Article:
    return extract((PAGES / name).read_bytes(), URL, "text/html; charset=utf-8", now=NOW)


def page(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def kinds(objects: tuple[Mapping[str, Any], ...]) -> list[object]:
    return [thing.get("@type") for thing in objects]


# ---------------------------------------------------------------- what a page says


def test_a_portal_s_story_is_found_without_menus_asides_and_comments(reader: str) -> None:
    text = read("portal.html").text
    assert text.startswith("Jakarta - Kementerian Sosial memastikan penyaluran bantuan sosial tahap ketiga")
    assert "Data penerima diperbarui setiap bulan" in text
    for foreign in ("Judi Online", "Pilpres", "Koperasi", "Hak cipta", "rekayasa pilkada", "rahasia skrip"):
        assert foreign not in text, foreign
    for noise in ("Baca juga", "Simak juga", "ADVERTISEMENT", "SCROLL"):
        assert noise not in text, noise


def test_headline_and_date_are_the_page_s_own(reader: str) -> None:
    found = read("portal.html")
    assert found.title == "Penyaluran Bansos Tahap Ketiga Dimulai Pekan Depan"
    assert found.published_at == datetime(2026, 11, 24, 9, 5, tzinfo=UTC)


def test_a_claim_review_comes_out_as_the_page_spells_it(reader: str) -> None:
    found = read("factcheck.html")
    assert kinds(found.json_ld) == ["ClaimReview", "Article"]
    review = found.json_ld[0]
    assert review["reviewRating"]["alternateName"] == "SALAH"
    assert "Konten tiruan" in found.text
    assert found.has_story


def test_objects_of_a_graph_come_one_by_one(reader: str) -> None:
    assert kinds(read("portal.html").json_ld) == [None, "WebSite", "BreadcrumbList", ["NewsArticle"]]


def test_a_page_without_any_marks_is_read_by_its_paragraphs(reader: str) -> None:
    found = read("bare.html")
    assert found.text.startswith("Dinas kesehatan menyatakan")
    assert found.text.endswith("sebelum diminum.")
    assert (found.title, found.published_at) == ("Dinas: air sumur aman", None)


def test_the_body_in_json_ld_serves_where_the_page_shows_none(reader: str) -> None:
    body = SENTENCE * 3
    head = f'<script type="application/ld+json">{{"@type":"NewsArticle","articleBody":"{body}"}}</script>'
    found = extract(page("<div id=app></div>", head), URL, now=NOW)
    assert (found.text, found.found_by) == (body.strip(), "articleBody")


def test_a_page_of_pictures_has_no_story_but_its_description(reader: str) -> None:
    head = '<meta property="og:description" content="Foto banjir di Demak.">'
    found = extract(page("<img src=a.jpg>", head), URL, now=NOW)
    assert (found.text, found.has_story) == ("Foto banjir di Demak.", False)


def test_a_page_says_nothing_at_all(reader: str) -> None:
    found = extract(page(""), URL, now=NOW)
    assert found == Article(text="", title="", published_at=None, json_ld=(), found_by="nothing")


def test_a_story_is_cut_at_the_limit_of_every_text(reader: str) -> None:
    long = "".join(f"<p>Alinea {number}: {SENTENCE}</p>" for number in range(400))
    assert 19_000 < len(extract(page(f"<article>{long}</article>"), URL, now=NOW).text) <= 20_000


def test_the_charset_is_found_like_that_of_a_feed(reader: str) -> None:
    body = page(f"<article>{STORY}<p>Kafé “Merdeka” ditutup sementara oleh dinas sejak pekan lalu.</p></article>")
    found = extract(body.decode().encode("cp1252"), URL, "text/html; charset=windows-1252", now=NOW)
    assert "Kafé “Merdeka”" in found.text


def test_a_disguised_word_stays_as_written(reader: str) -> None:
    disguised = "b\u00ada\u200bn\u2060s\ufeffos, b\u0430nsos"
    found = extract(
        page(f"<article>{STORY}<p>Penyaluran {disguised} ditunda sampai tahun depan.</p></article>"), URL, now=NOW
    )
    assert disguised in found.text


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta property="article:published_time" content="2026-11-24T09:05:00Z">', ""),
        ('<meta name="dtk:publishdate" content="2026/11/24 16:05:00">', ""),
        ('<meta itemprop="datePublished" content="Tue, 24 Nov 2026 16:05:00 +0700">', ""),
        ("", '<time datetime="2026-11-24T16:05:00+07:00">Selasa</time>'),
        ('<meta name="pubdate" content="besok"><meta name="publishdate" content="24 Nov 2026 16:05 WIB">', ""),
    ],
)
def test_dates_are_read_where_sites_put_them(head: str, body: str) -> None:
    assert extract(page(body + STORY, head), URL, now=NOW).published_at == datetime(2026, 11, 24, 9, 5, tzinfo=UTC)


def test_no_letter_that_nobody_sees_is_lost(reader: str) -> None:
    for unseen in map(chr, article._UNSEEN):
        words = f"{STORY}<p>Penyaluran ban{unseen}sos ditunda sampai tahun depan.</p>"
        assert f"ban{unseen}sos" in extract(page(f"<article>{words}</article>"), URL, now=NOW).text, ascii(unseen)


# ---------------------------------------------------------------- JSON-LD that is odd


@pytest.mark.parametrize(
    "script",
    [
        "",
        "{",
        "[" * 100_000,
        '{"a":' * 50_000,
        "null",
        '"text"',
        "[1, [2, [null]]]",
        '{"@type": {"x": 1}}',
        '{"@graph": "x"}',
        '{"@type": ["NewsArticle", 3], "articleBody": 7, "headline": [], "datePublished": {}}',
        f'{{"n": {"9" * 10_000}}}',
    ],
)
def test_odd_json_ld_does_no_harm(script: str) -> None:
    head = f'<script type="application/ld+json">{script}</script>'
    assert extract(page(f"<article>{STORY}</article>", head), URL, now=NOW).has_story


def test_json_ld_with_line_breaks_in_its_words_is_read() -> None:
    head = '<script type="application/ld+json">{"@type": "ClaimReview", "claimReviewed": "satu\ndua"}</script>'
    (found,) = extract(page(STORY, head), URL, now=NOW).json_ld
    assert found["claimReviewed"] == "satu\ndua"


# ---------------------------------------------------------------- pages made to hurt

N = MAX_TAGS - 100
HURTFUL = {
    "nested": "<div>" * N + STORY,
    "nested lists": "<ul><li>" * (N // 2) + STORY,
    "nested tables": "<table><tr><td>" * (N // 3) + STORY,
    "unclosed bold and font": "<b><font color=red>x" * (N // 2),
    "misnested": "<article><p>" + "<b><i><p>x</b></i>" * (N // 5),
    "blanks": "<p>" + " \n\t" * 600_000,
    "blanks of another kind": "<p>" + "\u00a0" * 1_000_000,
    "bars": "<article><p>" + "| " * 900_000,
    "long ids": f"<div id='{'a' * 300}' class='{'b-' * 40}'><p>x</p></div>" * 4_000,
    "list items": "<article><ul>" + "<li>butir butir butir" * N,
    "blank paragraphs": "<article>" + f"<p>{' ' * 100}</p>" * 9_000,
    "definitions": "<article><dl>" + "<dt>a<dd>b" * 9_000,
    "comments": "<!-- x -->" * N + STORY,
    "processing instructions": "<?php x ?>" * N + STORY,
    "drawings": "<svg>" + "<g>" * 9_000 + STORY,
    "forms": "<form><input>" * (N // 2) + STORY,
    "references": "<p>" + "&amp;" * 300_000,
    "no letters": "\0\0\0<p>\0\0",
}


@pytest.mark.parametrize("name", HURTFUL)
def test_a_hurtful_page_costs_little(reader: str, name: str) -> None:
    body = HURTFUL[name].encode()
    begun = time.process_time()
    found = extract(body, URL, now=NOW)
    assert time.process_time() - begun < 6.0  # measured: at most 1.5
    assert len(found.text) <= 20_000


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no tags at all",
        b"\xff\xfe",
        b"<div><p>teks" * 420_000,  # 5 MB of unclosed tags
        b"<p>" + b"x" * (MAX_CHARACTERS + 1),
        b"<b>" * (MAX_TAGS + 1),
        b"<p " + b"a=1 " * 5_000 + b">x",
        b"%PDF-1.7 \x00\x01",
    ],
)
def test_what_is_no_page_or_too_large_is_refused(body: bytes) -> None:
    begun = time.process_time()
    with pytest.raises(ParseError):
        extract(body, URL, now=NOW)
    assert time.process_time() - begun < 2.0


@pytest.mark.shared
def test_the_hostile_collection_neither_breaks_nor_holds_up(shared: Path, reader: str) -> None:
    folder = shared / "data" / "hostile"
    pages = [*folder.glob("traps/html-*"), *folder.glob("feedvalidator/**/*.htm*"), *folder.glob("traps/xml-*")]
    assert len(pages) > 40
    for file in pages:
        begun = time.process_time()
        try:
            found = extract(file.read_bytes(), URL, now=NOW)
        except ParseError:
            continue
        finally:
            assert time.process_time() - begun < 3.0, file.name
        assert "root:x:0:0" not in found.text, file.name
        assert "CANARY-BODY" not in found.text, file.name
