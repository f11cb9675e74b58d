#!/usr/bin/env python3
"""A thousand alerts to ten receivers: time and memory per message, and what the picture costs.

    bench/delivery.py [ALERTS]

Each alert has words and counts of its own. Five receivers are mail, five are webhooks; their servers are processes of
their own on loopback that take everything at once and count the ids. The messages go the whole way: outbox in a file,
lease, rendering with the picture, SMTP or a signed POST over a new connection, durable commit. CPU is this process's.
"""

from __future__ import annotations

import multiprocessing
import resource
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import structlog

from alerts.announcement import pending
from alerts.channels.base import Channel
from alerts.channels.email import EmailChannel, compose
from alerts.channels.webhook import WebhookChannel, body_of
from alerts.deliver import Deliver
from alerts.notice import to_json
from alerts.picture.days import fourteen_days
from alerts.picture.png import png
from alerts.render import Renderer
from alerts.sample import sample_notice
from collector.config.secret import Secret
from collector.config.settings import Email, Network, Webhook
from collector.model.alert import DeliveryState, Notice, NoticeType
from collector.model.phrase import Phrase
from collector.store.sqlite.store import SqliteStore

NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
RECEIVERS = 5  # of each kind
PICTURES = 50


def listening(talk: Callable[[socket.socket], str]) -> tuple[int, Connection, multiprocessing.Process]:
    """A server in a process of its own: its port, and where it tells the ids it took once it is asked."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_serve, args=(talk, theirs), daemon=True)
    process.start()
    return int(ours.recv()), ours, process


def _serve(talk: Callable[[socket.socket], str], line: Connection) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    line.send(listener.getsockname()[1])
    taken: list[str] = []

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError, ValueError):
            taken.append(talk(connection))

    def accept() -> None:
        while True:
            threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    line.recv()
    line.send(taken)


def mail_talk(connection: socket.socket) -> str:
    """One SMTP conversation; the Message-ID it brought."""
    stream = connection.makefile("rb")
    connection.sendall(b"220 x\r\n")
    key = ""
    while line := stream.readline():
        verb = line[:4].upper()
        if verb == b"DATA":
            connection.sendall(b"354 x\r\n")
            while (part := stream.readline()) != b".\r\n":
                if part.lower().startswith(b"message-id:"):
                    key = part.partition(b":")[2].strip().decode()
        connection.sendall(b"221 x\r\n" if verb == b"QUIT" else b"250 x\r\n")
        if verb == b"QUIT":
            break
    return key


def hook_talk(connection: socket.socket) -> str:
    """One POST; the webhook-id it brought."""
    stream = connection.makefile("rb")
    headers = {}
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        headers[name.lower()] = value.strip()
    stream.read(int(headers[b"content-length"]))
    connection.sendall(b"HTTP/1.1 204 X\r\nConnection: close\r\n\r\n")
    return headers[b"webhook-id"].decode()


def alert(number: int) -> Notice:
    """The made-up alert of `siaga test-alert`, with words and counts of its own."""
    sample = sample_notice(NOW)
    headline = Phrase(id=f"Topik {number} — 34 sebutan mencurigakan", en=f"Topic {number} — 34 suspicious mentions")
    counts = tuple((number * (day + 3)) % 41 for day in range(14))
    return replace(sample, type=NoticeType.FIRING, headline=headline, alert_id=number, daily_counts=counts)


def channels(mail_port: int, hook_port: int) -> dict[str, Channel]:
    found: dict[str, Channel] = {}
    for number in range(RECEIVERS):
        found[f"surat{number}"] = EmailChannel(
            Email(to=("a@example.org",), sender="s@example.org", smarthost=f"127.0.0.1:{mail_port}", tls="none")
        )
        found[f"kait{number}"] = WebhookChannel(
            Webhook(url=Secret(f"http://127.0.0.1:{hook_port}/"), secret=Secret("rahasia")),
            network=Network(allow_private=(f"127.0.0.1:{hook_port}",)),
        )
    return found


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    alerts = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    renderer = Renderer("id", ZoneInfo("Asia/Jakarta"))
    mail_port, mails, mail_server = listening(mail_talk)
    hook_port, hooks, hook_server = listening(hook_talk)
    to = channels(mail_port, hook_port)
    with TemporaryDirectory() as folder, SqliteStore(Path(folder) / "siaga.db") as store:
        for number in range(alerts):
            text = to_json(alert(number))
            store.outbox.add([pending(who, text, reason="first", key=f"{number}-{who}", at=NOW) for who in to])
        deliver = Deliver(store, to, renderer, "bench")
        before, wall, cpu = peak_mb(), time.monotonic(), time.process_time()
        while store.outbox.counts()[DeliveryState.PENDING]:
            deliver.tick(NOW + timedelta(hours=1))
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        states, file_mb = store.outbox.counts(), store.facts().size_bytes / 1e6
    mails.send("done")
    hooks.send("done")
    arrived = [mails.recv(), hooks.recv()]
    mail_server.terminate()
    hook_server.terminate()
    messages = alerts * len(to)
    print(f"{alerts} alerts to {len(to)} receivers: {states[DeliveryState.SENT]} of {messages} delivered")
    for name, ids in zip(("mails", "webhooks"), arrived, strict=True):
        print(f"{name}: {len(ids)} arrived, {len(set(ids))} different ids")
    print(f"per message: {cpu / messages * 1000:.1f} ms CPU, {wall / messages * 1000:.1f} ms on the clock")
    print(f"memory: {before:.0f} MB before, {peak_mb():.0f} MB at most; the database, mapped into it: {file_mb:.0f} MB")
    _sizes_and_picture(renderer)


def _sizes_and_picture(renderer: Renderer) -> None:
    desk = Email(to=("a@example.org",), sender="s@example.org", smarthost="x", tls="none")
    rendered = [renderer.render(alert(number)) for number in range(PICTURES)]
    largest_mail = max(len(compose(message, "kunci", desk)) for message in rendered)
    largest_hook = max(len(body_of(message)) for message in rendered)
    print(f"largest mail: {largest_mail / 1000:.1f} kB; largest webhook body: {largest_hook / 1000:.1f} kB")
    began = time.process_time()
    sizes = [len(picture_of(number)) for number in range(PICTURES)]
    each = (time.process_time() - began) / PICTURES
    print(f"a 14-day picture: {each * 1000:.1f} ms CPU, {max(sizes) / 1000:.1f} kB at most")


def picture_of(number: int) -> bytes:
    return png(fourteen_days(alert(number).daily_counts, NOW.date(), f"Topik {number}"), scale=2)


if __name__ == "__main__":
    main()
