"""Titles of fact-checks, ClaimReview markup and CSV files become checked claims."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from collector.claims.claimreview import reviews
from collector.claims.label import labelled, verdict_of, verdict_of_rating
from collector.claims.table import read_table
from collector.ledger.table import issue_table
from collector.model.judgement import Verdict


@pytest.mark.parametrize(
    ("title", "claim", "verdict"),
    [
        ("[SALAH] KPU Sahkan Anies Jadi Presiden", "KPU Sahkan Anies Jadi Presiden", Verdict.FALSE),
        ("[PENIPUAN] Tautan Pendaftaran BLT", "Tautan Pendaftaran BLT", Verdict.SCAM),
        ("(SALAH) “Prabowo Hapus MBG”", "Prabowo Hapus MBG", Verdict.FALSE),
        ("[SALAH] Video “Menag: zakat untuk MBG”", "Menag: zakat untuk MBG", Verdict.FALSE),
        ("Keliru: Video Kapolri Mundur dari Jabatan", "Kapolri Mundur dari Jabatan", Verdict.FALSE),
        ("Menyesatkan: Video Lama Antrean Solar", "Video Lama Antrean Solar", Verdict.MISLEADING),
        ("Sebagian Benar: Iuran BPJS Naik Tahun Ini", "Iuran BPJS Naik Tahun Ini", Verdict.MISLEADING),
        ("Hoaks! Presiden bagikan uang Rp50 juta", "Presiden bagikan uang Rp50 juta", Verdict.FALSE),
        ("Cek Fakta: Tidak Benar Foto Ketua KPU Ditangkap", "Ketua KPU Ditangkap", Verdict.FALSE),
        ("[DISINFORMASI] Rencana Utang Negara", "Rencana Utang Negara", Verdict.MISLEADING),
        ("[KLARIFIKASI] Isu Beras Plastik di Pasar", "Isu Beras Plastik di Pasar", None),
        ("Klarifikasi: surat suara utuh dan tersegel", "surat suara utuh dan tersegel", None),
        ("[KLARIFIKASI] Hoaks: surat suara tercoblos", "surat suara tercoblos", Verdict.FALSE),
        ("Benarkah gaji guru naik?", "Benarkah gaji guru naik?", None),
        ("Salah satu saksi mundur", "Salah satu saksi mundur", None),
    ],
)
def test_the_claim_is_told_from_its_label(title: str, claim: str, verdict: Verdict | None) -> None:
    found = labelled(title)
    assert (found.text, found.verdict) == (claim, verdict)


def test_a_desks_list_may_call_a_row_a_clarification() -> None:
    table = issue_table("judul,tanggal,putusan\nSurat suara tercoblos,2024-11,[KLARIFIKASI]\n", UTC)
    assert ([row.verdict for _, row in table.rows], table.problems) == ([None], ())


def test_a_list_of_claims_may_call_a_row_a_clarification() -> None:
    (claim,) = read_table("title,verdict\nSurat suara tercoblos,klarifikasi\n", publisher="X").claims
    assert (claim.text, claim.verdict, claim.is_clarified) == ("Surat suara tercoblos", None, True)


def test_a_case_number_is_kept_and_taken_out() -> None:
    found = labelled("[SALAH] Gibran Mundur (GFD-2025-28799)")
    assert (found.text, found.case_id) == ("Gibran Mundur", "GFD-2025-28799")


def test_a_wrong_context_is_misleading_whatever_the_label() -> None:
    assert labelled("[SALAH] Demo di DPR", "Faktanya, konteks yang salah.").verdict is Verdict.MISLEADING


@pytest.mark.parametrize(
    ("word", "verdict"),
    [("Keliru", Verdict.FALSE), ("Sebagian Benar", Verdict.MISLEADING), ("Belum Ada Bukti", Verdict.UNPROVEN)],
)
def test_words_of_fact_checkers_fit_one_scale(word: str, verdict: Verdict) -> None:
    assert verdict_of(word) is verdict


def test_numbers_fit_the_scale_only_where_they_say_something() -> None:
    assert [verdict_of_rating(value, 1, 5) for value in (1, 3, 5)] == [Verdict.FALSE, Verdict.MISLEADING, Verdict.TRUE]
    assert verdict_of_rating(1, 1, 1) is None


def page(*blocks: object) -> str:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(block)}</script>' for block in blocks)
    return f"<html><head>{scripts}</head><body>x</body></html>"


REVIEW = {
    "@type": "ClaimReview",
    "claimReviewed": "Prabowo <b>hapus</b> MBG",
    "reviewRating": {"@type": "Rating", "alternateName": "Keliru", "ratingValue": "5", "worstRating": "1"},
    "author": {"@type": "Organization", "name": "Tempo"},
    "url": "https://cekfakta.tempo.co/1",
    "datePublished": "2025-09-01T10:00:00+07:00",
}


def test_a_claim_review_is_read_with_the_publishers_own_word_first() -> None:
    (found,) = reviews(page({"@graph": [{"@type": "WebPage"}, REVIEW]}))
    assert (found.claim, found.verdict, found.publisher) == ("Prabowo hapus MBG", Verdict.FALSE, "Tempo")
    assert found.published_at == datetime(2025, 9, 1, 3, tzinfo=UTC)


def test_broken_and_hostile_markup_is_left_out() -> None:
    deep: object = REVIEW
    for _ in range(60):
        deep = {"@graph": [deep]}
    broken = '<script type="application/ld+json">{"@type": "ClaimReview", </script>'
    assert reviews(broken + page(deep, {"@type": "ClaimReview", "claimReviewed": 7}) + "<script ld+json>") == ()


def test_a_file_is_read_with_columns_of_either_language() -> None:
    table = read_table("judul;putusan;penerbit;tanggal\n[SALAH] KPU curang;Keliru;Tempo;24/02/2024\n")
    (claim,) = table.claims
    assert (claim.text, claim.verdict, claim.publisher) == ("KPU curang", Verdict.FALSE, "Tempo")
    assert claim.checked_at == datetime(2024, 2, 24, tzinfo=UTC)


def test_a_bad_line_is_named_and_the_others_are_kept() -> None:
    table = read_table("claim,date\nKPU curang,2024-13-40\nMK bubar,2024-05\n,2024\n")
    assert [claim.text for claim in table.claims] == ["MK bubar"]
    assert [problem.partition(":")[0] for problem in table.problems] == ["line 2", "line 4"]


def test_a_file_without_claims_says_what_it_wants() -> None:
    with pytest.raises(ValueError, match="no column of claims"):
        read_table("a,b\n1,2\n")


def test_the_same_address_is_the_same_claim() -> None:
    text = "claim,url\nKPU curang,https://www.a.id/x/\nKPU curang lagi,http://a.id/x\n"
    assert len(read_table(text).claims) == 1
