"""What every channel promises. A new one joins by one line: a bench that can take, refuse and hang up."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Protocol
from zoneinfo import ZoneInfo

import pytest
from hostile import SUBJECTS
from loopback import LoopbackServer
from mailserver import MailServer
from notices import AT, notice, operator_notice

from alerts.channels.apprise import AppriseChannel
from alerts.channels.base import Channel
from alerts.channels.console import ConsoleChannel
from alerts.channels.email import EmailChannel
from alerts.channels.webhook import WebhookChannel
from alerts.render import Renderer
from alerts.sample import sample_notice
from collector.config.secret import Secret
from collector.config.settings import Apprise, Email, Network, Webhook
from collector.model.errors import ChannelError

RENDERER = Renderer("id", ZoneInfo("Asia/Jakarta"))
MESSAGE = RENDERER.render(notice())


class Bench(Protocol):
    """A receiver of one kind, and the channel to it."""

    channel: Channel

    def received(self) -> list[tuple[str | None, str]]:
        """Key (where the kind can carry one) and raw content of each message."""

    def fail(self) -> None:
        """From now on it cannot take messages, but may again later."""


class ConsoleBench:
    def __init__(self) -> None:
        self._stream = io.StringIO()
        self.channel = ConsoleChannel(stream=self._stream)

    def received(self) -> list[tuple[str | None, str]]:
        text = self._stream.getvalue()
        return [(None, text)] if text else []

    def fail(self) -> None:
        self._stream.close()


class MailBench:
    def __init__(self, server: MailServer) -> None:
        self._server = server
        self.channel = EmailChannel(
            Email(to=("a@example.org",), sender="s@example.org", smarthost=f"127.0.0.1:{server.port}", tls="none")
        )

    def received(self) -> list[tuple[str | None, str]]:
        return [(mail.message["Message-ID"], mail.content.decode()) for mail in self._server.mails]

    def fail(self) -> None:
        self._server.data_answer = "451 later"


class WebhookBench:
    def __init__(self, server: LoopbackServer) -> None:
        self._server = server
        server.answer("/hook", status=204)
        self.channel = WebhookChannel(
            Webhook(url=Secret(server.url("/hook")), secret=Secret("rahasia")),
            network=Network(allow_private=(server.host_port,)),
        )

    def received(self) -> list[tuple[str | None, str]]:
        return [(request.headers["webhook-id"], request.body.decode()) for request in self._server.requests]

    def fail(self) -> None:
        self._server.forget("/hook")
        self._server.answer("/hook", status=503)


class AppriseBench:
    def __init__(self, server: LoopbackServer) -> None:
        self._server = server
        server.answer("/chat", status=200)
        self.channel = AppriseChannel(
            Apprise(url=Secret(f"json://{server.host_port}/chat")), network=Network(allow_private=(server.host_port,))
        )

    def received(self) -> list[tuple[str | None, str]]:
        return [(None, "\n".join(map(str, json.loads(request.body).values()))) for request in self._server.requests]

    def fail(self) -> None:
        self._server.forget("/chat")
        self._server.answer("/chat", status=503)


@contextmanager
def console() -> Iterator[Bench]:
    yield ConsoleBench()


@contextmanager
def mail() -> Iterator[Bench]:
    with MailServer().running() as server:
        yield MailBench(server)


@contextmanager
def webhook() -> Iterator[Bench]:
    with LoopbackServer() as server:
        yield WebhookBench(server)


@contextmanager
def chat() -> Iterator[Bench]:
    with LoopbackServer() as server:
        yield AppriseBench(server)


BENCHES = [
    console,
    mail,
    webhook,
    chat,
]


@pytest.fixture(params=BENCHES, ids=lambda make: make.__name__)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with ExitStack() as stack:
        yield stack.enter_context(request.param())


def test_a_message_arrives_and_the_answer_comes_back(bench: Bench) -> None:
    receipt = bench.channel.send(MESSAGE, "kunci-1", now=AT)
    assert len(bench.received()) == 1
    assert receipt.answer


def test_a_repeat_carries_the_same_key(bench: Bench) -> None:
    for _ in range(2):
        bench.channel.send(MESSAGE, "kunci-1", now=AT)
    assert len({key for key, _ in bench.received()}) == 1


def test_another_delivery_has_another_key(bench: Bench) -> None:
    for key in ("kunci-1", "kunci-2"):
        bench.channel.send(MESSAGE, key, now=AT)
    found = {key for key, _ in bench.received()}
    assert found == {None} or len(found) == 2


def test_a_receiver_that_cannot_take_it_now_may_be_tried_again(bench: Bench) -> None:
    bench.fail()
    with pytest.raises(ChannelError) as caught:
        bench.channel.send(MESSAGE, "kunci-1", now=AT)
    assert not caught.value.permanent
    assert caught.value.reason.isprintable()


@pytest.mark.parametrize("kind", [notice(), operator_notice(), sample_notice(AT), sample_notice(AT, resolved=True)])
def test_every_kind_of_notice_can_be_sent(bench: Bench, kind: object) -> None:
    bench.channel.send(RENDERER.render(kind), "kunci-1", now=AT)  # type: ignore[arg-type]
    assert len(bench.received()) == 1


def test_hostile_subjects_and_texts_do_no_harm(bench: Bench) -> None:
    for number, words in enumerate(SUBJECTS):
        bench.channel.send(replace(MESSAGE, subject=words, text=words, brief=words), f"kunci-{number}", now=AT)
    for _, content in bench.received():
        assert not any(character in content for character in "\x1b\x00\x0b\x85\u2028\u202e")
