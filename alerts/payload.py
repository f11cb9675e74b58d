"""A notice as data: the ``data`` of a webhook body, described in ``collector/data/webhook.schema.json``. Pure.

Alertmanager's words where it has one (status, labels, annotations, startsAt, endsAt, fingerprint, groupKey,
generatorURL, externalURL), Siaga's for the rest. The data never exceed :data:`MOST_BYTES`: what is least needed is
left out first, and ``truncated`` says how much.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING

from alerts import catalogue
from alerts.evidence import clickable
from alerts.level import level_of_notice, ratio_of
from alerts.text import clean_line, quoted, told, web_address
from collector.model.alert import AlertReason, CheckedBefore, Exhibit, LeadingIssue, Notice, NoticeType
from collector.model.clock import rfc3339, rfc3339_or_none
from collector.model.judgement import Stance
from collector.model.personal import names_a_person
from collector.model.phrase import Language

if TYPE_CHECKING:
    from alerts.scribe import Scribe

MOST_BYTES = 19_000  # of the data; the whole body stays under 20 kB
MAX_FAILING = 20
MAX_URL = 1000
FIRING, RESOLVED = "firing", "resolved"


def payload(notice: Notice, scribe: Scribe) -> Mapping[str, object]:
    """The notice's facts as JSON values; sentences in the scribe's language. Times are RFC 3339 in UTC."""
    data = _whole(notice, scribe)
    for key in ("alerts", "factChecks", "issues"):
        entries = data[key]
        assert isinstance(entries, list)  # noqa: S101 - built a few lines below
        while len(entries) > (key == "alerts") and size_of(data) > MOST_BYTES:
            entries.pop()
            data["truncated"] = _count(data["truncated"]) + 1
            data["truncatedAlerts"] = _count(data["truncatedAlerts"]) + (key == "alerts")
    return data


def size_of(data: Mapping[str, object]) -> int:
    """Bytes of the data in a body."""
    return len(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0


def _whole(notice: Notice, scribe: Scribe) -> dict[str, object]:
    from alerts.scribe import kind_of, leading, other_checks

    leader = notice.members[0] if notice.members else notice
    since = leader.since
    return {
        "kind": kind_of(notice),
        "language": scribe.language,
        "headline": told(notice.headline.in_language(scribe.language)),
        "sentence": clean_line(scribe.sentence(notice), 2000),
        "note": catalogue.say("standing", scribe.language),
        "status": _status(notice),
        "groupKey": group_key(notice),
        "externalURL": scribe.base_url or None,
        **_alert(leader, scribe),
        "ratio": None if (ratio := ratio_of(leader)) is None else round(ratio, 2),
        "measure": leader.measure,
        "window": {
            "startsAt": rfc3339_or_none(leader.window_start_at),
            "endsAt": rfc3339_or_none(leader.window_end_at),
        },
        "method": {
            "name": leader.method,
            "version": leader.method_version,
            "sensitivity": leader.sensitivity,
            "reason": told(leader.why.in_language(scribe.language), 500),
        },
        "coverage": _coverage(leader),
        "issues": [_issue(issue, scribe) for issue in leading(leader)],
        "factChecks": [_fact_check(exhibit) for exhibit in other_checks(leader)],
        "since": None
        if since is None
        else {
            "at": rfc3339(since.at),
            "count": since.count,
            "items": since.items,
            "issues": since.issues,
            "sources": [told(name, 80) for name in since.publishers[:MAX_FAILING]],
        },
        "dailyCounts": list(leader.daily_counts),
        "actions": _actions(leader, scribe),
        "alerts": [_alert(member, scribe) for member in (notice.members or (notice,)) if member.rule is not None],
        "truncatedAlerts": 0,
        "truncated": 0,
    }


def _alert(notice: Notice, scribe: Scribe) -> dict[str, object]:
    """One alert in Alertmanager's words, with its figures."""
    language = scribe.language
    level = level_of_notice(notice)
    return {
        "alertId": notice.alert_id,
        "status": _status(notice),
        "reason": notice.reason,
        "level": None if level is None else level.value,
        "labels": labels_of(notice, language),
        "annotations": {
            "summary": told(notice.headline.in_language(language)),
            "description": clean_line(scribe.sentence(notice), 2000),
            **({} if (link := _address(notice.link)) is None else {"link": link}),
        },
        "startsAt": rfc3339_or_none(notice.opened_at or notice.at),
        "endsAt": rfc3339_or_none(notice.at) if _status(notice) == RESOLVED else None,
        "fingerprint": fingerprint(notice),
        "generatorURL": scribe.base_url or None,
        "count": notice.count,
        "expected": notice.expected,
        "limit": notice.limit,
        "sources": notice.publishers,
    }


