"""What partners report: somebody who watches too, a platform or another desk, tells us what they found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from collector.model.judgement import Verdict

SOURCE_PREFIX = "(partner) "


class ReportKind(StrEnum):
    """``created`` and ``updated`` bring a finding; ``checked`` answers one that we sent."""

    CREATED = "report.created"
    UPDATED = "report.updated"
    CHECKED = "report.checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerReport:
    """A report as it was taken. ``id`` is ours, and what the sender asks by; ``message_id`` is the sender's own key of
    the message, taken once; ``reference`` their number of the issue. ``item_id`` is what became of it, None for an
    answer. ``replaces``: their earlier numbers that became ``reference``. ``verdict`` and ``link`` are what the partner
    says was found. ``issue_id`` is filled in when read."""

    id: str
    partner: str
    message_id: str
    body_hash: str
    received_at: datetime
    kind: ReportKind
    reference: str = ""
    item_id: int | None = None
    issue_id: int | None = None
    verdict: Verdict | None = None
    link: str | None = None
    replaces: tuple[str, ...] = ()


def source_of(partner: str) -> str:
    """The name under which a partner's items are stored; no configured source begins so."""
    return f"{SOURCE_PREFIX}{partner}"


def partner_of(source_id: str) -> str | None:
    """The partner whose item it is; None for anybody else's."""
    return source_id.removeprefix(SOURCE_PREFIX) if source_id.startswith(SOURCE_PREFIX) else None


def claim_key_of(partner: str, mark: str) -> str:
    """Key of a checked claim that a partner brought: theirs, so that no partner can change what others published."""
    return f"partner:{partner}:{mark}"
