"""Every mistake ends as a list of problems with file, line, column, key and what was expected; never as a traceback.

``tests/data/bad_config/`` holds one small file per mistake and, beside it, the problems as a person is told them.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis.strategies import DataObject, data, integers, sampled_from

from collector.cli import siaga
from collector.config.load import load, load_text
from collector.config.problems import Problem
from collector.config.tree import MAX_PROBLEMS
from collector.model.errors import ConfigError

BAD = Path(__file__).resolve().parents[1] / "data" / "bad_config"
FILES = sorted(BAD.glob("*.yaml"))
HOSTILE = {
    "alias-bomb",
    "bad-regex",
    "bad-urls",
    "crlf-in-subject",
    "duplicate-keys",
    "empty",
    "huge-interval",
    "list-at-top",
    "negative-nan-inf",
    "norway-and-sexagesimal",
    "not-utf8",
    "nul",
    "path-traversal",
    "python-name",
    "python-object",
    "secret-in-url",
    "self-alias",
    "tabs",
    "template-attack",
    "truncated",
    "unknown-key-typo",
    "zero-interval",
}


def problems_of(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        load(path, environ={})
    return tuple(problem for problem in caught.value.problems if isinstance(problem, Problem))


def told(path: Path) -> str:
    return "".join(str(problem).replace(str(path), path.name) + "\n" for problem in problems_of(path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(path: Path) -> None:
    assert told(path) == path.with_suffix(".txt").read_text(encoding="utf-8")
    for problem in problems_of(path):
        assert problem.line is not None
        assert problem.column is not None
        assert problem.expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_check_ends_with_2_and_shows_no_secret(path: Path) -> None:
    for arguments in (["check"], ["check", "--json"]):
        result = CliRunner().invoke(siaga, ["--config", str(path), *arguments])
        assert result.exit_code == 2, result.output
        assert "RAHASIA" not in result.output
        assert "Traceback" not in result.output


def test_every_hostile_file_has_its_twin() -> None:
    assert {path.stem for path in FILES} >= HOSTILE


@pytest.mark.shared
def test_the_hostile_files_end_as_problems_within_a_second_in_all(shared: Path) -> None:
    files = sorted((shared / "data" / "hostile" / "config").glob("*.yaml"))
    assert {path.stem for path in files} == HOSTILE
    began = time.process_time()
    for path in files:
        assert "RAHASIA" not in told(path)
    assert time.process_time() - began < 2


def test_a_missing_file_points_to_init(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path / "sources.yaml")
    assert "siaga init" in str(problem)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path)
    assert "is no file" in str(problem)


def test_a_file_over_a_megabyte_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_text("#" * 1_000_001)
    assert "too large" in told(path)


def test_a_flood_of_problems_is_cut_and_quick(tmp_path: Path) -> None:
    path = tmp_path / "flood.yaml"
    path.write_text("sources:\n" + "".join(f"  - {{evry{i}: 1}}\n" for i in range(40_000)))
    began = time.process_time()
    assert len(problems_of(path)) == MAX_PROBLEMS + 1
    assert time.process_time() - began < 5


def test_a_value_from_the_environment_is_never_quoted() -> None:
    text = (
        "language: ${A}\ntimezone: ${A}\ndatabase: ${B}\nnetwork: {contact: '${A}'}\n"
        "sources: [{name: '${A}', url: '${A}', every: '${A}', kind: '${A}', item: '${B}'}]\n"
        "topics: ['${A}']\nrules: [{name: r, topics: ['${A}'], receivers: ['${A}'], at_least: '${A}'}]\n"
    )
    with pytest.raises(ConfigError) as caught:
        load_text(text, Path("s.yaml"), environ={"A": "RAHASIA<", "B": "../RAHASIA["})
    assert "RAHASIA" not in str(caught.value)
    assert len(caught.value.problems) >= 10


PIECES = [
    "[",
    "]",
    "{",
    "}",
    ":",
    "- ",
    "&a ",
    "*a",
    "!!x ",
    "\t",
    "\n",
    '"',
    "'",
    "|",
    "? ",
    "---\n",
    "%YAML 1.1\n",
    "#",
]
PIECES += ["${", "${A}", "~", ".nan", "🗳️", "\u2028", "\x00", "\r\n", "<<: ", "@", ",", "9" * 5000, "\ufeff", "  "]


@settings(max_examples=150, deadline=None)
@given(data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(draw: DataObject) -> None:
    text = (BAD.parent / "contract.yaml").read_text(encoding="utf-8")
    for _ in range(draw.draw(integers(1, 4))):
        at = draw.draw(integers(0, len(text)))
        text = text[:at] + draw.draw(sampled_from(PIECES)) + text[at + draw.draw(integers(0, 40)) :]
    with suppress(ConfigError):
        load_text(text, Path("s.yaml"), environ={"SIAGA_WEBHOOK_SECRET": "x"})
