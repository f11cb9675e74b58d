"""``siaga doctor``: one line per check, each with what to do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from collector.cli.context import Context
from collector.model.clock import WallClock

if TYPE_CHECKING:
    from collector.doctor.finding import Finding


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def doctor(context: Context, as_json: bool) -> None:
    """Examine sources, receivers, clock, disk, database and rules; exit 1 where something is at fault.

    Hosts are asked side by side, for at most half a minute, then receivers as long. Nothing is sent or stored.
    """
    from collector.doctor.examination import SECONDS, examine
    from collector.doctor.finding import Health

    settings = context.settings
    if not as_json:
        click.echo(f"Asking every host and receiver, at most {2 * SECONDS:.0f} s ...", err=True)
    with context.store() if settings.database.exists() else nullcontext() as store:
        findings = examine(settings, store, WallClock())
    sound = all(finding.health is not Health.FAULT for finding in findings)
    if as_json:
        click.echo(
            json.dumps({"ok": sound, "checks": [_as_json(one) for one in findings]}, ensure_ascii=False, indent=2)
        )
    else:
        click.echo("\n".join(_lines(findings)))
    raise SystemExit(0 if sound else 1)


def _lines(findings: Sequence[Finding]) -> list[str]:
    from alerts.text import clean_line

    width = max(len(finding.check) for finding in findings)
    return [
        f"{finding.health.upper():8}{clean_line(finding.check, 60):{width}}  {clean_line(finding.text, 600)}"
        + (f" -> {finding.hint}" if finding.hint else "")
        for finding in findings
    ]


def _as_json(finding: Finding) -> dict[str, str]:
    return {
        "check": finding.check,
        "state": finding.health.value,
        "text": finding.text,
        "hint": finding.hint,
    }
