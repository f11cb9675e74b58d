"""What a person at the terminal sees of alerts, dead letters and a receiver that is tried out."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from loopback import LoopbackServer
from mailserver import MailServer
from newsroom import JUDOL, Newsroom
from series import rule
from standardwebhooks import Webhook as Verifier

from alerts.detect.threshold import ThresholdDetector
from alerts.hold import Holds, gone_since
from alerts.watch import Watch
from collector.app.receivers import receiver_entries
from collector.cli import siaga
from collector.config.load import load
from collector.model.clock import HOUR
from collector.store.sqlite.store import SqliteStore

SECRET = "whsec_" + base64.b64encode(b"kunci rahasia yang cukup panjang").decode()
CONFIG = """\
version: 1
database: siaga.db
network: {{allow_private: ["{allowed}"]}}
sources:
  - {{name: A, url: "https://a.example/rss"}}
topics: [judi_online]
rules:
  - {{name: lonjakan, at_least: 5, receivers: [meja, sistem]}}
receivers:
  - name: meja
    console: {{}}
  - name: sistem
    webhook: {{url: "{url}", secret: "{secret}"}}
"""


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as running:
        yield running


class Terminal:
    """``siaga`` in a folder with a configuration and a database."""

    def __init__(self, folder: Path, server: LoopbackServer) -> None:
        self.folder = folder
        text = CONFIG.format(allowed=server.host_port, url=server.url("/hook?token=abc"), secret=SECRET)
        (folder / "sources.yaml").write_text(text)

    def __call__(self, *words: str) -> Result:
        config = str(self.folder / "sources.yaml")
        return CliRunner().invoke(siaga, ["--config", config, "--log-level", "error", *words])

    def raises_an_alert(self, now: datetime, *, dead: str | None = None) -> None:
        """Six suspicious items; the message to the receiver ``dead`` could not be delivered."""
        with SqliteStore(self.folder / "siaga.db") as store:
            Newsroom(store, now).publishes(6, now)
            rules = (rule(receivers=("meja", "sistem")),)
            zone = ZoneInfo("Asia/Jakarta")
            Watch(store, rules, (JUDOL,), {"threshold": ThresholdDetector()}, zone=zone).tick(now)
            for delivery in store.outbox.claim("w", now, HOUR, 10):
                if delivery.receiver == dead:
                    store.outbox.dead(delivery.id, "w", "the receiver answered 410 Gone")
                else:
                    store.outbox.sent(delivery.id, "w", now + timedelta(seconds=1))


@pytest.fixture
def terminal(tmp_path: Path, server: LoopbackServer) -> Terminal:
    return Terminal(tmp_path, server)


def test_an_empty_list_says_so(terminal: Terminal) -> None:
    assert terminal("alerts").stdout == "No alert was raised yet.\n"
    assert json.loads(terminal("alerts", "--json").stdout) == []
    assert "Every message was delivered" in terminal("alerts", "--dead").output


def test_alerts_show_events_and_messages(terminal: Terminal, now: datetime) -> None:
    terminal.raises_an_alert(now, dead="sistem")
    shown = terminal("alerts").output
    assert "FIRING" in shown
    assert "Judi online, 6 sebutan mencurigakan (batas 5), 3 sumber" in shown
    assert "2026-11-25 10:30 WIB  first" in shown
    assert "meja: first sent 2026-11-25 10:30 WIB" in shown
    assert "sistem: first UNDELIVERABLE after 1 attempt: the receiver answered 410 Gone" in shown


def test_alerts_as_json(terminal: Terminal, now: datetime) -> None:
    terminal.raises_an_alert(now)
    (alert,) = json.loads(terminal("alerts", "--json", "--all").stdout)
    assert (alert["state"], alert["count"], alert["subject"]) == ("firing", 6, "topic:judi_online")
    assert [event["reason"] for event in alert["events"]] == ["first"]
    assert sorted(delivery["state"] for delivery in alert["deliveries"]) == ["sent", "sent"]


def test_a_dead_letter_is_listed_and_resent(terminal: Terminal, now: datetime) -> None:
    terminal.raises_an_alert(now, dead="sistem")
    (dead,) = json.loads(terminal("alerts", "--dead", "--json").stdout)
    assert terminal("resend", str(dead["id"])).exit_code == 0
    assert json.loads(terminal("alerts", "--dead", "--json").stdout) == []
    with SqliteStore(terminal.folder / "siaga.db") as store:
        assert store.audit.list()[0].action == "resend"


def test_a_test_message_goes_through_the_real_signer(terminal: Terminal, server: LoopbackServer) -> None:
    server.answer("/hook", body="diterima")
    result = terminal("test-alert", "sistem")
    assert (result.exit_code, result.stdout) == (0, "Delivered. The receiver answered: 200 OK: diterima\n")
    (request,) = server.requests
    body = json.loads(request.body)
    Verifier(SECRET).verify(request.body.decode(), dict(request.headers))
    assert (body["type"], body["data"]["reason"]) == ("test", "first")


def test_a_test_message_of_an_end(terminal: Terminal, server: LoopbackServer) -> None:
    server.answer("/hook", status=204)
    terminal("test-alert", "sistem", "--kind", "resolved")
    assert json.loads(server.requests[0].body)["data"]["reason"] == "resolved"


def test_a_test_message_on_the_console_is_marked_in_its_subject(terminal: Terminal) -> None:
    result = terminal("test-alert", "meja")
    assert result.exit_code == 0
    assert "\n[UJI] [Siaga] NAIK TAJAM: Bansos (contoh)" in result.stdout


def test_a_refusal_ends_with_the_reason_and_without_the_secret_address(
    terminal: Terminal, server: LoopbackServer
) -> None:
    server.answer("/hook", status=410)
    result = terminal("test-alert", "sistem")
    assert result.exit_code == 1
    assert "Not delivered: the receiver answered 410 Gone (trying again cannot help)" in result.stderr
    assert "token=abc" not in result.output


def test_a_receiver_that_is_not_there_is_a_failure(terminal: Terminal) -> None:
    result = terminal("test-alert", "sistem")  # the server has no such path: 404
    assert result.exit_code == 1
    assert "Not delivered: the receiver answered 404 Not Found: no such path" in result.stderr
    assert "(it would be tried again later)" in result.stderr


def test_a_mail_server_that_leaves_out_an_address_is_a_failure(terminal: Terminal, tmp_path: Path) -> None:
    with MailServer(refuse={"b@example.org": "550 no such user"}).running() as mail:
        to = f'to: [a@example.org, b@example.org], smarthost: "127.0.0.1:{mail.port}"'
        config = tmp_path / "sources.yaml"
        entry = f"  - name: surat\n    email: {{{to}, from: s@example.org, tls: none}}\n"
        config.write_text(config.read_text() + entry)
        result = terminal("test-alert", "surat")
    assert result.exit_code == 1
    subject = make_header(decode_header(mail.mails[0].message["Subject"]))
    assert str(subject).startswith("[UJI] [Siaga] NAIK")
    assert "Delivered. The receiver answered: 250 OK queued as A1B2" in result.stdout
    assert "Not delivered to b@example.org: the mail server answered" in result.stderr


def test_sending_again_opens_a_receiver_that_was_gone(terminal: Terminal, now: datetime) -> None:
    terminal.raises_an_alert(now, dead="sistem")
    entries = receiver_entries(load(terminal.folder / "sources.yaml"))
    with SqliteStore(terminal.folder / "siaga.db") as store:
        Holds(store, entries).hold("sistem", now)
        (dead,) = store.outbox.list(dead_only=True)
    assert "sistem (2026-11-25): answered 410 Gone" in terminal("status").output
    assert list(json.loads(terminal("status", "--json").stdout)["receivers_gone"]) == ["sistem"]
    assert "sistem is no longer disabled" in terminal("resend", str(dead.id)).output
    with SqliteStore(terminal.folder / "siaga.db") as store:
        assert gone_since(store) == {}


def test_an_unknown_receiver_is_wrong_usage_and_names_the_nearest(terminal: Terminal) -> None:
    result = terminal("test-alert", "sistim")
    assert result.exit_code == 2
    assert "Did you mean sistem?" in result.stderr


def test_a_number_that_no_message_can_have_is_wrong_usage(terminal: Terminal) -> None:
    assert terminal("resend", "9" * 30).exit_code == 2
