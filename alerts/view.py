"""What the templates are given: finished words only, in one language and one time zone.

Everything that was collected is cleaned and masked before it gets here (:mod:`alerts.text`); the HTML templates escape
it. docs/reference/templates.md lists every field, a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass

from collector.model.phrase import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """One of the fourteen days: ``12 Nov``, ``34``, ``████``."""

    day: str
    count: str
    bar: str
    today: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysView:
    """The last fourteen days. ``picture`` is the Content-ID of the PNG (``cid:`` goes before it), ``caption`` the words
    within it, ``alt`` says in words what it shows, ``span`` from when to when."""

    title: str
    caption: str
    span: str
    alt: str
    picture: str
    sparkline: str
    numbers: str
    days: tuple[DayView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueView:
    """A claim. ``label`` marks it as suspected (or as a fact-check, news, satire). ``link`` is empty where its address
    must not be clicked; ``address`` is then defanged, else the host. ``verdict`` says what a fact-check found,
    ``verdict_link`` where, ``verdict_host`` on whose site. ``new``: not seen before the last message."""

    label: str
    text: str
    facts: str
    publisher: str
    reasons: tuple[str, ...]
    verdict: str
    verdict_link: str
    verdict_host: str
    link: str
    address: str
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """A recent fact-check of the topic."""

    title: str
    facts: str
    link: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionsView:
    """How to look closer and to react. The links are empty unless there is a page (``web:``)."""

    page_link: str
    ack_link: str
    silence_link: str
    ack_command: str
    silence_command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """One of several alerts told together; ``topic`` is what it is about."""

    state: str
    topic: str
    sentence: str
    sparkline: str
    issue: IssueView | None
    actions: ActionsView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A whole message. What does not apply is empty (``""``, ``()`` or ``None``). ``link`` is the check that the
    desk names, in corrections; it may be followed, and ``link_host`` says where it leads."""

    language: Language
    kind: str  # alert, resolved, operator, correction, group or digest
    state: str
    headline: str
    banner: str
    sentence: str
    link: str
    link_host: str
    days: DaysView | None
    lead: str
    issues: tuple[IssueView, ...]
    checks: tuple[CheckView, ...]
    since: tuple[str, ...]
    quality: tuple[str, ...]
    actions: ActionsView | None
    method: tuple[str, ...]
    members: tuple[MemberView, ...]
    standing: str
