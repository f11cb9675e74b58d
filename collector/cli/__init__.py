"""The command ``siaga``. One small file per group of verbs, imported only when its verb is called.

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 nothing could be polled, 4 done but some sources or
deliveries failed.
"""

from __future__ import annotations

import sys
from importlib import import_module
from keyword import iskeyword

import click

from collector import __version__
from collector.cli.context import Context
from collector.cli.log import configure_logging
from collector.model.errors import ConfigError, SiagaError

VERBS = {
    "init": "configure",
    "check": "configure",
    "add": "subscribe",
    "import-opml": "subscribe",
    "export-opml": "subscribe",
    "run": "daemon",
    "once": "daemon",
    "demo": "demo",
    "test-source": "sources",
    "sources": "sources",
    "status": "status",
    "doctor": "doctor",
    "mentions": "mentions",
    "explain": "explain",
    "issues": "issues",
    "show": "issues",
    "verdict": "issues",
    "state": "issues",
    "rename": "issues",
    "merge": "issues",
    "split": "issues",
    "action": "issues",
    "tip": "tip",
    "forget": "tip",
    "copy": "tip",
    "report": "report",
    "match": "match",
    "import": "imports",
    "judge": "judge",
    "train": "train",
    "rescore": "rescore",
    "replay": "rehearsal",
    "tune": "rehearsal",
    "plot": "plot",
    "alerts": "alerts",
    "resend": "alerts",
    "ack": "reactions",
    "silence": "reactions",
    "test-alert": "alerts",
    "partner": "partner",
    "bulletin": "bulletin",
    "export": "data",
    "backup": "data",
    "prune": "data",
    "user": "user",
}


class Verbs(click.Group):
    """Finds a verb's command in ``collector.cli.<module>``, where it is named after the verb.

    ``-`` becomes ``_``, and a word of Python (``import``) ends in one.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = import_module(f"collector.cli.{VERBS[cmd_name]}")
        name = cmd_name.replace("-", "_")
        command: click.Command = getattr(module, f"{name}_" if iskeyword(name) else name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each verb's first sentence, whole: click would cut it to fit the line."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl([(name, verb.get_short_help_str(limit=200)) for name, verb in found if verb])


LOG_LEVELS = ("debug", "info", "warning", "error")
EXIT_CODES = """\b
Exit codes: 0 done, 1 failed, 2 wrong usage or configuration,
            3 nothing could be polled, 4 done but some sources or deliveries failed.
Environment: SIAGA_CONFIG, SIAGA_DB, SIAGA_LOG_LEVEL=debug|info|warning|error,
             SIAGA_LOG_FORMAT=text|json."""


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=EXIT_CODES,
)
@click.version_option(__version__, prog_name="siaga")
@click.option("--config", metavar="FILE", envvar="SIAGA_CONFIG", help="Default: sources.yaml in this folder.")
@click.option("--db", metavar="FILE", envvar="SIAGA_DB", help="Database to use instead of the configured one.")
@click.option(
    "--log-level",
    type=click.Choice(LOG_LEVELS, case_sensitive=False),
    envvar="SIAGA_LOG_LEVEL",
    default="info",
    hidden=True,
)
@click.option(
    "--log-format",
    type=click.Choice(("text", "json"), case_sensitive=False),
    envvar="SIAGA_LOG_FORMAT",
    default="text",
    hidden=True,
)
@click.pass_context
def siaga(ctx: click.Context, config: str | None, db: str | None, log_level: str, log_format: str) -> None:
    """Early warning for hoaxes about elections and public programmes."""
    configure_logging(log_level, log_format)
    ctx.obj = Context(config=config, database=db)


def main() -> None:
    """Entry point: known errors become a sentence and an exit code, never a traceback."""
    try:
        siaga.main(prog_name="siaga", standalone_mode=True)
    except ConfigError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except SiagaError as error:
        click.echo(f"siaga: {error}", err=True)
        sys.exit(1)
    except OSError as error:  # a full disk, a folder that may not be written: the machine's trouble, not a bug
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"siaga: {place}{error.strerror or error}", err=True)
        sys.exit(1)
