"""Webhooks to a real receiver: signature, answers, and where they must not go."""

from __future__ import annotations

import base64
import gzip
import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from loopback import Answer, LoopbackServer, Request
from mailserver import Certificates
from notices import AT, notice
from standardwebhooks import Webhook as Verifier

from alerts.channels.webhook import WebhookChannel, sign, signing_keys
from alerts.render import Renderer
from collector.config.secret import Secret
from collector.config.settings import Network, Webhook
from collector.model.errors import ChannelError

MESSAGE = Renderer("id", ZoneInfo("Asia/Jakarta")).render(notice())
SECRET = "whsec_" + base64.b64encode(b"kunci rahasia yang cukup panjang").decode()
TOKEN = "token-rahasia"


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as running:
        yield running


def to(
    server: LoopbackServer,
    *,
    secret: str | None = SECRET,
    allow: tuple[str, ...] | None = None,
    deadline_seconds: float = 20,
) -> WebhookChannel:
    settings = Webhook(url=Secret(server.url(f"/hook?{TOKEN}")), secret=Secret(secret) if secret else None)
    network = Network(allow_private=(server.host_port,) if allow is None else allow)
    return WebhookChannel(settings, network=network, deadline_seconds=deadline_seconds)


def refusal(server: LoopbackServer, now: datetime = AT, deadline_seconds: float = 20) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        to(server, deadline_seconds=deadline_seconds).send(MESSAGE, "kunci-1", now=now)
    assert TOKEN not in caught.value.reason
    return caught.value


# ---------------------------------------------------------------- what arrives


def test_the_body_is_type_timestamp_and_data(server: LoopbackServer) -> None:
    server.answer("/hook", body="terima kasih")
    receipt = to(server).send(MESSAGE, "kunci-1", now=AT)
    (request,) = server.requests
    body = json.loads(request.body)
    assert (request.method, request.path) == ("POST", f"/hook?{TOKEN}")
    assert set(body) == {"type", "timestamp", "data"}
    assert (body["type"], body["timestamp"]) == ("alert.firing", "2026-11-25T03:30:00Z")
    assert body["data"]["count"] == 34
    assert request.headers["content-type"] == "application/json"
    assert receipt.answer == "200 OK: terima kasih"


def test_the_reference_library_accepts_the_signature(server: LoopbackServer) -> None:
    server.answer("/hook", status=204)
    to(server).send(MESSAGE, "kunci-1", now=datetime.now(UTC))
    (request,) = server.requests
    Verifier(SECRET).verify(request.body.decode(), dict(request.headers))
    assert request.headers["webhook-id"] == "kunci-1"


def test_the_vector_of_the_specification() -> None:
    """https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md and its libraries"""
    (key,) = signing_keys("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    signature = sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_repeat_keeps_its_id_and_signs_its_own_moment(server: LoopbackServer) -> None:
    server.answer("/hook", status=204)
    channel = to(server)
    channel.send(MESSAGE, "kunci-1", now=AT)
    channel.send(MESSAGE, "kunci-1", now=AT + timedelta(hours=2))
    first, second = server.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 7200


def test_without_a_secret_nothing_is_signed(server: LoopbackServer) -> None:
    server.answer("/hook", status=204)
    to(server, secret=None).send(MESSAGE, "kunci-1", now=AT)
    assert "webhook-signature" not in server.requests[0].headers


def test_a_secret_without_its_prefix_serves_both_ways_of_reading_it(server: LoopbackServer) -> None:
    """Base64 without ``whsec_``: the reference libraries decode it; others take it as it is."""
    server.answer("/hook", status=204)
    bare = SECRET.removeprefix("whsec_")
    now = datetime.now(UTC)
    to(server, secret=bare).send(MESSAGE, "kunci-1", now=now)
    (request,) = server.requests
    Verifier(bare).verify(request.body.decode(), dict(request.headers))
    raw = sign(bare.encode(), "kunci-1", now, request.body)
    assert raw in request.headers["webhook-signature"].split()


def test_a_plain_word_as_secret_is_used_as_it_is() -> None:
    assert signing_keys("rahasia desa") == (b"rahasia desa",)
    with pytest.raises(ValueError, match="must be base64"):
        signing_keys("whsec_bukan base64")


# ---------------------------------------------------------------- answers


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        (410, True),  # gone: wants no more
        (400, True),  # read and refused, the same message cannot fare better
        (413, True),
        (422, True),
        (401, False),  # the rest its operator can mend
        (403, False),
        (404, False),
        (409, False),
        (429, False),
        (500, False),
        (502, False),
        (503, False),
    ],
)
def test_which_answers_are_final(server: LoopbackServer, status: int, permanent: bool) -> None:
    server.answer("/hook", status=status)
    error = refusal(server)
    assert error.permanent is permanent
    assert f"the receiver answered {status}" in error.reason


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", timedelta(minutes=2)),
        (format_datetime(AT + timedelta(minutes=5), usegmt=True), timedelta(minutes=5)),
        (format_datetime(AT - timedelta(minutes=5), usegmt=True), None),  # has passed
        ("99999999999999", timedelta(days=1)),
        ("nanti", None),
        ("-5", None),
        ("٣", None),  # a digit, but no ASCII one
        ("Fri, 01 Jan 2027 00:00:00 -99999999999999999999", None),  # no such zone
        ("Fri, 31 Dec 9999 23:59:59 -2359", timedelta(days=1)),
    ],
)
def test_retry_after_is_seconds_or_a_date(server: LoopbackServer, value: str, expected: timedelta | None) -> None:
    raw = f"HTTP/1.1 503 X\r\nRetry-After: {value}\r\nContent-Length: 0\r\n\r\n".encode()
    server.answer("/hook", raw=raw)
    assert refusal(server).retry_after == expected


