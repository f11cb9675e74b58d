"""What a message says, sentence by sentence, in both languages."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from notices import AT, RUMOUR, notice, operator_notice

from alerts import catalogue
from alerts.announcement import headline
from alerts.case import Case
from alerts.links import ActionLinks
from alerts.render import Renderer
from alerts.scribe import Scribe
from collector.config.topics import shipped_topics
from collector.model.alert import (
    AlertReason,
    CheckedBefore,
    LeadingIssue,
    Notice,
    NoticeType,
    Reading,
    ReadingState,
    SinceLast,
)
from collector.model.bucket import Subject
from collector.model.judgement import Verdict
from collector.model.phrase import Language, Phrase
from collector.model.rule import Rule
from collector.model.topic import Topic

JAKARTA = ZoneInfo("Asia/Jakarta")
ID, EN = Renderer("id", JAKARTA), Renderer("en", JAKARTA)
ISSUE = LeadingIssue(
    issue_id=3,
    text="Surat suara sudah tercoblos",
    first_seen_at=AT - timedelta(hours=5),
    items=14,
    publishers=6,
    lead=RUMOUR,
    checked=CheckedBefore(
        claim="Surat suara tercoblos", verdict=Verdict.FALSE, publisher="TurnBackHoax", url="https://cek.example/1"
    ),
)


def sentence(language: Language, shown: Notice) -> str:
    return Scribe(language, JAKARTA).sentence(shown)


# ---------------------------------------------------------------- the sentence


def test_one_sentence_says_why_with_the_usual_the_ratio_the_window_and_the_sources() -> None:
    assert sentence("id", notice()) == (
        "Judi online: 34 sebutan mencurigakan dalam 6 jam (25 November 2026 05.00–10.30 WIB, jam terakhir masih "
        "berjalan), 5,7 kali yang biasa (6), dari 9 sumber berbeda."
    )
    assert sentence("en", notice()) == (
        "Online gambling: 34 suspicious mentions in 6 hours (25 November 2026 05:00–10:30 WIB, the last hour still "
        "running), 5.7 times the usual 6, from 9 sources."
    )


@pytest.mark.parametrize("minutes", [0, 30])
def test_a_window_that_is_over_is_told_with_its_end(minutes: int) -> None:
    over = notice(at=datetime(2026, 11, 25, 4, minutes, tzinfo=UTC))
    assert "(25 November 2026 05.00–11.00 WIB), " in sentence("id", over)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"expected": None, "limit": 5.0}, "from 9 sources; this rule's limit is 5."),
        ({"expected": 0.0}, "where none are usual, from 9 sources."),
        ({"count": 1, "publishers": 1, "expected": None}, "1 suspicious mention in 6 hours"),
        ({"expected": 0.25}, "136 times the usual 0.2, from"),
    ],
)
def test_the_sentence_suits_what_the_method_knows(changes: dict[str, object], says: str) -> None:
    assert says in sentence("en", notice(**changes))


def test_the_end_says_how_much_is_left_and_how_much_it_was() -> None:
    over = notice(type=NoticeType.RESOLVED, reason=AlertReason.RESOLVED, count=2, peak=51)
    assert sentence("id", over) == (
        "Judi online mereda: kini 2 sebutan mencurigakan dalam 6 jam (25 November 2026 05.00–10.30 WIB, jam "
        "terakhir masih berjalan); biasanya 6; puncaknya 51."
    )


def test_the_text_begins_with_the_sentence() -> None:
    assert ID.render(notice()).text.startswith(sentence("id", notice()))


@pytest.mark.parametrize(
    ("count", "limit", "expected", "state"),
    [
        (20, 18.0, 6.0, "NAIK:"),
        (34, 18.0, 6.0, "NAIK TAJAM:"),
        (40, 18.0, None, "NAIK TAJAM:"),
        (80, 18.0, 6.0, "MELONJAK:"),
        (6, 5.0, 0.2, "NAIK:"),
    ],
)
def test_the_subject_begins_with_how_high_it_is(count: int, limit: float, expected: float | None, state: str) -> None:
    subject = ID.render(notice(count=count, limit=limit, expected=expected)).subject
    assert subject.startswith(f"[Siaga] {state} Judi online, 34 sebutan mencurigakan (biasa 6), 9 sumber")


LONG = "Bantuan sosial (bansos, PKH, BPNT, BLT, BSU, bantuan modal)"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        (LONG, "Bantuan sosial"),
        ("Pilpres 2024", "Pilpres 2024"),
        ("Asta Cita dan program prioritas Prabowo-Gibran", "Asta Cita dan program…"),
        ("BBM, listrik, pajak, gaji/THR ASN (isu dompet rakyat)", "BBM, listrik, pajak…"),
        ("Rekrutmen/lowonganmengatasnamakanprogrampemerintah", "Rekrutmen/lowonganmengatasn…"),
        ("(uji)", "(uji)"),
        ("isu yang dicurigai “Surat suara di Kabupaten Seroja sudah tercoblos”", "isu “Surat suara di Kabupaten…”"),
        ("isu yang dicurigai “”", "isu “”"),
    ],
)
def test_a_name_in_a_subject_is_short(name: str, short: str) -> None:
    assert catalogue.short_name(name) == short


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("topic", shipped_topics().values(), ids=lambda topic: topic.id)
def test_a_telephone_shows_what_and_how_many(topic: Topic, language: Language) -> None:
    told = headline(case(topic), READING)
    shown = notice(topic_name=topic.name, headline=told, reason=AlertReason.STILL, type=NoticeType.UPDATED)
    subject = Renderer(language, JAKARTA).render(shown).subject
    assert catalogue.short_name(topic.name.in_language(language)) in subject[:60]
    assert ", 1.234 sebutan" in subject[:70] or ", 1,234 suspicious" in subject[:70]


def case(topic: Topic) -> Case:
    rule = Rule(name="lonjakan", topics=(topic.id,), receivers=("meja",), method="threshold", at_least=4)
    subject = Subject(kind="topic", id=topic.id)
    return Case(
        rule=rule, subject=subject, topic_name=topic.name, detector="threshold", detector_version="1", readings=()
    )


READING = Reading(
    bucket_start=AT.replace(minute=0),
    observed=1234,
    expected=6.0,
    limit=18.0,
    score=1.0,
    publishers=9,
    state=ReadingState.SPIKE,
    reason=Phrase(id="", en=""),
)


# ---------------------------------------------------------------- order


def test_the_parts_stand_in_the_order_in_which_a_desk_needs_them() -> None:
    since = SinceLast(at=AT - timedelta(hours=2), count=19, items=15, issues=1, publishers=("Kabar",))
    text = EN.render(
        notice(reason=AlertReason.WORSE, issues=(ISSUE,), since=since, baseline_days=12, baseline_of=14)
    ).text
    parts = [
        "34 suspicious mentions in 6 hours",
        "Last 14 days:",
        "LEADING ISSUES",
        "NEW SINCE THE LAST MESSAGE",
        "DATA QUALITY",
        "WHAT TO DO",
        "HOW IT WAS DECIDED",
        "A score is a lead to check, not a verdict.",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_what_was_checked_is_not_called_unchecked() -> None:
    assert "belum diperiksa" in ID.render(notice()).text
    known = ID.render(notice(issues=(ISSUE,))).text
    assert "belum diperiksa" not in known
    assert known.index("Yang sudah diperiksa, putusannya tertulis padanya.") < known.index(
        "Sudah diperiksa TurnBackHoax"
    )


# ---------------------------------------------------------------- fourteen days


def test_the_days_are_bars_in_the_text() -> None:
    text = ID.render(notice()).text
    assert "14 hari terakhir: ·▁▁▂▁··▁▂▁▁▁▁█" in text
    assert "13 Nov   3  █▊\n" in text
    assert "25 Nov  34  ████████████████████  (hari ini)\n" in text
    assert "12 Nov   0\n" in text


def test_what_stands_in_for_the_picture_says_the_same() -> None:
    days = Scribe("en", JAKARTA).days(notice())
    assert days is not None
    assert days.alt == (
        "Bar chart, Online gambling: suspicious mentions per day, 12–25 November 2026 (WIB): 0, 3, 2, 5, 1, 0, 0, 4, "
        "6, 2, 3, 1, 2, 34. Today 34, highest before that 6."
    )


def test_a_day_that_nobody_watched_is_not_a_day_without_mentions() -> None:
    shown = notice(daily_counts=(None, None, *(0,) * 11, 34))
    message = EN.render(shown)
    assert "Last 14 days: ░░···········█" in message.text
    assert "13 Nov   –  ░\n14 Nov   0\n" in message.text
    assert "12–25 November 2026, rightmost: today; ░ –: not watched" in message.html
    assert "Today 34, highest before that 0. –: not watched." in message.html
    assert message.pictures[0].body != EN.render(notice(daily_counts=(0,) * 13 + (34,))).pictures[0].body


def test_the_picture_is_shown_by_its_content_id_and_light_enough() -> None:
    message = ID.render(notice())
    (picture,) = message.pictures
    assert f'src="cid:{picture.name}"' in message.html
    assert picture.body.startswith(b"\x89PNG")
    assert len(picture.body) <= 60_000


def test_the_picture_is_drawn_once_for_all_receivers_of_an_alert() -> None:
    renderer = Renderer("id", JAKARTA)
    first, again = renderer.render(notice()), renderer.render(notice())
    assert first.pictures[0].body is again.pictures[0].body
    assert renderer.render(notice(daily_counts=(1,) * 14)).pictures[0].body != first.pictures[0].body


def test_a_message_without_counts_has_no_picture() -> None:
    assert ID.render(operator_notice()).pictures == ()
    assert ID.render(notice(daily_counts=())).pictures == ()


# ---------------------------------------------------------------- issues, news, quality


def test_an_issue_says_how_far_it_has_come_and_what_was_found() -> None:
    text = ID.render(notice(issues=(ISSUE,))).text
    assert "1. [diduga] Surat suara sudah tercoblos\n" in text
    assert (
        "pertama terlihat 25 November 2026 05.30 WIB · 6 sumber, 14 kiriman dalam jendela ini · kecurigaan 0,83" in text
    )
    assert text.count("   - ") == 2  # its two strongest reasons
    assert "Sudah diperiksa TurnBackHoax: salah — klaim: “Surat suara tercoblos”\n   https://cek.example/1" in text


def test_at_most_five_issues_are_shown() -> None:
    shown = ID.render(notice(issues=tuple(replace(ISSUE, text=f"Isu {n}") for n in range(9))))
    assert "5. [diduga] Isu 4" in shown.text
    assert "Isu 5" not in shown.text
    assert shown.html.count("<strong>Isu ") == 5


def test_a_later_message_says_what_is_new() -> None:
    since = SinceLast(at=AT - timedelta(hours=2), count=19, items=15, issues=1, publishers=("Kabar", "Grup"))
    text = EN.render(notice(reason=AlertReason.WORSE, since=since, issues=(replace(ISSUE, new=True),))).text
    assert "Last message 25 November 2026 08:30 WIB: 19; now 34." in text
    assert "15 items and 1 issue that are new." in text
    assert "Sources that joined: Kabar, Grup." in text
    assert "1. [suspected, new]" in text


def test_the_first_message_says_that_it_is() -> None:
    assert "Ini pesan pertama tentang peringatan ini." in ID.render(notice()).text


def test_data_quality_names_what_failed_and_how_much_past_there_is() -> None:
    text = EN.render(notice(sources_polled=41, sources_total=44, baseline_days=12, baseline_of=14)).text
    assert "41 of 44 sources polled in this window; failing: KPU, Radar.\nBaseline from 12 of 14 days.\n" in text


def test_the_rule_is_named_with_method_sensitivity_and_version() -> None:
    text = EN.render(notice(method="auto", method_version="3", sensitivity="fewer")).text
    assert "Rule lonjakan; method auto, version 3; sensitivity fewer; limit 18; Siaga " in text


# ---------------------------------------------------------------- reacting


def test_the_commands_are_always_there() -> None:
    text = EN.render(notice()).text
    assert "  siaga ack 7 --by NAME\n" in text
    assert "  siaga silence add --topic judi_online --for 8h --comment REASON\n" in text
    about_issue = EN.render(notice(subject=Subject(kind="issue", id="12"))).text
    assert "siaga silence add --issue 12 --for" in about_issue


def test_where_there_is_a_page_there_are_links() -> None:
    links = ActionLinks("https://siaga.desa.example", b"k" * 32)
    message = Renderer("id", JAKARTA, links=links).render(notice())
    assert links.ack(7, AT) in message.text
    assert f'href="{links.silence(7, AT)}"' in message.html
    assert message.data["actions"]["ackURL"] == links.ack(7, AT)  # type: ignore[index]


@pytest.mark.parametrize(
    "shown", [operator_notice(), notice(type=NoticeType.RESOLVED, reason=AlertReason.RESOLVED)], ids=["operator", "end"]
)
def test_where_nothing_is_left_to_do_nothing_is_proposed(shown: Notice) -> None:
    assert "siaga ack" not in ID.render(shown).text


# ---------------------------------------------------------------- languages, zones


@pytest.mark.parametrize("key", sorted(catalogue.TEXTS))
def test_each_text_is_there_in_both_languages_with_the_same_places_to_fill(key: str) -> None:
    phrase = catalogue.TEXTS[key]
    assert phrase.id.strip()
    assert phrase.en.strip()
    assert _places(phrase.id) == _places(phrase.en)


def _places(text: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


@pytest.mark.parametrize(
    ("zone", "language", "shown"),
    [
        ("Asia/Jakarta", "id", "25 November 2026 10.30 WIB"),
        ("Asia/Makassar", "id", "25 November 2026 11.30 WITA"),
        ("Asia/Jayapura", "en", "25 November 2026 12:30 WIT"),
        ("Asia/Singapore", "en", "25 November 2026 11:30 UTC+08"),
        ("UTC", "en", "25 November 2026 03:30 UTC"),
    ],
)
def test_moments_are_written_with_the_zone_as_its_people_call_it(zone: str, language: Language, shown: str) -> None:
    assert catalogue.moment(AT, ZoneInfo(zone), language) == shown


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ((2026, 11, 12), (2026, 11, 25), "12–25 November 2026"),
        ((2026, 10, 28), (2026, 11, 10), "28 Oktober – 10 November 2026"),
        ((2026, 12, 25), (2027, 1, 7), "25 Desember 2026 – 7 Januari 2027"),
    ],
)
def test_a_span_of_days_says_no_month_twice(
    first: tuple[int, int, int], last: tuple[int, int, int], shown: str
) -> None:
    begin, end = datetime(*first, tzinfo=UTC).date(), datetime(*last, tzinfo=UTC).date()
    assert catalogue.days(begin, end, "id") == shown


# ---------------------------------------------------------------- private persons


PRIVATE = "NIK 3201010101900001, hubungi 0812-3456-7890 atau +62 812 3456 7890"
NUMBERS = ("3201010101900001", "0812-3456-7890", "812 3456 7890", "6281234567890")


@pytest.mark.parametrize("language", ["id", "en"])
def test_numbers_of_private_persons_are_masked_wherever_they_come_from(language: Language) -> None:
    words = Phrase(id=PRIVATE, en=PRIVATE)
    rumour = replace(RUMOUR, title=PRIVATE, publisher=PRIVATE, reasons=(words,), phishing=False)
    rumour = replace(rumour, url="https://wa.me/6281234567890", checked=replace(ISSUE.checked, claim=PRIVATE))  # type: ignore[type-var]
    issue = replace(ISSUE, text=PRIVATE, lead=rumour, checked=rumour.checked)
    shown = notice(headline=words, why=words, topic_name=words, failing=(PRIVATE,), issues=(issue,), exhibits=(rumour,))
    renderer = Renderer(language, JAKARTA)
    for one in (shown, replace(shown, issues=()), replace(operator_notice(), headline=words, why=words)):
        message = renderer.render(one)
        group = renderer.render_group((one, one), AT)
        for said in (message, group):
            for text in (said.subject, said.text, said.html, said.brief, str(said.data)):
                assert not [number for number in NUMBERS if number in text]
    assert "[telepon]" in renderer.render(shown).subject
