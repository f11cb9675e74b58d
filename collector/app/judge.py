"""The judge, with the desk's own weights or the packaged ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from collector.config.settings import Settings
from collector.model.errors import ConfigError

if TYPE_CHECKING:
    from collector.judge.base import Judge
    from collector.judge.weights import Weights


def build_judge(settings: Settings) -> Judge:
    """With the desk's own weights where ``siaga train`` has laid them beside the database. Raises ConfigError."""
    from collector.judge.combined import CombinedJudge
    from collector.judge.lexicon import LexiconJudge

    return CombinedJudge(LexiconJudge.shipped(), own_weights(settings) or shipped_weights())


def weights_path(settings: Settings) -> Path:
    """Where a desk's own weights lie."""
    return settings.database.with_suffix(".weights.json")


def own_weights(settings: Settings) -> Weights | None:
    """None where the desk has trained none. Raises ConfigError where the file cannot be read."""
    from collector.judge.weights import read

    path = weights_path(settings)
    if not path.exists():
        return None
    try:
        return read(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError((f"{path}: {error}. Remove it to judge with the shipped weights.",)) from error


def shipped_judge() -> Judge:
    """As it comes, where there is no configuration."""
    from collector.judge.combined import CombinedJudge

    return CombinedJudge.shipped()


def shipped_weights() -> Weights:
    """The packaged ones."""
    from collector.judge.weights import shipped

    return shipped()
