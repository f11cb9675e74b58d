"""The shape of sources.yaml: which keys there are, what each may hold, and what holds where one is left out.

The contract of ``version: 1``: it grows only by addition. Defaults come from the settings and nouns that the file
becomes; the JSON Schema and the reference page are made from here.
"""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema

from collector.config import settings, values
from collector.config.problems import Fault
from collector.config.tree import Block
from collector.model.level import Level
from collector.model.plan import GROUP_BY, Plan
from collector.model.rule import Rule, Sensitivity
from collector.model.source import Role, Source

SOURCE_KINDS = ("feed", "page", "sitemap", "telegram")
METHODS = ("auto", "threshold", "ratio")
MEASURES = ("suspicious", "debunks", "mentions", "known_claims", "issues")
SUBJECTS = ("topic", "issue")
SELECTORS = ("item", "title", "link", "summary", "date")
MODES = ("realtime", "digest")
NEVER = "never"
LEVELS = (*(level.value for level in Level), NEVER)
CHANNELS = ("email", "webhook", "apprise", "console")
OWN, SHIPPED = "<a topic of one's own>", "<a shipped topic>"
OWN_EVENT, SHIPPED_EVENT = "<an event of one's own>", "<a shipped event>"
TAGS = frozenset({OWN, SHIPPED, OWN_EVENT, SHIPPED_EVENT})  # pydantic puts them into the places of errors
TOPIC_WORDS = ("strong", "ambiguous", "slang", "hashtags")


class Part(BaseModel):
    """A block of keys. Unknown keys are errors: there is no default for a mistyped setting."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


def _default(noun: type[Any], name: str) -> Any:
    field = next(field for field in dataclasses.fields(noun) if field.name == name)
    return field.default


def _choice(*known: str | int) -> WithJsonSchema:
    return WithJsonSchema({"enum": list(known)})


def _open_choice(*known: str) -> WithJsonSchema:
    """Editors offer the built-in words and accept those of installed packages."""
    return WithJsonSchema({"anyOf": [{"enum": list(known)}, {"type": "string"}]})


_listing = BeforeValidator(values.listing)
_block = BeforeValidator(values.block)


class Network(Part):
    """How Siaga behaves towards other people's machines."""

    contact: values.Contact | None = Field(
        default=_default(settings.Network, "contact"),
        description="mailto: or https: address of whoever runs this Siaga; goes into the User-Agent",
    )
    host_gap: values.Gap = Field(
        default=_default(settings.Network, "host_gap"),
        description="pause between two requests to one host; a host gets one request at a time",
    )
    allow_private: Annotated[tuple[values.Allowance, ...], _listing] = Field(
        default=_default(settings.Network, "allow_private"),
        description="private addresses that feeds and webhooks may reach all the same: host:port, address or network",
    )


class Defaults(Part):
    """What holds for every source that does not say otherwise."""

    every: values.Interval = Field(default=_default(Source, "every"), description="how often a source is read")
    timeout: values.Deadline = Field(
        default=_default(Source, "timeout"), description="deadline of one request, from connecting to the last byte"
    )


class SourcePart(Part):
    """One feed, page, sitemap or channel."""

    name: values.Name = Field(description="what it is called everywhere; unique")
    url: values.SourceUrl = Field(description="its address; for telegram also @NAME")
    kind: Annotated[
        str, BeforeValidator(values.plugin("siaga.sources", *SOURCE_KINDS)), _open_choice(*SOURCE_KINDS)
    ] = Field(
        default="feed",
        description="feed (RSS, RDF, Atom or JSON Feed, told apart by content), page, sitemap or telegram",
    )
    role: Annotated[Role, BeforeValidator(values.one_of(*Role)), _choice(*Role)] = Field(
        default=_default(Source, "role"), description="who speaks, which decides how an item is judged"
    )
    every: values.Interval | None = Field(default=None, description="how often it is read; left out: `defaults.every`")
    timeout: values.Deadline | None = Field(
        default=None, description="deadline of one request; left out: `defaults.timeout`"
    )
    expect_every: values.Quiet | None = Field(
        default=_default(Source, "expect_every"), description="it is said to be quiet when its newest item is older"
    )
    lang: values.LanguageCode = Field(
        default=_default(Source, "lang"), description="language of its items where they name none"
    )
    enabled: values.Flag = Field(
        default=_default(Source, "enabled"), description="false: stays in the file, is not read"
    )
    article: values.Flag = Field(
        default=_default(Source, "article"),
        description="true: it gives only headlines, so the pages behind its items are read too, where robots.txt lets "
        "us; not for telegram",
    )
    item: values.Text | None = Field(
        default=None, description="page only, needed there: CSS selector of one story in the list"
    )
    title: values.Text | None = Field(
        default=None,
        description="page only: CSS selector inside the item; left out: its heading, else the link's words",
    )
    link: values.Text | None = Field(
        default=None, description="page only: CSS selector inside the item; left out: the title's link, else the first"
    )
    summary: values.Text | None = Field(
        default=None, description="page only: CSS selector inside the item; left out: no summary"
    )
    date: values.Text | None = Field(
        default=None, description="page only: CSS selector inside the item; left out: its <time>"
    )


