"""A fact-checker's page with ClaimReview: its claim, verdict and link travel into the alert of the claim's return."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes import rss
from loopback import LoopbackServer

from collector.app import App
from collector.config.secret import Secret
from collector.config.settings import Network, Receiver, Settings, Webhook
from collector.config.topics import shipped_topics
from collector.model.bucket import Measure
from collector.model.judgement import Verdict
from collector.model.rule import Rule
from collector.model.source import Role, Source

CLAIM = "Pemerintah menghapus bansos beras untuk semua keluarga mulai Desember 2026"
REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "claimReviewed": CLAIM,
    "author": {"@type": "Organization", "name": "Cek Fakta"},
    "reviewRating": {"@type": "Rating", "ratingValue": 1, "bestRating": 5, "alternateName": "Salah"},
}
STORY = (
    "Penelusuran kami menemukan bahwa bantuan beras tetap disalurkan seperti biasa, kata juru bicara kementerian. " * 6
)
PAGE = (
    f'<html><head><script type="application/ld+json">{json.dumps(REVIEW)}</script></head>'
    f"<body><article><h1>Cek fakta: benarkah bansos beras dihapus?</h1><p>{STORY}</p></article></body></html>"
)


@pytest.fixture
def web() -> Iterator[LoopbackServer]:
    with LoopbackServer() as server:
        yield server


def settings(folder: Path, web: LoopbackServer) -> Settings:
    """A fact-checker whose pages are read, a group, and a rule for claims that come back."""
    checker = Source(id="cekfakta", kind="feed", url=web.url("/cekfakta"), role=Role.FACTCHECK, article=True)
    group = Source(id="grup", kind="feed", url=web.url("/grup"), role=Role.SOCIAL, every=timedelta(seconds=0.2))
    rule = Rule(
        name="Klaim lama kembali",
        topics=("bansos",),
        receivers=("sistem",),
        measure=Measure.KNOWN_CLAIMS,
        method="threshold",
        window=timedelta(hours=24),
        at_least=1,
        min_sources=1,
    )
    return Settings(
        path=folder / "sources.yaml",
        database=folder / "siaga.db",
        network=Network(host_gap=timedelta(0), allow_private=(web.url("").split("/")[2],)),
        sources=(checker, group),
        topics=tuple(shipped_topics().values()),
        rules=(rule,),
        receivers=(Receiver(name="sistem", channel=Webhook(url=Secret(web.url("/hook")))),),
    )


def feed(web: LoopbackServer, name: str, *entries: tuple[str, str]) -> None:
    items = [(title, web.url(path), datetime.now(UTC)) for title, path in entries]
    web.answer(f"/{name}", headers={"Content-Type": "application/rss+xml"}, body=rss(*items))


def test_the_claim_of_a_page_comes_back_with_its_verdict_its_publisher_and_its_link(
    tmp_path: Path, web: LoopbackServer
) -> None:
    feed(web, "cekfakta", ("Cek fakta: benarkah bansos beras dihapus?", "/periksa/1"))
    feed(web, "grup")
    web.answer("/periksa/1", headers={"Content-Type": "text/html; charset=utf-8"}, body=PAGE.encode())
    web.answer("/hook", status=204)
    app = App.build(settings(tmp_path, web))
    with closing(app.store), closing(app):
        first = app.once()
        assert (first.articles_read, first.alerts_opened) == (1, 0)
        (claim,) = app.store.claims.list()
        assert (claim.text, claim.verdict, claim.url) == (CLAIM, Verdict.FALSE, web.url("/periksa/1"))
        web.forget("/grup")
        feed(web, "grup", ("AWAS!! pemerintah hapus bansos beras utk semua keluarga mulai desember 2026", "/g/1"))
        second = app.once()
    assert (second.alerts_opened, second.deliveries_sent) == (1, 1)
    (told,) = web.asked("/hook")
    body = told.body.decode()
    for word in (CLAIM, "false", web.url("/periksa/1"), claim.publisher):
        assert word in body
