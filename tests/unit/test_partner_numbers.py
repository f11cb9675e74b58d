"""A partner's numbers that became one, as a report names them."""

from __future__ import annotations

import json

import pytest

from collector.partners.incoming import Refused, read


def report(**data: object) -> bytes:
    return json.dumps({"type": "report.updated", "data": {"id": "7", "title": "x", **data}}).encode()


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        (["4", "9"], ("4", "9")),
        ([4, "4", " 9 "], ("4", "9")),
        ([], ()),
        (None, ()),
        (["", "\u202e"], ()),  # nothing that can be seen
    ],
)
def test_numbers_are_read_once_each(given: object, read_as: tuple[str, ...]) -> None:
    assert read(report(replaces=given)).replaces == read_as


@pytest.mark.parametrize("given", ["4", {"a": 1}, [["4"]], [4.5], ["4"] * 201, True])
def test_what_is_no_list_of_numbers_is_refused(given: object) -> None:
    with pytest.raises(Refused, match="replaces: a list of at most 200"):
        read(report(replaces=given))
