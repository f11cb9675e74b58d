"""SVG to PNG, with the shipped font. The renderer is loaded by the first picture: it weighs three megabytes."""

from __future__ import annotations

from pathlib import Path

from alerts.picture.drawing import FAMILY

FONTS = Path(__file__).parent / "fonts"


def png(svg: str, *, scale: float = 1.0) -> bytes:
    """``scale`` 2 for screens with twice the pixels. System fonts are left alone, so that a picture looks the same on
    every machine. Raises ValueError for text that is no SVG."""
    import resvg_py

    return resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=scale,
        skip_system_fonts=True,
        font_dirs=[str(FONTS)],
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )
