"""``${NAME}`` and ``${NAME:-default}`` in values."""

from __future__ import annotations

import re
from collections.abc import Mapping

from collector.config.problems import Fault

_REFERENCE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<body>[^}]*)(?P<closed>\}?))")
_BODY = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>.*))?", re.DOTALL)


def fill_in(text: str, environ: Mapping[str, str]) -> str:
    """``text`` with every reference replaced; ``$$`` is a dollar sign and a lone ``$`` stays as it is.

    As in a shell, the default is used where the variable is unset or empty. Raises Fault, naming all unset variables at
    once and never a value.
    """
    if "$" not in text:
        return text
    unset: list[str] = []

    def value(match: re.Match[str]) -> str:
        if match["dollar"]:
            return "$"
        body = _BODY.fullmatch(match["body"])
        if body is None or not match["closed"]:
            raise Fault("a broken ${…}", expected="${NAME} or ${NAME:-default}, or $$ for a dollar sign")
        found = environ.get(body["name"])
        if found is None and body["default"] is None:
            unset.append(body["name"])
        return found or body["default"] or ""

    filled = _REFERENCE.sub(value, text)
    if unset:
        names = ", ".join(dict.fromkeys(unset))
        raise Fault(f"the environment variable {names} is not set", expected="it set, or a default: ${NAME:-default}")
    return filled
