"""``siaga doctor`` over real servers on loopback: one line per check, with what to do."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from badmail import BadMail
from click.testing import CliRunner, Result
from loopback import Answer, LoopbackServer, Request
from mailserver import Certificates, MailServer

from alerts.channels.email import EmailChannel
from alerts.cold_start import Waiting
from alerts.hold import Holds
from collector.app.database import open_store
from collector.app.receivers import receiver_entries
from collector.cli import siaga
from collector.config.load import load
from collector.config.secret import Secret
from collector.config.settings import Email
from collector.doctor.examination import examine
from collector.doctor.finding import Finding, Health
from collector.doctor.machine import disk_finding, has_wal_reset_bug
from collector.doctor.reach import Reached, clock_finding, hosts_finding
from collector.doctor.receivers import receiver_findings
from collector.doctor.watching import baseline_finding
from collector.model.clock import WallClock
from collector.model.phrase import Phrase

ITEM = "<item><title>Kabar</title><link>http://x.example/1</link></item>"
FEED = f"<rss version='2.0'><channel><title>x</title>{ITEM}</channel></rss>"
SCREEN = "{name: layar, console: {}}"


class Clinic:
    """A folder with a sources.yaml, and servers that the test lets answer as it likes."""

    def __init__(self, folder: Path, web: LoopbackServer) -> None:
        self.web = web
        self.file = folder / "sources.yaml"
        self.web.answer("/rss", body=FEED, headers={"Content-Type": "application/rss+xml"})

    def source(self, name: str, path: str = "/rss") -> str:
        return f'{{name: {name}, url: "{self.web.url(path)}"}}'

    def writes(
        self,
        *,
        sources: Sequence[str] = (),
        receivers: Sequence[str] = (SCREEN,),
        operator: str = "layar",
    ) -> None:
        feeds = sources or (self.source("A"),)
        self.file.write_text(
            "\n".join(
                [
                    "version: 1",
                    f'network: {{host_gap: 0s, allow_private: ["127.0.0.1", "{self.web.host_port}"]}}',
                    "sources:",
                    *(f"  - {one}" for one in feeds),
                    "topics: [{id: uji, name: Uji, strong: [uji]}]",
                    "rules:",
                    "  - {name: naik, method: ratio, receivers: []}",
                    "  - {name: lima, method: threshold, receivers: []}",
                    "receivers:",
                    *(f"  - {one}" for one in receivers),
                    f"operator: {{receivers: [{operator}]}}",
                ]
            )
        )

    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(siaga, ["--config", str(self.file), "--log-level", "error", *words])

    def examined(self, seconds: float = 5.0) -> dict[str, Finding]:
        settings = load(self.file)
        store = open_store(settings) if settings.database.exists() else None
        try:
            return {one.check: one for one in examine(settings, store, WallClock(), seconds=seconds)}
        finally:
            if store is not None:
                store.close()


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with LoopbackServer() as web:
        made = Clinic(tmp_path, web)
        made.writes()
        yield made


def test_a_sound_installation_ends_with_0_and_one_line_per_check(clinic: Clinic) -> None:
    clinic("once")
    result = clinic("doctor")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert [line[8:23].strip() for line in lines] == [
        "sources",
        "receiver layar",
        "clock",
        "disk",
        "sqlite",
        "database",
        "baseline",
        "never alive",
        "daemon",
        "messages",
    ]
    assert "OK      sources         1 of 1 hosts serve their source" in lines
    assert any(
        line.startswith("WARNING baseline        1 of 2 rules may speak; 0 of 7 days collected") for line in lines
    )
    assert any("first alert possible on" in line for line in lines)


def test_as_json(clinic: Clinic) -> None:
    found = json.loads(clinic("doctor", "--json").stdout)
    assert found["ok"] is True
    assert {"check", "state", "text", "hint"} == set(found["checks"][0])


def test_it_makes_no_database_where_there_is_none(clinic: Clinic) -> None:
    assert "none yet at" in clinic("doctor").output
    assert not (clinic.file.parent / "siaga.db").exists()


def test_without_a_network_every_line_is_honest_and_the_end_is_1(clinic: Clinic) -> None:
    with LoopbackServer() as gone:
        addresses = [f'{{name: "{n}", url: "http://127.0.0.{n}:{gone.port}/rss"}}' for n in range(2, 5)]
    clinic.writes(sources=addresses)
    result = clinic("doctor")
    assert result.exit_code == 1
    assert "FAULT   sources         0 of 3 hosts serve their source; no answer from 3" in result.stdout
    assert "is this machine online" in result.stdout
    assert "UNKNOWN clock           not compared" in result.stdout
    assert "Traceback" not in result.output


def test_a_host_that_hangs_is_left_and_the_others_are_told(clinic: Clinic) -> None:
    def slowly(_: Request) -> Answer:
        time.sleep(3)
        return Answer()

    with LoopbackServer("127.0.0.2") as slow:
        slow.answer("/rss", slowly)
        clinic.writes(
            sources=(f'{{name: A, url: "{clinic.web.url("/rss")}"}}', f'{{name: B, url: "{slow.url("/rss")}"}}')
        )
        clinic.file.write_text(clinic.file.read_text().replace('"127.0.0.1"', '"127.0.0.0/8"'))
        started = time.monotonic()
        found = clinic.examined(seconds=0.5)["sources"]
        assert time.monotonic() - started < 2.5
    assert "1 of 2 hosts serve their source; no answer from 1: 127.0.0.2" in found.text


def test_a_login_is_tried_and_no_mail_is_sent(clinic: Clinic, tmp_path: Path) -> None:
    with BadMail().running(tmp_path) as server:
        clinic.writes(receivers=(mail(server.port),), operator="surat")
        found = clinic.examined()["receiver surat"]
    assert (found.health, found.text) == (Health.OK, "email: it answers, no login is configured")
    assert server.mails == []
    assert server.conversations == 1


def test_a_mail_server_that_is_not_there_is_a_fault(clinic: Clinic) -> None:
    login = "tls: starttls, username: siaga, password: rahasia-sekali"
    clinic.writes(receivers=(mail(9, login),), operator="surat")
    found = clinic.examined()["receiver surat"]
    assert found.health is Health.FAULT
    assert "connection refused" in found.text
    assert "siaga test-alert surat" in found.hint
    assert "rahasia" not in str(found)


def test_a_refused_login_is_a_fault(clinic: Clinic, tmp_path: Path) -> None:
    certificates = Certificates.made(tmp_path, "127.0.0.1")
    with MailServer(user="siaga", password="lain").running(certificates.server) as server:
        settings = Email(
            to=("a@x.example",),
            sender="s@x.example",
            smarthost=f"127.0.0.1:{server.port}",
            username="siaga",
            password=Secret("rahasia-sekali"),
        )
        channel = EmailChannel(settings, ca_bundle=str(certificates.bundle), deadline_seconds=5)
        (found, _) = receiver_findings({"surat": channel}, {"surat": "email"}, {}, (), 5)
    assert found.health is Health.FAULT
    assert "refused the login: 535" in found.text
    assert server.mails == []


def mail(port: int, login: str = "tls: none") -> str:
    return f'{{name: surat, email: {{to: [a@x.example], from: s@x.example, smarthost: "127.0.0.1:{port}", {login}}}}}'


def test_of_a_webhook_only_the_host_is_asked(clinic: Clinic) -> None:
    clinic.writes(
        receivers=(f'{{name: kait, webhook: {{url: "{clinic.web.url("/hook?token=abc")}"}}}}',), operator="kait"
    )
    found = clinic.examined()["receiver kait"]
    assert (found.health, found.text) == (Health.OK, "webhook: its host answers (404)")
    assert [request.path for request in clinic.web.requests if request.method == "HEAD"] == ["/"]
    assert "abc" not in str(found)


def test_a_receiver_that_is_gone_is_a_fault_with_what_to_do(clinic: Clinic) -> None:
    clinic("once")
    settings = load(clinic.file)
    with closing(open_store(settings)) as store:
        Holds(store, receiver_entries(settings)).hold("layar", datetime(2026, 11, 25, tzinfo=UTC))
    found = clinic.examined()["receiver layar"]
    assert found.health is Health.FAULT
    assert "410 Gone on 2026-11-25" in found.text
    assert "siaga resend" in found.hint


def test_sources_that_never_worked_are_named(clinic: Clinic) -> None:
    clinic.writes(sources=(clinic.source("A"), clinic.source("B", "/no")))
    clinic("once")
    found = clinic.examined()["never alive"]
    assert found.health is Health.WARNING
    assert found.text.startswith("1 of 2 polled sources have never worked: B (HTTP 404")


# ---------------------------------------------------------------- single checks


def told(seconds: float | None) -> Reached:
    return Reached(reason="", answers=True, ahead_s=seconds)


@pytest.mark.parametrize(
    ("said", "health"),
    [
        ([0.4, -0.3, 0.2], Health.OK),
        ([0.4, 86400.0, 0.2], Health.OK),  # one host's clock is wrong, not ours
        ([90.0, 91.0, 0.0], Health.WARNING),
        ([-3600.0, -3601.0], Health.FAULT),
        ([None], Health.UNKNOWN),
        ([], Health.UNKNOWN),
    ],
)
def test_the_clock_is_compared_with_the_middle_of_the_hosts(said: list[float | None], health: Health) -> None:
    assert clock_finding({str(n): told(one) for n, one in enumerate(said)}).health is health


def test_the_clock_is_read_from_the_date_header_and_the_age_of_a_cached_answer(clinic: Clinic) -> None:
    hour_ago = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
    clinic.web.forget("/rss")
    raw = f"HTTP/1.1 200 OK\r\nDate: {hour_ago}\r\nAge: 3600\r\nContent-Length: {len(FEED)}\r\n\r\n{FEED}"
    clinic.web.answer("/rss", raw=raw.encode())
    assert clinic.examined()["clock"].health is Health.OK
    clinic.web.forget("/rss")
    clinic.web.answer("/rss", raw=raw.replace("Age: 3600", "X: 1").encode())
    assert clinic.examined()["clock"].text == "3600 s ahead of the middle of 1 hosts"


def test_a_host_that_refuses_is_there_but_does_not_serve() -> None:
    found = hosts_finding(
        {"a": told(0.0), "b": Reached(reason="HTTP 403", answers=True), "c": told(0.0), "d": told(0.0)}
    )
    assert found.health is Health.WARNING
    assert found.text == "3 of 4 hosts serve their source; refused by 1: b (HTTP 403)"


@pytest.mark.parametrize(
    ("version", "has_it"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((4, 0, 0), False),
    ],
)
def test_which_versions_of_sqlite_have_the_wal_reset_bug(version: tuple[int, int, int], has_it: bool) -> None:
    assert has_wal_reset_bug(version) is has_it


@pytest.mark.parametrize(
    ("free", "database", "health"),
    [
        (400_000_000, 0, Health.FAULT),
        (900_000_000, 0, Health.WARNING),
        (3_000_000_000, 2_000_000_000, Health.WARNING),
        (9_000_000_000, 2_000_000_000, Health.OK),
        (None, 0, Health.UNKNOWN),
    ],
)
def test_the_disk_must_hold_a_copy_of_the_database(free: int | None, database: int, health: Health) -> None:
    assert disk_finding(free, database).health is health


def test_rules_that_wait_for_the_same_day_share_a_clause() -> None:
    why = Phrase(id="-", en="Not enough history: 5 of 7 days collected, first alert possible on 30 November 2026.")
    found = baseline_finding([Waiting(rule="a", why=why), Waiting(rule="b", why=why)], 3)
    assert found.text == (
        "1 of 3 rules may speak; 5 of 7 days collected, first alert possible on 30 November 2026 (a, b)"
    )
