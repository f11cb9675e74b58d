"""The views of one item that signals are looked for in. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from collector.model.item import Entry

TITLE_CHARS = 500
TEXT_CHARS = 2_000  # posts are shorter, and the points were measured on beginnings
OPENING_CHARS = 300
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f\U000e0100-\U000e01ef]+"
)
_SELECTOR = re.compile("[\ufe00-\ufe0f]")  # printable by Unicode's account, and invisible all the same
_APOSTROPHES = "‘’ʼ`´"
_WORD_CODES = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_")
_TO_SPACES = bytes(code if code in _WORD_CODES else ord(" ") for code in range(256))


class Page(NamedTuple):
    """``raw`` is title and text as written; ``plain`` after NFKC, without invisible characters, with single spaces and
    a line end between title and text; ``lower`` the same in small letters, position by position; ``spaced`` has
    everything but ASCII letters, digits and the underscore as spaces, and a space at either end."""

    raw: str
    plain: str
    lower: str
    spaced: bytes
    title_length: int

    @classmethod
    def of(cls, entry: Entry) -> Page:
        title, text = entry.title[:TITLE_CHARS], entry.text[:TEXT_CHARS]
        plain_title = _plain(title, TITLE_CHARS)
        plain = f"{plain_title}\n{_plain(text, TEXT_CHARS)}"
        lower = plain.lower()
        if len(lower) != len(plain):  # a letter whose small form is longer
            plain = lower
            plain_title = plain_title.lower()
        return cls(
            raw=f"{title}\n{text}",
            plain=plain,
            lower=lower,
            spaced=spaced(lower),
            title_length=len(plain_title),
        )

    @property
    def exotic(self) -> bool:
        """Whether it holds more than Western European letters and signs, as emoji and ornamental letters are."""
        if self.raw.isascii():
            return False
        try:
            self.raw.encode("cp1252")
        except UnicodeEncodeError:
            return True
        return False

    @property
    def title(self) -> str:
        """In small letters."""
        return self.lower[: self.title_length]

    @property
    def text(self) -> str:
        """In small letters."""
        return self.lower[self.title_length + 1 :]

    @property
    def plain_text(self) -> str:
        return self.plain[self.title_length + 1 :]


def spaced(lower: str) -> bytes:
    return b" " + lower.encode("ascii", "replace").translate(_TO_SPACES) + b" "


def _plain(text: str, limit: int) -> str:
    if text.isascii():
        return " ".join(text.split())
    text = " ".join(unicodedata.normalize("NFKC", text)[:limit].split())
    if not text.isprintable() or _SELECTOR.search(text):
        text = _INVISIBLE.sub("", text)
    for sign in _APOSTROPHES:
        text = text.replace(sign, "'")
    return text
