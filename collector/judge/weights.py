"""The learned weights: one readable file, ``word -> points`` per line, with what it was learned from. Pure.

A point is one unit of log-odds: a word of +0.7 points makes a claim twice as likely, in what was learned from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any

from collector.judge.calibration import Curve

FORMAT = 1
TABLES = ("words", "stems", "forms", "text_words", "text_forms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Tables of points by what is seen in a title (``words``, ``stems``, ``forms``) and in a text. ``names`` are
    phrases that count as one unknown thing, ``subjects`` words that never have points. ``start`` are the points of an
    item of which nothing is known. ``about`` says in plain facts what the weights were learned from and how well they
    did."""

    version: str
    words: Mapping[str, float]
    stems: Mapping[str, float]
    forms: Mapping[str, float]
    text_words: Mapping[str, float]
    text_forms: Mapping[str, float]
    names: tuple[str, ...]
    start: float
    curve: Curve
    subjects: tuple[str, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table in TABLES:
            for key, points in getattr(self, table).items():
                if not -10.0 <= points <= 10.0:
                    raise ValueError(f"weights: {table} {key!r} has {points} points; expected -10 to 10")


def shipped() -> Weights:
    """The packaged file."""
    return read(files("collector").joinpath("data/weights.json").read_text(encoding="utf-8"))


def read(content: str) -> Weights:
    """Raises ValueError where the file is none of ours."""
    tree = json.loads(content)
    if not isinstance(tree, dict) or tree.get("format") != FORMAT:
        raise ValueError(f"not a weights file of format {FORMAT}")
    try:
        return Weights(
            version=tree["version"],
            names=tuple(tree["names"]),
            subjects=tuple(tree.get("subjects", ())),
            start=float(tree["start"]),
            curve=Curve(tuple((float(points), float(suspicion)) for points, suspicion in tree["curve"])),
            about=tree["about"],
            **{table: tree[table] for table in TABLES},
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"weights file: {error}") from error


def written(weights: Weights) -> str:
    """As :func:`read` reads it: sorted, one entry a line, so that two versions can be compared by eye."""
    tree: dict[str, Any] = {
        "format": FORMAT,
        "version": weights.version,
        "about": weights.about,
        "start": weights.start,
        "curve": [list(knot) for knot in weights.curve.knots],
        "names": sorted(weights.names),
        "subjects": sorted(weights.subjects),
    }
    tree |= {table: dict(sorted(getattr(weights, table).items())) for table in TABLES}
    parts = (f"{json.dumps(name)}: {_block(value)}" for name, value in tree.items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _block(value: object) -> str:
    if isinstance(value, dict):
        lines = (f"  {json.dumps(key, ensure_ascii=False)}: {_plain(entry)}" for key, entry in value.items())
        return "{\n" + ",\n".join(lines) + "\n}"
    if isinstance(value, list):
        return "[\n" + ",\n".join(f"  {_plain(entry)}" for entry in value) + "\n]"
    return _plain(value)


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def stamped(weights: Weights, day: str) -> Weights:
    """With a version made of the day and of what the file holds."""
    digest = hashlib.sha256(written(replace(weights, version="")).encode()).hexdigest()
    return replace(weights, version=f"{day}.{digest[:8]}")
