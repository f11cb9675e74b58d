"""The program from outside: a sources.yaml, a shell, a local web, mail and webhook server."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

import pytest
from loopback import Answer, LoopbackServer, Request
from standardwebhooks import Webhook

from collector.demo.desk import MailDesk

ROOT = Path(__file__).resolve().parent.parent.parent
SECRET = "whsec_" + base64.b64encode(b"twenty-four secret bytes").decode()
WITHIN = 10.0  # seconds: what the program promises for a stop and for a reload

FILE = """\
version: 1
timezone: Asia/Jakarta
database: siaga.db
network: {{host_gap: 0s, allow_private: ["{web}"]}}
defaults: {{every: 15m, timeout: 5s}}
sources:
  - {{name: Kabar, url: "http://{web}/kabar", every: 1m}}
  - {{name: Obrolan, url: "http://{web}/obrolan", role: social, every: 1m}}
{more_sources}
topics:
  - pemilu_umum
{more_topics}
rules:
  - name: lonjakan
    topics: [pemilu_umum]
    count: suspicious
    method: threshold
    window: 6h
    at_least: 5
    min_sources: 2
    receivers: [meja, sistem]
receivers:
  - name: meja
    email: {{to: [meja@desa.example], from: siaga@desa.example, smarthost: "127.0.0.1:{smtp}", tls: none}}
  - name: sistem
    webhook: {{url: "http://{web}/hook", secret: "${{SIAGA_WEBHOOK_SECRET}}"}}
operator: {{receivers: [meja]}}
"""
FORUM = '  - {{name: Forum, url: "http://{web}/forum", role: social, every: 1m}}'
SCHOOL = """\
  - id: sekolah_gratis
    name: Sekolah gratis
    strong: [sekolah gratis]
    ambiguous: [{term: spp, context_any: [gratis, sekolah]}]
"""
RUMOUR = "VIRALKAN!! surat suara SUDAH TERCOBLOS di gudang {place}, sebarkan ke semua grup!!"


def feed(host: str, *titles: str, at: datetime | None = None) -> bytes:
    """An RSS feed of that publisher; its entries are of this minute unless said otherwise."""
    date = format_datetime(at or datetime.now(UTC))
    items = "".join(
        f"<item><title>{escape(title)}</title><link>https://{host}/{sha256(title.encode()).hexdigest()[:10]}</link>"
        f"<pubDate>{date}</pubDate></item>"
        for title in titles
    )
    return f"<rss version='2.0'><channel><title>{host}</title>{items}</channel></rss>".encode()


def with_etag(body: bytes) -> Callable[[Request], Answer]:
    etag = f'"{sha256(body).hexdigest()[:16]}"'

    def answer(request: Request) -> Answer:
        if request.headers.get("if-none-match") == etag:
            return Answer(status=304, headers={"ETag": etag})
        return Answer(headers={"ETag": etag, "Content-Type": "application/rss+xml"}, body=body)

    return answer


@dataclass
class Desk:
    """A folder with a sources.yaml, the servers it names, and the program."""

    folder: Path
    web: LoopbackServer
    mail: MailDesk

    def write(self, *, forum: bool = True, school: bool = True, broken: bool = False) -> None:
        text = FILE.format(
            web=self.web.host_port,
            smtp=self.mail.port,
            more_sources=FORUM.format(web=self.web.host_port) if forum else "",
            more_topics=SCHOOL if school else "",
        )
        draft = self.folder / "draft.yaml"
        draft.write_text(text.replace("at_least: 5", "at_leest: 5") if broken else text)
        draft.replace(self.folder / "sources.yaml")

    def siaga(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._command(*words), cwd=self.folder, env=self._environment(), capture_output=True, text=True, timeout=60,
            stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip

    def once(self, *more: str) -> tuple[int, dict[str, Any]]:
        done = self.siaga("once", "--json", *more)
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    @contextmanager
    def daemon(self) -> Iterator[subprocess.Popen[str]]:
        with (self.folder / "log").open("w") as log, subprocess.Popen(
            self._command("run"), cwd=self.folder, env=self._environment(), stdout=log, stderr=log, text=True
        ) as process:  # fmt: skip
            try:
                yield process
            finally:
                with suppress(ProcessLookupError):
                    process.kill()

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def hooks(self) -> list[dict[str, Any]]:
        """The webhook calls so far, each checked by the reference library."""
        return [json.loads(call.body) for call in self.web.asked("/hook") if self._verified(call)]

    def _verified(self, call: Request) -> bool:
        Webhook(SECRET).verify(call.body, dict(call.headers))  # raises where the signature is wrong
        return True

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-c", "from collector.cli import main; main()", *words]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(ROOT), "SIAGA_WEBHOOK_SECRET": SECRET}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Three sources, of which two spread a rumour: seven posts by two publishers."""
    with LoopbackServer() as web, MailDesk(tmp_path / "mail").running() as mail:
        web.answer("/hook", status=204)
        web.answer("/kabar", with_etag(feed("kabar.example", "KPU umumkan jadwal pemilu", "Resep rendang",
                                            "Sekolah gratis dibuka di dua kabupaten")))  # fmt: skip
        posts = [RUMOUR.format(place=place) for place in ("Seroja", "Melur", "Kenanga", "Pandan")]
        web.answer("/obrolan", with_etag(feed("obrolan.example", *posts)))
        more = [RUMOUR.format(place=place) + " jangan diam" for place in ("Seroja", "Melur", "Kenanga")]
        web.answer("/forum", with_etag(feed("forum.example", *more)))
        made = Desk(folder=tmp_path, web=web, mail=mail)
        made.write()
        yield made


