"""Several alerts in one message: those that began together, or a digest. Pure.

The notice that holds them is rendered, stored and sent like any other; its ``members`` are the alerts' own notices.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from alerts import catalogue
from alerts.level import level_of_notice
from collector.model.alert import Notice, NoticeType
from collector.model.level import Level
from collector.model.phrase import Language, Phrase

NAMED_IN_SUBJECT = 3
MOST_MEMBERS = 50  # beyond these the message only names the command


def group_of(notices: Sequence[Notice], at: datetime) -> Notice:
    """One message for alerts that began together. A single one stays as it is. Raises ValueError for none."""
    if not notices:
        raise ValueError("a group needs at least one notice")
    return notices[0] if len(notices) == 1 else _bundle(notices, at, digest=False)


def digest_of(notices: Sequence[Notice], at: datetime) -> Notice:
    """What gathered since the last digest, the newest notice of each alert; also for one alone, or none at all."""
    newest: dict[object, Notice] = {}
    for notice in sorted(notices, key=lambda notice: notice.at):
        newest[notice.alert_id if notice.alert_id is not None else id(notice)] = notice
    return _bundle(tuple(newest.values()), at, digest=True)


def _bundle(notices: Sequence[Notice], at: datetime, *, digest: bool) -> Notice:
    members = tuple(sorted(notices, key=_weight))
    return Notice(
        type=_type_of(members),
        at=at,
        headline=Phrase(id=_headline(members, "id"), en=_headline(members, "en")),
        why=Phrase(id=_summary(members, "id"), en=_summary(members, "en")),
        members=members[:MOST_MEMBERS],
        digest=digest,
    )


def _weight(notice: Notice) -> tuple[bool, int, int]:
    """Firing before resolved, loud before quiet."""
    level = level_of_notice(notice) or Level.RISING
    return notice.type is NoticeType.RESOLVED, -level.rank, -(notice.count or 0)


def _type_of(members: Sequence[Notice]) -> NoticeType:
    """As Alertmanager has it: a group fires while one of its alerts does."""
    types = {member.type for member in members}
    for kind in (NoticeType.FIRING, NoticeType.UPDATED, NoticeType.RESOLVED, NoticeType.DEGRADED):
        if kind in types:
            return kind
    return NoticeType.TEST if types else NoticeType.UPDATED


def _headline(members: Sequence[Notice], language: Language) -> str:
    """``3 peringatan – Judi online, Bansos dan 1 lainnya``."""
    if not members:
        return catalogue.say("digest_empty", language)
    names = list(dict.fromkeys(_name(member, language) for member in members))
    counted = catalogue.counted(len(members), catalogue.ALERTS, language)
    return f"{counted} – {catalogue.listed(names, NAMED_IN_SUBJECT, language)}"


def _name(member: Notice, language: Language) -> str:
    return catalogue.short_name((member.topic_name or member.headline).in_language(language))


def _summary(members: Sequence[Notice], language: Language) -> str:
    ended = sum(member.type is NoticeType.RESOLVED for member in members)
    going = len(members) - ended
    if not members:
        return catalogue.say("digest_nothing", language)
    key = "bundle_both" if ended and going else "bundle_ended" if ended else "bundle_going"
    left_out = len(members) - MOST_MEMBERS
    more = f" {catalogue.say('bundle_more', language, n=left_out)}" if left_out > 0 else ""
    told = catalogue.say(
        key,
        language,
        going=catalogue.counted(going, catalogue.ALERTS, language),
        ended=catalogue.counted(ended, catalogue.ALERTS, language),
    )
    return told + more
