"""Partners: who they are, what they were told and answered, what they reported and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template

from alerts import catalogue
from collector.config.settings import Partner
from collector.model.errors import NotFound
from collector.model.ledger import LedgerIssue, Telling
from collector.model.partner import PartnerReport
from collector.partners.outgoing import CHANNEL
from collector.web import words
from collector.web.asking import the_desk, the_visitor
from collector.web.desk import Desk

page = Blueprint("partners", __name__)
SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came from a partner; ``issue`` is None for an answer, and where the item is gone or not grouped yet."""

    report: PartnerReport
    issue: LedgerIssue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One partner. ``told`` and ``reports`` are the newest first; ``last_at`` is when they last reported."""

    name: str
    partner: Partner
    told: tuple[tuple[Telling, LedgerIssue | None], ...]
    reports: tuple[Report, ...]
    last_at: datetime | None


@page.get("/partners")
def show() -> str:
    desk, language = the_desk(), the_visitor().language
    return render_template(
        "partners.html",
        title=words.say("partners", language),
        lines=list(_lines(desk)),
        verdict_words=catalogue.VERDICTS,
    )


def _lines(desk: Desk) -> Iterator[Line]:
    for partner in desk.settings.partners:
        told = desk.store.ledger.told_to(CHANNEL, partner.name, SHOWN)
        reports = desk.store.partners.list(partner.name, SHOWN)
        yield Line(
            name=partner.name,
            partner=partner,
            told=tuple((one, _issue(desk, one.issue_id)) for one in told),
            reports=tuple(Report(report=one, issue=_issue(desk, one.issue_id)) for one in reports),
            last_at=reports[0].received_at if reports else None,
        )


def _issue(desk: Desk, issue_id: int | None) -> LedgerIssue | None:
    if issue_id is None:
        return None
    try:
        return desk.store.ledger.get(issue_id)
    except NotFound:
        return None
