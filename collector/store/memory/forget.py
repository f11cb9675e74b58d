"""One item forgotten everywhere, in memory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from collector.model.item import Item
from collector.store.ledger import CLAIMS_REMOVED, FORGOTTEN, desk_claim_key
from collector.store.memory.tables import Tables
from collector.store.redact import Removed, redacted_notice, unquoted


def remove(t: Tables, item: Item, identity: str) -> None:
    del t.ids[item.identity]
    t.ids[identity] = item.id
    t.items[item.id] = replace(item, identity=identity, url=None, title=FORGOTTEN, excerpt="", content_hash="")
    wordings = {item.title, *(revision.title for revision in t.revisions if revision.item_id == item.id)}
    t.revisions = [revision for revision in t.revisions if revision.item_id != item.id]
    t.wishes.pop(item.id, None)
    t.copies.pop(item.id, None)
    t.sightings = {key: replace(one, guid=None) if one.item_id == item.id else one for key, one in t.sightings.items()}
    t.mentions[item.id] = tuple(replace(mention, spans=()) for mention in t.mentions[item.id])
    t.judgements[item.id] = replace(t.judgements[item.id], signals=())
    if item.id in t.item_claims:
        t.item_claims[item.id] = replace(t.item_claims[item.id], differences=())
    for claim in [claim for claim in t.claims.values() if item.url is not None and claim.url == item.url]:
        t.item_claims = {number: link for number, link in t.item_claims.items() if link.claim.id != claim.id}
        t.issue_claims = {number: key for number, key in t.issue_claims.items() if key != claim.key}
        del t.claims[claim.id]
        t.meta[CLAIMS_REMOVED] = str(claim.id)
    if item.issue_id is not None:
        _retitle(t, item.issue_id, wordings)
    _redact(t, item, Removed(item_id=item.id, wordings={*wordings, item.excerpt}, url=item.url))


def _retitle(t: Tables, issue_id: int, wordings: Collection[str]) -> None:
    if t.issue_titles[issue_id] in wordings:
        others = sorted((o.id, o.title) for o in t.items.values() if o.issue_id == issue_id and o.content_hash)
        t.issue_titles[issue_id] = others[0][1] if others else FORGOTTEN
        for claim in [claim for claim in t.claims.values() if claim.key == desk_claim_key(issue_id)]:
            t.claims[claim.id] = replace(claim, text=t.issue_titles[issue_id], title=t.issue_titles[issue_id])
    t.issue_events = [
        replace(e, old=_without(e.old, wordings), new=_without(e.new, wordings)) if e.issue_id == issue_id else e
        for e in t.issue_events
    ]
    t.tellings = [
        replace(one, about=_without(one.about, wordings)) if one.issue_id == issue_id else one for one in t.tellings
    ]


def _without(text: str, wordings: Collection[str]) -> str:
    for words in filter(None, wordings):
        text = text.replace(words, FORGOTTEN)
    return text


def _redact(t: Tables, item: Item, removed: Removed) -> None:
    shown = {alert for alert, item_id in t.evidence if item_id == item.id}
    about = {a.id for a in t.alerts.values() if a.subject.kind == "issue" and a.subject.id == str(item.issue_id)}
    noted = {one.reference for one in t.tellings if one.issue_id == item.issue_id and one.reference}
    for number in about:
        alert = t.alerts[number]
        t.alerts[number] = replace(alert, title=unquoted(alert.title), summary=unquoted(alert.summary))
    t.events = [replace(e, text=unquoted(e.text)) if e.alert_id in about else e for e in t.events]
    held = [one for one in t.withheld.values() if one.alert_id in shown | about]
    carried = {one.delivery_id for one in held}
    for one in held:
        quotations = one.alert_id in about
        t.withheld[one.id] = replace(one, notice=redacted_notice(one.notice, removed, quotations=quotations))
    for number, delivery in list(t.deliveries.items()):
        if delivery.alert_id in shown | about or delivery.dedup_key in noted or number in carried:
            quotations = delivery.alert_id in about or delivery.dedup_key in noted
            notice = redacted_notice(delivery.notice, removed, quotations=quotations)
            t.deliveries[number] = replace(delivery, notice=notice)
