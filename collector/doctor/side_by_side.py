"""Questions asked at the same time, all of them within one stretch of time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from threading import Semaphore, Thread
from typing import TypeVar

AT_ONCE = 24
Answer = TypeVar("Answer")


def asked(questions: Mapping[str, Callable[[], Answer]], seconds: float) -> Mapping[str, Answer]:
    """The answers by name; those that did not come in time are left out, and what asks for them is left behind."""
    places = Semaphore(AT_ONCE)
    answers: SimpleQueue[tuple[str, Answer]] = SimpleQueue()
    ends = time.monotonic() + seconds

    def ask(name: str, question: Callable[[], Answer]) -> None:
        if places.acquire(timeout=max(0.0, ends - time.monotonic())):
            try:
                answers.put((name, question()))
            finally:
                places.release()

    for name, question in questions.items():
        Thread(target=ask, args=(name, question), name="siaga-doctor", daemon=True).start()
    found: dict[str, Answer] = {}
    while len(found) < len(questions):
        try:
            name, answer = answers.get(timeout=max(0.0, ends - time.monotonic()))
        except Empty:
            break
        found[name] = answer
    return found
