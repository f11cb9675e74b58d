"""The partners' part of the storage seam: which reports were taken. What was sent stands in the ledger (tellings)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from collector.model.partner import PartnerReport


class Partners(Protocol):
    def enter(self, report: PartnerReport) -> PartnerReport:
        """Take a report, once per partner and ``message_id``: what is returned has another ``id`` where it was taken
        before. Call it inside the transaction that stores what the report brings."""

    def get(self, partner: str, report_id: str) -> PartnerReport:
        """Raises NotFound, also for another partner's report."""

    def of_message(self, partner: str, message_id: str) -> PartnerReport | None:
        """The report that was taken under the sender's own key."""

    def of_reference(self, partner: str, reference: str) -> PartnerReport | None:
        """The first report that brought an item under the partner's own number."""

    def of_issue(self, issue_id: int) -> tuple[PartnerReport, ...]:
        """The reports whose items are the issue's, in order."""

    def of_item(self, item_id: int) -> tuple[PartnerReport, ...]:
        """The reports that brought an item, in order."""

    def count(self, partner: str, since: datetime) -> int:
        """How many were taken since then."""

    def list(self, partner: str | None = None, limit: int = 100) -> tuple[PartnerReport, ...]:
        """Newest first."""

    def prune(self, before: datetime) -> int:
        """Drop what was taken before then; returns how many. Never within the time in which a message could be sent
        again unnoticed."""
