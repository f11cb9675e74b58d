"""An item as lists show it: its words, its strongest reasons, the checked claim that it repeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alerts import catalogue
from alerts.evidence import clickable, exhibit_of
from alerts.text import clean_line, defang, host_of, web_address
from collector.model.alert import Exhibit
from collector.model.judgement import Stance
from collector.model.phrase import Language
from collector.store.base import JudgedItem
from collector.web.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """``stance`` and ``reasons`` are finished words; ``address`` is what is shown of the link, which is only a link
    (``link``) where it leads to nothing suspicious."""

    item: JudgedItem
    exhibit: Exhibit
    stance: str
    suspicious: bool
    reasons: tuple[str, ...]
    link: str | None
    address: str


def lines_of(desk: Desk, items: Sequence[JudgedItem], language: Language) -> list[ItemLine]:
    claims = desk.store.claims.of_items([item.item.id for item in items])
    return [line_of(item, exhibit_of(item, claims.get(item.item.id, ())), language) for item in items]


def line_of(item: JudgedItem, exhibit: Exhibit, language: Language) -> ItemLine:
    url = web_address(item.item.url)
    link = url if url is not None and clickable(exhibit) else None
    return ItemLine(
        item=item,
        exhibit=exhibit,
        stance=catalogue.STANCES[item.judgement.stance].in_language(language),
        suspicious=item.judgement.suspicion >= 0.5 and item.judgement.stance in (Stance.SPREAD, Stance.NEWS),
        reasons=tuple(clean_line(reason.in_language(language), 300) for reason in exhibit.reasons),
        link=link,
        address="" if url is None else host_of(url) if link else clean_line(defang(url), 200),
    )