def test_an_answer_is_quoted_short_and_clean(server: LoopbackServer) -> None:
    server.answer("/hook", status=500, body="\x1b[2Jrusak\r\n" + "x" * 5000)
    reason = refusal(server).reason
    assert "[2Jrusak xxx" in reason
    assert reason.isprintable()
    assert len(reason) < 300


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 999\r\n\r\nseteng",  # breaks off
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",  # no chunk
        b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",  # no gzip
    ],
)
def test_a_broken_body_does_not_undo_an_acceptance(server: LoopbackServer, rest: bytes) -> None:
    server.answer("/hook", raw=b"HTTP/1.1 200 OK\r\n" + rest)
    assert to(server).send(MESSAGE, "kunci-1", now=AT).answer.startswith("200 OK")


def test_a_status_without_a_name_is_quoted_as_a_number(server: LoopbackServer) -> None:
    server.answer("/hook", raw=b"HTTP/1.1 599\r\nContent-Length: 0\r\n\r\n")
    assert refusal(server).reason == "the receiver answered 599"


def test_a_redirect_is_not_followed(server: LoopbackServer) -> None:
    server.answer("/hook", status=307, headers={"Location": server.url("/lain")})
    error = refusal(server)
    assert not error.permanent
    assert [request.path for request in server.requests] == [f"/hook?{TOKEN}"]


# ---------------------------------------------------------------- where it must not go


def test_a_private_address_is_refused_for_good_unless_allowed(server: LoopbackServer) -> None:
    with pytest.raises(ChannelError, match="address refused") as caught:
        to(server, allow=()).send(MESSAGE, "kunci-1", now=AT)
    assert caught.value.permanent
    assert server.requests == []


def test_a_certificate_that_does_not_verify_stops_it(tmp_path: Path) -> None:
    certificates = Certificates.made(tmp_path, "127.0.0.1")
    with LoopbackServer(tls=certificates.server) as server:
        server.answer("/hook", status=204)
        assert "certificate" in refusal(server).reason
        settings = Webhook(url=Secret(server.url("/hook")), secret=Secret(SECRET))
        network = Network(allow_private=(server.host_port,))
        trusting = WebhookChannel(settings, network=network, ca_bundle=str(certificates.bundle))
        assert trusting.send(MESSAGE, "kunci-1", now=AT).answer == "204 No Content"


def test_nobody_there_is_tried_again_and_the_address_stays_secret() -> None:
    with LoopbackServer() as server:
        channel = to(server)
    with pytest.raises(ChannelError) as caught:
        channel.send(MESSAGE, "kunci-1", now=AT)
    assert not caught.value.permanent
    assert TOKEN not in caught.value.reason
    assert "connection refused" in caught.value.reason


def no_such_name(*_: object, **__: object) -> None:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_a_name_that_does_not_resolve_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    channel = WebhookChannel(Webhook(url=Secret("https://nobody.invalid/hook")))
    with pytest.raises(ChannelError, match="name does not resolve") as caught:
        channel.send(MESSAGE, "kunci-1", now=AT)
    assert not caught.value.permanent


@pytest.mark.parametrize("url", ["ftp://example.org/x", "bukan alamat", "http://", "http://[::1"])
def test_an_impossible_address_is_final(url: str) -> None:
    with pytest.raises(ChannelError) as caught:
        WebhookChannel(Webhook(url=Secret(url))).send(MESSAGE, "kunci-1", now=AT)
    assert caught.value.permanent


def test_a_receiver_that_drips_is_left_at_the_deadline(server: LoopbackServer) -> None:

    def slowly(_: Request) -> Answer:
        time.sleep(1.5)
        return Answer(status=204)

    server.answer("/hook", slowly)
    started = time.monotonic()
    error = refusal(server, deadline_seconds=0.5)
    assert not error.permanent
    assert time.monotonic() - started < 1.4


def test_the_body_of_a_redirect_is_not_read(server: LoopbackServer) -> None:
    """Packed, 60 kB are 60 MB: reading them took seconds and would be done for nothing."""
    bomb = gzip.compress(bytes(60_000_000))
    headers = {"Location": "http://[::1", "Content-Encoding": "gzip"}
    server.answer("/hook", status=302, headers=headers, body=bomb)
    started = time.process_time()
    assert refusal(server).reason == "the receiver answered 302 Found"
    assert time.process_time() - started < 0.2
