"""Plain spelling, disguises, and the way back to the original characters."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.match.alphabet import ALPHABET, ENCLOSED, LOOK_ALIKES
from collector.match.text import MAX_CHARS, back, fold, joined, kinds, mixed_tokens, spelled_out, words

KEEP = frozenset({"g20", "5g", "covid19"})


def surface(original: str, word: str) -> str:
    folded = fold(original)
    start = folded.text.index(word)
    begin, end = back(folded.way_back(), start, start + len(word))
    return folded.original[begin:end]


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        ("𝐒𝐋𝐎𝐓 𝓼𝓵𝓸𝓽 𝕾𝕷𝕺𝕿 𝚂𝙻𝙾𝚃", "slot slot slot slot"),  # mathematical alphabets
        ("ⓈⓁⓄⓉ ＳＬＯＴ 🅢🅛🅞🅣 🆂🅻🅾🆃 🄢🄛🄞🄣 ⒮⒧⒪⒯ 🅂🄻🄾🅃", " ".join(["slot"] * 7)),  # circled, full width, squared
        ("🇸🇱🇴🇹", "slot"),  # regional indicators
        ("ᴊᴜᴅɪ ꜱʟᴏᴛ", "judi slot"),  # small capitals
        ("реmilu bаnsоs һoaкs", "pemilu bansos hoaks"),  # Cyrillic
        ("PEMİLU hoaκs ρεmιlυ", "pemilu hoaks pemilu"),  # Turkish, Greek
        ("pe\u200bmi\u2060lu b\u00adansos\ufe0f \u202epemilu\u2069", "pemilu bansos pemilu"),  # invisible signs
        ("pemilu\U000e0061\U000e0062 curang", "pemilu curang"),  # tag characters
        ("pe\u0300\u0301\u0336milu", "pemilu"),  # zalgo
        ("  dua\t\nkata\u00a0lagi ", "dua kata lagi"),
        ("Asy’ari “MBG” – Rp٥", 'asy\'ari "mbg" - rp5'),
        ("İİ ẞ ŉ ﬃ", "ii ss 'n ffi"),
    ],
)
def test_disguised_letters_become_plain_ones(disguised: str, plain: str) -> None:
    assert fold(disguised).text == plain


def test_a_flag_does_not_become_part_of_the_word_it_is_glued_to() -> None:
    assert fold("🇮🇩Pemilu 🇮🇩").text == "pemilu"
    assert fold("p🇪🇲ilu").text == "pemilu"


@pytest.mark.parametrize(
    ("original", "word", "expected"),
    [
        ("a  b \n Pemilu  2029", "pemilu", "Pemilu"),
        ("“Ini” ﷺ pe\u200bmi\u00adlu.", "pemilu", "pe\u200bmi\u00adlu"),
        ("ﬃﬃ ẞẞ BANSOS", "bansos", "BANSOS"),
        ("🔥🔥 🇮🇩 𝐒𝐋𝐎𝐓!", "slot", "𝐒𝐋𝐎𝐓"),
        ("Cafe\u0301 pemilu", "pemilu", "pemilu"),
    ],
)
def test_the_way_back_leads_to_the_original_spelling(original: str, word: str, expected: str) -> None:
    assert surface(original, word) == expected


@given(st.text(max_size=120))
def test_every_folded_word_has_a_place_in_the_original(text: str) -> None:
    folded = fold(text)
    steps = folded.way_back()
    last = 0
    for start, word in _placed_words(folded.text):
        begin, end = back(steps, start, start + len(word))
        assert last <= begin < end <= len(text)
        assert word in fold(text[begin:end]).text or len(fold(text[begin:end]).text) < len(word)
        last = begin


def _placed_words(text: str) -> list[tuple[int, str]]:
    placed, at = [], 0
    for word in text.split(" "):
        if word:
            placed.append((at, word))
        at += len(word) + 1
    return placed


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing_but_what_case_folding_left(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=200))
def test_ascii_is_only_lowered_and_collapsed(text: str) -> None:
    assert fold(text).text == " ".join(text.lower().split())


def test_the_table_maps_to_single_plain_letters() -> None:
    assert all(len(plain) == 1 and plain.isascii() for plain in LOOK_ALIKES)
    assert all(ALPHABET[first + 25] == "z" for first in ENCLOSED)
    assert all(unicodedata.name(double, "") for doubles in LOOK_ALIKES.values() for double in doubles)


def test_no_character_unfolds_to_more_than_six() -> None:
    assert len(fold("\ufdfa" * 1000).text) <= 1000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("r4kyat pr4b0w0 k0rupsi", ["rakyat", "prabowo", "korupsi"]),
        ("c@ir dan@ntara $lot", ["cair", "danantara", "slot"]),
        ("g20 5g covid19 rp155 2029 mbg!", []),  # kept, money, no letters, punctuation
        ("n9amuk!!", ["ngamuk"]),
    ],
)
def test_only_mixed_tokens_are_read_as_words(text: str, found: list[str]) -> None:
    tokens = list(mixed_tokens(text, kinds(text), KEEP))
    assert [word for _, _, word in tokens] == found
    assert all(len(word) == end - start for start, end, word in tokens)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("j.u.d.o.l", "judol"),
        ("main s l o t gacor", "main slot gacor"),
        ("m-b-g dan k . p . u", "mbg dan kpu"),
        ("s l o t j.u.d.i", "slot judi"),  # another separator, another word
        ("a dan b", "a dan b"),
        ("pt. x", "pt. x"),
        ("vitamin a b", "vitamin a b"),  # two letters are no word
    ],
)
def test_letters_spelled_out_one_by_one_are_joined(text: str, expected: str) -> None:
    result, offsets = joined(text)
    assert result == expected
    assert spelled_out(kinds(text)) or result == text
    assert offsets.span(0, len(result)) == (0, len(text))


def test_words_keeps_positions() -> None:
    assert words("a-b (c)") == " a b  c  "


@pytest.mark.parametrize(
    "text",
    ["\ufdfa" * 100_000, "pemi" + "\u0300" * 100_000, "a" * 300_000, "a1" * 50_000, "rp1." * 50_000, "a " * 50_000],
    ids=["growth", "zalgo", "long word", "mixed", "money", "letters"],
)
def test_hostile_lengths_are_cut_and_linear(text: str) -> None:
    started = time.process_time()
    folded = fold(text)
    signs = kinds(folded.text)
    list(mixed_tokens(folded.text, signs, KEEP))
    joined(folded.text)
    folded.way_back()
    assert len(folded.original) == MAX_CHARS
    assert time.process_time() - started < 1.0
