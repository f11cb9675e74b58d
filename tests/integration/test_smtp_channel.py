"""Mail to a real SMTP server: what arrives, and what is refused before anything is given away."""

from __future__ import annotations

import email
import email.policy
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hostile import SUBJECTS
from mailserver import Certificates, MailServer
from notices import AT, HEADERS, notice

from alerts.channels.base import Message
from alerts.channels.email import EmailChannel, compose, host_and_port
from alerts.render import Renderer
from collector.config.secret import Secret
from collector.config.settings import Email
from collector.model.errors import ChannelError

MESSAGE = Renderer("id", ZoneInfo("Asia/Jakarta")).render(notice())
DESK = Email(to=("desk@example.org",), sender="Siaga <siaga@example.org>", smarthost="127.0.0.1:25", tls="none")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.made(tmp_path_factory.mktemp("tls"), "127.0.0.1")


def to(server: MailServer, settings: Email = DESK, certificates: Certificates | None = None) -> EmailChannel:
    bundle = str(certificates.bundle) if certificates else None
    return EmailChannel(replace(settings, smarthost=f"127.0.0.1:{server.port}"), ca_bundle=bundle, deadline_seconds=5)


def sent(channel: EmailChannel, message: Message = MESSAGE, key: str = "kunci-1") -> str:
    return channel.send(message, key, now=AT).answer


# ---------------------------------------------------------------- what arrives


def test_the_mail_holds_text_and_html_and_the_promised_headers() -> None:
    with MailServer().running() as server:
        answer = sent(to(server))
    (mail,) = server.mails
    assert answer == "250 OK queued as A1B2"
    assert (mail.sender, mail.recipients) == ("siaga@example.org", ["desk@example.org"])
    parsed = email.message_from_bytes(mail.content, policy=email.policy.default)
    assert set(parsed.keys()) == set(HEADERS)
    assert parsed["Subject"] == MESSAGE.subject
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Message-ID"] == "<kunci-1@example.org>"
    text, page = parsed.iter_parts()
    html, picture = page.iter_parts()
    assert text.get_content().replace("\r\n", "\n") == MESSAGE.text
    assert html.get_content().replace("\r\n", "\n") == MESSAGE.html
    assert picture.get_content() == MESSAGE.pictures[0].body
    assert f"cid:{picture['Content-ID'].strip('<>')}" in MESSAGE.html
    assert picture.get_content_disposition() == "inline"


def test_every_attempt_sends_the_same_bytes() -> None:
    assert compose(MESSAGE, "kunci-1", DESK) == compose(MESSAGE, "kunci-1", DESK)
    assert compose(MESSAGE, "kunci-1", DESK) != compose(MESSAGE, "kunci-2", DESK)


def test_messages_of_one_alert_refer_to_one_thread() -> None:
    later = Renderer("id", ZoneInfo("UTC")).render(notice(at=AT + timedelta(hours=12)))
    mails = [email.message_from_bytes(compose(message, key, DESK)) for key, message in (("1", MESSAGE), ("2", later))]
    assert mails[0]["References"] == mails[1]["References"]
    assert mails[0]["Message-ID"] != mails[1]["Message-ID"]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_subject_adds_a_header_a_recipient_or_a_body(subject: str) -> None:
    content = compose(replace(MESSAGE, subject=f"[Siaga] {subject}"), "kunci-1", DESK)
    parsed = email.message_from_bytes(content, policy=email.policy.default)
    assert sorted(parsed.keys()) == sorted(HEADERS)
    assert parsed["To"] == "desk@example.org"
    assert not parsed.defects
    assert str(parsed["Subject"]).startswith("[Siaga]")
    assert len(str(parsed["Subject"])) <= 180
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))


def test_hostile_subjects_arrive_as_one_mail_each_at_the_right_desk() -> None:
    with MailServer().running() as server:
        channel = to(server)
        for number, subject in enumerate(SUBJECTS):
            sent(channel, replace(MESSAGE, subject=f"[Siaga] {subject}", text=subject), key=str(number))
    assert len(server.mails) == len(SUBJECTS)
    assert {tuple(mail.recipients) for mail in server.mails} == {("desk@example.org",)}


