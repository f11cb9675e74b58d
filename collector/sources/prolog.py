"""What stands before the root of an XML document, and is not needed: it is cut off before any parser sees it.

With the DOCTYPE go all entities, so there is nothing to expand (billion laughs, quadratic blow-up) and nothing to load
(XXE, external DTDs), whatever the parser behind would make of them.
"""

from __future__ import annotations

import re

from collector.model.errors import ParseError

JUNK = 20_000  # characters of a server's warnings before a document that are skipped
_DOCTYPE = 100_000  # characters of a DOCTYPE that are skipped
_SPACE = re.compile(r"\s*")
_IN_DOCTYPE = re.compile(r"<!--.*?(?:-->|\Z)|\"[^\"]*\"|'[^']*'|[\[\]>]", re.DOTALL)
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_HTML = re.compile(r"<(?:!DOCTYPE\s+html|html)\b", re.IGNORECASE)


def root_of(text: str, names: str, what: str) -> str:
    """The root element alone: no warnings of a server before it, no declaration, no DOCTYPE, no character that XML
    forbids. ``names`` are those a root may have (``rss|feed``), ``what`` says in an error what was expected.

    Raises ParseError.
    """
    wanted = re.compile(rf"<(?:\?xml\b|!DOCTYPE\b|(?:[a-z]\w{{0,20}}:)?(?:{names})\b)", re.IGNORECASE)
    root = _without_prolog(text, what)
    if not wanted.match(root) and not _HTML.match(root):
        start = wanted.search(root, 0, JUNK)
        if start is None:
            raise ParseError(f"a web page, not {what}" if _HTML.search(text, 0, JUNK) else f"not {what}")
        root = _without_prolog(root[start.start() :], what)
    if _HTML.match(root):
        raise ParseError(f"a web page, not {what}")
    return root if root.isprintable() else _INVALID.sub("", root)


def _without_prolog(text: str, what: str) -> str:
    position = 0
    while True:
        space = _SPACE.match(text, position)
        position = space.end() if space else position
        if text.startswith("<?", position):
            position = _after(text, "?>", position, what)
        elif text.startswith("<!--", position):
            position = _after(text, "-->", position, what)
        elif text[position : position + 9].upper() == "<!DOCTYPE":
            position = _after_doctype(text, position, what)
        else:
            return text[position:]


def _after(text: str, end: str, start: int, what: str) -> int:
    position = text.find(end, start)
    if position < 0:
        raise ParseError(f"not {what}: something before its root has no end")
    return position + len(end)


def _after_doctype(text: str, start: int, what: str) -> int:
    """Just after the ``>`` that ends the declaration; quoted strings and the internal subset are skipped."""
    depth = 0
    for mark in _IN_DOCTYPE.finditer(text, start, start + _DOCTYPE):
        if mark[0] == "[":
            depth += 1
        elif mark[0] == "]":
            depth -= 1
        elif mark[0] == ">" and depth <= 0:
            return mark.end()
    raise ParseError(f"not {what}: a DOCTYPE without end")
