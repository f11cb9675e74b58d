"""What reading the page behind a headline changes, over the memory store and prepared answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fakes import FakeClock, FakeFetcher, rss

from collector.app import App
from collector.claims.known import KnownClaims
from collector.config.settings import Settings
from collector.config.topics import shipped_topics
from collector.model.bucket import Measure, Subject
from collector.model.judgement import Stance, Verdict
from collector.model.source import Role, Source
from collector.reading import Outcome, PageReport
from collector.sources.wish import MAX_PER_HOUR
from collector.store.articles import ArticleState, ArticleWish
from collector.store.base import JudgedItem, MentionFilter
from collector.store.memory import MemoryStore

PAGES = Path(__file__).parent.parent / "golden" / "articles"
FEED = "https://kabar.example/feed"
STORY = "https://kabar.example/bansos-tahap-tiga"
HTML = "text/html; charset=utf-8"
HEADLINE = "Penyaluran Bansos Tahap Ketiga Dimulai Pekan Depan"
WORDS = "Petugas menjelaskan tata cara penyaluran kepada warga yang datang sejak pagi di balai desa. " * 4


class Desk:
    """One source that gives only headlines, and an app over the memory store."""

    def __init__(self, now: datetime, *, role: Role = Role.NEWS, feed: str = FEED) -> None:
        self.clock = FakeClock(now)
        self.fetcher = FakeFetcher(self.clock)
        self.source = Source(id="Kabar", kind="feed", url=feed, role=role, article=True)
        settings = Settings(
            path=Path("x.yaml"),
            database=Path("x.db"),
            sources=(self.source,),
            topics=tuple(shipped_topics().values()),
        )
        self.store = MemoryStore()
        self.app = App(settings, store=self.store, clock=self.clock)
        self.app.__dict__["fetcher"] = self.fetcher  # as if it had been built
        self.store.sources.register(settings.sources, now)

    def shows(self, *titles: str, summary: str = "", url: str = STORY) -> None:
        """The feed lists these headlines; the first leads to ``url``."""
        items = [
            (title, url if place == 0 else f"{url}-{place}", self.clock.now()) for place, title in enumerate(titles)
        ]
        feed = rss(*items)
        if summary:
            feed = feed.replace("</item>", f"<description>{summary}</description></item>")
        self.fetcher.will_return(self.source.url, feed)

    def polls(self) -> JudgedItem:
        """The newest item of a poll."""
        self.app.pipeline.poll(self.source)
        return self.item()

    def item(self) -> JudgedItem:
        return self.store.items.list(MentionFilter(on_topic_only=False, limit=1))[0]

    def reads(self) -> PageReport:
        report = self.app.read_article("Kabar", self.item().item.id)
        assert report is not None
        return report

    def wish(self) -> ArticleWish:
        found = self.store.articles.of(self.item().item.id)
        assert found is not None
        return found

    def count(self, topic: str) -> int:
        at = self.item().item.seen_at
        subject = Subject(kind="topic", id=topic)
        return sum(self.store.buckets.series((subject,), Measure.MENTIONS, at, at)[0].count)


@pytest.fixture
def desk(now: datetime) -> Desk:
    made = Desk(now)
    made.shows(HEADLINE)
    made.fetcher.will_return(STORY, (PAGES / "portal.html").read_bytes(), content_type=HTML)
    return made


def page(words: str, *, title: str = HEADLINE) -> str:
    head = f"<head><title>{title}</title></head>"
    return f"<html>{head}<body><article><h1>{title}</h1><p>{words}</p></article></body></html>"


# ---------------------------------------------------------------- what changes


def test_the_item_is_stored_and_counted_before_its_page_is_asked_for(desk: Desk) -> None:
    item = desk.polls()
    assert (item.item.excerpt, desk.count("bansos")) == ("", 1)
    assert desk.fetcher.asked == [FEED]
    assert [task.args["item"] for task in desk.app.due_articles()] == [str(item.item.id)]


def test_a_story_gives_excerpt_and_judgement_and_leaves_title_and_hour(desk: Desk) -> None:
    before = desk.polls()
    desk.clock.moves(timedelta(minutes=2))
    assert desk.reads().outcome is Outcome.READ
    after = desk.item()
    assert after.item.excerpt.startswith("Jakarta - Kementerian Sosial memastikan")
    assert (after.item.title, after.item.seen_at) == (before.item.title, before.item.seen_at)
    assert after.item.content_hash == before.item.content_hash
    assert desk.store.items.revisions(after.item.id) == ()
    assert desk.count("bansos") == 1
    assert desk.wish().state is ArticleState.READ


def test_only_an_excerpt_is_kept_and_personal_numbers_are_masked(desk: Desk) -> None:
    desk.polls()
    desk.fetcher.will_return(STORY, page(f"Hubungi 081234567890 untuk pendaftaran. {WORDS}{WORDS}"), content_type=HTML)
    desk.reads()
    kept = desk.item().item.excerpt
    assert len(kept) <= 500
    assert "081234567890" not in kept


def test_topics_of_the_whole_story_count_in_the_hour_of_the_headline(desk: Desk) -> None:
    desk.polls()
    desk.clock.moves(timedelta(hours=3))
    words = f"{WORDS} Ia juga menyinggung surat suara pemilu yang dicetak bulan depan."
    desk.fetcher.will_return(STORY, page(words), content_type=HTML)
    desk.reads()
    assert {mention.topic_id for mention in desk.item().mentions} >= {"bansos", "pemilu_umum"}
    assert (desk.count("bansos"), desk.count("pemilu_umum")) == (1, 1)


def test_what_a_summary_said_is_not_lost_where_the_page_is_read_badly(now: datetime) -> None:
    desk = Desk(now)
    desk.shows("Warga antre sejak pagi", summary="Antrean bansos mengular di kantor pos.")
    desk.fetcher.will_return(STORY, page(WORDS), content_type=HTML)
    desk.polls()
    desk.reads()
    assert desk.count("bansos") == 1
    assert desk.item().item.excerpt.startswith("Antrean bansos mengular")


def test_a_number_masked_in_the_title_is_judged_where_the_page_has_it(now: datetime) -> None:
    title = "Bansos cair, hubungi 081234567890 sekarang juga"
    desk = Desk(now)
    desk.shows(title)
    desk.fetcher.will_return(STORY, page(WORDS, title=title), content_type=HTML)
    before = desk.polls().judgement
    desk.reads()
    after = desk.item()
    assert {s.name for s in before.signals} <= {s.name for s in after.judgement.signals}
    assert "081234567890" not in after.item.title


def test_the_next_poll_does_not_undo_what_was_read(desk: Desk) -> None:
    desk.polls()
    desk.reads()
    read = desk.item()
    desk.clock.moves(timedelta(hours=1))
    desk.shows(HEADLINE, "Resep rendang padang")
    desk.app.pipeline.poll(desk.source)
    assert desk.store.items.get(read.item.id) == read


def test_a_reworded_headline_asks_for_its_page_again(desk: Desk) -> None:
    desk.polls()
    desk.reads()
    desk.clock.moves(timedelta(hours=1))
    desk.shows("Penyaluran Bansos Tahap Ketiga Ditunda")
    desk.app.pipeline.poll(desk.source)
    assert desk.wish().state is ArticleState.WANTED
    assert len(desk.app.due_articles()) == 1


def test_a_headline_reworded_while_its_page_was_fetched_is_read_anew(desk: Desk) -> None:
    desk.polls()
    fetch = desk.fetcher.fetch

    def reworded(source: Source, url: str, *rest: object, **more: object) -> object:
        if url == STORY:
            desk.shows("Bansos Ditunda")
            desk.app.pipeline.poll(desk.source)
        return fetch(source, url, *rest, **more)  # type: ignore[arg-type]

    desk.fetcher.fetch = reworded  # type: ignore[method-assign,assignment]
    assert desk.reads().outcome is Outcome.NOT_DUE
    assert desk.wish().state is ArticleState.WANTED


# ---------------------------------------------------------------- fact-checkers


def test_a_marked_up_verdict_becomes_a_checked_claim(now: datetime) -> None:
    desk = Desk(now, role=Role.FACTCHECK)
    desk.shows("Pendaftaran Bansos Rp3 Juta Lewat Tautan WhatsApp")
    desk.fetcher.will_return(STORY, (PAGES / "factcheck.html").read_bytes(), content_type=HTML)
    item = desk.polls().item
    desk.reads()
    (claim,) = desk.store.claims.list()
    assert (claim.text, claim.verdict) == ("Bansos Rp3 juta dibagikan lewat tautan WhatsApp", Verdict.FALSE)
    assert (claim.url, claim.topics) == (STORY, ("bansos",))
    (link,) = desk.store.claims.of_items([item.id])[item.id]
    assert (link.claim.key, link.stance) == (claim.key, Stance.DEBUNK)
    assert KnownClaims(desk.store).nearest(claim.text)[0].claim.id == claim.id


def test_a_claim_known_by_its_headline_is_the_same_one(now: datetime) -> None:
    desk = Desk(now, role=Role.FACTCHECK)
    desk.shows("[SALAH] Pendaftaran Bansos Rp3 Juta Lewat Tautan WhatsApp")
    desk.fetcher.will_return(STORY, (PAGES / "factcheck.html").read_bytes(), content_type=HTML)
    desk.polls()
    assert desk.store.claims.count() == 1
    desk.reads()
    assert [claim.text for claim in desk.store.claims.list()] == ["Bansos Rp3 juta dibagikan lewat tautan WhatsApp"]


def test_a_verdict_on_anybody_else_s_page_is_no_checked_claim(desk: Desk) -> None:
    desk.polls()
    desk.fetcher.will_return(STORY, (PAGES / "factcheck.html").read_bytes(), content_type=HTML)
    assert desk.reads().outcome is Outcome.READ
    assert desk.store.claims.count() == 0


# ---------------------------------------------------------------- what goes wrong


def test_a_page_that_fails_is_tried_three_times(desk: Desk) -> None:
    desk.polls()
    desk.fetcher.will_fail(STORY, "too slow: the time limit has passed")
    outcomes = []
    for _ in range(4):
        outcomes.append(desk.reads().outcome)
        desk.clock.moves(timedelta(hours=1))
    assert outcomes == [Outcome.LATER, Outcome.LATER, Outcome.NEVER, Outcome.NOT_DUE]
    assert (desk.wish().attempts, desk.wish().error) == (3, "too slow: the time limit has passed")
    assert desk.count("bansos") == 1


def test_between_attempts_it_is_left_alone(desk: Desk) -> None:
    desk.polls()
    desk.fetcher.will_fail(STORY)
    desk.reads()
    assert desk.app.due_articles() == ()
    assert desk.reads().outcome is Outcome.NOT_DUE
    desk.clock.moves(timedelta(minutes=10))
    assert len(desk.app.due_articles()) == 1


def test_a_page_that_ends_the_process_is_not_tried_for_ever(desk: Desk) -> None:
    number = desk.polls().item.id
    for _ in range(3):  # begun, and never heard of again
        assert desk.store.articles.begin(number, desk.clock.now(), desk.clock.now())
    assert desk.reads() == PageReport(
        item_id=number, outcome=Outcome.NEVER, reason="every attempt ended with the process"
    )


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"%PDF-1.7", "application/pdf", "no page: application/pdf"),
        (b"<html><body><img src=a.jpg></body></html>", HTML, "no story on the page"),
        (b"{}", HTML, "no page: text without a tag"),
    ],
)
def test_what_holds_no_story_is_given_up_and_the_item_stays(
    desk: Desk, body: bytes, content_type: str, reason: str
) -> None:
    before = desk.polls()
    desk.fetcher.will_return(STORY, body, content_type=content_type)
    assert desk.reads() == PageReport(item_id=before.item.id, outcome=Outcome.NEVER, reason=reason)
    assert desk.item() == before


def test_a_description_serves_where_there_was_only_a_headline(desk: Desk) -> None:
    desk.polls()
    head = '<meta property="og:description" content="Foto antrean bansos di Demak.">'
    body = f"<html><head>{head}</head><body></body></html>"
    desk.fetcher.will_return(STORY, body, content_type=HTML)
    assert desk.reads().outcome is Outcome.READ
    assert desk.item().item.excerpt == "Foto antrean bansos di Demak."


def test_a_source_s_hour_has_so_many_pages(now: datetime) -> None:
    desk = Desk(now)
    desk.shows(*(f"Bansos tahap {number} dibagikan" for number in range(MAX_PER_HOUR + 5)))
    desk.app.pipeline.poll(desk.source)
    read = 0
    while desk.app.due_articles():
        for task in desk.app.due_articles():
            desk.app.read_article(task.args["source"], int(task.args["item"]))
            read += 1
    assert read == MAX_PER_HOUR
    desk.clock.moves(timedelta(hours=1, seconds=1))
    assert desk.app.due_articles()


def test_after_a_day_nobody_reads_it_any_more(desk: Desk) -> None:
    desk.polls()
    desk.clock.moves(timedelta(days=1, seconds=1))
    assert desk.app.due_articles() == ()


def test_pages_of_one_host_are_read_one_at_a_time(desk: Desk) -> None:
    desk.shows(*(f"Bansos tahap {number} dibagikan" for number in range(5)))
    desk.app.pipeline.poll(desk.source)
    assert len(desk.app.due_articles()) == 1


def test_a_source_that_no_longer_wants_articles_is_left(desk: Desk) -> None:
    number = desk.polls().item.id
    settings = Settings(
        path=Path("x.yaml"), database=Path("x.db"), sources=(Source(id="Kabar", kind="feed", url=FEED),)
    )
    other = App(settings, store=desk.store, clock=desk.clock)
    assert other.due_articles() == ()
    assert other.read_article("Kabar", number) is None
