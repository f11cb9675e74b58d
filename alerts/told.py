"""What the operators were told already, and what waits for the next daily summary; kept in the store. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

KEPT = 300  # incidents that wait for one summary: the newest


class Change(StrEnum):
    """What may happen to a source."""

    FAILING = "failing"
    RECOVERED = "recovered"
    QUIET = "quiet"
    RESUMED = "resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A change that can wait for the summary. ``detail`` is the error of a failing source, the date of a quiet one's
    newest item in ISO 8601; else empty."""

    at: datetime
    change: Change
    source: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """``failing`` and ``quiet`` sources were noted; ``many_since``: so long more than a third of the sources fail,
    ``many_told``: that was said, as was ``disk_low``; ``faults`` is what was last found wrong with the database."""

    failing: frozenset[str] = frozenset()
    quiet: frozenset[str] = frozenset()
    summary_on: date | None = None
    incidents: tuple[Incident, ...] = ()
    many_since: datetime | None = None
    many_told: bool = False
    disk_low: bool = False
    faults: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, text: str | None) -> Told:
        """Also of what an earlier version wrote, which knew the first three fields only."""
        if text is None:
            return cls()
        raw: Mapping[str, Any] = json.loads(text)
        return cls(
            failing=frozenset(raw["failing"]),
            quiet=frozenset(raw["quiet"]),
            summary_on=date.fromisoformat(raw["summary_on"]) if raw["summary_on"] else None,
            incidents=tuple(_incident(one) for one in raw.get("incidents", ())),
            many_since=datetime.fromisoformat(raw["many_since"]) if raw.get("many_since") else None,
            many_told=raw.get("many_told", False),
            disk_low=raw.get("disk_low", False),
            faults=tuple(raw.get("faults", ())),
        )

    def to_json(self) -> str:
        return json.dumps(
            {
                "failing": sorted(self.failing),
                "quiet": sorted(self.quiet),
                "summary_on": self.summary_on.isoformat() if self.summary_on else None,
                "incidents": [[i.at.isoformat(), i.change, i.source, i.detail] for i in self.incidents[-KEPT:]],
                "many_since": self.many_since.isoformat() if self.many_since else None,
                "many_told": self.many_told,
                "disk_low": self.disk_low,
                "faults": list(self.faults),
            }
        )


def _incident(raw: tuple[str, str, str, str]) -> Incident:
    at, change, source, detail = raw
    return Incident(at=datetime.fromisoformat(at), change=Change(change), source=source, detail=detail)
