"""Partners' reports."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from collector.model.errors import NotFound
from collector.model.judgement import Verdict
from collector.model.partner import PartnerReport, ReportKind
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.rows import moment, time_text
from collector.store.sqlite.statements import partners as sql
from collector.store.text import storable, storable_or_none


class SqlitePartners:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def enter(self, report: PartnerReport) -> PartnerReport:
        with self._connections.write() as db:
            db.execute(sql.REPORT_ENTER, _row(report))
            row = db.execute(sql.REPORT_BY_MESSAGE, (report.partner, storable(report.message_id))).fetchone()
        return _report(row)

    def get(self, partner: str, report_id: str) -> PartnerReport:
        with self._connections.read() as db:
            row = db.execute(sql.REPORT_GET, (storable(report_id), partner)).fetchone()
        if row is None:
            raise NotFound(f"no report {report_id} of {partner}")
        return _report(row)

    def of_message(self, partner: str, message_id: str) -> PartnerReport | None:
        with self._connections.read() as db:
            row = db.execute(sql.REPORT_BY_MESSAGE, (partner, storable(message_id))).fetchone()
        return None if row is None else _report(row)

    def of_reference(self, partner: str, reference: str) -> PartnerReport | None:
        with self._connections.read() as db:
            row = db.execute(sql.REPORT_BY_REFERENCE, (partner, storable(reference))).fetchone()
        return None if row is None else _report(row)

    def of_issue(self, issue_id: int) -> tuple[PartnerReport, ...]:
        with self._connections.read() as db:
            return tuple(_report(row) for row in db.execute(sql.REPORTS_OF_ISSUE, (issue_id,)))

    def of_item(self, item_id: int) -> tuple[PartnerReport, ...]:
        with self._connections.read() as db:
            return tuple(_report(row) for row in db.execute(sql.REPORTS_OF_ITEM, (item_id,)))

    def count(self, partner: str, since: datetime) -> int:
        with self._connections.read() as db:
            number: int = db.execute(sql.REPORTS_COUNT, (partner, time_text(since))).fetchone()[0]
        return number

    def list(self, partner: str | None = None, limit: int = 100) -> tuple[PartnerReport, ...]:
        with self._connections.read() as db:
            if partner is None:
                return tuple(_report(row) for row in db.execute(sql.REPORTS_LIST, (limit,)))
            return tuple(_report(row) for row in db.execute(sql.REPORTS_OF_PARTNER, (partner, limit)))

    def prune(self, before: datetime) -> int:
        with self._connections.write() as db:
            return db.execute(sql.REPORTS_PRUNE, (time_text(before),)).rowcount


def _row(report: PartnerReport) -> tuple[object, ...]:
    return (
        report.id,
        report.partner,
        storable(report.message_id),
        report.body_hash,
        time_text(report.received_at),
        report.kind.value,
        storable(report.reference),
        report.item_id,
        report.verdict.value if report.verdict else None,
        storable_or_none(report.link),
        storable(" ".join(report.replaces)),
    )


def _report(row: sqlite3.Row) -> PartnerReport:
    return PartnerReport(
        id=row["id"],
        partner=row["partner"],
        message_id=row["message_id"],
        body_hash=row["body_hash"],
        received_at=moment(row["received_at"]),
        kind=ReportKind(row["kind"]),
        reference=row["reference"],
        item_id=row["item_id"],
        issue_id=row["issue_id"],
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        link=row["link"],
        replaces=tuple(row["replaces"].split()),
    )
