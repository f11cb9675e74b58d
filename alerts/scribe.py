"""From a notice to the words of a message: one language, one time zone, nothing that a stranger could bend.

    why in one sentence -> fourteen days -> leading issues -> what is new -> data quality -> what to do -> how it was
    decided -> the standing line

Words of strangers pass :func:`alerts.text.quoted`, ours and the configuration's :func:`alerts.text.told`.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from hashlib import blake2b
from typing import Protocol

from alerts import catalogue
from alerts.evidence import SUSPICIOUS_FROM, clickable
from alerts.level import level_of_notice, ratio_of
from alerts.text import clean_line, clean_paragraph, defang, host_of, quoted, told, web_address
from alerts.view import ActionsView, CheckView, DaysView, DayView, IssueView, MemberView, View
from collector import __version__
from collector.model.alert import AlertReason, CheckedBefore, Exhibit, LeadingIssue, Notice, NoticeType
from collector.model.bucket import Measure
from collector.model.judgement import Stance
from collector.model.level import Level
from collector.model.personal import mask_link, names_a_person
from collector.model.phrase import Language

MAX_ISSUES = 5
MAX_ADDRESS = 200
MAX_FAILING = 5
MAX_JOINED = 5
BAR_WIDTH = 20
REACTION_LASTS = "8h"  # of the silence that the message proposes
_LEADS = {
    Measure.SUSPICIOUS: "lead",
    Measure.DEBUNKS: "lead_debunks",
    Measure.MENTIONS: "lead_mentions",
    Measure.KNOWN_CLAIMS: "lead_known_claims",
    Measure.ISSUES: "lead_issues",
}


class Links(Protocol):
    """Makes links by which a reader reacts to an alert; :class:`alerts.links.ActionLinks`."""

    @property
    def base_url(self) -> str: ...

    def page(self, alert_id: int) -> str: ...

    def ack(self, alert_id: int, now: datetime) -> str: ...

    def silence(self, alert_id: int, now: datetime) -> str: ...


class Scribe:
    """``links`` where ``web.base_url`` is set; without them the message names the commands alone."""

    def __init__(self, language: Language, zone: tzinfo, links: Links | None = None) -> None:
        self.language = language
        self._zone = zone
        self._links = links

    def view(self, notice: Notice) -> View:
        finding = notice.measure is not None
        link = _followable(notice.link)
        return View(
            language=self.language,
            kind=kind_of(notice),
            state=self.state(notice),
            headline=told(notice.headline.in_language(self.language)),
            banner=self._say("lead_test") if notice.type is NoticeType.TEST else "",
            sentence=self.sentence(notice),
            link=link,
            link_host=clean_line(host_of(link), MAX_ADDRESS) if link else "",
            days=self.days(notice),
            lead=self._lead(notice),
            issues=tuple(self._issue(issue) for issue in leading(notice)),
            checks=tuple(self._check(exhibit) for exhibit in other_checks(notice)),
            since=tuple(self._since(notice)),
            quality=tuple(self._quality(notice)),
            actions=self.actions(notice),
            method=tuple(self._method(notice)),
            members=tuple(self._member(member) for member in notice.members),
            standing=self._say("standing") if finding or notice.members else "",
        )

    def state(self, notice: Notice) -> str:
        """The first word of the subject: ``NAIK TAJAM``."""
        if notice.digest:
            return self._say("digest")
        if notice.type is NoticeType.CORRECTION:
            return self._say("correction")
        if notice.reason is not None and notice.reason is not AlertReason.FIRST:
            return self._say(notice.reason.value)
        if notice.members and all(member.type is NoticeType.RESOLVED for member in notice.members):
            return self._say("resolved")
        if notice.reason is None and not notice.members:
            return self._say("system")
        return self._say((level_of_notice(notice) or Level.RISING).value)

    def sentence(self, notice: Notice) -> str:
        """Why this message was sent: topic, count, usual, ratio, window with zone, sources."""
        if notice.topic_name is None or notice.count is None or notice.window_start_at is None:
            return clean_paragraph(notice.why.in_language(self.language))
        assert notice.window_end_at is not None  # noqa: S101 - a window has both ends
        values = {
            "topic": self._topic(notice),
            "counted": self._counted(notice),
            "span": catalogue.span(notice.window_end_at - notice.window_start_at, self.language),
            "window": self._window(notice.window_start_at, notice.window_end_at, notice.at),
            "sources": catalogue.sources(notice.publishers or 0, self.language),
        }
        if notice.reason is AlertReason.RESOLVED:
            return self._say("why_resolved", beside=self._usual(notice), peak=self._peak(notice), **values)
        times = ratio_of(notice)
        if times is not None and notice.expected is not None:
            usual = catalogue.number(notice.expected, self.language)
            return self._say("why_usual", times=catalogue.number(times, self.language), expected=usual, **values)
        if notice.expected is not None:
            return self._say("why_none_usual", **values)
        return self._say("why_limit", limit=catalogue.number(notice.limit or 0, self.language), **values)

    def days(self, notice: Notice) -> DaysView | None:
        """The fourteen days in words, with the name of their picture."""
        counts = notice.daily_counts
        if not counts or notice.measure is None:
            return None
        last = notice.at.astimezone(self._zone).date()
        dates = [last - timedelta(days=age) for age in reversed(range(len(counts)))]
        title = self._say("daily_title", topic=self._topic(notice), measure=self._measure(notice.measure))
        caption = self._say("daily_caption", measure=self._measure(notice.measure))
        span = catalogue.days(dates[0], last, self.language)
        numbers = ["–" if count is None else catalogue.number(count, self.language) for count in counts]
        known = [count for count in counts if count is not None]
        gaps = "" if len(known) == len(counts) else self._say("daily_unwatched", mark=f"{catalogue.UNWATCHED} –")
        widest = max(len(number) for number in numbers)
        return DaysView(
            title=title,
            caption=caption[0].upper() + caption[1:],
            span="; ".join(filter(None, (self._say("daily_span", span=span), gaps))),
            alt=self._say(
                "daily_alt",
                title=title,
                span=span,
                zone=catalogue.zone_name(notice.at, self._zone),
                numbers=", ".join(numbers),
                today=numbers[-1],
                highest=catalogue.number(max(filter(None, counts[:-1]), default=0), self.language),
            )
            + (f" {self._say('daily_unwatched', mark='–')}." if gaps else ""),
            picture=picture_name(notice, self.language),
            sparkline=catalogue.bars(counts),
            numbers=" ".join(numbers),
            days=tuple(
                DayView(
                    day=f"{day.day:>2} {catalogue.short_month(day.month, self.language)}",
                    count=number.rjust(widest),
                    bar=catalogue.UNWATCHED if count is None else catalogue.bar(count, max(known), BAR_WIDTH),
                    today=day == last,
                )
                for day, number, count in zip(dates, numbers, counts, strict=True)
            ),
        )

    # ------------------------------------------------------------ parts

    def _say(self, key: str, **values: object) -> str:
        return catalogue.say(key, self.language, **values)

    def _topic(self, notice: Notice) -> str:
        return told(notice.topic_name.in_language(self.language)) if notice.topic_name else ""

    def _measure(self, measure: Measure) -> str:
        return catalogue.MEASURES[measure].in_language(self.language)

    def _counted(self, notice: Notice) -> str:
        measure = notice.measure or Measure.MENTIONS
        return catalogue.counted(notice.count or 0, catalogue.MEASURES[measure], self.language)

    def _usual(self, notice: Notice) -> str:
        if notice.expected is None:
            return ""
        return self._say("resolved_usual", expected=catalogue.number(notice.expected, self.language))

    def _peak(self, notice: Notice) -> str:
        return "" if not notice.peak else self._say("resolved_peak", peak=catalogue.number(notice.peak, self.language))

    def _window(self, start_at: datetime, end_at: datetime, at: datetime) -> str:
        """From when to when. Windows end with an hour; one that still runs is told up to the moment looked at."""
        if end_at <= at:
            return catalogue.period(start_at, end_at, self._zone, self.language)
        return self._say("window_running", window=catalogue.period(start_at, at, self._zone, self.language))

    def _lead(self, notice: Notice) -> str:
        """Above what is quoted: it is not confirmed by being quoted."""
        if notice.measure is None:
            return ""
        if notice.reason is AlertReason.RESOLVED:
            return self._say("lead_resolved")
        key = _LEADS[notice.measure]
        if key == "lead" and any(issue.checked or issue.lead.checked for issue in leading(notice)):
            return self._say("lead_some_checked")
        return self._say(key)

    def _issue(self, issue: LeadingIssue) -> IssueView:
        link, address = self._where_to(issue.lead)
        checked = issue.checked or issue.lead.checked
        verdict_link = _followable(checked.url) if checked is not None else ""
        return IssueView(
            label=self._label(issue.lead),
            text=quoted(issue.text) or "—",
            facts=self._issue_facts(issue),
            publisher=told(issue.lead.publisher, 80),
            reasons=tuple(told(reason.in_language(self.language), 300) for reason in issue.lead.reasons),
            verdict=self._verdict(checked),
            verdict_link=verdict_link,
            verdict_host=clean_line(host_of(verdict_link), MAX_ADDRESS) if verdict_link else "",
            link=link,
            address=address,
            new=issue.new,
        )

    def _issue_facts(self, issue: LeadingIssue) -> str:
        key = "issue_facts_checked" if issue.lead.stance is Stance.DEBUNK else "issue_facts"
        return self._say(
            key,
            seen=catalogue.moment(issue.first_seen_at, self._zone, self.language),
            sources=catalogue.sources(issue.publishers, self.language),
            items=catalogue.counted(issue.items, catalogue.ITEMS, self.language),
            suspicion=catalogue.decimal(issue.lead.suspicion, self.language),
        )

    def _label(self, exhibit: Exhibit) -> str:
        suspicious = exhibit.suspicion >= SUSPICIOUS_FROM and exhibit.stance is Stance.NEWS
        if exhibit.stance is Stance.SPREAD or suspicious:
            return self._say("suspected")
        return catalogue.STANCES[exhibit.stance].in_language(self.language)

    def _where_to(self, exhibit: Exhibit) -> tuple[str, str]:
        """The link to follow (empty where it must not be) and what to show for it."""
        url = web_address(exhibit.url)
        if url is None:
            return "", ""
        if names_a_person(url):
            return "", f"{clean_line(defang(mask_link(url)), MAX_ADDRESS)} ({self._say('private_link')})"
        if not clickable(exhibit):
            return "", f"{clean_line(defang(url), MAX_ADDRESS)} ({self._say('not_a_link')})"
        return url, clean_line(host_of(url), MAX_ADDRESS)

    def _verdict(self, checked: CheckedBefore | None) -> str:
        if checked is None:
            return ""
        found = catalogue.VERDICTS[checked.verdict].in_language(self.language) if checked.verdict else ""
        return self._say(
            "checked_before",
            publisher=told(checked.publisher, 80) or "—",
            verdict=found or self._say("no_verdict"),
            claim=quoted(checked.claim, 200),
        )

    def _check(self, exhibit: Exhibit) -> CheckView:
        link = _followable(exhibit.url)
        seen = catalogue.moment(exhibit.seen_at, self._zone, self.language)
        facts = [told(exhibit.publisher, 80), f"{self._say('seen')} {seen}"]
        if exhibit.verdict is not None:
            found = catalogue.VERDICTS[exhibit.verdict].in_language(self.language)
            facts.append(f"{self._say('verdict')}: {found}")
        return CheckView(
            title=quoted(exhibit.title) or "—",
            facts=" · ".join(facts),
            link=link,
            host=clean_line(host_of(link), MAX_ADDRESS) if link else "",
        )

    def _since(self, notice: Notice) -> Iterator[str]:
        since = notice.since
        if since is None:
            if notice.reason is AlertReason.FIRST:
                yield self._say("since_first")
            return
        at = catalogue.moment(since.at, self._zone, self.language)
        before, now = (catalogue.number(count, self.language) for count in (since.count, notice.count or 0))
        yield self._say("since_count", at=at, before=before, now=now)
        if not since.items:
            yield self._say("since_nothing")
            return
        items = catalogue.counted(since.items, catalogue.ITEMS, self.language)
        yield self._say(
            "since_items", items=items, issues=catalogue.counted(since.issues, catalogue.CLAIMS, self.language)
        )
        if since.publishers:
            names = self._names(since.publishers, MAX_JOINED)
            yield self._say("since_sources", names=names)

    def _names(self, names: tuple[str, ...], most: int) -> str:
        shown = [told(name, 60) for name in names[:most]]
        return catalogue.listed(shown, most, self.language, total=len(names))

    def _quality(self, notice: Notice) -> Iterator[str]:
        if notice.sources_total is not None:
            polled, total = (
                catalogue.number(n or 0, self.language) for n in (notice.sources_polled, notice.sources_total)
            )
            failing = (
                self._say("quality_failing", names=self._names(notice.failing, MAX_FAILING))
                if notice.failing
                else self._say("quality_none_failing")
            )
            yield f"{self._say('quality_line', polled=polled, total=total)}; {failing}."
        if notice.baseline_days is not None and notice.baseline_of is not None:
            key = "quality_no_baseline" if notice.expected is None else "quality_baseline"
            line = self._say(key, days=notice.baseline_days, of=notice.baseline_of)
            yield f"{line[0].upper()}{line[1:]}."

    @property
    def base_url(self) -> str:
        """Where Siaga's page is; empty where there is none."""
        return self._links.base_url if self._links is not None else ""

    def actions(self, notice: Notice) -> ActionsView | None:
        """None where there is nothing to react to."""
        if notice.alert_id is None or notice.reason is None or notice.reason is AlertReason.RESOLVED:
            return None
        comment = shlex.quote(self._say("comment_here"))
        about = f"--{notice.subject.kind} {shlex.quote(notice.subject.id)}" if notice.subject else "--rule"
        return ActionsView(
            page_link=self._links.page(notice.alert_id) if self._links else "",
            ack_link=self._links.ack(notice.alert_id, notice.at) if self._links else "",
            silence_link=self._links.silence(notice.alert_id, notice.at) if self._links else "",
            ack_command=f"siaga ack {notice.alert_id} --by {self._say('name_here')}",
            silence_command=f"siaga silence add {about} --for {REACTION_LASTS} --comment {comment}",
        )

    def _method(self, notice: Notice) -> Iterator[str]:
        if notice.measure is None or notice.rule is None:
            return
        why = clean_paragraph(notice.why.in_language(self.language))
        if why and why != self.sentence(notice):
            yield why
        method = told(notice.method or "—", 60)
        parts = [
            self._say("rule_line", rule=told(notice.rule, 80), method=method, version=notice.method_version or "—")
        ]
        if notice.sensitivity is not None:
            known = catalogue.SENSITIVITIES.get(notice.sensitivity)
            shown = known.in_language(self.language) if known else notice.sensitivity
            parts.append(self._say("sensitivity", sensitivity=shown))
        if notice.limit is not None:
            parts.append(self._say("limit_line", limit=catalogue.number(notice.limit, self.language)))
        parts.append(self._say("siaga_line", version=__version__))
        yield "; ".join(parts) + "."
        if notice.alert_id is not None and notice.opened_at is not None:
            at = catalogue.moment(notice.opened_at, self._zone, self.language)
            line = self._say("opened", id=notice.alert_id, at=at)
            yield f"{line[0].upper()}{line[1:]}."

    def _member(self, notice: Notice) -> MemberView:
        issues = leading(notice)
        return MemberView(
            state=self.state(notice),
            topic=self._topic(notice) or told(notice.headline.in_language(self.language)),
            sentence=self.sentence(notice),
            sparkline=catalogue.bars(notice.daily_counts),
            issue=self._issue(issues[0]) if issues else None,
            actions=self.actions(notice),
        )


