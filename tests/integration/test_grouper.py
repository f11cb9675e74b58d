"""Items of the store become issues as they come, and a restart changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from records import NOW, draft, record, source

from collector.claims.grouper import Grouper
from collector.model.claim import CheckedClaim
from collector.model.issue import Membership
from collector.model.judgement import Stance, Verdict
from collector.store.base import MentionFilter
from collector.store.claims import ClaimLink
from collector.store.ledger import CHANGED
from collector.store.sqlite import SqliteStore

RUMOUR = (
    "Surat suara di gudang KPU Seroja sudah tercoblos untuk paslon nomor dua",
    "VIRALKAN!! surat suara sudah TERCOBLOS di gudang KPU Seroja buat paslon no 2",
    "Surat suara gudang KPU Seroja telah tercoblos paslon nomor 2",
)
OTHER = "Harga beras di Pasar Induk Melati turun menjelang panen raya"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(tmp_path / "siaga.db")
    made.sources.register((source(),), NOW)
    yield made
    made.close()


def arrives(store: SqliteStore, *titles: str, stance: Stance = Stance.SPREAD, hours: int = 0) -> None:
    at = NOW + timedelta(hours=hours)
    made = [draft(f"{title[:20]}-{hours}", title=title, seen_at=at, stance=stance) for title in titles]
    store.items.record_poll(record(*made, at=at))


def issues_of(store: SqliteStore) -> dict[str, int | None]:
    return {one.item.title: one.item.issue_id for one in store.items.list(MentionFilter())}


def test_three_wordings_of_a_rumour_are_one_issue_and_the_rest_is_another(store: SqliteStore) -> None:
    arrives(store, *RUMOUR, OTHER)
    assert Grouper(store).tick(NOW) == 4
    found = issues_of(store)
    assert len({found[title] for title in RUMOUR}) == 1
    assert found[OTHER] != found[RUMOUR[0]]


def test_the_issue_is_named_after_one_of_its_items(store: SqliteStore) -> None:
    arrives(store, *RUMOUR)
    Grouper(store).tick(NOW)
    (issue,) = store.issues.list()
    assert issue.title in RUMOUR
    assert (issue.items, issue.suspicious) == (3, 3)


def test_after_a_restart_the_next_item_finds_its_issue(store: SqliteStore) -> None:
    arrives(store, *RUMOUR[:2], OTHER)
    Grouper(store).tick(NOW)
    arrives(store, RUMOUR[2], hours=3)
    assert Grouper(store).tick(NOW + timedelta(hours=3)) == 1
    found = issues_of(store)
    assert found[RUMOUR[2]] == found[RUMOUR[0]]


def test_nothing_new_is_nothing_to_do(store: SqliteStore) -> None:
    arrives(store, *RUMOUR)
    grouper = Grouper(store)
    grouper.tick(NOW)
    assert grouper.tick(NOW) == 0


def test_a_debunk_joins_the_issue_it_answers_and_brings_its_claim(store: SqliteStore) -> None:
    arrives(store, RUMOUR[0])
    grouper = Grouper(store)
    grouper.tick(NOW)
    debunk = f"[SALAH] {RUMOUR[0]}"
    arrives(store, debunk, stance=Stance.DEBUNK, hours=5)
    claim = CheckedClaim(
        id=0, key="k", text=RUMOUR[0], title=debunk, verdict=Verdict.FALSE, publisher="cek", url=None, checked_at=NOW
    )
    store.claims.add([claim], NOW)
    found = next(one for one in store.items.list(MentionFilter()) if one.item.title == debunk)
    link = ClaimLink(
        identity=found.item.identity,
        claim_key="k",
        confidence=1.0,
        stance=Stance.DEBUNK,
        differences=(),
        matched_at=NOW,
    )
    store.claims.link([link])
    grouper.tick(NOW + timedelta(hours=5))
    (issue,) = store.issues.list()
    assert (issue.items, issue.debunks, issue.claim_key) == (2, 1, "k")


def test_copies_of_an_agency_text_are_one_voice(store: SqliteStore) -> None:
    text = "Antara: KPU Seroja membantah kabar surat suara sudah tercoblos di gudang penyimpanan milik daerah"
    arrives(store, text, f"{text} itu", f"Kabar terkini, {text}")
    Grouper(store).tick(NOW)
    issue = max(store.issues.list(), key=lambda one: one.items)
    assert issue.items > issue.voices


def test_when_somebody_moved_items_the_next_one_joins_where_they_are_now(store: SqliteStore) -> None:
    arrives(store, *RUMOUR[:2])
    grouper = Grouper(store)
    grouper.tick(NOW)
    moved = [
        Membership(item_id=one.item.id, issue_id=77, voice=1, title=RUMOUR[0], claim_key=None, seen_at=NOW)
        for one in store.items.list(MentionFilter())
    ]
    store.issues.save(moved)
    store.set_meta(CHANGED, "1")
    arrives(store, RUMOUR[2], hours=1)
    grouper.tick(NOW + timedelta(hours=1))
    assert issues_of(store)[RUMOUR[2]] == 77


def test_a_running_grouper_forgets_what_is_a_month_old(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.claims.grouper.FORGOTTEN_AT_ONCE", 1)
    grouper = Grouper(store)
    arrives(store, RUMOUR[0])
    grouper.tick(NOW)
    arrives(store, RUMOUR[1], hours=24 * 31)
    grouper.tick(NOW + timedelta(days=31))
    found = issues_of(store)
    assert found[RUMOUR[0]] != found[RUMOUR[1]]
