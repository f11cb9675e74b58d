"""What a document may hold before a parser sees it.

libxml2's HTML parser takes time in the square of the attributes of one tag (40,000 took 2 s, 200,000 a minute),
feedparser likewise; both, and the tree behind them, cost microseconds a tag. The pattern is possessive: one linear
pass.
"""

from __future__ import annotations

import re

from collector.model.errors import ParseError

MAX_CHARACTERS = 4_000_000
MAX_TAGS = 60_000
MAX_ATTRIBUTES = 250
MAX_REFERENCES = 500_000
# A tag as the HTML standard reads it: quotes may hold >, names may hold <, spaces between attributes may be missing.
_CROWDED_TAG = re.compile(
    r"<[a-zA-Z][^\s/>]*+"
    rf"(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+){{{MAX_ATTRIBUTES}}}"
)


def check(text: str, what: str) -> None:
    """Raises ParseError where ``text`` holds more than a parser can be asked to read."""
    if len(text) > MAX_CHARACTERS:
        raise ParseError(f"{what} of {len(text):,} characters (at most {MAX_CHARACTERS:,} are read)")
    tags = text.count("<")
    if tags > MAX_TAGS:
        raise ParseError(f"{what} of {tags:,} tags (at most {MAX_TAGS:,} are read)")
    if text.count("&") > MAX_REFERENCES:
        raise ParseError(f"{what} of more than {MAX_REFERENCES:,} character references")
    if _CROWDED_TAG.search(text):
        raise ParseError(f"{what} with a tag of more than {MAX_ATTRIBUTES} attributes")