def leading(notice: Notice) -> tuple[LeadingIssue, ...]:
    """The issues; of a message from before there were any, its items, each for itself."""
    if notice.issues:
        return notice.issues[:MAX_ISSUES]
    own = notice.measure is Measure.DEBUNKS
    items = [exhibit for exhibit in notice.exhibits if own or exhibit.stance is not Stance.DEBUNK]
    return tuple(
        LeadingIssue(
            issue_id=None,
            text=exhibit.title,
            first_seen_at=exhibit.seen_at,
            items=1,
            publishers=1,
            lead=exhibit,
            checked=exhibit.checked,
        )
        for exhibit in items[:MAX_ISSUES]
    )


def other_checks(notice: Notice) -> tuple[Exhibit, ...]:
    """Recent fact-checks of the topic that no issue shows already."""
    shown = {issue.checked.url for issue in leading(notice) if issue.checked is not None}
    if notice.measure is Measure.DEBUNKS:
        return ()
    checks = (exhibit for exhibit in notice.exhibits if exhibit.stance is Stance.DEBUNK)
    return tuple(exhibit for exhibit in checks if exhibit.url is None or exhibit.url not in shown)


def picture_name(notice: Notice, language: Language) -> str:
    """The Content-ID of the picture: the same for the same picture, whoever makes it."""
    told = repr((notice.alert_id, notice.at, notice.topic_name, notice.daily_counts, language))
    return f"days-{blake2b(told.encode('utf-8', 'replace'), digest_size=8).hexdigest()}@siaga"


def kind_of(notice: Notice) -> str:
    if notice.digest:
        return "digest"
    if notice.members:
        return "group"
    if notice.type is NoticeType.CORRECTION:
        return "correction"
    if notice.measure is None:
        return "operator"
    return "resolved" if notice.reason is AlertReason.RESOLVED else "alert"


def _followable(url: str | None) -> str:
    """A fact-check's address, or the desk's own, where it is one."""
    safe = web_address(url)
    return safe if safe is not None and not names_a_person(safe) else ""
