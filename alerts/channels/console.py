"""``console``: prints the message where Siaga runs. Needs nothing, so it is the receiver of a fresh installation."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TextIO

from alerts.channels.base import Message, Receipt
from alerts.text import clean_header, clean_text
from collector.config.settings import Console, Network
from collector.model.errors import ChannelError

RULE = "-" * 72


class ConsoleChannel:
    """Writes to standard output unless handed another stream. Terminal control characters never get through."""

    def __init__(
        self,
        settings: Console | None = None,
        *,
        network: Network | None = None,
        ca_bundle: str | None = None,
        stream: TextIO | None = None,
    ) -> None:
        self._stream = stream

    def probe(self) -> Receipt:
        return Receipt(answer="prints where the daemon runs")

    def send(self, message: Message, key: str, *, now: datetime) -> Receipt:
        stream = self._stream or sys.stdout
        text = f"{RULE}\n{clean_header(message.subject)}\n{RULE}\n{clean_text(message.text)}\n"
        try:
            stream.write(text.encode(stream.encoding or "utf-8", "replace").decode(stream.encoding or "utf-8"))
            stream.flush()
        except (OSError, ValueError) as error:  # a closed pipe, a full disk
            raise ChannelError(f"could not print: {error}", permanent=False) from error
        return Receipt(answer="printed")
