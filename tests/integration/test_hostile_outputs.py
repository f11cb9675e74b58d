"""Every small trap all the way: feed -> pipeline -> SQLite -> message -> mail, webhook, console, verbs, exports, log.

The oracle (``traps.csv``) says how many items a correct reader stores and what must never come out raw.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import lxml.html
import pytest
import structlog
from click.testing import CliRunner
from fakes import FakeClock, FakeFetcher
from loopback import LoopbackServer
from notices import HEADERS
from traps import Trap, traps

from alerts.announcement import pending
from alerts.channels.base import Message
from alerts.channels.console import ConsoleChannel
from alerts.channels.email import compose
from alerts.channels.webhook import WebhookChannel, body_of
from alerts.deliver import Deliver
from alerts.dossier import exhibit_of
from alerts.layout import SHIPPED
from alerts.notice import from_json, to_json
from alerts.render import Renderer
from alerts.scribe import MAX_ISSUES
from collector.app.sources import kind_of
from collector.cli.alerts import alerts
from collector.cli.context import Context
from collector.cli.data import TABLES, export
from collector.cli.explain import explain
from collector.cli.log import configure_logging
from collector.cli.mentions import mentions
from collector.cli.sources import sources
from collector.cli.sources import test_source as try_out
from collector.cli.status import status
from collector.config.load import load
from collector.config.secret import Secret
from collector.config.settings import Email, Network, Settings, Webhook
from collector.config.topics import foreign_context, leet_keep
from collector.judge.lexicon import LexiconJudge
from collector.match.topics import TopicMatcher
from collector.model.alert import Alert, AlertEvent, AlertReason, AlertState, Notice, NoticeType
from collector.model.bucket import Measure, Subject
from collector.model.phrase import Phrase
from collector.pipeline import Pipeline
from collector.store.base import JudgedItem, Storage
from collector.store.sqlite.store import SqliteStore

pytestmark = pytest.mark.shared

NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
FEED = "http://127.0.0.1/feed"
DESK = Email(
    to=("Meja <meja@desa.example>",), sender="Siaga <siaga@desa.example>", smarthost="127.0.0.1:25", tls="none"
)
RENDERER = Renderer("id", ZoneInfo("Asia/Jakarta"))
FILE = f"""\
version: 1
sources: [{{name: Uji, url: "{FEED}", role: social}}]
topics:
  - {{id: uji, name: Uji, strong: [pemilu, bansos, slot, judi, hoaks, berita, uji, gacor]}}
