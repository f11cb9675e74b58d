"""A claim is checked, and comes back: from a fact-checker's feed to the alert."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from fakes import FakeClock, FakeFetcher, rss

from alerts.detect.threshold import ThresholdDetector
from alerts.notice import from_json
from alerts.render import Renderer
from alerts.watch import Watch
from collector.app.sources import kind_of
from collector.claims.known import KnownClaims
from collector.config.topics import foreign_context, leet_keep, shipped_topics
from collector.judge.lexicon import LexiconJudge
from collector.match.topics import TopicMatcher
from collector.model.bucket import Measure, Subject
from collector.model.judgement import Stance, Verdict
from collector.model.rule import Rule
from collector.model.source import Role, Source
from collector.pipeline import Pipeline
from collector.store.memory import MemoryStore

CHECKED = "https://turnbackhoax.example/1"


class Desk:
    """A pipeline over prepared answers."""

    def __init__(self, now: datetime) -> None:
        self.clock, self.store = FakeClock(now), MemoryStore()
        self.fetcher = FakeFetcher(self.clock)
        matcher = TopicMatcher(
            tuple(shipped_topics().values()), leet_keep=leet_keep(), foreign_context=foreign_context()
        )
        judge, known = LexiconJudge.shipped(), KnownClaims(self.store)
        self.pipeline = Pipeline(
            store=self.store,
            fetcher=self.fetcher,
            kind_of=kind_of,
            matcher=lambda: matcher,
            judge=lambda: judge,
            clock=self.clock,
            known=lambda: known,
            rng=Random(7),
        )
        self.sources: tuple[Source, ...] = ()

    def reads(self, name: str, role: Role, *entries: tuple[str, str, datetime]) -> None:
        source = Source(id=name, kind="feed", url=f"https://{name}.example/feed", role=role)
        self.sources = (*self.sources, source)
        self.store.sources.register(self.sources, self.clock.now())
        self.fetcher.will_return(source.url, rss(*entries))
        self.pipeline.poll(source)


@pytest.fixture
def desk(now: datetime) -> Desk:
    desk = Desk(now)
    desk.reads(
        "turnbackhoax",
        Role.FACTCHECK,
        ("[SALAH] KPU Sahkan Anies Jadi Presiden (GFD-2026-77)", CHECKED, now),
        ("Pelatihan cek fakta untuk guru di Bandung", "https://turnbackhoax.example/2", now),
    )
    return desk


def test_a_fact_check_becomes_a_checked_claim(desk: Desk) -> None:
    (claim,) = desk.store.claims.list()
    assert (claim.text, claim.verdict, claim.case_id) == (
        "KPU Sahkan Anies Jadi Presiden",
        Verdict.FALSE,
        "GFD-2026-77",
    )
    assert (claim.url, claim.publisher) == (CHECKED, "turnbackhoax.example")


def test_the_fact_check_is_linked_to_its_claim(desk: Desk) -> None:
    (link,) = desk.store.claims.of_items([1, 2])[1]
    assert (link.stance, link.confidence) == (Stance.DEBUNK, 1.0)


def test_a_post_that_repeats_it_is_linked(desk: Desk, now: datetime) -> None:
    desk.reads("grup", Role.SOCIAL, ("AKHIRNYA!! kpu resmi sahkan anies jd presiden", "https://grup.example/1", now))
    (link,) = desk.store.claims.of_items([3])[3]
    assert (link.claim.url, link.stance) == (CHECKED, Stance.SPREAD)


def test_news_of_the_same_people_is_not(desk: Desk, now: datetime) -> None:
    desk.reads("kabar", Role.NEWS, ("KPU undang Anies ke penetapan presiden terpilih", "https://kabar.example/1", now))
    assert desk.store.claims.of_items([3]) == {}


def test_its_return_opens_an_alert_of_its_own_with_the_verdict_and_its_link(desk: Desk, now: datetime) -> None:
    desk.reads("grup", Role.SOCIAL, ("AKHIRNYA!! kpu resmi sahkan anies jd presiden", "https://grup.example/1", now))
    topics = tuple(shipped_topics().values())
    rule = Rule(
        name="Klaim lama kembali",
        topics=tuple(topic.id for topic in topics),
        receivers=("meja",),
        measure=Measure.KNOWN_CLAIMS,
        method="threshold",
        window=timedelta(hours=24),
        at_least=1,
        min_sources=1,
    )
    Watch(desk.store, (rule,), topics, {"threshold": ThresholdDetector()}, zone=UTC).tick(now)
    message = Renderer("id", UTC).render(from_json(desk.store.outbox.list()[0].notice))
    assert "sudah diperiksa: " in message.subject
    assert "Sudah diperiksa turnbackhoax.example: salah — klaim: “KPU Sahkan Anies Jadi Presiden”" in message.text
    assert CHECKED in message.text


def test_what_was_checked_and_found_true_opens_none(now: datetime) -> None:
    desk = Desk(now)
    desk.reads("turnbackhoax", Role.FACTCHECK, ("[BENAR] KPU Sahkan Anies Jadi Presiden", CHECKED, now))
    desk.reads("grup", Role.SOCIAL, ("kpu resmi sahkan anies jd presiden", "https://grup.example/1", now))
    subjects = [Subject(kind="topic", id=topic) for topic in shipped_topics()]
    series = desk.store.buckets.series(subjects, Measure.KNOWN_CLAIMS, now, now)
    assert sum(sum(one.count) for one in series) == 0


def test_a_claim_checked_anew_reaches_a_running_matcher(desk: Desk, now: datetime) -> None:
    desk.reads("grup", Role.SOCIAL, ("kpu resmi sahkan anies jd presiden", "https://grup.example/1", now))
    (claim,) = desk.store.claims.list()
    desk.store.claims.add([replace(claim, text="KPU Sahkan Ganjar Jadi Presiden", verdict=Verdict.SATIRE)], now)
    desk.clock.moves(timedelta(seconds=2))
    desk.reads("lain", Role.SOCIAL, ("kpu resmi sahkan ganjar jd presiden", "https://lain.example/1", now))
    (link,) = desk.store.claims.of_items([4])[4]
    assert (link.claim.key, link.claim.verdict) == (claim.key, Verdict.SATIRE)


def test_a_claim_removed_on_request_leaves_a_running_matcher(desk: Desk, now: datetime) -> None:
    desk.reads("grup", Role.SOCIAL, ("kpu resmi sahkan anies jd presiden", "https://grup.example/1", now))
    assert 3 in desk.store.claims.of_items([3])
    desk.store.ledger.forget(CHECKED, at=now, actor="ani", why="permintaan")
    desk.clock.moves(timedelta(seconds=2))
    desk.reads("lain", Role.SOCIAL, ("kpu sahkan anies jadi presiden", "https://lain.example/1", now))
    assert desk.store.claims.of_items([4]) == {}
