"""From stored items to the message about them: issues, fact-checks, what is new, how well it was watched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from newsroom import JUDOL, Newsroom

from alerts.detect.threshold import ThresholdDetector
from alerts.notice import from_json
from alerts.render import Renderer
from alerts.watch import Watch
from collector.claims.grouper import Grouper
from collector.model.alert import AlertReason, Notice
from collector.model.clock import HOUR
from collector.model.judgement import Stance, Verdict
from collector.model.rule import Rule
from collector.store.base import Storage

NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
RUMOUR = "Menteri bagikan tautan judi online gratis saldo untuk warga Melati"
OTHER = "Bandara Seroja buka kasino judi online"
RULE = Rule(name="lonjakan", topics=(JUDOL.id,), receivers=("meja",), method="threshold", at_least=4, min_sources=2)


class Desk:
    """A watch that groups before it speaks, and the notices that it made."""

    def __init__(self, store: Storage) -> None:
        self.store = store
        self.newsroom = Newsroom(store, NOW)
        grouper = Grouper(store)
        detectors = {"threshold": ThresholdDetector()}
        self.watch = Watch(store, (RULE,), (JUDOL,), detectors, zone=ZoneInfo("Asia/Jakarta"), group=grouper.tick)

    def hears(self, now: datetime) -> Notice:
        """What the newest message says."""
        self.watch.tick(now)
        return from_json(self.store.outbox.list(limit=1000)[0].notice)


@pytest.fixture
def desk(empty: Storage) -> Desk:
    return Desk(empty)


def test_copies_of_one_claim_are_one_issue_in_the_message(desk: Desk) -> None:
    desk.newsroom.publishes(4, NOW, title=RUMOUR, numbered=False)
    desk.newsroom.publishes(1, NOW, title=OTHER, numbered=False)
    notice = desk.hears(NOW)
    assert [(issue.text, issue.items, issue.publishers) for issue in notice.issues] == [(RUMOUR, 4, 3), (OTHER, 1, 1)]
    assert notice.since is None


def test_a_fact_check_of_the_claim_stands_with_it(desk: Desk) -> None:
    desk.newsroom.publishes(4, NOW, title=RUMOUR, numbered=False)
    desk.newsroom.publishes(
        1, NOW, title=f"[SALAH] {RUMOUR}", numbered=False, suspicion=0.0, stance=Stance.DEBUNK, verdict=Verdict.FALSE
    )
    (issue,) = desk.hears(NOW).issues
    assert issue.checked is not None
    assert issue.checked.verdict is Verdict.FALSE


def test_a_message_that_it_got_worse_says_what_came_since(desk: Desk) -> None:
    desk.newsroom.publishes(4, NOW, title=RUMOUR, numbered=False, outlets=["satu", "dua"])
    desk.hears(NOW)
    later = NOW + HOUR
    desk.newsroom.publishes(4, later, title=OTHER, numbered=False, outlets=["dua", "tiga"])
    notice = desk.hears(later)
    assert notice.reason is AlertReason.WORSE
    assert notice.since is not None
    assert (notice.since.at, notice.since.count, notice.since.items, notice.since.issues) == (NOW, 4, 4, 1)
    assert [publisher for publisher in notice.since.publishers if "tiga" in publisher]
    assert {issue.text: issue.new for issue in notice.issues} == {RUMOUR: False, OTHER: True}


def test_how_many_days_were_watched_is_told(desk: Desk) -> None:
    for hour in range(14 * 24, 0, -1):
        if hour > 48 or hour % 24 > 18:  # of the last two days only five hours each
            desk.newsroom.watches(NOW - timedelta(hours=hour))
    desk.newsroom.publishes(4, NOW, title=RUMOUR, numbered=False)
    notice = desk.hears(NOW)
    assert notice.baseline_of == 14
    assert notice.baseline_days in (11, 12)  # the window's own hours may fall into a day
    text = Renderer("en", ZoneInfo("Asia/Jakarta")).render(notice).text
    assert f"{notice.baseline_days} of 14 days" in text


def test_what_is_not_grouped_stands_by_itself(desk: Desk) -> None:
    desk.newsroom.publishes(4, NOW, title=RUMOUR, numbered=False)
    alone = Watch(desk.store, (RULE,), (JUDOL,), {"threshold": ThresholdDetector()}, zone=UTC)
    alone.tick(NOW)
    notice = from_json(desk.store.outbox.list()[0].notice)
    assert [(issue.issue_id, issue.items) for issue in notice.issues] == [(None, 1)] * 4
