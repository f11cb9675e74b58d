"""Chat spellings, disguises, stems and numbers: how a text is taken apart for comparing."""

from __future__ import annotations

import pytest

from collector.claims.quantity import Unit
from collector.claims.statement import Reader, Statement
from collector.claims.vocabulary import shipped


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(shipped())


def keys(statement: Statement) -> set[str]:
    return {term.key for term in statement.terms}


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("yg gak bs nyoblos", "yang tidak bisa coblos"),
        ("d1b4k4r", "dibakar"),
        ("pr4bowo", "prabowo"),
        ("bangeeeet", "sekali"),  # drawn out
        ("pend0ekoeng", "pendukung"),  # digits, and the spelling of before 1972
        ("saudara2", "saudara"),
        ("menteri agomo", "menteri agama"),  # Javanese o
        ("dhuwit", "uang"),
        ("jabar", "jawa barat"),
        ("5G", "5g"),  # a sign of its own, no disguise of a word
    ],
)
def test_spellings_of_one_word_meet(reader: Reader, written: str, plain: str) -> None:
    assert reader.read(written).plain == plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("menyiapkan", "disiapin"),
        ("pemecatan", "dipecat"),
        ("penghitungan", "ngitung"),
        ("mencoblos", "tercoblos"),
        ("kecurangan", "dicurangi"),
    ],
)
def test_forms_of_one_word_have_one_stem(reader: Reader, one: str, other: str) -> None:
    assert keys(reader.read(one)) == keys(reader.read(other))


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("Rp38,5 triliun", 38.5e12, Unit.MONEY),
        ("duit 3,5jutaan", 3.5e6, Unit.MONEY),
        ("siapin 750rb", 750_000, Unit.MONEY),
        ("tujuh kontainer", 7, Unit.COUNT),
        ("tiga puluh empat provinsi", 34, Unit.COUNT),
        ("seratus T", 100e12, Unit.MONEY),
        ("58,6 persen", 58.6, Unit.PERCENT),
        ("tahun 2024", 2024, Unit.YEAR),
        ("tgl 19 feb", 19, Unit.DAY),
    ],
)
def test_numbers_are_read_however_they_are_written(reader: Reader, text: str, value: float, unit: Unit) -> None:
    first = reader.read(text).quantities[0]
    assert (first.value, first.unit) == (pytest.approx(value), unit)


def test_rounded_sums_agree_and_other_sums_do_not(reader: Reader) -> None:
    exact, rounded, other = (reader.read(text).quantities[0] for text in ("Rp3.550.000", "3,5 juta", "5 juta"))
    assert exact.agrees(rounded)
    assert not exact.agrees(other)


def test_ballot_numbers_are_names(reader: Reader) -> None:
    assert keys(reader.read("paslon 1 sama 3")) >= {"party:paslon satu", "party:paslon tiga"}


def test_other_names_of_one_person_are_one(reader: Reader) -> None:
    assert keys(reader.read("opung luhut")) == keys(reader.read("LBP")) == {"person:luhut"}


def test_a_negation_reaches_what_follows_in_its_clause(reader: Reader) -> None:
    denied = {term.key: term.denied for term in reader.read("DKPP belum memecat Ketua KPU, sidang jalan").terms}
    assert denied["pecat"]
    assert not denied["sidang"]


def test_a_denied_cancellation_denies_nothing(reader: Reader) -> None:
    text = reader.read("tidak ada pembatalan pelantikan")
    assert not next(term for term in text.terms if term.key == "lantik").denied


def test_a_question_tag_is_no_negation(reader: Reader) -> None:
    assert not reader.read("tau gak sih ketua kpu dipecat").denials
