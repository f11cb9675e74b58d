"""The rules at the head of topics.yaml, one by one."""

from __future__ import annotations

import time
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.config.topics import foreign_context, leet_keep, shipped_topics
from collector.match.topics import MAX_SPANS, TopicMatcher
from collector.model.phrase import Phrase
from collector.model.topic import AmbiguousTerm, Topic


def topic(**lists: object) -> Topic:
    return Topic(**{"id": "t", "name": Phrase(id="t", en="t"), **lists})  # type: ignore[arg-type]


def matcher(*topics: Topic, foreign: tuple[str, ...] = ()) -> TopicMatcher:
    return TopicMatcher(topics, leet_keep=frozenset({"g20"}), foreign_context=foreign)


def surfaces(one: TopicMatcher, title: str, text: str = "") -> list[str]:
    return [span.surface for match in one.matches(title, text) for span in match.spans]


@pytest.fixture(scope="module")
def shipped() -> TopicMatcher:
    return TopicMatcher(tuple(shipped_topics().values()), leet_keep=leet_keep(), foreign_context=foreign_context())


def ids(one: TopicMatcher, title: str, text: str = "") -> list[str]:
    return [match.topic_id for match in one.matches(title, text)]


def test_a_strong_term_alone_is_a_hit_at_word_boundaries_only() -> None:
    one = matcher(topic(strong=("pemilu",)))
    assert surfaces(one, "PEMILU, pemilu-raya dan _pemilu_") == ["PEMILU", "pemilu", "pemilu"]
    assert surfaces(one, "pemilukada sepemilu pemilu2029") == []


def test_single_words_of_four_letters_also_match_with_clitics() -> None:
    one = matcher(topic(strong=("bansos", "psu")))
    assert surfaces(one, "bansosnya bansosku bansosmu bansoslah bansoskah bansospun") != []
    assert len(surfaces(one, "bansosnya bansosku bansosmu bansoslah bansoskah bansospun")) == 6
    assert surfaces(one, "psunya dan bansoser") == []


def test_phrases_match_across_punctuation_between_words() -> None:
    one = matcher(topic(strong=("anies muhaimin", "bagi-bagi bantuan")))
    assert surfaces(one, "Anies-Muhaimin") == ["Anies-Muhaimin"]
    assert surfaces(one, "bagi bagi bantuan") == ["bagi bagi bantuan"]
    assert surfaces(one, "Anies. Muhaimin") == []  # a sentence ends between them


def test_signs_in_a_term_must_stand_in_the_text() -> None:
    one = matcher(topic(strong=("ppn 12%",)))
    assert surfaces(one, "PPN 12% naik") == ["PPN 12%"]
    assert surfaces(one, "ppn 12 barang") == []


def test_an_ambiguous_term_needs_context_in_title_or_text() -> None:
    one = matcher(topic(ambiguous=(AmbiguousTerm(term="spp", context_any=("gratis", "sekolah")),)))
    assert surfaces(one, "SPP naik") == []
    assert surfaces(one, "SPP naik", "di sekolah negeri") == ["SPP", "sekolah"]


def test_a_term_s_own_exclusion_cancels_it() -> None:
    term = AmbiguousTerm(term="kpu", context_any=("ketua",), exclude=("bea cukai",))
    assert surfaces(matcher(topic(ambiguous=(term,))), "Ketua KPU", "Bea Cukai Batam") == []


def test_the_same_ambiguous_term_may_be_listed_twice() -> None:
    one = matcher(
        topic(
            ambiguous=(
                AmbiguousTerm(term="spp", context_any=("a1",)),
                AmbiguousTerm(term="spp", context_any=("gratis",)),
            )
        )
    )
    assert surfaces(one, "spp gratis") == ["spp", "gratis"]


def test_topic_exclusions_mask_phrases_and_nothing_else() -> None:
    one = matcher(topic(strong=("pemilu",), exclude=("pemilu malaysia",)))
    assert surfaces(one, "Pemilu Malaysia") == []
    assert surfaces(one, "Pemilu 2029 vs Pemilu Malaysia") == ["Pemilu"]


def test_masked_context_does_not_count() -> None:
    one = matcher(
        topic(ambiguous=(AmbiguousTerm(term="survei", context_any=("pemilu",)),), exclude=("pemilu malaysia",))
    )
    assert surfaces(one, "Survei pemilu Malaysia") == []


