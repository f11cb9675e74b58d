"""One tree of errors. Expected failures (a feed that is down) travel as values; these are for the rest.

    SiagaError
    ├── ConfigError            sources.yaml is wrong; carries every problem
    ├── ParseError             the answer was no feed, page or sitemap we can read
    ├── StoreError             the database could not do what was asked
    │   ├── SchemaTooNew       written by a newer Siaga
    │   └── DatabaseInUse      another daemon holds it
    ├── NotFound               no such source, item, alert, receiver, delivery
    └── ChannelError           a receiver did not take the message

``can_retry`` says whether trying the same thing again later may help.
"""

from __future__ import annotations

from datetime import timedelta


class SiagaError(Exception):
    """Base of all errors that Siaga raises on purpose."""

    can_retry = False


class ConfigError(SiagaError):
    """The configuration is wrong. ``problems`` holds one object per problem, each printable on a line."""

    def __init__(self, problems: tuple[object, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class ParseError(SiagaError):
    """The body is not what its source's kind expects (a log-in page where a feed should be)."""

    can_retry = True


class StoreError(SiagaError):
    """The database refused."""


class SchemaTooNew(StoreError):
    """The database was written by a newer version of the program."""


class DatabaseInUse(StoreError):
    """A second daemon was started on a database that one already serves."""

    can_retry = True


class NotFound(SiagaError):
    """Nothing is stored or configured under that name or number."""


class ChannelError(SiagaError):
    """A receiver did not take a message.

    ``permanent`` means that sending the same message again cannot succeed; ``retry_after`` is what the receiver asked
    us to wait; ``gone`` that it wants no message ever again.
    """

    def __init__(
        self, reason: str, *, permanent: bool, retry_after: timedelta | None = None, gone: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        self.gone = gone
        self.can_retry = not permanent
