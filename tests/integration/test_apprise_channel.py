"""Chats, over the real library to a server on this machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from loopback import LoopbackServer
from notices import AT, notice, operator_notice

from alerts.channels.apprise import AppriseChannel
from alerts.render import Renderer
from collector.config.secret import Secret
from collector.config.settings import Apprise, Network
from collector.model.alert import Notice
from collector.model.errors import ChannelError

RENDERER = Renderer("id", ZoneInfo("Asia/Jakarta"))
MESSAGE = RENDERER.render(notice())
TOKEN = "rahasia-sekali"


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as running:
        yield running


def to(server: LoopbackServer, *, allowed: bool = True) -> AppriseChannel:
    network = Network(allow_private=(server.host_port,) if allowed else ())
    return AppriseChannel(Apprise(url=Secret(f"json://{server.host_port}/{TOKEN}")), network=network)


def refusal(channel: AppriseChannel) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        channel.send(MESSAGE, "kunci-1", now=AT)
    assert TOKEN not in caught.value.reason
    return caught.value


def test_a_chat_gets_the_subject_and_a_text_that_fits(server: LoopbackServer) -> None:
    server.answer(f"/{TOKEN}", status=200)
    receipt = to(server).send(MESSAGE, "kunci-1", now=AT)
    (request,) = server.requests
    body = json.loads(request.body)
    assert receipt.answer == "taken by JSON"
    assert body["title"] == MESSAGE.subject
    assert "34 sebutan mencurigakan dalam 6 jam" in body["message"]
    assert body["type"] == "warning"


def test_a_message_longer_than_a_chat_takes_is_cut(server: LoopbackServer) -> None:
    server.answer(f"/{TOKEN}", status=200)
    to(server).send(replace(MESSAGE, brief="panjang " * 1000), "kunci-1", now=AT)
    assert len(json.loads(server.requests[0].body)["message"]) <= 1900


@pytest.mark.parametrize(
    ("shown", "looks"), [(operator_notice(), "failure"), (notice(), "warning")], ids=["operator", "alert"]
)
def test_its_look_says_how_grave_it_is(server: LoopbackServer, shown: Notice, looks: str) -> None:
    server.answer(f"/{TOKEN}", status=200)
    to(server).send(RENDERER.render(shown), "kunci-1", now=AT)
    assert json.loads(server.requests[0].body)["type"] == looks


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (410, True), (413, True), (401, False), (404, False), (429, False), (500, False), (503, False)],
)
def test_what_a_refusal_means_is_read_from_its_status(server: LoopbackServer, status: int, permanent: bool) -> None:
    server.answer(f"/{TOKEN}", status=status)
    error = refusal(to(server))
    assert (error.reason, error.permanent) == (f"the chat service answered {status}", permanent)


def test_a_redirect_is_not_followed(server: LoopbackServer) -> None:
    server.answer(f"/{TOKEN}", status=307, headers={"Location": server.url("/other")})
    server.answer("/other", status=200)
    assert not refusal(to(server)).permanent
    assert [request.path for request in server.requests] == [f"/{TOKEN}"]


def test_an_address_inside_is_refused_unless_it_is_allowed(server: LoopbackServer) -> None:
    error = refusal(to(server, allowed=False))
    assert error.permanent
    assert "inside address (loopback)" in error.reason
    assert server.requests == []


def test_nobody_there_is_tried_again() -> None:
    network = Network(allow_private=("127.0.0.1:9",))
    error = refusal(AppriseChannel(Apprise(url=Secret(f"json://127.0.0.1:9/{TOKEN}")), network=network))
    assert not error.permanent


@pytest.mark.parametrize("url", ["nonsense://x", "json://", "", "tgram://"])
def test_an_address_that_means_nothing_is_refused_for_good(url: str) -> None:
    error = refusal(AppriseChannel(Apprise(url=Secret(url))))
    assert (error.reason, error.permanent) == ("apprise does not understand the address", True)


def test_without_the_library_the_message_waits_and_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    error = refusal(AppriseChannel(Apprise(url=Secret("json://example.org"))))
    assert not error.permanent
    assert 'pip install "siaga[chat]"' in error.reason


def test_the_address_is_in_no_log(server: LoopbackServer, caplog: pytest.LogCaptureFixture) -> None:
    server.answer(f"/{TOKEN}", status=500)
    refusal(to(server))
    assert TOKEN not in caplog.text
