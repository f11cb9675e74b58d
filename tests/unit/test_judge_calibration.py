"""From points to suspicion, and how the quality of a judge is reckoned."""

from __future__ import annotations

from io import StringIO

import pytest

from collector.judge.calibration import Curve, above, calibration_error, quality, recall_at, roc_area
from collector.judge.examples import examples
from collector.judge.forms import Reader, is_service, length_shares, stem, tokens, word_forms


def test_a_curve_is_straight_between_its_knots_and_flat_outside() -> None:
    curve = Curve(((0.0, 0.1), (4.0, 0.5), (8.0, 0.9)))
    assert [curve.suspicion(points) for points in (-5, 0, 2, 4, 6, 8, 50)] == pytest.approx(
        [0.1, 0.1, 0.3, 0.5, 0.7, 0.9, 0.9]
    )


@pytest.mark.parametrize(
    "knots",
    [
        ((0.0, 0.1),),
        ((0.0, 0.5), (1.0, 0.4)),
        ((1.0, 0.1), (1.0, 0.2)),
        ((0.0, -0.1), (1.0, 0.2)),
        ((0.0, 0.1), (1.0, 1.1)),
    ],
)
def test_a_curve_that_does_not_rise_within_bounds_is_refused(knots: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match=r"curve|suspicion"):
        Curve(knots)


def test_the_area_counts_pairs_in_order_and_ties_half() -> None:
    assert roc_area([3.0, 2.0], [1.0, 0.0]) == 1.0
    assert roc_area([1.0], [1.0]) == 0.5
    assert roc_area([2.0, 0.0], [1.0]) == 0.5


def test_recall_is_counted_above_the_score_that_the_share_of_news_exceeds() -> None:
    news = [number / 100 for number in range(100)]
    assert above(news, 0.05) == 0.94
    assert recall_at([0.95, 0.94, 0.1], news, 0.05) == pytest.approx(1 / 3)


def test_a_judge_that_is_right_about_how_sure_it_is_has_no_calibration_error() -> None:
    assert calibration_error([0.5, 0.5], [True, False]) == 0
    assert calibration_error([1.0, 0.0], [False, True]) == 1


def test_measuring_needs_both_kinds() -> None:
    with pytest.raises(ValueError, match="both"):
        quality([0.1], [True])


# ---------------------------------------------------------------- examples and forms


def test_examples_are_read_with_day_origin_and_doubt() -> None:
    lines = StringIO("id,title,text,label,date,origin\n1,A,,hoax,2024-01-02,x\n2,,,valid,,\n3,B,t,valid,2024,y\n")
    claim, news = examples(lines)
    assert (claim.claim, f"{claim.day}", claim.origin) == (True, "2024-01-02", "x")
    assert (news.claim, news.day, news.text) == (False, None, "t")


def test_a_name_of_many_words_counts_as_one_of_one_word() -> None:
    reader = Reader(frozenset((b"resmi", b"mundur")), [(b"makan", b"bergizi", b"gratis")], ())
    long, short = reader.title("Makan Bergizi Gratis resmi mundur"), reader.title("PKH resmi mundur")
    assert long.forms == short.forms
    assert reader.words(long.tokens)[0] == reader.words(short.tokens)[0]


def test_words_in_capitals_show_but_acronyms_do_not() -> None:
    reader = Reader(frozenset((b"gempar", b"rakyat", b"pssi")), (), ("PSSI",))
    assert "caps_all" in reader.title("GEMPAR RAKYAT").forms
    assert "caps_none" in reader.title("PSSI gempar").forms


@pytest.mark.parametrize(
    ("word", "root"),
    [(b"menangkap", b"angkap"), (b"ditangkapnya", b"tangkap"), (b"rumah", b"rumah"), (b"kerja", b"kerja")],
)
def test_a_light_stem_keeps_four_letters(word: bytes, root: bytes) -> None:
    assert stem(word) == root


def test_a_bare_verb_is_told_from_one_with_its_prefix() -> None:
    assert "bare_verb" in word_forms(b"tetapkan")
    assert "bare_verb" not in word_forms(b"menetapkan")


@pytest.mark.parametrize(
    ("title", "service"),
    [("cuaca jakarta hari ini", True), ("jadwal siaran langsung liga 1", True), ("jadwal pencairan bansos", False)],
)
def test_a_service_page_is_one_that_makes_no_claim(title: str, service: bool) -> None:
    assert is_service(title) is service


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("Rapat Ditunda Oleh Panitia Dari Solo", "small_words_large_2"),
        ("Rapat ditunda oleh panitia", "spelled_out_1"),
        ("Rapat ditunda !", "space_before_mark"),
        ("Rapat gak jadi ditunda", "informal"),
        ("Rapat pada 12 November 2022", "full_date"),
        ("Rapat November 2022", "month_and_year"),
        ("Rapat usai sidang", "uses_headline_link"),
        ("Kami tunda rapat", "uses_first_person"),
        ("Rapat ditunda", "opens_word_di"),
        ("Rapat menelan 1,5 miliar", "decimal"),
    ],
)
def test_the_build_of_a_title_is_seen(title: str, form: str) -> None:
    reader = Reader(frozenset((b"rapat", b"ditunda", b"panitia", b"sidang", b"tunda")), (), ())
    assert form in reader.title(title).forms


def test_words_carelessly_large_do_not_count_where_all_is_shouted() -> None:
    reader = Reader(frozenset((b"rapat", b"ditunda")), (), ())
    assert not {"small_words_large_1"} & reader.title("RAPAT DITUNDA OLEH PANITIA").forms


@pytest.mark.parametrize("chars", [0, 4, 5, 64, 65, 140, 900])
def test_a_length_is_shared_between_its_two_neighbours(chars: int) -> None:
    shares = length_shares(chars)
    assert sum(share for _, share in shares) == pytest.approx(1.0)


def test_one_letter_more_moves_a_tenth_of_the_weight() -> None:
    assert dict(length_shares(64))["chars_6"] == pytest.approx(dict(length_shares(63))["chars_6"] + 0.1)


def test_of_a_listed_name_half_the_length_counts() -> None:
    reader = Reader(frozenset((b"mundur",)), [(b"koperasi", b"merah", b"putih"), (b"mbg",)], ())
    long, short = reader.title("Koperasi Merah Putih mundur").chars, reader.title("MBG mundur").chars
    assert long - short == (len("Koperasi Merah Putih") - len("MBG")) // 2


def test_letters_outside_ascii_part_words() -> None:
    assert tokens("Jum’at—ini 2x") == [b"Jum", b"at", b"ini", b"2x"]
