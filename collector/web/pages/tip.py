"""A claim that somebody passed on, pasted here: was it checked before?"""

from __future__ import annotations

from flask import Blueprint, render_template, request

from alerts.text import clean_line, web_address
from collector.ledger.tip import Tip, TipAnswer, TipUnreadable
from collector.model.errors import NotFound
from collector.web import acts, words
from collector.web.asking import editors_only, the_desk, the_visitor
from collector.web.exhibits import lines_of

page = Blueprint("tip", __name__)


@page.get("/tip")
def show() -> str:
    return _page()


@page.post("/tip")
@editors_only
def take() -> str | tuple[str, int]:
    form = request.form
    text, link, sender = (form.get(name, "").strip() for name in ("text", "link", "sender"))
    if link and web_address(link) is None:
        return _page(fault="no_link"), 400
    try:
        tip = Tip.of(text or link, link=link or None, sender=sender[:200] or the_visitor().name)
        answer = acts.take_tip(the_desk(), tip, by=the_visitor().name or "")
    except ValueError:  # nothing given, or far too much
        return _page(fault="tip_empty"), 400
    except TipUnreadable:
        return _page(fault="tip_unreadable"), 422
    except NotFound:
        return _page(fault="tip_removed"), 410
    return _page(answer=answer)


def _page(*, fault: str | None = None, answer: TipAnswer | None = None) -> str:
    desk, language = the_desk(), the_visitor().language
    return render_template(
        "tip.html",
        title=words.say("tip", language),
        fault=fault,
        answer=answer,
        sentence=clean_line(answer.sentence.in_language(language), 2000) if answer else "",
        line=lines_of(desk, [answer.item], language)[0] if answer else None,
        given={name: "" if answer else request.form.get(name, "") for name in ("text", "link", "sender")},
    )
