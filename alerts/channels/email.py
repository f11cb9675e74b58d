"""``email``: text, HTML and its picture in one message, over SMTP with TLS.

``tls: starttls`` means required: where the server does not offer it the message waits, it is never sent in clear; and a
password is never sent without TLS. Headers are cleaned before the mail library sees them, because of 25 hostile
subjects it let two inject a header and failed on fifteen (STACK.md). One deadline spans the whole conversation.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from datetime import datetime
from email.charset import QP, Charset
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import format_datetime, formataddr, parseaddr
from hashlib import blake2b

from alerts.channels.base import Message, Receipt, Refusal
from alerts.channels.smtp import BoundedSMTP, Refused
from alerts.text import clean_header, clean_line
from collector.config.settings import Email, Network
from collector.model.errors import ChannelError

DEADLINE_SECONDS = 55.0  # with the goodbye no thread is held beyond a minute
PORTS = {"tls": 465, "starttls": 587, "none": 25}
SHOWN_ANSWER = 200


class EmailChannel:
    """One receiver. ``ca_bundle`` is a PEM file to verify the server's certificate against (None: the system's)."""

    def __init__(
        self,
        settings: Email,
        *,
        network: Network | None = None,
        ca_bundle: str | None = None,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._settings = settings
        self._ca_bundle = ca_bundle
        self._deadline_seconds = deadline_seconds
        self._host, self._port = host_and_port(settings.smarthost, PORTS[settings.tls])
        self._sender = parseaddr(settings.sender)[1]

    def send(self, message: Message, key: str, *, now: datetime) -> Receipt:
        content = compose(message, key, self._settings)
        recipients = self._recipients(message.only)
        return self._conversing(lambda smtp: self._hand_over(smtp, recipients, content))

    def probe(self) -> Receipt:
        """Connect, start TLS and log in; nothing is sent."""

        def ask(smtp: BoundedSMTP) -> Receipt:
            smtp.ehlo_or_helo_if_needed()
            return Receipt(answer="login accepted" if self._settings.username else "it answers, no login is configured")

        return self._conversing(ask)

    def _recipients(self, only: str | None) -> tuple[str, ...]:
        recipients = tuple(parseaddr(address)[1] for address in self._settings.to)
        if only is None:
            return recipients
        if only not in recipients:
            raise ChannelError(f"{clean_line(only)} is no longer an address of this receiver", permanent=True)
        return (only,)

    def _conversing(self, talk: Callable[[BoundedSMTP], Receipt]) -> Receipt:
        """Connect, start TLS, log in, talk, leave. Raises ChannelError."""
        if self._settings.username is not None and self._settings.tls == "none":
            raise ChannelError("refused to send a password without TLS: set tls to starttls or tls", permanent=True)
        password = self._password()
        try:
            return self._converse(talk, password)
        except ssl.SSLError as error:
            raise ChannelError(f"TLS failed: {error.reason or error}", permanent=False) from error
        except smtplib.SMTPNotSupportedError as error:
            raise ChannelError(f"{clean_line(str(error))}; nothing was sent", permanent=False) from error
        except smtplib.SMTPRecipientsRefused as error:
            raise _all_refused(error.recipients) from None
        except smtplib.SMTPAuthenticationError as error:
            # Whoever runs this can mend the password: the message waits, as it does for a webhook's 401.
            raise ChannelError(f"the mail server refused the login: {_said(error)}", permanent=False) from None
        except smtplib.SMTPResponseException as error:
            permanent = 500 <= error.smtp_code < 600
            raise ChannelError(f"the mail server answered {_said(error)}", permanent=permanent) from None
        except socket.gaierror:
            raise ChannelError("no mail connection: the server's name does not resolve", permanent=False) from None
        except ConnectionRefusedError:
            raise ChannelError(
                "no mail connection: nobody answers there (connection refused)", permanent=False
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelError(f"no mail connection: {clean_line(str(error))}", permanent=False) from error

    def _converse(self, talk: Callable[[BoundedSMTP], Receipt], password: str | None) -> Receipt:
        smtp = BoundedSMTP(
            self._host,
            self._port,
            context=self._tls_context() if self._settings.tls != "none" else None,
            implicit=self._settings.tls == "tls",
            greeting_name=_domain(self._sender),
            deadline_seconds=self._deadline_seconds,
        )
        try:
            if self._settings.tls == "starttls":
                smtp.starttls()
            if self._settings.username is not None:
                smtp.login(self._settings.username, password or "")
            return talk(smtp)
        finally:
            smtp.leave()

    def _hand_over(self, smtp: BoundedSMTP, recipients: tuple[str, ...], content: bytes) -> Receipt:
        refused, answer = smtp.submit(self._sender, recipients, content)
        return Receipt(answer=_answer(answer, refused), refused=tuple(_refusal(*one) for one in refused.items()))

    def _tls_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self._ca_bundle)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def _password(self) -> str | None:
        """Read when sending, so that a rotated file is picked up. Raises ChannelError where it cannot be read."""
        path = self._settings.password_file
        if path is None:
            return self._settings.password.reveal() if self._settings.password else None
        try:
            return path.read_text(encoding="utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise ChannelError(
                f"password_file {path} cannot be read: {type(error).__name__}", permanent=False
            ) from None


def compose(message: Message, key: str, settings: Email) -> bytes:
    """The whole mail as bytes with CRLF line ends: exactly these headers, whatever the message holds, and the same
    bytes on every attempt (``=_`` cannot occur in quoted-printable text, so the boundary is safe)."""
    domain = _domain(parseaddr(settings.sender)[1])
    mail = MIMEMultipart("alternative", boundary=f"=_{blake2b(key.encode(), digest_size=16).hexdigest()}")
    mail["From"] = _address(settings.sender)
    mail["To"] = ", ".join(_address(address) for address in settings.to)
    subject = Header(clean_header(message.subject), "utf-8", header_name="Subject")
    mail["Subject"] = subject  # type: ignore[assignment]  # the library takes a Header; its published types do not
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = f"<{_token(key)}@{domain}>"
    if message.thread is not None:
        mail["References"] = f"<{_token(message.thread)}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    mail["List-Id"] = f"Siaga <siaga.{domain}>"
    mail.attach(_part(message.text, "plain"))
    if message.html:
        mail.attach(_page(message, key))
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")


def _page(message: Message, key: str) -> MIMEBase:
    """The HTML, together with the pictures that it shows by their Content-ID (RFC 2392)."""
    page = _part(message.html, "html")
    if not message.pictures:
        return page
    boundary = f"=_{blake2b(key.encode(), digest_size=15).hexdigest()}"
    whole = MIMEMultipart("related", boundary=boundary, type="text/html")
    whole.attach(page)
    for picture in message.pictures:
        image = MIMEImage(picture.body, "png")
        image["Content-ID"] = f"<{re.sub(r'[^A-Za-z0-9._@-]', '-', picture.name)}>"
        image["Content-Disposition"] = 'inline; filename="siaga.png"'
        whole.attach(image)
    return whole


def _part(text: str, subtype: str) -> MIMENonMultipart:
    """Quoted-printable: readable in the raw file, and no line can be taken for SMTP or run too long."""
    charset = Charset("utf-8")
    charset.body_encoding = QP
    part = MIMENonMultipart("text", subtype, charset="utf-8")
    part.set_payload(text.encode("utf-8", "replace").decode("utf-8"), charset)
    return part


def _address(text: str) -> str:
    name, address = parseaddr(clean_line(text, 320))
    return formataddr((name, address))


def _token(text: str) -> str:
    """An identifier's left part: letters, digits, dots, dashes."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", text)


