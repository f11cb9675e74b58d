"""From a notice to a message: subject, plain text, HTML and data, in one language and one time zone.

Everything that was collected is cleaned here before a template sees it, and escaped by the HTML template. Addresses
become links only where they are http(s) and lead to nothing suspicious; others are shown so that no mail program makes
them clickable (``hxxps://contoh[.]id``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from alerts import catalogue
from alerts.channels.base import Message
from alerts.payload import clickable, payload
from alerts.text import clean_header, clean_line, clean_paragraph, defang, defang_all, host_of, web_address
from collector.model.alert import AlertReason, CheckedBefore, Delivery, Exhibit, Notice, NoticeType
from collector.model.bucket import Measure
from collector.model.judgement import Stance
from collector.model.phrase import Language, Phrase

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

TEMPLATES = Path(__file__).parent / "templates"
MAX_ADDRESS = 200
MAX_FAILING = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitView:
    """An item as the templates show it. ``link`` is None where the address must not be clicked; ``address`` is then
    defanged. ``label`` marks a quoted claim as suspected in its first word. ``verdict`` says what was found when the
    claim was checked before, ``verdict_link`` where."""

    label: str
    title: str
    facts: str
    reasons: tuple[str, ...]
    link: str | None
    address: str
    checked: bool
    verdict: str = ""
    verdict_link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the templates are given: finished words only."""

    language: Language
    state: str
    headline: str
    lead: str
    why: str
    facts: tuple[tuple[str, str], ...]
    exhibits: tuple[ExhibitView, ...]
    bars: str
    numbers: str
    quality: str
    rule: str
    standing: str


class Renderer:
    """``language`` and ``zone`` as in sources.yaml. Templates are loaded when first needed."""

    def __init__(self, language: Language, zone: tzinfo) -> None:
        self._language = language
        self._zone = zone

    def render(self, notice: Notice) -> Message:
        view = self._view(notice)
        return Message(
            type=notice.type.value,
            at=notice.at,
            subject=clean_header(f"{_mark(notice, self._language)} {view.state}: {view.headline}"),
            text=self._fill("message.txt", view),
            html=self._fill("message.html", view),
            data=payload(notice, self._language),
            thread=thread_of(notice),
        )

    @cached_property
    def _environment(self) -> SandboxedEnvironment:
        from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
        from jinja2.sandbox import SandboxedEnvironment

        return SandboxedEnvironment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def _fill(self, template: str, view: View) -> str:
        language = self._language
        return self._environment.get_template(template).render(view=view, say=lambda key: catalogue.say(key, language))

    def _view(self, notice: Notice) -> View:
        language = self._language
        return View(
            language=language,
            state=catalogue.say(_state(notice), language),
            headline=defang_all(clean_line(notice.headline.in_language(language))),
            lead=_lead(notice, language),
            why=defang_all(clean_paragraph(notice.why.in_language(language))),
            facts=tuple(self._facts(notice)),
            exhibits=tuple(self._exhibit(exhibit) for exhibit in notice.exhibits),
            bars=catalogue.bars(notice.daily_counts) if notice.daily_counts else "",
            numbers=" ".join(catalogue.number(count, language) for count in notice.daily_counts),
            quality=_quality(notice, language),
            rule=_rule(notice, language),
            standing=_standing(notice, language),
        )

    def _facts(self, notice: Notice) -> list[tuple[str, str]]:
        language = self._language
        facts: list[tuple[str, str]] = []
        if notice.window_start_at is not None and notice.window_end_at is not None:
            window = catalogue.period(notice.window_start_at, notice.window_end_at, self._zone, language)
            facts.append((catalogue.say("window", language), window))
        if notice.expected is not None:
            facts.append((catalogue.say("usual", language), catalogue.number(notice.expected, language)))
        if notice.limit is not None:
            facts.append((catalogue.say("limit", language), catalogue.number(notice.limit, language)))
        if notice.publishers:
            facts.append((catalogue.say("sources", language), catalogue.number(notice.publishers, language)))
        if notice.opened_at is not None:
            facts.append((catalogue.say("opened", language), catalogue.moment(notice.opened_at, self._zone, language)))
        return facts

    def _exhibit(self, exhibit: Exhibit) -> ExhibitView:
        language = self._language
        url = web_address(exhibit.url)
        link = url if url is not None and clickable(exhibit) else None
        return ExhibitView(
            label=_label(exhibit, language),
            title=defang_all(clean_line(exhibit.title)) or "—",
            facts=self._exhibit_facts(exhibit),
            reasons=tuple(defang_all(clean_line(reason.in_language(language), 300)) for reason in exhibit.reasons),
            link=link,
            address=_address(url, link, language),
            checked=exhibit.stance is Stance.DEBUNK,
            verdict=_verdict(exhibit.checked, language),
            verdict_link=web_address(exhibit.checked.url) if exhibit.checked is not None else None,
        )

    def _exhibit_facts(self, exhibit: Exhibit) -> str:
        language = self._language
        seen = catalogue.moment(exhibit.seen_at, self._zone, language)
        facts = [defang_all(clean_line(exhibit.publisher, 80)), f"{catalogue.say('seen', language)} {seen}"]
        if exhibit.stance is not Stance.DEBUNK:
            score = f"{exhibit.suspicion:.2f}"
            shown = score.replace(".", ",") if language == "id" else score
            facts.append(f"{catalogue.say('suspicion', language)} {shown}")
        if exhibit.verdict is not None:
            verdict = catalogue.VERDICTS[exhibit.verdict].in_language(language)
            facts.append(f"{catalogue.say('verdict', language)}: {verdict}")
        return " · ".join(facts)


