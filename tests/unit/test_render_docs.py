"""The page about webhooks names every field of the body."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

SCHEMA = json.loads((files("collector.data") / "webhook.schema.json").read_text())
PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/webhook.md").read_text()
INSIDE_A_LINE = {"data.alerts"}  # its parts are described once, as the first alert's


def fields(schema: dict[str, Any], path: str = "") -> Iterator[str]:
    schema = next((option for option in schema.get("oneOf", [schema]) if option.get("type") != "null"), schema)
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    for name, inner in schema.get("properties", {}).items():
        where = f"{path}.{name}" if path else name
        yield where
        if where not in INSIDE_A_LINE:
            yield from fields(inner, where)
    if "items" in schema:
        yield from fields(schema["items"], f"{path}[]")


@pytest.mark.parametrize("field", [field for field in fields(SCHEMA) if field != "data"])
def test_each_field_has_its_line(field: str) -> None:
    assert f"| `{field}` |" in PAGE


def test_each_described_field_exists() -> None:
    known = set(fields(SCHEMA))
    table = PAGE.partition("## Body")[2]
    described = {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")}
    assert described <= known
