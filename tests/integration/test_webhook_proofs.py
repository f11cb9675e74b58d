"""From the outbox to webhook receivers that misbehave; the store is a file, time is an argument."""

from __future__ import annotations

import base64
import shutil
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from loopback import Answer, LoopbackServer, Request
from notices import notice
from standardwebhooks import Webhook as Verifier

from alerts.announcement import pending
from alerts.channels.base import Message, Receipt
from alerts.channels.webhook import WebhookChannel
from alerts.deliver import Deliver
from alerts.hold import gone_since, release
from alerts.notice import to_json
from alerts.render import Renderer
from collector.config.secret import Secret
from collector.config.settings import Network, Webhook
from collector.model.alert import Delivery, DeliveryState
from collector.store.sqlite.store import SqliteStore

NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECRET = "whsec_" + base64.b64encode(b"kunci rahasia yang cukup panjang").decode()
RENDERER = Renderer("id", ZoneInfo("Asia/Jakarta"))


class Pigeonhole:
    """Takes everything: for whoever operates Siaga."""

    def __init__(self) -> None:
        self.subjects: list[str] = []

    def send(self, message: Message, key: str, *, now: datetime) -> Receipt:
        self.subjects.append(message.subject)
        return Receipt(answer="ok")


class Office:
    """An outbox with one message for the system, and those who deliver it. ``entry`` is what stands in sources.yaml."""

    def __init__(self, folder: Path, empty: Path, server: LoopbackServer) -> None:
        shutil.copy(empty, folder / "siaga.db")
        self.store = SqliteStore(folder / "siaga.db")
        self.operator = Pigeonhole()
        self.entry = "lama"
        self.server = server
        self.writes()

    def writes(self, key: str = "kunci-1") -> None:
        self.store.outbox.add([pending("sistem", to_json(notice()), reason="first", key=key, at=NOW)])

    def ticks(self, after: timedelta = timedelta(0), *, port: int | None = None, seconds: float = 2.0) -> None:
        address = f"127.0.0.1:{port or self.server.port}"
        channel = WebhookChannel(
            Webhook(url=Secret(f"http://{address}/hook"), secret=Secret(SECRET)),
            network=Network(allow_private=(address,)),
            deadline_seconds=seconds,
        )
        Deliver(
            self.store,
            {"sistem": channel, "pengelola": self.operator},
            RENDERER,
            "w",
            operator=("pengelola",),
            entries={"sistem": self.entry},
            jitter=lambda: 0.0,
        ).tick(NOW + after)

    @property
    def states(self) -> list[DeliveryState]:
        return [d.state for d in reversed(self.store.outbox.list(limit=1000)) if d.receiver == "sistem"]

    @property
    def one(self) -> Delivery:
        (delivery,) = (d for d in self.store.outbox.list(limit=1000) if d.receiver == "sistem")
        return delivery

    @property
    def calls(self) -> list[str]:
        """The ids that came, in their order."""
        return [request.headers["webhook-id"] for request in self.server.asked("/hook")]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "siaga.db"
    SqliteStore(path).close()
    return path


@pytest.fixture
def office(tmp_path: Path, empty: Path) -> Iterator[Office]:
    with LoopbackServer() as server:
        made = Office(tmp_path, empty, server)
        yield made
        made.store.close()


def test_500_and_then_200_is_one_message_with_one_id(office: Office) -> None:
    office.server.answer("/hook", status=500)
    office.server.answer("/hook", status=200)
    for minute in range(3):
        office.ticks(minute * MINUTE)
    assert office.states == [DeliveryState.SENT]
    assert office.calls == ["kunci-1", "kunci-1"]
    first, second = office.server.asked("/hook")
    assert first.body == second.body


