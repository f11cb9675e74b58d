"""Who uses the page: persons with a name of their own, and their sessions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

NAME = re.compile(r"[\w][\w .@'-]{0,59}")


class Role(StrEnum):
    """A reader sees everything; an editor also acts (verdict, merge, acknowledge, silence, tip)."""

    READER = "reader"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who logs in. ``name`` is unique whatever its capitals, and stands beside everything that they do."""

    name: str
    role: Role
    added_at: datetime

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name) or self.name != self.name.strip():
            raise ValueError(f"{self.name!r} is no name: up to 60 letters, digits, spaces and . @ ' - _")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One log-in. ``token_hash`` is the SHA-256 of the cookie's value, in hex: the database does not hold what opens
    the page. ``person`` is None for whoever used the shared password: they may only read."""

    token_hash: str
    person: Person | None
    opened_at: datetime
    ends_at: datetime

    @property
    def may_act(self) -> bool:
        return self.person is not None and self.person.role is Role.EDITOR
