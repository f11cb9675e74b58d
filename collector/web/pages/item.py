"""One item: its words with what was found marked, where it was seen, how it was worded before."""

from __future__ import annotations

from flask import Blueprint, render_template

from alerts import catalogue
from alerts.text import clean_line
from collector.model.errors import NotFound
from collector.model.issue import Issue
from collector.model.judgement import START
from collector.model.phrase import Language
from collector.store.base import JudgedItem
from collector.web import marks
from collector.web.asking import number_of, the_desk, the_visitor
from collector.web.desk import Desk
from collector.web.exhibits import lines_of

page = Blueprint("item", __name__)


@page.get("/item/<number>")
def show(number: str) -> str:
    desk, language = the_desk(), the_visitor().language
    found = desk.store.items.get(number_of(number))
    (line,) = lines_of(desk, [found], language)
    item, judgement = found.item, found.judgement
    return render_template(
        "item.html",
        title=clean_line(item.title, 120) or "—",
        line=line,
        item=item,
        judgement=judgement,
        headline=_marked(desk, found, "title", item.title, language),
        text=_marked(desk, found, "text", item.excerpt, language),
        signals=[(signal, clean_line(signal.reason.in_language(language), 400)) for signal in judgement.signals],
        start=START,
        topics=[(mention, desk.topic_name(mention.topic_id, language)) for mention in found.mentions],
        issue=_issue(desk, item.issue_id),
        claims=desk.store.claims.of_items([item.id]).get(item.id, ()),
        verdicts={verdict: phrase.in_language(language) for verdict, phrase in catalogue.VERDICTS.items()},
        sightings=desk.store.items.sightings(item.id),
        revisions=desk.store.items.revisions(item.id),
        reports=desk.store.partners.of_item(item.id),
        article=desk.store.articles.of(item.id),
    )


def _marked(desk: Desk, found: JudgedItem, field: str, text: str, language: Language) -> object:
    placed = [
        mark
        for mention in found.mentions
        for mark in marks.topic_marks(mention.spans, field, desk.topic_name(mention.topic_id, language))
    ]
    for signal in found.judgement.findings:
        placed += marks.reason_marks(text, signal.words, clean_line(signal.reason.in_language(language), 200))
    return marks.marked(text, placed)


def _issue(desk: Desk, issue_id: int | None) -> Issue | None:
    if issue_id is None:
        return None
    try:
        return desk.store.issues.get(issue_id)
    except NotFound:
        return None
