"""Threads, turns and ticks in one process. Nothing here sleeps: everything waits for an event, with a limit."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import structlog

from collector.cli.log import configure_logging
from collector.runner.base import Task, Tick
from collector.runner.inprocess import InProcessRunner, Pool

SOON = 10.0
NO_GAP = timedelta(0)


def task(key: str, host: str | None = None, priority: int = 0) -> Task:
    return Task(name="poll", key=key, args={"host": host or key, "priority": str(priority)})


@pytest.fixture
def runner() -> Iterator[InProcessRunner]:
    made = InProcessRunner(threads=2, host_gap=NO_GAP)
    yield made
    made.stop(timedelta(seconds=SOON))


def test_every_task_is_done_once() -> None:
    done: list[str] = []
    pool = Pool({"poll": lambda t: done.append(t.key)}, threads=4, host_gap=NO_GAP)
    pool.start()
    for n in range(50):
        pool.submit(task(f"s{n}", host=f"h{n % 5}"))
    assert pool.wait(timedelta(seconds=SOON))
    assert pool.stop(timedelta(seconds=SOON))
    assert sorted(done) == sorted(f"s{n}" for n in range(50))


def test_a_key_that_waits_or_runs_is_not_taken_twice() -> None:
    release, started = threading.Event(), threading.Event()

    def hold(_: Task) -> None:
        started.set()
        assert release.wait(SOON)

    pool = Pool({"poll": hold}, threads=1, host_gap=NO_GAP)
    pool.start()
    assert pool.submit(task("a"))
    assert started.wait(SOON)
    assert not pool.submit(task("a"))
    release.set()
    assert pool.wait(timedelta(seconds=SOON))
    assert pool.submit(task("a"))
    assert pool.wait(timedelta(seconds=SOON))
    assert pool.stop(timedelta(seconds=SOON))


def test_a_key_that_comes_again_is_done_with_its_new_task() -> None:
    done: list[str] = []
    pool = Pool({"poll": lambda t: done.append(t.args["host"])}, threads=1, host_gap=NO_GAP)
    pool.start()
    for host in ("old.example", "new.example"):
        assert pool.submit(task("a", host=host))
        assert pool.wait(timedelta(seconds=SOON))
    assert pool.stop(timedelta(seconds=SOON))
    assert done == ["old.example", "new.example"]


def test_waiting_has_an_end_where_one_is_named() -> None:
    release = threading.Event()

    def hold(_: Task) -> None:
        assert release.wait(SOON)

    pool = Pool({"poll": hold}, threads=1, host_gap=NO_GAP)
    pool.start()
    pool.submit(task("a"))
    assert not pool.wait(timedelta(seconds=0.05))
    release.set()
    assert pool.wait(timedelta(seconds=SOON))
    assert pool.stop(timedelta(seconds=SOON))


def test_one_hanging_host_delays_no_other() -> None:
    release, other_done = threading.Event(), threading.Event()

    def poll(t: Task) -> None:
        if t.args["host"] == "slow":
            assert release.wait(SOON)
        else:
            other_done.set()

    pool = Pool({"poll": poll}, threads=2, host_gap=NO_GAP)
    pool.start()
    for n in range(5):
        pool.submit(task(f"slow{n}", host="slow"))
    pool.submit(task("quick", host="quick"))
    assert other_done.wait(SOON)
    release.set()
    assert pool.wait(timedelta(seconds=SOON))
    assert pool.stop(timedelta(seconds=SOON))


def test_a_task_that_fails_leaves_its_thread_alive() -> None:
    done: list[str] = []

    def poll(t: Task) -> None:
        if t.key == "bad":
            raise RuntimeError("a bug")
        done.append(t.key)

    pool = Pool({"poll": poll}, threads=1, host_gap=NO_GAP)
    pool.start()
    pool.submit(task("bad"))
    pool.submit(task("good"))
    assert pool.wait(timedelta(seconds=SOON))
    assert pool.stop(timedelta(seconds=SOON))
    assert done == ["good"]


def test_stopping_drops_what_waits_and_says_what_still_ran() -> None:
    release, started = threading.Event(), threading.Event()

    def hold(_: Task) -> None:
        started.set()
        assert release.wait(SOON)

    pool = Pool({"poll": hold}, threads=1, host_gap=NO_GAP)
    pool.start()
    pool.submit(task("a"))
    pool.submit(task("b"))
    assert started.wait(SOON)
    assert not pool.stop(timedelta(0))
    release.set()
    assert pool.stop(timedelta(seconds=SOON))


def test_ticks_come_again_although_one_of_them_failed(runner: InProcessRunner) -> None:
    twice = threading.Event()
    calls: list[int] = []

    def act() -> None:
        calls.append(1)
        if len(calls) == 2:
            twice.set()
        raise RuntimeError("a bug in a tick")

    runner.run([Tick(name="poll", every=timedelta(milliseconds=20), action=act)], {})
    assert twice.wait(SOON)


def test_a_slow_tick_holds_no_other_tick_up(runner: InProcessRunner) -> None:
    release, ticked = threading.Event(), threading.Event()
    soon = timedelta(milliseconds=20)
    ticks = [
        Tick(name="watch", every=soon, action=lambda: release.wait(SOON) and None),
        Tick(name="poll", every=soon, action=ticked.set),
    ]
    runner.run(ticks, {})
    assert ticked.wait(SOON)
    release.set()


def test_the_end_waits_for_a_tick_under_way() -> None:
    started, ended = threading.Event(), threading.Event()

    def act() -> None:
        started.set()
        assert not ended.wait(0.2)  # still at work when the end is asked for
        ended.set()

    runner = InProcessRunner(threads=1, host_gap=NO_GAP)
    runner.run([Tick(name="prune", every=timedelta(milliseconds=20), action=act)], {})
    assert started.wait(SOON)
    assert runner.stop(timedelta(seconds=SOON))
    assert ended.is_set()


def test_a_tick_that_does_not_end_is_left_and_said_so() -> None:
    started, release = threading.Event(), threading.Event()

    def act() -> None:
        started.set()
        release.wait(SOON)

    runner = InProcessRunner(threads=1, host_gap=NO_GAP)
    runner.run([Tick(name="prune", every=timedelta(milliseconds=20), action=act)], {})
    assert started.wait(SOON)
    assert not runner.stop(timedelta(milliseconds=50))
    release.set()


def test_a_submitted_task_reaches_its_handler(runner: InProcessRunner) -> None:
    seen = threading.Event()
    runner.run([Tick(name="poll", every=timedelta(seconds=60), action=lambda: None)], {"poll": lambda _: seen.set()})
    assert runner.submit(task("a"))
    assert seen.wait(SOON)


def test_a_log_that_is_closed_ends_no_thread() -> None:
    done: list[str] = []

    def poll(t: Task) -> None:
        if t.key == "bad":
            raise RuntimeError("a bug")
        done.append(t.key)

    stream = io.StringIO()
    configure_logging("info", "text", stream)
    stream.close()
    try:
        pool = Pool({"poll": poll}, threads=1, host_gap=NO_GAP)
        pool.start()
        pool.submit(task("bad"))
        pool.submit(task("good"))
        assert pool.wait(timedelta(seconds=SOON))
        assert pool.stop(timedelta(seconds=SOON))
    finally:
        structlog.reset_defaults()
    assert done == ["good"]
