"""What is cut off before a document's root, and what a document may hold."""

from __future__ import annotations

import pytest

from collector.model.errors import ParseError
from collector.sources.limits import MAX_ATTRIBUTES, MAX_TAGS, check
from collector.sources.prolog import root_of

ROOT = "<rss><channel/></rss>"


@pytest.mark.parametrize(
    "before",
    [
        "",
        '<?xml version="1.0" encoding="hex"?>\n',
        "<!-- <!DOCTYPE x> --><?xml-stylesheet href='x'?>",
        '<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://contoh.id/rss.dtd">',
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "]>"><!ENTITY % p SYSTEM "http://contoh.id/p"> %p;<!--]>-->]>',
        "<!doctype html>\n<!DOCTYPE rss [<!ENTITY b '&a;'>]>",
        "\n<br />\n<b>Warning</b>: headers already sent in <b>functions.php</b>\n",
    ],
)
def test_only_the_root_is_left(before: str) -> None:
    assert root_of(before + ROOT, "rss|feed", "a feed") == ROOT


def test_a_doctype_inside_the_text_is_text() -> None:
    document = "<rss><![CDATA[<!DOCTYPE]]></rss>"
    assert root_of(document, "rss", "a feed") == document


def test_characters_that_xml_forbids_are_dropped() -> None:
    assert root_of("<rss>a\x00b\x1b\ufffec\n</rss>", "rss", "a feed") == "<rss>abc\n</rss>"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<!doctype html><html><body>masuk</body></html>", "a web page, not a feed"),
        ("<html><p>masuk", "a web page, not a feed"),
        ("<!DOCTYPE html><HTML><rss></rss>", "a web page, not a feed"),
        ("Terjadi kesalahan", "not a feed"),
        ("<?xml version='1.0'", "not a feed: something before its root has no end"),
        ("<!-- <rss> ", "not a feed"),
        ('<!DOCTYPE rss [<!ENTITY a "', "not a feed: a DOCTYPE without end"),
    ],
)
def test_what_is_something_else_is_named(text: str, reason: str) -> None:
    with pytest.raises(ParseError) as raised:
        root_of(text, "rss|feed", "a feed")
    assert str(raised.value).startswith(reason)


def crowded(attribute: str, count: int) -> str:
    return "<p " + attribute * count + ">"


@pytest.mark.parametrize("attribute", ["a=1 ", 'a="1" ', "a='>' ", 'a="<b>"', "<a ", "a/", 'a = "1"\n'])
def test_crowded_tags_are_refused_however_they_are_written(attribute: str) -> None:
    check(crowded(attribute, MAX_ATTRIBUTES - 1), "a page")
    with pytest.raises(ParseError, match="attributes"):
        check(crowded(attribute, MAX_ATTRIBUTES + 1), "a page")


def test_long_honest_tags_are_fine() -> None:
    check('<img src="data:image/png;base64,' + "A" * 100_000 + '==">' + "<p>a = b, c = d</p>" * 1_000, "a page")


def test_too_many_tags_are_refused() -> None:
    with pytest.raises(ParseError, match="tags"):
        check("<b>" * (MAX_TAGS + 1), "a page")
