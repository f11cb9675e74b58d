"""A notice as JSON text, as it lies in the outbox. Written once, when the delivery is made. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from collector.model.alert import (
    AlertReason,
    CheckedBefore,
    Exhibit,
    LeadingIssue,
    Notice,
    NoticeType,
    SinceLast,
)
from collector.model.bucket import Measure, Subject
from collector.model.clock import utc
from collector.model.judgement import Stance, Verdict
from collector.model.phrase import Phrase


def to_json(notice: Notice) -> str:
    """The notice as one line of JSON; :func:`from_json` gives an equal notice back."""
    return json.dumps(_notice(notice), separators=(",", ":"))


def from_json(text: str) -> Notice:
    """Raises ValueError or KeyError for text that :func:`to_json` did not write."""
    return _read_notice(json.loads(text))


def _notice(notice: Notice) -> dict[str, object]:
    return {
        "type": notice.type.value,
        "at": _time(notice.at),
        "headline": _words(notice.headline),
        "why": _words(notice.why),
        "alert_id": notice.alert_id,
        "rule": notice.rule,
        "subject": notice.subject and [notice.subject.kind, notice.subject.id],
        "topic_name": notice.topic_name and _words(notice.topic_name),
        "measure": notice.measure,
        "method": notice.method,
        "method_version": notice.method_version,
        "reason": notice.reason,
        "count": notice.count,
        "expected": notice.expected,
        "limit": notice.limit,
        "publishers": notice.publishers,
        "window_start_at": _time(notice.window_start_at),
        "window_end_at": _time(notice.window_end_at),
        "opened_at": _time(notice.opened_at),
        "sources_polled": notice.sources_polled,
        "sources_total": notice.sources_total,
        "failing": list(notice.failing),
        "exhibits": [_exhibit(exhibit) for exhibit in notice.exhibits],
        "daily_counts": list(notice.daily_counts),
        "issues": [_issue(issue) for issue in notice.issues],
        "since": notice.since and _since(notice.since),
        "baseline_days": notice.baseline_days,
        "baseline_of": notice.baseline_of,
        "sensitivity": notice.sensitivity,
        "peak": notice.peak,
        "members": [_notice(member) for member in notice.members],
        "digest": notice.digest,
        "link": notice.link,
    }


def _read_notice(raw: Mapping[str, Any]) -> Notice:
    return Notice(
        type=NoticeType(raw["type"]),
        at=_moment(raw["at"]),
        headline=_phrase(raw["headline"]),
        why=_phrase(raw["why"]),
        alert_id=raw["alert_id"],
        rule=raw["rule"],
        subject=Subject(kind=raw["subject"][0], id=raw["subject"][1]) if raw["subject"] else None,
        topic_name=_phrase(raw["topic_name"]) if raw["topic_name"] else None,
        measure=Measure(raw["measure"]) if raw["measure"] else None,
        method=raw["method"],
        method_version=raw["method_version"],
        reason=AlertReason(raw["reason"]) if raw["reason"] else None,
        count=raw["count"],
        expected=raw["expected"],
        limit=raw["limit"],
        publishers=raw["publishers"],
        window_start_at=_moment_or_none(raw["window_start_at"]),
        window_end_at=_moment_or_none(raw["window_end_at"]),
        opened_at=_moment_or_none(raw["opened_at"]),
        sources_polled=raw["sources_polled"],
        sources_total=raw["sources_total"],
        failing=tuple(raw["failing"]),
        exhibits=tuple(_read_exhibit(exhibit) for exhibit in raw["exhibits"]),
        daily_counts=tuple(raw["daily_counts"]),
        # Deliveries of earlier versions have none of these.
        issues=tuple(_read_issue(issue) for issue in raw.get("issues", ())),
        since=_read_since(raw.get("since")),
        baseline_days=raw.get("baseline_days"),
        baseline_of=raw.get("baseline_of"),
        sensitivity=raw.get("sensitivity"),
        peak=raw.get("peak"),
        members=tuple(_read_notice(member) for member in raw.get("members", ())),
        digest=raw.get("digest", False),
        link=raw.get("link"),
    )


def _issue(issue: LeadingIssue) -> dict[str, object]:
    return {
        "issue_id": issue.issue_id,
        "text": issue.text,
        "first_seen_at": _time(issue.first_seen_at),
        "items": issue.items,
        "publishers": issue.publishers,
        "lead": _exhibit(issue.lead),
        "checked": issue.checked and _checked(issue.checked),
        "new": issue.new,
    }


def _read_issue(raw: Mapping[str, Any]) -> LeadingIssue:
    return LeadingIssue(
        issue_id=raw["issue_id"],
        text=raw["text"],
        first_seen_at=_moment(raw["first_seen_at"]),
        items=raw["items"],
        publishers=raw["publishers"],
        lead=_read_exhibit(raw["lead"]),
        checked=_read_checked(raw["checked"]),
        new=raw["new"],
    )


def _since(since: SinceLast) -> dict[str, object]:
    return {
        "at": _time(since.at),
        "count": since.count,
        "items": since.items,
        "issues": since.issues,
        "publishers": list(since.publishers),
    }


def _read_since(raw: Mapping[str, Any] | None) -> SinceLast | None:
    if raw is None:
        return None
    return SinceLast(
        at=_moment(raw["at"]),
        count=raw["count"],
        items=raw["items"],
        issues=raw["issues"],
        publishers=tuple(raw["publishers"]),
    )


def _exhibit(exhibit: Exhibit) -> dict[str, object]:
    return {
        "item_id": exhibit.item_id,
        "title": exhibit.title,
        "url": exhibit.url,
        "publisher": exhibit.publisher,
        "seen_at": _time(exhibit.seen_at),
        "suspicion": exhibit.suspicion,
        "stance": exhibit.stance,
        "verdict": exhibit.verdict,
        "reasons": [_words(reason) for reason in exhibit.reasons],
        "checked": exhibit.checked and _checked(exhibit.checked),
        "phishing": exhibit.phishing,
    }


def _checked(checked: CheckedBefore) -> dict[str, object]:
    return {
        "claim": checked.claim,
        "verdict": checked.verdict,
        "publisher": checked.publisher,
        "url": checked.url,
    }


def _read_exhibit(raw: Mapping[str, Any]) -> Exhibit:
    return Exhibit(
        item_id=raw["item_id"],
        title=raw["title"],
        url=raw["url"],
        publisher=raw["publisher"],
        seen_at=_moment(raw["seen_at"]),
        suspicion=raw["suspicion"],
        stance=Stance(raw["stance"]),
        verdict=Verdict(raw["verdict"]) if raw["verdict"] else None,
        reasons=tuple(_phrase(reason) for reason in raw["reasons"]),
        checked=_read_checked(raw.get("checked")),  # deliveries of earlier versions have none
        phishing=raw.get("phishing", False),
    )


def _read_checked(raw: Mapping[str, Any] | None) -> CheckedBefore | None:
    if raw is None:
        return None
    verdict = Verdict(raw["verdict"]) if raw["verdict"] else None
    return CheckedBefore(claim=raw["claim"], verdict=verdict, publisher=raw["publisher"], url=raw["url"])


def _words(phrase: Phrase) -> Sequence[str]:
    return [phrase.id, phrase.en]


def _phrase(raw: Sequence[str]) -> Phrase:
    return Phrase(id=raw[0], en=raw[1])


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else f"{utc(moment).isoformat().removesuffix('+00:00')}Z"


def _moment(text: str) -> datetime:
    return utc(datetime.fromisoformat(text))


def _moment_or_none(text: str | None) -> datetime | None:
    return None if text is None else _moment(text)
