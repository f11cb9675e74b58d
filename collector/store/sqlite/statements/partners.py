"""Partners' reports. ``partner_findings`` is the view that names the issue each report's item belongs to."""

from __future__ import annotations

REPORT_ENTER = """
insert into partner_reports (id, partner, message_id, body_hash, received_at, kind, reference, item_id, verdict, link,
                             replaces)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (partner, message_id) do nothing
"""
REPORT_BY_MESSAGE = "select * from partner_findings where partner = ? and message_id = ?"
REPORT_GET = "select * from partner_findings where id = ? and partner = ?"
REPORT_BY_REFERENCE = """
select * from partner_findings where partner = ? and reference = ? and item_id is not null order by number limit 1
"""
REPORTS_OF_ISSUE = "select * from partner_findings where issue_id = ? order by number"
REPORTS_OF_ITEM = "select * from partner_findings where item_id = ? order by number"
REPORTS_COUNT = "select count(*) from partner_reports where partner = ? and received_at >= ?"
REPORTS_LIST = "select * from partner_findings order by number desc limit ?"
REPORTS_OF_PARTNER = "select * from partner_findings where partner = ? order by number desc limit ?"
REPORTS_PRUNE = "delete from partner_reports where received_at < ?"