def _domain(address: str) -> str:
    """What stands after the @, for identifiers and the greeting."""
    return address.rpartition("@")[2] or "localhost"


def host_and_port(smarthost: str, default: int) -> tuple[str, int]:
    """``smtp.example.org:587``, ``[::1]:25`` or a bare host."""
    host, colon, port = smarthost.rpartition(":")
    if not colon or not port.isdigit() or host.endswith(":") or (":" in host and not host.endswith("]")):
        return smarthost.strip("[]"), default
    return host.strip("[]"), int(port)


def _refusal(address: str, said: tuple[int, bytes]) -> Refusal:
    return Refusal(
        address=address,
        reason=f"the mail server answered {_refusals({address: said})}",
        permanent=500 <= said[0] < 600,
    )


def _all_refused(recipients: Refused) -> ChannelError:
    codes = [code for code, _ in recipients.values()]
    return ChannelError(
        f"no recipient was taken: {_refusals(recipients)}", permanent=all(500 <= code < 600 for code in codes)
    )


def _refusals(recipients: Refused) -> str:
    return "; ".join(
        f"{address} {code} {clean_line(words.decode('utf-8', 'replace'), SHOWN_ANSWER)}"
        for address, (code, words) in recipients.items()
    )


def _said(error: smtplib.SMTPResponseException) -> str:
    words = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
    return f"{error.smtp_code} {clean_line(words.decode('utf-8', 'replace'), SHOWN_ANSWER)}"


def _answer(answer: str, refused: Refused) -> str:
    """What the server said, and who was left out: the others have it and must not get it twice."""
    said = clean_line(answer, SHOWN_ANSWER)
    return f"{said} (not taken: {_refusals(refused)})" if refused else said
