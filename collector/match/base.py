"""The matching seam."""

from __future__ import annotations

from typing import Protocol

from collector.model.topic import Match


class Matcher(Protocol):
    """Finds topics in a text. Pure and safe to share between threads."""

    def matches(self, title: str, text: str) -> tuple[Match, ...]:
        """One Match per topic, in the order of the configured topics, spans in order of position (title first)."""