def test_mixed_tokens_are_read_but_not_those_kept() -> None:
    one = matcher(topic(strong=("rakyat", "gzo", "dana bantuan")))
    assert surfaces(one, "R4KYAT") == ["R4KYAT"]
    assert surfaces(one, "KTT G20") == []
    assert surfaces(one, "dana b4ntuan!") == ["dana b4ntuan"]


def test_spelled_out_letters_are_joined_with_their_place_in_the_original() -> None:
    one = matcher(topic(strong=("judol", "slot")))
    assert surfaces(one, "main j.u.d.o.l", "atau  S L O T gacor") == ["j.u.d.o.l", "S L O T"]


def test_slang_is_taken_literally_and_not_from_undisguised_text() -> None:
    one = matcher(topic(slang=("pem!lu", "k.p.u", "j*d*l", "#2029gantipresiden", "judol")))
    assert surfaces(one, "PEM!LU K.P.U j*d*l #2029GantiPresiden") == ["PEM!LU", "K.P.U", "j*d*l", "#2029GantiPresiden"]
    assert surfaces(one, "pem lu, k-p-u, j-d-l, 2029gantipresiden, jud0l") == []


def test_hashtags_match_only_behind_the_sign() -> None:
    one = matcher(topic(hashtags=("judol",)))
    assert surfaces(one, "berantas #Judol!") == ["#Judol"]
    assert surfaces(one, "berantas judol") == []


def test_names_by_pattern_only_strengthen_another_hit() -> None:
    one = matcher(topic(strong=("slot",), regex_names=(r"\b[a-z]{3,10}(?:88|77)\b",)))
    assert surfaces(one, "daftar hoki88") == []
    assert surfaces(one, "slot hoki88") == ["slot", "hoki88"]


def test_persons_and_institutions_alone_are_no_hit() -> None:
    one = matcher(topic(strong=("pemilu",), persons=("Anies Baswedan",), institutions=("KPU RI",)))
    assert surfaces(one, "Anies Baswedan di KPU RI") == []


def test_foreign_elections_are_dropped_unless_an_indonesian_name_stands_beside() -> None:
    one = matcher(
        topic(group="election", strong=("pilpres",), institutions=("KPU RI",), persons=("A B - Prabowo Subianto",)),
        foreign=("trump",),
    )
    assert surfaces(one, "Trump menang pilpres") == []
    assert surfaces(one, "Trump dan Prabowo Subianto soal pilpres") == ["pilpres"]
    assert surfaces(one, "KPU tentang Trump dan pilpres") == ["pilpres"]


def test_foreign_names_do_not_touch_other_topics() -> None:
    assert surfaces(matcher(topic(strong=("tarif",)), foreign=("trump",)), "Tarif Trump") == ["Tarif"]


def test_money_counts_as_context_with_and_without_a_space() -> None:
    one = matcher(topic(ambiguous=(AmbiguousTerm(term="bsu", context_any=("rp",)),)))
    assert surfaces(one, "BSU Rp600 ribu") == ["BSU", "Rp"]
    assert surfaces(one, "BSU Rp 600 ribu") == ["BSU", "Rp"]
    assert surfaces(one, "BSU rpjmn") == []


def test_own_topics_in_other_scripts_match_too() -> None:
    assert surfaces(matcher(topic(strong=("ꦥꦼꦩꦶꦭꦸ", "选举"))), "kata 选举 dan ꦥꦼꦩꦶꦭꦸ") == ["选举", "ꦥꦼꦩꦶꦭꦸ"]


def test_matches_come_in_the_order_of_the_topics_and_spans_title_first() -> None:
    one = matcher(topic(id="b", strong=("dua",)), topic(id="a", strong=("satu", "tiga")))
    found = one.matches("tiga dua", "satu")
    assert [match.topic_id for match in found] == ["b", "a"]
    assert [(span.field, span.start, span.end) for span in found[1].spans] == [("title", 0, 4), ("text", 0, 4)]


def test_of_overlapping_terms_the_longest_is_shown() -> None:
    assert surfaces(matcher(topic(strong=("pemilu", "pemilu 2029"))), "Pemilu 2029") == ["Pemilu 2029"]


