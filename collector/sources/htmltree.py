"""HTML as a tree, by lxml, within limits. libxml2 stops nesting at 255 levels."""

from __future__ import annotations

from typing import Any

from collector.model.errors import ParseError
from collector.sources.limits import check


def tree_of(html: str, what: str) -> Any:
    """The root element. Raises ParseError for an empty document, or one beyond the limits; ``what`` names it there."""
    check(html, what)
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        return document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise ParseError(f"{what} without content") from error
