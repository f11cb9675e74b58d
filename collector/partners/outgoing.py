"""What goes out: new and changed issues, each as one signed message through the outbox.

    issues ──> findings ──> another than last told? ──> delivery + telling, in one transaction

News waits for the partner's next exchange (``every``). What sets something right that they were told goes at once:
another verdict than they heard, and a merge of the number that they know.

Whether a partner has heard something already stands in the ledger, so a restart tells nobody twice.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from alerts.announcement import pending
from alerts.channels.base import Message
from collector.config.settings import Partner, PartnerSend
from collector.ledger.correction import Letter
from collector.model.alert import Delivery
from collector.model.clock import rfc3339
from collector.model.judgement import Verdict
from collector.model.ledger import Telling
from collector.model.partner import ReportKind
from collector.partners.findings import Finding, finding, findings
from collector.partners.wire import data_of, fingerprint
from collector.store.base import Storage

CHANNEL = "partner"
LOOKED_BACK = timedelta(days=30)  # what was last seen before that is told no more by itself
MOST_AT_ONCE = 200  # messages of one round to one partner
MOST_TOLD = 10_000  # read at once; ten years of three a day
MOST_REPORTS = 1000  # of a partner, looked at for answers that are owed
_SENT_AT = "partner_sent_at:"
_KEYS = UUID("5b1de8a1-6d0c-5a43-9f0e-3a4b8a1f7c02")  # namespace of message ids


class Exchange:
    """Sends to every partner that has ``send:``. ``receiver_of`` names their channels."""

    def __init__(self, store: Storage, partners: Sequence[Partner]) -> None:
        self._store = store
        self._partners = partners

    def tick(self, now: datetime) -> int:
        """Queue what is due; returns how many messages."""
        owed = self._store.ledger.owed(CHANNEL)
        return sum(
            self._tell(partner, partner.send, owed, now) for partner in self._partners if partner.send is not None
        )

    def _tell(self, partner: Partner, send: PartnerSend, owed: Sequence[Telling], now: datetime) -> int:
        wrong = self._to_set_right(partner.name, owed)
        if self._is_due(partner, send, now):
            return self._send(partner, send, wrong, now)
        if not wrong:
            return 0
        with self._store.transaction(durable=True):
            told = Told(self._store, partner.name)
            return self._queue(
                [*self._answers(partner, told, now, wrong), *self._corrections(partner, told, now, wrong)]
            )

    def _is_due(self, partner: Partner, send: PartnerSend, now: datetime) -> bool:
        last = self._store.meta(_SENT_AT + partner.name)
        return last is None or now - datetime.fromisoformat(last) >= send.every

    def _send(self, partner: Partner, send: PartnerSend, wrong: Collection[int], now: datetime) -> int:
        with self._store.transaction(durable=True):
            told = Told(self._store, partner.name, at_once=True)
            letters = [*self._answers(partner, told, now), *self._corrections(partner, told, now, wrong)]
            letters += self._news(partner, send, told, now, but=wrong)
            queued = self._queue(letters)
            if queued < MOST_AT_ONCE:  # the rest follows at the next tick
                self._store.set_meta(_SENT_AT + partner.name, now.isoformat())
        return queued

    def _queue(self, letters: Sequence[Letter]) -> int:
        now = letters[:MOST_AT_ONCE]
        self._store.outbox.add([letter.delivery for letter in now])
        self._store.ledger.tell([letter.telling for letter in now])
        return len(now)

    def _to_set_right(self, partner: str, owed: Sequence[Telling]) -> frozenset[int]:
        """Issues of which they heard another verdict, or under another number, than is right now."""
        verdicts = (one.issue_id for one in owed if one.recipient == partner)
        return frozenset((*verdicts, *self._store.ledger.renumbered(CHANNEL, partner)))

    def _corrections(self, partner: Partner, told: Told, now: datetime, issues: Collection[int]) -> Iterator[Letter]:
        """Whatever else they want to hear of: they heard of these."""
        for number in sorted(issues):
            found = finding(self._store, self._store.ledger.get(number), partner.name)
            if found is not None and told.last(number) is not None:
                yield from self._letters(told, found, now)

    def _news(
        self, partner: Partner, send: PartnerSend, told: Told, now: datetime, but: Collection[int]
    ) -> Iterator[Letter]:
        for found in findings(
            self._store, partner.name, since=now - LOOKED_BACK, topics=partner.topics, share=send.share
        ):
            if found.number not in but:
                yield from self._letters(told, found, now)

    def _letters(self, told: Told, found: Finding, now: datetime) -> Iterator[Letter]:
        whole = told.numbered(found)
        if told.is_news(whole):
            note = told.telling(whole, now, reference="")
            yield _letter(note, data_of(whole, correction=note.correction), now)

    def _answers(
        self, partner: Partner, told: Told, now: datetime, issues: Collection[int] | None = None
    ) -> Iterator[Letter]:
        """What our desk found of the partner's own reports (None: of all): a verdict, none of their words."""
        for report in self._store.partners.list(partner.name, MOST_REPORTS):
            if report.issue_id is None or not report.reference:
                continue
            if issues is not None and report.issue_id not in issues:
                continue
            issue = self._store.ledger.get(report.issue_id)
            if issue.verdict is None:
                continue
            about = f"{ReportKind.CHECKED.value} {report.reference} {issue.verdict.value}"
            if any(one.about == about for one in told.all(issue.id)):
                continue
            note = Telling(
                id=0,
                issue_id=issue.id,
                recipient=partner.name,
                channel=CHANNEL,
                at=now,
                about=about,
                verdict=issue.verdict,
            )
            data = {
                "id": report.reference,
                "report": report.id,
                "verdict": issue.verdict.value,
                "note": issue.verdict_note,
                "verdict_link": issue.verdict_link,
            }
            yield _letter(note, data, now)


