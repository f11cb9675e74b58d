"""The receiver that the page about webhooks prints, run as it stands there."""

from __future__ import annotations

import base64
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from notices import notice

from alerts.channels.webhook import WebhookChannel
from alerts.render import Renderer
from collector.config.secret import Secret
from collector.config.settings import Network, Webhook
from collector.model.errors import ChannelError

PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/webhook.md").read_text(encoding="utf-8")
SECRET = "whsec_" + base64.b64encode(b"r" * 32).decode()
MESSAGE = Renderer("id", ZoneInfo("Asia/Jakarta")).render(notice())


def program() -> str:
    (found,) = re.findall(r"```python\n(import base64.*?)```", PAGE, flags=re.S)
    return str(found)


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        number: int = free.getsockname()[1]
    script = tmp_path / "receiver.py"
    script.write_text(program(), encoding="utf-8")
    environ = {**os.environ, "SIAGA_WEBHOOK_SECRET": SECRET, "PORT": str(number)}
    with subprocess.Popen(
        [sys.executable, str(script)], env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as it:
        try:
            wait_for(number)
            yield number
        finally:
            it.kill()


def wait_for(port: int) -> None:
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
        except urllib.error.HTTPError:  # it answers, but takes POST alone
            return
        except OSError:
            time.sleep(0.02)  # it has just been started
    raise AssertionError("the receiver did not start")


def send(port: int, *, secret: str = SECRET, now: datetime | None = None) -> str:
    settings = Webhook(url=Secret(f"http://127.0.0.1:{port}/"), secret=Secret(secret))
    channel = WebhookChannel(settings, network=Network(allow_private=(f"127.0.0.1:{port}",)))
    return channel.send(MESSAGE, "kunci-1", now=now or datetime.now(UTC)).answer


def test_it_has_fifteen_lines() -> None:
    assert len([line for line in program().splitlines() if line.strip()]) <= 15


def test_it_takes_what_is_signed_and_fresh_and_nothing_else(port: int) -> None:
    assert send(port) == "204 No Content"
    other = "whsec_" + base64.b64encode(b"x" * 32).decode()
    with pytest.raises(ChannelError, match="401"):
        send(port, secret=other)
    with pytest.raises(ChannelError, match="401"):
        send(port, now=datetime.now(UTC) - timedelta(minutes=6))