class AmbiguousPart(Part):
    """A word that means this topic only in company."""

    term: values.Word = Field(description="the word")
    context_any: Annotated[Annotated[tuple[values.Word, ...], Field(min_length=1)], _listing] = Field(
        description="it counts only beside one of these"
    )
    exclude: Annotated[tuple[values.Word, ...], _listing] = Field(default=(), description="and beside none of these")


class TopicPart(Part):
    """A topic of one's own. Needs at least one of strong, ambiguous, slang and hashtags."""

    id: values.TopicId = Field(
        description="short name that rules refer to; a shipped id here replaces the shipped topic"
    )
    name: values.Name = Field(description="what alerts and pages call it")
    strong: Annotated[tuple[values.Word, ...], _listing] = Field(default=(), description="words of which one is enough")
    ambiguous: Annotated[tuple[AmbiguousPart, ...], _listing] = Field(
        default=(), description="words that count only beside others"
    )
    slang: Annotated[tuple[values.Word, ...], _listing] = Field(
        default=(), description="disguised spellings, taken literally"
    )
    hashtags: Annotated[tuple[values.Word, ...], _listing] = Field(default=(), description="tags, without the #")
    exclude: Annotated[tuple[values.Word, ...], _listing] = Field(
        default=(), description="phrases that are blotted out before the topic is looked for"
    )


def _form_of_topic(value: Any) -> str:
    return OWN if isinstance(value, Block | TopicPart) else SHIPPED


TopicEntry: TypeAlias = Annotated[
    Annotated[values.TopicId, Tag(SHIPPED)] | Annotated[TopicPart, Tag(OWN)], Discriminator(_form_of_topic)
]


class EventPart(Part):
    """A day or days on which everybody will write about a topic: more is expected then, so less is an alarm."""

    name: values.Name = Field(description="what it is called")
    first: values.Day = Field(alias="from", description="its first day, in the zone of this file")
    last: values.Day | None = Field(default=None, alias="to", description="its last day; left out: one day only")
    topics: Annotated[tuple[values.TopicId, ...], _listing] = Field(
        default=(), description="topic ids; left out: all topics"
    )


def _form_of_event(value: Any) -> str:
    return OWN_EVENT if isinstance(value, Block | EventPart) else SHIPPED_EVENT


EventEntry: TypeAlias = Annotated[
    Annotated[values.TopicId, Tag(SHIPPED_EVENT)] | Annotated[EventPart, Tag(OWN_EVENT)], Discriminator(_form_of_event)
]


