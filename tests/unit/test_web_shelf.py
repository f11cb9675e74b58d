"""Answers kept for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from collector.web.shelf import Shelf


def test_an_answer_is_asked_for_once_while_it_is_fresh(now: datetime) -> None:
    shelf, asked = Shelf[int](lasts=timedelta(minutes=5)), iter(range(9))
    first = shelf.get("a", now, lambda: next(asked))
    assert shelf.get("a", now + timedelta(minutes=4), lambda: next(asked)) == first
    later = shelf.get("a", now + timedelta(minutes=5), lambda: next(asked))
    assert (first.answer, later.answer, later.made_at) == (0, 1, now + timedelta(minutes=5))


def test_the_oldest_answer_makes_room(now: datetime) -> None:
    shelf, asked = Shelf[int](most=2), iter(range(9))
    for key in ("a", "b", "c"):
        shelf.get(key, now, lambda: next(asked))
    assert shelf.get("c", now, lambda: next(asked)).answer == 2
    assert shelf.get("a", now, lambda: next(asked)).answer == 3
