"""Pages behind headlines, from a real server: politely, after everything else, and holding nobody up."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fakes import rss
from loopback import Answer, LoopbackServer, Request

from collector.app import App
from collector.cli import siaga
from collector.config.secret import Secret
from collector.config.settings import Network, Receiver, Settings, Webhook
from collector.config.topics import shipped_topics
from collector.daemon import Daemon, TickTimes
from collector.model.bucket import Measure
from collector.model.rule import Rule
from collector.model.source import Role, Source
from collector.sources.article import is_complete
from collector.store.articles import ArticleState
from collector.store.base import JudgedItem, MentionFilter

HEADLINE = "Penyaluran Bansos Tahap Ketiga Dimulai Pekan Depan"
PAGE = (Path(__file__).parent.parent / "golden" / "articles" / "portal.html").read_bytes()
RUMOUR = (
    "VIRALKAN SEBELUM DIHAPUS!! Bansos resmi DIHAPUS mulai besok dan uangnya dibawa kabur ke luar negeri, SEBARKAN ke "
    "semua grup WhatsApp sekarang juga sebelum tautan ini ditutup pemerintah!! Media mainstream BUNGKAM!! "
)
LONG = timedelta(hours=1)
BY = "trafilatura" if is_complete() else "paragraphs"
SOON = 10.0


@pytest.fixture
def web() -> Iterator[LoopbackServer]:
    with LoopbackServer() as server:
        yield server


@pytest.fixture
def other_host() -> Iterator[LoopbackServer]:
    with LoopbackServer("127.0.0.2") as server:
        yield server


def source(web: LoopbackServer, name: str = "kabar", *, article: bool = True, role: Role = Role.NEWS) -> Source:
    return Source(
        id=name,
        kind="feed",
        url=web.url(f"/{name}"),
        role=role,
        article=article,
        every=timedelta(seconds=0.2),
        timeout=timedelta(seconds=20),
    )


def settings(folder: Path, *sources: Source, hook: str | None = None) -> Settings:
    """No pause between requests; with ``hook`` one suspicious bansos item is an alert."""
    hosts = {source.url.split("/")[2] for source in sources}
    receivers = (Receiver(name="sistem", channel=Webhook(url=Secret(hook))),) if hook else ()
    rule = Rule(
        name="lonjakan",
        topics=("bansos",),
        receivers=("sistem",),
        measure=Measure.SUSPICIOUS,
        method="threshold",  # one item is an alert without weeks of history
        window=timedelta(hours=6),
        at_least=1,
        min_sources=1,
    )
    return Settings(
        path=folder / "sources.yaml",
        database=folder / "siaga.db",
        network=Network(host_gap=timedelta(0), allow_private=tuple(hosts)),
        sources=sources,
        topics=tuple(shipped_topics().values()),
        rules=(rule,) if hook else (),
        receivers=receivers,
    )


def feed(web: LoopbackServer, *titles: str, name: str = "kabar") -> None:
    """Headlines whose pages are /cerita/0, /cerita/1, ..."""
    items = [(title, web.url(f"/cerita/{place}"), datetime.now(UTC)) for place, title in enumerate(titles)]
    web.answer(f"/{name}", headers={"Content-Type": "application/rss+xml"}, body=rss(*items))


def html(web: LoopbackServer, place: int, body: bytes) -> None:
    web.answer(f"/cerita/{place}", headers={"Content-Type": "text/html; charset=utf-8"}, body=body)


def story(words: str) -> bytes:
    return f"<html><body><article><p>{words}</p></article></body></html>".encode()


@pytest.fixture
def app_of(tmp_path: Path) -> Iterator[Callable[..., App]]:
    made: list[App] = []

    def build(*sources: Source, hook: str | None = None) -> App:
        made.append(App.build(settings(tmp_path, *sources, hook=hook)))
        return made[-1]

    yield build
    for app in made:
        app.close()
        app.store.close()


def stored(app: App) -> list[JudgedItem]:
    return sorted(app.store.items.list(MentionFilter(on_topic_only=False)), key=lambda found: found.item.id)


def state(app: App, item_id: int = 1) -> tuple[ArticleState, str | None]:
    wish = app.store.articles.of(item_id)
    assert wish is not None
    return wish.state, wish.error


def paths(web: LoopbackServer) -> list[str]:
    return [request.path for request in web.requests]


# ---------------------------------------------------------------- one round


def test_a_round_reads_the_pages_of_headlines_on_a_topic(web: LoopbackServer, app_of: Callable[..., App]) -> None:
    feed(web, HEADLINE, "Resep rendang padang")
    html(web, 0, PAGE)
    html(web, 1, PAGE)
    app = app_of(source(web))
    report = app.once()
    assert (report.items_new, report.articles_read) == (2, 1)
    assert paths(web) == ["/kabar", "/robots.txt", "/cerita/0"]
    assert web.requests[-1].headers["user-agent"].startswith("siaga/")
    assert stored(app)[0].item.excerpt.startswith("Jakarta - Kementerian Sosial memastikan")
    assert stored(app)[1].item.excerpt == ""


def test_a_second_round_asks_for_nothing_again(web: LoopbackServer, app_of: Callable[..., App]) -> None:
    feed(web, HEADLINE)
    html(web, 0, PAGE)
    app = app_of(source(web))
    app.once()
    assert app.once().articles_read is None
    assert len(web.asked("/cerita/0")) == 1


def test_a_round_may_leave_pages_for_later(web: LoopbackServer, app_of: Callable[..., App]) -> None:
    feed(web, HEADLINE)
    html(web, 0, PAGE)
    app = app_of(source(web))
    assert app.once(articles=False).articles_read is None
    assert not web.asked("/cerita/0")
    assert app.once().articles_read == 1


def test_a_source_without_the_switch_has_no_page_asked_for(web: LoopbackServer, app_of: Callable[..., App]) -> None:
    feed(web, HEADLINE)
    html(web, 0, PAGE)
    app = app_of(source(web, article=False))
    assert app.once().articles_read is None
    assert paths(web) == ["/kabar"]


def test_what_robots_txt_forbids_is_never_asked_for(web: LoopbackServer, app_of: Callable[..., App]) -> None:
    feed(web, HEADLINE)
    html(web, 0, PAGE)
    web.answer("/robots.txt", body="User-agent: *\nDisallow: /cerita/\n")
    app = app_of(source(web))
    assert app.once().articles_read == 0
    assert not web.asked("/cerita/0")
    assert state(app) == (ArticleState.FAILED, "robots.txt forbids")
    assert stored(app)[0].mentions


def test_a_page_that_is_gone_is_given_up_at_once(web: LoopbackServer, app_of: Callable[..., App]) -> None:
    feed(web, HEADLINE)
    app = app_of(source(web))
    report = app.once()
    assert (report.articles_read, report.failed, report.exit_code) == (0, 0, 0)
    assert state(app) == (ArticleState.FAILED, "HTTP 404 (not found)")


def test_an_overloaded_server_is_asked_again_later(web: LoopbackServer, app_of: Callable[..., App]) -> None:
    feed(web, HEADLINE)
    web.answer("/cerita/0", status=503, headers={"Retry-After": "7200"})
    app = app_of(source(web))
    app.once()
    wish = app.store.articles.of(1)
    assert wish is not None
    assert (wish.state, wish.attempts) == (ArticleState.WANTED, 1)
    assert wish.tried_at is not None
    assert wish.next_at - wish.tried_at >= timedelta(seconds=7199)


def test_an_address_that_leads_to_the_front_page_tells_no_story(
    web: LoopbackServer, app_of: Callable[..., App]
) -> None:
    feed(web, HEADLINE)
    web.answer("/cerita/0", status=301, headers={"Location": "/"})
    web.answer("/", headers={"Content-Type": "text/html"}, body=PAGE)
    app = app_of(source(web))
    app.once()
    assert state(app) == (ArticleState.FAILED, "the address leads to the site's front page now")


def test_an_alert_that_needs_no_page_is_sent_before_any_is_asked_for(
    web: LoopbackServer, app_of: Callable[..., App]
) -> None:
    feed(web, "VIRALKAN!! BANSOS RESMI DIHAPUS MULAI BESOK, SEBARKAN SEBELUM DIHAPUS!!")
    html(web, 0, PAGE)
    web.answer("/hook", status=204)
    report = app_of(source(web, role=Role.SOCIAL), hook=web.url("/hook")).once()
    assert (report.alerts_opened, report.articles_read) == (1, 1)
    assert paths(web).index("/hook") < paths(web).index("/robots.txt")


def test_a_story_that_is_suspicious_where_its_headline_was_not_alerts_in_the_same_round(
    web: LoopbackServer, app_of: Callable[..., App]
) -> None:
    feed(web, "Kabar bansos hari ini")
    html(web, 0, story(RUMOUR * 3))
    web.answer("/hook", status=204)
    app = app_of(source(web, role=Role.SOCIAL), hook=web.url("/hook"))
    report = app.once()
    assert (report.suspicious_new, report.alerts_opened, report.deliveries_sent) == (0, 1, 1)
    assert len(web.asked("/hook")) == 1


# ---------------------------------------------------------------- the daemon


class Gate:
    """A page that answers when it is told to."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.opened = threading.Event()

    def __call__(self, request: Request) -> Answer:
        self.asked.set()
        assert self.opened.wait(SOON * 2)
        return Answer(headers={"Content-Type": "text/html"}, body=PAGE)


