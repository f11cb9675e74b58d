"""robots.txt for pages (RFC 9309). Feeds are made to be polled and are not asked for.

Kept for a day per origin, as answered:

| robots.txt answers | pages of the origin |
| --- | --- |
| 200 | as it says, for ``siaga`` or else ``*``; only its first 500 KiB count |
| 401, 403 | are not fetched: who locks the rules away does not want to be crawled (``domain/calibration.md``) |
| other 4xx | may be fetched: there are no rules |
| 429, 5xx, nothing at all | are not fetched for an hour; but rules known from before go on to hold |
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from collector.model.source import FailureClass
from collector.sources.setback import Setback
from collector.sources.target import Target

if TYPE_CHECKING:
    from protego import Protego

AGENT = "siaga"
MAX_ROBOTS_BYTES = 500 * 1024
KEPT_FOR = timedelta(days=1)
UNREACHABLE_FOR = timedelta(hours=1)
MAX_ORIGINS = 2000
_USER_AGENT = re.compile(r"\s*user[- ]?agent\s*:?\s*(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsAnswer:
    """``status`` None: no answer at all, for the ``reason`` given."""

    status: int | None
    body: bytes = b""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What an origin wants. ``file`` None: everything is allowed, or nothing where ``closed`` says why."""

    file: Protego | None
    closed: str | None
    reachable: bool
    expires_at: datetime

    def refusal(self, target: Target) -> Setback | None:
        if not self.reachable:
            return Setback(FailureClass.TEMPORARY, f"robots.txt cannot be read: {self.closed}")
        if self.closed:
            return Setback(FailureClass.SOFT, f"robots.txt forbids: {self.closed}")
        if self.file is not None and not self.file.can_fetch(target.url, AGENT):
            return Setback(FailureClass.SOFT, "robots.txt forbids")
        return None


def rules_of(answer: RobotsAnswer, now: datetime) -> Rules:
    """See the table above. Pure."""
    status = answer.status
    if status is None or status == 429 or status >= 500:
        reason = answer.reason or f"HTTP {status}"
        return Rules(file=None, closed=reason, reachable=False, expires_at=now + UNREACHABLE_FOR)
    closed = f"it answers HTTP {status}" if status in (401, 403) else None
    file = _parsed(answer.body) if status == 200 else None
    return Rules(file=file, closed=closed, reachable=True, expires_at=now + KEPT_FOR)


class Robots:
    """The rules of all origins met so far. Safe to share between threads."""

    def __init__(self) -> None:
        self._rules: dict[str, Rules] = {}
        self._lock = threading.Lock()

    def refusal(self, target: Target, now: datetime, ask: Callable[[str], RobotsAnswer]) -> Setback | None:
        """Why the page must not be fetched, or None. ``ask`` fetches an address where no valid rules are at hand."""
        with self._lock:
            known = self._rules.get(target.origin)
        if known is None or known.expires_at <= now:
            known = self._newer(known, rules_of(ask(f"{target.origin}/robots.txt"), now))
            self._keep(target.origin, known)
        return known.refusal(target)

    def _newer(self, before: Rules | None, now: Rules) -> Rules:
        if now.reachable or before is None or not before.reachable:
            return now
        return Rules(file=before.file, closed=before.closed, reachable=True, expires_at=now.expires_at)

    def _keep(self, origin: str, rules: Rules) -> None:
        with self._lock:
            self._rules.pop(origin, None)
            self._rules[origin] = rules
            if len(self._rules) > MAX_ORIGINS:
                del self._rules[next(iter(self._rules))]


def _parsed(body: bytes) -> Protego:
    from protego import Protego

    return Protego.parse(_for_us(body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace")))


def _for_us(text: str) -> str:
    """The file with all groups that cannot concern us under one name. The parser applies every rule to every agent of
    its group, so a file of 15,000 agents and as many rules would cost minutes; with three names it costs no more than
    its length."""
    lines = []
    for line in text.splitlines():
        agent = _USER_AGENT.match(line)
        if agent and agent[1].partition("#")[0].strip() != "*" and AGENT not in agent[1].lower():
            line = "User-agent: another"
        lines.append(line)
    return "\n".join(lines)