class RulePart(Part):
    """When to speak, and to whom. One alert per topic."""

    name: values.Name = Field(description="what alerts call it; unique")
    topics: Annotated[tuple[values.TopicId, ...], _listing] = Field(
        default=(), description="topic ids; left out: all topics"
    )
    count: Annotated[
        str,
        BeforeValidator(values.one_of(*MEASURES)),
        _choice(*MEASURES),
    ] = Field(
        default="suspicious",
        description="what is counted: suspicious items, debunks, all mentions, repeats of claims found wrong before, "
        "or new issues (claims, however many items carry each)",
    )
    per: Annotated[str, BeforeValidator(values.one_of(*SUBJECTS)), _choice(*SUBJECTS)] = Field(
        default=_default(Rule, "per"),
        description="topic: one alert per topic; issue: one per issue that grows by itself",
    )
    suspicion_at_least: values.Ratio = Field(
        default=_default(Rule, "suspicion_at_least"),
        description="from which score an item is suspicious (0.5 is 6 points)",
    )
    method: Annotated[str, BeforeValidator(values.plugin("siaga.detectors", *METHODS)), _open_choice(*METHODS)] = Field(
        default=_default(Rule, "method"),
        description="auto: more than its hours, weekdays and own past let expect; threshold: `at_least` in `window`; "
        "ratio: that, and `times` the usual",
    )
    window: values.Window = Field(default=_default(Rule, "window"), description="sliding, in whole hours")
    at_least: values.Count = Field(
        default=_default(Rule, "at_least"), description="smallest count that is worth an alert"
    )
    min_sources: values.Count = Field(
        default=_default(Rule, "min_sources"), description="from at least so many publishers"
    )
    times: values.Times = Field(default=_default(Rule, "times"), description="ratio only: how many times the usual")
    sensitivity: Annotated[Sensitivity, BeforeValidator(values.one_of(*Sensitivity)), _choice(*Sensitivity)] = Field(
        default=_default(Rule, "sensitivity"),
        description="auto only: about one false alarm per topic per quarter (fewer), month (balanced) or week (more)",
    )
    repeat_interval: values.Repeat = Field(
        default=_default(Rule, "repeat_interval"), description="an alert that lasts is repeated no sooner"
    )
    repeat_growth: values.Growth = Field(
        default=_default(Rule, "repeat_growth"),
        description="the pause grows so many times with each repeat, up to a week, until somebody acknowledges or it "
        "gets worse; 1: it stays",
    )
    worse_by: values.Step = Field(
        default=_default(Rule, "worse_by"),
        description="told at once when it grows to so many times what was last told, and by another `at_least`",
    )
    resolve_below: values.Share = Field(
        default=_default(Rule, "resolve_below"),
        description="an hour is calm below this share of the count that is a spike; two calm windows end an alert",
    )
    receivers: Annotated[tuple[values.Name, ...], _listing] | None = Field(
        default=None, description="names of receivers; left out: all receivers"
    )


class EmailPart(Part):
    """Mail, through a server of yours."""

    to: Annotated[Annotated[tuple[values.EmailAddress, ...], Field(min_length=1)], _listing] = Field(
        description="mail addresses"
    )
    sender: values.EmailAddress = Field(alias="from", description="mail address of the sender")
    smarthost: values.Smarthost = Field(description="mail server, as host:port")
    tls: Annotated[
        Literal["starttls", "tls", "none"],
        BeforeValidator(values.one_of("starttls", "tls", "none")),
        _choice("starttls", "tls", "none"),
    ] = Field(default=_default(settings.Email, "tls"), description="how the connection is encrypted")
    username: values.Text | None = Field(
        default=_default(settings.Email, "username"), description="name to log in with"
    )
    password: values.SecretText | None = Field(
        default=_default(settings.Email, "password"),
        description="better as ${NAME}; at most one of password and password_file",
    )
    password_file: values.FilePath | None = Field(
        default=_default(settings.Email, "password_file"), description="file that holds the password; read when sending"
    )


class WebhookPart(Part):
    """A signed POST after the Standard Webhooks."""

    url: values.SecretUrl = Field(description="where to; kept secret, for it may hold a token")
    secret: values.SigningKey | None = Field(
        default=_default(settings.Webhook, "secret"), description="signing key, better as ${NAME}; left out: not signed"
    )
    format: Annotated[
        Literal["siaga", "alertmanager"],
        BeforeValidator(values.one_of("siaga", "alertmanager")),
        _choice("siaga", "alertmanager"),
    ] = Field(
        default=_default(settings.Webhook, "format"),
        description="alertmanager: the body that Prometheus Alertmanager sends (version 4), for receivers made for it",
    )


class ConsolePart(Part):
    """Prints the message where the daemon runs. Takes no keys; `console: true` and `console:` do as well."""


def _console(value: Any) -> Any:
    if isinstance(value, Block):
        return value
    if value is not None and str(value).lower() != "true":
        raise Fault("takes no settings", expected="console: {}")
    return {}


_CONSOLE_SCHEMA = WithJsonSchema({"anyOf": [{"type": "object", "maxProperties": 0}, {"const": True}, {"type": "null"}]})


