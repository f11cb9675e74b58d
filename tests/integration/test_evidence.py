"""Copies of pages: fetched politely after the fact, kept with hash and time, cut, tried again, and never on request."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from fakes import FakeClock, FakeFetcher
from loopback import LoopbackServer
from records import NOW, draft, record, source

from collector.app import App
from collector.claims.grouper import text_of
from collector.config.load import load
from collector.ledger.evidence import ATTEMPTS, Archivist
from collector.ledger.tip import Tip, TipUnreadable
from collector.model.ledger import CopyState
from collector.sources.fetch import HttpFetcher
from collector.store.memory import MemoryStore

URL = "https://tempo.example/a"
PAGE = "<html><title>Bansos dihapus</title><p>Bansos dihapus, sebarkan sebelum dihapus!</p></html>"
HTML = {"content-type": "text/html; charset=utf-8"}
ROBOTS = "User-agent: *\nDisallow: /tertutup/\n"


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore()
    made.sources.register([source()], NOW)
    made.items.record_poll(record(draft("a")))
    return made


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def fetcher(clock: FakeClock) -> FakeFetcher:
    return FakeFetcher(clock)


def archivist(store: MemoryStore, fetcher: FakeFetcher | HttpFetcher, clock: FakeClock, size: int = 1000) -> Archivist:
    return Archivist(store=store, fetcher=fetcher, clock=clock, max_bytes=size)


def test_a_page_is_kept_as_it_was_sent(store: MemoryStore, fetcher: FakeFetcher, clock: FakeClock) -> None:
    fetcher.will_return(URL, PAGE, content_type="text/html; charset=utf-8")
    keeper = archivist(store, fetcher, clock)
    (wish,) = keeper.due(5)
    kept = keeper.keep(wish)
    assert kept is not None
    assert (kept.state, kept.media_type, kept.fetched_at) == (CopyState.KEPT, "text/html", NOW)
    assert kept.sha256 == sha256(PAGE.encode()).hexdigest()
    assert gzip.decompress(store.copies.body(1) or b"") == PAGE.encode()
    assert keeper.due(5) == ()


def test_a_long_page_is_cut_and_hashed_whole(store: MemoryStore, fetcher: FakeFetcher, clock: FakeClock) -> None:
    long = PAGE * 100
    fetcher.will_return(URL, long, content_type="text/html")
    keeper = archivist(store, fetcher, clock, size=50)
    kept = keeper.keep(keeper.due(1)[0])
    assert kept is not None
    assert (kept.whole, kept.page_bytes, kept.sha256) == (False, len(long), sha256(long.encode()).hexdigest())
    assert gzip.decompress(store.copies.body(1) or b"") == long.encode()[:50]


def test_a_page_that_does_not_answer_is_tried_again_and_then_left(
    store: MemoryStore, fetcher: FakeFetcher, clock: FakeClock
) -> None:
    keeper = archivist(store, fetcher, clock)
    for _ in range(ATTEMPTS):
        fetcher.will_fail(URL, "timed out")
        (wish,) = keeper.due(1)
        keeper.keep(wish)
        assert keeper.due(1) == ()
        clock.moves(timedelta(hours=13))
    assert len(fetcher.asked) == ATTEMPTS
    found = store.copies.of(1)
    assert found is not None
    assert (found.state, found.error) == (CopyState.FAILED, "timed out")


def test_a_page_forgotten_while_it_was_fetched_is_not_kept(
    store: MemoryStore, fetcher: FakeFetcher, clock: FakeClock
) -> None:
    fetcher.will_return(URL, PAGE)
    keeper = archivist(store, fetcher, clock)
    (wish,) = keeper.due(1)
    store.ledger.forget(URL, at=NOW, actor="ani", why="permintaan")
    assert keeper.keep(wish) is None
    assert store.copies.body(1) is None


# ---------------------------------------------------------------- over a real connection


@pytest.fixture
def site() -> Iterator[LoopbackServer]:
    with LoopbackServer() as server:
        server.answer("/robots.txt", body=ROBOTS, headers={"content-type": "text/plain"})
        server.answer("/terbuka", body=PAGE, headers=HTML)
        server.answer("/tertutup/1", body=PAGE, headers=HTML)
        yield server


@pytest.fixture
def app(tmp_path: Path, site: LoopbackServer, now: datetime) -> Iterator[App]:
    (tmp_path / "sources.yaml").write_text(
        "version: 1\ntopics: [bansos]\nledger: {copy_kb: 10}\n"
        f'network: {{host_gap: 0s, allow_private: ["{site.host_port}"]}}\n',
        encoding="utf-8",
    )
    made = App.build(load(tmp_path / "sources.yaml"), clock=FakeClock(now), store=MemoryStore())
    made.store.sources.register([source()], now)
    yield made
    made.close()


def seen(app: App, url: str, now: datetime) -> None:
    from dataclasses import replace

    post = replace(draft("x", seen_at=now), url=url, identity=url)
    app.store.items.record_poll(record(post, at=now))


def test_the_daemons_task_keeps_a_page_that_robots_allow_and_leaves_one_they_forbid(
    app: App, site: LoopbackServer, now: datetime
) -> None:
    seen(app, site.url("/terbuka"), now)
    seen(app, site.url("/tertutup/1"), now)
    assert {task.name for task in app.due_copies()} == {"copy"}
    for wish in app.archivist.due(5):
        app.keep_copy(wish)
    first, second = app.store.copies.of(1), app.store.copies.of(2)
    assert first is not None
    assert second is not None
    assert (first.state, first.whole) == (CopyState.KEPT, True)
    assert second.state is not CopyState.KEPT
    assert site.asked("/tertutup/1") == []


def test_pages_are_looked_for_seldom(app: App, site: LoopbackServer, now: datetime) -> None:
    seen(app, site.url("/terbuka"), now)
    assert len(app.due_copies()) == 1
    assert app.due_copies() == ()


def test_a_tip_that_is_a_link_is_read_judged_and_stored(app: App, site: LoopbackServer, now: datetime) -> None:
    answer = app.tips.take(Tip.of(site.url("/terbuka")), now)
    assert answer.item.item.url == site.url("/terbuka")
    assert "Bansos dihapus" in answer.item.item.title
    assert [mention.topic_id for mention in answer.item.mentions] == ["bansos"]
    assert app.tips.take(Tip.of(site.url("/terbuka")), now).known_before


def test_a_tip_whose_page_cannot_be_read_asks_for_its_text(app: App, site: LoopbackServer, now: datetime) -> None:
    with pytest.raises(TipUnreadable, match="give its text"):
        app.tips.take(Tip.of(site.url("/tertutup/1")), now)
    answer = app.tips.take(Tip.of("Bansos dihapus besok", link=site.url("/tertutup/1")), now)
    assert answer.item.item.url == site.url("/tertutup/1")


def test_a_message_without_line_breaks_has_no_endless_title(app: App, now: datetime) -> None:
    item = app.tips.take(Tip.of("Bansos dihapus. " * 900), now).item.item
    assert item.title == " ".join(["Bansos dihapus."] * 62 + ["Bansos"])
    assert item.excerpt.startswith("dihapus. Bansos dihapus.")


def test_a_tip_that_repeats_one_word_is_no_more_work_than_a_short_one() -> None:
    assert len(text_of("tolong " * 2_800, "")) <= 1_000
