"""The colours of pictures, for light and for dark pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ThemeName = Literal["light", "dark"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """CSS colours. Text and lines reach a contrast of 4.5 to 1 on ``paper``, a test reckons."""

    paper: str
    ink: str
    muted: str
    grid: str
    count: str
    band: str
    usual: str
    limit: str
    alarm: str
    hatch: str


PALETTES: dict[ThemeName, Palette] = {
    "light": Palette(
        paper="#ffffff",
        ink="#1b2430",
        muted="#5b6775",
        grid="#e3e8ee",
        count="#1f66b0",
        band="#d5e3f2",
        usual="#5f7892",
        limit="#b4520a",
        alarm="#b3161b",
        hatch="#aab4bf",
    ),
    "dark": Palette(
        paper="#14191f",
        ink="#e8edf3",
        muted="#a3afbb",
        grid="#2a323b",
        count="#63acf2",
        band="#22384d",
        usual="#8fa9c2",
        limit="#f2a35e",
        alarm="#ff7d76",
        hatch="#56616d",
    ),
}
