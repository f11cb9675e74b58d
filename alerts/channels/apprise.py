"""``apprise``: chat services (Telegram, Slack, Discord, Teams ...), through the library of that name.

What the library does itself: it connects, with its own time-outs (4 s to connect and 4 s to read, unless the address
says otherwise) and its own certificates. What is done here: redirects are switched off; where the address names a host
of one's own (json://, gotify://, mattermost:// ...), that host is looked up first and refused if it lies inside and
``network.allow_private`` does not name it. Between that look and the library's own connection the name could change
its meaning: whoever must rule that out uses a webhook, whose connection is checked once more when it stands.

The library says only whether it worked; the status of a failure is read from its log.
"""

from __future__ import annotations

import re
import socket
from datetime import datetime
from typing import TYPE_CHECKING, Any

from alerts.channels.base import Message, Receipt
from alerts.text import clean_header, clean_line, clean_text
from collector.config.settings import Apprise, Network
from collector.model.alert import NoticeType
from collector.model.errors import ChannelError

if TYPE_CHECKING:
    from types import ModuleType

LOOKUP_SECONDS = 5.0
MOST_CHARACTERS = 1900  # the least roomy of the large services takes 2,000
REFUSED_FOR_GOOD = frozenset({400, 405, 410, 413, 414, 415, 422})
EMPTY = "—"  # the library sends nothing that says nothing
NOT_INSTALLED = 'apprise is not installed: pip install "siaga[chat]"'
_STATUS = re.compile(r"\berror=(\d{3})\b")
_LOOKS = {
    NoticeType.RESOLVED.value: "success",
    NoticeType.DEGRADED.value: "failure",
    NoticeType.TEST.value: "info",
}


class AppriseChannel:
    """One receiver. ``network`` says which private addresses may be reached."""

    def __init__(self, settings: Apprise, *, network: Network | None = None, ca_bundle: str | None = None) -> None:
        self._url = settings.url.reveal()
        self._network = network or Network()

    def send(self, message: Message, key: str, *, now: datetime) -> Receipt:
        apprise = _library()
        client = apprise.Apprise(asset=_asset(apprise))
        service = apprise.Apprise.instantiate(self._url, asset=client.asset)
        if service is None or not client.add(service):
            raise ChannelError("apprise does not understand the address", permanent=True)
        self._refuse_inside(service)
        result = client.notify(
            body=_clipped(clean_text(message.brief or message.text)) or EMPTY,
            title=clean_header(message.subject),
            notify_type=_LOOKS.get(message.type, "warning"),
            body_format=apprise.NotifyFormat.TEXT,
        )
        if not result:
            raise _refusal([entry.message for entry in result.logs()])
        return Receipt(answer=f"taken by {clean_line(str(service.service_name), 60)}")

    def _refuse_inside(self, service: Any) -> None:
        """Raises ChannelError where the address names a host inside that is not allowed."""
        from collector.net.address import AddressPolicy
        from collector.net.deadline import Deadline, DeadlinePassed
        from collector.net.names import lookup

        if not _names_a_host(service):
            return
        host = str(service.host)
        port = service.port if isinstance(service.port, int) else (443 if getattr(service, "secure", False) else 80)
        policy = AddressPolicy.from_texts(self._network.allow_private)
        try:
            found = lookup(host, port, Deadline(LOOKUP_SECONDS))
        except (socket.gaierror, DeadlinePassed):
            raise ChannelError("no connection: the host's name does not resolve", permanent=False) from None
        for _, address in found:
            why = policy.refusal(str(address[0]), host, port)
            if why is not None:
                raise ChannelError(f"address refused: {why}", permanent=True)


def _library() -> ModuleType:
    """Loaded by the first message: it is large. Raises ChannelError."""
    try:
        import apprise
    except ImportError:
        # Whoever runs this can install it: the message waits.
        raise ChannelError(NOT_INSTALLED, permanent=False) from None
    return apprise


def _asset(apprise: ModuleType) -> Any:
    """One message at a time, and no redirect followed."""
    return apprise.AppriseAsset(async_mode=False, http_redirects=False, app_id="Siaga", app_desc="Siaga")


def _names_a_host(service: Any) -> bool:
    """Whether the address's host is one to connect to. Most services have a fixed one, and a token in its place."""
    return any("{host}" in template for template in getattr(service, "templates", ()))


def _clipped(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1].rstrip() + "…"


def _refusal(heard: list[str]) -> ChannelError:
    """The library's words may quote the address, so only the status is taken from them."""
    statuses = [int(found.group(1)) for line in heard if (found := _STATUS.search(line))]
    if not statuses:
        return ChannelError("the chat service was not reached, or refused without a status", permanent=False)
    status = statuses[-1]
    return ChannelError(f"the chat service answered {status}", permanent=status in REFUSED_FOR_GOOD)
