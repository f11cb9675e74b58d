"""3,023 test feeds of feedparser and the W3C validator, and 67 traps, through the kind ``feed``."""

from __future__ import annotations

import csv
import json
import resource
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from traps import Trap, traps

from collector.model.errors import ParseError
from collector.model.item import Entry
from collector.model.source import Fetched, Source
from collector.sources import tolerant, wellformed
from collector.sources.charset import text_of
from collector.sources.feed import FeedKind
from collector.sources.identity import sort_out
from collector.sources.prolog import root_of
from collector.sources.rough import Reading, entry_of
from collector.store.base import Known

pytestmark = pytest.mark.shared

SOURCE = Source(id="uji", kind="feed", url="http://127.0.0.1/feed")
NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)

# Where we find another number of entries than feedparser: why, and in how many of the files.
REASONS = {
    "entries without title, text, link or guid are counted and left out": 548,
    "feedparser 6 reads no JSON Feed; upstream expects its entries": 1,
}
# Where we read nothing and feedparser neither: what we say.
REFUSED = {"not a feed": 255, "a web page, not a feed": 14}


@dataclass(frozen=True)
class Specimen:
    name: str
    body: bytes
    headers: dict[str, str]
    expected: int


@pytest.fixture(scope="module")
def specimens(shared: Path) -> list[Specimen]:
    folder = shared / "data" / "hostile"
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return [
            Specimen(
                name=row["file"],
                body=(folder / row["file"]).read_bytes(),
                headers=json.loads(row["served_headers"]),
                expected=int(row["fp_entries"]),
            )
            for row in csv.DictReader(file)
        ]


def fetched(body: bytes, headers: dict[str, str]) -> Fetched:
    url = "http://127.0.0.1/feed"
    return Fetched(
        url=url, final_url=url, status=200, body=body, headers=headers, fetched_at=NOW, duration=timedelta(0)
    )


def test_every_specimen_has_the_reference_count_or_a_listed_reason(specimens: list[Specimen]) -> None:
    reasons: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    unexplained = []
    for specimen in specimens:
        try:
            parsed = FeedKind().parse(SOURCE, fetched(specimen.body, specimen.headers))
        except ParseError as error:
            refused[str(error).partition(":")[0]] += 1
            if specimen.expected:
                unexplained.append((specimen.name, str(error), specimen.expected))
            continue
        found = len(parsed.entries)
        if found == specimen.expected:
            continue
        if found + parsed.wordless == specimen.expected:
            reasons["entries without title, text, link or guid are counted and left out"] += 1
        elif specimen.name == "feedparser/json/example.json":
            reasons["feedparser 6 reads no JSON Feed; upstream expects its entries"] += 1
        else:
            unexplained.append((specimen.name, str(found), specimen.expected))
    assert len(specimens) == 3_023
    assert unexplained == []
    assert reasons == REASONS
    assert refused == REFUSED


def test_upstream_s_own_expectation_of_a_json_feed_is_met(specimens: list[Specimen]) -> None:
    (specimen,) = [one for one in specimens if one.name == "feedparser/json/example.json"]
    entries = FeedKind().parse(SOURCE, fetched(specimen.body, specimen.headers)).entries
    assert [entry.url for entry in entries] == ["https://example.org/second-item", "https://example.org/initial-post"]


# Entries that say one thing twice: we take the first, feedparser the last. And dates that feedparser rolls over.
TWICE = ("multiple", "dup", "same-rel", "valid_dc_all2")
ELSEWHERE = ("base64", "published_", "updated", "link-type-parameters", "summary_contains_html", "dcterms")


def test_the_quick_reader_and_feedparser_read_the_same_entries(specimens: list[Specimen]) -> None:
    both, different = 0, []
    reading = Reading(base="http://127.0.0.1/feed", now=NOW)
    for specimen in specimens:
        try:
            xml = root_of(text_of(specimen.body, specimen.headers["content-type"]).lstrip(), "rss|feed", "a feed")
        except ParseError:
            continue
        quick = wellformed.read(xml.encode())
        if quick is None:
            continue
        both += 1
        ours = [entry_of(rough, reading) for rough in quick.entries]
        theirs = [entry_of(rough, reading) for rough in tolerant.read(xml).entries]
        if ours != theirs and not any(word in specimen.name for word in TWICE + ELSEWHERE):
            different.append(specimen.name)
    assert both > 1_500
    assert different == []


