"""A checked document as the settings and nouns the rest of Siaga is handed."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast

from collector.config import document as doc
from collector.config.calendar import shipped_events
from collector.config.settings import (
    Apprise,
    Console,
    Email,
    Ledger,
    Network,
    Partner,
    PartnerReceive,
    PartnerSend,
    Receiver,
    Retention,
    Settings,
    Web,
    Webhook,
)
from collector.config.topics import shipped_topics
from collector.model.bucket import Measure
from collector.model.calendar import PlannedEvent
from collector.model.level import Level
from collector.model.phrase import Language, Phrase
from collector.model.plan import Plan
from collector.model.rule import Rule
from collector.model.source import Source
from collector.model.topic import AmbiguousTerm, Topic


def as_settings(document: doc.Document, path: Path, database: Path | None) -> Settings:
    """``path`` is the file's; relative paths in it start from its folder."""
    folder = path.absolute().parent
    topics = _topics(document)
    return Settings(
        path=path,
        database=database or folder / document.database,
        timezone=document.timezone,
        language=cast("Language", document.language),
        network=Network(
            contact=document.network.contact,
            host_gap=document.network.host_gap,
            allow_private=document.network.allow_private,
        ),
        sources=tuple(_source(part, document.defaults) for part in document.sources),
        topics=topics,
        calendar=_calendar(document),
        rules=tuple(_rule(part, topics, document.receivers) for part in document.rules),
        receivers=tuple(_receiver(part, folder) for part in document.receivers),
        operator=document.operator.receivers,
        templates=folder / document.templates if document.templates else None,
        retention=Retention(
            items=document.retention.items, polls=document.retention.polls, copies=document.retention.copies
        ),
        ledger=Ledger(desk=document.ledger.desk, copies=document.ledger.copies, copy_kb=document.ledger.copy_kb),
        partners=tuple(_partner(part) for part in document.partners),
        web=_web(document.web),
        timeout=document.defaults.timeout,
    )


def _web(part: doc.WebPart | None) -> Web | None:
    if part is None:
        return None
    return Web(
        listen=part.listen,
        base_url=part.base_url,
        password=part.password,
        token=part.token,
        trusted_proxy=part.trusted_proxy,
    )


def _partner(part: doc.PartnerPart) -> Partner:
    send, receive = part.send, part.receive
    return Partner(
        name=part.name,
        topics=part.topics,
        send=PartnerSend(url=send.url, secret=send.secret, every=send.every, share=send.share) if send else None,
        receive=PartnerReceive(secrets=receive.secrets, per_minute=receive.per_minute) if receive else None,
    )


def _source(part: doc.SourcePart, defaults: doc.Defaults) -> Source:
    options = {key: value for key in doc.SELECTORS if (value := getattr(part, key)) is not None}
    return Source(
        id=part.name,
        kind=part.kind,
        url=part.url,
        role=part.role,
        every=part.every or defaults.every,
        timeout=part.timeout or defaults.timeout,
        expect_every=part.expect_every,
        lang=part.lang,
        enabled=part.enabled,
        article=part.article,
        options=MappingProxyType(options),
    )


def _topics(document: doc.Document) -> tuple[Topic, ...]:
    shipped = shipped_topics()
    if document.topics is None:
        return tuple(shipped.values())
    return tuple(shipped[entry] if isinstance(entry, str) else _topic(entry) for entry in document.topics)


def _topic(part: doc.TopicPart) -> Topic:
    return Topic(
        id=part.id,
        name=Phrase(id=part.name, en=part.name),
        strong=part.strong,
        ambiguous=tuple(
            AmbiguousTerm(term=term.term, context_any=term.context_any, exclude=term.exclude) for term in part.ambiguous
        ),
        slang=part.slang,
        hashtags=tuple(tag.removeprefix("#") for tag in part.hashtags),
        exclude=part.exclude,
    )


def _calendar(document: doc.Document) -> tuple[PlannedEvent, ...]:
    shipped = shipped_events()
    if document.calendar is None:
        return tuple(shipped.values())
    return tuple(shipped[entry] if isinstance(entry, str) else _event(entry) for entry in document.calendar)


def _event(part: doc.EventPart) -> PlannedEvent:
    return PlannedEvent(
        id=part.name,
        name=Phrase(id=part.name, en=part.name),
        first=part.first,
        last=part.last or part.first,
        topics=part.topics,
    )


def _rule(part: doc.RulePart, topics: tuple[Topic, ...], receivers: tuple[doc.ReceiverPart, ...]) -> Rule:
    everybody = tuple(receiver.name for receiver in receivers)
    return Rule(
        name=part.name,
        topics=part.topics or tuple(topic.id for topic in topics),
        receivers=everybody if part.receivers is None else part.receivers,
        measure=Measure(part.count),
        per=part.per,
        method=part.method,
        window=part.window,
        at_least=part.at_least,
        min_sources=part.min_sources,
        times=part.times,
        suspicion_at_least=part.suspicion_at_least,
        repeat_interval=part.repeat_interval,
        repeat_growth=part.repeat_growth,
        worse_by=part.worse_by,
        resolve_below=part.resolve_below,
        sensitivity=part.sensitivity,
    )


def _receiver(part: doc.ReceiverPart, folder: Path) -> Receiver:
    return Receiver(name=part.name, channel=_channel(part, folder), plan=_plan(part))


def _plan(part: doc.ReceiverPart) -> Plan:
    return Plan(
        mode=cast("Literal['realtime', 'digest']", part.mode),
        digest_at=part.digest_at,
        urgent_from=None if part.urgent_from == doc.NEVER else Level(part.urgent_from),
        quiet_hours=part.quiet_hours,
        group_wait=part.group_wait,
        group_by=part.group_by,
    )


def _channel(part: doc.ReceiverPart, folder: Path) -> Email | Webhook | Apprise | Console:
    if part.webhook:
        return Webhook(url=part.webhook.url, secret=part.webhook.secret, format=part.webhook.format, receiver=part.name)
    if part.apprise:
        return Apprise(url=part.apprise)
    if part.email:
        return Email(
            to=part.email.to,
            sender=part.email.sender,
            smarthost=part.email.smarthost,
            tls=part.email.tls,
            username=part.email.username,
            password=part.email.password,
            password_file=folder / part.email.password_file if part.email.password_file else None,
        )
    return Console()
