"""From a notice to a message people can read and strangers cannot bend."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from hostile import SUBJECTS, URLS
from notices import AT, DEBUNK, HEADLINE, RUMOUR, notice, operator_notice

from alerts.channels.webhook import body_of
from alerts.notice import from_json, to_json
from alerts.render import Renderer, fallback
from alerts.sample import sample_notice
from collector.model.alert import AlertReason, CheckedBefore, Notice, NoticeType
from collector.model.bucket import Measure
from collector.model.judgement import Stance, Verdict
from collector.model.phrase import Language, Phrase

GOLDEN = Path(__file__).parent.parent / "golden"
JAKARTA = ZoneInfo("Asia/Jakarta")
RENDERERS: dict[Language, Renderer] = {"id": Renderer("id", JAKARTA), "en": Renderer("en", JAKARTA)}
INDONESIAN = RENDERERS["id"]
SCHEMA = json.loads((files("collector.data") / "webhook.schema.json").read_text())


class Page(HTMLParser):
    """What a browser would make of a page: its tags with their attributes, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    @property
    def links(self) -> list[str | None]:
        return [attributes.get("href") for tag, attributes in self.tags if tag == "a"]


# ---------------------------------------------------------------- golden


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("part", ["text", "html"])
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("alert-firing", notice()),
        (
            "alert-resolved",
            notice(
                type=NoticeType.RESOLVED,
                reason=AlertReason.RESOLVED,
                headline=Phrase(
                    id="Judi online, 1 sebutan mencurigakan (biasa 6)",
                    en="Online gambling, 1 suspicious mention (usual 6)",
                ),
                why=Phrase(
                    id="Tenang selama 12 jam yang terpantau sejak lonjakan terakhir.",
                    en="Quiet for 12 watched hours since the last spike.",
                ),
                count=1,
                publishers=0,
                exhibits=(DEBUNK,),
                failing=(),
            ),
        ),
        ("operator", operator_notice()),
    ],
)
def test_a_rendered_notice_is_as_it_was_approved(language: Language, part: str, name: str, shown: Notice) -> None:
    """To approve a change: delete the files in tests/golden, run this test, read the files."""
    message = RENDERERS[language].render(shown)
    rendered = message.text if part == "text" else message.html
    approved = GOLDEN / f"{name}.{language}.{'txt' if part == 'text' else 'html'}"
    if not approved.exists():
        approved.write_text(rendered, encoding="utf-8")
    assert rendered == approved.read_text(encoding="utf-8")


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("shown", "subject"),
    [
        (notice(), "[Siaga] NAIK TAJAM: Judi online, 34 sebutan mencurigakan (biasa 6), 9 sumber"),
        (notice(type=NoticeType.UPDATED, reason=AlertReason.WORSE), "[Siaga] MEMBURUK: Judi online"),
        (notice(type=NoticeType.UPDATED, reason=AlertReason.STILL), "[Siaga] MASIH TINGGI: Judi online"),
        (notice(type=NoticeType.RESOLVED, reason=AlertReason.RESOLVED), "[Siaga] MEREDA: Judi online"),
        (operator_notice(), "[Siaga] SISTEM: Sumber gagal: KPU"),
        (sample_notice(AT), "[UJI] [Siaga] NAIK TAJAM: Bansos (contoh)"),
        (sample_notice(AT, resolved=True), "[UJI] [Siaga] MEREDA: Bansos (contoh)"),
    ],
)
def test_the_subject_says_what_happened(shown: Notice, subject: str) -> None:
    assert INDONESIAN.render(shown).subject.startswith(subject)


def test_a_quoted_claim_is_marked_as_suspected_before_it_is_quoted() -> None:
    text = INDONESIAN.render(notice()).text
    assert text.index("Peringatan dini: yang dikutip di bawah ini baru dicurigai") < text.index("VIRAL!!")
    assert "1. [diduga] VIRAL!!" in text


@pytest.mark.parametrize(
    ("zone", "window"),
    [
        ("Asia/Jakarta", "25 November 2026 05.00–10.30 WIB"),
        ("Asia/Makassar", "25 November 2026 06.00–11.30 WITA"),
        ("Asia/Jayapura", "25 November 2026 07.00–12.30 WIT"),
        ("UTC", "24 November 2026 22.00 – 25 November 2026 03.30 UTC"),
    ],
)
def test_times_are_shown_in_the_zone_with_its_name(zone: str, window: str) -> None:
    assert window in Renderer("id", ZoneInfo(zone)).render(notice()).text


def test_the_standing_line_and_the_rule_close_every_alert() -> None:
    text = INDONESIAN.render(notice()).text
    assert "Aturan lonjakan; metode ratio, versi 1; batas 18; Siaga " in text
    assert "Skor adalah petunjuk untuk diperiksa, bukan vonis." in text


def test_each_kind_of_rule_warns_differently() -> None:
    texts = [INDONESIAN.render(notice(measure=measure)).text for measure in Measure]
    leads = {line for text in texts for line in text.splitlines() if line.startswith("Peringatan dini")}
    assert len(leads) == len(Measure)


def test_a_claim_that_was_checked_before_brings_its_verdict_and_link() -> None:
    before = CheckedBefore(
        claim="KPU sahkan Anies", verdict=Verdict.FALSE, publisher="TurnBackHoax", url="https://turnbackhoax.example/1"
    )
    message = INDONESIAN.render(notice(exhibits=(replace(HEADLINE, checked=before),)))
    assert "Sudah diperiksa TurnBackHoax: salah — klaim: “KPU sahkan Anies”" in message.text
    assert "https://turnbackhoax.example/1" in message.text
    assert "https://turnbackhoax.example/1" in Page(message.html).links


