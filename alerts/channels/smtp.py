"""An SMTP conversation with one deadline. smtplib's own timeout bounds each read, so a byte a second never ends."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from collector.net.deadline import Deadline
from collector.net.names import lookup

LEAVE_SECONDS = 2.0
SHORTEST_CONNECT = 2.0

Refused = Mapping[str, tuple[int, bytes]]


class _TimedSocket(socket.socket):
    """Asks the deadline before every read; smtplib reads through ``recv_into`` only."""

    deadline: Deadline

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(self.deadline.remaining())
        return super().recv_into(*args, **kwargs)


class _TimedTLSSocket(ssl.SSLSocket):
    """The same over TLS; and before every piece it writes, for ``sendall`` gives each its own time there."""

    deadline: Deadline

    def send(self, data: Any, flags: int = 0) -> int:
        if hasattr(self, "deadline"):  # the handshake comes before it is set
            self.settimeout(self.deadline.remaining())
        return super().send(data, flags)

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(self.deadline.remaining())
        return super().recv_into(*args, **kwargs)


class BoundedSMTP(smtplib.SMTP):
    """Connects when made. With ``implicit`` TLS is spoken from the first byte, else from :meth:`starttls` on.

    ``greeting_name`` is what we call ourselves; smtplib would ask the name server. Raises what smtplib and the socket
    raise; :class:`~collector.net.deadline.DeadlinePassed` is an OSError.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        context: ssl.SSLContext | None,
        implicit: bool,
        greeting_name: str,
        deadline_seconds: float,
    ) -> None:
        self._deadline = Deadline(deadline_seconds)
        self._context = context
        self._implicit = implicit
        if context is not None:
            context.sslsocket_class = _TimedTLSSocket
        super().__init__(host, port, local_hostname=greeting_name, timeout=deadline_seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """The one hook smtplib has for where a connection comes from (SMTP_SSL uses it too)."""
        sock = self._connected(host, port)
        if self._implicit and self._context is not None:
            try:
                return self._timed(self._context.wrap_socket(sock, server_hostname=host))
            except BaseException:
                sock.close()
                raise
        return sock

    def _connected(self, host: str, port: int) -> socket.socket:
        """Each address gets its share of the time that is left."""
        failure: OSError = OSError(f"{host} has no address")
        addresses = lookup(host, port, self._deadline)
        for index, (family, address) in enumerate(addresses):
            sock = _TimedSocket(family, socket.SOCK_STREAM)
            sock.deadline = self._deadline
            left = self._deadline.remaining()
            sock.settimeout(min(left, max(SHORTEST_CONNECT, left / (len(addresses) - index))))
            try:
                sock.connect(address)
            except OSError as error:
                sock.close()
                failure = error
                continue
            sock.settimeout(self._deadline.remaining())
            return sock
        raise failure

    def _timed(self, sock: ssl.SSLSocket) -> ssl.SSLSocket:
        assert isinstance(sock, _TimedTLSSocket)  # noqa: S101 - the context was told so; this is for the type checker
        sock.deadline = self._deadline
        return sock

    def starttls(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        """Raises SMTPNotSupportedError where the server does not offer it: there is no going on in clear."""
        answer = super().starttls(context=self._context)
        if answer[0] != 220 or not isinstance(self.sock, ssl.SSLSocket):
            raise smtplib.SMTPNotSupportedError("the mail server did not start TLS")
        self._timed(self.sock)
        return answer

    def send(self, s: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(self._deadline.remaining())  # sendall: total for the whole of it
        super().send(s)

    def submit(self, sender: str, recipients: Sequence[str], content: bytes) -> tuple[Refused, str]:
        """Hand the mail over; who was refused, and what the server said. Raises SMTPRecipientsRefused where all were.

        smtplib's ``sendmail`` does the same but keeps the server's last words to itself, which hold its queue number.
        """
        self.ehlo_or_helo_if_needed()
        self._expect(self.mail(sender), (250,))
        refused = {}
        for recipient in recipients:
            code, words = self.rcpt(recipient)
            if code not in (250, 251):
                refused[recipient] = (code, words)
        if len(refused) == len(recipients):
            raise smtplib.SMTPRecipientsRefused(refused)
        code, words = self._expect(self.data(content), (250,))
        return refused, f"{code} {words.decode('utf-8', 'replace')}"

    def _expect(self, answer: tuple[int, bytes], codes: Sequence[int]) -> tuple[int, bytes]:
        if answer[0] not in codes:
            raise smtplib.SMTPResponseException(*answer)
        return answer

    def leave(self) -> None:
        """Say goodbye. By now the mail is taken or not; no fault here may change that."""
        self._deadline = Deadline(LEAVE_SECONDS)
        if isinstance(self.sock, _TimedSocket | _TimedTLSSocket):
            self.sock.deadline = self._deadline
        with suppress(smtplib.SMTPException, OSError):
            self.quit()
        self.close()
