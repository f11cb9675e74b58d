"""What every store keeps of people's reactions and of messages held back: memory and SQLite answer alike."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from records import HOUR, NOW, alert, delivery
from sqlite_utils import Database

from collector.model.alert import AlertState
from collector.model.errors import NotFound
from collector.model.reaction import AckEnd, Acknowledgement, Silence, SilenceKind
from collector.model.withheld import Heard, Hold, Withheld
from collector.store.base import Storage
from collector.store.sqlite import SqliteStore
from collector.store.sqlite.schema import MIGRATIONS
from collector.store.sqlite.version import APPLICATION_ID


@pytest.fixture
def store(empty: Storage) -> Storage:
    return empty


def test_the_key_for_links_is_made_once(store: Storage) -> None:
    key = store.signing_key()
    assert len(key) == 32
    assert store.signing_key() == key


def test_every_database_has_a_key_of_its_own(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "a.db") as one, SqliteStore(tmp_path / "b.db") as other:
        key = one.signing_key()
        assert key != other.signing_key()
    with SqliteStore(tmp_path / "a.db") as again:
        assert again.signing_key() == key


# ---------------------------------------------------------------- messages held back


def withheld(
    key: str = "one", *, alert_id: int = 1, receiver: str = "meja", reason: str = "first", hold: Hold = Hold.GROUPED
) -> Withheld:
    return Withheld(
        id=0,
        alert_id=alert_id,
        receiver=receiver,
        reason=reason,
        hold=hold,
        why="waits",
        company="",
        made_at=NOW,
        until_at=NOW + HOUR,
        dedup_key=key,
        notice="{}",
        settled_at=NOW if hold.for_good else None,
    )


@pytest.fixture
def fired(store: Storage) -> Storage:
    """With one alert, of which one receiver is to be told."""
    store.alerts.save(alert(), withheld=[withheld()])
    return store


def test_a_message_held_back_comes_back_as_it_was_saved_and_only_once(fired: Storage) -> None:
    fired.alerts.save(alert(), withheld=[withheld(), withheld("two", receiver="sistem")])
    assert [(row.id, row.dedup_key) for row in fired.withheld.waiting()] == [(1, "one"), (2, "two")]
    (first, _) = fired.withheld.of_alert(1)
    assert first == replace(withheld(), id=1)


def test_a_released_message_is_in_the_outbox_and_waits_no_more(fired: Storage) -> None:
    number = fired.withheld.release([1], delivery("mail"), NOW + HOUR)
    assert fired.withheld.waiting() == ()
    assert [(row.settled_at, row.delivery_id) for row in fired.withheld.of_alert(1)] == [(NOW + HOUR, number)]
    assert [d.dedup_key for d in fired.outbox.list(alert_id=1)] == ["mail"]  # though the delivery names no alert


def test_a_message_released_twice_is_one_delivery(fired: Storage) -> None:
    first = fired.withheld.release([1], delivery("mail"), NOW)
    assert fired.withheld.release([1], delivery("mail"), NOW + HOUR) == first
    assert [row.settled_at for row in fired.withheld.of_alert(1)] == [NOW]


def test_what_fails_within_a_transaction_was_not_released(fired: Storage) -> None:
    def release_and_die() -> None:
        with fired.transaction(durable=True):
            fired.withheld.release([1], delivery("mail"), NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        release_and_die()
    assert len(fired.withheld.waiting()) == 1
    assert fired.outbox.list() == ()


def test_a_receiver_has_heard_when_a_message_arrived(fired: Storage) -> None:
    assert fired.withheld.heard(1, "meja") is Heard.UNDERWAY
    number = fired.withheld.release([1], delivery("mail"), NOW)
    assert fired.withheld.heard(1, "meja") is Heard.UNDERWAY
    fired.outbox.claim("w", NOW, HOUR, 1)
    fired.outbox.sent(number, "w", NOW)
    assert fired.withheld.heard(1, "meja") is Heard.SENT
    assert fired.withheld.heard(1, "sistem") is fired.withheld.heard(2, "meja") is Heard.NOTHING


def test_a_receiver_whose_message_was_given_up_has_heard_nothing(fired: Storage) -> None:
    fired.outbox.claim("w", NOW, HOUR, 1)
    number = fired.withheld.release([1], delivery("mail"), NOW)
    fired.outbox.claim("w", NOW, HOUR, 1)
    fired.outbox.dead(number, "w", "550")
    assert fired.withheld.heard(1, "meja") is Heard.NOTHING
    assert fired.withheld.addressed(1) == ("meja",)  # but was meant to


def test_an_end_is_no_message_that_told_of_the_alert(store: Storage) -> None:
    store.alerts.save(alert(), withheld=[withheld(reason="resolved"), withheld("hushed", hold=Hold.SILENCED)])
    assert store.withheld.heard(1, "meja") is Heard.NOTHING
    assert store.withheld.addressed(1) == ()


def test_a_message_may_wait_longer_or_be_given_up(fired: Storage) -> None:
    fired.withheld.wait_longer(1, Hold.FIRST_UNSENT, "the first is unsent", None)
    (row,) = fired.withheld.waiting()
    assert (row.hold, row.why, row.until_at) == (Hold.FIRST_UNSENT, "the first is unsent", None)
    fired.withheld.give_up(1, Hold.UNHEARD, "never heard of it", NOW + HOUR)
    assert fired.withheld.waiting() == ()
    assert fired.withheld.of_alert(1)[0].hold is Hold.UNHEARD


def test_the_digest_of_a_slot_is_taken_once(fired: Storage) -> None:
    number = fired.withheld.release([1], delivery("mail"), NOW)
    assert not fired.withheld.slot_taken("meja", "2026-11-25 07:00")
    assert fired.withheld.take_slot("meja", "2026-11-25 07:00", number, NOW)
    assert not fired.withheld.take_slot("meja", "2026-11-25 07:00", number, NOW)
    assert fired.withheld.slot_taken("meja", "2026-11-25 07:00")
    assert not fired.withheld.slot_taken("sistem", "2026-11-25 07:00")


# ---------------------------------------------------------------- reactions


def acknowledgement(alert_id: int = 1, by: str = "Rina") -> Acknowledgement:
    return Acknowledgement(id=0, alert_id=alert_id, made_by=by, note="dicek", made_at=NOW, count=6)


def silence(kind: SilenceKind = SilenceKind.TOPIC, target: str = "bansos") -> Silence:
    return Silence(
        id=0, kind=kind, target=target, comment="sudah ditangani", made_by="Rina", made_at=NOW, ends_at=NOW + HOUR
    )


def test_an_acknowledgement_holds_until_it_is_ended(fired: Storage) -> None:
    stored = fired.reactions.acknowledge(acknowledgement())
    assert fired.reactions.acknowledged() == {1: stored}
    assert fired.reactions.end_acknowledgement(1, AckEnd.WORSE, NOW + HOUR)
    assert fired.reactions.acknowledged() == {}
    assert not fired.reactions.end_acknowledgement(1, AckEnd.WORSE, NOW + HOUR)
    (past,) = fired.reactions.acknowledgements(1)
    assert (past.ended_at, past.ended_because) == (NOW + HOUR, AckEnd.WORSE)


def test_a_second_acknowledgement_takes_the_place_of_the_first(fired: Storage) -> None:
    fired.reactions.acknowledge(acknowledgement())
    fired.reactions.acknowledge(acknowledgement(by="Budi"))
    assert [(ack.made_by, ack.ended_because) for ack in fired.reactions.acknowledgements(1)] == [
        ("Rina", AckEnd.REPLACED),
        ("Budi", None),
    ]


def test_a_silence_ends_by_itself_or_sooner(store: Storage) -> None:
    one = store.reactions.silence(silence())
    other = store.reactions.silence(silence(SilenceKind.RULE, "lonjakan"))
    assert store.reactions.silences(holding_at=NOW) == (other, one)
    ended = store.reactions.expire(one.id, "Budi", NOW + HOUR / 2)
    assert (ended.expired_by, ended.expired_at) == ("Budi", NOW + HOUR / 2)
    assert store.reactions.silences(holding_at=NOW + HOUR / 2) == (other,)
    assert store.reactions.silences(holding_at=NOW + HOUR) == ()
    assert len(store.reactions.silences()) == 2


@pytest.mark.parametrize("number", [1, 7])
def test_a_silence_that_is_over_or_unknown_cannot_be_ended(store: Storage, number: int) -> None:
    store.reactions.silence(silence())
    with pytest.raises(NotFound, match=f"no silence {number} is in force"):
        store.reactions.expire(number, "Budi", NOW + HOUR)


def test_what_is_suppressed_is_shown_as_long_as_it_is(store: Storage) -> None:
    hush = store.reactions.silence(silence())
    silenced = replace(withheld("a", hold=Hold.SILENCED), company=str(hush.id))
    acked = withheld("b", hold=Hold.ACKNOWLEDGED)
    store.alerts.save(alert(), withheld=[silenced, acked, withheld("c"), withheld("d", hold=Hold.UNHEARD)])
    assert [row.dedup_key for row in store.withheld.suppressed(NOW)] == ["c", "a"]
    store.reactions.acknowledge(acknowledgement())
    assert [row.dedup_key for row in store.withheld.suppressed(NOW)] == ["c", "b", "a"]
    assert [row.dedup_key for row in store.withheld.suppressed(NOW + HOUR)] == ["c", "b"]
    store.reactions.end_acknowledgement(1, AckEnd.RESOLVED, NOW)
    store.alerts.save(alert(state=AlertState.RESOLVED, resolved_at=NOW))
    assert [row.dedup_key for row in store.withheld.suppressed(NOW)] == ["c"]


def test_what_was_sent_before_the_update_counts_as_heard(tmp_path: Path) -> None:
    """A database of schema 4, whose deliveries name their alert."""
    path = tmp_path / "siaga.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        database = Database(old)
        MIGRATIONS.apply(database, stop_before="0005")
        old.execute("pragma user_version = 4")
        old.execute(f"pragma application_id = {APPLICATION_ID}")
        insert_alert(database)
    with SqliteStore(path) as store:
        assert store.withheld.heard(1, "meja") is Heard.SENT
        assert store.withheld.heard(1, "sistem") is Heard.NOTHING
        assert store.withheld.addressed(1) == ("meja", "sistem")
        assert store.withheld.waiting() == ()
        assert store.alerts.get(1).was_told


def insert_alert(old: Database) -> None:
    """As an older Siaga wrote it: one receiver took the message, the other never did."""
    at = "2026-11-25T03:30:00Z"
    alert = {
        "id": 1,
        "key": "a/topic:b",
        "rule": "a",
        "subject_kind": "topic",
        "subject_id": "b",
        "measure": "mentions",
    }
    life = {"state": "firing", "opened_at": at, "last_spike_at": at, "updated_at": at, "notified_at": at}
    counts = {"notified_count": 5, "window_s": 3600, "count": 5, "peak": 5, "limit_count": 5, "publishers": 2}
    words = {"detector": "x", "detector_version": "1", "title": "", "summary": ""}
    old.table("alerts").insert({**alert, **life, **counts, **words})
    for receiver, state in (("meja", "sent"), ("sistem", "dead")):
        message = {
            "alert_id": 1,
            "receiver": receiver,
            "reason": "first",
            "state": state,
            "attempts": 1,
            "notice": "{}",
        }
        old.table("deliveries").insert(
            {**message, "created_at": at, "not_before_at": at, "dedup_key": f"key of {receiver}"}
        )
