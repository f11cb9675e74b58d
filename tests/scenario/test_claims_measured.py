"""Known claims on the labelled posts: the figures that the project promises."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

import pytest
from click.testing import CliRunner

from collector.cli import siaga


@pytest.mark.shared
def test_matching_keeps_its_promises(shared: Path, tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("matching_score", shared / "bench" / "matching" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    data = shared / "data" / "matching"
    output = tmp_path / "p.csv"
    files = ["--claims", data / "claims.csv", "--posts", data / "posts.csv", "--output", output]
    assert CliRunner().invoke(siaga, ["match", *map(str, files)]).exit_code == 0
    claims, posts = score.read_labels(data / "claims.csv", data / "posts.csv")
    result = score.score(claims, posts, score.read_predictions(output, claims, posts))
    assert result["recall_at_1"] >= 0.88
    assert result["recall_at_5"] >= 0.95
    assert result["recall_at_max_false"] >= 0.45
    assert result["clustering"]["bcubed_f1"] >= 0.92
    assert result["stance"]["debunk_vs_spread_balanced"] >= 0.95
    assert len({row["post_id"] for row in csv.DictReader(output.read_text(encoding="utf-8").splitlines())}) == len(
        posts
    )
