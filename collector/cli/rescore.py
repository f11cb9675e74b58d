"""``rescore``: what is stored, judged anew."""

from __future__ import annotations

import click

from collector.cli.context import Context
from collector.model.clock import WallClock


@click.command("rescore")
@click.pass_obj
def rescore(context: Context) -> None:
    """Judge what is stored by the present judge, beside the claims known by now, and rebuild the hourly counts.

    After an update of Siaga, `siaga train` or `siaga import claims`, so that old and new hours are measured alike and
    no rule fires for the change alone. Only titles and excerpts are stored, so the judge sees less than it did:
    debunks, satire and items whose article was read stay as they are.
    """
    from collector.app.judge import build_judge
    from collector.claims.known import KnownClaims
    from collector.rescoring import Rescored
    from collector.rescoring import rescore as rescoring

    settings = context.settings
    judge = build_judge(settings)
    sources = {source.id: source for source in settings.sources}
    done = Rescored()
    with context.store(quick=False) as store:
        for done in rescoring(store, judge, KnownClaims(store), sources, WallClock().now()):
            click.echo(f"{done.items} items ...", err=True)
    click.echo(
        f"{done.rescored} of {done.items} items judged anew by {judge.name} {judge.version}; "
        f"suspicious: {done.suspicious_before} before, {done.suspicious_after} now; "
        f"checked claims: {done.linked} items newly linked, {done.unlinked} no more"
    )
