"""The HTML of a message through the parser that browsers use: nothing runs, nothing is loaded, nothing is followed."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import html5lib
import pytest
from hostile import SUBJECTS, URLS
from notices import RUMOUR, notice

from alerts.render import Renderer
from collector.model.alert import CheckedBefore, LeadingIssue
from collector.model.judgement import Verdict
from collector.model.phrase import Phrase

RENDERER = Renderer("id", ZoneInfo("Asia/Jakarta"))
NO_PART_OF_OURS = {"script", "iframe", "object", "embed", "form", "link", "base", "svg", "video", "audio", "template"}
MARKUP = (
    "<script>alert(1)</script>",
    "</title><script>x</script>",
    "</style><img src=//evil.test onerror=x>",
    '"><svg onload=x>',
    "{{ 7*7 }}<!--",
    "]]><b>",
)


@pytest.mark.parametrize("words", [*SUBJECTS, *URLS, *MARKUP])
def test_hostile_words_change_nothing_of_the_page(words: str) -> None:
    phrase = Phrase(id=words, en=words)
    lead = replace(RUMOUR, title=words, publisher=words, url=words, reasons=(phrase, phrase), phishing=False)
    checked = CheckedBefore(claim=words, verdict=Verdict.FALSE, publisher=words, url=words)
    issue = LeadingIssue(
        issue_id=1, text=words, first_seen_at=lead.seen_at, items=1, publishers=1, lead=lead, checked=checked
    )
    shown = notice(headline=phrase, why=phrase, topic_name=phrase, failing=(words,), issues=(issue,), rule=words)
    page = html5lib.parse(RENDERER.render(shown).html, namespaceHTMLElements=False)
    for element in page.iter():
        assert element.tag not in NO_PART_OF_OURS
        assert not [name for name in element.attrib if str(name).startswith("on")]
        assert element.get("src", "cid:").startswith("cid:")
        assert element.get("href", "https://").startswith(("https://", "http://"))
        assert "url(" not in element.get("style", "")
