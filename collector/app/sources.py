"""Source kinds by name, and whose turn a poll takes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, cast

from collector.model.errors import NotFound
from collector.model.source import Source
from collector.net.turns import host_of
from collector.registry import SOURCE_KINDS, implementation

if TYPE_CHECKING:
    from collector.sources.base import SourceKind


@cache
def kind_of(name: str) -> SourceKind:
    """The source kind of that name. Raises NotFound."""
    factory = cast("Callable[[], SourceKind]", implementation(SOURCE_KINDS, "siaga.sources", name))
    return factory()


def turn_of(source: Source) -> str:
    """Whose turn a poll of the source takes.

    A kind that cannot be loaded fails its own source's poll, not everybody's.
    """
    try:
        return host_of(kind_of(source.kind).address(source))
    except (NotFound, ImportError):
        return source.id
