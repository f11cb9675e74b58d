"""A daemon whose receivers are wrapped so that it stands still at one point of a delivery, says so, and can be killed.

python stoppable.py sources.yaml before-send | before-commit | between-receivers | nowhere
"""

from __future__ import annotations

import os
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

from alerts.channels.base import Channel, Message, Receipt
from collector.config.load import load
from collector.daemon import Daemon, TickTimes
from collector.model.alert import DeliveryState
from collector.store.base import Storage

OFTEN = timedelta(seconds=0.05)


class Stoppable:
    """A channel that stands still at ``point``: for ever, as far as the process is concerned."""

    def __init__(self, channel: Channel, name: str, point: str, store: Storage) -> None:
        self._channel = channel
        self._name = name
        self._point = point
        self._store = store

    def send(self, message: Message, key: str, *, now: datetime) -> Receipt:
        if self._point == "before-send":
            self._stand_still()
        if self._point == "between-receivers" and self._name == "kait":
            self._wait_for_the_other(key)
            self._stand_still()
        receipt = self._channel.send(message, key, now=now)
        if self._point == "before-commit":
            self._stand_still()
        return receipt

    def _wait_for_the_other(self, key: str) -> None:
        other = key.replace("kait", "surat")
        while all(d.dedup_key != other or d.state is not DeliveryState.SENT for d in self._store.outbox.list()):
            threading.Event().wait(0.005)

    def _stand_still(self) -> None:
        os.write(1, f"{self._point}\n".encode())  # whole, while another thread says the same
        threading.Event().wait()


def daemon_at(config: Path, point: str) -> Daemon:
    ticks = TickTimes(poll=OFTEN, watch=OFTEN * 20, deliver=OFTEN, prune=OFTEN * 20, digest=OFTEN * 20)
    daemon = Daemon(load(config), load=lambda: load(config), ticks=ticks)
    app = daemon.app
    app.channels = {name: Stoppable(channel, name, point, app.store) for name, channel in app.channels.items()}
    return daemon


if __name__ == "__main__":
    running = daemon_at(Path(sys.argv[1]), sys.argv[2])
    running.start()
    running.wait()
