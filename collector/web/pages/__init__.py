"""One file per page. A new page is a file here, a template, and a line in the list below."""

from __future__ import annotations

from collector.web.pages import (
    alert,
    bulletin,
    confirm,
    health,
    issue,
    issues,
    item,
    login,
    now,
    partners,
    partners_api,
    reports,
    sources,
    tip,
)

PAGES = (
    health.page,
    login.page,
    confirm.page,
    now.page,
    alert.page,
    issues.page,
    issue.page,
    item.page,
    sources.page,
    reports.page,
    partners.page,
    bulletin.page,
    tip.page,
    partners_api.page,
)
SECTIONS = (
    ("now", "now"),
    ("issues", "issues"),
    ("sources", "sources"),
    ("reports", "reports"),
    ("partners", "partners"),
    ("bulletin", "bulletin"),
    ("tip", "tip"),
)
"""The menu: blueprints whose view is called ``show``, and their name in the words."""