class Told:
    """What a partner was told of our issues, as the ledger has it. ``at_once``: with one question for all issues, as it
    stands when this is made; where more than ``MOST_TOLD`` things were told, by issue all the same."""

    def __init__(self, store: Storage, partner: str, *, at_once: bool = False) -> None:
        self._store = store
        self._partner = partner
        self._told = _by_issue(store.ledger.told_to(CHANNEL, partner, MOST_TOLD)) if at_once else None

    def all(self, issue_id: int) -> Sequence[Telling]:
        if self._told is not None:
            return self._told.get(issue_id, ())
        told = self._store.ledger.told(issue_id)
        return [one for one in told if (one.channel, one.recipient) == (CHANNEL, self._partner)]

    def last(self, issue_id: int) -> Telling | None:
        """Of a finding; answers to their own reports are no findings."""
        told = [one for one in self.all(issue_id) if not one.about.startswith(ReportKind.CHECKED)]
        return told[-1] if told else None

    def numbered(self, found: Finding) -> Finding:
        """With the numbers under which they heard of it before it became one with others."""
        heard = {one.told_as for one in self.all(found.number) if not one.about.startswith(ReportKind.CHECKED)}
        return replace(found, replaces=tuple(sorted(number for number in heard if number not in (None, found.number))))

    def verdict(self, issue_id: int) -> Verdict | None:
        """The last that they were told of our desk, also of an issue that is part of this one now."""
        told = [one.verdict for one in self.all(issue_id) if not one.about.startswith(ReportKind.CHECKED)]
        return next((verdict for verdict in reversed(told) if verdict is not None), None)

    def is_news(self, found: Finding) -> bool:
        """Whether they were never told of it, or something else than it is now."""
        last = self.last(found.number)
        return last is None or not last.about.endswith(fingerprint(found))

    def telling(self, found: Finding, now: datetime, *, reference: str) -> Telling:
        """The note that they are told it now."""
        last, heard = self.last(found.number), self.verdict(found.number)
        kind = ReportKind.CREATED if last is None else ReportKind.UPDATED
        return Telling(
            id=0,
            issue_id=found.number,
            recipient=self._partner,
            channel=CHANNEL,
            at=now,
            about=f"{kind.value} {fingerprint(found)}",
            verdict=found.verdict,
            correction=(heard is not None and heard is not found.verdict) or _renumbered(last, found),
            reference=reference,
        )


def _by_issue(told: Sequence[Telling]) -> Mapping[int, Sequence[Telling]] | None:
    """None where there may be more."""
    if len(told) >= MOST_TOLD:
        return None
    found: dict[int, list[Telling]] = {}
    for one in sorted(told, key=lambda one: (one.at, one.id)):
        found.setdefault(one.issue_id, []).append(one)
    return found


def _renumbered(last: Telling | None, found: Finding) -> bool:
    """Whether a merge came after what they heard last."""
    return last is not None and last.told_as is not None and bool(found.replaces)


def _letter(note: Telling, data: Mapping[str, object], now: datetime) -> Letter:
    key = str(uuid5(_KEYS, "\n".join((note.recipient, str(note.issue_id), note.about, now.isoformat()))))
    kind = note.about.partition(" ")[0]
    content = {"type": kind, "at": rfc3339(now), "issue": note.issue_id, "data": data}
    body = json.dumps(content, ensure_ascii=True)
    delivery = pending(receiver_of(note.recipient), body, reason=CHANNEL, key=key, at=now)
    return Letter(delivery=delivery, telling=replace(note, reference=key))


def receiver_of(partner: str) -> str:
    """The name of a partner's channel; no receiver of ``sources.yaml`` has one like it."""
    return f"(partner) {partner}"


class Post:
    """How the outbox handles letters: they are made already, and what is answered to them goes into the ledger."""

    def __init__(self, store: Storage) -> None:
        self._store = store

    def message(self, delivery: Delivery) -> Message:
        """As the webhook channel takes it. Raises ValueError or KeyError for a letter that is damaged."""
        content = json.loads(delivery.notice)
        return Message(
            type=content["type"],
            at=datetime.fromisoformat(content["at"]),
            subject="",
            text="",
            html="",
            data=content["data"],
        )

    def heard(self, delivery: Delivery, answer: str, now: datetime) -> None:
        issue = self._store.ledger.get(json.loads(delivery.notice)["issue"])
        for telling in self._store.ledger.told(issue.merged_into or issue.id):
            if telling.reference == delivery.dedup_key and telling.id:
                self._store.ledger.answered(telling.id, answer, now)
