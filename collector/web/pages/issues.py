"""Issues: searched, filtered, and several of them merged into one."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from alerts import catalogue
from collector.model.judgement import Verdict
from collector.model.ledger import IssueState, LedgerIssue
from collector.store.ledger import IssueFilter
from collector.web import acts, words
from collector.web.asking import editors_only, number_of, the_desk, the_visitor

page = Blueprint("issues", __name__)
A_PAGE, PAGES_AT_MOST = 30, 50
MERGED_AT_MOST = 20
STATES = tuple(state for state in IssueState if state is not IssueState.MERGED)


@page.get("/issues")
def show() -> str:
    desk, language = the_desk(), the_visitor().language
    number = max(1, min(PAGES_AT_MOST, request.args.get("page", 1, type=int)))
    given = request.args
    topic = desk.settings.topic(given.get("topic", ""))
    wanted = IssueFilter(
        search=given.get("q", "").strip()[:200] or None,
        topic_id=topic.id if topic else None,
        state=next((state for state in STATES if state.value == given.get("state")), None),
        verdict=next((verdict for verdict in Verdict if verdict.value == given.get("verdict")), None),
        claimed=given.get("all") != "1",
        limit=A_PAGE + 1,
        offset=A_PAGE * (number - 1),
    )
    found = desk.store.ledger.list(wanted)
    return render_template(
        "issues.html",
        title=words.say("issues", language),
        wanted=wanted,
        issues=found[:A_PAGE],
        topics=[(one.id, one.name.in_language(language)) for one in desk.settings.topics],
        states=[(one, words.say(f"state_of_{one.value}", language)) for one in STATES],
        verdicts=[(one, catalogue.VERDICTS[one].in_language(language)) for one in Verdict],
        verdict_words=catalogue.VERDICTS,
        earlier=_page_address(number - 1) if number > 1 else None,
        later=_page_address(number + 1) if len(found) > A_PAGE and number < PAGES_AT_MOST else None,
    )


def _page_address(number: int) -> str:
    kept = [(key, value) for key, value in request.args.items() if key not in ("page", "lang")]
    return f"{url_for('issues.show')}?{urlencode([*kept, ('page', str(number))])}"


@page.get("/issues/merge")
def ask_to_merge() -> str | Response:
    """Which of the chosen ones stays. Changes nothing."""
    found = _chosen(request.args.getlist("id"))
    if len(found) < 2:
        return redirect(url_for("issues.show"), 303)
    return render_template(
        "merge.html", title=words.say("merge", the_visitor().language), issues=found, kept=min(found, key=_age).id
    )


@page.post("/issues/merge")
@editors_only
def merge() -> Response:
    found = _chosen(request.form.getlist("id"))
    into = number_of(request.form.get("into", ""))
    if len(found) < 2 or into not in {issue.id for issue in found}:
        abort(400)
    others = [issue.id for issue in found if issue.id != into]
    acts.merge(the_desk(), others, into, by=the_visitor().name or "", why=request.form.get("why", "").strip()[:500])
    return redirect(url_for("issue.show", number=into), 303)


def _age(issue: LedgerIssue) -> tuple[object, int]:
    return issue.opened_at, issue.id


def _chosen(given: list[str]) -> list[LedgerIssue]:
    ledger = the_desk().store.ledger
    numbers = dict.fromkeys(number_of(one) for one in given[:MERGED_AT_MOST])
    found = [ledger.get(number) for number in numbers]
    return [issue for issue in found if issue.merged_into is None]
