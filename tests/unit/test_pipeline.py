"""One source, end to end, over the memory store and prepared answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
from fakes import FakeClock, FakeFetcher, rss

from collector.app.sources import kind_of
from collector.config.topics import foreign_context, leet_keep, shipped_topics
from collector.judge.lexicon import LexiconJudge
from collector.match.topics import TopicMatcher
from collector.model.bucket import Measure, Subject
from collector.model.clock import hour_of
from collector.model.item import Timing
from collector.model.judgement import Stance, Verdict
from collector.model.source import Failed, Role, Source
from collector.pipeline import Pipeline
from collector.store.base import MentionFilter, PollOutcome
from collector.store.memory import MemoryStore

FEED = "https://kabar.example/feed"
STORY = "https://kabar.example/a"
RUMOUR = "VIRALKAN SEBELUM DIHAPUS!! SURAT SUARA SUDAH TERCOBLOS DUA KONTAINER, SEBARKAN SEKARANG!!"


@pytest.fixture
def clock(now: datetime) -> FakeClock:
    return FakeClock(now)


@pytest.fixture
def fetcher(clock: FakeClock) -> FakeFetcher:
    return FakeFetcher(clock)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture(scope="module")
def matcher() -> TopicMatcher:
    topics = tuple(shipped_topics().values())
    return TopicMatcher(topics, leet_keep=leet_keep(), foreign_context=foreign_context())


@pytest.fixture(scope="module")
def judge() -> LexiconJudge:
    return LexiconJudge.shipped()


@pytest.fixture
def pipeline(
    store: MemoryStore, fetcher: FakeFetcher, matcher: TopicMatcher, judge: LexiconJudge, clock: FakeClock
) -> Pipeline:
    return Pipeline(
        store=store,
        fetcher=fetcher,
        kind_of=kind_of,
        matcher=lambda: matcher,
        judge=lambda: judge,
        clock=clock,
        rng=Random(7),
    )


def source(store: MemoryStore, now: datetime, **changes: object) -> Source:
    made = Source(**{"id": "Kabar", "kind": "feed", "url": FEED, **changes})  # type: ignore[arg-type]
    store.sources.register((made,), now)
    return made


def test_a_feed_becomes_items_mentions_and_judgements(
    pipeline: Pipeline, store: MemoryStore, fetcher: FakeFetcher, now: datetime
) -> None:
    fetcher.will_return(FEED, rss(("KPU tetapkan jadwal pemilu", STORY, now), ("Resep rendang", STORY + "b", now)))
    report = pipeline.poll(source(store, now))
    assert (report.outcome, report.result.items_new, report.result.mentions_new) == (PollOutcome.OK, 2, 1)
    (listed,) = store.items.list(MentionFilter())
    assert listed.item.publisher == "kabar.example"
    assert listed.judgement.stance is Stance.NEWS


def test_a_shouted_rumour_on_a_social_source_is_suspicious(
    pipeline: Pipeline, store: MemoryStore, fetcher: FakeFetcher, now: datetime
) -> None:
    fetcher.will_return(FEED, rss((RUMOUR, STORY, now)))
    report = pipeline.poll(source(store, now, role=Role.SOCIAL))
    assert report.result.suspicious_new == 1


def test_a_fact_check_is_a_debunk_with_its_verdict_and_never_suspicious(
    pipeline: Pipeline, store: MemoryStore, fetcher: FakeFetcher, now: datetime
) -> None:
    fetcher.will_return(FEED, rss(("[SALAH] Surat suara pemilu sudah tercoblos", STORY, now)))
    assert pipeline.poll(source(store, now, role=Role.FACTCHECK)).result.suspicious_new == 0
    (listed,) = store.items.list(MentionFilter())
    assert (listed.judgement.stance, listed.judgement.verdict) == (Stance.DEBUNK, Verdict.FALSE)


def test_the_same_body_is_not_parsed_again(
    pipeline: Pipeline, store: MemoryStore, fetcher: FakeFetcher, clock: FakeClock, now: datetime
) -> None:
    fetcher.will_return(FEED, rss(("Pemilu", STORY, now)))
    kabar = source(store, now)
    pipeline.poll(kabar)
    clock.moves(timedelta(minutes=20))
    assert pipeline.poll(kabar).outcome is PollOutcome.NOT_MODIFIED


def test_the_archive_of_a_new_feed_is_backfill_and_raises_no_count(
    pipeline: Pipeline, store: MemoryStore, fetcher: FakeFetcher, now: datetime
) -> None:
    fetcher.will_return(
        FEED, rss(("Pemilu lama", STORY, now - timedelta(days=30)), ("Pemilu tak bertanggal", STORY + "b"))
    )
    pipeline.poll(source(store, now))
    assert {listed.item.timing for listed in store.items.list(MentionFilter())} == {Timing.BACKFILL}
    subject = Subject(kind="topic", id="pemilu_umum")
    (series,) = store.buckets.series((subject,), Measure.MENTIONS, now, now)
    assert (series.count, series.backfill) == ((2,), (2,))


def test_one_story_in_two_feeds_is_one_item_and_two_sightings(
    pipeline: Pipeline, store: MemoryStore, fetcher: FakeFetcher, now: datetime
) -> None:
    other = Source(id="Lain", kind="feed", url="https://lain.example/feed")
    kabar = Source(id="Kabar", kind="feed", url=FEED)
    store.sources.register((kabar, other), now)
    fetcher.will_return(FEED, rss(("Pemilu", STORY + "?utm_source=x", now)))
    fetcher.will_return(other.url, rss(("Pemilu", STORY, now)))
    assert (pipeline.poll(kabar).result.items_new, pipeline.poll(other).result.items_new) == (1, 0)
    (listed,) = store.items.list(MentionFilter())
    assert {sighting.source_id for sighting in store.items.sightings(listed.item.id)} == {"Kabar", "Lain"}


def test_a_changed_title_is_a_revision_in_the_hour_of_the_first(
    pipeline: Pipeline, store: MemoryStore, fetcher: FakeFetcher, clock: FakeClock, now: datetime
) -> None:
    kabar = source(store, now)
    fetcher.will_return(FEED, rss(("Pemilu ditunda", STORY, now)))
    pipeline.poll(kabar)
    later = clock.moves(timedelta(hours=2))
    fetcher.will_return(FEED, rss(("Pemilu tidak ditunda", STORY, now)))
    assert pipeline.poll(kabar).result.items_new == 0
    (listed,) = store.items.list(MentionFilter())
    assert (listed.item.title, listed.item.seen_at) == ("Pemilu tidak ditunda", now)
    (revision,) = store.items.revisions(listed.item.id)
    assert (revision.title, revision.replaced_at) == ("Pemilu ditunda", later)


def test_a_failure_is_recorded_and_the_source_waits(
    pipeline: Pipeline, store: MemoryStore, fetcher: FakeFetcher, now: datetime
) -> None:
    fetcher.will_fail(FEED, "HTTP 503", retry_after=timedelta(hours=3))
    report = pipeline.poll(source(store, now))
    state = store.sources.state("Kabar")
    assert (report.outcome, report.error) == (PollOutcome.FAILED, "HTTP 503")
    assert state.failures == 1
    assert state.next_poll_at >= now + timedelta(hours=3)


def test_a_login_page_in_place_of_a_feed_is_a_failure(
    pipeline: Pipeline, store: MemoryStore, fetcher: FakeFetcher, now: datetime
) -> None:
    fetcher.will_return(FEED, "<!doctype html><title>Masuk</title><form></form>", content_type="text/html")
    report = pipeline.poll(source(store, now))
    assert report.outcome is PollOutcome.FAILED
    assert report.error


def test_a_success_covers_the_hours_until_the_next_poll(
    pipeline: Pipeline, store: MemoryStore, fetcher: FakeFetcher, now: datetime
) -> None:
    fetcher.will_return(FEED, rss(("Pemilu", STORY, now)))
    pipeline.poll(source(store, now, every=timedelta(hours=2)))
    hour = hour_of(now)
    assert store.sources.coverage(hour, hour + timedelta(hours=3)) == ((1, 1), (1, 1), (1, 1))


def test_personal_numbers_are_masked_but_the_judge_saw_them(
    pipeline: Pipeline, store: MemoryStore, fetcher: FakeFetcher, now: datetime
) -> None:
    fetcher.will_return(FEED, rss(("Bansos cair, hubungi 081234567890 isi NIK 3174012345678901", STORY, now)))
    pipeline.poll(source(store, now, role=Role.SOCIAL))
    (listed,) = store.items.list(MentionFilter())
    assert "081234567890" not in listed.item.title
    assert "3174012345678901" not in listed.item.title


def test_a_preview_stores_nothing(pipeline: Pipeline, store: MemoryStore, fetcher: FakeFetcher, now: datetime) -> None:
    fetcher.will_return(FEED, rss(("Pemilu", STORY, now)))
    shown = pipeline.preview(source(store, now), now)
    assert not isinstance(shown, Failed)
    assert [verdicts.matches[0].topic_id for _, verdicts in shown] == ["pemilu_umum"]
    assert store.items.list(MentionFilter()) == ()


def sitemap(*stories: tuple[str, str], when: datetime) -> str:
    urls = "".join(
        f"<url><loc>{link}</loc><n:news><n:publication_date>{when:%Y-%m-%dT%H:%M:%SZ}</n:publication_date>"
        f"<n:title>{title}</n:title></n:news></url>"
        for title, link in stories
    )
    return (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
    )


def test_the_members_of_a_sitemap_index_are_read_each_time_and_one_that_fails_spoils_nothing(
    pipeline: Pipeline, store: MemoryStore, fetcher: FakeFetcher, clock: FakeClock, now: datetime
) -> None:
    index, good, bad = (f"https://kabar.example/{name}.xml" for name in ("news-index", "news-1", "news-2"))
    members = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in (good, bad))
    fetcher.will_return(
        index, f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{members}</sitemapindex>'
    )
    fetcher.will_return(good, sitemap(("Pemilu", STORY), when=now))
    fetcher.will_return(bad, "<html>perawatan</html>")
    kabar = source(store, now, kind="sitemap", url=index)
    assert pipeline.poll(kabar).result.items_new == 1
    clock.moves(timedelta(minutes=20))
    fetcher.will_return(good, sitemap(("Pemilu", STORY), ("Pilkada", STORY + "b"), when=now))
    assert pipeline.poll(kabar).result.items_new == 1
