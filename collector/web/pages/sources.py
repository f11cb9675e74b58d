"""How every source is: read when, with what, why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, render_template

from collector.model.clock import HOUR
from collector.model.source import Source, SourceState
from collector.web import words
from collector.web.asking import the_desk, the_visitor
from collector.web.sources import Condition, condition_of, health_of, share_covered

page = Blueprint("sources", __name__)
COVERED_FOR = timedelta(days=7)
NEW_FOR = timedelta(days=1)
_ORDER = list(Condition)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """``covered``: share of the last seven days' hours in which it was read; ``new``: items of the last 24 hours."""

    source: Source
    state: SourceState
    condition: Condition
    covered: float | None
    new: int


@page.get("/sources")
def show() -> str:
    desk = the_desk()
    now = desk.now()
    states = {state.source_id: state for state in desk.store.sources.states()}
    hours = desk.store.overview.covered_hours(now - COVERED_FOR + HOUR, now + HOUR)
    new = desk.store.overview.items_by_source(now - NEW_FOR)
    lines = [
        SourceLine(
            source=source,
            state=states[source.id],
            condition=condition_of(source, states[source.id], now),
            covered=share_covered(hours.get(source.id, 0), source, states[source.id], now, COVERED_FOR),
            new=new.get(source.id, 0),
        )
        for source in desk.settings.sources
        if source.id in states
    ]
    lines.sort(key=lambda line: (_ORDER.index(line.condition), line.source.id.casefold()))
    return render_template(
        "sources.html",
        title=words.say("sources", the_visitor().language),
        health=health_of(desk, now),
        lines=lines,
        now=now,
    )
