"""What every source kind promises. A new kind joins by one line in ``KINDS``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.model.errors import ParseError
from collector.model.source import Fetched, Source
from collector.registry import SOURCE_KINDS, implementation
from collector.sources.base import Parsed, SourceKind
from collector.sources.rough import MAX_GUID, MAX_TEXT, MAX_TITLE

GOLDEN = Path(__file__).parent.parent / "golden" / "sources"
NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Sample:
    """A kind's name, a document it reads, and the options its source needs."""

    kind: str
    document: str
    url: str
    options: Mapping[str, str] = field(default_factory=dict)


KINDS = [
    Sample("feed", "rss20.xml", "https://kabarnusa.example/feed"),
    Sample("page", "page.html", "https://komisi.example/berita", {"item": ".card", "title": "h5", "link": "a"}),
    Sample("sitemap", "sitemap_news.xml", "https://kabarnusa.example/sitemap-news.xml"),
    Sample("telegram", "telegram.html", "https://t.me/s/kanalcontoh"),
]


@pytest.fixture(params=KINDS, ids=lambda sample: sample.kind)
def sample(request: pytest.FixtureRequest) -> Sample:
    found: Sample = request.param
    return found


@pytest.fixture
def kind(sample: Sample) -> SourceKind:
    factory = implementation(SOURCE_KINDS, "siaga.sources", sample.kind)
    made: SourceKind = factory()  # type: ignore[operator]
    return made


def source(sample: Sample) -> Source:
    return Source(id="contoh", kind=sample.kind, url=sample.url, options=sample.options)


def fetched(sample: Sample, body: bytes) -> Fetched:
    return Fetched(
        url=sample.url,
        final_url=sample.url,
        status=200,
        body=body,
        headers={"content-type": "text/html; charset=utf-8"},
        fetched_at=NOW,
        duration=timedelta(0),
    )


def read(kind: SourceKind, sample: Sample) -> Parsed:
    return kind.parse(source(sample), fetched(sample, (GOLDEN / sample.document).read_bytes()))


def test_every_registered_kind_is_held_to_the_contract() -> None:
    assert {sample.kind for sample in KINDS} == set(SOURCE_KINDS)


def test_it_goes_by_its_registered_name(kind: SourceKind, sample: Sample) -> None:
    assert kind.name == sample.kind


def test_it_names_an_address_and_what_it_accepts(kind: SourceKind, sample: Sample) -> None:
    assert kind.address(source(sample)).startswith("https://")
    assert "/" in kind.accept()


def test_pages_ask_robots_txt_and_what_is_made_for_machines_does_not(kind: SourceKind) -> None:
    assert kind.needs_robots is (kind.name in ("page", "telegram"))


def test_every_entry_has_a_title_on_one_line_and_a_web_address(kind: SourceKind, sample: Sample) -> None:
    entries = read(kind, sample).entries
    assert entries
    for entry in entries:
        assert entry.title.isprintable()
        assert entry.title.strip() == entry.title != ""
        assert entry.url is not None
        assert entry.url.startswith("https://")
        assert not set("<>") & set(entry.title + entry.text)


def test_dates_are_utc_and_kept_as_written_too(kind: SourceKind, sample: Sample) -> None:
    dated = [entry for entry in read(kind, sample).entries if entry.published_text]
    for entry in dated:
        assert entry.published_at is not None
        assert entry.published_at.utcoffset() == timedelta(0)
    assert dated or sample.kind == "page"  # its sample names no date selector


def test_the_same_body_gives_the_same_entries(kind: SourceKind, sample: Sample) -> None:
    assert read(kind, sample) == read(kind, sample)


@pytest.mark.parametrize(
    "nothing", [b"", b" \n", b"\xef\xbb\xbf", b"Terjadi kesalahan saat mengambil data", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_of_no_kind_is_refused_with_a_reason(kind: SourceKind, sample: Sample, nothing: bytes) -> None:
    with pytest.raises(ParseError, match=r"\w+ \w+"):
        kind.parse(source(sample), fetched(sample, nothing))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_document_is_read_or_refused(kind: SourceKind, sample: Sample, data: st.DataObject) -> None:
    body = (GOLDEN / sample.document).read_bytes()
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 200)))
    damaged = body[:start] + data.draw(st.binary(max_size=20)) + body[end:]
    try:
        parsed = kind.parse(source(sample), fetched(sample, damaged))
    except ParseError:
        return
    for entry in parsed.entries:
        assert len(entry.title) <= MAX_TITLE
        assert len(entry.text) <= MAX_TEXT
        assert len(entry.guid or "") <= MAX_GUID
        f"{entry.title}{entry.text}{entry.url}{entry.guid}".encode()  # no lone surrogates
