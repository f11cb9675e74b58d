"""``siaga user``: passwords come by prompt or standard input, never as an argument."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from collector.cli import siaga
from collector.model.person import Role
from collector.store.sqlite import SqliteStore
from collector.web.password import fits

GIVEN = "kata sandi meja\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources.yaml").write_text("version: 1\n")
    return tmp_path


def call(folder: Path, *words: str, given: str = "") -> Result:
    return CliRunner().invoke(siaga, ["--config", str(folder / "sources.yaml"), "user", *words], input=given)


def test_a_person_is_added_listed_and_removed(folder: Path) -> None:
    assert call(folder, "add", "Sari", given=GIVEN).output == "Sari may log in as editor\n"
    assert call(folder, "add", "Budi", "--role", "reader", given=GIVEN).exit_code == 0
    listed = call(folder, "list").output.split("\n")
    assert [line.split()[:2] for line in listed if line] == [["Budi", "reader"], ["Sari", "editor"]]
    assert call(folder, "remove", "sari").exit_code == 0
    assert "Sari" not in call(folder, "list").output


def test_the_password_is_kept_hashed_and_every_change_is_written_down(folder: Path) -> None:
    call(folder, "add", "Sari", given=GIVEN)
    call(folder, "reset", "Sari", "--role", "reader")
    with SqliteStore(folder / "siaga.db") as store:
        kept = store.people.password("Sari")
        assert kept is not None
        assert fits("kata sandi meja", kept)
        person = store.people.get("Sari")
        assert person is not None
        assert person.role is Role.READER
        assert [entry.action for entry in store.audit.list()] == ["user reset", "user add"]


@pytest.mark.parametrize(
    ("words", "given", "told"),
    [
        (("add", "Sari"), "pendek\n", "10 to 1000 characters"),
        (("add", "<b>"), GIVEN, "is no name"),
        (("reset", "Rina"), GIVEN, "no user is called 'Rina'"),
        (("remove", "Rina"), "", "no user is called 'Rina'"),
        (("add", "Sari", "--password", "kata sandi meja"), "", "No such option"),
    ],
)
def test_a_mistake_is_a_sentence(folder: Path, words: tuple[str, ...], given: str, told: str) -> None:
    result = call(folder, *words, given=given)
    assert result.exit_code != 0
    assert told in (result.output + str(result.exception))
    assert "Traceback" not in result.output


def test_a_name_is_given_once(folder: Path) -> None:
    call(folder, "add", "Sari", given=GIVEN)
    assert "siaga user reset SARI" in call(folder, "add", "SARI", given=GIVEN).output
