"""From the items of a window to the claims that lead a message."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest

from alerts.evidence import BAIT, clickable, clusters, exhibit_of, leading_issue, since_last
from collector.model.issue import Issue
from collector.model.item import Item, Timing
from collector.model.judgement import Judgement, Signal, Stance, Verdict
from collector.model.phrase import Phrase
from collector.store.base import JudgedItem

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)


def item(
    number: int,
    *,
    issue: int | None = None,
    outlet: str = "satu.example",
    suspicion: float = 0.8,
    stance: Stance = Stance.SPREAD,
    seen_at: datetime = NOW,
    signals: tuple[str, ...] = (),
    verdict: Verdict | None = None,
) -> JudgedItem:
    found = tuple(
        Signal(name=name, points=points, reason=Phrase(id=name, en=name))
        for points, name in zip((3.0, 2.0, 1.0), signals, strict=False)
    )
    return JudgedItem(
        item=Item(
            id=number,
            identity=f"url:{number}",
            url=f"https://{outlet}/{number}",
            title=f"Judul {number}",
            excerpt="",
            lang="id",
            publisher=outlet,
            source_id="s",
            published_at=None,
            date_note=None,
            seen_at=seen_at,
            timing=Timing.ON_TIME,
            content_hash="h",
            issue_id=issue,
        ),
        judgement=Judgement(
            stance=stance,
            points=6.0,
            suspicion=suspicion,
            signals=found,
            judge="j",
            judge_version="1",
            verdict=verdict,
        ),
        mentions=(),
        sightings=1,
    )


def issue_of(number: int, opened_at: datetime = NOW - 30 * HOUR) -> Issue:
    return Issue(
        id=number,
        title="Judul isu",
        claim_key=None,
        opened_at=opened_at,
        last_seen_at=NOW,
        claimed_at=None,
        items=9,
        voices=3,
        suspicious=5,
        debunks=0,
    )


def test_copies_of_one_claim_are_one_issue_and_strays_stand_alone() -> None:
    found = clusters([item(1, issue=5), item(2, issue=5, outlet="dua.example"), item(3), item(4)])
    assert [(cluster.issue_id, len(cluster.items)) for cluster in found] == [(5, 2), (None, 1), (None, 1)]


def test_a_claim_of_many_outlets_stands_above_a_lone_shout_as_suspicious() -> None:
    lone = item(1, suspicion=0.84)
    spread = [item(n, issue=5, outlet=f"{n}.example", suspicion=0.81) for n in (2, 3, 4)]
    assert clusters([lone, *spread])[0].issue_id == 5
    assert clusters([replace(lone, judgement=replace(lone.judgement, suspicion=0.97)), *spread])[0].issue_id is None


def test_an_issue_counts_what_is_in_the_window_and_dates_from_its_first_item() -> None:
    (cluster,) = clusters([item(1, issue=5), item(2, issue=5, outlet="dua.example"), item(3, issue=5)])
    told = leading_issue(cluster, issue_of(5), {})
    assert (told.items, told.publishers, told.first_seen_at, told.text) == (3, 2, NOW - 30 * HOUR, "Judul isu")


def test_an_issue_is_new_when_nobody_was_told_of_it() -> None:
    (cluster,) = clusters([item(1, issue=5)])
    told_at = NOW - 2 * HOUR
    assert not leading_issue(cluster, issue_of(5), {}, told_at=told_at).new
    assert leading_issue(cluster, issue_of(5, opened_at=NOW - HOUR), {}, told_at=told_at).new
    assert not leading_issue(cluster, issue_of(5, opened_at=NOW - HOUR), {}).new  # a first message: all are


def test_a_fact_check_among_its_items_is_its_verdict() -> None:
    check = item(9, issue=5, outlet="cek.example", stance=Stance.DEBUNK, verdict=Verdict.FALSE, suspicion=0.0)
    (cluster,) = clusters([item(1, issue=5)])
    checked = leading_issue(cluster, issue_of(5), {}, [check]).checked
    assert checked is not None
    assert (checked.verdict, checked.publisher, checked.url) == (
        Verdict.FALSE,
        "cek.example",
        "https://cek.example/9",
    )


def test_the_two_strongest_reasons_are_shown() -> None:
    shown = exhibit_of(item(1, signals=("caps_half", "exclaim_run", "alarm_emoji")))
    assert [reason.en for reason in shown.reasons] == ["caps_half", "exclaim_run"]


# ---------------------------------------------------------------- what is new


def test_what_is_new_is_counted_from_the_last_message_on() -> None:
    told_at = NOW - 2 * HOUR
    old = item(1, issue=5, seen_at=NOW - 3 * HOUR)
    same = item(2, issue=5, outlet="dua.example")
    other = item(3, issue=6, outlet="satu.example")
    stray = item(4, outlet="tiga.example")
    since = since_last([old, same, other, stray], [], told_at, 19)
    assert (since.items, since.issues, since.publishers, since.count) == (3, 2, ("dua.example", "tiga.example"), 19)


def test_who_was_there_before_the_window_does_not_join_again() -> None:
    earlier = item(1, issue=5, outlet="dua.example", seen_at=NOW - 9 * HOUR)
    since = since_last([item(2, issue=5, outlet="dua.example")], [earlier], NOW - 2 * HOUR, 5)
    assert (since.items, since.issues, since.publishers) == (1, 0, ())


# ---------------------------------------------------------------- phishing


@pytest.mark.parametrize(
    ("changes", "may_be_followed"),
    [
        ({"signals": ("promise_plus_link",)}, False),
        ({"signals": ("cheap_host_with_program_word",), "stance": Stance.NEWS, "suspicion": 0.7}, False),
        ({"signals": ("caps_half",)}, True),  # suspicious, but its address is evidence a desk has to see
        ({"signals": ("click_link",), "stance": Stance.NEWS, "suspicion": 0.2}, True),  # a newsroom about scams
        ({"signals": ("promise_plus_link",), "stance": Stance.DEBUNK}, True),
    ],
)
def test_only_what_may_be_phishing_is_made_unclickable(changes: dict[str, object], may_be_followed: bool) -> None:
    assert clickable(exhibit_of(item(1, **changes))) is may_be_followed  # type: ignore[arg-type]


def test_every_bait_is_a_signal_of_the_lexicon() -> None:
    lexicon = (files("collector.data") / "lexicon.yaml").read_text(encoding="utf-8")
    known = {line.split("id:")[1].strip() for line in lexicon.splitlines() if line.strip().startswith("- id:")}
    assert known >= BAIT
