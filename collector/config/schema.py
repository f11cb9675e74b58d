"""The JSON Schema and the reference tables of sources.yaml, both made from the document's shape.

python -m collector.config.schema            writes collector/data/sources.schema.json
python -m collector.config.schema reference  prints the tables of docs/reference/sources-yaml.md
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema

from collector.config import document as doc
from collector.config.calendar import shipped_events
from collector.config.duration import spoken
from collector.config.topics import shipped_topics

SCHEMA_FILE = Path(__file__).parent.parent / "data" / "sources.schema.json"
PARTS: dict[str, type[doc.Part]] = {
    "the file": doc.Document,
    "network": doc.Network,
    "defaults": doc.Defaults,
    "sources[]": doc.SourcePart,
    "topics[] (your own)": doc.TopicPart,
    "topics[].ambiguous[]": doc.AmbiguousPart,
    "calendar[] (your own)": doc.EventPart,
    "rules[]": doc.RulePart,
    "receivers[]": doc.ReceiverPart,
    "receivers[].email": doc.EmailPart,
    "receivers[].webhook": doc.WebhookPart,
    "operator": doc.OperatorPart,
    "retention": doc.RetentionPart,
    "ledger": doc.LedgerPart,
    "partners[]": doc.PartnerPart,
    "partners[].send": doc.PartnerSendPart,
    "partners[].receive": doc.PartnerReceivePart,
    "web": doc.WebPart,
}


class _Schema(GenerateJsonSchema):
    def encode_default(self, dft: Any) -> Any:
        return plain(dft)


def plain(value: Any) -> Any:
    """A default as it would stand in the file."""
    if isinstance(value, timedelta):
        return spoken(value)
    if isinstance(value, ZoneInfo):
        return value.key
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def json_schema() -> dict[str, Any]:
    """For editors. Looser than ``siaga check``: it knows nothing of relations between keys."""
    schema = doc.Document.model_json_schema(schema_generator=_Schema)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "sources.yaml of Siaga"}
    items = schema["properties"]["topics"]["anyOf"][0]["items"]
    shipped = {"enum": list(shipped_topics())}
    items["oneOf"] = [shipped if "$ref" not in choice else choice for choice in items["oneOf"]]
    entries = schema["properties"]["calendar"]["anyOf"][0]["items"]
    events = {"enum": list(shipped_events())}
    entries["oneOf"] = [events if "$ref" not in choice else choice for choice in entries["oneOf"]]
    return schema


def schema_text() -> str:
    return json.dumps(json_schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def reference_tables() -> str:
    """A heading and a table of keys per block."""
    return "\n".join(f"## {title}\n\n{part.__doc__}\n\n{_table(part)}" for title, part in PARTS.items())


def _table(part: type[doc.Part]) -> str:
    rows = "".join(f"| `{key}` | {kind} | {default} | {meaning} |\n" for key, kind, default, meaning in rows_of(part))
    return f"| key | type | default | meaning |\n| --- | --- | --- | --- |\n{rows}"


def rows_of(part: type[doc.Part]) -> Iterator[tuple[str, str, str, str]]:
    """Key, type, default and meaning of every key in a block."""
    properties = part.model_json_schema(schema_generator=_Schema)["properties"]
    for name, field in part.model_fields.items():
        key = field.alias or name
        yield key, _kind(properties[key]), _default(field), (field.description or "").replace("|", "\\|")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    if field.default_factory is not None:
        return "see below"
    value = plain(field.default)
    return "–" if value in (None, []) else f"`{json.dumps(value) if isinstance(value, bool) else value}`"


def _kind(schema: dict[str, Any]) -> str:
    choices = [choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"]
    if "enum" in schema:
        return " \\| ".join(f"`{choice}`" for choice in schema["enum"])
    if len(choices) == 2 and "enum" in choices[0]:
        return _kind(choices[0])
    if choices:
        return _kind(choices[0])
    if schema.get("type") == "array":
        return "list"
    if schema.get("type") == "string" and "[wdhms]" in schema.get("pattern", ""):
        return "duration"
    words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    kind = schema.get("type", "object")
    return words.get(kind if isinstance(kind, str) else kind[0], "keys")


if __name__ == "__main__":
    if sys.argv[1:] == ["reference"]:
        print(reference_tables())
    else:
        SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
