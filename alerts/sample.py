"""A made-up notice for trying out a receiver: it looks like a real one and says that it is none. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from alerts import catalogue
from collector.model.alert import AlertReason, CheckedBefore, Exhibit, LeadingIssue, Notice, NoticeType, SinceLast
from collector.model.bucket import Measure, Subject
from collector.model.clock import hour_of
from collector.model.judgement import Stance, Verdict
from collector.model.phrase import Phrase

_SUSPICIOUS = Phrase(
    id="Contoh: tautan pendaftaran beserta janji uang", en="Example: a sign-up link with a promise of money"
)
_SUSPECTED = catalogue.MEASURES[Measure.SUSPICIOUS]
_CAPITALS = Phrase(id="Contoh: sebagian besar huruf kapital", en="Example: mostly capital letters")


def sample_notice(now: datetime, *, resolved: bool = False) -> Notice:
    """As of a spike that began three hours ago, or of its end."""
    end_at = hour_of(now) + timedelta(hours=1)
    count, publishers = (1, 1) if resolved else (34, 9)
    return Notice(
        type=NoticeType.TEST,
        at=now,
        headline=Phrase(
            id=f"Bansos (contoh), {count} sebutan mencurigakan (biasa 6), {publishers} sumber",
            en=f"Social aid (example), {catalogue.counted(count, _SUSPECTED, 'en')} (usual 6), "
            f"{catalogue.sources(publishers, 'en')}",
        ),
        why=Phrase(
            id="Tenang selama 12 jam yang terpantau sejak lonjakan terakhir (contoh)."
            if resolved
            else "34 sebutan mencurigakan dalam 6 jam dari 9 sumber berbeda; biasanya 6 (contoh).",
            en="Quiet for 12 watched hours since the last spike (example)."
            if resolved
            else "34 suspicious mentions in 6 hours from 9 sources; usually 6 (example).",
        ),
        rule="uji",
        subject=Subject(kind="topic", id="contoh"),
        topic_name=Phrase(id="Bansos (contoh)", en="Social aid (example)"),
        measure=Measure.SUSPICIOUS,
        method="ratio",
        method_version="1",
        reason=AlertReason.RESOLVED if resolved else AlertReason.FIRST,
        count=count,
        expected=6.0,
        limit=18.0,
        publishers=publishers,
        window_start_at=end_at - timedelta(hours=6),
        window_end_at=end_at,
        opened_at=now - timedelta(hours=3),
        sources_polled=12,
        sources_total=14,
        failing=("Contoh gagal",),
        exhibits=_exhibits(now),
        daily_counts=(3, 5, 4, 6, 8, 5, 2, 4, 6, 7, 5, 6, 9, 34),
        issues=_issues(now),
        since=None if not resolved else SinceLast(at=now - timedelta(hours=2), count=34, items=1, issues=0),
        baseline_days=12,
        baseline_of=14,
        peak=34,
    )


def _issues(now: datetime) -> tuple[LeadingIssue, ...]:
    rumour, check = _exhibits(now)
    return (
        LeadingIssue(
            issue_id=None,
            text=rumour.title,
            first_seen_at=now - timedelta(hours=5),
            items=21,
            publishers=7,
            lead=rumour,
            checked=CheckedBefore(
                claim="Contoh: tautan pendaftaran bantuan",
                verdict=Verdict.SCAM,
                publisher=check.publisher,
                url=check.url,
            ),
        ),
    )


def _exhibits(now: datetime) -> tuple[Exhibit, ...]:
    return (
        Exhibit(
            item_id=0,
            title="CONTOH: DAFTAR SEKARANG, bantuan cair lewat https://bantuan.example/daftar",
            url="https://kabar.example/contoh",
            publisher="kabar.example",
            seen_at=now - timedelta(hours=1),
            suspicion=0.83,
            stance=Stance.SPREAD,
            verdict=None,
            reasons=(_SUSPICIOUS, _CAPITALS),
            phishing=True,
        ),
        Exhibit(
            item_id=0,
            title="Contoh: [PENIPUAN] Tautan pendaftaran bantuan",
            url="https://cekfakta.example/contoh",
            publisher="cekfakta.example",
            seen_at=now - timedelta(minutes=20),
            suspicion=0.0,
            stance=Stance.DEBUNK,
            verdict=Verdict.SCAM,
            reasons=(),
        ),
    )
