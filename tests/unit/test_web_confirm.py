"""Signed links in a message: following one only asks; the answer acts, under the name that was given."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pageroom import PageRoom, page_room
from records import alert

from alerts.links import ActionLinks
from collector.config.secret import Secret
from collector.config.settings import Web
from collector.model.alert import AlertState
from collector.store.memory import MemoryStore


@pytest.fixture
def room(now: datetime) -> PageRoom:
    room = page_room(MemoryStore(), now)
    room.store.alerts.save(alert(7, count=34))
    return room


def links(room: PageRoom, key: bytes | None = None) -> ActionLinks:
    return ActionLinks("", key or room.store.signing_key())


def held(room: PageRoom) -> bool:
    return bool(room.store.reactions.acknowledged()) or bool(room.store.reactions.silences())


@pytest.mark.parametrize("kind", ["ack", "silence"])
def test_following_a_link_changes_nothing(room: PageRoom, kind: str) -> None:
    """Mail scanners follow every link they see, some with HEAD, some twice."""
    path = getattr(links(room), kind)(7, room.clock.now())
    for _ in range(2):
        assert room.get(path).status_code == 200
        assert room.client.head(path, base_url=f"http://{room.host}").status_code == 200
        assert room.client.options(path, base_url=f"http://{room.host}").status_code == 200
    assert not held(room)


def test_the_answer_acknowledges_under_the_given_name(room: PageRoom) -> None:
    answer = room.post(links(room).ack(7, room.clock.now()), by="Sari", note="sedang diperiksa")
    assert answer.status_code == 200
    ack = room.store.reactions.acknowledged()[7]
    assert (ack.made_by, ack.note, ack.count) == ("Sari", "sedang diperiksa", 34)
    assert [(entry.actor, entry.action, entry.subject) for entry in room.store.audit.list()] == [
        ("Sari", "ack", "alert:7")
    ]


def test_the_answer_silences_the_topic_for_the_chosen_time(room: PageRoom) -> None:
    room.post(links(room).silence(7, room.clock.now()), by="Sari", note="sudah dibahas", hours="72")
    (silence,) = room.store.reactions.silences()
    assert (silence.kind, silence.target, silence.comment) == ("topic", "bansos", "sudah dibahas")
    assert silence.ends_at - silence.made_at == timedelta(hours=72)


def test_nobody_acts_namelessly_and_nobody_silences_without_a_reason(room: PageRoom) -> None:
    now = room.clock.now()
    assert room.post(links(room).ack(7, now), by=" ").status_code == 400
    assert room.post(links(room).silence(7, now), by="Sari", note=" ").status_code == 400
    assert not held(room)


@pytest.mark.parametrize("spoil", ["other key", "ended", "other kind", "damaged", "empty"])
def test_a_link_that_is_not_good_is_refused_for_the_question_and_the_answer(room: PageRoom, spoil: str) -> None:
    now = room.clock.now()
    path = {
        "other key": links(room, b"x" * 32).ack(7, now),
        "ended": links(room).ack(7, now - timedelta(days=7)),
        "other kind": links(room).silence(7, now).replace("/silence/", "/ack/"),
        "damaged": links(room).ack(7, now) + "x",
        "empty": "/ack/ ",
    }[spoil]
    assert room.get(path).status_code in (403, 404)
    assert room.post(path, by="Sari", note="x").status_code in (403, 404)
    assert not held(room)


def test_a_link_works_without_the_password_that_reading_needs(room: PageRoom) -> None:
    room.set_web(Web(listen="192.0.2.7:8080", password=Secret("sandi bersama")))
    path = links(room).ack(7, room.clock.now())
    assert room.get(path).status_code == 200
    assert room.post(path, by="Sari").status_code == 200
    assert held(room)


def test_another_site_cannot_send_the_answer(room: PageRoom) -> None:
    path = links(room).ack(7, room.clock.now())
    assert room.post(path, by="Sari", headers={"Origin": "https://evil.example"}).status_code == 403
    assert not held(room)


def test_an_alert_that_is_over_says_so(room: PageRoom) -> None:
    room.store.alerts.save(alert(7, state=AlertState.RESOLVED, resolved_at=room.clock.now()))
    assert "sudah mereda" in room.get(links(room).ack(7, room.clock.now())).get_data(as_text=True)


def test_an_alert_that_is_gone_is_not_found(room: PageRoom) -> None:
    assert room.get(links(room).ack(8, room.clock.now())).status_code == 404
