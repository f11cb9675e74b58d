"""Hostile words in every place of a notice, and every title of the trap feeds: the mail holds exactly our headers and
recipients, its page nothing that acts or comes from elsewhere, and no alert is lost."""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import getaddresses
from html import unescape
from itertools import cycle
from pathlib import Path
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

import html5lib
import pytest
from hostile import SUBJECTS, URLS
from mailserver import MailServer
from notices import AT, DEBUNK, RUMOUR, notice, operator_notice
from traps import traps

from alerts.announcement import pending
from alerts.channels.email import EmailChannel, compose
from alerts.deliver import Deliver
from alerts.notice import from_json, to_json
from alerts.render import Renderer
from collector.app.sources import kind_of
from collector.config.settings import Email
from collector.model.alert import CheckedBefore, DeliveryState, LeadingIssue, Notice, SinceLast
from collector.model.errors import ParseError
from collector.model.judgement import Verdict
from collector.model.phrase import Phrase
from collector.model.source import Fetched, Source
from collector.store.sqlite.store import SqliteStore

RENDERERS = {language: Renderer(language, ZoneInfo("Asia/Jakarta")) for language in ("id", "en")}  # type: ignore[arg-type]
DESK = Email(
    to=("Meja <meja@desa.example>", "arsip@desa.example"),
    sender="Siaga <siaga@desa.example>",
    smarthost="127.0.0.1:25",
    tls="none",
)
PLACES = 8  # different words shown by one notice at least
ONCE = {"Content-Type", "MIME-Version", "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Id"}
AT_MOST_ONCE = {"References", "In-Reply-To", "List-Unsubscribe", "Content-Transfer-Encoding"}
FORBIDDEN = {"script", "iframe", "object", "embed", "form", "input", "base", "link", "svg", "math", "video", "audio"}
ADDRESSES = {"href", "src", "action", "formaction", "background", "poster", "data", "srcset", "ping", "cite"}
FROM_ELSEWHERE = re.compile(r"url\s*\(|@import|expression\s*\(|behavior\s*:", re.IGNORECASE)


def about(*said: str, url: str | None = RUMOUR.url) -> Notice:
    """The words of strangers, one after the other, in every place that may hold them and in some that should not."""
    words = cycle(said)

    def both() -> Phrase:
        one = next(words)
        return Phrase(id=one, en=one)

    checked = CheckedBefore(claim=next(words), verdict=Verdict.FALSE, publisher=next(words), url=url)
    rumour = replace(
        RUMOUR, title=next(words), publisher=next(words), url=url, reasons=(both(), both()), checked=checked
    )
    issue = LeadingIssue(
        issue_id=1, text=next(words), first_seen_at=AT, items=3, publishers=2, lead=rumour, checked=checked, new=True
    )
    return notice(
        headline=both(),
        why=both(),
        topic_name=both(),
        failing=(next(words), next(words)),
        exhibits=(rumour, replace(DEBUNK, title=next(words), publisher=next(words), url=url)),
        issues=(issue,),
        since=SinceLast(at=AT - timedelta(hours=3), count=9, items=5, issues=1, publishers=(next(words),)),
    )