def eventually(true: Callable[[], bool], within: float = WITHIN) -> float:
    """Seconds until it was true. Another process is at work, so this really waits; never longer than ``within``."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < within, f"not within {within} s"
        time.sleep(0.05)
    return time.monotonic() - begun


# ---------------------------------------------------------------- check, test-source, once


def test_the_edited_file_passes_the_check(desk: Desk) -> None:
    done = desk.siaga("check")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_misspelt_key_is_named_with_its_line_and_nothing_is_polled(desk: Desk) -> None:
    desk.write(broken=True)
    for verb in (("check",), ("once",), ("run",)):
        done = desk.siaga(*verb)
        assert done.returncode == 2
        assert "at_leest" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    assert not desk.web.requests


def test_trying_a_source_shows_matches_and_scores_and_stores_nothing(desk: Desk) -> None:
    done = desk.siaga("test-source", "Obrolan")
    assert done.returncode == 0, done.stderr
    assert "TERCOBLOS" in done.stdout
    assert "pemilu_umum" in done.stdout
    assert desk.once()[1]["items_new"] == 10


def test_once_polls_alerts_and_delivers_by_mail_and_signed_webhook(desk: Desk) -> None:
    code, told = desk.once()
    assert code == 0
    assert told.pop("duration_s") > 0
    assert told == {
        "polled": 3,
        "not_modified": 0,
        "failed": 0,
        "items_new": 10,
        "mentions_new": 9,
        "suspicious_new": 7,
        "alerts_opened": 1,
        "deliveries_sent": 2,
    }
    [call] = desk.hooks()
    assert call["type"] == "alert.firing"
    [mail] = desk.mail.mails
    assert mail.subject.startswith("[Siaga]")
    assert "SUDAH TERCOBLOS" in mail.text


def test_a_round_in_which_nothing_changed_is_a_success(desk: Desk) -> None:
    desk.once()
    code, told = desk.once()
    assert code == 0
    assert (told["polled"], told["not_modified"], told["items_new"], told["deliveries_sent"]) == (3, 3, 0, 0)


def test_some_failing_sources_are_exit_code_4(desk: Desk) -> None:
    desk.web.forget("/forum")
    code, told = desk.once()
    assert (code, told["polled"], told["failed"]) == (4, 3, 1)


def test_nothing_that_could_be_polled_is_exit_code_3(desk: Desk) -> None:
    for path in ("/kabar", "/obrolan", "/forum"):
        desk.web.forget(path)
    code, told = desk.once()
    assert (code, told["failed"]) == (3, 3)


def test_a_round_in_words_names_what_failed_and_what_was_not_asked(desk: Desk) -> None:
    desk.web.forget("/forum")
    assert "failed: Forum: HTTP 404" in desk.siaga("once").stderr
    assert "1 source waits after earlier failures" in desk.siaga("once").stderr


def test_without_sending_the_messages_wait_for_the_next_round(desk: Desk) -> None:
    code, told = desk.once("--no-send")
    assert (code, told["alerts_opened"], told["deliveries_sent"]) == (0, 1, 0)
    assert not desk.mail.mails
    assert desk.once()[1]["deliveries_sent"] == 2


def test_a_receiver_that_is_down_is_exit_code_4_and_loses_nothing(desk: Desk) -> None:
    desk.web.forget("/hook")
    desk.web.answer("/hook", status=503)
    code, told = desk.once()
    assert (code, told["deliveries_sent"]) == (4, 1)


def test_an_archive_that_a_new_feed_brings_raises_no_alert(desk: Desk) -> None:
    old = datetime.now(UTC) - timedelta(days=700)
    for path, host in (("/obrolan", "obrolan.example"), ("/forum", "forum.example")):
        desk.web.forget(path)
        posts = [RUMOUR.format(place=f"{host} {number}") for number in range(8)]
        desk.web.answer(path, body=feed(host, *posts, at=old))
    code, told = desk.once()
    assert (code, told["suspicious_new"], told["alerts_opened"]) == (0, 16, 0)


# ---------------------------------------------------------------- run

slow = pytest.mark.slow


@slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_daemon_polls_and_alerts_and_a_signal_ends_it_cleanly(desk: Desk, number: signal.Signals) -> None:
    with desk.daemon() as process:
        eventually(lambda: all(desk.web.asked(path) for path in ("/kabar", "/obrolan", "/forum")), within=20)
        process.send_signal(number)  # the last answer is still being read: it is not lost
        assert process.wait(WITHIN) == 0
    assert "Traceback" not in desk.log()
    assert desk.siaga("status", "--probe").returncode == 1
    assert desk.once()[1]["items_new"] == 0


@slow
def test_the_log_tells_which_sources_brought_something_and_which_failed(desk: Desk) -> None:
    desk.web.forget("/forum")
    with desk.daemon():
        eventually(lambda: "source failed" in desk.log() and "source=Kabar" in desk.log(), within=20)
    assert "HTTP 404" in desk.log()


@slow
def test_a_second_daemon_refuses_and_other_commands_work_beside_the_first(desk: Desk) -> None:
    with desk.daemon() as process:
        eventually(lambda: "started" in desk.log(), within=20)
        second = desk.siaga("run")
        assert second.returncode == 1
        assert "Traceback" not in second.stderr
        eventually(lambda: len(desk.web.asked("/forum")) == 1)
        assert desk.siaga("status").returncode == 0
        assert desk.siaga("mentions").returncode == 0
        assert process.poll() is None


@slow
def test_an_edited_file_is_at_work_within_ten_seconds(desk: Desk) -> None:
    desk.write(forum=False, school=False)
    with desk.daemon():
        eventually(lambda: len(desk.web.asked("/kabar")) == 1, within=20)
        assert not desk.web.asked("/forum")
        desk.write()
        eventually(lambda: len(desk.web.asked("/forum")) == 1)


@slow
def test_a_hangup_reads_the_file_again(desk: Desk) -> None:
    with desk.daemon() as process:
        eventually(lambda: "started" in desk.log(), within=20)
        process.send_signal(signal.SIGHUP)
        eventually(lambda: "reloaded" in desk.log())
        assert process.poll() is None


@slow
def test_a_faulty_edit_changes_nothing_and_the_operator_is_told(desk: Desk) -> None:
    desk.write(forum=False)
    with desk.daemon() as process:
        eventually(lambda: len(desk.web.asked("/kabar")) == 1, within=20)
        desk.write(broken=True)
        eventually(lambda: any("at_leest" in mail.text for mail in desk.mail.mails), within=20)
        assert process.poll() is None
        assert not desk.web.asked("/forum")
        desk.write()
        eventually(lambda: len(desk.web.asked("/forum")) == 1)
