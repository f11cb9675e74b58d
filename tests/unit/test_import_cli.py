"""``siaga import claims``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from collector.cli import siaga
from collector.store.sqlite import SqliteStore

CONFIG = """
version: 1
sources:
  - name: Tempo
    url: https://tempo.example/feed
topics: [bansos]
receivers:
  - name: layar
    console: {}
rules: []
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources.yaml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def brings(folder: Path, table: str | bytes, *options: str) -> Result:
    file = folder / "claims.csv"
    file.write_bytes(table.encode() if isinstance(table, str) else table)
    paths = ["--config", str(folder / "sources.yaml"), "--db", str(folder / "siaga.db")]
    return CliRunner().invoke(siaga, [*paths, "import", "claims", str(file), *options], standalone_mode=False)


def test_claims_are_stored_and_counted(folder: Path) -> None:
    result = brings(folder, "claim,verdict\nKPU curang,false\nMK bubar,hoaks\n", "--publisher", "Meja kami")
    assert result.exit_code == 0, result.output
    assert "2 new claims, 0 known already; 2 in all" in result.output
    with SqliteStore(folder / "siaga.db") as store:
        assert {claim.publisher for claim in store.claims.list()} == {"Meja kami"}


def test_a_second_import_brings_nothing_new(folder: Path) -> None:
    brings(folder, "claim\nKPU curang\n")
    assert "0 new claims, 1 known already; 1 in all" in brings(folder, "claim\nKPU curang\n").output


def test_what_is_left_out_is_named(folder: Path) -> None:
    result = brings(folder, "claim,date\nKPU curang,kemarin\n")
    assert "line 2: not a date: kemarin" in result.output


@pytest.mark.parametrize("table", ["a,b\n1,2\n", b"claim\n\xff\n", ""])
def test_a_file_that_holds_no_claims_is_refused_in_a_sentence(folder: Path, table: str | bytes) -> None:
    result = brings(folder, table)
    assert result.exception is not None
    assert "Usage" in type(result.exception).__name__


def test_a_file_of_which_nothing_can_be_used_is_a_failure(folder: Path) -> None:
    result = brings(folder, "claim,date\nKPU curang,besok\n")
    assert result.exit_code == 1
    assert "not a date: besok" in result.stderr
