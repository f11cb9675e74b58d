"""Partners' reports in memory; see :mod:`collector.store.partners`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from collector.model.errors import NotFound
from collector.model.partner import PartnerReport
from collector.store.memory.room import Room, atomic
from collector.store.text import storable, storable_or_none


class MemoryPartners(Room):
    @atomic
    def enter(self, report: PartnerReport) -> PartnerReport:
        key = (report.partner, storable(report.message_id))
        known = self._tables.partner_reports.setdefault(key, _storable(report))
        return self._joined(known)

    @atomic
    def get(self, partner: str, report_id: str) -> PartnerReport:
        for report in self._all(partner):
            if report.id == report_id:
                return report
        raise NotFound(f"no report {report_id} of {partner}")

    @atomic
    def of_message(self, partner: str, message_id: str) -> PartnerReport | None:
        found = self._tables.partner_reports.get((partner, storable(message_id)))
        return None if found is None else self._joined(found)

    @atomic
    def of_reference(self, partner: str, reference: str) -> PartnerReport | None:
        found = (one for one in self._all(partner) if one.reference == storable(reference) and one.item_id is not None)
        return next(found, None)

    @atomic
    def of_issue(self, issue_id: int) -> tuple[PartnerReport, ...]:
        return tuple(report for report in self._all() if report.issue_id == issue_id)

    @atomic
    def of_item(self, item_id: int) -> tuple[PartnerReport, ...]:
        return tuple(report for report in self._all() if report.item_id == item_id)

    @atomic
    def count(self, partner: str, since: datetime) -> int:
        return sum(report.received_at >= since.replace(microsecond=0) for report in self._all(partner))

    @atomic
    def list(self, partner: str | None = None, limit: int = 100) -> tuple[PartnerReport, ...]:
        return tuple(reversed(tuple(self._all(partner))))[:limit]

    @atomic
    def prune(self, before: datetime) -> int:
        reports = self._tables.partner_reports
        old = [key for key, report in reports.items() if report.received_at < before]
        for key in old:
            del reports[key]
        return len(old)

    def _all(self, partner: str | None = None) -> Iterator[PartnerReport]:
        for report in self._tables.partner_reports.values():
            if partner in (None, report.partner):
                yield self._joined(report)

    def _joined(self, report: PartnerReport) -> PartnerReport:
        item = self._tables.items.get(report.item_id) if report.item_id is not None else None
        return replace(report, issue_id=None if item is None else item.issue_id)


def _storable(report: PartnerReport) -> PartnerReport:
    return replace(
        report,
        message_id=storable(report.message_id),
        reference=storable(report.reference),
        link=storable_or_none(report.link),
        replaces=tuple(storable(" ".join(report.replaces)).split()),
        received_at=report.received_at.replace(microsecond=0),
    )
