"""The form in which findings travel: JSON as ``collector/data/partner.schema.json`` describes it. Pure.

{"type": "report.created", "timestamp": ..., "data": {"id": ..., "title": ..., "url": ..., ...}}
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from collector.bulletin.checks import Check
from collector.model.clock import rfc3339
from collector.model.judgement import Verdict
from collector.partners.findings import Evidence, Finding

SHORT = 16  # digits of a fingerprint


def data_of(finding: Finding, *, correction: bool = False) -> dict[str, Any]:
    """A finding as JSON values; ``correction``: the partner was told another verdict, or another number,
    before."""
    return {
        "id": str(finding.number),
        "title": finding.title,
        "url": finding.links[0] if finding.links else None,
        "links": list(finding.links),
        "topics": list(finding.topics),
        "first_seen_at": rfc3339(finding.first_seen_at),
        "last_seen_at": rfc3339(finding.last_seen_at),
        "reach": {"items": finding.items, "publishers": finding.publishers, "suspicious": finding.suspicious},
        "evidence": [_evidence(one) for one in finding.evidence],
        "verdict": _word(finding.verdict),
        "note": finding.note,
        "verdict_link": finding.verdict_link,
        "fact_checks": [_check(check) for check in finding.checks],
        "correction": correction,
        **({"replaces": [str(number) for number in finding.replaces]} if finding.replaces else {}),
    }


def fingerprint(finding: Finding) -> str:
    """The same as long as there is nothing new to tell."""
    text = json.dumps(data_of(finding), sort_keys=True, ensure_ascii=True)
    return sha256(text.encode()).hexdigest()[:SHORT]


def _evidence(one: Evidence) -> dict[str, Any]:
    return {
        "title": one.title,
        "url": one.url,
        "publisher": one.publisher,
        "seen_at": rfc3339(one.seen_at),
        "suspicion": one.suspicion,
        "reasons": list(one.reasons),
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "publisher": check.publisher,
        "title": check.title,
        "verdict": _word(check.verdict),
        "url": check.url,
        "at": None if check.at is None else rfc3339(check.at),
    }


COLUMNS = (
    "id", "title", "url", "topics", "first_seen_at", "last_seen_at", "items", "publishers", "suspicious", "verdict",
    "note", "verdict_link", "fact_checks", "links", "replaces",
)  # fmt: skip


def row_of(finding: Finding) -> Mapping[str, object]:
    """The finding as one line of a table, by :data:`COLUMNS`; lists are parted by spaces."""
    data = data_of(finding)
    checks = (f"{check.publisher} {_word(check.verdict) or '-'} {check.url}" for check in finding.checks)
    return {
        **{name: data[name] for name in ("id", "title", "url", "first_seen_at", "last_seen_at", "verdict", "note")},
        **data["reach"],
        "verdict_link": finding.verdict_link,
        "topics": " ".join(finding.topics),
        "fact_checks": " | ".join(checks),
        "links": " ".join(finding.links),
        "replaces": " ".join(map(str, finding.replaces)),
    }


RATINGS: Mapping[Verdict, tuple[int, str]] = {
    Verdict.FALSE: (1, "Salah"),
    Verdict.SCAM: (1, "Penipuan"),
    Verdict.MISLEADING: (2, "Menyesatkan"),
    Verdict.UNPROVEN: (3, "Belum terbukti"),
    Verdict.TRUE: (5, "Benar"),
}


def claim_reviews(finding: Finding, desk: str) -> Sequence[Mapping[str, Any]]:
    """ClaimReview (https://schema.org/ClaimReview) for each published fact-check with a verdict; satire has no place on
    a scale of truth and gets none. ``desk`` is the author of our own."""
    return [
        _review(finding, check, *RATINGS[check.verdict], desk)
        for check in finding.checks
        if check.verdict is not None and check.verdict in RATINGS and check.url is not None
    ]


def _review(finding: Finding, check: Check, rating: int, word: str, desk: str) -> Mapping[str, Any]:
    published = {} if check.at is None else {"datePublished": check.at.date().isoformat()}
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": check.url,
        "claimReviewed": finding.title,
        **published,
        "author": {"@type": "Organization", "name": check.publisher or desk},
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": rating,
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": word,
        },
        "itemReviewed": {
            "@type": "Claim",
            "datePublished": finding.first_seen_at.date().isoformat(),
            "appearance": [{"@type": "CreativeWork", "url": link} for link in finding.links],
        },
    }


def _word(verdict: Verdict | None) -> str | None:
    return None if verdict is None else verdict.value
