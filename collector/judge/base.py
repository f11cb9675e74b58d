"""The judging seam."""

from __future__ import annotations

from typing import Protocol

from collector.model.item import Entry
from collector.model.judgement import Context, Judgement


class Judge(Protocol):
    """Observes; never pronounces something true or false. Pure and safe to share between threads."""

    name: str
    version: str

    def judge(self, entry: Entry, context: Context) -> Judgement: ...
