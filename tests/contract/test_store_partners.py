"""Partners' reports: one suite for every store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from records import NOW, draft, record, source

from collector.model.errors import NotFound
from collector.model.issue import Membership
from collector.model.judgement import Verdict
from collector.model.ledger import Telling
from collector.model.partner import PartnerReport, ReportKind, partner_of, source_of
from collector.store.base import Storage

REPORT = PartnerReport(
    id="r1",
    partner="kominfo",
    message_id="msg-1",
    body_hash="00",
    received_at=NOW,
    kind=ReportKind.CREATED,
    reference="isu-7",
    verdict=Verdict.FALSE,
    link="https://kominfo.example/7",
    replaces=("isu-4", "isu-5"),
)


@pytest.fixture
def store(empty: Storage) -> Storage:
    empty.sources.register((source(),), NOW)
    return empty


def item(store: Storage, issue: int | None = None) -> int:
    store.items.record_poll(record(draft("a")))
    found = store.items.find("https://tempo.example/a")
    assert found is not None
    if issue is not None:
        member = Membership(item_id=found.item.id, issue_id=issue, voice=1, title="x", claim_key=None, seen_at=NOW)
        store.issues.save([member])
    return found.item.id


def test_a_message_is_taken_once_per_partner(store: Storage) -> None:
    assert store.partners.enter(REPORT) == REPORT
    again = store.partners.enter(replace(REPORT, id="r2", body_hash="11"))
    other = store.partners.enter(replace(REPORT, id="r3", partner="meja"))
    assert (again, other.id) == (REPORT, "r3")
    assert store.partners.of_message("kominfo", "msg-1") == REPORT
    assert store.partners.of_message("kominfo", "msg-2") is None
    assert [one.id for one in store.partners.list()] == ["r3", "r1"]
    assert [one.id for one in store.partners.list("kominfo")] == ["r1"]


def test_a_report_is_shown_to_its_own_partner_alone(store: Storage) -> None:
    store.partners.enter(REPORT)
    assert store.partners.get("kominfo", "r1") == REPORT
    with pytest.raises(NotFound):
        store.partners.get("meja", "r1")


def test_a_report_knows_the_issue_its_item_is_in(store: Storage) -> None:
    number = item(store)
    store.partners.enter(replace(REPORT, item_id=number))
    assert store.partners.get("kominfo", "r1").issue_id is None
    item(store, issue=4)
    assert store.partners.get("kominfo", "r1").issue_id == 4
    assert [one.id for one in store.partners.of_issue(4)] == ["r1"]
    assert store.partners.of_issue(5) == ()


def test_the_partners_own_number_finds_its_first_report_with_an_item(store: Storage) -> None:
    store.partners.enter(REPORT)  # an answer: no item
    assert store.partners.of_reference("kominfo", "isu-7") is None
    number = item(store)
    for name in ("r2", "r3"):
        store.partners.enter(replace(REPORT, id=name, message_id=name, item_id=number))
    found = store.partners.of_reference("kominfo", "isu-7")
    assert found is not None
    assert found.id == "r2"
    assert store.partners.of_reference("meja", "isu-7") is None


def test_reports_are_counted_since_a_moment(store: Storage) -> None:
    for minutes in range(3):
        at = NOW + timedelta(minutes=minutes)
        store.partners.enter(replace(REPORT, id=f"r{minutes}", message_id=f"m{minutes}", received_at=at))
    assert store.partners.count("kominfo", NOW + timedelta(minutes=1)) == 2
    assert store.partners.count("meja", NOW) == 0


def test_old_reports_are_dropped_and_young_ones_stay(store: Storage) -> None:
    store.partners.enter(REPORT)
    store.partners.enter(replace(REPORT, id="r2", message_id="m2", received_at=NOW + timedelta(days=2)))
    assert store.partners.prune(NOW + timedelta(days=1)) == 1
    assert [one.id for one in store.partners.list()] == ["r2"]


def test_a_transaction_that_fails_takes_the_report_with_it(store: Storage) -> None:
    def fails() -> None:
        with store.transaction():
            store.partners.enter(REPORT)
            raise RuntimeError("the item could not be stored")

    with pytest.raises(RuntimeError):
        fails()
    assert store.partners.list() == ()


def test_a_partners_items_are_known_by_their_source() -> None:
    assert partner_of(source_of("kominfo")) == "kominfo"
    assert partner_of("Tempo") is None


def test_an_item_knows_the_reports_that_brought_it(store: Storage) -> None:
    number = item(store)
    store.partners.enter(replace(REPORT, item_id=number))
    store.partners.enter(replace(REPORT, id="r2", message_id="msg-2"))
    assert [one.id for one in store.partners.of_item(number)] == ["r1"]


def test_what_somebody_was_told_is_listed_newest_first(store: Storage) -> None:
    item(store, issue=1)
    told = Telling(id=0, issue_id=1, recipient="kominfo", channel="partner", at=NOW, about="pertama")
    store.ledger.tell([told, replace(told, about="kedua"), replace(told, recipient="meja")])
    assert [one.about for one in store.ledger.told_to("partner", "kominfo", 5)] == ["kedua", "pertama"]
    assert len(store.ledger.told_to("partner", "kominfo", 1)) == 1
    assert store.ledger.told_to("alert", "kominfo", 5) == ()
