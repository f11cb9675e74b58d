"""The desk that receives: a mail server and a webhook receiver on loopback. Both write what arrives to files."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

from collector.demo.server import LoopbackServer, QuietHandler, serving
from collector.model.clock import Clock

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

# Standard Webhooks recommends five minutes. In the demo's hurry that is a few hundredths of a second, so a signature
# may be half a simulated day old.
TOLERANCE = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message as it was accepted: its parsed form, and where it lies."""

    message: EmailMessage
    eml: Path
    html: Path | None

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def to(self) -> str:
        return str(self.message["To"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return "" if part is None else "\n".join(str(part.get_content()).splitlines())


class MailDesk:
    """An SMTP server (aiosmtpd) that keeps every message as ``NNNN.eml`` and its HTML part as ``NNNN.html``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.mails: list[Mail] = []
        self.port = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content or b""
        self.mails.append(self._keep(content if isinstance(content, bytes) else content.encode()))
        return "250 Message accepted for delivery"

    def _keep(self, content: bytes) -> Mail:
        message = message_from_bytes(content, policy=policy.default)
        eml = self.folder / f"{len(self.mails) + 1:04}.eml"
        eml.write_bytes(content)
        page = message.get_body(("html",))
        html = None
        if page is not None:
            html = eml.with_suffix(".html")
            html.write_text(page.get_content(), "utf-8")
        return Mail(message=message, eml=eml, html=html)

    @contextmanager
    def running(self) -> Iterator[MailDesk]:
        """Serve on a free loopback port from a thread of its own, which has the event loop."""
        from aiosmtpd.smtp import SMTP

        loop = asyncio.new_event_loop()

        async def start() -> asyncio.Server:
            return await loop.create_server(
                lambda: SMTP(self, hostname="localhost", enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0
            )

        server = loop.run_until_complete(start())
        self.port = server.sockets[0].getsockname()[1]
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(_close(server), loop).result(5)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)
            loop.close()


async def _close(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One webhook call. ``fault`` says why it was refused; None if its signature was good."""

    id: str
    type: str
    path: Path
    fault: str | None


class HookDesk:
    """A webhook receiver that checks every signature and keeps the bodies as JSON files."""

    def __init__(self, folder: Path, secret: str, clock: Clock) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.calls: list[Call] = []
        self._secret = secret
        self._clock = clock
        self._taking = threading.Lock()  # calls come in threads of their own
        self._server = self._listen()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """Check and keep one call; returns the status to answer with. ``headers`` names in lower case."""
        fault = signature_fault(self._secret, headers, body, self._clock.now())
        kept = body if fault else _pretty(body)
        kind = "" if fault else str(json.loads(body).get("type", ""))
        with self._taking:
            path = self.folder / f"{len(self.calls) + 1:04}.{'refused' if fault else 'json'}"
            path.write_bytes(kept)
            self.calls.append(Call(id=headers.get("webhook-id", ""), type=kind, path=path, fault=fault))
        return 401 if fault else 204

    def _listen(self) -> LoopbackServer:
        desk = self

        class Handler(QuietHandler):
            def do_POST(self) -> None:  # noqa: N802 - http.server's name
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                status = desk.take({name.lower(): value for name, value in self.headers.items()}, body)
                self.reply(status, {}, b"")

        return LoopbackServer(("127.0.0.1", 0), Handler)

    @contextmanager
    def running(self) -> Iterator[HookDesk]:
        with serving(self._server):
            yield self


def _pretty(body: bytes) -> bytes:
    return json.dumps(json.loads(body), ensure_ascii=False, indent=2).encode() + b"\n"


def signature_fault(secret: str, headers: dict[str, str], body: bytes, now: datetime) -> str | None:
    """Why a call's signature is not good, or None.

    Written from the receiver's side of the Standard Webhooks specification (HMAC-SHA256 over ``id.timestamp.body``,
    base64, ``v1,`` in front; the header may hold several), independent of what signed it.
    """
    missing = [name for name in ("webhook-id", "webhook-timestamp", "webhook-signature") if name not in headers]
    if missing:
        return f"no {', '.join(missing)} header"
    try:
        sent_at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    except (ValueError, OverflowError):
        return "webhook-timestamp is not a number of seconds"
    if abs(now - sent_at) > TOLERANCE:
        return f"signed at {sent_at:%Y-%m-%d %H:%M}, which is not now"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    offered = [part[3:].encode() for part in headers["webhook-signature"].split() if part.startswith("v1,")]
    if not any(hmac.compare_digest(expected, one) for one in offered):
        return "the signature does not match"
    return None
