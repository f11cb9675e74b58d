"""Adding a source changes nothing else in the file; lists of feeds come and go."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from collector.config.edit import free_name, replace_file, spelled, with_sources
from collector.config.load import load_text, secret_sources
from collector.config.opml import OpmlError, Outline, read_opml, write_opml

ROOT = Path(__file__).resolve().parents[2]
NEW = {"name": "Baru: 1", "url": "https://example.org/feed?a=1&b=$x", "every": "30m"}

A = "name: A\n    url: https://a.test/"
FILES = {
    "a list like the example's": f"version: 1\nsources:\n  - {A}   # keep\n\n  # after\nrules: []\n",
    "dashes under the key": "sources:\n- name: A\n  url: https://a.test/\n- name: B\n  url: https://b.test/\nrules:\n",
    "blank lines between": f"sources:\n  - {A}\n\n  - url: https://b.test/\n    name: B\n\n\n# end\n",
    "in one line": "sources: [{name: A, url: 'https://a.test/'}] # x\nlanguage: en\n",
    "items in one line each": "sources:\n  - {name: A, url: 'https://a.test/'} # x\nlanguage: en\n",
    "an empty list": "sources: []   # none yet\nlanguage: en\n",
    "nothing after the colon": "sources:   # none yet\n  # - name: example\nlanguage: en\n",
    "no such key": "language: en  # quiet",
    "no line break at the end": f"language: en\nsources:\n  - {A}",
    "line ends of another system": f"language: en\nsources:\n  - {A}\n".replace("\n", "\r\n"),
    "the last key of the file": "sources:\n    -   name: A\n        url: https://a.test/\n",
    "letters beyond the basic plane": f"# 🗳️🗳️ {'é' * 9}\nsources:\n  - {A} # 🗳️\nlanguage: en\n",
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES.keys())
def test_a_source_joins_every_style_of_list_and_the_rest_stays(text: str) -> None:
    after = with_sources(text, [NEW])
    names = [source.id for source in load_text(text, Path("s.yaml"), environ={}).sources]
    sources = load_text(after, Path("s.yaml"), environ={}).sources
    assert sorted(source.id for source in sources) == sorted([*names, "Baru: 1"])
    assert next(source.url for source in sources if source.id == "Baru: 1") == NEW["url"]
    kept = iter(after)
    assert all(char in kept for char in text), "something of the old text was lost"


def test_two_sources_join_the_shipped_file_and_its_comments_stay() -> None:
    text = (ROOT / "sources.yaml").read_text(encoding="utf-8")
    after = with_sources(text, [NEW, {"name": "Lain", "url": "https://example.org/b"}])
    assert len(after.splitlines()) == len(text.splitlines()) + 7
    assert set(text.splitlines()) <= set(after.splitlines())
    before = [source.id for source in load_text(text, Path("s.yaml"), environ={}).sources]
    assert [s.id for s in load_text(after, Path("s.yaml"), environ={}).sources] == [*before, "Baru: 1", "Lain"]


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        "no",
        "true",
        "12:30",
        "a: b",
        "a #b",
        "- a",
        "[x]",
        "'",
        '"',
        "@name",
        "https://x.test/?q=a:b#c",
        "x:",
        "$a",
        "${B}",
        "é",
    ],
)
def test_every_value_comes_back_as_it_was_written(value: str) -> None:
    text = f"k: {spelled(value)}\n"
    assert yaml.load(text, Loader=yaml.BaseLoader) == {"k": value.replace("$", "$$")}  # noqa: S506 -- text only


def test_a_title_from_outside_becomes_a_name_that_is_free() -> None:
    assert free_name("  Kabar\n{{x}} <b>", ["Kabar x b"], "host") == "Kabar x b 2"
    assert free_name("\x00", [], "host.test") == "host.test"
    assert len(free_name("a" * 500, [], "x")) <= 80


def test_a_replaced_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    real.write_text("a")
    real.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(real)
    replace_file(link, "b")
    assert link.is_symlink()
    assert real.read_text() == "b"
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(tmp_path)) == ["link.yaml", "real.yaml"]


def test_feeds_of_an_opml_are_found_however_deep() -> None:
    body = b"""<?xml version="1.0"?><opml version="1.0"><body><outline text="A &amp; B"><outline title="C"
        xmlUrl=" https://c.test/f "/></outline><outline text="D" XMLURL="https://d.test/"/><outline text="e"/></body>
        </opml>"""
    assert read_opml(body) == (Outline(title="C", url="https://c.test/f"), Outline(title="D", url="https://d.test/"))


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><opml><outline xmlUrl="&b;"/></opml>',
        b'<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><outline xmlUrl="&a;"/></opml>',
        b"<html/>",
        b"",
        b"<opml><outline",
        '<!DOCTYPE o [<!ENTITY a "b">]><opml/>'.encode("utf-16"),
    ],
)
def test_an_opml_that_is_none_or_defines_entities_is_refused(body: bytes) -> None:
    with pytest.raises(OpmlError):
        read_opml(body)


def test_exported_feeds_can_be_read_again() -> None:
    text = (
        "sources: [{name: 'A & B', url: 'https://a.test/?x=1&y=2', role: factcheck}, {name: C, url: 'https://c.test/'}]"
    )
    sources = load_text(text, Path("s.yaml"), environ={}).sources
    assert read_opml(write_opml(sources).encode()) == tuple(Outline(title=s.id, url=s.url) for s in sources)


def test_sources_with_a_key_from_the_environment_are_known(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text("sources: [{name: A, url: 'https://a.test/?k=${K}'}, {name: B, url: 'https://b.test/'}]")
    assert secret_sources(file, environ={"K": "1"}) == {"A"}
