"""What sources.yaml says, checked and complete. Defaults stand here; each part of Siaga is handed its own slice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from collector.config.secret import Secret
from collector.model.calendar import PlannedEvent
from collector.model.phrase import Language
from collector.model.plan import Plan
from collector.model.rule import Rule
from collector.model.source import Source
from collector.model.topic import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """``allow_private`` holds ``host:port``, address or CIDR texts that may be reached although they are private."""

    contact: str | None = None
    host_gap: timedelta = timedelta(seconds=1)
    allow_private: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """An SMTP receiver. The password stands in the file (by ``${NAME}``) or in ``password_file``, read when sending."""

    to: tuple[str, ...]
    sender: str
    smarthost: str
    tls: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: Secret | None = None
    password_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A Standard Webhooks receiver. The URL is a secret too: many services put a token in it."""

    url: Secret
    secret: Secret | None = None
    format: Literal["siaga", "alertmanager"] = "siaga"
    receiver: str = "siaga"  # its name in the file: Alertmanager's payload carries it


@dataclass(frozen=True, slots=True, kw_only=True)
class Apprise:
    """A chat service, by an address that apprise reads. It holds the account's token, so all of it is secret."""

    url: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """Prints the message where the daemon runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Where messages go and when, under a name that rules refer to."""

    name: str
    channel: Email | Webhook | Apprise | Console
    plan: Plan = field(default_factory=Plan)

    @property
    def kind(self) -> str:
        return type(self.channel).__name__.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    items: timedelta = timedelta(days=400)
    polls: timedelta = timedelta(days=90)
    copies: timedelta = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """``desk`` is under whose name verdicts are given. ``copies``: keep the pages of suspicious items, at most
    ``copy_kb`` thousand bytes of each."""

    desk: str = "Meja Siaga"
    copies: bool = True
    copy_kb: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """The page. Open to whoever reaches it while neither ``password`` nor ``token`` is set; actions need a person's own
    login in any case. ``base_url`` has no path and no slash at its end. ``trusted_proxy`` is the machine address whose
    ``X-Forwarded-For`` says who asks; None: nobody's does."""

    listen: str = "127.0.0.1:8080"
    base_url: str | None = None
    password: Secret | None = None
    token: Secret | None = None
    trusted_proxy: str | None = None

    @property
    def address(self) -> str:
        """Where people find it: ``base_url``, or what follows from ``listen``."""
        return self.base_url or f"http://{self.listen}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerSend:
    """Where issues go, and which: ``suspicious`` ones, or only those that are ``checked``."""

    url: Secret
    secret: Secret
    every: timedelta = timedelta(hours=1)
    share: Literal["suspicious", "checked"] = "suspicious"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerReceive:
    """Keys that a report may be signed with, and how many reports a minute are taken."""

    secrets: tuple[Secret, ...]
    per_minute: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Somebody who tells us what they found, and whom we tell. ``topics`` is None where all are shared."""

    name: str
    topics: tuple[str, ...] | None = None
    send: PartnerSend | None = None
    receive: PartnerReceive | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole file. ``topics`` and ``sources`` are complete nouns; ``path`` is the file they came from;
    ``timeout`` is for addresses that are no configured source."""

    path: Path
    database: Path
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Jakarta"))
    language: Language = "id"
    network: Network = field(default_factory=Network)
    sources: tuple[Source, ...] = ()
    topics: tuple[Topic, ...] = ()
    calendar: tuple[PlannedEvent, ...] = ()
    rules: tuple[Rule, ...] = ()
    receivers: tuple[Receiver, ...] = ()
    operator: tuple[str, ...] = ()
    templates: Path | None = None
    retention: Retention = field(default_factory=Retention)
    ledger: Ledger = field(default_factory=Ledger)
    partners: tuple[Partner, ...] = ()
    web: Web | None = None
    timeout: timedelta = timedelta(seconds=30)

    def receiver(self, name: str) -> Receiver | None:
        return next((receiver for receiver in self.receivers if receiver.name == name), None)

    def source(self, name: str) -> Source | None:
        return next((source for source in self.sources if source.id == name), None)

    def topic(self, topic_id: str) -> Topic | None:
        return next((topic for topic in self.topics if topic.id == topic_id), None)

    def partner(self, name: str) -> Partner | None:
        return next((partner for partner in self.partners if partner.name == name), None)
