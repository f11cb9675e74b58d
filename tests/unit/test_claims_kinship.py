"""Two texts carry one claim, though nobody has checked it, or only look as if they did."""

from __future__ import annotations

from datetime import timedelta

import pytest

from collector.claims.chain import bare
from collector.claims.kinship import Kinship, Told, prior
from collector.claims.slot import replaced
from collector.claims.statement import Reader
from collector.claims.vocabulary import shipped

READER = Reader(shipped())
SHARE = 0.7  # what an index would say of texts that share most of their words


def told(text: str) -> Told:
    return Told(READER.read(text))


def sure(one: str, other: str, apart: timedelta | None = None) -> float:
    return Kinship(shipped(), lambda _word: 5.0).sure(told(one), told(other), SHARE, apart)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # colloquial beside a headline
        ("DKPP Pecat Ketua KPU", "ketua kpu udh dicopot dkpp gaes"),
        # another deed with the same meaning, and a place's short form
        ("Kantor Bawaslu Jakarta dibakar massa", "gedung bawaslu jkt dibakar pendemo"),
        # a debunk speaks of the same claim
        ("Tarif listrik naik mulai Mei 2024", "Hoaks: tarif listrik naik Mei 2024, PLN sudah klarifikasi"),
    ],
)
def test_one_claim_in_other_words(one: str, other: str) -> None:
    assert sure(one, other) > 0.43
    assert sure(other, one) > 0.43


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # where
        ("Siswa SD di Garut keracunan makan gratis", "Siswa SD di Kupang keracunan makan gratis"),
        # who
        ("MK larang Anies jadi calon presiden", "MK larang Ganjar jadi calon presiden"),
        # how many
        ("Bansos Rp600 ribu cair Maret untuk warga", "Bansos Rp900 ribu cair Maret untuk warga"),
        # the deed's opposite
        ("Tarif listrik naik mulai Mei", "Tarif listrik turun mulai Mei"),
        # a place that no list knows
        ("Bupati Lembah Pandan larang bansos dibagikan", "Bupati Tanjung Melur larang bansos dibagikan"),
    ],
)
def test_a_near_miss_is_another_claim(one: str, other: str) -> None:
    assert sure(one, other) == 0.0


def test_texts_that_share_little_are_not_one_claim() -> None:
    assert sure("Harga cabai rawit naik di pasar", "Ketua KPU dipecat DKPP") == 0.0


def test_what_was_told_on_one_day_is_more_readily_one_claim() -> None:
    one, other = "Ketua KPU dipecat DKPP karena suap", "dkpp pecat ketua kpu gara2 uang"
    near, unknown, far = (sure(one, other, apart) for apart in (timedelta(hours=5), None, timedelta(days=90)))
    assert near > unknown > far


def test_two_weeks_say_nothing_and_months_speak_against_it() -> None:
    assert prior(timedelta(days=10)) == prior(None) == 0.0
    assert prior(timedelta(days=30)) > prior(timedelta(days=300))


# ---------------------------------------------------------------- names that no list knows


def test_a_stranger_in_anothers_place_is_seen_where_all_around_is_the_same() -> None:
    one, other = READER.read("Lowongan kerja puskesmas Semanding"), READER.read("Lowongan kerja puskesmas Baturusa")
    assert replaced(one, other, shipped().knows)


def test_a_misspelt_name_is_the_same_name() -> None:
    one, other = READER.read("KSAU Tonny Harjono dilantik"), READER.read("KSAU Tony Haryono dilantik")
    assert not replaced(one, other, shipped().knows)


def test_a_place_of_ordinary_words_is_told_by_its_capitals() -> None:
    one = READER.read("Warga Bukit Selasih antre undangan pemilih di desa")
    other = READER.read("Warga Rawa Gading antre undangan pemilih di desa")
    assert replaced(one, other, shipped().knows)


def test_words_in_another_order_replace_nobody() -> None:
    one, other = READER.read("Harjono Semanding dilantik"), READER.read("Semanding Harjono dilantik")
    assert not replaced(one, other, shipped().knows)


# ---------------------------------------------------------------- what only passes a claim on


@pytest.mark.parametrize(
    "text",
    [
        "INFO A1!! ketua KPU dipecat DKPP VIRALKAN sebelum dihapus!!",
        "dapat dari grup sebelah: ketua KPU dipecat DKPP tolong share ke semua grup",
        "Breaking news ketua KPU dipecat DKPP, jangan sampai terputus",
    ],
)
def test_what_passes_a_claim_on_is_left_out(text: str) -> None:
    assert bare(text).rstrip("!, ") == "ketua KPU dipecat DKPP"


def test_a_text_of_nothing_else_stays_as_it_is() -> None:
    assert bare("VIRALKAN!! sebarkan ke semua grup") == "VIRALKAN!! sebarkan ke semua grup"


def test_a_claim_about_passing_on_keeps_its_words() -> None:
    text = "Polisi tangkap penyebar video palsu KPU di Medan"
    assert bare(text) == text
