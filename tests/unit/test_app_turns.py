"""In which order the app hands out polls: healthy sources never wait behind those in trouble."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fakes import FakeClock, FakeFetcher, rss

from collector.app import App
from collector.app.round import ready
from collector.config.settings import Settings
from collector.model.source import Source
from collector.store.memory import MemoryStore

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock(now: datetime) -> FakeClock:
    return FakeClock(now)


@pytest.fixture
def app(clock: FakeClock) -> App:
    """Two sources on one host; the first does not answer, the second does."""
    sources = tuple(
        Source(id=name, kind="feed", url=f"https://kabar.example/{name}", every=MINUTE) for name in ("sakit", "sehat")
    )
    made = App(Settings(path=Path("x.yaml"), database=Path("x.db"), sources=sources), store=MemoryStore(), clock=clock)
    fetcher = FakeFetcher(clock)
    fetcher.will_return("https://kabar.example/sehat", rss(("Cuaca cerah", "https://kabar.example/a")))
    made.__dict__["fetcher"] = fetcher  # as if it had been built
    made.store.sources.register(sources, clock.now())
    return made


def priorities(app: App) -> dict[str, float]:
    return {task.key: float(task.args["priority"]) for task in app.due()}


def test_at_first_all_are_equal_and_go_in_turn(app: App) -> None:
    first = priorities(app)
    assert abs(first["sakit"] - first["sehat"]) < 0.1


def test_a_source_that_failed_lets_a_healthy_one_of_a_later_tick_go_first(app: App, clock: FakeClock) -> None:
    app.poll("sakit")
    clock.moves(10 * MINUTE)
    waiting = priorities(app)["sakit"]
    app.poll("sehat")
    clock.moves(10 * MINUTE)
    assert priorities(app)["sehat"] < waiting


def test_a_source_that_recovered_has_its_turn_again(app: App, clock: FakeClock) -> None:
    app.poll("sakit")
    fetcher = app.fetcher
    assert isinstance(fetcher, FakeFetcher)
    fetcher.will_return("https://kabar.example/sakit", rss(("Cuaca cerah", "https://kabar.example/b")))
    clock.moves(10 * MINUTE)
    app.poll("sakit")
    clock.moves(10 * MINUTE)
    assert abs(priorities(app)["sakit"] - priorities(app)["sehat"]) < 0.1


def test_a_round_begins_with_the_healthy(app: App, clock: FakeClock) -> None:
    app.poll("sakit")
    clock.moves(10 * MINUTE)
    found = ready(app.settings.sources, app.store.sources.states(), clock.now())
    assert [source.id for source in found] == ["sehat", "sakit"]
