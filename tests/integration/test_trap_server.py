"""Every behaviour of the trap server: no fetch outlives its deadline, grows without bounds or reaches the canary."""

from __future__ import annotations

import resource
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from traps import TrapServer, trap_server

from collector.model.source import Failed, FailureClass, Fetched, Source, SourceState
from collector.sources.fetch import HttpFetcher

pytestmark = [pytest.mark.shared, pytest.mark.slow]

DEADLINE = timedelta(seconds=2)
GRACE = timedelta(seconds=1)
TEN_MB = 10 * 1024 * 1024
HONEST = 12

# What reaches the reader; every other behaviour must end as a failure.
READABLE = {
    "length-short": "a body that says it is shorter than it is ends where it says",
    "length-negative": "an impossible length is no length",
    "gzip-liar": "a plain body under a wrong label",
    "headers-bad": "malformed headers are skipped",
    "cookies": "and not kept",
    "redirect-bomb-body": "the bomb in the body of the redirect is not read",
    "redirect-permanent": "",
    "etag-odd": "",
    "cache-forever": "",
    "flapping": "its first answer is sound",
    "changing-ids": "",
    "changing-titles": "",
    "growing": "",
    "same-item": "",
    "html200": "that it is no feed is for the parser to say",
    "burst": "",
}
TOO_SLOW = {"silent", "drip", "drip-headers"}


@pytest.fixture(scope="module")
def trap(shared: Path) -> Iterator[TrapServer]:
    with trap_server(shared) as server:
        yield server


@pytest.fixture
def fetcher(trap: TrapServer) -> Iterator[HttpFetcher]:
    made = HttpFetcher(version="1", allow_private=(f"127.0.0.1:{trap.port}", f"127.0.0.1:{trap.tls_port}"))
    yield made
    made.close()


def fetch_all(fetcher: HttpFetcher, urls: list[str], now: datetime) -> dict[str, Fetched | Failed]:
    """All at once, each in a thread of its own."""
    answers: dict[str, Fetched | Failed] = {}

    def fetch(url: str) -> None:
        source = Source(id=url, kind="feed", url=url, timeout=DEADLINE)
        answers[url] = fetcher.fetch(source, url, None, accept="*/*", robots=False, now=now)

    threads = [threading.Thread(target=fetch, args=(url,)) for url in urls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_no_behaviour_outlives_its_deadline_or_reaches_the_canary(
    trap: TrapServer, fetcher: HttpFetcher, now: datetime
) -> None:
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    traps = [f"{trap.base}/b/{name}" for name in trap.behaviours]
    honest = [f"{trap.base}/good/{number}" for number in range(HONEST)]
    answers = fetch_all(fetcher, traps + honest, now)

    assert {url for url in traps + honest if url not in answers} == set(), "raised instead of answering"
    assert {url: answer for url, answer in answers.items() if answer.duration > DEADLINE + GRACE} == {}
    assert trap.state()["canary"] == []
    assert [url for url in honest if not isinstance(answers[url], Fetched)] == []
    read = {url.rpartition("/")[2] for url in traps if isinstance(answers[url], Fetched)}
    assert read == READABLE.keys()
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb) / 1024
    assert grown_mb < 150


def test_slow_behaviours_are_ended_by_the_deadline(trap: TrapServer, fetcher: HttpFetcher, now: datetime) -> None:
    answers = fetch_all(fetcher, [f"{trap.base}/b/{name}" for name in TOO_SLOW], now)
    assert {answer.reason for answer in answers.values() if isinstance(answer, Failed)} == {
        "too slow: the time limit has passed"
    }
    assert all(answer.duration >= DEADLINE for answer in answers.values())


def test_refused_redirects_are_hard_failures(trap: TrapServer, fetcher: HttpFetcher, now: datetime) -> None:
    inside = ("canary", "localhost", "decimal", "short", "zero", "mapped6", "userinfo", "backslash", "metadata")
    names = [f"redirect-{name}" for name in (*inside, "file", "ftp", "bad-location", "loop", "chain")]
    answers = fetch_all(fetcher, [f"{trap.base}/b/{name}" for name in names], now)
    classes = {url.rpartition("-")[2]: getattr(answer, "failure_class", None) for url, answer in answers.items()}
    assert set(classes.values()) == {FailureClass.HARD}, classes
    assert trap.state()["canary"] == []


def test_big_bodies_and_bombs_stop_at_the_limit(trap: TrapServer, fetcher: HttpFetcher, now: datetime) -> None:
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answers = fetch_all(fetcher, [f"{trap.base}/big/{name}" for name in trap.bigs], now)
    assert len(answers) == len(trap.bigs)
    assert {url: answer for url, answer in answers.items() if answer.duration > DEADLINE + GRACE} == {}
    assert all(len(answer.body) <= TEN_MB for answer in answers.values() if isinstance(answer, Fetched))
    for name in (
        "bomb-gzip-10g",
        "bomb-gzip-1g",
        "bomb-gzip-twice",
        "bomb-deflate-1g",
        "bomb-encodings",
        "big-endless",
    ):
        assert isinstance(answers[f"{trap.base}/big/{name}"], Failed), name
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb) / 1024
    assert grown_mb < 40 * len(trap.bigs)  # at most the body, its copy and a buffer, for all of them at once


def test_a_wrong_certificate_is_refused(trap: TrapServer, fetcher: HttpFetcher, now: datetime) -> None:
    url = f"https://127.0.0.1:{trap.tls_port}/good/1"
    answer = fetch_all(fetcher, [url], now)[url]
    assert isinstance(answer, Failed)
    assert answer.reason.startswith("certificate not trusted")


def test_an_honest_feed_answers_304_to_its_own_validator(trap: TrapServer, fetcher: HttpFetcher, now: datetime) -> None:
    url = f"{trap.base}/good/again"
    source = Source(id="good", kind="feed", url=url)
    state = SourceState(source_id="good", next_poll_at=now, etag='"v1"')
    answer = fetcher.fetch(source, url, state, accept="*/*", robots=False, now=now)
    assert isinstance(answer, Fetched)
    assert answer.not_modified