class ReceiverPart(Part):
    """Where messages go. Exactly one of email, webhook, apprise and console."""

    name: values.Name = Field(description="name that rules refer to; unique")
    email: EmailPart | None = Field(default=None, description="send mail")
    webhook: WebhookPart | None = Field(default=None, description="send a signed POST")
    apprise: values.SecretText | None = Field(
        default=None,
        description="chat service, by its address for apprise (tgram://, slack://, discord:// ...), better as ${NAME}; "
        "kept secret; needs the extra siaga[chat]",
    )
    console: Annotated[ConsolePart | None, BeforeValidator(_console), _CONSOLE_SCHEMA] = Field(
        default=None, description="print where the daemon runs: `console: {}`"
    )
    mode: Annotated[str, BeforeValidator(values.one_of(*MODES)), _choice(*MODES)] = Field(
        default=_default(Plan, "mode"), description="realtime: told at once; digest: told at the times of `digest_at`"
    )
    digest_at: Annotated[tuple[values.TimeOfDay, ...], _listing] = Field(
        default=(), description='digest only, needed there: times of day in the zone of this file, ["07:00", "15:00"]'
    )
    urgent_from: Annotated[str, BeforeValidator(values.one_of(*LEVELS)), _choice(*LEVELS)] = Field(
        default=_default(Plan, "urgent_from"),
        description="alerts of this level or above wait for no digest and no morning: rising (all), sharp (twice the "
        "count that is a spike), extreme (four times), never",
    )
    quiet_hours: values.QuietTimes | None = Field(
        default=_default(Plan, "quiet_hours"),
        description='realtime only: what is not urgent waits until these hours end, such as "22:00-06:00"',
    )
    group_wait: values.Wait = Field(
        default=_default(Plan, "group_wait"),
        description="how long a new alert waits for others to go with it in one message; 0s: those of one look at the "
        "counts, which is every minute",
    )
    group_by: Annotated[
        tuple[Annotated[str, BeforeValidator(values.one_of(*GROUP_BY)), _choice(*GROUP_BY)], ...], _listing
    ] = Field(
        default=_default(Plan, "group_by"),
        description="apart by rule, topic or level; left out: all that start together are one message",
    )


class OperatorPart(Part):
    """Who hears of failing sources and undeliverable alerts; never the readers of alerts."""

    receivers: Annotated[tuple[values.Name, ...], _listing] = Field(default=(), description="names of receivers")


class RetentionPart(Part):
    """How long things are kept."""

    items: values.Keep = Field(
        default=_default(settings.Retention, "items"), description="items and what hangs on them"
    )
    polls: values.Keep = Field(default=_default(settings.Retention, "polls"), description="records of requests")
    copies: values.Keep = Field(
        default=_default(settings.Retention, "copies"), description="copies of the pages of suspicious items"
    )


class LedgerPart(Part):
    """The ledger of issues, and the evidence it keeps."""

    desk: values.Name = Field(
        default=_default(settings.Ledger, "desk"), description="under whose name this desk gives verdicts"
    )
    copies: values.Flag = Field(
        default=_default(settings.Ledger, "copies"),
        description="keep a copy of the page behind each suspicious item, where robots.txt lets us",
    )
    copy_kb: values.Count = Field(
        default=_default(settings.Ledger, "copy_kb"), description="at most so many thousand bytes of a page"
    )


class WebPart(Part):
    """The page that `siaga run` serves."""

    listen: values.Listen = Field(
        default=_default(settings.Web, "listen"),
        description="address and port; one that other machines reach needs password or token",
    )
    base_url: values.BaseUrl | None = Field(
        default=_default(settings.Web, "base_url"),
        description="how people reach it, for links in messages; left out: http:// and `listen`",
    )
    password: values.Passphrase | None = Field(
        default=_default(settings.Web, "password"),
        description="opens the pages for reading, better as ${NAME}; persons have passwords of their own",
    )
    token: values.Passphrase | None = Field(
        default=_default(settings.Web, "token"),
        description="opens /metrics and the pages to programs (`Authorization: Bearer`), better as ${NAME}; left out: "
        "no /metrics",
    )
    trusted_proxy: values.MachineAddress | None = Field(
        default=_default(settings.Web, "trusted_proxy"),
        description="address of the proxy in front, such as 127.0.0.1: its X-Forwarded-For is believed, so that "
        "log-ins are slowed down by who tries; needs password or token; left out: that header is believed from nobody",
    )