def eventually(true: Callable[[], bool], within: float = SOON) -> None:
    """Real threads are at work, so this really waits; never longer than ``within`` seconds."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < within, f"not within {within} s"
        time.sleep(0.02)


@pytest.fixture
def daemon_of(tmp_path: Path) -> Iterator[Callable[..., Daemon]]:
    made: list[Daemon] = []

    def start(*sources: Source, threads: int) -> Daemon:
        chosen = settings(tmp_path, *sources)
        ticks = TickTimes(poll=timedelta(seconds=0.05), watch=LONG, deliver=LONG, prune=LONG, digest=LONG)
        made.append(Daemon(chosen, load=lambda: chosen, ticks=ticks, threads=threads))
        made[-1].start()
        return made[-1]

    yield start
    for daemon in made:
        daemon.stop(timedelta(seconds=SOON))


def test_pages_that_do_not_answer_hold_up_no_poll_of_another_host(
    web: LoopbackServer, other_host: LoopbackServer, daemon_of: Callable[..., Daemon]
) -> None:
    gate = Gate()
    feed(web, *(f"Bansos tahap {number} dibagikan" for number in range(6)))
    for place in range(6):
        web.answer(f"/cerita/{place}", gate)
    feed(other_host, "Cuaca cerah", name="cuaca")
    daemon = daemon_of(source(web), source(other_host, "cuaca", article=False), threads=2)
    try:
        assert gate.asked.wait(SOON)
        polled = len(other_host.asked("/cuaca"))
        eventually(lambda: len(other_host.asked("/cuaca")) >= polled + 3, within=5.0)
        assert len([path for path in paths(web) if path.startswith("/cerita/")]) == 1  # one at a time and host
    finally:
        gate.opened.set()
    eventually(lambda: daemon.app.store.articles.counts()[ArticleState.READ] == 6, within=20.0)


@pytest.mark.slow
def test_a_page_that_does_not_answer_lets_the_polls_of_its_own_host_pass(
    web: LoopbackServer, daemon_of: Callable[..., Daemon]
) -> None:
    gate = Gate()
    feed(web, HEADLINE)
    web.answer("/cerita/0", gate)
    daemon_of(source(web), threads=2)
    try:
        assert gate.asked.wait(SOON)
        polled = len(web.asked("/kabar"))
        eventually(lambda: len(web.asked("/kabar")) > polled, within=8.0)  # a host's patience is 5 s
    finally:
        gate.opened.set()


# ---------------------------------------------------------------- as it is typed


@pytest.fixture
def typed(web: LoopbackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """A folder with a sources.yaml that names the server."""
    monkeypatch.chdir(tmp_path)
    for name in ("SIAGA_CONFIG", "SIAGA_DB"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "sources.yaml").write_text(
        f'network: {{host_gap: 0s, allow_private: ["{web.host_port}"]}}\n'
        f'sources:\n  - {{name: Kabar, url: "{web.url("/kabar")}", article: true}}\n'
        "topics: [bansos, pemilu_umum]\n"
    )
    return lambda *words: CliRunner().invoke(siaga, words)


def test_a_round_on_the_command_line_leaves_pages_where_it_is_told_to(
    web: LoopbackServer, typed: Callable[..., Result]
) -> None:
    feed(web, HEADLINE)
    html(web, 0, PAGE)
    assert "articles_read" not in json.loads(typed("once", "--json", "--no-articles").stdout)
    assert not web.asked("/cerita/0")
    assert json.loads(typed("once", "--json").stdout)["articles_read"] == 1


def test_trying_a_source_shows_what_stands_behind_its_headlines(
    web: LoopbackServer, typed: Callable[..., Result], tmp_path: Path
) -> None:
    feed(web, "Resep rendang padang", HEADLINE, "Bansos beras dibagikan")
    html(web, 1, PAGE)
    told = typed("test-source", "Kabar", "--article").output
    assert f"page: 625 characters by {BY}" in told
    assert "Jakarta - Kementerian Sosial memastikan" in told
    assert "JSON-LD: WebSite, BreadcrumbList, NewsArticle" in told
    assert told.count("page: HTTP 404 (not found)") == 2
    assert not (tmp_path / "siaga.db").exists()


def test_trying_a_source_asks_for_no_page_unless_it_is_told_to(
    web: LoopbackServer, typed: Callable[..., Result]
) -> None:
    feed(web, HEADLINE)
    html(web, 0, PAGE)
    (plain,) = json.loads(typed("test-source", "Kabar", "--json").stdout)["items"]
    assert "page" not in plain
    assert paths(web) == ["/kabar"]
    (read,) = json.loads(typed("test-source", "Kabar", "--json", "--article").stdout)["items"]
    assert (read["page"]["error"], read["page"]["found_by"]) == (None, BY)
    assert read["page"]["published_at"] == "2026-11-24T09:05:00Z"