@contextmanager
def receiver(deed: str) -> Iterator[int]:
    """Takes connections and does no more (``silent``), or breaks them off (``reset``); its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    kept: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            kept.append(connection)
            if deed == "reset":
                connection.recv(100)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
        for connection in kept:
            connection.close()


@pytest.mark.parametrize("deed", ["silent", "reset"])
def test_silence_and_a_broken_connection_are_tried_again(office: Office, deed: str) -> None:
    office.server.answer("/hook", status=204)
    with receiver(deed) as port:
        started = time.monotonic()
        office.ticks(port=port, seconds=0.5)
        assert time.monotonic() - started < 2
    assert (office.one.state, office.one.attempts) == (DeliveryState.PENDING, 1)
    office.ticks(MINUTE)
    assert office.states == [DeliveryState.SENT]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed(office: Office, status: int) -> None:
    office.server.answer("/hook", status=status, headers={"Location": office.server.url("/lain")})
    office.server.answer("/lain", status=200)
    for minute in range(3):
        office.ticks(minute * MINUTE)
    assert office.one.state is DeliveryState.PENDING
    assert office.server.asked("/lain") == []


def test_429_waits_as_long_as_it_asks(office: Office) -> None:
    office.server.answer("/hook", status=429, headers={"Retry-After": "1800"})
    office.server.answer("/hook", status=200)
    office.ticks()
    office.ticks(29 * MINUTE)
    assert len(office.calls) == 1
    office.ticks(30 * MINUTE)
    assert office.states == [DeliveryState.SENT]


def test_an_answer_after_our_time_out_comes_to_a_repeat_with_the_same_id(office: Office) -> None:
    """The receiver took it, and said so too late: nobody but the receiver can tell that the repeat is one."""
    took = threading.Event()

    def late(request: Request) -> Answer:
        took.wait(1)
        return Answer(status=200)

    office.server.answer("/hook", late)
    office.server.answer("/hook", status=200)
    office.ticks(seconds=0.3)
    assert office.one.state is DeliveryState.PENDING
    assert "no answer within" in str(office.one.last_error)
    took.set()
    office.ticks(MINUTE)
    assert office.states == [DeliveryState.SENT]
    assert office.calls == ["kunci-1", "kunci-1"]


def test_every_repeat_verifies_with_the_published_library(office: Office) -> None:
    office.server.answer("/hook", status=500)
    office.server.answer("/hook", status=200)
    really = datetime.now(UTC) - NOW  # the library refuses old timestamps
    office.ticks(really - MINUTE)
    office.ticks(really)
    assert len(office.calls) == 2
    for request in office.server.asked("/hook"):
        Verifier(SECRET).verify(request.body.decode(), dict(request.headers))


# ---------------------------------------------------------------- gone


def test_a_receiver_that_is_gone_is_asked_no_more_and_the_operator_is_told_once(office: Office) -> None:
    for number in range(2, 9):
        office.writes(f"kunci-{number}")
    office.server.answer("/hook", status=410)
    for hour in range(5):
        office.ticks(timedelta(hours=hour))
    assert len(office.calls) <= 4  # those that went out side by side before the first answer was known
    assert office.states.count(DeliveryState.DEAD) == 1
    assert office.states.count(DeliveryState.PENDING) == 7
    assert office.operator.subjects == ["[Siaga] SISTEM: Penerima dinonaktifkan: sistem"]


def test_a_new_message_for_a_receiver_that_is_gone_waits_across_a_restart(office: Office) -> None:
    office.server.answer("/hook", status=410)
    office.ticks()
    office.writes("kunci-2")
    office.ticks(timedelta(days=3))  # each tick has a deliverer of its own: what is held lies in the store
    assert office.calls == ["kunci-1"]
    assert office.states == [DeliveryState.DEAD, DeliveryState.PENDING]
    assert list(gone_since(office.store)) == ["sistem"]


def test_another_entry_in_the_file_is_another_receiver(office: Office) -> None:
    office.server.answer("/hook", status=410)
    office.server.answer("/hook", status=200)
    office.ticks()
    office.writes("kunci-2")
    office.entry = "baru"
    office.ticks(MINUTE)
    assert office.calls == ["kunci-1", "kunci-2"]


def test_sending_one_again_opens_the_way_for_those_that_wait(office: Office) -> None:
    office.server.answer("/hook", status=410)
    office.server.answer("/hook", status=200)
    office.ticks()
    office.writes("kunci-2")
    office.store.outbox.resend(office.store.outbox.list(dead_only=True)[0].id, NOW)
    assert release(office.store, "sistem")
    assert not release(office.store, "sistem")
    office.ticks(MINUTE)
    assert office.states == [DeliveryState.SENT, DeliveryState.SENT]


def test_the_operator_is_told_again_when_it_is_gone_again(office: Office) -> None:
    office.server.answer("/hook", status=410)
    office.ticks()
    office.store.outbox.resend(office.store.outbox.list(dead_only=True)[0].id, NOW)
    release(office.store, "sistem")
    office.ticks(MINUTE)
    office.ticks(2 * MINUTE)
    assert len(office.operator.subjects) == 2
