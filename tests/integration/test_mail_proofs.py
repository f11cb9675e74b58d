"""From the outbox to mail servers that misbehave, each a process of its own; the store is a file, time an argument."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import trustme
from badmail import BadMail
from notices import notice

from alerts.announcement import pending
from alerts.channels.base import Channel, Message, Receipt
from alerts.channels.email import DEADLINE_SECONDS, EmailChannel
from alerts.channels.smtp import LEAVE_SECONDS
from alerts.deliver import Deliver
from alerts.notice import from_json, to_json
from alerts.render import Renderer
from collector.config.secret import Secret
from collector.config.settings import Email
from collector.model.alert import Delivery, DeliveryState
from collector.store.sqlite.store import SqliteStore

NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
THREE = ("a@example.org", "b@example.org", "c@example.org")
PASSWORD = "kata-sandi-rahasia"
IN_BASE64 = ("AHNpYWdhAGt", "a2F0YS1z")  # how AUTH PLAIN and AUTH LOGIN would send it
DESK = Email(to=THREE, sender="Siaga <siaga@example.org>", smarthost="127.0.0.1:25", tls="none")
RENDERER = Renderer("id", ZoneInfo("Asia/Jakarta"))


class Pigeonhole:
    """Takes everything: for whoever operates Siaga."""

    def send(self, message: Message, key: str, *, now: datetime) -> Receipt:
        return Receipt(answer="ok")


class Office:
    """An outbox with one mail for the desk, and those who deliver it."""

    def __init__(self, folder: Path, empty: Path) -> None:
        self.folder = folder
        shutil.copy(empty, folder / "siaga.db")
        self.store = SqliteStore(folder / "siaga.db")
        self.bundle: str | None = None
        self.longest = 0.0

    def writes(self, key: str = "kunci-1") -> None:
        self.store.outbox.add([pending("meja", to_json(notice()), reason="first", key=key, at=NOW)])

    def ticks(self, port: int, after: timedelta = timedelta(0), settings: Email = DESK, seconds: float = 2.0) -> None:
        channel = EmailChannel(
            replace(settings, smarthost=f"127.0.0.1:{port}"), ca_bundle=self.bundle, deadline_seconds=seconds
        )
        channels: dict[str, Channel] = {"meja": channel, "pengelola": Pigeonhole()}
        deliver = Deliver(self.store, channels, RENDERER, "w", operator=("pengelola",), jitter=lambda: 0.0)
        started = time.monotonic()
        deliver.tick(NOW + after)
        self.longest = max(self.longest, time.monotonic() - started)

    def deliveries(self) -> list[Delivery]:
        return [d for d in reversed(self.store.outbox.list(limit=1000)) if d.receiver == "meja"]

    @property
    def one(self) -> Delivery:
        (delivery,) = self.deliveries()
        return delivery

    def told(self) -> list[str]:
        every = self.store.outbox.list(limit=1000)
        return [from_json(d.notice).headline.en for d in every if d.reason == "operator"]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new database: making one takes longer than copying it."""
    path = tmp_path_factory.mktemp("empty") / "siaga.db"
    SqliteStore(path).close()
    return path


@pytest.fixture
def office(tmp_path: Path, empty: Path) -> Iterator[Office]:
    made = Office(tmp_path, empty)
    made.writes()
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str]:
    """PEM files: our authority's certificate, a server's chain with its key, and one for another name."""
    folder = tmp_path_factory.mktemp("tls")
    ours = trustme.CA()
    ours.cert_pem.write_to_path(folder / "authority.pem")
    for name, host in (("right.pem", "127.0.0.1"), ("wrong.pem", "mail.lain.example")):
        issued = ours.issue_cert(host)
        (folder / name).write_bytes(issued.private_key_and_cert_chain_pem.bytes())
    return str(folder / "authority.pem"), str(folder / "right.pem"), str(folder / "wrong.pem")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


# ---------------------------------------------------------------- down, hanging, slow


def test_a_server_that_was_down_for_an_hour_gets_the_mail_once(office: Office) -> None:
    port = free_port()
    for minutes in (0, 1, 6, 36, 60):  # the schedule: at once, 5 s, 5 min, 30 min, 2 h
        office.ticks(port, timedelta(minutes=minutes))
    assert (office.one.state, office.one.attempts) == (DeliveryState.PENDING, 4)
    with BadMail().running(office.folder, port=port) as server:
        for hours in (1, 3, 4):
            office.ticks(port, timedelta(hours=hours))
    assert office.one.state is DeliveryState.SENT
    assert [mail.to for mail in server.mails] == [THREE]