@pytest.mark.parametrize("text", ["..\r\n.\r\nMAIL FROM:<x@evil.test>", "From semua\n.\nQUIT", "x" * 5000])
def test_no_text_ends_the_mail_early(text: str) -> None:
    with MailServer().running() as server:
        sent(to(server), replace(MESSAGE, text=text))
    (mail,) = server.mails
    (part, _) = email.message_from_bytes(mail.content, policy=email.policy.default).iter_parts()
    assert part.get_content().replace("\r\n", "\n").rstrip("\n") == text.replace("\r\n", "\n")


def test_a_message_without_html_is_text_alone() -> None:
    parsed = email.message_from_bytes(compose(replace(MESSAGE, html="", thread=None), "k", DESK))
    assert [part.get_content_type() for part in parsed.walk()] == ["multipart/alternative", "text/plain"]
    assert parsed["References"] is None


# ---------------------------------------------------------------- TLS and passwords


def test_starttls_with_a_password_from_a_file_read_when_sending(certificates: Certificates, tmp_path: Path) -> None:
    secret = tmp_path / "smtp"
    with MailServer(user="siaga", password="rahasia").running(certificates.server) as server:
        settings = replace(DESK, tls="starttls", username="siaga", password_file=secret)
        channel = to(server, settings, certificates)
        secret.write_text("rahasia\n")
        sent(channel)
    assert server.logins == [("rahasia", True)]
    assert server.mails[0].encrypted


def test_tls_from_the_first_byte(certificates: Certificates) -> None:
    with MailServer().running(certificates.server, implicit=True) as server:
        sent(to(server, replace(DESK, tls="tls"), certificates))
    assert len(server.mails) == 1


def test_where_starttls_is_not_offered_nothing_is_sent() -> None:
    settings = replace(DESK, tls="starttls", username="siaga", password=Secret("rahasia"))
    with (
        MailServer(user="siaga", password="rahasia").running() as server,
        pytest.raises(ChannelError, match="STARTTLS") as caught,
    ):
        sent(to(server, settings))
    assert not caught.value.permanent
    assert (server.mails, server.logins) == ([], [])


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_certificate_that_does_not_verify_stops_everything(certificates: Certificates, tls: str) -> None:
    settings = replace(DESK, tls=tls, username="siaga", password=Secret("rahasia"))  # type: ignore[arg-type]
    with (
        MailServer(user="siaga", password="rahasia").running(certificates.server, implicit=tls == "tls") as server,
        pytest.raises(ChannelError, match="TLS failed") as caught,
    ):
        sent(to(server, settings))  # without our authority
    assert not caught.value.permanent
    assert (server.mails, server.logins) == ([], [])


def test_a_password_is_never_sent_in_clear() -> None:
    settings = replace(DESK, username="siaga", password=Secret("rahasia"))
    with (
        MailServer(user="siaga", password="rahasia").running() as server,
        pytest.raises(ChannelError, match="without TLS") as caught,
    ):
        sent(to(server, settings))
    assert caught.value.permanent
    assert server.logins == []


def test_a_wrong_password_can_be_mended_so_the_message_waits_and_the_error_does_not_repeat_it(
    certificates: Certificates,
) -> None:
    settings = replace(DESK, tls="starttls", username="siaga", password=Secret("salah-sandi"))
    with (
        MailServer(user="siaga", password="rahasia").running(certificates.server) as server,
        pytest.raises(ChannelError, match="535") as caught,
    ):
        sent(to(server, settings, certificates))
    assert not caught.value.permanent
    assert "salah-sandi" not in caught.value.reason