def labels_of(notice: Notice, language: Language) -> dict[str, str]:
    """What stays the same as long as an alert lives: receivers tell alerts apart by their labels."""
    labels = {"alertname": told(notice.rule, 80) if notice.rule else "Siaga"}
    if notice.subject is not None:
        labels[notice.subject.kind] = clean_line(notice.subject.id, 80)
    if notice.topic_name is not None:
        labels["name"] = told(notice.topic_name.in_language(language), 120)
    if notice.measure is not None:
        labels["measure"] = notice.measure.value
    labels["severity"] = "info" if notice.type is NoticeType.TEST else "warning"
    labels["service"] = "siaga"
    return labels


def fingerprint(notice: Notice) -> str:
    """The same for all messages of one alert of one beginning."""
    told = f"{notice.rule}/{notice.subject}/{notice.opened_at}" if notice.rule else f"operator/{notice.headline.en}"
    return blake2b(told.encode("utf-8", "replace"), digest_size=8).hexdigest()


def group_key(notice: Notice) -> str:
    """One for a single alert's messages; a bundle's is made of its members."""
    if notice.members:
        parts = " ".join(sorted(fingerprint(member) for member in notice.members))
        return f"siaga:group:{blake2b(parts.encode(), digest_size=8).hexdigest()}"
    return f"siaga:alert:{fingerprint(notice)}" if notice.rule else f"siaga:{notice.type.value}"


def _status(notice: Notice) -> str:
    ends = notice.type is NoticeType.RESOLVED or notice.reason is AlertReason.RESOLVED
    return RESOLVED if ends else FIRING


def _coverage(notice: Notice) -> Mapping[str, object] | None:
    if notice.sources_total is None:
        return None
    return {
        "polled": notice.sources_polled,
        "total": notice.sources_total,
        "failing": [told(name, 80) for name in notice.failing[:MAX_FAILING]],
        "baselineDays": notice.baseline_days,
        "baselineOf": notice.baseline_of,
    }


def _issue(issue: LeadingIssue, scribe: Scribe) -> Mapping[str, object]:
    lead = issue.lead
    return {
        "id": issue.issue_id,
        "itemId": lead.item_id,
        "text": quoted(issue.text),
        "firstSeenAt": rfc3339(issue.first_seen_at),
        "sources": issue.publishers,
        "items": issue.items,
        "new": issue.new,
        "suspicion": round(lead.suspicion, 3),
        "reasons": [told(reason.in_language(scribe.language), 300) for reason in lead.reasons[:2]],
        "stance": lead.stance,
        "publisher": told(lead.publisher, 80),
        "url": _address(lead.url),
        "clickable": clickable(lead),
        "factCheck": _checked(issue.checked or lead.checked),
    }


def _checked(checked: CheckedBefore | None) -> Mapping[str, object] | None:
    if checked is None:
        return None
    return {
        "claim": quoted(checked.claim, 300),
        "verdict": checked.verdict,
        "publisher": told(checked.publisher, 80),
        "url": _address(checked.url),
    }


def _fact_check(exhibit: Exhibit) -> Mapping[str, object]:
    return {
        "title": quoted(exhibit.title),
        "verdict": exhibit.verdict if exhibit.stance is Stance.DEBUNK else None,
        "publisher": told(exhibit.publisher, 80),
        "url": _address(exhibit.url),
        "seenAt": rfc3339(exhibit.seen_at),
    }


def _address(url: str | None) -> str | None:
    safe = web_address(url)
    return safe if safe is not None and len(safe) <= MAX_URL and not names_a_person(safe) else None


def _actions(notice: Notice, scribe: Scribe) -> Mapping[str, object] | None:
    actions = scribe.actions(notice)
    if actions is None:
        return None
    return {
        "ackURL": actions.ack_link or None,
        "silenceURL": actions.silence_link or None,
        "ackCommand": actions.ack_command,
        "silenceCommand": actions.silence_command,
    }
