"""Making collected words harmless."""

from __future__ import annotations

import pytest
from hostile import SUBJECTS, URLS
from hypothesis import given
from hypothesis import strategies as st

from alerts.catalogue import bars, number
from alerts.text import clean_header, clean_line, clean_text, defang, defang_all, web_address


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_cleaned_header_is_one_printable_line(subject: str) -> None:
    cleaned = clean_header(subject)
    assert cleaned.isprintable()
    assert len(cleaned.splitlines()) <= 1
    assert "=?" not in cleaned
    cleaned.encode("utf-8")


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text(st.characters(codec=None)))
def test_whatever_comes_in_is_one_line_that_can_be_encoded(text: str) -> None:
    cleaned = clean_line(text)
    cleaned.encode("utf-8")
    assert len(cleaned.splitlines()) <= 1
    assert len(cleaned) <= 240


def test_words_keep_their_spaces_where_a_line_was_broken() -> None:
    assert clean_line("satu\r\ndua\u2028tiga") == "satu dua tiga"


def test_terminal_control_leaves_a_text_of_ours() -> None:
    assert clean_text("  a\x1b[2Jb\n  c\x07") == "  a[2Jb\n  c"


@pytest.mark.parametrize("url", URLS)
def test_only_plain_web_addresses_are_addresses(url: str) -> None:
    if url.startswith('https://evil.test/"'):
        assert web_address(url) == url  # an odd path; the template escapes it
    else:
        assert web_address(url) is None


def test_an_address_is_defanged_so_that_nothing_makes_it_clickable() -> None:
    assert defang("https://bantuan.example.com/daftar.php") == "hxxps://bantuan[.]example[.]com/daftar.php"


@pytest.mark.parametrize(
    ("text", "defanged"),
    [
        ("klik https://a.example/x ya", "klik hxxps://a[.]example/x ya"),
        ("klik bit.ly/abc ya", "klik bit[.]ly/abc ya"),
        ("buka www.a.example ya", "buka www[.]a[.]example ya"),
        ("harga Rp1.000.000 naik.", "harga Rp1.000.000 naik."),
        ("siaran pers kpu.go.id kemarin", "siaran pers kpu.go.id kemarin"),
    ],
)
def test_addresses_within_quoted_words_are_defanged(text: str, defanged: str) -> None:
    assert defang_all(text) == defanged


@pytest.mark.parametrize(
    ("counts", "shown"), [((), ""), ((0, 0), "··"), ((0, 1, 8), "·▁█"), ((5, 5), "██"), ((1, 1000), "▁█")]
)
def test_bars_rise_with_the_counts(counts: tuple[int, ...], shown: str) -> None:
    assert bars(counts) == shown


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [(6, "6", "6"), (6.0, "6", "6"), (5.68, "5,7", "5.7"), (0.04, "0", "0"), (12345.6, "12.346", "12,346")],
)
def test_numbers_are_written_as_the_language_does(value: float, indonesian: str, english: str) -> None:
    assert (number(value, "id"), number(value, "en")) == (indonesian, english)
