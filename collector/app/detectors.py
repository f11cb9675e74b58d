"""The detectors that the rules name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from collector.config.settings import Settings
from collector.registry import DETECTORS, implementation

if TYPE_CHECKING:
    from alerts.detect.base import Detector


def build_detectors(settings: Settings) -> Mapping[str, Detector]:
    """The detectors that the rules name, by method."""
    methods = {rule.method for rule in settings.rules}
    return {
        method: cast("Callable[..., Detector]", implementation(DETECTORS, "siaga.detectors", method))(
            zone=settings.timezone, calendar=settings.calendar
        )
        for method in sorted(methods)
    }