def test_a_password_file_that_is_missing_is_named_and_may_come_back(tmp_path: Path) -> None:
    settings = replace(DESK, tls="starttls", username="siaga", password_file=tmp_path / "nihil")
    with pytest.raises(ChannelError, match="nihil cannot be read") as caught:
        sent(EmailChannel(settings))
    assert not caught.value.permanent


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [("451 try later", False), ("452 mailbox full", False), ("550 no such user", True), ("554 spam", True)],
)
def test_the_first_digit_decides_whether_to_try_again(answer: str, permanent: bool) -> None:
    with MailServer(data_answer=answer).running() as server, pytest.raises(ChannelError, match=answer) as caught:
        sent(to(server))
    assert caught.value.permanent is permanent


def test_one_refused_recipient_does_not_make_the_others_get_it_twice() -> None:
    settings = replace(DESK, to=("a@example.org", "b@example.org"))
    with MailServer(refuse={"b@example.org": "550 no such user"}).running() as server:
        answer = sent(to(server, settings))
    assert server.mails[0].recipients == ["a@example.org"]
    assert answer == "250 OK queued as A1B2 (not taken: b@example.org 550 no such user)"


@pytest.mark.parametrize(
    ("second", "permanent"),
    [("550 no such user", True), ("450 greylisted", False)],  # while one may still take it, it is tried again
)
def test_where_all_are_refused_the_mildest_refusal_decides(second: str, permanent: bool) -> None:
    settings = replace(DESK, to=("a@example.org", "b@example.org"))
    refuse = {"a@example.org": "550 no such user", "b@example.org": second}
    with MailServer(refuse=refuse).running() as server, pytest.raises(ChannelError) as caught:
        sent(to(server, settings))
    assert caught.value.permanent is permanent


# ---------------------------------------------------------------- bad servers


@contextmanager
def talking(say: bytes, *, pause: float = 0.0) -> Iterator[int]:
    """A server that says these bytes one by one and then hangs up; its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            try:
                for byte in say:
                    connection.sendall(bytes([byte]))
                    time.sleep(pause)
            except OSError:
                pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        thread.join(5)


def test_a_server_that_drips_is_left_at_the_deadline() -> None:
    with talking(b"220-" + b"a" * 400, pause=0.05) as port:
        channel = EmailChannel(replace(DESK, smarthost=f"127.0.0.1:{port}"), deadline_seconds=0.5)
        started = time.monotonic()
        with pytest.raises(ChannelError) as caught:
            sent(channel)
    assert not caught.value.permanent
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.1 200 OK\r\n\r\n", b"421 busy\r\n", b"\xff\xfe\r\n"])
def test_a_server_that_is_none_is_tried_again_later(greeting: bytes) -> None:
    with talking(greeting) as port, pytest.raises(ChannelError) as caught:
        sent(EmailChannel(replace(DESK, smarthost=f"127.0.0.1:{port}"), deadline_seconds=2))
    assert not caught.value.permanent


def test_a_closed_port_is_tried_again_later() -> None:
    with talking(b"") as port:
        pass
    with pytest.raises(ChannelError, match="no mail connection") as caught:
        sent(EmailChannel(replace(DESK, smarthost=f"127.0.0.1:{port}"), deadline_seconds=2))
    assert not caught.value.permanent


def no_such_name(*_: object, **__: object) -> None:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_a_name_that_does_not_resolve_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    channel = EmailChannel(replace(DESK, smarthost="nobody.invalid:25"), deadline_seconds=5)
    with pytest.raises(ChannelError, match="name does not resolve") as caught:
        sent(channel)
    assert not caught.value.permanent


@pytest.mark.parametrize(
    ("smarthost", "expected"),
    [
        ("smtp.example.org:2525", ("smtp.example.org", 2525)),
        ("smtp.example.org", ("smtp.example.org", 587)),
        ("[::1]:2525", ("::1", 2525)),
        ("[::1]", ("::1", 587)),
        ("::1", ("::1", 587)),
    ],
)
def test_a_smarthost_is_host_and_port(smarthost: str, expected: tuple[str, int]) -> None:
    assert host_and_port(smarthost, 587) == expected