def mail_of(told: Notice, language: str) -> tuple[EmailMessage, bytes]:
    message = RENDERERS[language].render(from_json(to_json(told)))
    content = compose(message, "kunci-1", DESK)
    parsed = message_from_bytes(content, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed, content


def assert_headers_are_ours(mail: EmailMessage, content: bytes) -> None:
    names = [name.title().replace("Mime", "MIME").replace("-Id", "-ID") for name in mail]
    wanted = {name.title().replace("Mime", "MIME").replace("-Id", "-ID") for name in ONCE}
    assert len(names) == len(set(names))
    assert wanted <= set(names) <= wanted | {name.title() for name in AT_MOST_ONCE}
    assert getaddresses([str(mail["To"])]) == [("Meja", "meja@desa.example"), ("", "arsip@desa.example")]
    assert getaddresses([str(mail["From"])]) == [("Siaga", "siaga@desa.example")]
    assert re.sub("[\u200c\u200d]", "", str(mail["Subject"])).isprintable()  # joiners, as in emoji
    assert not mail.defects
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    for part in mail.walk():
        assert part.get_content_type() in {
            "multipart/alternative", "multipart/related", "multipart/mixed", "text/plain", "text/html", "image/png",
        }  # fmt: skip
        assert not part.defects


def assert_page_is_harmless(mail: EmailMessage) -> None:
    page = mail.get_body(("html",))
    assert page is not None
    inside = {f"cid:{str(part['Content-ID']).strip('<>')}" for part in mail.walk() if part["Content-ID"]}
    elements: list[Element] = list(html5lib.parse(page.get_content(), namespaceHTMLElements=False).iter())
    for element in elements:
        if not isinstance(element.tag, str):
            continue  # a comment
        assert element.tag.rpartition("}")[2].lower() not in FORBIDDEN
        if element.tag == "meta":
            assert element.get("http-equiv", "").lower() != "refresh"
        if element.tag == "style":
            assert not FROM_ELSEWHERE.search(element.text or "")
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on"), f"{element.tag} {name}"
            assert name != "style" or not FROM_ELSEWHERE.search(unescape(value))
            if name.lower() in ADDRESSES:
                assert harmless_address(element.tag, name.lower(), value, inside), f"{element.tag} {name}={value}"


def harmless_address(tag: str, name: str, value: str, inside: set[str]) -> bool:
    if tag == "a" and name == "href":
        return value.startswith(("https://", "http://", "mailto:", "#")) and value.isprintable()
    return tag == "img" and name == "src" and value in inside


@pytest.mark.parametrize("words", SUBJECTS, ids=range(len(SUBJECTS)))
def test_hostile_words_in_every_place(words: str) -> None:
    mail, content = mail_of(about(words), "en" if SUBJECTS.index(words) % 2 else "id")
    assert_headers_are_ours(mail, content)
    assert_page_is_harmless(mail)


@pytest.mark.parametrize("url", URLS, ids=range(len(URLS)))
def test_hostile_addresses_in_every_place(url: str) -> None:
    mail, content = mail_of(about("Kabar biasa", url=url), "id")
    assert_headers_are_ours(mail, content)
    assert_page_is_harmless(mail)
    page = mail.get_body(("html",))
    assert page is not None
    links = [a.get("href", "") for a in html5lib.parse(page.get_content(), namespaceHTMLElements=False).iter("a")]
    assert not any("user:pass" in link or "Set-Cookie" in link for link in links)


@pytest.mark.parametrize("words", SUBJECTS, ids=range(len(SUBJECTS)))
def test_hostile_words_to_the_operator(words: str) -> None:
    mail, content = mail_of(operator_notice(words, f"{words}\n{words}"), "id")
    assert_headers_are_ours(mail, content)
    assert_page_is_harmless(mail)


def test_there_are_more_than_25_of_our_own_making() -> None:
    assert len(set(SUBJECTS)) >= 40


# ---------------------------------------------------------------- the trap feeds


def titles_of(shared: Path) -> Iterator[str]:
    """What our readers take for titles, and what stands between title tags, however it is encoded."""
    for trap in traps(shared):
        url = "https://x.example/feed"
        answer = Fetched(
            url=url,
            final_url=url,
            status=200,
            body=trap.body,
            headers={"content-type": trap.content_type},
            fetched_at=AT,
            duration=timedelta(0),
        )
        source = Source(id="x", kind="feed", url=url)
        with suppress(ParseError):
            yield from (entry.title for entry in kind_of("feed").parse(source, answer).entries)
        for raw in re.findall(rb"<title[^>]*>(.*?)</title>", trap.body, re.DOTALL | re.IGNORECASE):
            yield raw.decode("utf-8", "surrogateescape")
            yield unescape(raw.decode("latin-1"))


@pytest.mark.shared
def test_every_title_of_the_trap_feeds(shared: Path) -> None:
    titles = sorted(set(titles_of(shared)))
    assert len(titles) > 100
    plain = replace(RENDERERS["id"].render(operator_notice()), html="", pictures=())
    for title in titles:
        content = compose(replace(plain, subject=title), "kunci-1", DESK)
        assert_headers_are_ours(message_from_bytes(content, policy=email.policy.default), content)
    for number in range(0, len(titles), PLACES):
        for language in ("id", "en"):
            mail, content = mail_of(about(*titles[number : number + PLACES]), language)
            assert_headers_are_ours(mail, content)
            assert_page_is_harmless(mail)


# ---------------------------------------------------------------- none is lost


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(tmp_path / "siaga.db") as opened:
        yield opened


def test_no_alert_is_lost_to_an_exception(store: SqliteStore, now: datetime) -> None:
    """Through the outbox to a real mail server, each once, to the configured recipients only."""
    for number, words in enumerate(SUBJECTS):
        store.outbox.add([pending("meja", to_json(about(words)), reason="first", key=f"kunci-{number}", at=now)])
    with MailServer().running() as server:
        channel = EmailChannel(replace(DESK, smarthost=f"127.0.0.1:{server.port}"), deadline_seconds=20)
        Deliver(store, {"meja": channel}, RENDERERS["id"], "w").tick(now)
    assert {delivery.state for delivery in store.outbox.list(limit=1000)} == {DeliveryState.SENT}
    assert sorted(str(mail.message["Message-ID"]) for mail in server.mails) == sorted(
        f"<kunci-{number}@desa.example>" for number in range(len(SUBJECTS))
    )
    assert {tuple(mail.recipients) for mail in server.mails} == {("meja@desa.example", "arsip@desa.example")}
