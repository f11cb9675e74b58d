"""A page is read by short cuts: it holds what reading it thoroughly gives."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from collector.judge.evidence import hundredths
from collector.judge.page import TEXT_CHARS, TITLE_CHARS, Page
from collector.judge.sites import links
from collector.match.text import fold
from collector.model.item import Entry

INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f\U000e0100-\U000e01ef]+"
)
LETTERS = st.sampled_from(
    "abcXYZ  \n\t.,!?0…’ʼ`´“”\u200b\u200d\ufe0f\u00ad\xa0\u2028\u1680\x85\x00\x1fİẞΣςéÀКх①Ａ𝐀🔥🇮🇩\U000e0101\ud83dﷺﬁ"
)
TEXTS = st.text(LETTERS, max_size=30)


def thorough(text: str, limit: int) -> str:
    if text.isascii():
        return " ".join(text.split())
    plain = INVISIBLE.sub("", " ".join(unicodedata.normalize("NFKC", text)[:limit].split()))
    return re.sub("[‘’ʼ`´]", "'", plain)


@given(TEXTS, TEXTS)
def test_a_page_is_what_reading_it_thoroughly_gives(title: str, text: str) -> None:
    page = Page.of(Entry(title=title, text=text))
    plain = f"{thorough(title, TITLE_CHARS)}\n{thorough(text, TEXT_CHARS)}"
    assert page.plain in (plain, plain.lower())  # in small letters where one of them grows
    assert page.lower == plain.lower()
    assert page.lower[page.title_length] == "\n"


@given(TEXTS, TEXTS)
def test_a_page_has_its_words_between_spaces(title: str, text: str) -> None:
    page = Page.of(Entry(title=title, text=text))
    assert page.spaced.decode() == re.sub("[^a-z0-9_]", " ", f" {page.lower} ")


@given(TEXTS)
def test_what_is_no_western_letter_makes_a_page_exotic(text: str) -> None:
    def western(char: str) -> bool:
        try:
            char.encode("cp1252")
        except UnicodeEncodeError:
            return False
        return True

    assert Page.of(Entry(title="", text=text)).exotic == (not all(map(western, text)))


@given(TEXTS)
def test_a_folded_text_has_single_spaces(text: str) -> None:
    folded = fold(text)
    assert folded.text == " ".join(folded.latin.split()).lower()


@given(st.floats(-20, 20) | st.integers(-20_000, 20_000).map(lambda whole: whole / 1000))
def test_hundredths_are_rounded_as_the_language_rounds(points: float) -> None:
    assert hundredths(points) == round(points, 2)


def test_an_address_of_numbers_is_a_link() -> None:
    assert [link.host for link in links("klik http://203.0.113.7/bansos sekarang")] == ["203.0.113.7"]


def test_amounts_and_missing_spaces_are_no_links() -> None:
    assert links("cair rp10.000.segera daftar...kuota terbatas") == ()
