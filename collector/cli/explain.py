"""``siaga explain``: which topics a text speaks of, what was found in it, and what that adds up to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from collector.cli.context import LARGEST_ID, Context
from collector.model.claim import ClaimMatch
from collector.model.clock import WallClock
from collector.model.errors import NotFound
from collector.model.issue import Issue
from collector.model.item import Entry, Item
from collector.model.judgement import Context as Circumstances
from collector.model.judgement import Judgement, Stance
from collector.model.source import Role, Source
from collector.model.topic import Span

if TYPE_CHECKING:
    from datetime import datetime

    from collector.config.settings import Settings
    from collector.store.base import JudgedItem, Storage

CLAIMS_SHOWN = 3
SPEAKS_OF_IT = 0.55  # share from which a denial is one of this claim
SAID_FROM = 0.3  # share of a checked claim from which it is worth showing
BANDS = ((9.0, "high"), (6.0, "suspicious"), (3.0, "watch"), (0.0, "low"))
"""From how many points a band begins; a test compares them with the judge's data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What there is to say of one text or stored item. ``topics`` holds the topic's name and its words,
    ``claims`` the nearest checked claims, ``issue`` the one that a stored item joined."""

    subject: str
    item: Item | None
    topics: tuple[tuple[str, str, tuple[Span, ...]], ...]
    judgement: Judgement
    claims: tuple[ClaimMatch, ...] = ()
    issue: Issue | None = None


@click.command("explain")
@click.argument("what", metavar="TEXT|URL|ITEM")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.SOCIAL.value,
    show_default=True,
    help="Who says a bare text.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def explain(context: Context, what: str, role: str, as_json: bool) -> None:
    """Say why a text, or a stored item by its number or address, has its topics and its score."""
    if not what.strip():
        raise click.UsageError("nothing to explain: give a text, an address or an item's number")
    settings = context.settings
    if what.isdecimal() or _is_address(what):
        with context.store() as store:
            found = _numbered(store, what) if what.isdecimal() else store.items.find(_identity(what))
        if found is None:
            raise NotFound(f"no stored item has the address {what}; give its text in quotes to have it explained")
        explanation = _stored(found, settings)
    else:
        explanation = _judged(what, Role(role), context)
    explanation = replace(explanation, claims=_nearest(explanation, context), issue=_issue(explanation, context))
    if as_json:
        click.echo(json.dumps(_as_json(explanation), ensure_ascii=False, indent=2))
    else:
        _tell(explanation, settings)


def _numbered(store: Storage, digits: str) -> JudgedItem:
    number = int(digits[:20])
    if number > LARGEST_ID:
        raise NotFound(f"no item {digits[:20]} is stored")
    return store.items.get(number)


def _is_address(what: str) -> bool:
    return what.startswith(("http://", "https://")) and " " not in what


def _identity(address: str) -> str:
    from collector.sources.links import canonical

    return canonical(address) or address


def _judged(text: str, role: Role, context: Context) -> Explanation:
    """A bare text is judged as a post of nobody in particular, beside the claims that are known: its first line is the
    title."""
    from collector.app.judge import build_judge
    from collector.app.matcher import build_matcher

    settings, now = context.settings, WallClock().now()
    title, _, body = text.strip().partition("\n")
    matches = build_matcher(settings).matches(title, body)
    source = Source(id="explain", kind="text", url="text:", role=role)
    known, similar = (None, None)
    if matches and role is not Role.FACTCHECK:
        known, similar = _repeated(title, body, now, context)
    judgement = build_judge(settings).judge(
        Entry(title=title, text=body),
        Circumstances(source=source, matches=matches, now=now, known=known, similar=similar),
    )
    topics = tuple((match.topic_id, _name(match.topic_id, settings), match.spans) for match in matches)
    return Explanation(subject=title, item=None, topics=topics, judgement=judgement)


def _stored(found: JudgedItem, settings: Settings) -> Explanation:
    topics = tuple((m.topic_id, _name(m.topic_id, settings), m.spans) for m in found.mentions)
    return Explanation(subject=found.item.title, item=found.item, topics=topics, judgement=found.judgement)


def _repeated(title: str, body: str, now: datetime, context: Context) -> tuple[ClaimMatch | None, ClaimMatch | None]:
    """The checked claim that a text speaks of, or else the one that it resembles, as a poll would find it."""
    if not context.settings.database.exists():
        return None, None
    from collector.claims.known import KnownClaims, is_sure

    with context.store() as store:
        near = KnownClaims(store).likeliest(title, body, now)
    return (near, None) if near is not None and is_sure(near) else (None, near)


def _nearest(explanation: Explanation, context: Context) -> tuple[ClaimMatch, ...]:
    """The checked claims that come closest; none where there is no database yet."""
    if not context.settings.database.exists():
        return ()
    from collector.claims.known import KnownClaims

    with context.store() as store:
        found = KnownClaims(store).nearest(explanation.subject, CLAIMS_SHOWN)
    return tuple(match for match in found if match.decided or match.said >= SAID_FROM)


def _issue(explanation: Explanation, context: Context) -> Issue | None:
    """The issue that a stored item joined."""
    if explanation.item is None or explanation.item.issue_id is None:
        return None
    with context.store() as store:
        return store.issues.get(explanation.item.issue_id)


def _name(topic_id: str, settings: Settings) -> str:
    topic = settings.topic(topic_id)
    return topic.name.in_language(settings.language) if topic else topic_id


def _band(points: float) -> str:
    return next(name for start, name in BANDS if points >= start)


def _tell(explanation: Explanation, settings: Settings) -> None:
    from alerts.text import clean_line

    judgement, item = explanation.judgement, explanation.item
    click.echo(click.style(clean_line(explanation.subject), bold=True))
    if item:
        seen_at = item.seen_at.astimezone(settings.timezone)
        click.echo(f"  item {item.id} · {clean_line(item.publisher)} · first seen {seen_at:%Y-%m-%d %H:%M %Z}")
        if item.url:
            click.echo(f"  {clean_line(item.url, 500)}")
    click.echo("\nTopics" if explanation.topics else "\nTopics: none")
    for topic_id, name, spans in explanation.topics:
        click.echo(f"  {topic_id} ({name}): {clean_line(', '.join(map(_place, spans)), 2000)}")
    verdict = f", verdict {judgement.verdict.value}" if judgement.verdict else ""
    click.echo(f"\nStance: {judgement.stance.value}{verdict}")
    click.echo("Signals" if judgement.signals else "Signals: none")
    for signal in judgement.signals:
        reason = clean_line(signal.reason.in_language(settings.language), 500)
        click.echo(f"  {signal.points:+5g}  {signal.name}: {reason}")
    _tell_claims(explanation.claims, settings)
    if explanation.issue:
        click.echo(f"\nIssue {explanation.issue.id}: “{clean_line(explanation.issue.title, 200)}”")
        click.echo(f"  {_counts(explanation.issue)}")
    click.echo(
        f"\nSuspicion {judgement.suspicion:.2f} from {judgement.points:g} points: {_band(judgement.points)}"
        f"  (judge {judgement.judge} {judgement.judge_version})"
    )


def _counts(issue: Issue) -> str:
    return (
        f"{issue.items} items in {issue.voices} voices (copies are one voice), "
        f"{issue.suspicious} suspicious, {issue.debunks} debunks"
    )


def _tell_claims(claims: tuple[ClaimMatch, ...], settings: Settings) -> None:
    from alerts.text import clean_line

    if claims:
        click.echo("\nNearest checked claims")
    for match in claims:
        claim = match.claim
        found = claim.verdict.value if claim.verdict else "no verdict"
        sure = f"{match.confidence:.2f} {_relation(match)}"
        click.echo(
            f"  {sure}: “{clean_line(claim.text, 200)}” ({found}, {clean_line(claim.publisher, 80) or 'unknown'})"
        )
        if claim.url:
            click.echo(f"        {clean_line(claim.url, 500)}")
        for difference in match.differences:
            click.echo(f"        - {clean_line(difference.reason.in_language(settings.language), 300)}")


def _relation(match: ClaimMatch) -> str:
    """What the text is to the claim."""
    if match.stance is Stance.DEBUNK and match.said >= SPEAKS_OF_IT:
        return "sets right"
    return "repeats" if match.decided else "resembles"


def _place(span: Span) -> str:
    return f"“{span.surface}” at {span.field} {span.start}-{span.end}"


def _as_json(explanation: Explanation) -> Mapping[str, object]:
    judgement, item = explanation.judgement, explanation.item
    return {
        "title": explanation.subject,
        "item": item.id if item else None,
        "url": item.url if item else None,
        "topics": [
            {
                "id": topic_id,
                "name": name,
                "words": [
                    {"term": s.term, "field": s.field, "start": s.start, "end": s.end, "surface": s.surface}
                    for s in spans
                ],
            }
            for topic_id, name, spans in explanation.topics
        ],
        "stance": judgement.stance.value,
        "verdict": judgement.verdict.value if judgement.verdict else None,
        "points": judgement.points,
        "suspicion": round(judgement.suspicion, 4),
        "band": _band(judgement.points),
        "signals": [
            {
                "name": signal.name,
                "points": signal.points,
                "words": list(signal.words),
                "reason": {"id": signal.reason.id, "en": signal.reason.en},
            }
            for signal in judgement.signals
        ],
        "claims": [
            {
                "claim": match.claim.text,
                "verdict": match.claim.verdict.value if match.claim.verdict else None,
                "publisher": match.claim.publisher,
                "url": match.claim.url,
                "confidence": round(match.confidence, 4),
                "relation": _relation(match),
                "differences": [
                    {"kind": one.kind.value, "claim": one.claim, "text": one.text} for one in match.differences
                ],
            }
            for match in explanation.claims
        ],
        "issue": None
        if explanation.issue is None
        else {
            "id": explanation.issue.id,
            "title": explanation.issue.title,
            "items": explanation.issue.items,
            "voices": explanation.issue.voices,
            "suspicious": explanation.issue.suspicious,
            "debunks": explanation.issue.debunks,
        },
        "judge": judgement.judge,
        "judge_version": judgement.judge_version,
    }