def test_a_term_does_not_run_from_title_into_text() -> None:
    assert surfaces(matcher(topic(strong=("surat suara",))), "Surat", "suara") == []


def test_many_places_are_shown_up_to_a_limit() -> None:
    assert len(surfaces(matcher(topic(strong=("pemilu",))), "pemilu " * 40_000)) == MAX_SPANS


def test_no_topics_match_nothing() -> None:
    assert TopicMatcher((), leet_keep=frozenset()).matches("pemilu", "") == ()


TERM = st.text(alphabet="abcd", min_size=1, max_size=4)
LETTERS = st.text(alphabet="abcd 4!.-\u200bаéA\n", max_size=60)


@given(st.lists(TERM, min_size=1, max_size=4), LETTERS, LETTERS)
def test_a_surface_is_what_stands_at_its_place(terms: list[str], title: str, text: str) -> None:
    for match in matcher(topic(strong=tuple(terms))).matches(title, text):
        for span in match.spans:
            assert (title if span.field == "title" else text)[span.start : span.end] == span.surface


@given(st.lists(TERM, min_size=1, max_size=4), st.lists(TERM, max_size=8))
def test_one_pass_finds_what_looking_word_by_word_finds(terms: list[str], words: list[str]) -> None:
    """The automaton against the plain reading of rule 4, on words without disguises."""
    expected = {
        word
        for word in words
        for term in terms
        if word == term or (len(term) >= 4 and word.removeprefix(term) in ("nya", "ku", "mu", "lah", "kah", "pun"))
    }
    joined_letters = any(len(word) == 1 for word in words)
    found = set(surfaces(matcher(topic(strong=tuple(terms))), " ".join(words)))
    assert found == expected or joined_letters


# ---------------------------------------------------------------- with the shipped topics


@pytest.mark.parametrize(
    ("title", "topic_id"),
    [
        ("pr4b0w0 c@ir kan bansos", "bansos"),
        ("KPU bantah server Sirekap", "pemilu_umum"),
        ("main s l o t di situs itu", "judi_online"),
        ("Kopdes Merah Putih buka pinjaman", "koperasi_merah_putih"),
    ],
)
def test_shipped_topics_find_their_words(shipped: TopicMatcher, title: str, topic_id: str) -> None:
    assert topic_id in ids(shipped, title)


@pytest.mark.parametrize("title", ["Saham Mercedes-Benz Group (MBG) turun", "Arne Slot puji Liverpool", "PSU 650 watt"])
def test_shipped_topics_leave_false_friends_alone(shipped: TopicMatcher, title: str) -> None:
    assert ids(shipped, title) == []


@pytest.mark.shared
@pytest.mark.parametrize(
    ("trap", "expected"),
    [
        ("text-fancy-unicode.xml", {"judi_online", "pemilu_umum"}),
        ("text-zero-width.xml", {"pemilu_umum"}),
        ("text-homoglyphs.xml", {"pemilu_umum"}),
        ("text-casefold-length.xml", {"pemilu_umum", "bansos"}),
        ("text-nfd-mixed.xml", {"pemilu_umum"}),
        ("text-bidi.xml", {"pemilu_umum"}),
    ],
)
def test_every_title_of_a_disguise_trap_matches(
    shared: Path, shipped: TopicMatcher, trap: str, expected: set[str]
) -> None:
    titles = _titles(shared / "data" / "hostile" / "traps" / trap)
    disguised = [title for title in titles if not title.startswith("SENTINEL")]
    assert disguised
    for title in disguised:
        assert expected <= set(ids(shipped, title)), title


@pytest.mark.shared
@pytest.mark.parametrize("trap", ["text-huge-title", "text-nfkc-growth", "text-redos-word", "text-zalgo"])
def test_hostile_titles_cost_little(shared: Path, shipped: TopicMatcher, trap: str) -> None:
    for title in _titles(shared / "data" / "hostile" / "traps" / f"{trap}.xml"):
        started = time.process_time()
        shipped.matches(title, title)
        assert time.process_time() - started < 1.0


def _titles(path: Path) -> list[str]:
    import feedparser

    return [entry.title for entry in feedparser.parse(BytesIO(path.read_bytes())).entries]
