"""robots.txt: what it allows, and for how long that is believed."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from collector.model.source import FailureClass
from collector.sources.robots import KEPT_FOR, MAX_ROBOTS_BYTES, UNREACHABLE_FOR, Robots, RobotsAnswer, rules_of
from collector.sources.target import target_of

NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
PAGE = target_of("https://example.org/berita/1")


class FakeSite:
    """Answers for robots.txt and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer = RobotsAnswer(status=404)

    def says(self, text: str) -> None:
        self.answer = RobotsAnswer(status=200, body=text.encode())

    def answers(self, status: int | None) -> None:
        self.answer = RobotsAnswer(status=status, reason="" if status else "connection refused")

    def ask(self, url: str) -> RobotsAnswer:
        self.asked.append(url)
        return self.answer


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: *\nDisallow: /admin", True),
        ("User-agent: *\nDisallow: /berita", False),
        ("User-agent: *\nDisallow: /berita\nAllow: /berita/1", True),  # the longer rule wins
        ("User-agent: *\nDisallow: /\n\nUser-agent: siaga\nDisallow: /admin", True),  # our own group wins
        ("User-agent: GPTBot\nDisallow: /", True),
        ("User-agent: GPTBot\nUser-agent: *\nDisallow: /", False),
        ("User-agent: Siaga # early warning\nDisallow: /*/1$", False),
        ("\ufeffUser-agent: *\r\nDisallow: /berita\r\n", False),
        ("<html>perawatan</html>", True),
        ("", True),
    ],
)
def test_pages_are_fetched_as_the_rules_say(text: str, allowed: bool) -> None:
    rules = rules_of(RobotsAnswer(status=200, body=text.encode()), NOW)
    assert (rules.refusal(PAGE) is None) == allowed


@pytest.mark.parametrize("status", [404, 410, 400, 302, 204])
def test_without_rules_everything_is_allowed(status: int) -> None:
    assert rules_of(RobotsAnswer(status=status), NOW).refusal(PAGE) is None


@pytest.mark.parametrize("status", [401, 403])
def test_rules_that_are_locked_away_mean_no(status: int) -> None:
    refusal = rules_of(RobotsAnswer(status=status), NOW).refusal(PAGE)
    assert refusal is not None
    assert refusal.failure_class is FailureClass.SOFT
    assert refusal.reason.startswith("robots.txt forbids")


@pytest.mark.parametrize("status", [429, 500, 503, None])
def test_rules_that_cannot_be_read_just_now_mean_not_now(status: int | None) -> None:
    refusal = rules_of(RobotsAnswer(status=status), NOW).refusal(PAGE)
    assert refusal is not None
    assert refusal.failure_class is FailureClass.TEMPORARY


def test_rules_are_asked_for_once_a_day_per_origin() -> None:
    robots, site = Robots(), FakeSite()
    for moment in (NOW, NOW + KEPT_FOR - timedelta(seconds=1), NOW + KEPT_FOR):
        robots.refusal(PAGE, moment, site.ask)
    robots.refusal(target_of("http://example.org/berita/1"), NOW, site.ask)
    assert site.asked == ["https://example.org/robots.txt"] * 2 + ["http://example.org/robots.txt"]


def test_a_site_that_is_down_is_asked_again_after_an_hour() -> None:
    robots, site = Robots(), FakeSite()
    site.answers(None)
    assert robots.refusal(PAGE, NOW, site.ask)
    site.says("User-agent: *\nAllow: /")
    assert robots.refusal(PAGE, NOW + timedelta(minutes=59), site.ask)
    assert robots.refusal(PAGE, NOW + UNREACHABLE_FOR, site.ask) is None


def test_known_rules_hold_on_while_the_site_is_down() -> None:
    robots, site = Robots(), FakeSite()
    site.says("User-agent: *\nDisallow: /admin")
    robots.refusal(PAGE, NOW, site.ask)
    site.answers(503)
    later = NOW + KEPT_FOR
    assert robots.refusal(PAGE, later, site.ask) is None
    refusal = robots.refusal(target_of("https://example.org/admin"), later, site.ask)
    assert refusal is not None
    assert refusal.reason == "robots.txt forbids"


def test_only_the_first_500_kib_count() -> None:
    filler = b"# " + b"x" * MAX_ROBOTS_BYTES + b"\n"
    body = b"User-agent: *\nDisallow: /admin\n" + filler + b"Disallow: /berita\n"
    assert rules_of(RobotsAnswer(status=200, body=body), NOW).refusal(PAGE) is None


def test_a_file_of_thousands_of_agents_and_rules_costs_no_more_than_its_length() -> None:
    agents = "".join(f"User-agent: bot{number}\n" for number in range(12_000))
    rules = "".join(f"Disallow: /a{number}*b\n" for number in range(12_000))
    started = time.process_time()
    rules_of(RobotsAnswer(status=200, body=(agents + rules).encode()), NOW).refusal(PAGE)
    assert time.process_time() - started < 3  # minutes, were every rule kept for every agent
