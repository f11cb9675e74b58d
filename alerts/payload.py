"""A notice as data: the ``data`` of a webhook body, described in ``collector/data/webhook.schema.json``. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from alerts import catalogue
from alerts.text import clean_line, clean_paragraph, web_address
from collector.model.alert import CheckedBefore, Exhibit, Notice
from collector.model.clock import utc
from collector.model.judgement import Stance
from collector.model.phrase import Language

CLICKABLE_BELOW = 0.5  # from here on an item is suspicious


def payload(notice: Notice, language: Language) -> Mapping[str, object]:
    """The notice's facts as JSON values; sentences in ``language``. Times are RFC 3339 in UTC."""
    return {
        "language": language,
        "headline": clean_line(notice.headline.in_language(language)),
        "why": clean_paragraph(notice.why.in_language(language)),
        "note": catalogue.say("standing", language),
        "alert": None if notice.topic_name is None else _alert(notice, language),
        "items": [_item(exhibit, language) for exhibit in notice.exhibits],
        "daily_counts": list(notice.daily_counts),
        "sources": _sources(notice),
    }


def clickable(exhibit: Exhibit) -> bool:
    """May this item's address be followed without thinking? Not where it is suspicious or spreads a claim."""
    if exhibit.stance is Stance.DEBUNK:
        return True
    return exhibit.stance is not Stance.SPREAD and exhibit.suspicion < CLICKABLE_BELOW


def rfc3339(moment: datetime) -> str:
    return utc(moment).isoformat(timespec="seconds").replace("+00:00", "Z")


def _alert(notice: Notice, language: Language) -> Mapping[str, object]:
    return {
        "id": notice.alert_id,
        "rule": notice.rule,
        "reason": notice.reason,
        "topic": {
            "id": notice.subject.id if notice.subject else None,
            "kind": notice.subject.kind if notice.subject else None,
            "name": notice.topic_name.in_language(language) if notice.topic_name else None,
        },
        "measure": notice.measure,
        "count": notice.count,
        "expected": notice.expected,
        "limit": notice.limit,
        "publishers": notice.publishers,
        "window": {"start_at": _time(notice.window_start_at), "end_at": _time(notice.window_end_at)},
        "opened_at": _time(notice.opened_at),
        "method": {"name": notice.method, "version": notice.method_version},
    }


def _item(exhibit: Exhibit, language: Language) -> Mapping[str, object]:
    return {
        "id": exhibit.item_id,
        "title": clean_line(exhibit.title),
        "url": web_address(exhibit.url),
        "clickable": clickable(exhibit),
        "publisher": clean_line(exhibit.publisher),
        "seen_at": rfc3339(exhibit.seen_at),
        "suspicion": exhibit.suspicion,
        "stance": exhibit.stance,
        "verdict": exhibit.verdict,
        "reasons": [clean_line(reason.in_language(language), 500) for reason in exhibit.reasons],
        "checked": None if exhibit.checked is None else _checked(exhibit.checked),
    }


def _checked(checked: CheckedBefore) -> Mapping[str, object]:
    return {
        "claim": clean_line(checked.claim, 500),
        "verdict": checked.verdict,
        "publisher": clean_line(checked.publisher),
        "url": web_address(checked.url),
    }


def _sources(notice: Notice) -> Mapping[str, object] | None:
    if notice.sources_total is None:
        return None
    return {
        "polled": notice.sources_polled,
        "total": notice.sources_total,
        "failing": [clean_line(name) for name in notice.failing],
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)
