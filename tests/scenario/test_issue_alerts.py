"""Rules about issues: new ones are counted, and one of them can raise an alert by itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from newsroom import JUDOL, Newsroom

from alerts.detect.threshold import ThresholdDetector
from alerts.watch import Watch
from collector.claims.grouper import Grouper
from collector.model.alert import AlertState
from collector.model.bucket import Measure
from collector.model.reaction import Silence, SilenceKind
from collector.model.rule import Rule
from collector.store.memory import MemoryStore

NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
DAY = timedelta(hours=24)
RUMOUR = "Menteri bagikan tautan judi online gratis saldo untuk warga Melati"
OTHERS = ("Bandara Seroja buka kasino judi online", "Artis Kenanga promosikan judi online di sekolah")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def newsroom(store: MemoryStore) -> Newsroom:
    return Newsroom(store, NOW)


def watching(store: MemoryStore, **changes: object) -> Watch:
    rule = Rule(
        **{
            "name": "isu",
            "topics": (JUDOL.id,),
            "receivers": ("meja",),
            "method": "threshold",
            "window": DAY,
            **changes,
        }
    )  # type: ignore[arg-type]
    return Watch(store, (rule,), (JUDOL,), {"threshold": ThresholdDetector()}, zone=ZoneInfo("Asia/Jakarta"))


def test_ten_copies_of_one_claim_are_one_new_issue(store: MemoryStore, newsroom: Newsroom) -> None:
    watch = watching(store, measure=Measure.ISSUES, at_least=2, min_sources=1)
    newsroom.publishes(10, NOW, title=RUMOUR, numbered=False)
    Grouper(store).tick(NOW)
    assert watch.tick(NOW).opened == 0


def test_three_claims_at_once_are_an_alert(store: MemoryStore, newsroom: Newsroom) -> None:
    watch = watching(store, measure=Measure.ISSUES, at_least=3, min_sources=2)
    for title in (RUMOUR, *OTHERS):
        newsroom.publishes(1, NOW, title=title, numbered=False)
    Grouper(store).tick(NOW)
    assert watch.tick(NOW).opened == 1
    (alert,) = store.alerts.firing()
    assert "3 isu baru" in alert.title


def test_one_claim_at_three_outlets_raises_an_alert_of_its_own(store: MemoryStore, newsroom: Newsroom) -> None:
    watch = watching(store, per="issue", at_least=3, min_sources=3)
    newsroom.publishes(3, NOW, title=RUMOUR, numbered=False)
    newsroom.publishes(1, NOW, title=OTHERS[0], numbered=False)
    Grouper(store).tick(NOW)
    assert watch.tick(NOW).opened == 1
    (alert,) = store.alerts.firing()
    assert alert.subject.kind == "issue"
    assert RUMOUR in alert.title
    (delivery,) = store.outbox.list()
    notice = json.loads(delivery.notice)
    assert {exhibit["title"] for exhibit in notice["exhibits"]} == {RUMOUR}


def test_the_alert_of_an_issue_ends_when_the_claim_falls_silent(store: MemoryStore, newsroom: Newsroom) -> None:
    watch = watching(store, per="issue", at_least=3, min_sources=3, window=timedelta(hours=3))
    newsroom.publishes(3, NOW, title=RUMOUR, numbered=False)
    Grouper(store).tick(NOW)
    watch.tick(NOW)
    for hour in range(1, 12):
        newsroom.watches(NOW + timedelta(hours=hour))
        watch.tick(NOW + timedelta(hours=hour))
    assert [alert.state for alert in store.alerts.list()] == [AlertState.RESOLVED]


@pytest.mark.parametrize(("topic", "told"), [("judi_online", 0), ("bansos", 1)])
def test_a_topic_s_silence_covers_the_issues_that_are_all_about_it(
    store: MemoryStore, newsroom: Newsroom, topic: str, told: int
) -> None:
    silence = Silence(
        id=0, kind=SilenceKind.TOPIC, target=topic, comment="uji", made_by="Rina", made_at=NOW, ends_at=NOW + DAY
    )
    store.reactions.silence(silence)
    newsroom.publishes(3, NOW, title=RUMOUR, numbered=False)
    Grouper(store).tick(NOW)
    assert watching(store, per="issue", at_least=3, min_sources=3).tick(NOW).opened == 1
    assert len(store.outbox.list()) == told