@pytest.mark.parametrize("stage", ["connect", "ehlo", "auth", "mail", "rcpt", "data", "dot"])
def test_a_server_that_hangs_is_left_at_the_deadline_and_tried_again(
    office: Office, authority: tuple[str, str, str], stage: str
) -> None:
    office.bundle, chain, _ = authority
    login = replace(DESK, tls="starttls", username="siaga", password=Secret(PASSWORD))
    with BadMail(hang=stage, hang_times=1, tls=chain, auth=True).running(office.folder) as server:
        office.ticks(server.port, settings=login, seconds=0.7)
        assert server.entries("hangs") == [stage]
        assert office.one.state is DeliveryState.PENDING
        office.ticks(server.port, timedelta(minutes=1), login)
    assert office.longest < 0.7 + LEAVE_SECONDS + 1
    assert office.one.state is DeliveryState.SENT
    assert {mail.id for mail in server.mails} == {"<kunci-1@example.org>"}
    assert len(server.mails) == (2 if stage == "dot" else 1)  # after the final dot nobody can know


def test_a_server_that_answers_a_byte_at_a_time_is_left_at_the_deadline(office: Office) -> None:
    with BadMail(drip=0.05).running(office.folder) as server:
        office.ticks(server.port, seconds=0.7)
    assert office.longest < 0.7 + LEAVE_SECONDS + 1
    assert office.one.state is DeliveryState.PENDING
    assert server.mails == []


