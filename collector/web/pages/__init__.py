"""One file per page. A new page is a file here, a template, and a line in the list below."""

from __future__ import annotations

from collector.web.pages import alert, confirm, health, issue, issues, item, login, now, sources

PAGES = (health.page, login.page, confirm.page, now.page, alert.page, issues.page, issue.page, item.page, sources.page)
SECTIONS = (("now", "now"), ("issues", "issues"), ("sources", "sources"))
"""The menu: blueprints whose view is called ``show``, and their name in the words."""
