"""What a rehearsal plays on: the stored history, or a dated list put into a store that is thrown away afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from collector.app.database import open_store
from collector.app.detectors import build_detectors
from collector.app.judge import build_judge
from collector.app.matcher import build_matcher
from collector.config.settings import Settings
from collector.model.bucket import Measure
from collector.model.errors import NotFound
from collector.model.rule import Rule
from collector.model.source import Role
from collector.rehearsal.dated_list import Listed, put_into, read_list
from collector.rehearsal.history import History, Span, known_span
from collector.rehearsal.replay import Configuration, history_of
from collector.store.base import Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """``span``: all that is known. ``store`` is only read. ``mute``: rules that this past cannot let speak, by name."""

    store: Storage
    span: Span
    configuration: Configuration
    mute: tuple[str, ...] = ()

    def history(self, start: datetime | None = None, end: datetime | None = None) -> History:
        """From ``start`` up to ``end``, full hours within what is known. Raises NotFound where nothing is left."""
        first, last = max(self.span.start, start or self.span.start), min(self.span.end, end or self.span.end)
        if first >= last:
            known = f"{self.span.start:%Y-%m-%d %H:%M} to {self.span.end:%Y-%m-%d %H:%M} UTC"
            raise NotFound(f"nothing is known of that time; there is history from {known}")
        return history_of(self.store, self.configuration, Span(start=first, end=last))


def configuration_of(settings: Settings) -> Configuration:
    return Configuration(
        rules=settings.rules,
        topics=settings.topics,
        detectors=build_detectors(settings),
        zone=settings.timezone,
        language=settings.language,
    )


@contextmanager
def stored(settings: Settings, now: datetime) -> Iterator[Stage]:
    """The configured database. Raises NotFound where it is not there or holds nothing."""
    hint = "collect for a while first, or give a dated list with --input"
    if not settings.database.is_file():
        raise NotFound(f"no database at {settings.database}: {hint}")
    store = open_store(settings)
    try:
        span = known_span(store, now)
        if span is None:
            raise NotFound(f"no source was read yet: {hint}")
        yield Stage(store=store, span=span, configuration=configuration_of(settings))
    finally:
        store.close()


@contextmanager
def listed(settings: Settings, path: Path, role: Role) -> Iterator[Stage]:
    """A dated list, matched and judged as ``settings`` say. Raises ConfigError with every mistake of the list."""
    dated = read_list(path, settings.timezone, {topic.id for topic in settings.topics}, role=role)
    with TemporaryDirectory(prefix="siaga-") as folder:
        store = open_store(replace(settings, database=Path(folder) / "list.db"))
        try:
            put_into(store, dated, build_matcher(settings), build_judge(settings))
            issues = tuple(rule.name for rule in settings.rules if is_about_issues(rule))
            if issues:
                _group(store, dated.span)
            mute = () if any(_is_titled(item) for item in dated.items) else issues
            yield Stage(store=store, span=dated.span, configuration=configuration_of(settings), mute=mute)
        finally:
            store.close()


def is_about_issues(rule: Rule) -> bool:
    return rule.per == "issue" or rule.measure is Measure.ISSUES


def _is_titled(item: Listed) -> bool:
    """A row that only counts is titled by its topic, which makes no issue of it."""
    return item.topic is None or not item.entry.title.startswith(item.topic)


def _group(store: Storage, span: Span) -> None:
    """The list's rows into issues, by the daemon's own grouper."""
    from collector.claims.grouper import Grouper

    grouper = Grouper(store)
    while grouper.tick(span.start):
        pass
