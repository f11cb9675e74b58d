"""What reaches out to sites."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from collector import __version__
from collector.config.settings import Settings

if TYPE_CHECKING:
    from collector.sources.base import Fetcher


def build_fetcher(settings: Settings) -> Fetcher:
    from collector.sources.fetch import HttpFetcher

    return HttpFetcher(
        version=__version__,
        contact=settings.network.contact,
        allow_private=settings.network.allow_private,
        ca_bundle=ca_bundle(),
    )


def ca_bundle() -> str | None:
    """The certificates to verify TLS against where the operator set others than certifi's."""
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE")