# ---------------------------------------------------------------- traps


def items_of(trap: Trap) -> tuple[Entry, ...]:
    """What a first poll would store."""
    try:
        parsed = FeedKind().parse(SOURCE, fetched(trap.body, {"content-type": trap.content_type}))
    except ParseError:
        return ()
    return tuple(entry for _, entry in sort_out(parsed.entries, Known()).new)


def test_the_small_traps_stay_within_their_oracle(shared: Path) -> None:
    caught = list(traps(shared))
    assert len(caught) == 67
    for trap in caught:
        items = items_of(trap)
        assert trap.least <= len(items) <= trap.most, trap.name
        if trap.least:
            assert any(item.title.startswith("SENTINEL") for item in items), trap.name
        words = [field for item in items for field in (item.title, item.text, item.url, item.guid, item.author)]
        assert not [word for word in trap.forbidden if any(word in (field or "") for field in words)], trap.name


def test_honest_entries_beside_an_attack_are_kept(shared: Path) -> None:
    """Stricter than the oracle, which lets a reader give up on these."""
    giving_up_allowed = (
        "xml-b",
        "xml-q",
        "xml-xxe",
        "xml-ext",
        "xml-par",
        "xml-rec",
        "xml-nul",
        "xml-con",
        "enc-",
        "json-s",
    )
    for trap in traps(shared):
        if trap.name.startswith(giving_up_allowed) and trap.most > 1:
            assert any(item.title.startswith("SENTINEL") for item in items_of(trap)), trap.name


# ---------------------------------------------------------------- made on the spot


HEAD = b'<rss version="2.0"><channel><title>x</title>'
NESTED = b"".join(b'<!ENTITY l%d "%s">' % (i, b"&l%d;" % (i - 1) * 10) for i in range(1, 12))
BOMBS = {
    "nested entities": b'<!DOCTYPE rss [<!ENTITY l0 "lol">'
    + NESTED
    + b"]>"
    + HEAD
    + b"<item><title>&l11;</title></item>",
    "one long entity": b'<!DOCTYPE rss [<!ENTITY a "'
    + b"A" * 50_000
    + b'">]>'
    + HEAD
    + b"<item><title>"
    + b"&a;" * 4_000,
    "attributes": HEAD + b"&x;<item><title " + b"".join(b'a%d="1" ' % i for i in range(40_000)) + b">x</title></item>",
    "attributes behind <": HEAD + b"&x;<item><title " + b"".join(b"<a%d=1 " % i for i in range(40_000)) + b">x</title>",
    "nested elements": HEAD + b"<item><title>dalam</title>" + b"<a>" * 200_000,
    "nested html": HEAD + b"<item><title>x</title><description>" + b"&lt;div&gt;" * 50_000,
    "nested bases": HEAD + b'&x;<x xml:base="a/">' * 20_000,
    "comments without end": HEAD + b"&x;" + b"<!--" * 50_000,
    "declarations without end": b"<?xml " * 200_000,
    "a doctype without end": b"<!DOCTYPE rss [" + b"<!--" * 200_000,
    "ampersands": HEAD + b"<item><title>" + b"&" * 600_000,
    "nested lists": b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 100_000,
    "a long number": b'{"version":"https://jsonfeed.org/version/1","items":[{"id":' + b"9" * 100_000 + b"}]}",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_little_time_and_memory(name: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    with suppress(ParseError):
        FeedKind().parse(SOURCE, fetched(BOMBS[name], {"content-type": "application/rss+xml"}))
    assert time.process_time() - started < 3.0  # feedparser's import included; most take a tenth of it
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # kB
