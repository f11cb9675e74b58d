"""Words near each other by the company they keep, and words of known stems."""

from __future__ import annotations

import pytest

from collector.judge.forms import Reader
from collector.judge.wording import uses_of

TEXTS = [
    text.encode().split()
    for text in (
        *["pemerintah salurkan bantuan tunai warga desa"] * 6,
        *["pemerintah kucurkan bantuan tunai warga desa"] * 6,
        *["pemain timnas cetak gol kemenangan laga final"] * 12,
    )
]
WORDS = (b"salurkan", b"kucurkan", b"gol")


def test_words_with_the_same_neighbours_are_nearer_than_others() -> None:
    pytest.importorskip("scipy")
    from collector.judge.company import vectors

    near = vectors(TEXTS, WORDS, unseen=())
    assert near[0] @ near[1] > near[0] @ near[2] + 0.5


def test_the_same_texts_give_the_same_vectors() -> None:
    pytest.importorskip("scipy")
    from collector.judge.company import vectors

    assert (vectors(TEXTS, WORDS, unseen=()) == vectors(TEXTS, WORDS, unseen=())).all()


def test_words_that_only_names_stand_near_have_no_company() -> None:
    pytest.importorskip("scipy")
    from collector.judge.company import vectors

    texts = [[b"salurkan", b"prabowo"]] * 9
    assert not vectors(texts, WORDS, unseen={b"prabowo", b"salurkan"}).any()


def test_an_unknown_word_of_a_known_stem_is_told_by_its_affixes() -> None:
    reader = Reader(frozenset((b"diresmikan",)), [], [])
    assert "bare_verb" in reader.title("Menteri Resmikan Jembatan").forms
    assert "bare_verb" not in reader.title("Menteri Kediri Jembatan").forms


def test_a_small_word_is_told_by_what_it_does() -> None:
    assert uses_of(b"akan") == uses_of(b"bakal") == ("uses_future",)
    assert uses_of(b"rapat") == ()
