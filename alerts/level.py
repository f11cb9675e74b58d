"""How loud a notice is. Pure. The level of a count is :func:`collector.model.level.level_of`'s to say."""

from __future__ import annotations

from collector.model.alert import Notice
from collector.model.level import Level, level_of


def level_of_notice(notice: Notice) -> Level | None:
    """The highest of the members' where several alerts are told together. None where nothing was counted."""
    if notice.members:
        levels = [level for member in notice.members if (level := level_of_notice(member)) is not None]
        return max(levels, key=lambda level: level.rank, default=None)
    if notice.count is None or notice.limit is None:
        return None
    return level_of(notice.count, notice.limit, notice.expected)


def ratio_of(notice: Notice) -> float | None:
    """How many times the usual; None where the method has no usual, or nothing is usual."""
    if notice.count is None or not notice.expected:
        return None
    return notice.count / notice.expected
