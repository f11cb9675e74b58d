"""``siaga test-source`` and ``siaga sources`` against a real server on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from loopback import LoopbackServer

from collector.cli import siaga

GOLDEN = Path(__file__).parent.parent / "golden" / "sources"
FEED = """<rss version="2.0"><channel><title>Kabar</title>
<item><title>VIRALKAN!!! SURAT SUARA PEMILU SUDAH DICOBLOS</title><link>https://kabar.example/1</link>
<pubDate>Wed, 25 Nov 2026 09:00:00 +0700</pubDate></item>
<item><title>Harga cabai turun</title><link>https://kabar.example/2</link></item>
<item/></channel></rss>"""


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as running:
        running.answer("/feed", body=FEED.encode(), headers={"Content-Type": "application/rss+xml"})
        running.answer("/", body=b'<html><link rel="alternate" type="application/rss+xml" href="/feed"></html>')
        running.answer("/s/kanalcontoh", body=(GOLDEN / "telegram.html").read_bytes())
        yield running


@pytest.fixture
def config(server: LoopbackServer, tmp_path: Path) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_text(
        f"""version: 1
network: {{host_gap: 0s, allow_private: ["{server.host_port}"]}}
sources:
  - {{name: Kabar, url: "{server.base}/feed", role: social}}
  - {{name: Rusak, url: "{server.base}/hilang"}}
  - {{name: Mati, url: "{server.base}/mati", enabled: false}}
  - {{name: Kanal, kind: telegram, url: "{server.base}/s/kanalcontoh"}}
topics: [pemilu_umum]
""",
        encoding="utf-8",
    )
    return path


def run(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(siaga, ["--config", str(config), *arguments])


def test_a_configured_source_is_shown_with_items_matches_and_scores(config: Path) -> None:
    result = run(config, "test-source", "Kabar")
    assert result.exit_code == 0, result.output
    assert "2 items, 1 on a topic" in result.output
    assert "1 without a date that could be read, 1 without words left out" in result.output
    assert "2026-11-25 09:00  VIRALKAN!!! SURAT SUARA PEMILU SUDAH DICOBLOS" in result.output
    assert "pemilu_umum: " in result.output


def test_as_json_it_is_one_object(config: Path) -> None:
    told = json.loads(run(config, "test-source", "Kabar", "--json").stdout)
    assert told["status"] == 200
    assert told["wordless"] == 1
    first, second = told["items"]
    assert list(first["topics"]) == ["pemilu_umum"]
    assert first["suspicion"] >= 0.5 > second["suspicion"]
    assert first["publisher"] == "Kabar"  # a social source speaks for itself


def test_nothing_is_stored(config: Path) -> None:
    run(config, "test-source", "Kabar")
    assert not list(config.parent.glob("*.db*"))


def test_a_telegram_channel_can_be_tried(config: Path) -> None:
    assert "Jadwal kampanye diumumkan" in run(config, "test-source", "Kanal").output


def test_an_address_that_is_not_configured_is_taken_for_a_feed(config: Path, server: LoopbackServer) -> None:
    found = run(config, "test-source", f"{server.base}/feed?seksi=politik")
    assert found.exit_code == 0
    assert ": feed, news" in found.output
    lost = run(config, "test-source", f"{server.base}/hilang")
    assert lost.exit_code == 1
    assert "nothing read: " in lost.output
    assert "404" in lost.output


def test_the_members_of_a_sitemap_index_are_read_and_broken_ones_left_out(config: Path, server: LoopbackServer) -> None:
    members = "".join(f"<sitemap><loc>{server.base}/{name}</loc></sitemap>" for name in ("news.xml", "feed", "hilang"))
    server.answer("/sitemap.xml", body=f"<sitemapindex>{members}</sitemapindex>".encode())
    server.answer("/news.xml", body=(GOLDEN / "sitemap_news.xml").read_bytes())
    result = run(config, "test-source", f"{server.base}/sitemap.xml")
    assert result.exit_code == 0
    assert "2 items" in result.output
    assert "from 3 sitemaps" in result.output


def test_a_web_page_leads_to_its_feeds(config: Path, server: LoopbackServer) -> None:
    result = run(config, "test-source", f"{server.base}/")
    assert result.exit_code == 1
    assert "nothing read: a web page, not a feed" in result.output
    assert f"    {server.base}/feed" in result.output


def test_a_name_that_is_nearly_right_is_corrected(config: Path) -> None:
    result = run(config, "test-source", "kabbar")
    assert result.exit_code == 2
    assert "did you mean 'Kabar'?" in result.output


def test_sources_are_listed_before_and_after_their_first_poll(config: Path) -> None:
    before = run(config, "sources")
    assert before.exit_code == 0
    assert [line.split()[:4] for line in before.output.splitlines()[1:]] == [
        ["Kabar", "feed", "social", "never"],
        ["Rusak", "feed", "news", "never"],
        ["Mati", "feed", "news", "-"],
        ["Kanal", "telegram", "news", "never"],
    ]
    assert run(config, "once", "--no-send").exit_code == 4
    after = run(config, "sources").output.splitlines()
    assert "ago" in after[1]
    assert "404" in after[2]
    assert after[3].split()[3:] == ["-", "-", "off", "-"]


def test_sources_as_json_are_one_object_a_line(config: Path) -> None:
    run(config, "once", "--no-send")
    rows = [json.loads(line) for line in run(config, "sources", "--json").stdout.splitlines()]
    assert [row["name"] for row in rows] == ["Kabar", "Rusak", "Mati", "Kanal"]
    # Of the feed's two items one has no date: it is as new as its first sighting.
    assert timedelta(0) <= datetime.now(UTC) - datetime.fromisoformat(rows[0]["newest_item_at"]) < timedelta(hours=1)
    assert rows[1]["failures"] == 1
