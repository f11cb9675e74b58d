"""Making collected words harmless before they are shown or sent. Pure.

Titles and names come from strangers. They may hold control characters, line breaks that would end a mail header,
marks that turn the reading direction, half characters that no encoding takes, or words that look like an encoded
header. They are cleaned once, here, before any template or header sees them.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from collector.model.personal import mask, mask_numbers

MAX_SUBJECT = 180
MAX_TITLE = 240
MAX_LINES = 60

_READ_TIMES = 8  # of a limit; what is not seen in so much is not worth a look
_LOOK_AHEAD = 200  # read beyond a limit before masking, so that a number at the cut is seen whole
_DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u00ad\u200b\u2060\ufeff\u2028\u2029")
_JOINERS = frozenset("\u200c\u200d")  # between letters of some scripts, and within emoji
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # Cf: tags and annotations that nobody sees
_SPACES = re.compile(r"\s+")
_LINK = re.compile(r"(?i)\b(?:https?://|www\.)\S+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}/\S*")


def clean_line(text: str, limit: int = MAX_TITLE) -> str:
    """One line of visible text, at most ``limit`` code points (an ellipsis marks a cut)."""
    text = text[: _READ_TIMES * limit]  # hostile titles have 300,000 characters; each is looked at by itself
    spaced = _SPACES.sub(" ", text.replace("\u2028", " ").replace("\u2029", " "))
    # Once more: what stood between two spaces may have been dropped.
    kept = _SPACES.sub(" ", "".join(character for character in spaced if is_visible(character))).strip()
    return kept if len(kept) <= limit else kept[: limit - 1].rstrip() + "…"


def quoted(text: str, limit: int = MAX_TITLE) -> str:
    """Words of strangers as one line that can be shown anywhere: cleaned, no personal data, no clickable address."""
    return clean_line(defang_all(mask(clean_line(text, limit + _LOOK_AHEAD))), limit)


def told(text: str, limit: int = MAX_TITLE) -> str:
    """Words of ours or of the configuration, into which strangers' may have come: cleaned, without national ids and
    telephone numbers, no clickable address."""
    return clean_line(defang_all(mask_numbers(clean_line(text, limit + _LOOK_AHEAD))), limit)


def clean_paragraph(text: str) -> str:
    """A few lines, each cleaned like :func:`told`: operator messages list one source or fault a line."""
    return "\n".join(told(line, 500) for line in text.splitlines()[:MAX_LINES]).strip()


def clean_text(text: str) -> str:
    """A finished text of ours: as :func:`clean_line` line by line, but nothing cut and indentation kept."""
    return "\n".join("".join(c for c in line if is_visible(c)).rstrip() for line in text.splitlines())


def clean_header(text: str, limit: int = MAX_SUBJECT) -> str:
    """Text fit for a mail header: one line in which ``=?`` no longer begins an encoded word (RFC 2047)."""
    return clean_line(text, limit).replace("=?", "= ?")


def is_visible(character: str) -> bool:
    if character in _DIRECTION_MARKS or character in _INVISIBLE:
        return False
    return character in _JOINERS or unicodedata.category(character) not in _DROPPED_CATEGORIES


def defang(address: str) -> str:
    """The address so that no mail program makes it clickable: ``hxxps://contoh[.]id/x``."""
    scheme, separator, rest = address.partition("://")
    if not separator:
        scheme, rest = "", address
    host, slash, path = rest.partition("/")
    loud = scheme.lower().replace("http", "hxxp")
    return f"{loud}{separator}{host.replace('.', '[.]')}{slash}{path}"


def defang_all(text: str) -> str:
    """The text with every address in it defanged; for words quoted from strangers."""
    return _LINK.sub(lambda found: defang(found.group()), text)


def web_address(url: str | None) -> str | None:
    """The address if it is plain http or https with a host and without credentials, else None (``javascript:``)."""
    if url is None or any(not is_visible(character) or character.isspace() for character in url):
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    except ValueError:  # an unclosed bracket in the host
        return None
    return url if usable else None


def host_of(url: str) -> str:
    """The host an address leads to, as shown beside a link."""
    return urlsplit(url).hostname or ""