rules: [{{name: uji, count: mentions, method: threshold, window: 1h, at_least: 1, min_sources: 1, receivers: [layar]}}]
receivers: [{{name: layar, console: {{}}}}]
"""
# What a terminal, a log or a mail program might act on. Line breaks are ours where lines are expected.
COMMANDS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
NO_PART_OF_OURS = (
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "base",
    "link",
    "img",
    "svg",
    "math",
    "video",
)


@dataclass(frozen=True)
class Story:
    """What became of one trap: its stored items, the message about them, and every text that left Siaga."""

    trap: Trap
    items: tuple[JudgedItem, ...]
    message: Message
    rest: tuple[Message, ...]  # of the items beyond those that a message shows
    mail: EmailMessage
    raw_mail: bytes
    exports: dict[str, str]
    verbs: dict[str, str]
    console: str

    @property
    def html(self) -> str:
        return str(self.mail.get_body(("html",)).get_content()).replace("\r\n", "\n")  # type: ignore[union-attr]

    @property
    def pages(self) -> list[str]:
        return [self.html, *(message.html for message in self.rest)]

    @property
    def text(self) -> str:
        return str(self.mail.get_body(("plain",)).get_content()).replace("\r\n", "\n")  # type: ignore[union-attr]

    @property
    def outputs(self) -> dict[str, str]:
        headers = "\n".join(f"{name}: {value}" for name, value in self.mail.items())
        return {
            "mail": self.raw_mail.decode("utf-8").replace("\r\n", "\n"),
            "headers": headers,
            "text": self.text,
            "html": self.html,
            "webhook": body_of(self.message).decode(),
            "console": self.console,
            "text, rest": "\n".join(message.text for message in self.rest),
            "html, rest": "\n".join(message.html for message in self.rest),
            "webhook, rest": "\n".join(body_of(message).decode() for message in self.rest),
            **self.exports,
            **self.verbs,
        }


@pytest.fixture(scope="module")
def stories(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Story]:
    folder = tmp_path_factory.mktemp("traps")
    return [told(trap, folder / str(number)) for number, trap in enumerate(traps(shared))]


def told(trap: Trap, folder: Path) -> Story:
    folder.mkdir()
    (folder / "sources.yaml").write_text(FILE, encoding="utf-8")
    with SqliteStore(folder / "siaga.db") as store:
        context = Opened(config=str(folder / "sources.yaml"), opened=store)
        poll(trap, store, context.settings)
        items = tuple(store.items.get(int(str(row["id"]))) for row in store.items.export("items"))
        notice = about(items)
        remember(store, notice)
        while store.items.index_pending(1000):
            pass
        message = RENDERER.render(from_json(to_json(notice)))
        raw_mail = compose(message, "kunci-1", DESK)
        return Story(
            trap=trap,
            items=items,
            message=message,
            rest=tuple(
                RENDERER.render(about(items[first : first + MAX_ISSUES]))
                for first in range(MAX_ISSUES, len(items), MAX_ISSUES)
            ),
            mail=parsed(raw_mail),
            raw_mail=raw_mail,
            exports=exports(context),
            verbs=verbs(context, items),
            console=printed(message),
        )


@dataclass
class Opened(Context):
    """The verbs of one trap share one open store: opening it 1,700 times would be most of the test."""

    opened: Storage | None = None

    @contextmanager
    def store(self) -> Iterator[Storage]:
        assert self.opened is not None
        yield self.opened


def poll(trap: Trap, store: SqliteStore, settings: Settings) -> None:
    clock = FakeClock(NOW)
    fetcher = FakeFetcher(clock)
    fetcher.will_return(FEED, trap.body, content_type=trap.content_type)
    store.sources.register(settings.sources, NOW)
    matcher = TopicMatcher(settings.topics, leet_keep=leet_keep(), foreign_context=foreign_context())
    pipeline = Pipeline(
        store=store,
        fetcher=fetcher,
        kind_of=kind_of,
        matcher=lambda: matcher,
        judge=judge,
        clock=clock,
        rng=Random(7),
    )
    pipeline.poll(settings.sources[0])


@cache
def judge() -> LexiconJudge:
    return LexiconJudge.shipped()


def about(items: tuple[JudgedItem, ...]) -> Notice:
    """A notice with every item as an exhibit, and their titles where Siaga's own words stand."""
    titles = " ".join(item.item.title for item in items) or "kosong"
    return Notice(
        type=NoticeType.FIRING,
        at=NOW,
        headline=Phrase(id=titles, en=titles),
        why=Phrase(id="\n".join(item.item.title for item in items), en=titles),
        alert_id=1,
        rule="uji",
        subject=Subject(kind="topic", id="uji"),
        topic_name=Phrase(id="Uji", en="Test"),
        measure=Measure.MENTIONS,
        method="threshold",
        method_version="1",
        reason=AlertReason.FIRST,
        count=len(items),
        opened_at=NOW,
        failing=tuple(item.item.publisher for item in items),
        sources_polled=1,
        sources_total=1,
        exhibits=tuple(exhibit_of(item) for item in items),
    )


def remember(store: SqliteStore, notice: Notice) -> None:
    """An alert about it, and a delivery that failed with words of the other side."""
    words = notice.headline.id
    alert = Alert(
        id=store.alerts.next_id(),
        key="uji/topic:uji",
        rule="uji",
        subject=Subject(kind="topic", id="uji"),
        measure=Measure.MENTIONS,
        state=AlertState.FIRING,
        opened_at=NOW,
        last_spike_at=NOW,
        updated_at=NOW,
        resolved_at=None,
        notified_at=NOW,
        notified_count=1,
        window=timedelta(hours=1),
        count=1,
        peak=1,
        expected=None,
        limit=1.0,
        publishers=1,
        detector="threshold",
        detector_version="1",
        title=words,
        summary=words,
    )
    event = AlertEvent(alert_id=alert.id, at=NOW, reason=AlertReason.FIRST, count=1, text=words)
    delivery = pending("layar", to_json(notice), reason="first", key="kunci-1", at=NOW, alert_id=alert.id)
    store.alerts.save(alert, (event,), (delivery,))
    (claimed,) = store.outbox.claim("uji", NOW, timedelta(minutes=1), 1)
    store.outbox.dead(claimed.id, "uji", words)


