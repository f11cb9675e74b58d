"""Texts that carry one story become one issue, whatever their order."""

from __future__ import annotations

from collector.claims.grouping import IssueBook
from collector.claims.matcher import ClaimMatcher
from collector.model.claim import CheckedClaim

RUMOUR = [
    "Siswa SD di Garut keracunan makan bergizi gratis",
    "Puluhan siswa SD Garut keracunan MBG",
    "anak2 sd di garut pd keracunan mbg",
]


def test_one_story_in_three_spellings_is_one_issue() -> None:
    book = IssueBook()
    assert len({book.add(text) for text in RUMOUR}) == 1


def test_another_place_is_another_issue() -> None:
    book = IssueBook()
    assert book.add(RUMOUR[0]) != book.add("Siswa SD di Kupang keracunan makan bergizi gratis")


def test_unrelated_texts_stay_alone() -> None:
    book = IssueBook()
    texts = ["Harga emas turun", "Persebaya menang 2-0", "Minum air rebusan daun salam", "KPU buka pendaftaran PPK"]
    assert len({book.add(text) for text in texts}) == len(texts)


def test_a_spread_and_a_debunk_of_one_claim_are_one_issue() -> None:
    claim = CheckedClaim(
        id=0, key="k", text="DKPP Pecat Ketua KPU", title="x", verdict=None, publisher="", url=None, checked_at=None
    )
    matcher, book = ClaimMatcher(), IssueBook()
    matcher.add(claim)
    texts = ["ketua kpu dipecat dkpp", "Hoaks, DKPP tidak memecat Ketua KPU"]
    assert {book.add(text, matcher.match(text)) for text in texts} == {"claim:k"}


def test_an_issue_keeps_its_id() -> None:
    book = IssueBook()
    first = book.add(RUMOUR[0])
    book.add("Harga emas turun")
    assert book.add(RUMOUR[1]) == first
