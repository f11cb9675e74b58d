"""Turns at hosts: pure rules first, then the blocking queue with real threads."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.net.turns import MAX_STUCK, HostQueue, Turns, host_of

NO_GAP = timedelta(0)


def turns(gap: float = 1.0, patience: float = 5.0) -> Turns:
    return Turns(gap=gap, patience=patience)


def test_a_host_serves_one_source_at_a_time() -> None:
    queue = turns()
    queue.put("a", "a1")
    queue.put("a", "a2")
    assert queue.take(0) == "a1"
    assert queue.take(0) is None


def test_the_gap_runs_from_the_end_of_the_request_before() -> None:
    queue = turns(gap=1)
    queue.put("a", "a1")
    queue.put("a", "a2")
    queue.take(0)
    queue.done("a1", 2.0)
    assert queue.take(2.9) is None
    assert queue.opens_at() == 3.0
    assert queue.take(3.0) == "a2"


def test_the_gap_outlives_an_empty_queue() -> None:
    queue = turns(gap=1)
    queue.put("a", "a1")
    queue.take(0)
    queue.done("a1", 0)
    queue.put("a", "a2")
    assert queue.take(0.5) is None
    assert queue.take(1.0) == "a2"


def test_other_hosts_do_not_wait() -> None:
    queue = turns()
    for host in "abc":
        queue.put(host, f"{host}1")
        queue.put(host, f"{host}2")
    assert [queue.take(0) for _ in range(4)] == ["a1", "b1", "c1", None]


def test_a_slow_source_passes_the_turn_on_after_the_patience() -> None:
    queue = turns(gap=0, patience=5)
    queue.put("a", "slow")
    queue.put("a", "next")
    queue.take(0)
    assert queue.take(4.9) is None
    assert queue.opens_at() == 5
    assert queue.take(5) == "next"


def test_sources_beside_a_stuck_one_take_turns_without_further_patience() -> None:
    queue = turns(gap=1, patience=5)
    for key in ("slow", "n1", "n2"):
        queue.put("a", key)
    queue.take(0)
    assert queue.take(5) == "n1"
    queue.done("n1", 5.1)
    assert queue.take(6.1) == "n2"


def test_no_more_than_four_requests_get_stuck_at_a_host() -> None:
    queue = turns(gap=0, patience=5)
    for number in range(6):
        queue.put("a", f"s{number}")
    started = [queue.take(5.0 * number) for number in range(6)]
    assert started == ["s0", "s1", "s2", "s3", None, None]
    assert queue.opens_at() is None
    queue.done("s0", 100)
    assert queue.take(100) == "s4"


def test_the_smaller_priority_starts_first_at_a_host_and_among_hosts() -> None:
    queue = turns(gap=0)
    queue.put("a", "failing", 2)
    queue.put("b", "sound", 1)
    queue.put("a", "never failed", 0)
    assert [queue.take(0), queue.take(0)] == ["never failed", "sound"]


def test_a_host_with_many_sources_gets_no_more_turns_than_one_with_few() -> None:
    queue = turns(gap=0)
    for number in range(4):
        queue.put("big", f"big{number}")
    queue.put("small", "small0")
    queue.put("small", "small1")
    order = []
    while (key := queue.take(0)) is not None:
        order.append(key)
        queue.done(key, 0)
    assert order[:4] == ["big0", "small0", "big1", "small1"]


def test_a_key_that_waits_or_runs_is_not_queued_again() -> None:
    queue = turns(gap=0)
    assert queue.put("a", "x")
    assert not queue.put("a", "x")
    queue.take(0)
    assert not queue.put("b", "x")
    queue.done("x", 0)
    assert queue.put("b", "x")


def test_dropping_what_waits_leaves_what_runs() -> None:
    queue = turns(gap=0)
    queue.put("a", "runs")
    queue.put("a", "waits")
    queue.take(0)
    assert queue.drop_waiting() == 1
    queue.done("runs", 0)
    assert queue.take(100) is None
    assert len(queue) == 0


def test_done_for_a_key_that_was_not_taken_is_an_error() -> None:
    with pytest.raises(KeyError):
        turns().done("unknown", 0)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.floats(0, 12)), max_size=60))
def test_every_source_gets_its_turn_and_no_host_is_crowded(work: list[tuple[str, int, float]]) -> None:
    """``work``: host, priority, how long the request takes. A simulated clock runs until all is done."""
    queue = turns(gap=1, patience=5)
    length = {}
    for number, (host, priority, seconds) in enumerate(work):
        length[f"{host}{number}"] = seconds
        queue.put(host, f"{host}{number}", priority)
    now, running, finished, last_end = 0.0, {}, [], {}
    while len(queue):
        while (key := queue.take(now)) is not None:
            assert now >= last_end.get(key[0], -1) + 1
            running[key] = now + length[key]
        assert max(Counter(key[0] for key in running).values(), default=0) <= MAX_STUCK
        moments = [*running.values(), *([opens] if (opens := queue.opens_at()) is not None else [])]
        now = max(now, min(moments))
        for key in [key for key, ends in running.items() if ends <= now]:
            del running[key]
            queue.done(key, now)
            last_end[key[0]] = now
            finished.append(key)
    assert sorted(finished) == sorted(length)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://WWW.Tempo.co:443/rss", "www.tempo.co"),
        ("http://[::1]:80/", "::1"),
        ("http://[::1", ""),
        ("no address", ""),
    ],
)
def test_the_host_of_an_address_is_its_name_without_port(url: str, host: str) -> None:
    assert host_of(url) == host


# ---------------------------------------------------------------- threads


def test_a_waiting_worker_gets_what_is_put_later() -> None:
    queue = HostQueue(gap=NO_GAP)
    taken: list[str | None] = []
    worker = threading.Thread(target=lambda: taken.append(queue.take()))
    worker.start()
    queue.put("a", "x")
    worker.join(5)
    assert taken == ["x"]


def test_taking_gives_up_after_the_timeout() -> None:
    assert HostQueue(gap=NO_GAP).take(0) is None


def test_closing_sends_waiting_workers_home() -> None:
    queue = HostQueue(gap=NO_GAP)
    taken: list[str | None] = []
    workers = [threading.Thread(target=lambda: taken.append(queue.take())) for _ in range(4)]
    for worker in workers:
        worker.start()
    queue.close()
    for worker in workers:
        worker.join(5)
    assert taken == [None] * 4
    assert not queue.put("a", "x")


def test_many_workers_take_each_source_once_and_never_two_of_one_host() -> None:
    queue = HostQueue(gap=NO_GAP, patience=timedelta(hours=1))
    for number in range(600):
        queue.put(f"host{number % 20}", f"{number}")
    busy: Counter[str] = Counter()
    crowded: list[str] = []
    taken: list[str] = []
    lock = threading.Lock()

    def work() -> None:
        while (key := queue.take()) is not None:
            host = f"host{int(key) % 20}"
            with lock:
                busy[host] += 1
                crowded.extend([host] if busy[host] > 1 else [])
                taken.append(key)
            with lock:
                busy[host] -= 1
            queue.done(key)

    workers = [threading.Thread(target=work) for _ in range(16)]
    for worker in workers:
        worker.start()
    assert queue.join(20)
    queue.close()
    for worker in workers:
        worker.join(5)
    assert not crowded
    assert sorted(taken, key=int) == [str(number) for number in range(600)]


def test_idle_workers_are_called_when_a_gap_is_over() -> None:
    """Eight workers, one host: the gap of a few milliseconds is watched by one of them, and none is forgotten."""
    queue = HostQueue(gap=timedelta(milliseconds=2))
    taken: list[str] = []

    def work() -> None:
        while (key := queue.take()) is not None:
            taken.append(key)
            queue.done(key)

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for number in range(20):
        queue.put("a", f"{number}")
    assert queue.join(10)
    queue.close()
    for worker in workers:
        worker.join(5)
    assert len(taken) == 20