def parsed(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def printed(message: Message) -> str:
    stream = io.StringIO()
    ConsoleChannel(stream=stream).send(message, "kunci-1", now=NOW)
    return stream.getvalue()


def exports(context: Context) -> dict[str, str]:
    return {
        f"{table}.{form}": ran(export, [table, "--format", form], context)
        for table in TABLES
        for form in ("csv", "json", "ndjson")
    }


def verbs(context: Context, items: tuple[JudgedItem, ...]) -> dict[str, str]:
    told = {f"explain {item.item.id}": ran(explain, [str(item.item.id)], context) for item in items}
    return told | {
        "mentions": ran(mentions, ["--limit", "1000"], context),
        "mentions --json": ran(mentions, ["--limit", "1000", "--json"], context),
        "alerts": ran(alerts, [], context),
        "alerts --dead": ran(alerts, ["--dead"], context),
        "sources": ran(sources, [], context),
        "status": ran(status, [], context),
    }


def ran(verb: object, words: list[str], context: Context) -> str:
    result = CliRunner().invoke(verb, words, obj=context)  # type: ignore[arg-type]
    assert result.exception is None or isinstance(result.exception, SystemExit), (words, result.exc_info)
    return result.stdout_bytes.decode("utf-8")


# ---------------------------------------------------------------- items


def test_each_trap_leaves_as_many_items_as_a_correct_reader_stores(stories: list[Story]) -> None:
    assert len(stories) == 67
    for story in stories:
        assert story.trap.least <= len(story.items) <= story.trap.most, story.trap.name
        if story.trap.least:
            assert any(item.item.title.startswith("SENTINEL") for item in story.items), story.trap.name


def test_nothing_forbidden_comes_out_raw_anywhere(stories: list[Story]) -> None:
    leaks = [
        (story.trap.name, where, word)
        for story in stories
        for where, text in story.outputs.items()
        for word in story.trap.forbidden
        if word in text
    ]
    assert leaks == []


# ---------------------------------------------------------------- mail


def test_a_mail_has_exactly_our_headers_and_a_short_subject(stories: list[Story]) -> None:
    for story in stories:
        assert story.mail.keys() == HEADERS, story.trap.name
        assert not story.mail.defects, story.trap.name
        assert story.mail["To"] == "Meja <meja@desa.example>"
        subject = story.mail["Subject"]
        assert subject.startswith("[Siaga]"), story.trap.name
        assert len(subject) <= 180, story.trap.name
        assert COMMANDS.search(subject) is None, story.trap.name


def test_a_mail_is_plain_ascii_in_short_lines(stories: list[Story]) -> None:
    for story in stories:
        assert story.raw_mail.isascii(), story.trap.name
        assert b"\r" not in story.raw_mail.replace(b"\r\n", b""), story.trap.name
        assert b"\n" not in story.raw_mail.replace(b"\r\n", b""), story.trap.name
        assert max(map(len, story.raw_mail.split(b"\r\n"))) <= 998, story.trap.name


def test_the_page_of_a_mail_runs_nothing_and_loads_nothing(stories: list[Story]) -> None:
    own_style = lxml.html.fromstring((SHIPPED / "page.html").read_text(encoding="utf-8")).findtext(".//style")
    for story, html in [(one, html) for one in stories for html in one.pages]:
        page = lxml.html.document_fromstring(html)
        elements = [element for element in page.iter() if isinstance(element.tag, str)]
        assert not [e.tag for e in elements if e.tag in NO_PART_OF_OURS], story.trap.name
        assert [e.text for e in elements if e.tag == "style"] == [own_style], story.trap.name
        for element in elements:
            assert not [name for name in element.attrib if name.startswith("on") or name in ("srcset", "action")]
            assert element.get("src", "cid:").startswith("cid:"), story.trap.name
            assert "url(" not in element.get("style", ""), story.trap.name
            if element.tag == "meta":
                assert "http-equiv" not in element.attrib, story.trap.name
            if "href" in element.attrib:
                assert element.tag == "a", story.trap.name
                assert element.get("href", "").startswith(("http://", "https://")), story.trap.name


def test_all_items_are_in_both_halves_of_the_mail(stories: list[Story]) -> None:
    for story in stories:
        shown = min(MAX_ISSUES, len(story.items))
        assert "".join(story.pages).count('class="card"') == len(story.items), story.trap.name
        assert len(story.message.data["issues"]) == shown  # type: ignore[arg-type]
        assert story.html.count('class="card"') == shown, story.trap.name
        if story.trap.least:
            assert "SENTINEL" in story.text, story.trap.name
            assert "SENTINEL" in story.html, story.trap.name


# ---------------------------------------------------------------- webhook, exports


def test_webhook_bodies_and_exports_are_sound_json(stories: list[Story]) -> None:
    for story in stories:
        assert json.loads(body_of(story.message))["data"]["issues"] == story.message.data["issues"], story.trap.name
        assert len(json.loads(story.exports["items.json"])) == len(story.items), story.trap.name
        assert len([json.loads(row) for row in story.exports["items.ndjson"].splitlines()]) == len(story.items)
        json.loads(story.verbs["mentions --json"])


def test_no_cell_of_a_csv_export_is_a_formula(stories: list[Story]) -> None:
    for story in stories:
        for table in TABLES:
            rows = list(csv.reader(io.StringIO(story.exports[f"{table}.csv"], newline="")))
            assert len({len(row) for row in rows}) <= 1, (story.trap.name, table)
            cells = [cell for row in rows[1:] for cell in row if not re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)]
            assert not [cell for cell in cells if cell.strip().startswith(("=", "+", "-", "@", "＝"))], story.trap.name


