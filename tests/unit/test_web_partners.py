"""The page of partners, and what an issue and an item say about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pageroom import PageRoom, page_room
from records import draft, record, source

from collector.config.secret import Secret
from collector.config.settings import Partner, Web
from collector.model.issue import Membership
from collector.model.judgement import Verdict
from collector.model.ledger import Telling
from collector.model.partner import PartnerReport, ReportKind
from collector.store.sqlite import SqliteStore

ISSUE = 3
TITLE = "Bansos dihapus, sebarkan!"
NASTY = "<script>alert(1)</script>"


@pytest.fixture
def room(tmp_path: Path, now: datetime) -> Iterator[PageRoom]:
    """One issue, which a partner reported and was told of."""
    with SqliteStore(tmp_path / "siaga.db") as store:
        room = page_room(store, now)
        room.app.settings = replace(room.app.settings, sources=(source(),), partners=(Partner(name="kominfo"),))
        store.sources.register((source(),), now)
        store.items.record_poll(record(draft("a", title=TITLE), at=now))
        member = Membership(item_id=1, issue_id=ISSUE, voice=1, title=TITLE, claim_key=None, seen_at=now)
        store.issues.save([member])
        store.partners.enter(report(now))
        store.ledger.tell([telling(now)])
        yield room


def report(now: datetime) -> PartnerReport:
    return PartnerReport(
        id="0123456789abcdef",
        partner="kominfo",
        message_id="m1",
        body_hash="00",
        received_at=now - timedelta(hours=2),
        kind=ReportKind.CREATED,
        reference="isu-7",
        item_id=1,
        verdict=Verdict.FALSE,
        link="https://kominfo.example/7",
    )


def telling(now: datetime) -> Telling:
    return Telling(
        id=0,
        issue_id=ISSUE,
        recipient="kominfo",
        channel="partner",
        at=now - timedelta(hours=1),
        about="issue.updated",
        verdict=Verdict.MISLEADING,
        correction=True,
    )


def text(room: PageRoom, path: str) -> str:
    answer = room.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def test_what_a_partner_reported_leads_to_its_issue(room: PageRoom) -> None:
    page = text(room, "/partners")
    assert "kominfo" in page
    assert "Laporan terakhir" in page
    assert f'<a href="/issue/{ISSUE}">{TITLE}</a>' in page
    assert "Temuan mereka: <strong>salah</strong>" in page


def test_what_was_sent_stands_beside_what_was_answered(room: PageRoom, now: datetime) -> None:
    assert "belum dijawab" in text(room, "/partners")
    (sent,) = room.store.ledger.told_to("partner", "kominfo", 5)
    room.store.ledger.answered(sent.id, f"sudah diturunkan {NASTY}", now)
    for path in ("/partners", f"/issue/{ISSUE}"):
        page = text(room, path)
        assert "sudah diturunkan &lt;script&gt;" in page
        assert NASTY not in page
        assert "koreksi" in page


def test_an_issue_says_who_was_told_what_through_what(room: PageRoom) -> None:
    page = text(room, f"/issue/{ISSUE}?lang=en")
    assert "<b>kominfo</b>" in page
    assert "partner · " in page
    assert "issue.updated" in page
    assert "Reported by the partner kominfo" in page


def test_an_item_names_the_partner_it_came_from(room: PageRoom) -> None:
    page = text(room, "/item/1")
    assert "Dilaporkan oleh mitra kominfo" in page
    assert "laporan 01234567" in page


def test_without_partners_the_page_says_where_they_are_entered(room: PageRoom) -> None:
    room.app.settings = replace(room.app.settings, partners=())
    assert "partners: dalam sources.yaml" in text(room, "/partners")


def test_partners_are_read_behind_the_log_in_as_everything_is(room: PageRoom) -> None:
    room.set_web(Web(listen="0.0.0.0:8080", token=Secret("untuk-program-1"), base_url="http://siaga.example"))
    answer = room.get("/partners")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login?next=/partners")
