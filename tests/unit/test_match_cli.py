"""``siaga match``."""

from __future__ import annotations

import csv
from pathlib import Path

from click.testing import CliRunner

from collector.cli import siaga


def run(folder: Path, claims: str, posts: str) -> tuple[int, str, list[dict[str, str]]]:
    (folder / "claims.csv").write_text(claims, encoding="utf-8")
    (folder / "posts.csv").write_text(posts, encoding="utf-8")
    files = [f"--{name}={folder / name}.csv" for name in ("claims", "posts", "output")]
    result = CliRunner().invoke(siaga, ["match", *files])
    output = folder / "output.csv"
    rows = list(csv.DictReader(output.read_text(encoding="utf-8").splitlines())) if output.exists() else []
    return result.exit_code, result.output, rows


def test_candidates_come_by_falling_score_and_the_first_is_the_decision(tmp_path: Path) -> None:
    claims = "claim_id,claim\nA,Prabowo Hapus MBG\nB,Prabowo Hapus Pajak\n"
    code, _, rows = run(tmp_path, claims, "post_id,post\n1,prabowo hapus mbg gaes\n")
    assert (code, [row["claim_id"] for row in rows]) == (0, ["A", "B"])
    assert float(rows[0]["score"]) > float(rows[1]["score"])
    assert rows[0]["issue_id"] == rows[1]["issue_id"]


def test_a_post_without_candidates_stands_alone(tmp_path: Path) -> None:
    code, _, rows = run(tmp_path, "claim_id,claim\n", "post_id,post\n1,apa kabar\n2,😀\n")
    assert code == 0
    assert [(row["claim_id"], row["stance"]) for row in rows] == [("", "none"), ("", "none")]
    assert rows[0]["issue_id"] != rows[1]["issue_id"]


def test_semicolons_part_columns_too(tmp_path: Path) -> None:
    code, _, rows = run(tmp_path, "claim_id;claim\nA;Prabowo Hapus MBG\n", "post_id;post\n1;prabowo hapus mbg, gaes\n")
    assert (code, [row["claim_id"] for row in rows]) == (0, ["A"])


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    code, output, _ = run(tmp_path, "id,claim\n1,x\n", "post_id,post\n")
    assert code == 2
    assert "no column claim_id" in output


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes(b"claim_id,claim\n1,\xff\xfe\n")
    (tmp_path / "p.csv").write_text("post_id,post\n")
    files = ["--claims", tmp_path / "c.csv", "--posts", tmp_path / "p.csv", "--output", tmp_path / "o.csv"]
    result = CliRunner().invoke(siaga, ["match", *map(str, files)])
    assert result.exit_code == 2
    assert "not UTF-8" in result.output
