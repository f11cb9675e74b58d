"""The few shapes that our pictures need, as SVG text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal
from xml.sax.saxutils import escape

FAMILY = "Roboto"  # the shipped font; others are for browsers that show the SVG itself
FAMILIES = f"{FAMILY}, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
LETTER = 0.53  # mean width of a letter of Roboto, in its size
Anchor = Literal["start", "middle", "end"]
_UNPRINTABLE = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])


def number(value: float) -> str:
    """As short as a tenth of a pixel allows."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def picture(width: float, height: float, shapes: Iterable[str], *, label: str, paper: str, defs: str = "") -> str:
    """A whole document. ``label`` is what a screen reader says."""
    size = f'width="{number(width)}" height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}"'
    body = "\n".join(shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FAMILIES}">\n'
        f"<title>{plain(label)}</title>\n"
        + (f"<defs>{defs}</defs>\n" if defs else "")
        + f'<rect width="100%" height="100%" fill="{paper}"/>\n{body}\n</svg>\n'
    )


def text(
    x: float, y: float, words: str, size: float, fill: str, *, anchor: Anchor = "start", bold: bool = False
) -> str:
    """``y`` is the base line."""
    weight = ' font-weight="700"' if bold else ""
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    look = f'font-size="{number(size)}" fill="{fill}"{place}{weight}'
    return f'<text x="{number(x)}" y="{number(y)}" {look}>{plain(words)}</text>'


def box(x: float, y: float, width: float, height: float, fill: str, *, opacity: float = 1, radius: float = 0) -> str:
    more = (f' opacity="{opacity:g}"' if opacity != 1 else "") + (f' rx="{number(radius)}"' if radius else "")
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(max(0, width))}" height="{number(max(0, height))}" '
        f'fill="{fill}"{more}/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, *, width: float = 1, dashes: str = "") -> str:
    more = f' stroke-dasharray="{dashes}"' if dashes else ""
    ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    return f'<line {ends} stroke="{stroke}" stroke-width="{number(width)}"{more}/>'


def path(
    steps: str, *, stroke: str = "none", fill: str = "none", width: float = 1, dashes: str = "", opacity: float = 1
) -> str:
    more = (f' stroke-dasharray="{dashes}"' if dashes else "") + (f' opacity="{opacity:g}"' if opacity != 1 else "")
    stroked = "" if stroke == "none" else f' stroke="{stroke}" stroke-width="{number(width)}" stroke-linejoin="round"'
    return f'<path d="{steps}" fill="{fill}"{stroked}{more}/>'


def hatching(name: str, stroke: str) -> str:
    """A pattern of slanting lines, to be filled with ``url(#name)``."""
    return (
        f'<pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<line x1="0" y1="0" x2="0" y2="6" stroke="{stroke}" stroke-width="2"/></pattern>'
    )


def plain(words: str) -> str:
    """Escaped for SVG, without characters that XML forbids."""
    return escape(words.translate(_UNPRINTABLE), {'"': "&quot;"})


def width_of(words: str, size: float) -> float:
    """About how wide a text will be; a picture must be laid out without asking the renderer."""
    return len(words) * size * LETTER


def fitting(words: str, size: float, room: float) -> str:
    """Cut with an ellipsis where the text is too long for the room."""
    most = max(1, int(room / (size * LETTER)))
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
