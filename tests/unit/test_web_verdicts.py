"""What rises is shown with what is known of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from pageroom import PageRoom, page_room
from records import draft, record, source

from collector.model.claim import CheckedClaim
from collector.model.issue import Membership
from collector.model.judgement import Stance, Verdict
from collector.store.base import Draft
from collector.store.claims import ClaimLink
from collector.store.sqlite import SqliteStore

TITLE = "Bansos dihapus, sebarkan!"


@pytest.fixture
def room(tmp_path: Path, now: datetime) -> Iterator[PageRoom]:
    with SqliteStore(tmp_path / "siaga.db") as store:
        room = page_room(store, now)
        room.app.settings = replace(room.app.settings, sources=(source(),))
        store.sources.register((source(),), now)
        yield room


def rises(room: PageRoom, *more: Draft) -> None:
    drafts = (draft("a", title=TITLE, seen_at=room.clock.now()), *more)
    room.store.items.record_poll(record(*drafts, at=room.clock.now()))
    found = [(one, room.store.items.find(one.identity)) for one in drafts]
    room.store.issues.save(
        [
            Membership(item_id=it.item.id, issue_id=3, voice=n, title=one.title, claim_key=None, seen_at=one.seen_at)
            for n, (one, it) in enumerate(found, 1)
            if it is not None
        ]
    )


def rising(room: PageRoom) -> str:
    page = room.get("/").get_data(as_text=True)
    return page.partition('<ol class="rising">')[2].partition("</ol>")[0]


def test_what_nobody_checked_has_no_verdict(room: PageRoom) -> None:
    rises(room)
    assert TITLE in rising(room)
    assert "chip" not in rising(room)


def test_the_desks_own_verdict_stands_before_what_rises(room: PageRoom) -> None:
    rises(room)
    token = (room.logs_in(), room.token("/issue/3"))[1]
    room.post("/issue/3/verdict", token=token, verdict="false", note="tidak ada pengumuman")
    assert rising(room).index('<span class="chip settled">salah</span>') < rising(room).index(TITLE)


def test_a_fact_checkers_verdict_is_shown_with_who_says_so(room: PageRoom) -> None:
    rises(room)
    now = room.clock.now()
    claim = CheckedClaim(
        id=0,
        key="k1",
        text=TITLE,
        title=TITLE,
        verdict=Verdict.SCAM,
        publisher="TurnBackHoax",
        url="https://cek.example/1",
        checked_at=now,
        topics=(),
    )
    room.store.claims.add([claim], now)
    link = ClaimLink(
        identity=draft("a").identity,
        claim_key="k1",
        confidence=0.9,
        stance=Stance.SPREAD,
        differences=(),
        matched_at=now,
    )
    room.store.claims.link([link])
    assert '<span class="chip settled">penipuan</span> <span class="soft">menurut TurnBackHoax:</span>' in rising(room)


def test_a_fact_check_among_its_items_is_shown_even_without_a_label(room: PageRoom) -> None:
    check = draft("b", title="Cek fakta bansos", stance=Stance.DEBUNK, suspicion=0.0, publisher="cek.example")
    rises(room, check)
    assert '<span class="chip settled">sudah diperiksa</span>' in rising(room)
    assert "menurut cek.example:" in rising(room)