def thread_of(notice: Notice) -> str | None:
    """The messages of one alert share it; another database's alert of the same number has another."""
    if notice.alert_id is None or notice.opened_at is None:
        return None
    return f"siaga-alert-{notice.alert_id}-{notice.opened_at:%Y%m%dT%H%M%S}"


def fallback(notice: Notice, language: Language = "id") -> Message:
    """A message without templates, for when rendering itself fails: an alert must not be lost to a broken layout."""
    headline = clean_line(notice.headline.in_language(language))
    why = clean_paragraph(notice.why.in_language(language))
    return Message(
        type=notice.type.value,
        at=notice.at,
        subject=clean_header(f"{_mark(notice, language)} {headline}"),
        text=f"{headline}\n\n{why}\n\n{catalogue.say('standing', language)}\n",
        html="",
        data=payload(notice, language),
        thread=thread_of(notice),
    )


def unreadable(delivery: Delivery) -> Message:
    """For a notice that cannot be read back (a damaged database): the receiver learns at least that there was one."""
    phrase = Phrase(
        id=f"Isi pesan {delivery.id} tidak dapat dibaca; lihat: siaga alerts",
        en=f"The content of message {delivery.id} cannot be read; see: siaga alerts",
    )
    return fallback(Notice(type=NoticeType.DEGRADED, at=delivery.created_at, headline=phrase, why=phrase))


def _mark(notice: Notice, language: Language) -> str:
    return f"{catalogue.say('test', language)} [Siaga]" if notice.type is NoticeType.TEST else "[Siaga]"


def _state(notice: Notice) -> str:
    return "system" if notice.reason is None else notice.reason.value


def _lead(notice: Notice, language: Language) -> str:
    """The first words of the message: what is quoted below is not confirmed by being quoted."""
    if notice.type is NoticeType.TEST:
        return catalogue.say("lead_test", language)
    if notice.measure is None:
        return ""
    if notice.reason is AlertReason.RESOLVED:
        return catalogue.say("lead_resolved", language)
    keys = {
        Measure.SUSPICIOUS: "lead",
        Measure.DEBUNKS: "lead_debunks",
        Measure.MENTIONS: "lead_mentions",
        Measure.KNOWN_CLAIMS: "lead_known_claims",
        Measure.ISSUES: "lead_issues",
    }
    return catalogue.say(keys[notice.measure], language)


def _verdict(checked: CheckedBefore | None, language: Language) -> str:
    if checked is None:
        return ""
    found = catalogue.VERDICTS[checked.verdict].in_language(language) if checked.verdict else ""
    return catalogue.say(
        "checked_before",
        language,
        publisher=defang_all(clean_line(checked.publisher, 80)) or "—",
        verdict=found or catalogue.say("no_verdict", language),
        claim=defang_all(clean_line(checked.claim, 200)),
    )


def _label(exhibit: Exhibit, language: Language) -> str:
    if exhibit.stance is Stance.SPREAD or (exhibit.stance is Stance.NEWS and not clickable(exhibit)):
        return catalogue.say("suspected", language)
    return catalogue.STANCES[exhibit.stance].in_language(language)


def _address(url: str | None, link: str | None, language: Language) -> str:
    if url is None:
        return ""
    if link is not None:
        return clean_line(host_of(link), MAX_ADDRESS)
    return f"{clean_line(defang(url), MAX_ADDRESS)} ({catalogue.say('not_a_link', language)})"


def _quality(notice: Notice, language: Language) -> str:
    if notice.sources_total is None:
        return ""
    line = catalogue.say("quality_line", language, polled=notice.sources_polled, total=notice.sources_total)
    if not notice.failing:
        return line
    names = [clean_line(name, 60) for name in notice.failing[:MAX_FAILING]]
    more = len(notice.failing) - len(names)
    if more > 0:
        names.append(catalogue.say("and_more", language, n=more))
    return f"{line} {catalogue.say('quality_failing', language, names=', '.join(names))}"


def _standing(notice: Notice, language: Language) -> str:
    """Under everything that shows a score; operator messages show none."""
    return "" if notice.measure is None else catalogue.say("standing", language)


def _rule(notice: Notice, language: Language) -> str:
    if notice.rule is None:
        return ""
    return catalogue.say(
        "rule_line", language, rule=notice.rule, method=notice.method or "—", version=notice.method_version or ""
    )
