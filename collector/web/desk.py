"""What the pages are handed: the configuration at work, the store, the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from collector.config.settings import Settings, Web
from collector.model.phrase import Language
from collector.store.base import Storage

if TYPE_CHECKING:
    from collector.app import App


class Desk:
    """Asks for the current configuration each time, because a reload puts another one in its place."""

    def __init__(self, current: Callable[[], App]) -> None:
        self._current = current

    @property
    def app(self) -> App:
        return self._current()

    @property
    def settings(self) -> Settings:
        return self.app.settings

    @property
    def web(self) -> Web:
        """What ``web:`` says; a reload may just have taken it away, then what holds without it."""
        return self.settings.web or Web()

    @property
    def store(self) -> Storage:
        return self.app.store

    @property
    def zone(self) -> ZoneInfo:
        return self.settings.timezone

    def now(self) -> datetime:
        return self.app.clock.now()

    def topic_name(self, topic_id: str, language: Language) -> str:
        topic = self.settings.topic(topic_id)
        return topic.name.in_language(language) if topic else topic_id
