"""The level that detection has reached must not be lost: a small part of bench/spikes.py, by the public scorer."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.shared
LEAST = {"daily_core": (0.87, 0.85), "daily_oper": (0.82, 0.80)}  # pAUC to 5 %, POD at the budget; seed 11


def module(name: str, file: Path) -> ModuleType:
    spec = spec_from_file_location(name, file)
    assert spec
    assert spec.loader
    found = module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    return module("bench_spikes", ROOT / "bench" / "spikes.py")


@pytest.fixture(scope="module")
def score(shared: Path) -> ModuleType:
    return module("bench_score", shared / "bench" / "spikes" / "score.py")


@pytest.fixture(scope="module")
def data(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spikes")
    script = shared / "bench" / "spikes" / "make_series.py"
    subprocess.run([sys.executable, str(script), "--seeds", "11", "--out", str(folder)], check=True)
    return folder


@pytest.mark.parametrize("name", LEAST)
def test_spikes_are_found_at_few_false_alarms(bench: ModuleType, score: ModuleType, data: Path, name: str) -> None:
    series = score.load(str(data), name)
    sheet = score.Sheet(series, bench.siaga_all(series))
    knob, balanced = sheet.knob(), sheet.at(bench.BALANCED)
    assert knob["pauc"] >= LEAST[name][0]
    assert knob["pod_fa"] >= LEAST[name][1]
    assert balanced["fa"] <= 0.02
    assert balanced["f1"] >= 0.68


def test_spikes_by_the_hour_are_found_among_the_faults_of_operating(
    bench: ModuleType, score: ModuleType, data: Path
) -> None:
    series = score.load(str(data), "hourly_oper")[::3]
    sheet = score.Sheet(series, bench.siaga_all(series))
    knob = sheet.knob()
    assert knob["pauc"] >= 0.94
    assert knob["pod_fa"] >= 0.75
    assert sheet.at(bench.BALANCED)["fa"] <= 0.4


def test_a_score_rests_on_its_bucket_and_earlier_ones(bench: ModuleType, score: ModuleType, data: Path) -> None:
    for name, every in (("weekly", 20), ("daily_oper", 7), ("hourly_oper", 20)):
        score.check_causal(bench.siaga, score.load(str(data), name)[::every], np.random.default_rng(1))


def test_the_ministry_s_months_alarm_in_november_and_not_before(bench: ModuleType, score: ModuleType) -> None:
    assert score.kominfo(bench.siaga, bench.BALANCED)[0] == "2023-11"
