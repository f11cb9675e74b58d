"""Several alerts in one message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import html5lib
import pytest
from notices import AT, notice, operator_notice

from alerts.bundle import MOST_MEMBERS, digest_of, group_of
from alerts.level import level_of_notice
from alerts.notice import from_json, to_json
from alerts.render import Renderer
from collector.model.alert import AlertReason, NoticeType
from collector.model.level import Level
from collector.model.phrase import Language, Phrase

RENDERERS: dict[Language, Renderer] = {
    "id": Renderer("id", ZoneInfo("Asia/Jakarta")),
    "en": Renderer("en", ZoneInfo("Asia/Jakarta")),
}
BANSOS = notice(
    alert_id=8,
    count=90,
    topic_name=Phrase(id="Bansos", en="Social aid"),
    headline=Phrase(id="Bansos, 90 sebutan", en="Social aid, 90 mentions"),
)
OVER = notice(alert_id=9, type=NoticeType.RESOLVED, reason=AlertReason.RESOLVED, count=1)


def test_one_alert_alone_is_no_group() -> None:
    assert group_of((notice(),), AT) == notice()
    with pytest.raises(ValueError, match="at least one"):
        group_of((), AT)


def test_a_group_is_named_after_its_alerts_the_loudest_first() -> None:
    message = RENDERERS["id"].render_group((notice(), BANSOS), AT)
    assert message.subject == "[Siaga] MELONJAK: 2 peringatan – Bansos, Judi online"
    assert message.type == "alert.firing"
    assert message.text.index("1. MELONJAK: Bansos") < message.text.index("2. NAIK TAJAM: Judi online")


def test_a_digest_lists_each_alert_with_its_sentence_its_usual_and_its_top_issue() -> None:
    text = RENDERERS["en"].render(digest_of((notice(), OVER), AT)).text
    assert text.startswith("DIGEST: 2 alerts – Online gambling\n\n1 alert going on, 1 alert over.\n")
    assert "Online gambling: 34 suspicious mentions in 6 hours" in text
    assert "5.7 times the usual 6, from 9 sources." in text
    assert "Top issue: [suspected] VIRAL!!" in text
    assert "2. CALMER: Online gambling" in text


def test_a_digest_tells_of_each_alert_what_is_newest() -> None:
    later = notice(at=AT + timedelta(hours=2), reason=AlertReason.WORSE, count=60)
    digest = digest_of((later, notice()), AT)
    assert [member.count for member in digest.members] == [60]


def test_a_digest_without_alerts_says_so() -> None:
    message = RENDERERS["id"].render(digest_of((), AT))
    assert message.subject == "[Siaga] RINGKASAN: tidak ada peringatan"
    assert "Tidak ada peringatan sejak ringkasan terakhir." in message.text


def test_a_group_that_is_over_says_so() -> None:
    over = group_of((OVER, replace(OVER, alert_id=10)), AT)
    assert over.type is NoticeType.RESOLVED
    assert RENDERERS["id"].render(over).subject.startswith("[Siaga] MEREDA: 2 peringatan")


def test_many_alerts_are_cut_short_and_the_rest_is_counted() -> None:
    many = group_of([notice(alert_id=number) for number in range(70)], AT)
    assert len(many.members) == MOST_MEMBERS
    assert "20 peringatan lagi: siaga alerts --all" in RENDERERS["id"].render(many).text
    assert RENDERERS["id"].render(many).subject.startswith("[Siaga] NAIK TAJAM: 70 peringatan")


def test_the_level_of_a_group_is_its_loudest() -> None:
    assert level_of_notice(group_of((notice(), BANSOS), AT)) is Level.EXTREME
    assert level_of_notice(operator_notice()) is None


def test_a_group_comes_back_from_the_outbox_as_it_went_in() -> None:
    for bundle in (group_of((notice(), BANSOS), AT), digest_of((OVER,), AT), digest_of((), AT)):
        assert from_json(to_json(bundle)) == bundle


def test_how_to_react_stands_beside_each_alert() -> None:
    text = RENDERERS["en"].render_group((notice(), BANSOS), AT).text
    assert "Acknowledge (quiet until worse or over): siaga ack 7 --by NAME" in text
    assert "siaga ack 8 --by NAME" in text


def test_its_page_runs_nothing_and_loads_nothing() -> None:
    hostile = replace(notice(), topic_name=Phrase(id="<img src=//x onerror=1>", en="<script>"))
    page = html5lib.parse(RENDERERS["en"].render_group((hostile, BANSOS), AT).html, namespaceHTMLElements=False)
    assert not {element.tag for element in page.iter()} & {"script", "img", "link", "iframe", "form"}
    assert not [name for element in page.iter() for name in element.attrib if str(name).startswith("on")]
