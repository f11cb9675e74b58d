"""The matcher: of the configured topics, or of the packaged ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.config.settings import Settings

if TYPE_CHECKING:
    from collector.match.base import Matcher


def build_matcher(settings: Settings) -> Matcher:
    from collector.config.topics import foreign_context, leet_keep
    from collector.match.topics import TopicMatcher

    return TopicMatcher(settings.topics, leet_keep=leet_keep(), foreign_context=foreign_context())


def shipped_matcher() -> Matcher:
    """For every packaged topic."""
    from collector.config.topics import foreign_context, leet_keep, shipped_topics
    from collector.match.topics import TopicMatcher

    topics = tuple(shipped_topics().values())
    return TopicMatcher(topics, leet_keep=leet_keep(), foreign_context=foreign_context())
