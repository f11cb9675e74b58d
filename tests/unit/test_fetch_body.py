"""Unpacking bodies, bounded and complete."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.sources.body import MAX_MEMBERS, BodyTooLarge, BodyUnreadable, unpacked


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@given(st.binary(min_size=1, max_size=5000), st.integers(1, 700))
def test_a_gzip_body_comes_out_as_it_went_in_however_it_was_cut(content: bytes, size: int) -> None:
    assert unpacked(pieces(gzip.compress(content), size), 10_000) == content


@given(st.binary(max_size=300), st.binary(max_size=300), st.integers(1, 90))
def test_several_members_are_one_body(one: bytes, two: bytes, size: int) -> None:
    assert unpacked(pieces(gzip.compress(one) + gzip.compress(two), size), 10_000) == one + two


def test_padding_after_the_last_member_is_ignored() -> None:
    assert unpacked([gzip.compress(b"feed") + b"\0" * 100], 1000) == b"feed"


def test_a_plain_body_that_claims_to_be_gzip_is_taken_as_it_is() -> None:
    assert unpacked([b"<rss", b"/>"], 1000) == b"<rss/>"
    assert unpacked(pieces(b"<rss/>", 1), 1000) == b"<rss/>"
    assert unpacked([b"<"], 1000) == b"<"


@pytest.mark.parametrize("missing", [1, 8, 12])
def test_a_gzip_body_that_ends_early_is_refused(missing: int) -> None:
    with pytest.raises(BodyUnreadable, match="early"):
        unpacked([gzip.compress(b"feed" * 100)[:-missing]], 1000)


def test_a_damaged_gzip_body_is_refused() -> None:
    packed = bytearray(gzip.compress(b"feed" * 100))
    packed[12] ^= 0xFF
    with pytest.raises(BodyUnreadable):
        unpacked([bytes(packed)], 1000)


def test_a_bomb_is_given_up_at_the_limit_and_takes_no_more_memory_than_that() -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    tracemalloc.start()
    with pytest.raises(BodyTooLarge) as caught:
        unpacked(pieces(bomb, 65536), 1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(caught.value.beginning) == 1_000_000
    assert peak < 5_000_000


def test_the_packed_size_counts_too() -> None:
    with pytest.raises(BodyTooLarge):
        unpacked([gzip.compress(b"x", mtime=0)] + [b"\0" * 100] * 20, 1000)


def test_a_body_of_a_thousand_members_is_refused() -> None:
    with pytest.raises(BodyUnreadable, match="members"):
        unpacked([gzip.compress(b"x") * (MAX_MEMBERS + 1)], 100_000)
