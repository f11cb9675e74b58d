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
_SELECTOR = re.compile(
    "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)  # printable by Unicode's account, and invisible all the same
_APOSTROPHES = "‘’ʼ´"
_WORD_CODES = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_ASCII = bytes(range(128))
_PRINTABLE = bytes(range(32, 127))
_TO_SPACES = bytes(code if code in _WORD_CODES else ord(" ") for code in range(256)).lower()


class Page(NamedTuple):
    """``raw`` is title and text as written; ``plain`` after NFKC, without invisible characters, with single spaces and
    a line end between title and text; ``lower`` the same in small letters, position by position; ``spaced`` has
    everything but ASCII letters, digits and the underscore as spaces, and a space at either end; ``foreign`` are the
    characters of ``raw`` outside ASCII, in their order."""

    raw: str
    plain: str
    lower: str
    spaced: bytes
    title_length: int
    foreign: str

    @classmethod
    def of(cls, entry: Entry) -> Page:
        title, text = entry.title[:TITLE_CHARS], entry.text[:TEXT_CHARS]
        raw = plain = f"{title}\n{text}"
        codes = raw.encode("ascii", "replace")
        if raw.isascii():
            if not _is_tidy(codes, len(title)):
                title, text = " ".join(title.split()), " ".join(text.split())
                plain = f"{title}\n{text}"
                codes = plain.encode("ascii", "replace")
            return cls(raw, plain, plain.lower(), spaced(codes), len(title), "")
        composed = unicodedata.normalize("NFKC", raw)
        if composed != raw or "`" in raw:
            title, text = _composed(title, TITLE_CHARS), _composed(text, TEXT_CHARS)
            plain = f"{title}\n{text}"
            codes = plain.encode("ascii", "replace")
        foreign = beyond_ascii(plain)
        printable = foreign.isprintable()  # white space outside ASCII, save what NFKC made a space, is not
        if not (printable and _is_tidy(codes, len(title))):
            title, text = " ".join(title.split()), " ".join(text.split())
            plain = ""
        if not printable or _SELECTOR.search(foreign):
            title, text = _INVISIBLE.sub("", title), _INVISIBLE.sub("", text)
            plain = ""
        if not plain:
            plain = f"{title}\n{text}"
            codes = plain.encode("ascii", "replace")
        for sign in _APOSTROPHES:
            if sign in foreign:
                plain = plain.replace(sign, "'")
        lower = lowered(plain) if foreign.lower() == foreign else plain.lower()
        title_length = len(title)
        if len(lower) != len(plain):  # a letter whose small form is longer
            title_length = len(plain[:title_length].lower())
            plain = lower
            codes = plain.encode("ascii", "replace")
        of_raw = foreign if composed == raw else beyond_ascii(raw)
        return cls(raw, plain, lower, spaced(codes), title_length, of_raw)

    @property
    def exotic(self) -> bool:
        """Whether it holds more than Western European letters and signs, as emoji and ornamental letters are."""
        return len(self.foreign.encode("cp1252", "ignore")) < len(self.foreign)

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


def spaced(codes: bytes) -> bytes:
    """ASCII's letters and digits and the underscore in small letters, anything else as spaces, a space at either
    end."""
    return b" %b " % codes.translate(_TO_SPACES)


def beyond_ascii(text: str) -> str:
    """The characters that are none of ASCII's, in their order. A tenth of what looking at each character costs."""
    return text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")


def lowered(text: str) -> str:
    """``text`` with ASCII's letters in small ones: half of what ``str.lower`` costs where other characters stand."""
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def _composed(text: str, limit: int) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text)[:limit].replace("`", "'")


def _is_tidy(codes: bytes, title_length: int) -> bool:
    """Whether the spaces of title and text (a line end between them) are single ones inside of either. Of ASCII's
    characters only: cheaper by far than to split and join."""
    return (
        codes.translate(None, _PRINTABLE) == b"\n"
        and b"  " not in codes
        and not codes.startswith(b" ")
        and not codes.endswith(b" ")
        and not codes.startswith(b" ", title_length + 1)
        and not codes.startswith(b" ", title_length - 1, title_length)
    )
