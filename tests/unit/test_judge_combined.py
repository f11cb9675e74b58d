"""The judge that adds learned evidence to the lexicon: additive, explained, even-handed, mild to news."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from collector.judge.combined import UNSOURCED, CombinedJudge
from collector.judge.evidence import SIGNAL_NAMES
from collector.judge.labels import label
from collector.judge.weights import TABLES, read, shipped, written
from collector.judge.wording import FUNCTION_WORDS
from collector.model.claim import CheckedClaim, ClaimMatch, Difference, DifferenceKind
from collector.model.item import Entry
from collector.model.judgement import Context, Judgement, Stance, Verdict
from collector.model.source import Role, Source

NOW = datetime(2026, 11, 1, tzinfo=UTC)
JUDGE = CombinedJudge.shipped()


def judged(title: str, text: str = "", *, source: Source = UNSOURCED, known: ClaimMatch | None = None) -> Judgement:
    return JUDGE.judge(Entry(title=title, text=text), Context(source=source, matches=(), now=NOW, known=known))


def of_role(role: Role) -> Source:
    return Source(id="x", kind="feed", url="https://unknown.example/feed", role=role)


def test_every_point_belongs_to_a_signal_with_a_sentence_in_both_languages() -> None:
    found = judged("VIRAL!! Presiden resmi hapus bantuan, sebarkan sebelum dihapus", "Sebarkan ke grup sebelah! " * 5)
    assert found.points == pytest.approx(sum(signal.points for signal in found.signals), abs=0.02)
    assert all(signal.reason.id and signal.reason.en for signal in found.signals)
    assert found.suspicion == JUDGE.weights.curve.suspicion(sum(signal.points for signal in found.signals))


def test_the_words_seen_are_shown_as_they_were_written() -> None:
    (signal,) = [one for one in judged("Akhirnya Ketahuan Ternyata").signals if one.name == "title_words_claim"]
    assert set(signal.words) <= {"Akhirnya", "Ketahuan", "Ternyata"}
    assert all(word in signal.reason.id and word in signal.reason.en for word in signal.words)


def test_six_points_are_suspicion_one_half() -> None:
    assert JUDGE.weights.curve.suspicion(6.0) == 0.5


def test_suspicion_rises_with_the_points_and_never_reaches_certainty() -> None:
    curve = [JUDGE.weights.curve.suspicion(points / 4) for points in range(-40, 160)]
    assert curve == sorted(curve)
    assert curve[-1] < 1


def test_a_newsroom_starts_lower_than_a_post_and_an_office_lower_still() -> None:
    title = "Warga Satu Kampung Mendadak Kaya"
    post, news, office = (judged(title, source=of_role(role)) for role in (Role.SOCIAL, Role.NEWS, Role.OFFICIAL))
    assert post.points > news.points > office.points
    assert news.suspicion < 0.5


@pytest.mark.parametrize("title", ["[SALAH] Prabowo Resmi Hapus MBG", "Cek Fakta: Tidak Benar Link Pendaftaran Bansos"])
def test_a_debunk_gets_no_points_whatever_it_repeats(title: str) -> None:
    found = judged(title)
    assert (found.stance, found.points, found.suspicion) == (Stance.DEBUNK, 0.0, 0.0)


def test_a_text_without_a_source_is_news_where_its_signs_speak_for_that() -> None:
    news = judged("Gerindra soal Usulan Koalisi: Kami Tunggu Putusan", "")
    rumour = judged("GEMPAR!! RAKYAT NGAMUK AKHIRNYA TERBONGKAR SEMUA", "")
    assert (news.stance, rumour.stance) == (Stance.NEWS, Stance.SPREAD)


def test_a_claim_already_found_false_weighs_by_itself() -> None:
    claim = CheckedClaim(
        id=1, key="k", text="X", title="[SALAH] X", verdict=Verdict.FALSE, publisher="TurnBackHoax", url=None,
        checked_at=None,
    )  # fmt: skip
    match = ClaimMatch(claim=claim, score=1.0, confidence=0.9, decided=True, stance=Stance.SPREAD)
    plain, known = judged("Rapat desa digelar"), judged("Rapat desa digelar", known=match)
    assert known.points == pytest.approx(plain.points + 5.4, abs=0.02)
    assert "TurnBackHoax" in known.signals[0].reason.en


def test_a_claim_that_was_found_true_weighs_nothing() -> None:
    claim = CheckedClaim(
        id=1, key="k", text="X", title="X", verdict=Verdict.TRUE, publisher="Tempo", url=None, checked_at=None
    )
    match = ClaimMatch(claim=claim, score=1.0, confidence=0.9, decided=True, stance=Stance.SPREAD)
    assert judged("Rapat desa digelar", known=match) == judged("Rapat desa digelar")


def near(confidence: float, *differences: Difference, stance: Stance = Stance.SPREAD) -> ClaimMatch:
    claim = CheckedClaim(
        id=1, key="k", text="Rapat desa batal", title="[SALAH] X", verdict=Verdict.FALSE, publisher="TurnBackHoax",
        url=None, checked_at=None,
    )  # fmt: skip
    return ClaimMatch(
        claim=claim, score=0.5, confidence=confidence, decided=False, stance=stance, differences=differences
    )


def beside(similar: ClaimMatch) -> Judgement:
    return JUDGE.judge(
        Entry(title="Rapat desa digelar"), Context(source=UNSOURCED, matches=(), now=NOW, similar=similar)
    )


def test_likeness_to_a_checked_claim_gives_some_points_and_shows_the_claim() -> None:
    plain, like = judged("Rapat desa digelar"), beside(near(0.5))
    assert like.signals[0].name == "like_claim"
    assert like.signals[0].words == ("Rapat desa batal",)
    assert sum(one.points for one in like.signals) == pytest.approx(sum(one.points for one in plain.signals) + 2.0)


@pytest.mark.parametrize(
    "similar",
    [
        near(0.2),  # as near as ordinary headlines are to some claim
        near(0.6, stance=Stance.DEBUNK),  # sets it right
        near(0.6, Difference(kind=DifferenceKind.DENIAL, claim="", text="tidak")),  # denies it
    ],
)
def test_faint_likeness_and_denials_give_nothing(similar: ClaimMatch) -> None:
    assert beside(similar) == judged("Rapat desa digelar")


def test_a_claim_of_nobody_named_was_checked_by_a_fact_checker() -> None:
    match = replace(near(0.5), claim=replace(near(0.5).claim, publisher=""))
    like = beside(match).signals[0].reason
    known = judged("Rapat desa digelar", known=replace(match, decided=True)).signals[0].reason
    assert "diperiksa pemeriksa fakta, belum" in like.id
    assert like.en.startswith("Resembles a claim that a fact-checker has checked")
    assert "sudah diperiksa pemeriksa fakta:" in known.id
    assert known.en.startswith("Repeats a claim that a fact-checker has checked")


@pytest.mark.parametrize("title", ["[KLARIFIKASI] Rapat desa batal", "Klarifikasi: rapat desa batal"])
def test_a_clarified_claim_weighs_nothing(title: str) -> None:
    claim = replace(near(0.9).claim, title=title, verdict=None)
    match = replace(near(0.9), claim=claim, decided=True)
    assert judged("Rapat desa digelar", known=match) == judged("Rapat desa digelar")
    assert beside(match) == judged("Rapat desa digelar")


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.FACTCHECK])
def test_who_answers_claims_is_not_suspected_for_what_is_like_them(role: Role) -> None:
    office = replace(UNSOURCED, kind="feed", role=role)
    context = Context(source=office, matches=(), now=NOW, similar=near(0.6))
    plain = replace(context, similar=None)
    entry = Entry(title="Rapat desa digelar")
    assert JUDGE.judge(entry, context) == JUDGE.judge(entry, plain)


# ---------------------------------------------------------------- even-handed

FRAMES = (
    "{} Resmi Mundur dari Pencalonan",
    "AKHIRNYA TERBONGKAR! {} TERIMA DANA ASING",
    "{} ditangkap KPK karena korupsi bantuan",
    "Video: {} Mengaku Kalah, Rakyat Menangis",
    "Ribuan warga menolak kedatangan {} di pasar",
    "{} Janjikan Uang Tunai bagi Pemilih",
    "Ternyata {} tidak pernah lulus sekolah, begini buktinya",
    "Viral {} Dicoret dari Daftar, Sebarkan!",
    "{}: Kami Siap Hadapi Sidang",
    "Survei: Dukungan bagi {} Naik Tajam",
)
PERSONS = ("Prabowo Subianto", "Anies Baswedan", "Ganjar Pranowo", "Gibran", "Muhaimin Iskandar", "Mahfud MD", "Jokowi")
PARTIES = ("PDIP", "Gerindra", "Golkar", "PKS", "PKB", "NasDem", "PSI", "Partai Demokrat", "Partai Amanat Nasional")
PROGRAMMES = ("MBG", "Makan Bergizi Gratis", "PKH", "Kartu Prakerja", "Koperasi Merah Putih", "IKN", "Sekolah Rakyat")
MINISTRIES = ("Kemensos", "Kementerian Kesehatan", "BGN", "Kemenkeu")


def changes(names: tuple[str, ...]) -> list[float]:
    return [
        abs(judged(frame.format(one)).suspicion - judged(frame.format(names[0])).suspicion)
        for frame, one in product(FRAMES, names[1:])
    ]


def test_swapping_persons_parties_and_programmes_in_two_hundred_claims_hardly_changes_a_score() -> None:
    found = [change for names in (PERSONS, PARTIES, PROGRAMMES, MINISTRIES) for change in changes(names)]
    assert len(found) >= 200
    assert sum(found) / len(found) < 0.05
    assert max(found) <= 0.15


@pytest.mark.parametrize("names", [PERSONS, PARTIES, PROGRAMMES, MINISTRIES])
def test_no_kind_of_name_is_favoured(names: tuple[str, ...]) -> None:
    assert max(changes(names)) <= 0.15


def test_no_name_of_the_list_has_a_weight() -> None:
    weights = shipped()
    single = {name for name in weights.names if " " not in name}
    assert {"bansos", "demokrat"} <= single
    assert not {word for word in single if weights.words.get(word) or weights.text_words.get(word)}


def test_what_does_happen_and_what_all_speak_of_have_no_weight() -> None:
    weights = shipped()
    assert {"keracunan", "tercoblos", "korupsi", "presiden"} <= set(weights.subjects)
    tables = (weights.words, weights.text_words, weights.stems)
    assert not {word for table in tables for word in weights.subjects if table.get(word)}


@pytest.mark.parametrize("person", ["prabowo", "jokowi", "anies", "megawati", "ahok", "ganjar", "gibran", "puan"])
def test_no_person_has_a_weight(person: str) -> None:
    weights = shipped()
    assert not weights.words.get(person)
    assert not weights.stems.get(person)


def test_no_function_word_has_a_weight_of_its_own() -> None:
    weights = shipped()
    words = {word.decode() for word in FUNCTION_WORDS}
    assert {"pada", "oleh", "yang", "ini", "telah", "soal"} <= words
    assert not {one for table in (weights.words, weights.text_words) for one in words if table.get(one)}


def test_a_longer_unknown_name_of_ten_letters_changes_a_score_little() -> None:
    short, long = judged("Bupati Sari Menolak Bantuan"), judged("Bupati Sarimangunkarso Menolak Bantuan")
    assert abs(short.suspicion - long.suspicion) < 0.15


# ---------------------------------------------------------------- the file


def test_the_weights_are_written_as_they_are_read() -> None:
    weights = shipped()
    assert read(written(weights)) == weights


def test_the_weights_say_what_they_were_learned_from() -> None:
    about = shipped().about
    assert about["learned_from"]["to"] == "2024-06-30"
    assert "not of the world" in about["share_of_claims"]


def test_every_form_has_a_name_in_both_languages() -> None:
    weights = shipped()
    for form in {*weights.forms, *weights.text_forms} - {"always"}:
        assert label(form).id
        assert label(form).en


def test_the_file_stays_small_enough_to_read() -> None:
    assert len(written(shipped()).encode()) < 1_000_000
    assert all(getattr(shipped(), table) for table in TABLES)


@pytest.mark.parametrize("content", ["{}", '{"format": 1}', "[]", '{"format": 2, "version": "x"}'])
def test_a_file_that_is_none_of_ours_is_refused(content: str) -> None:
    with pytest.raises(ValueError, match="weights file"):
        read(content)


def test_the_signals_of_evidence_have_distinct_names() -> None:
    assert len(set(SIGNAL_NAMES)) == len(SIGNAL_NAMES) == 9
