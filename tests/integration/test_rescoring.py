"""What is stored is compared with the claims known by now, and what a whole text told stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from records import NOW, draft, match, record, source

from collector.claims.known import KnownClaims
from collector.judge.combined import CombinedJudge
from collector.model.claim import CheckedClaim
from collector.model.judgement import Stance, Verdict
from collector.rescoring import Rescored, rescore
from collector.store.articles import ArticleRead
from collector.store.base import Draft, Storage
from collector.store.claims import ClaimLink

CLAIM = CheckedClaim(
    id=0,
    key="k",
    text="KPU Sahkan Anies Jadi Presiden",
    title="[SALAH] KPU Sahkan Anies Jadi Presiden",
    verdict=Verdict.FALSE,
    publisher="cek",
    url=None,
    checked_at=NOW,
)
RUMOUR = "kpu resmi sahkan anies jd presiden"
OTHER = "Pembagian bansos di Kota Melati dijadwalkan Kamis"


@pytest.fixture
def store(empty: Storage) -> Storage:
    empty.sources.register((source(),), NOW)
    return empty


def stored(store: Storage, *drafts: Draft) -> tuple[int, ...]:
    store.items.record_poll(record(*drafts))
    found = (store.items.find(one.identity) for one in drafts)
    return tuple(one.item.id for one in found if one is not None)


def again(store: Storage) -> Rescored:
    *_, last = rescore(store, CombinedJudge.shipped(), KnownClaims(store), {}, NOW)
    return last


def linked(store: Storage, item_id: int, **changed: object) -> None:
    identity = store.items.get(item_id).item.identity
    link = ClaimLink(
        identity=identity, claim_key="k", confidence=0.7, stance=Stance.SPREAD, differences=(), matched_at=NOW
    )
    store.claims.link([replace(link, **changed)])  # type: ignore[arg-type]


def test_an_item_older_than_the_check_of_its_claim_is_linked(store: Storage) -> None:
    (item_id,) = stored(store, draft("a", title=RUMOUR, stance=Stance.SPREAD))
    store.claims.add([CLAIM], NOW + timedelta(hours=1))
    assert again(store).linked == 1
    (link,) = store.claims.of_items([item_id])[item_id]
    assert (link.claim.key, link.stance) == ("k", Stance.SPREAD)
    assert again(store).linked == 0


def test_a_link_that_no_longer_holds_goes(store: Storage) -> None:
    (item_id,) = stored(store, draft("a", title=OTHER, stance=Stance.SPREAD))
    store.claims.add([CLAIM], NOW)
    linked(store, item_id)
    assert again(store).unlinked == 1
    assert store.claims.of_items([item_id]) == {}


def test_a_fact_checkers_own_finding_stays(store: Storage) -> None:
    (item_id,) = stored(store, draft("a", title=OTHER, stance=Stance.NEWS))
    store.claims.add([CLAIM], NOW)
    linked(store, item_id, confidence=1.0, stance=Stance.DEBUNK)
    again(store)
    assert len(store.claims.of_items([item_id])[item_id]) == 1


def test_what_an_article_told_stays_and_what_its_source_told_does_not(store: Storage) -> None:
    read, unread = stored(
        store,
        draft("a", title=OTHER, stance=Stance.SPREAD, suspicion=0.9, wants_article=True),
        draft("b", title=OTHER, stance=Stance.SPREAD, suspicion=0.9),
    )
    store.claims.add([CLAIM], NOW)
    linked(store, read)
    item = store.items.get(read)
    whole = ArticleRead(
        item_id=read,
        content_hash=item.item.content_hash,
        excerpt="Awal artikel",
        read_at=NOW,
        matches=(match(),),
        judgement=item.judgement,
    )
    assert store.articles.read(whole)
    done = again(store)
    assert store.items.get(read).judgement.suspicion == pytest.approx(0.9)
    assert store.items.get(unread).judgement.suspicion < 0.5
    assert len(store.claims.of_items([read])[read]) == 1
    assert (done.items, done.rescored) == (2, 1)
