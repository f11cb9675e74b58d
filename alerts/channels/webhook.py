"""``webhook``: a POST by the Standard Webhooks specification, signed when a secret is set.

    webhook-id: the delivery's key, the same on every attempt     webhook-timestamp: seconds of this attempt
    webhook-signature: v1,<base64 HMAC-SHA256 of "id.timestamp.body">
    body: {"type": ..., "timestamp": ..., "data": {...}}, or with ``format: alertmanager`` that program's own

Which answers are final: 2xx took it; 410 never wants another; 400, 405, 413, 414, 415 and 422 were read and refused,
and the same message cannot fare better. Everything else (401, 403, 404, 429, 3xx, 5xx, no answer) is something its
operator can mend, so it is tried again on the schedule. Redirects are never followed: the secret signs for one address.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from alerts.alertmanager import payload_of
from alerts.channels.base import Message, Receipt
from alerts.text import clean_line
from collector import __version__
from collector.config.settings import Network, Webhook
from collector.model.clock import rfc3339
from collector.model.errors import ChannelError
from collector.net.retry_after import retry_after

if TYPE_CHECKING:
    import requests

    from collector.net.connection import GuardedAdapter

DEADLINE_SECONDS = 20.0
MAX_ANSWER_BYTES = 64 * 1024
SHOWN_ANSWER = 200
REFUSED_FOR_GOOD = frozenset({400, 405, 410, 413, 414, 415, 422})
PREFIX = "whsec_"


class WebhookChannel:
    """One receiver. ``network`` says which private addresses may be reached; ``ca_bundle`` verifies its certificate."""

    def __init__(
        self,
        settings: Webhook,
        *,
        network: Network | None = None,
        ca_bundle: str | None = None,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._url = settings.url.reveal()
        self._keys = signing_keys(settings.secret.reveal()) if settings.secret else ()
        self._format = settings.format
        self._receiver = settings.receiver
        self._network = network or Network()
        self._ca_bundle = ca_bundle
        self._deadline_seconds = deadline_seconds

    def send(self, message: Message, key: str, *, now: datetime) -> Receipt:
        content = self._body(message)
        with self._asking("POST", self._url, self._headers(key, now, content), content) as response:
            return _receipt(response, now)

    def probe(self) -> Receipt:
        """Whether the host answers, with a certificate that verifies. Its own address is not asked: a receiver is owed
        messages, not probes, and the address may hold a token."""
        headers = {"User-Agent": f"Siaga/{__version__}", "Connection": "close"}
        with self._asking("HEAD", _root_of(self._url), headers, None) as response:
            return Receipt(answer=f"its host answers ({response.status_code})")

    @contextmanager
    def _asking(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None
    ) -> Iterator[requests.Response]:
        import requests

        with closing(self._adapter()) as adapter:
            try:
                request = requests.Request(method, url, headers=dict(headers), data=content)
                response = adapter.send(request.prepare(), timeout=self._deadline_seconds)
            except (requests.RequestException, ValueError, OSError) as error:
                # The original names the address, which may hold a token.
                raise _unreached(error, self._deadline_seconds) from None
            with response:
                yield response

    def _body(self, message: Message) -> bytes:
        if self._format == "alertmanager":
            return as_json(payload_of(message, self._receiver))
        return body_of(message)

    def _adapter(self) -> GuardedAdapter:
        """A connection of its own for each message: they are hours apart, a kept one would only go stale.

        No ``Session`` around it: that reads and unpacks a redirect's body even where redirects are not followed.
        """
        from collector.net.address import AddressPolicy
        from collector.net.connection import GuardedAdapter

        return GuardedAdapter(
            AddressPolicy.from_texts(self._network.allow_private),
            ca_bundle=self._ca_bundle,
            max_answer_bytes=MAX_ANSWER_BYTES,
            pool_connections=1,
        )

    def _headers(self, key: str, now: datetime, content: bytes) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"Siaga/{__version__}",
            "Connection": "close",
            "webhook-id": key,
            "webhook-timestamp": str(int(now.timestamp())),
        }
        if self._keys:
            headers["webhook-signature"] = " ".join(sign(secret, key, now, content) for secret in self._keys)
        return headers


def body_of(message: Message) -> bytes:
    """The JSON body; described in ``collector/data/webhook.schema.json``."""
    content = {"type": message.type, "timestamp": rfc3339(message.at), "data": message.data}
    return as_json(content)


def as_json(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def signing_keys(secret: str) -> tuple[bytes, ...]:
    """The key bytes of a secret. ``whsec_`` marks base64, as the specification wants it.

    Another text is used as it is; but where it happens to be base64 of a key long enough (24 bytes), receivers built
    on the reference libraries read it so, and a second signature serves them. The header may hold several.
    Raises ValueError for a ``whsec_`` secret that is not base64.
    """
    if secret.startswith(PREFIX):
        return (_decoded(secret.removeprefix(PREFIX)),)
    try:
        decoded = _decoded(secret)
    except ValueError:
        return (secret.encode(),)
    return (secret.encode(), decoded) if len(decoded) >= 24 else (secret.encode(),)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("webhook secret: what follows whsec_ must be base64") from None


def sign(secret: bytes, key: str, now: datetime, content: bytes) -> str:
    """One signature of the header: ``v1,`` and the base64 of HMAC-SHA256 over id, timestamp and body."""
    signed = b".".join((key.encode(), str(int(now.timestamp())).encode(), content))
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def _receipt(response: requests.Response, now: datetime) -> Receipt:
    """Raises ChannelError where the answer is not 2xx."""
    status = response.status_code
    said = f"{status} {_reason(status)}".strip()
    words = _words(response)
    answer = f"{said}: {words}" if words else said
    if 200 <= status < 300:
        return Receipt(answer=answer)
    raise ChannelError(
        f"the receiver answered {answer}",
        permanent=status in REFUSED_FOR_GOOD,
        gone=status == HTTPStatus.GONE,
        retry_after=retry_after(response.headers.get("Retry-After"), now),
    )


def _words(response: requests.Response) -> str:
    """The first words of an answer's body; a redirect's body and one that breaks off are left unread."""
    if 300 <= response.status_code < 400:
        return ""
    from urllib3.exceptions import HTTPError

    try:
        start = response.raw.read(4 * SHOWN_ANSWER, decode_content=False)
    except (HTTPError, HTTPException, OSError):  # the status is known; no fault of the body may turn 2xx into a repeat
        return ""
    return clean_line(start.decode("utf-8", "replace"), SHOWN_ANSWER)


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _root_of(url: str) -> str:
    """The address of the host alone. Raises ValueError."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/"


def _unreached(error: Exception, seconds: float) -> ChannelError:
    """Without an answer: only a refused or impossible address is final. The text never names the address."""
    from requests import exceptions
    from urllib3.exceptions import NameResolutionError

    from collector.net.connection import RefusedConnection, cause_of

    if isinstance(error, RefusedConnection):
        return ChannelError(f"address refused: {error}", permanent=True)
    impossible = (exceptions.InvalidURL, exceptions.MissingSchema, exceptions.InvalidSchema, UnicodeError)
    if isinstance(error, impossible):
        return ChannelError("the receiver's url is no http(s) address", permanent=True)
    if isinstance(error, exceptions.Timeout):
        return ChannelError(f"no answer within {seconds:.0f} s", permanent=False)
    if isinstance(error, exceptions.SSLError):
        return ChannelError("its certificate could not be verified", permanent=False)
    if cause_of(error, NameResolutionError):
        return ChannelError("no connection: the host's name does not resolve", permanent=False)
    if cause_of(error, ConnectionRefusedError):
        return ChannelError("no connection: nobody answers there (connection refused)", permanent=False)
    return ChannelError(f"no connection ({type(error).__name__})", permanent=False)
