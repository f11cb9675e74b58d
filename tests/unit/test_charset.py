"""Which encoding a body is really in."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.sources.charset import text_of


def declared(name: str, text: str = "pemilu") -> str:
    return f'<?xml version="1.0" encoding="{name}"?><rss>{text}</rss>'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("windows-1251", "выборы"),
        ("windows-1256", "انتخابات"),
        ("gb18030", "选举 𠀀"),
        ("euc-kr", "선거"),
        ("shift_jis", "選挙"),
        ("iso-2022-jp", "選挙"),
        ("iso-8859-15", "café €"),
        ("utf-16", "pemilu 🗳"),
        ("utf-8", "“jujur”"),
    ],
)
def test_an_honest_declaration_is_believed(name: str, text: str) -> None:
    assert text in text_of(declared(name, text).encode(name))


def test_the_server_s_word_counts_where_the_document_says_nothing() -> None:
    assert (
        text_of("<rss>выборы</rss>".encode("windows-1251"), "text/xml; charset='windows-1251'") == "<rss>выборы</rss>"
    )


def test_valid_utf8_is_utf8_whatever_the_server_says() -> None:
    assert "café" in text_of("<rss>café</rss>".encode(), "application/xml; charset=iso-8859-5")


def test_windows_1252_that_calls_itself_utf8_is_read_as_what_it_is() -> None:
    assert "“jujur” – café" in text_of(declared("utf-8", "“jujur” – café").encode("windows-1252"))


def test_utf8_with_a_few_broken_bytes_stays_utf8() -> None:
    assert text_of("“jujur” – “adil” ".encode() * 5 + b"\xff") == "“jujur” – “adil” " * 5 + "\ufffd"


def test_gb2312_is_read_with_its_larger_successor() -> None:
    assert "選舉 㐀" in text_of(declared("gb2312", "選舉 㐀").encode("gb18030"))


def test_utf16_is_known_by_its_first_letter() -> None:
    assert text_of("<rss>pemilu</rss>".encode("utf-16-le")) == "<rss>pemilu</rss>"
    assert text_of("<rss>pemilu</rss>".encode("utf-16-be")) == "<rss>pemilu</rss>"
    assert text_of(codecs.BOM_UTF16_LE + "<rss>".encode("utf-16-le") + b"\x20") == "<rss>\ufffd"


@pytest.mark.parametrize(
    "name", ["hex", "punycode", "idna", "unicode_escape", "utf-7", "undefined", "rot13", "x-9", "zip"]
)
def test_names_of_python_s_own_codecs_are_not_obeyed(name: str) -> None:
    body = declared(name, "a \\x3cscript\\x3e +ADw-b+AD4-").encode()
    assert text_of(body, f"text/xml; charset={name}") == body.decode()


@given(st.binary(max_size=300), st.text(max_size=40))
def test_it_never_raises(body: bytes, content_type: str) -> None:
    text_of(body, content_type).encode("utf-8", "replace")
