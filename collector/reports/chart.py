"""The issues of a report as columns: one SVG inside the page, which follows its colours. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from collector.model.phrase import Language, Phrase
from collector.reports.period import Group

WIDTH, HEIGHT = 720, 220
TOP, BOTTOM, SIDE = 22, 24, 24  # room for figures, for labels, for half a label
MOST_COLUMNS = 62
MOST_LABELS = 8
GAPS = Phrase(id="Kolom pucat: tidak ada data, dan itu bukan nol.", en="Pale columns: no data, which is not zero.")
MOST_FIGURES = 32  # above more columns than that only the highest is written


def columns(groups: Sequence[Group], title: str, language: Language) -> str:
    """Empty where there are too few parts for a picture, too many, or none with a figure. A part without data is
    a pale column from top to bottom, which is not zero; a figure published for longer than a part stands in the table
    alone."""
    parts = [group for group in groups if group.window is not None and group.note is None]
    if not 1 < len(parts) <= MOST_COLUMNS or all(part.unknown for part in parts):
        return ""
    label = f"{title}: " + "; ".join(f"{part.label} {_figure(part)}" for part in parts)
    return "".join(
        (
            f'<figure><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">',
            *_shapes(parts),
            f"</svg><figcaption>{escape(_caption(title, parts, language))}</figcaption></figure>",
        )
    )


def _shapes(parts: Sequence[Group]) -> Iterator[str]:
    highest = max(*(part.figures.issues for part in parts), 1)
    step, floor = (WIDTH - 2 * SIDE) / len(parts), HEIGHT - BOTTOM
    every = -(-len(parts) // MOST_LABELS)
    for place, part in enumerate(parts):
        left, middle = SIDE + place * step, SIDE + (place + 0.5) * step
        if part.unknown:
            yield f'<rect class="gap" x="{left + 1:.1f}" y="{TOP}" width="{step - 2:.1f}" height="{floor - TOP}"/>'
        else:
            count = part.figures.issues
            tall = (floor - TOP) * count / highest
            box = f'y="{floor - tall:.1f}" width="{step - 2:.1f}" height="{tall:.1f}"'
            yield f'<rect class="bar" x="{left + 1:.1f}" {box}/>'
            if count and (len(parts) <= MOST_FIGURES or count == highest):
                yield f'<text x="{middle:.1f}" y="{floor - tall - 5:.1f}">{count}</text>'
        if place % every == 0:
            yield f'<text class="soft" x="{middle:.1f}" y="{HEIGHT - 6}">{escape(part.label)}</text>'
    yield f'<rect class="floor" x="0" y="{floor}" width="{WIDTH}" height="1"/>'


def _figure(part: Group) -> str:
    return "—" if part.unknown else str(part.figures.issues)


def _caption(title: str, parts: Sequence[Group], language: Language) -> str:
    if not any(part.unknown for part in parts):
        return title
    gaps = (
        "Kolom pucat: tidak ada data, dan itu bukan nol." if language == "id" else "Pale: no data, which is not zero."
    )
    return f"{title}. {gaps}"
