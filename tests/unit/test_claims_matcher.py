"""Which claim a text repeats, and what keeps a near miss from being one."""

from __future__ import annotations

import pytest

from collector.claims.matcher import ClaimMatcher
from collector.model.claim import CheckedClaim, ClaimMatch, DifferenceKind
from collector.model.judgement import Stance, Verdict

CLAIMS = """
Prabowo Resmi Hapus MBG
Tujuh kontainer surat suara tercoblos dari China ditemukan di Tanjung Priok
DKPP Pecat Ketua KPU
Hotman Paris Promosikan Judi Online
Tarif Listrik Naik Bulan Mei 2024
Prabowo Bagikan Bansos Rp7 Juta per KTP
Menag Minta Masyarakat Ikhlaskan Dana Haji Dipakai Pemerintah untuk IKN
MK Diskualifikasi Luthfi-Taj Yasin
Server KPU Berada di Singapura
Jokowi Pecat Sri Mulyani dari Kabinet
""".strip().splitlines()


def checked(text: str, **other: object) -> CheckedClaim:
    fields = {"id": 0, "key": text, "text": text, "title": f"[SALAH] {text}", "verdict": Verdict.FALSE}
    rest = {"publisher": "TurnBackHoax", "url": None, "checked_at": None}
    return CheckedClaim(**{**fields, **rest, **other})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def matcher() -> ClaimMatcher:
    matcher = ClaimMatcher()
    matcher.add_all(checked(text) for text in CLAIMS)
    return matcher


def best(matcher: ClaimMatcher, text: str) -> ClaimMatch:
    return matcher.match(text, limit=1)[0]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("AKHIRNYA!! PRABOWO R3SMI HAPUS MBG 🔥 rakyat senang", "Prabowo Resmi Hapus MBG"),
        ("7 peti kemas isi kertas suara udah dicoblos dari tiongkok, ketemu di priok", CLAIMS[1]),
        ("bang hotman ngiklanin situs judol", "Hotman Paris Promosikan Judi Online"),
        ("prabowo bagi2 bans0s 7jt tiap KTP", "Prabowo Bagikan Bansos Rp7 Juta per KTP"),
        ("menteri agama minta umat relakan uang haji dipakai buat ibu kota baru", CLAIMS[6]),
    ],
)
def test_a_repeat_in_other_words_is_recognised(matcher: ClaimMatcher, text: str, claim: str) -> None:
    found = best(matcher, text)
    assert (found.claim.text, found.decided, found.stance) == (claim, True, Stance.SPREAD)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Anies resmi hapus MBG", DifferenceKind.WHO),
        ("Prabowo bagikan bansos Rp2 juta per KTP", DifferenceKind.HOW_MANY),
        ("Server KPU berada di Malaysia", DifferenceKind.WHERE),
        ("Tarif listrik turun bulan Mei 2024", DifferenceKind.DEED),
        ("DKPP tidak memecat Ketua KPU", DifferenceKind.DENIAL),
    ],
)
def test_a_near_miss_is_refused_and_the_difference_named(
    matcher: ClaimMatcher, text: str, kind: DifferenceKind
) -> None:
    found = best(matcher, text)
    assert not (found.decided and found.stance is Stance.SPREAD)
    assert kind in {difference.kind for difference in found.differences}


def test_every_difference_can_be_told_in_both_languages(matcher: ClaimMatcher) -> None:
    for difference in best(matcher, "Anies resmi hapus MBG").differences:
        assert difference.reason.id
        assert difference.reason.en


@pytest.mark.parametrize(
    "text",
    [
        "[SALAH] Prabowo resmi hapus MBG",
        "hoaks ya gaes, prabowo ga hapus mbg",
        "Cek fakta: Hotman Paris tidak mempromosikan judi online, videonya buatan AI",
    ],
)
def test_a_text_that_sets_it_right_is_a_debunk(matcher: ClaimMatcher, text: str) -> None:
    found = best(matcher, text.replace("[SALAH]", "Keliru:"))
    assert found.stance is Stance.DEBUNK


def test_ordinary_news_matches_nothing(matcher: ClaimMatcher) -> None:
    for text in ("Harga emas Antam hari ini turun Rp5.000 per gram", "KPU gelar simulasi pemungutan suara di Bogor"):
        assert not any(found.decided for found in matcher.match(text))


def test_an_empty_store_and_an_empty_text_match_nothing(matcher: ClaimMatcher) -> None:
    assert ClaimMatcher().match("Prabowo hapus MBG") == ()
    assert not any(found.decided for found in matcher.match("🔥🔥"))


def test_a_claim_is_learnt_once(matcher: ClaimMatcher) -> None:
    assert not matcher.add(checked(CLAIMS[0]))
    assert len(matcher) == len(CLAIMS)


def test_claims_come_while_texts_are_matched() -> None:
    matcher = ClaimMatcher()
    for text in CLAIMS:
        matcher.add(checked(text))
        assert best(matcher, text).claim.text == text


def test_a_claim_checked_anew_takes_the_place_of_what_was_known_of_it() -> None:
    matcher = ClaimMatcher()
    assert matcher.add(checked(CLAIMS[2], key="k"))
    assert not matcher.add(checked(CLAIMS[2], key="k", verdict=Verdict.TRUE))
    assert len(matcher) == 1
    assert best(matcher, "dkpp pecat ketua kpu").claim.verdict is Verdict.TRUE


def test_a_reworded_claim_is_found_by_its_new_words_only() -> None:
    matcher = ClaimMatcher()
    matcher.add_all([checked(CLAIMS[2], key="k"), checked(CLAIMS[4], key="other")])
    matcher.add(checked(CLAIMS[8], key="k"))
    assert best(matcher, "server kpu ada di singapura").claim.key == "k"
    assert all(found.claim.text != CLAIMS[2] for found in matcher.match("dkpp pecat ketua kpu"))


def test_what_is_not_decided_has_a_likeliest_claim_too(matcher: ClaimMatcher) -> None:
    found = matcher.likeliest("Megawati Resmi Hapus MBG")
    assert found is not None
    assert not found.decided
    assert matcher.likeliest("Harga cabai turun di pasar") is None
