"""Whom a connection leads to."""

from __future__ import annotations

from typing import NamedTuple


class Origin(NamedTuple):
    """Scheme (``http`` or ``https``), host (a name, or an address without brackets) and port. A tuple: it is a key."""

    scheme: str
    host: str
    port: int