def test_a_server_that_stops_reading_over_tls_is_left_at_the_deadline(
    office: Office, authority: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than fits into the buffers on the way: ``sendall`` over TLS gives each piece its own time."""
    office.bundle, chain, _ = authority
    monkeypatch.setattr("alerts.channels.email.compose", lambda *_: b"Subject: x\r\n\r\n" + b"x" * 30_000_000)
    with BadMail(hang="data", tls=chain).running(office.folder) as server:
        office.ticks(server.port, settings=replace(DESK, tls="starttls"), seconds=0.7)
    assert office.longest < 0.7 + LEAVE_SECONDS + 1
    assert office.one.state is DeliveryState.PENDING


def test_no_thread_is_held_beyond_a_minute() -> None:
    assert DEADLINE_SECONDS + LEAVE_SECONDS < 60


def test_fifty_waiting_for_a_dead_server_hold_one_conversation_with_it(office: Office) -> None:
    for number in range(50):
        office.writes(f"kunci-{number + 2}")
    with BadMail(hang="connect").running(office.folder) as server:
        office.ticks(server.port, seconds=0.5)
    assert server.conversations == 1
    assert office.longest < 0.5 + LEAVE_SECONDS + 1


def test_threads_end_with_their_conversations(office: Office) -> None:
    with BadMail(hang="data").running(office.folder) as server:
        office.ticks(server.port, seconds=0.3)
    begun = time.monotonic()
    while any(thread.name == "siaga-deliver" for thread in threading.enumerate()):
        assert time.monotonic() - begun < 5
        time.sleep(0.01)


# ---------------------------------------------------------------- answers


def everywhere(*answers: str) -> list[tuple[str, str]]:
    """Each answer to the mail itself and to its recipients, the first one at every other stage too."""
    matter = [(stage, answer) for stage in ("rcpt", "dot") for answer in answers]
    return [*matter, *((stage, answers[0]) for stage in ("connect", "mail", "data"))]


@pytest.mark.parametrize(("stage", "answer"), everywhere("421 busy", "450 greylisted", "451 later", "452 full"))
def test_4xx_is_tried_again(office: Office, stage: str, answer: str) -> None:
    with BadMail(say={stage: answer}).running(office.folder) as server:
        office.ticks(server.port)
    assert (office.one.state, office.one.attempts) == (DeliveryState.PENDING, 1)
    assert answer in str(office.one.last_error)
    assert office.told() == []


@pytest.mark.parametrize(("stage", "answer"), everywhere("554 no", "550 no such user", "552 too much"))
def test_5xx_is_final_and_told(office: Office, stage: str, answer: str) -> None:
    with BadMail(say={stage: answer}).running(office.folder) as server:
        office.ticks(server.port)
        office.ticks(server.port, timedelta(days=1))
    assert server.conversations == 1
    assert (office.one.state, office.one.attempts) == (DeliveryState.DEAD, 1)
    assert answer in str(office.one.last_error)
    assert office.told() == ["Undeliverable messages: 1"]


def test_many_dead_letters_of_one_receiver_are_told_once_an_hour(office: Office) -> None:
    for number in range(11):
        office.writes(f"kunci-{number + 2}")
    with BadMail(say={"dot": "554 no"}).running(office.folder) as server:
        office.ticks(server.port)
    assert len(office.store.outbox.list(dead_only=True)) == 12
    assert len(office.told()) == 1


# ---------------------------------------------------------------- one of three


def test_a_recipient_refused_for_now_is_tried_again_alone(office: Office) -> None:
    with BadMail(refuse={"b@example.org": ["450 greylisted", "250 ok"]}).running(office.folder) as server:
        for minute in range(3):
            office.ticks(server.port, timedelta(minutes=minute))
    assert [mail.to for mail in server.mails] == [("a@example.org", "c@example.org"), ("b@example.org",)]
    assert [(d.recipient, d.state) for d in office.deliveries()] == [
        (None, DeliveryState.SENT),
        ("b@example.org", DeliveryState.SENT),
    ]
    assert office.told() == []


def test_a_recipient_refused_for_good_is_recorded_dead_and_the_others_get_no_second_mail(office: Office) -> None:
    with BadMail(refuse={"b@example.org": ["550 no such user"]}).running(office.folder) as server:
        for hour in range(3):
            office.ticks(server.port, timedelta(hours=hour))
    assert [mail.to for mail in server.mails] == [("a@example.org", "c@example.org")]
    (dead,) = office.store.outbox.list(dead_only=True)
    assert (dead.recipient, dead.attempts) == ("b@example.org", 1)
    assert "550 no such user" in str(dead.last_error)
    assert office.told() == ["meja: addresses refused: b@example.org"]


def test_what_was_owed_to_one_recipient_can_be_sent_again_to_it_alone(office: Office) -> None:
    with BadMail(refuse={"b@example.org": ["550 no such user", "250 ok"]}).running(office.folder) as server:
        office.ticks(server.port)
        (dead,) = office.store.outbox.list(dead_only=True)
        office.store.outbox.resend(dead.id, NOW)
        office.ticks(server.port)
    assert [mail.to for mail in server.mails] == [("a@example.org", "c@example.org"), ("b@example.org",)]


def test_a_recipient_that_goes_on_refusing_ends_like_any_other(office: Office) -> None:
    with BadMail(refuse={"b@example.org": ["450 greylisted"]}).running(office.folder) as server:
        for day in range(12):
            office.ticks(server.port, timedelta(days=day))
    assert len(server.mails) == 1
    (dead,) = office.store.outbox.list(dead_only=True)
    assert (dead.recipient, dead.attempts) == ("b@example.org", 10)


def test_a_recipient_that_left_the_file_is_not_written_to(office: Office) -> None:
    with BadMail(refuse={"b@example.org": ["450 greylisted", "250 ok"]}).running(office.folder) as server:
        office.ticks(server.port)
        office.ticks(server.port, timedelta(minutes=1), replace(DESK, to=("a@example.org",)))
    assert len(server.mails) == 1
    (dead,) = office.store.outbox.list(dead_only=True)
    assert dead.last_error == "b@example.org is no longer an address of this receiver"


# ---------------------------------------------------------------- TLS


def test_where_starttls_was_stripped_nothing_is_given_away(office: Office) -> None:
    login = replace(DESK, tls="starttls", username="siaga", password=Secret(PASSWORD))
    with BadMail(auth=True).running(office.folder) as server:  # as if somebody on the line had cut the offer out
        office.ticks(server.port, settings=login)
    assert office.one.state is DeliveryState.PENDING
    assert_nothing_in_clear(server)


def test_where_starttls_is_offered_and_then_refused_nothing_is_given_away(
    office: Office, authority: tuple[str, str, str]
) -> None:
    login = replace(DESK, tls="starttls", username="siaga", password=Secret(PASSWORD))
    with BadMail(auth=True, tls=authority[1], say={"starttls": "454 not now"}).running(office.folder) as server:
        office.ticks(server.port, settings=login)
    assert office.one.state is DeliveryState.PENDING
    assert_nothing_in_clear(server)


@pytest.mark.parametrize("wrong", ["another name", "another authority"])
def test_a_wrong_certificate_ends_it(office: Office, authority: tuple[str, str, str], wrong: str) -> None:
    office.bundle = authority[0] if wrong == "another name" else None
    chain = authority[2] if wrong == "another name" else authority[1]
    login = replace(DESK, tls="starttls", username="siaga", password=Secret(PASSWORD))
    with BadMail(auth=True, tls=chain).running(office.folder) as server:
        office.ticks(server.port, settings=login)
    assert office.one.state is DeliveryState.PENDING
    assert "TLS failed" in str(office.one.last_error)
    assert_nothing_in_clear(server)


def test_with_the_right_certificate_the_password_goes_over_tls_only(
    office: Office, authority: tuple[str, str, str]
) -> None:
    office.bundle = authority[0]
    login = replace(DESK, tls="starttls", username="siaga", password=Secret(PASSWORD))
    with BadMail(auth=True, tls=authority[1]).running(office.folder) as server:
        office.ticks(server.port, settings=login)
    assert [mail.tls for mail in server.mails] == [True]
    assert_nothing_in_clear(server)


def assert_nothing_in_clear(server: BadMail) -> None:
    said = server.in_clear
    assert said.upper().startswith("EHLO")
    assert not any(secret in said for secret in (PASSWORD, *IN_BASE64, "AUTH", "MAIL", "Subject"))
