"""The runner seam. A distributed queue can take its place later: a task is a name, a key and strings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Work to do once: ``name`` chooses the handler, ``key`` forbids a second one at the same time."""

    name: str
    key: str
    args: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Something to do again and again. Never one per source: due times live in the database."""

    name: str
    every: timedelta
    action: Callable[[], object]


class Runner(Protocol):
    def submit(self, task: Task) -> bool:
        """False where a task with that key is already waiting or running."""

    def run(self, ticks: Sequence[Tick], handlers: Mapping[str, Callable[[Task], None]]) -> None:
        """Start ticking; returns at once."""

    def stop(self, within: timedelta) -> bool:
        """Let running work finish, drop waiting work; False if something was still running at the end."""
