"""The JSON that leaves Siaga: by its schema, always small, and Alertmanager's where that is wanted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from hostile import SUBJECTS
from notices import AT, RUMOUR, notice, operator_notice

from alerts.alertmanager import payload_of
from alerts.bundle import digest_of, group_of
from alerts.channels.webhook import as_json, body_of
from alerts.render import Renderer, fallback
from alerts.sample import sample_notice
from collector.model.alert import AlertReason, CheckedBefore, LeadingIssue, Notice, NoticeType, SinceLast
from collector.model.judgement import Verdict
from collector.model.phrase import Phrase

SCHEMA = json.loads((files("collector.data") / "webhook.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
RENDERER = Renderer("en", ZoneInfo("Asia/Jakarta"))
END = {"type": NoticeType.RESOLVED, "reason": AlertReason.RESOLVED}
KINDS = {
    "firing": notice(),
    "updated": notice(type=NoticeType.UPDATED, reason=AlertReason.STILL),
    "resolved": notice(**END),
    "rule gone": notice(**END, count=None, expected=None, limit=None, publishers=None, window_start_at=None),
    "operator": operator_notice(),
    "correction": replace(operator_notice(), type=NoticeType.CORRECTION),
    "test": sample_notice(AT),
    "end of a test": sample_notice(AT, resolved=True),
    "group": group_of((notice(), notice(alert_id=8)), AT),
    "digest": digest_of((notice(), notice(alert_id=8, **END)), AT),
    "empty digest": digest_of((), AT),
}
LONG = "😀<&\"'\\ panjang sekali " * 400


def issue(**changes: Any) -> LeadingIssue:
    whole = LeadingIssue(
        issue_id=1, text=RUMOUR.title, first_seen_at=AT - timedelta(hours=4), items=3, publishers=2, lead=RUMOUR
    )
    return replace(whole, **changes)


def hostile(words: str = LONG) -> Notice:
    """As much as a notice can hold, and all of it long."""
    phrase = Phrase(id=words, en=words)
    address = "https://evil.example/" + "a" * 900
    checked = CheckedBefore(claim=words, verdict=Verdict.SCAM, publisher=words, url=address)
    lead = replace(
        RUMOUR, title=words, publisher=words, url=address, reasons=(phrase, phrase), checked=checked, phishing=False
    )
    return notice(
        headline=phrase,
        why=phrase,
        topic_name=phrase,
        rule=words[:80],
        failing=(words,) * 300,
        issues=(issue(text=words, lead=lead, checked=checked),) * 5,
        exhibits=(lead,) * 8,
        since=SinceLast(at=AT, count=1, items=1, issues=1, publishers=(words,) * 300),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_follows_the_schema(kind: str) -> None:
    body = json.loads(body_of(RENDERER.render(KINDS[kind])))
    VALIDATOR.validate(body)
    assert datetime.fromisoformat(body["timestamp"]).tzinfo is not None


def test_every_type_of_the_schema_is_sent() -> None:
    sent = {RENDERER.render(shown).type for shown in KINDS.values()}
    assert sent == set(SCHEMA["properties"]["type"]["enum"])


def test_a_plain_message_follows_it_too() -> None:
    for shown in KINDS.values():
        VALIDATOR.validate(json.loads(body_of(fallback(shown))))


def test_the_end_has_a_time_and_the_same_fingerprint() -> None:
    first, last = (json.loads(body_of(RENDERER.render(KINDS[kind])))["data"] for kind in ("firing", "resolved"))
    assert (first["status"], first["endsAt"]) == ("firing", None)
    assert (last["status"], last["endsAt"]) == ("resolved", "2026-11-25T03:30:00Z")
    assert first["fingerprint"] == last["fingerprint"]
    assert first["groupKey"] == last["groupKey"]
    assert first["labels"] == last["labels"]


def test_another_alert_has_another_fingerprint() -> None:
    again = RENDERER.render(notice(opened_at=AT + timedelta(days=1))).data
    assert again["fingerprint"] != RENDERER.render(notice()).data["fingerprint"]


def test_issues_come_with_what_was_found() -> None:
    checked = CheckedBefore(claim="Klaim", verdict=Verdict.FALSE, publisher="Cek", url="https://cek.example/1")
    data = RENDERER.render(notice(issues=(issue(checked=checked, new=True),))).data
    (told,) = data["issues"]  # type: ignore[attr-defined]
    assert told["factCheck"] == {
        "claim": "Klaim",
        "verdict": Verdict.FALSE,
        "publisher": "Cek",
        "url": "https://cek.example/1",
    }
    assert (told["clickable"], told["new"], told["items"], told["sources"]) == (False, True, 3, 2)


def test_the_alerts_of_a_group_are_listed_the_loudest_first() -> None:
    data = RENDERER.render(group_of((notice(count=19), notice(alert_id=8, count=200)), AT)).data
    assert [alert["alertId"] for alert in data["alerts"]] == [8, 7]  # type: ignore[attr-defined]
    assert data["alertId"] == 8


# ---------------------------------------------------------------- size


@pytest.mark.parametrize("format", ["siaga", "alertmanager"])
@pytest.mark.parametrize(
    "shown",
    [hostile(), group_of([replace(hostile(), alert_id=1 + n) for n in range(60)], AT), operator_notice(LONG, LONG)],
    ids=["alert", "group", "operator"],
)
def test_no_body_reaches_twenty_kilobytes(shown: Notice, format: str) -> None:  # noqa: A002
    message = RENDERER.render(shown)
    body = body_of(message) if format == "siaga" else as_json(payload_of(message, "meja"))
    assert len(body) < 20_000
    json.loads(body)


def test_what_was_left_out_is_counted() -> None:
    message = RENDERER.render(group_of([notice(alert_id=1 + n) for n in range(50)], AT))
    VALIDATOR.validate(json.loads(body_of(message)))
    data = message.data
    assert data["truncatedAlerts"] == 50 - len(data["alerts"])  # type: ignore[arg-type]
    assert data["truncatedAlerts"]


@pytest.mark.parametrize("words", SUBJECTS)
def test_hostile_words_stay_json_that_follows_the_schema(words: str) -> None:
    shown = hostile(words or "x")
    for one in (shown, group_of((shown, shown), AT)):
        VALIDATOR.validate(json.loads(body_of(RENDERER.render(one))))


# ---------------------------------------------------------------- Alertmanager

TEXT, MAP = {"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
ALERTMANAGER = {  # the fields of webhook.Message and template.Data, as Alertmanager's documentation lists them
    "type": "object",
    "additionalProperties": False,
    "required": [
        "version",
        "groupKey",
        "truncatedAlerts",
        "status",
        "receiver",
        "groupLabels",
        "commonLabels",
        "commonAnnotations",
        "externalURL",
        "alerts",
    ],
    "properties": {
        "version": {"const": "4"},
        "groupKey": TEXT,
        "truncatedAlerts": {"type": "integer", "minimum": 0},
        "status": {"enum": ["firing", "resolved"]},
        "receiver": TEXT,
        "groupLabels": MAP,
        "commonLabels": MAP,
        "commonAnnotations": MAP,
        "externalURL": TEXT,
        "alerts": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": [
                    "status",
                    "labels",
                    "annotations",
                    "startsAt",
                    "endsAt",
                    "generatorURL",
                    "fingerprint",
                ],
                "properties": {
                    "status": {"enum": ["firing", "resolved"]},
                    "labels": {**MAP, "required": ["alertname"]},
                    "annotations": MAP,
                    "startsAt": TIME,
                    "endsAt": TIME,
                    "generatorURL": TEXT,
                    "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
                },
            },
        },
    },
}


@pytest.mark.parametrize("kind", KINDS)
def test_alertmanagers_body_has_its_fields_and_no_others(kind: str) -> None:
    body = json.loads(as_json(payload_of(RENDERER.render(KINDS[kind]), "meja")))
    jsonschema.Draft202012Validator(ALERTMANAGER).validate(body)
    assert body["receiver"] == "meja"


def test_a_group_fires_while_one_of_its_alerts_does() -> None:
    statuses = {
        kind: payload_of(RENDERER.render(KINDS[kind]), "meja")["status"] for kind in ("digest", "resolved", "group")
    }
    assert statuses == {"digest": "firing", "resolved": "resolved", "group": "firing"}


def test_what_all_alerts_say_alike_is_common() -> None:
    body = payload_of(RENDERER.render(KINDS["digest"]), "meja")
    assert body["commonLabels"] == {
        "alertname": "lonjakan",
        "topic": "judi_online",
        "name": "Online gambling",
        "measure": "suspicious",
        "severity": "warning",
        "service": "siaga",
    }


def test_an_alert_that_lasts_ends_when_go_says_never() -> None:
    (alert,) = payload_of(RENDERER.render(notice()), "meja")["alerts"]  # type: ignore[misc]
    assert (alert["startsAt"], alert["endsAt"]) == ("2026-11-25T03:30:00Z", "0001-01-01T00:00:00Z")
    assert alert["annotations"]["count"] == "34"
