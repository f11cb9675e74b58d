"""What the documents tell people to type exists: verbs, options, make targets and the files they link to."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from collector.cli import VERBS, siaga
from collector.config.load import load

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
CALL = re.compile(r"(?:^|[;&|(] ?|\$ |^# |sudo |bin/|run --rm )(?P<program>siaga|make) +(?P<rest>[^;&|)#\n]*)")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def documents() -> Iterator[tuple[str, str]]:
    for path in DOCUMENTS:
        yield name_of(path), path.read_text(encoding="utf-8")


def code(text: str) -> Iterator[str]:
    """Fenced lines, indented lines and inline code."""
    for fence in FENCE.finditer(text):
        yield from (line.strip() for line in fence["body"].replace("\\\n", " ").splitlines())
    plain = FENCE.sub("", text)
    yield from (line.strip() for line in re.findall(r"^(?: {4}|\t)(.+)$", plain, re.MULTILINE))
    yield from re.findall(r"`([^`\n]+)`", plain)


def calls(program: str) -> list[tuple[str, str]]:
    return [
        (name, match["rest"].strip())
        for name, text in documents()
        for line in code(text)
        for match in CALL.finditer(line)
        if match["program"] == program
    ]


def links(document: Path) -> list[str]:
    """Where the document links to, without the place in the page."""
    return re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", FENCE.sub("", document.read_text(encoding="utf-8")))


def words(rest: str) -> list[str]:
    try:
        return shlex.split(rest)
    except ValueError:  # an apostrophe in prose
        return rest.split()


def options_of(command: click.Command) -> set[str]:
    below = command.commands.values() if isinstance(command, click.Group) and command is not siaga else ()
    return {"--help", "-h"}.union(
        (spelling for option in command.params for spelling in (*option.opts, *option.secondary_opts)),
        *map(options_of, below),
    )


def split(rest: str) -> tuple[list[str], str | None, list[str]]:
    """Options before the verb, the verb, what follows it."""
    before: list[str] = []
    remaining = words(rest)
    while remaining and remaining[0].startswith("-"):
        before.append(remaining.pop(0))
        if before[-1] in {"--config", "--db"} and remaining:
            remaining.pop(0)
    return before, remaining[0] if remaining else None, remaining[1:]


def faults(rest: str) -> Iterator[str]:
    before, verb, after = split(rest)
    if verb is not None and verb not in VERBS and verb not in {"VERB", "[--config"}:
        yield f"siaga {rest}: no verb {verb}"
        return
    known = options_of(siaga) | {"--version"}
    yield from (f"siaga {rest}: no option {word}" for word in before if word.split("=")[0] not in known)
    if verb in VERBS:
        command = siaga.get_command(click.Context(siaga), verb)
        assert command is not None
        written = [word.strip("[]").split("=")[0] for word in after if word.strip("[").startswith("--")]
        yield from (f"siaga {rest}: no option {word}" for word in written if word not in options_of(command))


def test_every_siaga_command_in_the_documents_exists() -> None:
    wrong = [f"{name}: {fault}" for name, rest in calls("siaga") for fault in faults(rest)]
    assert wrong == []


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {(name, words(rest)[0]) for name, rest in calls("make") if rest}
    assert {(name, target) for name, target in named if target not in targets} == set()


def test_the_readme_shows_the_two_commands_of_a_fresh_machine() -> None:
    shown = {rest for name, rest in calls("make") if name == "README.md"}
    assert {"demo", "test"} <= shown


def whole_file(blocks: list[str]) -> str:
    """The YAML blocks of one document as one sources.yaml: a whole file stands alone, list entries are sources."""
    if any(block.startswith("version:") for block in blocks):
        return next(block for block in blocks if block.startswith("version:"))
    entries = "".join(block for block in blocks if block.startswith("  - "))
    keys = "".join(block for block in blocks if not block.startswith("  - "))
    return "version: 1\n" + (
        keys.replace("sources:\n", f"sources:\n{entries}") if "sources:\n" in keys else keys + f"sources:\n{entries}"
    )


@pytest.mark.parametrize(
    "document", [path for path in DOCUMENTS if "```yaml" in path.read_text(encoding="utf-8")], ids=name_of
)
def test_the_yaml_in_a_document_is_accepted(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SMTP_PASSWORD", "SIAGA_WEBHOOK_SECRET", "SIAGA_CHAT", "SIAGA_WEB_PASSWORD", "SIAGA_WEB_TOKEN"):
        monkeypatch.setenv(name, "whsec_c2lhZ2EtY29udG9oLXNhamEtamFuZ2FuLWRpcGFrYWk=")
    blocks = [
        fence["body"] for fence in FENCE.finditer(document.read_text(encoding="utf-8")) if fence["language"] == "yaml"
    ]
    file = tmp_path / "sources.yaml"
    file.write_text(whole_file(blocks), encoding="utf-8")
    assert load(file).path == file


def test_every_page_is_reached_from_the_index() -> None:
    reached, ahead = set[Path](), [ROOT / "docs" / "index.md"]
    while ahead:
        page = ahead.pop()
        if page not in reached and page.suffix == ".md" and page.exists():
            reached.add(page)
            ahead += [(page.parent / link).resolve() for link in links(page)]
    lost = [name_of(path) for path in (ROOT / "docs").rglob("*.md") if path not in reached]
    assert lost == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_to_files_lead_somewhere(document: Path) -> None:
    lost = [link for link in links(document) if "://" not in link and not (document.parent / link).exists()]
    assert lost == []
