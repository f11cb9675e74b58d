"""``init``, ``check``, ``add``, ``import-opml`` and ``export-opml`` as they are typed."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from collector.cli import siaga
from collector.config.load import load
from collector.model.errors import ConfigError

FEED = b"""<rss version="2.0"><channel><title>Kabar {Desa}</title><link>http://x.test/</link>
<item><title>Satu</title><link>http://x.test/1</link></item></channel></rss>"""
PAGE = b'<html><head><link rel="alternate" type="application/rss+xml" href="/berita/rss"></head><body>x</body></html>'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("SIAGA_CONFIG", "SIAGA_DB"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(siaga, arguments)


def test_init_writes_a_file_that_check_accepts(here: Path) -> None:
    assert run("init").exit_code == 0
    result = run("check")
    assert result.exit_code == 0
    assert "no problems" in result.output


def test_init_points_editors_at_the_installed_schema(here: Path) -> None:
    run("init")
    first = (here / "sources.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=file:///")


def test_init_leaves_a_file_that_is_there_alone_unless_forced(here: Path) -> None:
    (here / "sources.yaml").write_text("mine")
    assert run("init").exit_code == 1
    assert (here / "sources.yaml").read_text() == "mine"
    assert run("init", "--force").exit_code == 0
    assert load(here / "sources.yaml", environ={}).sources


def test_check_tells_json_what_the_file_says(here: Path) -> None:
    run("init")
    told = json.loads(run("check", "--json").stdout)
    assert told["ok"] is True
    assert told["problems"] == []
    assert told["sources"]["enabled"] == 42
    assert "alerts go to the console only" in " ".join(told["warnings"])


def test_check_tells_json_every_problem(here: Path) -> None:
    (here / "sources.yaml").write_text("souces: []\nlanguage: no\n")
    result = run("check", "--json")
    first, second = json.loads(result.stdout)["problems"]
    assert result.exit_code == 2
    assert (first["line"], first["column"], first["key"], first["nearest"]) == (1, 1, "souces", "sources")
    assert second["expected"] == "id | en"


def test_check_without_a_file_points_to_init(here: Path) -> None:
    result = run("check")
    assert result.exit_code == 2
    assert "siaga init" in result.output


def test_headline_sources_without_the_extra_are_told_what_to_install(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "sources.yaml").write_text('sources:\n  - {name: Kabar, url: "https://kabar.example/rss", article: true}\n')
    monkeypatch.setattr("collector.config.advice.find_spec", lambda name: None)
    result = run("check")
    assert result.exit_code == 0
    assert 'article: true for "Kabar": trafilatura is not installed' in result.output
    assert 'pip install "siaga[article]"' in result.output


def test_odd_but_valid_settings_are_warned_about(here: Path) -> None:
    (here / "sources.yaml").write_text(
        """
sources:
  - {name: A, url: "http://127.0.0.1:1/"}
  - {name: B, url: "https://b.test/", every: 1d, expect_every: 1h}
  - {name: C, url: "https://b.test/"}
rules: [{name: r, receivers: [], times: 2}, {name: s, count: debunks, suspicion_at_least: 0.5, window: 40d}]
receivers:
  - name: m
    email: {to: [a@b.test], from: a@b.test, smarthost: "b.test:25", tls: none, username: u, password_file: no}
  - {name: w, webhook: {url: "https://b.test/"}}
retention: {items: 30d}
"""
    )
    warnings = json.loads(run("check", "--json").stdout)["warnings"]
    for part in (
        "contact is not set",
        '"A" has a private address',
        "always seem quiet",
        "2 enabled sources",
        '"r" has no receiver',
        "rules[0].times is not used",
        "rules[1].suspicion_at_least is not used",
        "unencrypted",
        "cannot be read now",
        "without a secret",
        "operator.receivers is empty",
        "retention is shorter",
    ):
        assert any(part in warning for warning in warnings), part


@pytest.fixture
def site() -> Iterator[Callable[[dict[str, bytes]], str]]:
    """A site on loopback that serves the given paths; gives its address."""
    servers: list[ThreadingHTTPServer] = []

    def serve(pages: dict[str, bytes]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = pages.get(self.path)
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html" if body == PAGE else "application/rss+xml")
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def write_file(folder: Path, address: str) -> Path:
    file = folder / "sources.yaml"
    allowed = address.removeprefix("http://")
    file.write_text(f'network: {{allow_private: ["{allowed}"], host_gap: 0s}}  # mine\nsources:\n  # none yet\n')
    return file


def test_add_takes_a_feed_and_keeps_comments_and_mode(here: Path, site: Callable[[dict[str, bytes]], str]) -> None:
    address = site({"/f": FEED})
    file = write_file(here, address)
    file.chmod(0o600)
    result = run("add", f"{address}/f", "--role", "factcheck", "--every", "30m")
    assert result.exit_code == 0, result.output
    (source,) = load(file, environ={}).sources
    assert (source.id, source.url, source.role.value) == ("Kabar Desa", f"{address}/f", "factcheck")
    assert "# mine" in file.read_text()
    assert "# none yet" in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_add_follows_a_page_to_its_feed(here: Path, site: Callable[[dict[str, bytes]], str]) -> None:
    address = site({"/": PAGE, "/berita/rss": FEED})
    file = write_file(here, address)
    assert run("add", address + "/", "--name", "Desa").exit_code == 0
    assert [(s.id, s.url) for s in load(file, environ={}).sources] == [("Desa", f"{address}/berita/rss")]


def test_add_tries_the_usual_places(here: Path, site: Callable[[dict[str, bytes]], str]) -> None:
    address = site({"/": b"<html><body>no link</body></html>", "/rss.xml": FEED})
    file = write_file(here, address)
    assert run("add", address + "/").exit_code == 0
    assert load(file, environ={}).sources[0].url == f"{address}/rss.xml"


def test_add_says_when_there_is_no_feed_and_changes_nothing(
    here: Path, site: Callable[[dict[str, bytes]], str]
) -> None:
    address = site({"/": b"<html><body>no link</body></html>"})
    file = write_file(here, address)
    before = file.read_bytes()
    for url in (address + "/", address + "/gone"):
        result = run("add", url)
        assert result.exit_code == 1
        assert "Traceback" not in result.output
    assert file.read_bytes() == before


def test_a_dry_run_shows_the_lines_and_changes_nothing(here: Path) -> None:
    file = write_file(here, "http://127.0.0.1:1")
    before = file.read_bytes()
    result = run("add", "@kanal_resmi", "--dry-run")
    assert result.exit_code == 0
    assert "kind: telegram" in result.output
    assert file.read_bytes() == before


def test_an_address_that_is_there_already_is_not_added_again(here: Path) -> None:
    write_file(here, "http://127.0.0.1:1")
    assert run("add", "example.org/feed", "--no-fetch").exit_code == 0
    again = run("add", "https://example.org/feed", "--no-fetch")
    assert again.exit_code == 1
    assert "there already" in again.output


def test_an_addition_that_would_break_the_file_is_refused(here: Path) -> None:
    file = write_file(here, "http://127.0.0.1:1")
    before = file.read_bytes()
    result = run("add", "file:///etc/passwd", "--no-fetch")
    assert isinstance(result.exception, ConfigError)
    assert file.read_bytes() == before


def test_feeds_go_out_as_opml_and_come_in_again(here: Path) -> None:
    run("init")
    assert run("export-opml", "feeds.opml").exit_code == 0
    (here / "sources.yaml").write_text("sources: []\n")
    result = run("import-opml", "feeds.opml", "--role", "news")
    assert result.exit_code == 0
    assert "40 added" in result.output
    assert len(load(here / "sources.yaml", environ={}).sources) == 40
    assert "0 added, 40 there already" in run("import-opml", "feeds.opml").output


def test_an_opml_bomb_is_refused(here: Path) -> None:
    run("init")
    (here / "bomb.opml").write_text('<!DOCTYPE o [<!ENTITY a "aaa">]><opml><outline xmlUrl="&a;"/></opml>')
    result = run("import-opml", "bomb.opml")
    assert result.exit_code == 2
    assert "bomb.opml: defines entities" in result.output
