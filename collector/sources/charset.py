"""From bytes to text: which encoding a body is really in. Never raises.

Declarations are advice: servers and files disagree, and some names are Python codecs that would run a decoder of their
own on hostile input (``punycode``, ``idna``, ``unicode_escape``, ``hex``, ``utf-7``). Only names on the list count.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FIRST_BYTES = (  # "<?" or "<r" and the like in encodings that are no superset of ASCII (XML 1.0, appendix F)
    (re.compile(rb"<\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0<"), "utf-32-be"),
    (re.compile(rb"<\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0<\0[^\0]"), "utf-16-be"),
    (re.compile(rb"\x4c\x6f\xa7\x94"), "cp037"),
)
_TRUSTED = frozenset(
    {
        *("utf-8", "ascii", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp037"),
        *(f"iso8859-{part}" for part in range(1, 17)),
        *(f"cp{page}" for page in (*range(1250, 1259), 437, 850, 852, 866, 874, 932, 949, 950)),
        *("koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "tis-620", "ptcp154"),
        *("gb2312", "gbk", "gb18030", "hz", "big5", "big5hkscs", "euc_kr", "johab"),
        *("euc_jp", "shift_jis", "shift_jisx0213", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_kr"),
    }
)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252", "shift_jis": "cp932"}
_STATEFUL = frozenset({"hz", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_kr"})  # written in ASCII bytes
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{1,40})["']""")
_IN_HTML = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_HEAD = 1_024


def text_of(body: bytes, content_type: str = "") -> str:
    """``body`` decoded: by its byte-order mark, as UTF-8 where it is valid UTF-8, else as declared in the document or
    in ``content_type``, else as windows-1252. Undecodable bytes become U+FFFD."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    for first, name in _FIRST_BYTES:
        if first.match(body):
            return body.decode(name, "replace")
    declared = _declarations(body, content_type)
    if body.isascii() and not _STATEFUL.intersection(declared):
        return body.decode("ascii")
    for name in (*declared, "utf-8") if _STATEFUL.intersection(declared) else ("utf-8", *declared):
        try:
            return body.decode(_WIDER.get(name, name))
        except UnicodeDecodeError:
            continue
    return _repaired(body, declared)


def _declarations(body: bytes, content_type: str) -> tuple[str, ...]:
    """Encodings that the document or the server names, without duplicates and without UTF-8."""
    head = body[:_HEAD]
    names = [match[1].decode("ascii", "replace") for match in (_DECLARED.search(head), _IN_HTML.search(head)) if match]
    names += [match[1] for match in (_IN_HEADER.search(content_type),) if match]
    return tuple(dict.fromkeys(name for name in map(_trusted, names) if name not in (None, "utf-8")))


def _trusted(name: str) -> str | None:
    try:
        known = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return None
    return known if known in _TRUSTED else None


def _repaired(body: bytes, declared: tuple[str, ...]) -> str:
    """Nothing fits without loss: UTF-8 with a few broken bytes stays UTF-8, otherwise it was never UTF-8."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    valid = sum(1 for letter in text if letter > "\x7f") - broken
    if valid > broken and (not declared or broken < valid // 10):
        return text
    return body.decode(_WIDER.get(declared[0], declared[0]) if declared else "cp1252", "replace")
