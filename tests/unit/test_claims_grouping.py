"""Texts that carry one story become one issue, whatever their order."""

from __future__ import annotations

from collector.claims.grouping import IssueBook, Joined, Union
from collector.claims.matcher import ClaimMatcher
from collector.claims.voice import Choir, resemblance, shingles
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
    assert len({book.add(text, matcher.match(text)) for text in texts}) == 1


def test_an_issue_keeps_its_id() -> None:
    book = IssueBook()
    first = book.add(RUMOUR[0])
    book.add("Harga emas turun")
    assert book.add(RUMOUR[1]) == first


def test_a_debunk_joins_the_issue_that_was_there_before_its_claim_was_known() -> None:
    book = IssueBook()
    rumour = book.join(book.read("Surat suara di gudang KPU Seroja sudah tercoblos"))
    debunk = book.join(book.read("[SALAH] Surat suara di gudang KPU Seroja sudah tercoblos"), "k")
    later = book.join(book.read("surat suara tercoblos di seroja"), "k")
    assert rumour.issue == debunk.issue == later.issue


def test_two_checked_claims_are_never_one_issue() -> None:
    book = IssueBook()
    text = book.read("Surat suara di gudang KPU Seroja sudah tercoblos")
    assert book.join(text, "k").issue != book.join(text, "other").issue


def test_copies_of_one_text_are_one_voice() -> None:
    book = IssueBook()
    text = "KPU Seroja membantah kabar surat suara sudah tercoblos di gudang penyimpanan milik daerah"
    voices = [
        book.join(book.read(t)).voice
        for t in (
            text,
            text + " itu",
            "kata KPU Seroja: surat suara tercoblos itu tidak benar, gudang penyimpanan dijaga",
        )
    ]
    assert voices[0] == voices[1]


def test_the_most_central_text_represents_the_issue() -> None:
    book = IssueBook()
    joined = [book.join(book.read(text)) for text in (*RUMOUR, RUMOUR[0])]
    assert len({one.issue for one in joined}) == 1
    assert joined[-1].central in range(len(joined))


def test_a_restored_book_goes_on_where_it_stopped() -> None:
    book, again = IssueBook(), IssueBook()
    first = [book.join(book.read(text)) for text in RUMOUR[:2]]
    for text, joined in zip(RUMOUR[:2], first, strict=True):
        again.restore(again.read(text), joined.issue, joined.voice)
    assert again.join(again.read(RUMOUR[2])).issue == book.join(book.read(RUMOUR[2])).issue


def test_an_issue_speaks_with_as_many_voices_as_texts_that_differ() -> None:
    choir = Choir()
    assert [choir.number(text) for text in ("a b c d e f", "a b c d e f", "u v w x y z")] == [1, 1, 2]


def test_resemblance_is_one_for_the_same_words_and_nothing_for_others() -> None:
    assert resemblance(shingles("satu dua tiga empat"), shingles("satu dua tiga empat")) == 1.0
    assert resemblance(shingles("satu dua tiga empat"), shingles("lima enam tujuh delapan")) == 0.0


def test_a_forgotten_text_no_longer_draws_others_into_its_issue() -> None:
    book = IssueBook()
    first = book.join(book.read(RUMOUR[0]), "k")
    for text in ("Harga emas turun", "Persebaya menang 2-0 atas Arema"):
        book.add(text)
    book.forget(1)
    assert book.join(book.read(RUMOUR[1]), "k").issue != first.issue


def test_what_is_left_after_forgetting_stays_grouped() -> None:
    book = IssueBook()
    book.add("Harga emas turun")
    joined = [book.join(book.read(text)) for text in RUMOUR[:2]]
    book.forget(2)
    last = book.join(book.read(RUMOUR[2]))
    assert last.issue == joined[0].issue
    assert last.central in range(book.texts)
    assert book.texts == 2


def test_forgetting_the_first_text_keeps_its_issue_and_the_number_of_its_voices() -> None:
    book = IssueBook()
    voices = [book.join(book.read(text)).voice for text in RUMOUR[:2]]
    book.forget(1)
    assert book.join(book.read(RUMOUR[2])).voice > max(voices)


# Two wordings that share too little, and one that says what both say.
DEBATE, EARPIECE = "KPU temukan bukti kecurangan Gibran", "Gibran curang di debat cawapres pakai earpiece"
BRIDGE = "KPU temukan bukti kecurangan Gibran di debat cawapres, pakai earpiece"


def bridged(book: IssueBook) -> list[Joined]:
    for text in ("Harga emas turun", "Persebaya menang 2-0 atas Arema", "Siswa di Garut keracunan"):
        book.add(text)
    return [book.join(book.read(text)) for text in (DEBATE, EARPIECE, BRIDGE)]


def test_a_text_that_is_sure_of_two_issues_makes_them_one_and_the_older_stays() -> None:
    book = IssueBook()
    older, younger, bridge = bridged(book)
    assert older.issue != younger.issue
    assert bridge.issue == older.issue
    assert bridge.unions == (Union(younger=younger.issue, older=older.issue),)
    assert [book.issue_of(place) for place in (3, 4, 5)] == [older.issue] * 3


def test_the_voices_of_what_was_taken_in_are_numbered_behind_the_others() -> None:
    book = IssueBook()
    *_, bridge = bridged(book)
    assert bridge.voice == 3
    assert book.join(book.read(EARPIECE)).voice == 2


def test_issues_that_may_not_become_one_stay_two() -> None:
    asked: list[tuple[str, str]] = []
    book = IssueBook(free=lambda younger, older: bool(asked.append((younger, older))))
    older, younger, bridge = bridged(book)
    assert asked == [(younger.issue, older.issue)]
    assert bridge.unions == ()
    assert len({book.issue_of(place) for place in (3, 4)}) == 2


def test_issues_of_two_checked_claims_are_never_made_one() -> None:
    book = IssueBook()
    one, other = book.join(book.read(DEBATE), "k"), book.join(book.read(EARPIECE), "other")
    assert book.join(book.read(BRIDGE)).unions == ()
    assert one.issue != other.issue
