"""Names to implementations. Built-ins stand in plain tables of import paths, so nothing is imported before
``sources.yaml`` names it; anything else is looked up among the entry points of installed packages.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points

from collector.model.errors import NotFound

SOURCE_KINDS: Mapping[str, str] = {
    "feed": "collector.sources.feed:FeedKind",
    "page": "collector.sources.page:PageKind",
    "sitemap": "collector.sources.sitemap:SitemapKind",
    "telegram": "collector.sources.telegram:TelegramKind",
}
DETECTORS: Mapping[str, str] = {
    "auto": "alerts.detect.auto:AutoDetector",
    "threshold": "alerts.detect.threshold:ThresholdDetector",
    "ratio": "alerts.detect.ratio:RatioDetector",
}
CHANNELS: Mapping[str, str] = {
    "email": "alerts.channels.email:EmailChannel",
    "webhook": "alerts.channels.webhook:WebhookChannel",
    "apprise": "alerts.channels.apprise:AppriseChannel",
    "console": "alerts.channels.console:ConsoleChannel",
}


def implementation(table: Mapping[str, str], group: str, name: str) -> object:
    """The class (or factory) called ``name``: from the table, else from the entry points of ``group``.

    Raises NotFound.
    """
    if name in table:
        module, _, attribute = table[name].partition(":")
        return getattr(import_module(module), attribute)
    for point in entry_points(group=group, name=name):
        return point.load()
    raise NotFound(f"nothing called {name!r} is built in or installed for {group}; built in: {', '.join(table)}")
