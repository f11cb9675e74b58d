"""Links by which a reader reacts without logging in: signed, for one alert, for a while."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from alerts.links import LASTS, ActionKind, ActionLinks, LinkRefused, read

KEY, OTHER = b"k" * 32, b"o" * 32
LINKS = ActionLinks("https://siaga.example/", KEY)


def token_of(link: str) -> str:
    return link.rsplit("/", 1)[1]


def test_a_link_says_what_it_asks_for_and_for_which_alert(now: datetime) -> None:
    acked, silenced = LINKS.ack(7, now), LINKS.silence(8, now)
    assert acked.startswith("https://siaga.example/ack/")
    assert silenced.startswith("https://siaga.example/silence/")
    read_back = [
        (action.kind, action.alert_id) for action in (read(token_of(link), KEY, now) for link in (acked, silenced))
    ]
    assert read_back == [(ActionKind.ACK, 7), (ActionKind.SILENCE, 8)]


def test_a_link_ends_after_a_week(now: datetime) -> None:
    token = token_of(LINKS.ack(7, now))
    assert read(token, KEY, now + LASTS - timedelta(seconds=2)).alert_id == 7
    with pytest.raises(LinkRefused, match="has ended"):
        read(token, KEY, now + LASTS)


def test_another_database_s_link_is_refused(now: datetime) -> None:
    with pytest.raises(LinkRefused, match="not of this Siaga"):
        read(token_of(LINKS.ack(7, now)), OTHER, now)


def test_a_link_of_another_version_is_refused(now: datetime) -> None:
    later = URLSafeSerializer(KEY, salt="siaga.links", signer_kwargs={"digest_method": hashlib.sha256})
    with pytest.raises(LinkRefused, match="another version"):
        read(str(later.dumps([2, "ack", 7, 2**33])), KEY, now)


@given(st.integers(0, 200), st.characters())
def test_a_changed_link_is_refused(place: int, put: str) -> None:
    at = datetime.fromisoformat("2026-11-25T03:30:00+00:00")
    token = token_of(LINKS.ack(7, at))
    changed = token[: place % len(token)] + put + token[place % len(token) + 1 :]
    if changed != token:
        with pytest.raises(LinkRefused):
            read(changed, KEY, at)


@pytest.mark.parametrize("token", ["", ".", "a.b", "\udcff", "é" * 40, "x" * 5000])
def test_what_is_no_link_is_refused(token: str, now: datetime) -> None:
    with pytest.raises(LinkRefused):
        read(token, KEY, now)