class PartnerSendPart(Part):
    """What we found, sent to a partner."""

    url: values.SecretUrl = Field(description="where to; another Siaga's: https://HOST/api/partners/OUR_NAME/reports")
    secret: values.SigningKey = Field(description="signing key that the partner knows, better as ${NAME}")
    every: values.Interval = Field(
        default=_default(settings.PartnerSend, "every"), description="new and changed issues are sent so often"
    )
    share: Annotated[
        Literal["suspicious", "checked"],
        BeforeValidator(values.one_of("suspicious", "checked")),
        _choice("suspicious", "checked"),
    ] = Field(
        default=_default(settings.PartnerSend, "share"),
        description="suspicious: issues with a suspicious item or a fact-check; checked: those with a verdict or "
        "fact-check alone",
    )


class PartnerReceivePart(Part):
    """What a partner found, received by the page (`web:`)."""

    secrets: Annotated[Annotated[tuple[values.SigningKey, ...], Field(min_length=1, max_length=2)], _listing] = Field(
        description="one or two signing keys, better as ${NAME}: the new one and, while it changes, the old one"
    )
    per_minute: values.Count = Field(
        default=_default(settings.PartnerReceive, "per_minute"), description="more reports than this are put off"
    )


class PartnerPart(Part):
    """Somebody who tells us what they found, and whom we tell."""

    name: values.PartnerName = Field(description="stands in the address of our report desk; unique")
    topics: Annotated[tuple[values.TopicId, ...], _listing] | None = Field(
        default=None, description="issues of these topics are shared; left out: all"
    )
    send: PartnerSendPart | None = Field(default=None, description="tell them; left out: only `siaga partner export`")
    receive: PartnerReceivePart | None = Field(
        default=None, description="hear them; left out: only `siaga partner import`"
    )


class Document(Part):
    """The whole file."""

    version: Annotated[int, BeforeValidator(values.version), _choice(1)] = Field(
        default=1, description="of this format"
    )
    timezone: values.Zone = Field(
        default=ZoneInfo("Asia/Jakarta"), description="days are cut and times shown in this zone; stored in UTC"
    )
    language: Annotated[str, BeforeValidator(values.one_of("id", "en")), _choice("id", "en")] = Field(
        default=_default(settings.Settings, "language"), description="of alerts and pages"
    )
    database: values.DatabasePath = Field(
        default="siaga.db", description="SQLite file, beside this file or below; or a path that begins with /"
    )
    network: Annotated[Network, _block] = Field(default_factory=Network, description="manners on the network")
    defaults: Annotated[Defaults, _block] = Field(default_factory=Defaults, description="for all sources")
    sources: Annotated[tuple[SourcePart, ...], _listing] = Field(default=(), description="what is watched")
    topics: Annotated[tuple[TopicEntry, ...], _listing] | None = Field(
        default=None,
        description="what is looked for: ids of shipped topics, or one's own; left out: all shipped topics",
    )
    calendar: Annotated[tuple[EventEntry, ...], _listing] | None = Field(
        default=None,
        description="days known beforehand: ids of shipped events, or one's own; left out: all shipped (elections)",
    )
    rules: Annotated[tuple[RulePart, ...], _listing] = Field(default=(), description="when to speak")
    receivers: Annotated[tuple[ReceiverPart, ...], _listing] = Field(default=(), description="to whom")
    operator: Annotated[OperatorPart, _block] = Field(default_factory=OperatorPart, description="who hears of trouble")
    templates: values.FilePath | None = Field(
        default=None, description="folder with templates of your own; what is not in it is ours"
    )
    retention: Annotated[RetentionPart, _block] = Field(
        default_factory=RetentionPart, description="how long things are kept"
    )
    ledger: Annotated[LedgerPart, _block] = Field(
        default_factory=LedgerPart, description="the ledger of issues, and the evidence it keeps"
    )
    partners: Annotated[tuple[PartnerPart, ...], _listing] = Field(
        default=(), description="who reports to us, and whom we report to"
    )
    web: Annotated[WebPart | None, _block] = Field(
        default=None, description="the page; left out: none is served; `web: {}` serves it to this machine alone"
    )
