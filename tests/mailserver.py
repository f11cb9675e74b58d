"""A real SMTP server on loopback (aiosmtpd) that keeps what it is sent and answers as a test wants it to."""

from __future__ import annotations

import asyncio
import email
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


@dataclass
class Mail:
    """One accepted mail: its envelope, its bytes and whether it came over TLS."""

    sender: str
    recipients: list[str]
    content: bytes
    encrypted: bool

    @property
    def message(self) -> Message:
        return email.message_from_bytes(self.content)


@dataclass
class MailServer:
    """``refuse``: answers by recipient address. ``data_answer``: the answer to the mail itself."""

    user: str | None = None
    password: str | None = None
    refuse: dict[str, str] = field(default_factory=dict)
    data_answer: str = "250 OK queued as A1B2"
    mails: list[Mail] = field(default_factory=list)
    logins: list[tuple[str, bool]] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks for this name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - as above
        if self.data_answer.startswith("250"):
            self.mails.append(
                Mail(
                    sender=envelope.mail_from,
                    recipients=list(envelope.rcpt_tos),
                    content=envelope.original_content,
                    encrypted=session.ssl is not None,
                )
            )
        return self.data_answer

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, auth: Any) -> AuthResult:
        assert isinstance(auth, LoginPassword)
        self.logins.append((auth.password.decode(), session.ssl is not None))
        right = (auth.login.decode(), auth.password.decode()) == (self.user, self.password)
        return AuthResult(success=right, handled=right)

    @contextmanager
    def running(self, tls: ssl.SSLContext | None = None, *, implicit: bool = False) -> Iterator[MailServer]:
        """``tls`` offers STARTTLS, or speaks TLS from the first byte where ``implicit``."""
        loop = asyncio.new_event_loop()

        def connection() -> SMTP:
            return SMTP(
                self,
                hostname="localhost",
                loop=loop,
                tls_context=None if implicit else tls,
                authenticator=self.authenticate,
                auth_require_tls=not implicit and tls is not None,
                auth_exclude_mechanism=["CRAM-MD5"],
                timeout=30,
            )

        async def start() -> asyncio.Server:
            return await loop.create_server(connection, "127.0.0.1", 0, ssl=tls if implicit else None)

        server = loop.run_until_complete(start())
        self.port = server.sockets[0].getsockname()[1]
        thread = threading.Thread(target=loop.run_forever, name="mailserver", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(_closed(server), loop).result(5)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)
            loop.close()


async def _closed(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@dataclass(frozen=True)
class Certificates:
    """An authority of our own: what the server shows, and what the client verifies it against."""

    server: ssl.SSLContext
    bundle: Path

    @classmethod
    def made(cls, folder: Path, *names: str) -> Certificates:
        authority = trustme.CA()
        bundle = folder / "authority.pem"
        authority.cert_pem.write_to_path(bundle)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*names).configure_cert(server)
        return cls(server=server, bundle=bundle)
