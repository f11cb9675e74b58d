"""One file per page. A new page is a file here, a template, and a line in the list below."""

from __future__ import annotations

from collector.web.pages import confirm, health, login, now

PAGES = (health.page, login.page, confirm.page, now.page)
SECTIONS = (("now", "now"),)
"""The menu: blueprints whose view is called ``show``, and their name in the words."""
