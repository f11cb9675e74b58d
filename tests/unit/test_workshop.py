"""The files around the code: locks, versions, the container and the unit agree with each other."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from collector import __version__

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-build.lock", "requirements-dev.lock")
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+?)(?: ; (.*?))? \\$", re.MULTILINE)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(lock: str) -> set[tuple[str, str]]:
    return {(name, version) for name, version, _ in PINNED.findall(read(lock))}


def requirement_names(requirements: list[object]) -> set[str]:
    texts = [text for text in requirements if isinstance(text, str)]
    return {re.split(r"[<>=!~;\[ ]", text)[0].lower().replace(".", "-").replace("_", "-") for text in texts}


@pytest.fixture(scope="module")
def project() -> Any:
    return tomllib.loads(read("pyproject.toml"))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_holds_names_versions_and_hashes_and_no_address(lock: str) -> None:
    requirement = r"[a-z0-9-]+==\S+( ; [\w .<>=!'()]+)? \\"
    odd = [
        line
        for line in read(lock).splitlines()
        if not re.fullmatch(rf"{requirement}|    --hash=sha256:[0-9a-f]{{64}}( \\)?", line)
    ]
    assert odd == []


def test_every_requirement_is_locked(project: Any) -> None:
    groups, runtime = project["dependency-groups"], project["project"]["dependencies"]
    extras = [name for extra in project["project"].get("optional-dependencies", {}).values() for name in extra]
    for lock, requirements in (
        ("requirements.lock", runtime),
        ("requirements-build.lock", groups["build"]),
        ("requirements-dev.lock", [*runtime, *extras, *groups["build"], *groups["dev"]]),
    ):
        missing = requirement_names(requirements) - {name for name, _ in pins(lock)}
        assert not missing, f"{lock} lacks {', '.join(sorted(missing))}: run make locks"


def test_the_three_lock_files_agree() -> None:
    assert pins("requirements.lock") <= pins("requirements-dev.lock")
    assert pins("requirements-build.lock") <= pins("requirements-dev.lock")


def test_the_newest_version_in_the_changelog_is_the_programs() -> None:
    versions = re.findall(r"^## \[(\d\S*)\]", read("CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == __version__


def test_the_image_runs_as_a_numeric_user_and_asks_the_health_probe() -> None:
    dockerfile = read("Dockerfile")
    assert dockerfile.startswith("ARG BASE_IMAGE=python:3.12-slim-bookworm\n")
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", dockerfile, re.MULTILINE)
    assert 'CMD ["siaga", "status", "--probe"]' in dockerfile


def test_what_the_dockerfile_copies_is_let_through_by_dockerignore() -> None:
    copied = {
        name for line in re.findall(r"^COPY (?!--)(.+) \S+$", read("Dockerfile"), re.MULTILINE) for name in line.split()
    }
    let_through = {line[1:] for line in read(".dockerignore").splitlines() if line.startswith("!")}
    assert copied == let_through


@pytest.mark.parametrize("script", [".ci/run", "tools/set-up", "tools/locks", "tools/image-check"])
def test_a_script_is_executable_and_its_shell_can_read_it(script: str) -> None:
    shell = read(script).splitlines()[0].rsplit("/", 1)[-1].split()[-1]
    assert os.access(ROOT / script, os.X_OK)
    assert subprocess.run([shell, "-n", script], cwd=ROOT, capture_output=True, check=False).returncode == 0


def test_set_up_refuses_an_unknown_purpose_without_touching_anything(tmp_path: Path) -> None:
    environment = {**os.environ, "VENV": str(tmp_path / "venv")}
    done = subprocess.run(
        ["tools/set-up", "party"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "tools/set-up run" in done.stderr
    assert not (tmp_path / "venv").exists()
