"""The calendar that comes with Siaga, read from ``collector/data/calendar.yaml`` when somebody first asks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from collector.model.calendar import PlannedEvent
from collector.model.phrase import Phrase


@cache
def shipped_events() -> Mapping[str, PlannedEvent]:
    """Every packaged event by its id, in order of time."""
    import yaml

    text = files("collector").joinpath("data/calendar.yaml").read_text(encoding="utf-8")
    events = (
        PlannedEvent(
            id=entry["id"],
            name=Phrase(id=entry["name"]["id"], en=entry["name"]["en"]),
            first=entry["from"],
            last=entry["to"],
            topics=tuple(entry["topics"]),
        )
        for entry in yaml.safe_load(text)
    )
    return MappingProxyType({event.id: event for event in events})
