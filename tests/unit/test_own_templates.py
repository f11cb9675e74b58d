"""A desk's own templates: read carefully, never trusted, never the end of a message."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from notices import AT, notice, operator_notice

from alerts.bundle import group_of
from alerts.layout import NAMES, SHIPPED, Layout
from alerts.proofread import flaws, samples
from alerts.render import Renderer
from alerts.scribe import Scribe
from collector.cli import siaga

JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "templates"
    made.mkdir()
    return made


def told(folder: Path) -> list[str]:
    return [str(flaw).removeprefix(f"{folder}/") for flaw in flaws(folder)]


def rendered(folder: Path) -> Renderer:
    return Renderer("id", JAKARTA, templates=folder)


# ---------------------------------------------------------------- used


def test_what_is_replaced_is_theirs_and_the_rest_is_ours(folder: Path) -> None:
    (folder / "subject.txt").write_text("{{ view.state }} / {{ view.headline }}")
    message = rendered(folder).render(notice())
    assert message.subject.startswith("[Siaga] NAIK TAJAM / Judi online, 34")
    assert message.text == Renderer("id", JAKARTA).render(notice()).text


def test_html_is_escaped_and_the_mark_of_a_test_stays(folder: Path) -> None:
    (folder / "message.html").write_text("<p>{{ view.issues[0].text }}</p>")
    assert "&lt;b&gt;sekarang&lt;/b&gt;" in rendered(folder).render(notice()).html


def test_a_part_of_theirs_can_be_included(folder: Path) -> None:
    (folder / "message.txt").write_text('{% include "kepala.txt" %}{{ view.sentence }}')
    (folder / "kepala.txt").write_text("DESA SUKAMAJU\n")
    assert told(folder) == []
    assert rendered(folder).render(notice()).text.startswith("DESA SUKAMAJU")


def test_ours_copied_have_no_flaw(folder: Path) -> None:
    for path in SHIPPED.iterdir():
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    assert told(folder) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ view.nothing }}",
        "{{ 1 / 0 }}",
        "{% include 'missing.txt' %}",
        "{{ ''.__class__.__mro__ }}",
        "{% if %}",
        "{{ view.issues.append(1) }}",
        "{{ view.headline|safe }}",
        "{{ say('nothing') }}",
    ],
)
@pytest.mark.parametrize("name", ["message.txt", "subject.txt"])
def test_a_template_that_fails_costs_no_message(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    assert rendered(folder).render(notice()) == Renderer("id", JAKARTA).render(notice())


# ---------------------------------------------------------------- checked


@pytest.mark.parametrize(
    ("name", "text", "flaw"),
    [
        ("message.txt", "a\n{% if %}", "message.txt:2: Expected an expression, got 'end of statement block'"),
        ("message.txt", "a\nb\n{{ view.heading }}", 'message.txt:3: no field view.heading; did you mean "headline"?'),
        ("message.html", "\n{{ view.headline|safe }}", "message.html:2: No filter named 'safe'."),
        ("group.html", "{% autoescape false %}x{% endautoescape %}", "group.html:1: switches escaping"),
        ("message.html", "\n\n{{ view.days.sparkline }}", "message.html:3: UndefinedError: 'None' has no attribute"),
        ("subject.txt", "{{ say('nope') }}", "subject.txt:1: LookupError: say knows no words called"),
        ("subject.txt", "  ", "subject.txt: is empty for a message of kind alert"),
        ("message.txt", "{{ ''.__class__ }}", "message.txt:1: SecurityError: access to attribute '__class__'"),
        ("message.txt", "{% include '../x' %}", "message.txt:1: TemplateNotFound"),
        ("mesage.txt", "x", 'mesage.txt: is used by nothing; did you mean "message.txt"?'),
    ],
)
def test_a_flaw_is_told_with_file_and_line(folder: Path, name: str, text: str, flaw: str) -> None:
    (folder / name).write_text(text)
    (only,) = told(folder)
    assert only.startswith(flaw)


def test_a_file_that_is_no_text_is_told(folder: Path) -> None:
    (folder / "message.txt").write_bytes(b"\xff\xfe\x00")
    (only,) = told(folder)
    assert only.startswith("message.txt: cannot be read")


def test_a_folder_that_is_not_there_is_told(folder: Path) -> None:
    (only,) = flaws(folder / "nowhere")
    assert "is no folder" in str(only)


def test_siaga_check_tells_every_flaw_and_ends_with_two(folder: Path) -> None:
    (folder / "message.txt").write_text("{{ view.x }}")
    (folder / "brief.txt").write_text("\n{% endif %}")
    path = folder.parent / "sources.yaml"
    path.write_text("version: 1\ntemplates: templates\n")
    result = CliRunner().invoke(siaga, ["--config", str(path), "check"])
    assert result.exit_code == 2
    assert f"{folder}/message.txt:1: no field view.x" in result.output
    assert f"{folder}/brief.txt:2: " in result.output
    assert "2 problems" in result.output


def test_without_templates_nothing_is_checked_and_nothing_is_wrong(folder: Path) -> None:
    path = folder.parent / "sources.yaml"
    path.write_text("version: 1\n")
    assert CliRunner().invoke(siaga, ["--config", str(path), "check"]).exit_code == 0


# ---------------------------------------------------------------- the samples, and ours


def test_the_samples_are_of_every_kind() -> None:
    scribe = Scribe("id", JAKARTA)
    assert {scribe.view(one).kind for one in samples()} == {
        "alert",
        "resolved",
        "operator",
        "correction",
        "group",
        "digest",
    }


@pytest.mark.parametrize("name", NAMES)
def test_each_of_ours_can_be_filled_with_each_sample(name: str) -> None:
    for one in (*samples(), group_of((notice(), operator_notice()), AT)):
        assert Layout().fill(name, Scribe("en", JAKARTA).view(one)) is not None
