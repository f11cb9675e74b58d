"""One full notice for tests about messages, with whatever a test wants different."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from collector.model.alert import AlertReason, Exhibit, Notice, NoticeType
from collector.model.bucket import Measure, Subject
from collector.model.judgement import Stance, Verdict
from collector.model.phrase import Phrase

AT = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)

HEADERS = [  # of every mail, in this order
    "Content-Type",
    "MIME-Version",
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "References",
    "Auto-Submitted",
    "List-Id",
]
RUMOUR = Exhibit(
    item_id=41,
    title="VIRAL!! Daftar di https://bansos-pkh.example/daftar <b>sekarang</b>",
    url="https://t.me/kabar/17",
    publisher="Kabar Viral",
    seen_at=AT - timedelta(hours=1),
    suspicion=0.83,
    stance=Stance.SPREAD,
    verdict=None,
    reasons=(
        Phrase(id="Tautan disertai janji", en="A link with a promise"),
        Phrase(id="Sebagian besar huruf kapital", en="Mostly capital letters"),
    ),
    phishing=True,
)
HEADLINE = Exhibit(
    item_id=42,
    title="Judi online jadi sorotan DPR",
    url="https://berita.example/judol?id=1&x=2",
    publisher="berita.example",
    seen_at=AT - timedelta(hours=2),
    suspicion=0.1,
    stance=Stance.NEWS,
    verdict=None,
    reasons=(),
)
DEBUNK = Exhibit(
    item_id=43,
    title="[SALAH] Judi online dilegalkan pemerintah",
    url="https://cekfakta.example/43",
    publisher="cekfakta.example",
    seen_at=AT - timedelta(minutes=20),
    suspicion=0.0,
    stance=Stance.DEBUNK,
    verdict=Verdict.FALSE,
    reasons=(),
)


def notice(**changes: Any) -> Notice:
    """A first alert on online gambling by a ratio rule."""
    whole = Notice(
        type=NoticeType.FIRING,
        at=AT,
        headline=Phrase(
            id="Judi online, 34 sebutan mencurigakan (biasa 6), 9 sumber",
            en="Online gambling, 34 suspicious mentions (usual 6), 9 sources",
        ),
        why=Phrase(
            id="34 sebutan mencurigakan dalam 6 jam dari 9 sumber berbeda; biasanya 6.",
            en="34 suspicious mentions in 6 hours from 9 sources; usually 6.",
        ),
        alert_id=7,
        rule="lonjakan",
        subject=Subject(kind="topic", id="judi_online"),
        topic_name=Phrase(id="Judi online", en="Online gambling"),
        measure=Measure.SUSPICIOUS,
        method="ratio",
        method_version="1",
        reason=AlertReason.FIRST,
        count=34,
        expected=6.0,
        limit=18.0,
        publishers=9,
        window_start_at=datetime(2026, 11, 24, 22, tzinfo=UTC),
        window_end_at=datetime(2026, 11, 25, 4, tzinfo=UTC),
        opened_at=AT,
        sources_polled=12,
        sources_total=14,
        failing=("KPU", "Radar"),
        exhibits=(RUMOUR, HEADLINE, DEBUNK),
        daily_counts=(0, 3, 2, 5, 1, 0, 0, 4, 6, 2, 3, 1, 2, 34),
    )
    return replace(whole, **changes)


def operator_notice(headline: str = "Sumber gagal: KPU", why: str = "KPU: HTTP 500\nRadar: HTTP 404") -> Notice:
    return Notice(
        type=NoticeType.DEGRADED, at=AT, headline=Phrase(id=headline, en=headline), why=Phrase(id=why, en=why)
    )