def test_a_webhook_names_no_address_but_web_addresses(stories: list[Story]) -> None:
    for story in stories:
        for item in (item for message in (story.message, *story.rest) for item in message.data["issues"]):  # type: ignore[attr-defined]
            assert item["url"] is None or re.match(r"https?://[^\s@/]+(/|\?|$)", item["url"]), story.trap.name


# ---------------------------------------------------------------- terminal and log


def test_nothing_that_is_shown_on_a_terminal_commands_it(stories: list[Story]) -> None:
    shown = ("explain", "mentions", "alerts", "sources", "status", "text", "console", "headers")
    found = [
        (story.trap.name, where, hex(ord(command.group())))
        for story in stories
        for where, text in story.outputs.items()
        if where.startswith(shown) and not where.endswith(("csv", "json")) and (command := COMMANDS.search(text))
    ]
    assert found == []


def test_titles_do_not_forge_lines_of_a_list(stories: list[Story]) -> None:
    for story in stories:
        for line in story.verbs["mentions"].splitlines():
            assert len(line) < 600, story.trap.name
            assert not line or line.startswith("    ") or re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d  \d\.\d\d ", line), line


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the program would write to standard error, in the format for people."""
    stream = io.StringIO()
    before = logging.getLogger().handlers[:]
    configure_logging("info", "text", stream)
    yield stream
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = before


def test_what_a_receiver_answers_is_one_clean_line_of_the_log(
    stories: list[Story], log: io.StringIO, tmp_path: Path
) -> None:
    with LoopbackServer() as web:
        channel = WebhookChannel(Webhook(url=Secret(web.url("/hook"))), network=Network(allow_private=(web.host_port,)))
        for story in stories:
            title = next((item.item.title for item in story.items if item.item.title), "x")
            web.answer("/hook", status=503, body=story.trap.body[:2000] + title.encode("utf-8", "replace"))
        store = SqliteStore(tmp_path / "log.db")
        receivers = [f"sistem {number}" for number in range(len(stories))]  # one that fails has no second turn
        store.outbox.add([pending(name, to_json(about(())), reason="first", key=name, at=NOW) for name in receivers])
        Deliver(store, dict.fromkeys(receivers, channel), RENDERER, "uji").tick(NOW)
        store.close()
    lines = log.getvalue().splitlines()
    assert len(lines) == len(stories)
    assert all("not_delivered" in line and len(line) < 600 for line in lines)
    assert [line for line in lines if COMMANDS.search(line)] == []
    assert not any(unicodedata.category(character) == "Cc" for line in lines for character in line)


def test_trying_a_trap_out_shows_nothing_that_commands_a_terminal(shared: Path, tmp_path: Path) -> None:
    """``siaga test-source`` shows what a stranger's server sends before anything was stored."""
    with LoopbackServer() as web:
        config = tmp_path / "sources.yaml"
        network = f'network: {{host_gap: 0s, allow_private: ["{web.host_port}"]}}\n'
        config.write_text(FILE.replace("sources:", network + "sources:", 1), encoding="utf-8")
        context = Context(config=str(config))
        assert load(config)
        for number, trap in enumerate(traps(shared)):
            web.answer(f"/{number}", body=trap.body, headers={"Content-Type": trap.content_type})
            shown = ran(try_out, [web.url(f"/{number}"), "--all"], context)
            assert COMMANDS.search(shown) is None, (trap.name, COMMANDS.search(shown))
            assert not [word for word in trap.forbidden if word in shown], trap.name