# ---------------------------------------------------------------- links


def test_what_may_be_phishing_is_no_link() -> None:
    page = Page(INDONESIAN.render(notice()).html)
    assert page.links == [HEADLINE.url, DEBUNK.url]
    assert "hxxps://t[.]me/kabar/17" in page.words


def test_an_address_within_a_title_cannot_be_clicked_either() -> None:
    message = INDONESIAN.render(notice())
    assert "https://bansos-pkh.example" not in message.text
    assert "hxxps://bansos-pkh[.]example/daftar" in message.text


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("stance", [Stance.NEWS, Stance.SPREAD, Stance.DEBUNK])
def test_a_hostile_address_is_no_link_and_breaks_no_tag(url: str, stance: Stance) -> None:
    page = Page(INDONESIAN.render(notice(exhibits=(replace(HEADLINE, url=url, stance=stance),))).html)
    assert all(link is None or link.startswith(("https://evil.test/", "http://")) for link in page.links)
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


def test_nothing_remote_is_loaded() -> None:
    page = Page(INDONESIAN.render(notice()).html)
    assert not {"script", "link", "iframe", "object", "form"} & {tag for tag, _ in page.tags}
    sources = [attributes["src"] for _, attributes in page.tags if "src" in attributes]
    assert [source and source.partition(":")[0] for source in sources] == ["cid"]
    assert "url(" not in INDONESIAN.render(notice()).html


# ---------------------------------------------------------------- hostile words


@pytest.mark.parametrize("words", SUBJECTS)
def test_hostile_words_stay_words_wherever_they_stand(words: str) -> None:
    hostile = notice(
        headline=Phrase(id=words, en=words),
        why=Phrase(id=words, en=words),
        failing=(words,),
        exhibits=(replace(RUMOUR, title=words, publisher=words, reasons=(Phrase(id=words, en=words),)),),
    )
    message = INDONESIAN.render(hostile)
    tags = [tag for tag, _ in Page(message.html).tags]
    assert "script" not in tags
    assert "b" not in tags
    for shown in (message.subject, message.text, message.html, json.dumps(message.data)):
        assert not any(character in shown for character in "\r\x0b\x0c\x1b\x00\x85\u2028\u202e\u2066")
    assert not any(line.startswith("Bcc:") for line in message.text.splitlines() if words not in hostile.why.id)
    jsonschema.validate(json.loads(body_of(message)), SCHEMA)


def test_a_title_in_template_language_is_not_evaluated() -> None:
    message = INDONESIAN.render(notice(exhibits=(replace(RUMOUR, title="{{ 7 * 7 }}{% for x in y %}"),)))
    assert "{{ 7 * 7 }}" in message.text


# ---------------------------------------------------------------- data and storage


@pytest.mark.parametrize(
    "shown",
    [
        notice(),
        notice(exhibits=(), daily_counts=(), expected=None, sources_total=None),
        operator_notice(),
        sample_notice(AT),
    ],
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_webhook_body_follows_its_schema(shown: Notice, language: Language) -> None:
    body = json.loads(body_of(RENDERERS[language].render(shown)))
    jsonschema.Draft202012Validator(SCHEMA).validate(body)


def test_every_field_of_the_webhook_body_is_described() -> None:
    def described(schema: dict[str, object], value: object, path: str) -> None:
        options = schema.get("oneOf", [schema])
        assert isinstance(options, list)
        schema = next((option for option in options if option.get("type") != "null"), schema)
        if "$ref" in schema:
            schema = SCHEMA["$defs"][str(schema["$ref"]).rpartition("/")[2]]
        if isinstance(value, dict) and "properties" in schema:  # labels may have any names
            for key, inner in value.items():
                properties = schema["properties"]
                assert isinstance(properties, dict)
                assert key in properties, f"{path}/{key} is not in the schema"
                described(properties[key], inner, f"{path}/{key}")
        if isinstance(value, list) and value:
            items = schema["items"]
            assert isinstance(items, dict)
            described(items, value[0], f"{path}/0")

    described(SCHEMA, json.loads(body_of(INDONESIAN.render(notice()))), "")


@pytest.mark.parametrize("kept", [notice(), operator_notice(), sample_notice(AT), notice(exhibits=(), opened_at=None)])
def test_a_notice_comes_back_from_the_outbox_as_it_went_in(kept: Notice) -> None:
    assert from_json(to_json(kept)) == kept


def test_messages_of_one_alert_share_a_thread_and_others_do_not() -> None:
    first, later = notice(), notice(at=AT + timedelta(hours=12), reason=AlertReason.STILL)
    assert INDONESIAN.render(first).thread == INDONESIAN.render(later).thread
    assert INDONESIAN.render(notice(alert_id=8)).thread != INDONESIAN.render(first).thread
    assert INDONESIAN.render(operator_notice()).thread is None


def test_without_templates_the_message_still_says_what_and_why() -> None:
    plain = fallback(notice())
    assert plain.subject.startswith("[Siaga] Judi online")
    assert "34 sebutan mencurigakan dalam 6 jam" in plain.text
    jsonschema.validate(json.loads(body_of(plain)), SCHEMA)


def test_many_failing_sources_are_cut_short() -> None:
    text = INDONESIAN.render(notice(failing=tuple(f"sumber-{i}" for i in range(40)))).text
    assert "sumber-4 dan 35 lainnya" in text.replace(", dan", " dan")


def test_operator_messages_keep_their_lines() -> None:
    assert "KPU: HTTP 500\nRadar: HTTP 404" in INDONESIAN.render(operator_notice()).text
