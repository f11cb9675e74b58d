"""What is masked before anything is stored, and what must survive."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.model.personal import ELLIPSIS, EXCERPT_CHARS, excerpt, mask

MASKED = [
    # national ids, in the groups in which people write them
    ("NIK 3201010101900001 atas nama Budi", "NIK [NIK] atas nama Budi"),
    ("KK: 3201 0101 0190 0001.", "KK: [NIK]."),
    ("3201.0101.0190.0001", "[NIK]"),
    ("320101-010190-0001", "[NIK]"),
    ("320101 0101900001", "[NIK]"),
    ("32.01.01.010190.0001", "[NIK]"),
    ("3 2 0 1 0 1 0 1 0 1 9 0 0 0 0 1", "[NIK]"),
    ("nik:32010-1010190-0001", "nik:[NIK]"),
    # telephones
    ("hubungi 081234567890 segera", "hubungi [telepon] segera"),
    ("WA 0812-3456-7890", "WA [telepon]"),
    ("WA 0812 3456 789", "WA [telepon]"),
    ("WA +62 812 3456 7890!", "WA [telepon]!"),
    ("WA +6281234567890", "WA [telepon]"),
    ("WA 6281234567890", "WA [telepon]"),
    ("telp. (021) 5551234", "telp. [telepon]"),
    ("telp. (0274) 555-123", "telp. [telepon]"),
    ("telp. 021-5551234", "telp. [telepon]"),
    ("telp. +62 21 555 1234", "telp. [telepon]"),
    ("chat https://wa.me/6281234567890 ya", "chat https://wa.me/[telepon] ya"),
    # e-mail addresses
    ("kirim ke budi.santoso+x@mail.example.co.id sekarang", "kirim ke [surel] sekarang"),
    ("(budi@example.org)", "([surel])"),
    # accounts of persons
    ("kata @budi_santoso kemarin", "kata [akun] kemarin"),
    ("kata @budi.s, viral", "kata [akun], viral"),
    ("oleh @budi@mastodon.example", "oleh [akun]"),
    (
        "https://www.tiktok.com/@budi99/video/7312345678901234567",
        "https://www.tiktok.com/[akun]/video/7312345678901234567",
    ),
    ("https://x.com/budi99/status/1794123456789012345", "https://x.com/[akun]/status/1794123456789012345"),
]

KEPT = [
    "Anggaran Rp71.000.000.000.000 untuk 2025",
    "Utang Rp1.000.000.000.000.000 (seribu triliun)",
    "96.214.691 suara, 40.971.906 suara dan 27.040.878 suara",
    "96.214.691 40.971.906",
    "62.812.345.678 rupiah",
    "Rabu, 27 November 2024 | 14:05 WIB",
    "27-11-2024 08:30:15 dan 2024-11-27T08:30:15Z",
    "2019 2020 2021 2022",
    "https://www.kompas.com/read/2024/02/13/1234567890123456/judul",
    "https://m.facebook.com/story.php?story_fbid=1234567890123456&id=100001234567890",
    "https://www.facebook.com/watch/?v=1234567890123456",
    "putusan MK 135/PUU-XXII/2024 dan UU 27/2022",
    "sejak 0,8123456789 persen",
    "c@ir, dan@ntara, pem!lu 2029",
    "call center 1500-299, 112, 119",
    "ISBN 978-602-03-1234-5",
    "@kpu_ri @bawaslu_ri @KemensosRI @DivHumas_Polri @kompascom @tempodotco @turnbackhoaxid",
    "@humas.polres.bogor dan @polresmetrobekasi",
    "G20, B40, 4G, 5G; 58,6 persen; skor 2-1",
    "pukul 08.30-10.00 WIB",
    "harga Rp 81.234.567.890",
]


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_personal_data_becomes_a_visible_mark(text: str, expected: str) -> None:
    assert mask(text) == expected


@pytest.mark.parametrize("text", KEPT)
def test_money_dates_votes_addresses_and_institutions_survive(text: str) -> None:
    assert mask(text) == text


@given(st.integers(11, 94), st.integers(0, 10**14 - 1), st.sampled_from(["", " ", ".", "-"]))
def test_sixteen_digits_never_survive_in_groups_of_four(province: int, rest: int, sign: str) -> None:
    digits = f"{province}{rest:014d}"
    text = sign.join(digits[i : i + 4] for i in range(0, 16, 4))
    if all(digits[i : i + 2] in ("19", "20") for i in range(0, 16, 4)):
        return  # four years in a row
    assert digits not in mask(f"NIK saya {text} ya").replace(sign or " ", "")


@given(st.sampled_from(["0", "+62", "62"]), st.integers(11, 99), st.integers(10**6, 10**8 - 1))
def test_no_mobile_number_survives(country: str, operator: int, rest: int) -> None:
    assert mask(f"hubungi {country}8{operator}{rest} segera") == "hubungi [telepon] segera"


@given(st.integers(0, 10**18), st.sampled_from(["Rp", "Rp ", "", "sebanyak "]))
def test_amounts_grouped_by_thousands_survive(amount: int, before: str) -> None:
    text = f"senilai {before}{amount:,} atau".replace(",", ".")
    assert mask(text) == text


@given(st.text(max_size=300))
def test_masking_twice_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.text(max_size=1500))
def test_an_excerpt_is_never_longer_than_its_limit(text: str) -> None:
    assert len(excerpt(text)) <= EXCERPT_CHARS
    assert len(excerpt(text, limit=40)) <= 40


def test_an_excerpt_ends_with_a_word_and_an_ellipsis() -> None:
    cut = excerpt("kata " * 200)
    assert cut.endswith("kata" + ELLIPSIS)
    assert len(cut) <= EXCERPT_CHARS


def test_a_number_at_the_cut_is_not_kept_in_half() -> None:
    cut = excerpt("x" * 485 + " WA 0812 3456 7890 ya")
    assert "0812" not in cut


def test_a_short_text_is_kept_whole_with_single_spaces() -> None:
    assert excerpt("  dua \n baris ") == "dua baris"


def test_a_long_word_is_cut_where_it_must_be() -> None:
    assert excerpt("a" * 2000) == "a" * 499 + ELLIPSIS


def test_hostile_lengths_take_no_time() -> None:
    for text in ("a" * 50_000 + "@", "1 " * 25_000, "a." * 25_000, "0" * 50_000, "@" * 50_000, "+62" * 10_000):
        mask(text)


@pytest.mark.shared
def test_headlines_of_newsrooms_hold_no_personal_data(shared: Path) -> None:
    """A false alarm would spoil a real headline: of 9,822 none may change, save for private accounts."""
    with gzip.open(shared / "data" / "claims_id.csv.gz", "rt", encoding="utf-8", newline="") as rows:
        titles = [row["title"] for row in csv.DictReader(rows) if row["label"] == "valid"]
    changed = {title for title in titles if mask(title).replace("[akun]", "") != title and "[akun]" not in mask(title)}
    assert changed == set()
