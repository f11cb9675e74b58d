"""Absolute and canonical links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.sources.links import MAX_KEY, TRACKING, absolute, canonical, host_of

STORY = "https://contoh.id/berita/1-judul"


@pytest.mark.parametrize(
    "variant",
    [
        "http://contoh.id/berita/1-judul",
        "https://www.contoh.id/berita/1-judul/",
        "HTTPS://CONTOH.ID:443/berita/1-judul",
        "http://contoh.id:80/berita/x/../1-judul",
        STORY + "?utm_source=rss&utm_medium=feed",
        STORY + "?fbclid=abc#komentar",
        STORY + "?ref=rss",
        STORY + "?page=all",
        STORY + "/amp",
        STORY + "?outputType=amp",
        "  " + STORY + "\n",
        "https://pembaca:rahasia@contoh.id/berita/1-judul",
    ],
)
def test_variants_of_an_address_are_one_story(variant: str) -> None:
    assert canonical(variant) == STORY


@pytest.mark.parametrize(
    "other",
    [
        "https://contoh.id/berita/2-judul",
        "https://contoh.id/Berita/1-Judul",  # paths may differ by case
        "https://m.contoh.id/berita/1-judul",
        STORY + "?id=2",
        STORY + "?page=2",
        STORY + "?ref=jokowi",  # not an origin: could be the page's own key
        STORY + "#!/2",
        "https://contoh.id:8443/berita/1-judul",
    ],
)
def test_addresses_that_may_be_another_story_stay_apart(other: str) -> None:
    assert canonical(other) not in (STORY, None)


@pytest.mark.parametrize(
    "nonsense",
    [
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://contoh.id/x",
        "mailto:a@contoh.id",
        "http://[::1",
        "http://contoh.id:99999/",
        "/berita/1",  # relative, and no base is known
        "",
        " ",
        "https://contoh.id/" + "a" * 65_536,
        "http://contoh.id/\ud800",
    ],
)
def test_what_is_no_web_address_has_no_canonical_form(nonsense: str) -> None:
    assert absolute(nonsense) is None
    assert canonical(nonsense) is None


def test_a_home_page_is_no_story() -> None:
    assert canonical("https://contoh.id/") is None
    assert canonical("https://contoh.id/?utm_source=rss") is None
    assert canonical("https://contoh.id/?p=12") == "https://contoh.id?p=12"


def test_a_relative_link_is_resolved_against_its_base() -> None:
    assert absolute("../x?a=1#b", "https://contoh.id/a/b/c") == "https://contoh.id/a/x?a=1#b"
    assert absolute("//lain.id/x", "https://contoh.id/") == "https://lain.id/x"


def test_the_stored_address_keeps_its_parameters_and_loses_credentials() -> None:
    assert absolute("https://a:b@contoh.id/x?utm_source=rss#c") == "https://contoh.id/x?utm_source=rss#c"
    assert absolute("https://contoh.id/@akun") == "https://contoh.id/@akun"


def test_google_s_own_parameters_are_dropped_on_google_only() -> None:
    assert canonical("https://news.google.com/rss/articles/CBMi?oc=5") == "https://news.google.com/rss/articles/CBMi"
    assert canonical("https://contoh.id/a?oc=5") == "https://contoh.id/a?oc=5"


def test_escapes_that_differ_in_case_are_equal() -> None:
    assert canonical("https://contoh.id/%c3%a9") == canonical("https://contoh.id/é")


def test_a_very_long_address_gets_a_short_key_of_its_own() -> None:
    keys = {canonical("https://contoh.id/" + "a" * 3_000 + end) for end in "xy"}
    assert len(keys) == 2
    assert all(key and len(key) < MAX_KEY for key in keys)


def test_the_host_of_an_address() -> None:
    assert host_of("https://News.contoh.id:8443/x") == "news.contoh.id"
    assert host_of("http://[::1]:80/x") == "[::1]"
    assert host_of("x") == ""


@given(st.sampled_from(sorted(TRACKING)), st.text("abc123", max_size=8))
def test_an_identity_ignores_tracking_parameters(name: str, value: str) -> None:
    assert canonical(f"{STORY}?id=9&{name}={value}") == canonical(STORY + "?id=9")


@given(st.text(max_size=60))
def test_a_canonical_link_is_its_own_canonical_form(text: str) -> None:
    key = canonical("https://contoh.id/" + text)
    assert key is None or canonical(key) == key


@given(st.text())
def test_nothing_makes_it_raise(text: str) -> None:
    canonical(text, "https://contoh.id/")
    canonical(text)
