"""Which pages are read, and when one is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from records import match

from collector.model.item import Entry, Timing
from collector.model.source import Failed, FailureClass, Role, Source
from collector.sources.setback import setback_of_status
from collector.sources.wish import FORBIDDEN, MAX_ATTEMPTS, WHOLE_TEXT, again_at, wants_article

HEADLINE = Entry(title="Bansos cair", url="https://kabar.example/a")
ON_TOPIC = (match("bansos"),)
MINUTE = timedelta(minutes=1)


def source(*, article: bool = True, role: Role = Role.NEWS) -> Source:
    return Source(id="Kabar", kind="feed", url="https://kabar.example/feed", role=role, article=article)


def failed(now: datetime, *, status: int | None = None, reason: str = "", wait: timedelta | None = None) -> Failed:
    setback = setback_of_status(status, wait) if status else None
    return Failed(
        url="https://kabar.example/a",
        failure_class=setback.failure_class if setback else FailureClass.SOFT,
        reason=setback.reason if setback else reason,
        failed_at=now,
        duration=timedelta(0),
        status=status,
        retry_after=wait,
    )


def test_a_new_headline_on_a_topic_is_followed() -> None:
    assert wants_article(source(), HEADLINE, ON_TOPIC, Timing.ON_TIME)
    assert wants_article(source(), HEADLINE, ON_TOPIC, Timing.LATE)


def test_nothing_is_followed_where_the_file_does_not_say_so() -> None:
    assert not wants_article(source(article=False), HEADLINE, ON_TOPIC, Timing.ON_TIME)
    assert not wants_article(source(article=False, role=Role.FACTCHECK), HEADLINE, ON_TOPIC, Timing.ON_TIME)


@pytest.mark.parametrize(
    ("entry", "matches", "timing"),
    [
        (HEADLINE, (), Timing.ON_TIME),  # about nothing that is watched
        (HEADLINE, ON_TOPIC, Timing.BACKFILL),  # an archive
        (Entry(title="Bansos cair"), ON_TOPIC, Timing.ON_TIME),  # no link
        (Entry(title="Bansos", url="https://news.google.com/rss/articles/CBMi"), ON_TOPIC, Timing.ON_TIME),  # encoded
        (Entry(title="Bansos", url=HEADLINE.url, text="x" * WHOLE_TEXT), ON_TOPIC, Timing.ON_TIME),  # came whole
    ],
)
def test_what_is_not_worth_a_request_is_left(entry: Entry, matches: tuple[()], timing: Timing) -> None:
    assert not wants_article(source(), entry, matches, timing)


def test_all_of_a_fact_checker_is_followed() -> None:
    long = Entry(title="[SALAH] Kabar", url=HEADLINE.url, text="x" * WHOLE_TEXT)
    assert wants_article(source(role=Role.FACTCHECK), long, (), Timing.BACKFILL)


def test_three_attempts_with_longer_and_longer_waits(now: datetime) -> None:
    waits = [again_at(attempt, now, failed(now, reason="too slow")) for attempt in range(1, MAX_ATTEMPTS + 1)]
    assert waits == [now + 10 * MINUTE, now + 60 * MINUTE, None]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_page_that_is_not_for_us_is_not_asked_for_again(now: datetime, status: int) -> None:
    assert again_at(1, now, failed(now, status=status)) is None


def test_robots_txt_is_final_but_not_when_it_cannot_be_read(now: datetime) -> None:
    assert again_at(1, now, failed(now, reason=FORBIDDEN)) is None
    assert again_at(1, now, failed(now, reason=f"{FORBIDDEN}: it answers HTTP 403")) is None
    assert again_at(1, now, failed(now, reason="robots.txt cannot be read: HTTP 503")) is not None


def test_a_server_that_asks_for_time_gets_it(now: datetime) -> None:
    assert again_at(1, now, failed(now, status=503, wait=3 * 60 * MINUTE)) == now + 180 * MINUTE
    assert again_at(1, now, failed(now, status=503, wait=1 * MINUTE)) == now + 10 * MINUTE
