"""Reasons that an editor would grant, and that are put into words only when somebody reads them."""

from __future__ import annotations

from datetime import UTC, datetime

from collector.judge.combined import UNSOURCED, CombinedJudge
from collector.judge.labels import is_plain
from collector.model.item import Entry
from collector.model.judgement import Context, Signal
from collector.model.lazy import lazy
from collector.model.phrase import Later, Phrase

JUDGE = CombinedJudge.shipped()
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def form_reasons(title: str) -> list[Signal]:
    found = JUDGE.judge(Entry(title=title, text=""), Context(source=UNSOURCED, matches=(), now=NOW))
    return [signal for signal in found.signals if "_form_" in signal.name]


def test_an_affix_or_a_word_order_is_no_reason_of_its_own() -> None:
    reasons = " ".join(
        signal.reason.en for signal in form_reasons("Menteri meresmikan bantuan yang mengejutkan petani")
    )
    assert "prefix" not in reasons
    assert "opens with" not in reasons


def test_word_order_and_affixes_are_one_line_that_quotes_where_they_stand() -> None:
    reasons = [signal.reason for signal in form_reasons("Presiden perintahkan menangkap semua pendemo pemilu")]
    told = [reason for reason in reasons if "word order" in reason.en]
    assert told
    assert all("“Presiden perintahkan … pendemo pemilu”" in reason.id for reason in told)


def test_a_number_of_somebody_is_masked_where_a_title_is_quoted() -> None:
    told = " ".join(signal.reason.id for signal in form_reasons("Hubungi menteri untuk bantuan di nomor 081234567890"))
    assert "cara penulisan judul" in told
    assert "081234567890" not in told


def test_capitals_and_marks_stay_reasons() -> None:
    assert is_plain("caps_all")
    assert is_plain("mark_exclamation_2")
    assert not is_plain("text_mark_comma_2")


def test_a_reason_is_worded_once_and_only_when_read() -> None:
    asked: list[str] = []

    def wording(word: str) -> tuple[str, str]:
        asked.append(word)
        return f"id {word}", f"en {word}"

    later = Later(wording, "x")
    assert asked == []
    assert (later.id, later.en, later.in_language("id")) == ("id x", "en x", "id x")
    assert asked == ["x"]


def test_a_reason_worded_later_equals_one_worded_at_once() -> None:
    later, phrase = Later(lambda: ("a", "b")), Phrase(id="a", en="b")
    assert later == phrase
    assert phrase == later
    assert hash(later) == hash(phrase)
    assert later != Phrase(id="a", en="c")


def test_what_is_lazy_is_worked_out_once() -> None:
    class Counter:
        asked = 0

        @lazy
        def answer(self) -> int:
            self.asked += 1
            return 42

    one = Counter()
    assert (one.answer, one.answer, one.asked) == (42, 42, 1)
