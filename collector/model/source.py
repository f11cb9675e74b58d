"""What is watched, how it stands, and what one request to it brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """Who speaks: it decides how an item of that source is judged."""

    FACTCHECK = "factcheck"
    NEWS = "news"
    OFFICIAL = "official"
    SOCIAL = "social"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One line of ``sources`` in sources.yaml. ``id`` is its name there, which is unique. ``article``: the pages behind
    its items are read too, for it gives only headlines."""

    id: str
    kind: str
    url: str
    role: Role = Role.NEWS
    every: timedelta = timedelta(minutes=15)
    timeout: timedelta = timedelta(seconds=30)
    expect_every: timedelta | None = None
    lang: str = "id"
    enabled: bool = True
    article: bool = False
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if not self.id or not self.url:
            raise ValueError("a source needs a name and a url")
        if self.every <= timedelta(0) or self.timeout <= timedelta(0):
            raise ValueError(f"source {self.id}: every and timeout must be positive")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """How a source stands after its last poll. Stored, so that a restart loses nothing.

    ``failure_score`` is 0 when the last poll worked; each failure adds the weight of its class (see
    :class:`FailureClass`) and the sum sets the backoff.
    """

    source_id: str
    next_poll_at: datetime
    last_poll_at: datetime | None = None
    last_ok_at: datetime | None = None
    first_ok_at: datetime | None = None
    newest_item_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    failure_score: float = 0.0
    failures: int = 0
    last_error: str | None = None


class FailureClass(StrEnum):
    """How bad a failure is: its weight on the failure score that sets the backoff (after mediacloud/rss-fetcher)."""

    TEMPORARY = "temporary"
    SOFT = "soft"
    HARD = "hard"

    @property
    def weight(self) -> float:
        return {"temporary": 0.25, "soft": 0.5, "hard": 1.0}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer worth reading: 200 with a body, or 304 with none. ``headers`` has lower-case names."""

    url: str
    final_url: str
    status: int
    body: bytes
    headers: Mapping[str, str]
    fetched_at: datetime
    duration: timedelta
    body_hash: str = ""

    @property
    def not_modified(self) -> bool:
        return self.status == 304

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A request that brought nothing, as a value: what happened, how bad, and how long the server asked us to wait."""

    url: str
    failure_class: FailureClass
    reason: str
    failed_at: datetime
    duration: timedelta
    status: int | None = None
    retry_after: timedelta | None = None
