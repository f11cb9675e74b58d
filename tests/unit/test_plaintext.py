"""HTML to plain text."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector.sources.plaintext import cut, line, plain


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("tanpa markah", "tanpa markah"),
        ("satu\n\t dua   tiga ", "satu dua tiga"),
        ("<p>satu</p><p>dua</p>", "satu dua"),  # blocks part words
        ("satu<br>dua<br/>tiga", "satu dua tiga"),
        ("pe<b>mi</b>lu <a href='x'>ini</a>", "pemilu ini"),  # inline tags do not
        ("A &amp; B &lt; C &#8220;D&#8221; &nbsp;E", "A & B < C “D” E"),
        ("5 < 6 dan 7 > 3", "5 < 6 dan 7 > 3"),  # not every < opens a tag
        ("<script>x()</script>isi<style>p{}</style>", "isi"),
        ("isi<script>tidak selesai", "isi"),
        ("isi<!-- rahasia -->lanjut<!-- tidak selesai", "isi lanjut"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;isi", "isi"),  # escaped once more
        ("tag &amp;lt;b&amp;gt;", "tag &lt;b&gt;"),  # and twice: somebody writes about markup
        ('<img src=x onerror="alert(1)">isi', "isi"),
        ("terpotong <a href='https://contoh.id/", "terpotong"),
        ("a\x00b\x1b[31mc\x9b\u2028d", "ab[31mc› d"),
        ("don\x92t", "don’t"),  # windows-1252 in disguise
        ("caf\xc3\xa9 \xe2\x80\x93", "café –"),  # UTF-8 taken for Latin-1
        ("a\ud800b", "ab"),
        ("pe\u200bmilu", "pe\u200bmilu"),  # disguises are evidence
        ("{{7*7}} <%= x %> ${y}", "{{7*7}} <%= x %> ${y}"),
    ],
)
def test_words_come_out_as_people_read_them(html: str, text: str) -> None:
    assert plain(html, 500) == text


def test_a_long_text_is_cut_at_a_word() -> None:
    text = plain("kata " * 100, 120)
    assert len(text) <= 120
    assert text.endswith("kata…")


def test_a_text_without_spaces_is_cut_anywhere() -> None:
    assert cut("a" * 50, 20) == "a" * 19 + "…"
    assert cut("pas", 3) == "pas"


def test_text_that_is_no_html_is_only_laid_on_a_line() -> None:
    assert line(" 1 <b> 2\n", 20) == "1 <b> 2"


@example("<<a")
@example("<\x00b")
@given(st.text(st.sampled_from("<>/&;!-ab =\"'scriptlgm#x\x00\x80")))
def test_nothing_that_comes_out_opens_a_tag(html: str) -> None:
    assert not re.search(r"<[a-zA-Z/!?]", plain(html, 500))


@given(st.text())
def test_what_comes_out_can_be_written_anywhere(html: str) -> None:
    text = plain(html, 100)
    text.encode()
    assert len(text) <= 100
    assert text == text.strip()
    assert not set(text) & set("\n\r\t\x00\x1b\x7f\x85\u2028")


@pytest.mark.parametrize("piece", ["<", "<!--", "<script>", "</script ", "&amp;", "<a x='", '<b "', "<a ", "&#", "<x:"])
def test_hostile_markup_takes_linear_time(piece: str) -> None:
    started = time.process_time()
    plain(piece * (400_000 // len(piece)), 20_000)
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize("mistaken", ["\u00e2\u0080\u00a8", "\u00e2\u0080\u00a9", "\u00c2\u0085", "\u2028", "\x85"])
def test_a_line_separator_that_hides_in_mojibake_breaks_no_line(mistaken: str) -> None:
    assert len(line(f"pemilu {mistaken}Bcc: x", 100).splitlines()) == 1
