"""The command itself: its help, its global options, and what becomes of trouble no verb expects."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from collector.cli import VERBS, main, siaga


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(siaga, arguments, env=environment)


def test_help_names_every_verb_exit_code_and_variable_and_cuts_no_sentence() -> None:
    told = run("--help").stdout
    assert all(f"  {verb}" in told for verb in VERBS)
    assert "3 nothing could be polled" in told
    assert "SIAGA_LOG_FORMAT" in told
    assert "..." not in told.partition("Commands:")[2]


@pytest.mark.parametrize("setting", [{"SIAGA_LOG_LEVEL": "loud"}, {"SIAGA_LOG_FORMAT": "xml"}])
def test_a_mistyped_log_setting_is_refused_rather_than_ignored(setting: dict[str, str]) -> None:
    result = run("check", **setting)
    assert result.exit_code == 2
    assert "is not one of" in result.stderr


def test_a_folder_that_cannot_be_written_is_a_sentence_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sources.yaml").write_text("sources: [{name: A, url: https://a.example/f}]\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["siaga", "export-opml", "nowhere/feeds.opml"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == "siaga: nowhere/feeds.opml: No such file or directory\n"
