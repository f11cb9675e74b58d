"""For machines: up or down, and figures for whoever may see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, Response, abort, request

from collector import __version__
from collector.model.errors import StoreError
from collector.model.heartbeat import BEAT, STOPPED, Heartbeat
from collector.web.asking import the_desk
from collector.web.desk import Desk
from collector.web.gate import bears

page = Blueprint("health", __name__)
TEXT = {"Content-Type": "text/plain; charset=utf-8"}
PROMETHEUS = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}


@page.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return Response("up\n", headers=TEXT)


@page.get("/readyz")
def readyz() -> Response:
    """The database answers and polls go on. Tells nobody more than that."""
    ready = is_ready(the_desk())
    return Response("up\n" if ready else "down\n", status=200 if ready else 503, headers=TEXT)


def is_ready(desk: Desk) -> bool:
    try:
        heartbeat = Heartbeat.from_texts(desk.store.meta(BEAT), desk.store.meta(STOPPED))
    except StoreError:
        return False
    return heartbeat.is_alive(desk.now())


@page.get("/metrics")
def metrics() -> Response:
    """In Prometheus' text format, for whoever shows ``web.token``."""
    desk = the_desk()
    if desk.web.token is None:
        abort(404)
    if not bears(request, desk.web):
        return Response("unauthorized\n", status=401, headers=TEXT | {"WWW-Authenticate": 'Bearer realm="siaga"'})
    return Response("".join(_exposition(desk)), headers=PROMETHEUS)


def _exposition(desk: Desk) -> Iterator[str]:
    """https://prometheus.io/docs/instrumenting/exposition_formats/: no label here needs escaping."""
    store, now = desk.store, desk.now()
    states = store.sources.states()
    enabled = {source.id for source in desk.settings.sources if source.enabled}
    watched = [state for state in states if state.source_id in enabled]
    yield from _gauge("siaga_info", "Version of the program", [(f'{{version="{__version__}"}}', 1)])
    yield from _gauge("siaga_ready", "1 if the daemon polls", [("", int(is_ready(desk)))])
    yield from _gauge(
        "siaga_sources",
        "Enabled sources by health",
        [
            ('{health="ok"}', sum(not s.failures and s.last_ok_at is not None for s in watched)),
            ('{health="failing"}', sum(s.failures > 0 for s in watched)),
            ('{health="unpolled"}', sum(s.last_poll_at is None for s in watched)),
        ],
    )
    newest = max((s.last_poll_at for s in watched if s.last_poll_at), default=None)
    yield from _gauge("siaga_last_poll_timestamp_seconds", "When a source was last read", _when(newest))
    yield from _gauge("siaga_alerts_firing", "Open alerts", [("", len(store.alerts.firing()))])
    yield from _gauge(
        "siaga_deliveries",
        "Messages that wait or were given up",
        [(f'{{state="{state.value}"}}', count) for state, count in store.overview.unsent().items()],
    )
    yield from _gauge("siaga_database_bytes", "Size of the database", [("", store.facts().size_bytes)])
    yield from _gauge("siaga_clock_timestamp_seconds", "This machine's clock", _when(now))


def _gauge(name: str, what: str, values: list[tuple[str, float]]) -> Iterator[str]:
    yield f"# HELP {name} {what}\n# TYPE {name} gauge\n"
    yield from (f"{name}{labels} {value}\n" for labels, value in values)


def _when(at: datetime | None) -> list[tuple[str, float]]:
    return [] if at is None else [("", round(at.timestamp(), 3))]
