"""Logs for people (text) or machines (json), on standard error. Collected text is cut and cleaned before it gets in."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog


class Steadfast:
    """A stream for logs that cannot fail whoever writes to it: a closed terminal must not end a poll."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):  # a broken pipe; a stream that was closed
            return self._stream.write(text)
        return 0

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()


def configure_logging(level: str, fmt: str, stream: TextIO | None = None) -> None:
    """``level`` is a name of :mod:`logging`; ``fmt`` is ``text`` or ``json``. ``stream`` instead of standard error."""
    out = stream or sys.stderr
    chosen = getattr(logging, level.upper(), logging.INFO)
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if fmt == "json"
        else structlog.dev.ConsoleRenderer(colors=out.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(chosen),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", Steadfast(out))),
        cache_logger_on_first_use=False,  # who was heard before a new configuration must follow it (demo, tests)
    )
    logging.basicConfig(level=logging.WARNING, stream=out, format="%(message)s", force=stream is not None)
