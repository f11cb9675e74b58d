"""Somebody who opens the page: the addresses that a mail names, and what they answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """``status`` is what the page answered to ``path``; 0 if it did not answer."""

    path: str
    status: int


def links_to(address: str, text: str) -> tuple[str, ...]:
    """The paths of the links to ``http://address/`` in a mail's text, each once."""
    found = re.findall(rf"http://{re.escape(address)}(/[^\s<>\"]*)", text)
    return tuple(dict.fromkeys(urlsplit(path)._replace(fragment="").geturl() for path in found))


def visit(address: str, path: str) -> Visit:
    """Ask once."""
    connection = HTTPConnection(address, timeout=PATIENCE_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return Visit(path=path, status=answer.status)
    except (OSError, HTTPException):
        return Visit(path=path, status=0)
    finally:
        connection.close()
