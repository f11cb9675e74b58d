"""``siaga judge``, ``train`` and ``rescore`` from outside."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from records import NOW, draft, record, source

from collector.cli import siaga
from collector.judge.weights import read, shipped
from collector.model.issue import Membership
from collector.model.judgement import Verdict
from collector.store.ledger import IssueChange
from collector.store.sqlite import SqliteStore

CLAIMS = ("AKHIRNYA {} TERBONGKAR, RAKYAT NGAMUK!!", "Viral {} tertangkap basah, sebarkan sebelum dihapus")
NEWS = ("{} soal Koalisi: Kami Tunggu Putusan", "Jadwal Kunjungan {} ke Daerah Pekan Ini")
PLACES = ("Bandung", "Medan", "Solo", "Palu", "Ambon", "Kupang", "Jambi", "Padang", "Bogor", "Malang")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*words: str) -> Result:
    return CliRunner().invoke(siaga, words)


def write(path: Path, rows: Iterable[dict[str, str]]) -> Path:
    found = list(rows)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(found[0]))
        writer.writeheader()
        writer.writerows(found)
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def verdicts(*, swapped: bool = False) -> list[dict[str, str]]:
    """Four hundred, of which the labels are as the shipped weights think or just the other way round."""
    labels = ("valid", "hoax") if swapped else ("hoax", "valid")
    pairs = [(one, label) for forms, label in zip((CLAIMS, NEWS), labels, strict=True) for one in forms]
    return [
        {"id": f"{number}{place}", "title": form.format(f"{place} {number}"), "text": "", "label": label}
        for number in range(10)
        for place in PLACES
        for form, label in pairs
    ]


# ---------------------------------------------------------------- judge


def test_a_file_comes_back_with_four_columns_more() -> None:
    write(
        Path("in.csv"),
        [
            {"id": "1", "title": "GEMPAR!! BANSOS RESMI DIHAPUS, SEBARKAN", "text": "", "desk": "a"},
            {"id": "2", "title": "[SALAH] MBG Dihapus", "text": "", "desk": "b"},
            {
                "id": "3",
                "title": "DPR soal RUU: Masih Dibahas",
                "text": "Jakarta - Wakil rakyat, kata dia.",
                "desk": "c",
            },
        ],
    )
    done = run("judge", "--input", "in.csv", "--output", "out.csv")
    assert done.exit_code == 0
    rumour, debunk, news = rows_of(Path("out.csv"))
    assert list(rumour) == ["id", "title", "text", "desk", "suspicion", "stance", "topics", "reasons"]
    assert (rumour["stance"], debunk["stance"], news["stance"]) == ("spread", "debunk", "news")
    assert float(rumour["suspicion"]) >= 0.5 > float(news["suspicion"])
    assert float(debunk["suspicion"]) == 0
    assert "bansos" in rumour["topics"].split()
    assert "Tanda seru berderet" in rumour["reasons"]
    assert rumour["desk"] == "a"


def test_reasons_come_in_english_where_asked() -> None:
    write(Path("in.csv"), [{"id": "1", "title": "GEMPAR!! MBG RESMI DIHAPUS", "text": ""}])
    assert run("judge", "--input", "in.csv", "--output", "out.csv", "--language", "en").exit_code == 0
    assert "A row of exclamation marks" in rows_of(Path("out.csv"))[0]["reasons"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id,judul\n1,x\n", "in.csv: no column title, text; the header has id, judul"),
        (b"", "no column id, title, text"),
        (b"id,title,text\n1,\xff\xfe,x\n", "in.csv is not UTF-8; save it as “CSV UTF-8”"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence_and_no_traceback(content: bytes, said: str) -> None:
    Path("in.csv").write_bytes(content)
    done = run("judge", "--input", "in.csv", "--output", "out.csv")
    assert done.exit_code == 2
    assert said in done.output


def test_the_semicolons_of_a_spreadsheet_part_columns_too() -> None:
    Path("in.csv").write_text("\ufeffid;title;text\r\n1;Surat suara, katanya, tercoblos;\r\n", encoding="utf-8")
    assert run("judge", "--input", "in.csv", "--output", "out.csv").exit_code == 0
    row = rows_of(Path("out.csv"))[0]
    assert (row["title"], row["topics"]) == ("Surat suara, katanya, tercoblos", "pemilu_umum")


def test_verdicts_that_cannot_be_read_are_a_sentence_too() -> None:
    Path("in.csv").write_bytes(b"id,title,text,label\n1,\xff\xfe,x,hoax\n")
    done = run("train", "--input", "in.csv", "--output", "own.json")
    assert (done.exit_code, "in.csv is not UTF-8" in done.output) == (2, True)


def test_the_input_is_never_overwritten() -> None:
    write(Path("in.csv"), [{"id": "1", "title": "x", "text": ""}])
    assert run("judge", "--input", "in.csv", "--output", "./in.csv").exit_code == 2
    assert rows_of(Path("in.csv")) == [{"id": "1", "title": "x", "text": ""}]


# ---------------------------------------------------------------- train


def test_verdicts_that_differ_from_the_shipped_weights_change_them_once_replace_is_said() -> None:
    write(Path("verdicts.csv"), verdicts(swapped=True))
    words = ("train", "--input", "verdicts.csv", "--output", "own.json")
    asked = run(*words)
    assert asked.exit_code == 0
    assert "ROC area" in asked.output
    assert "Nothing written" in asked.output
    assert not Path("own.json").exists()
    done = run(*words, "--replace")
    assert done.exit_code == 0
    weights = read(Path("own.json").read_text(encoding="utf-8"))
    assert weights.version != shipped().version
    assert weights.about["changed_from"] == shipped().version
    assert weights.words.keys() == shipped().words.keys()


def test_verdicts_that_bring_no_gain_change_nothing() -> None:
    write(Path("verdicts.csv"), verdicts())
    done = run("train", "--input", "verdicts.csv", "--output", "own.json", "--replace")
    assert done.exit_code == 0
    assert "No gain" in done.output
    assert not Path("own.json").exists()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"id": "1", "title": "x", "text": "", "label": "hoax"}], "at least 30 of either"),
        ([{"id": "1", "title": "x", "text": "", "label": "meh"}], "line 2: label 'meh'"),
        ([{"id": "1", "title": "x", "text": ""}], "no column label"),
    ],
)
def test_verdicts_that_cannot_be_used_are_a_sentence(rows: list[dict[str, str]], said: str) -> None:
    write(Path("verdicts.csv"), rows)
    done = run("train", "--input", "verdicts.csv", "--output", "own.json")
    assert done.exit_code == 2
    assert said in done.output


# ---------------------------------------------------------------- a desk's own weights, and rescoring

SOURCES = """
version: 1
database: siaga.db
network: {contact: "mailto:desk@example.org"}
sources:
  - {name: Tempo, url: "https://tempo.example/rss", role: social}
topics: [bansos]
rules:
  - {name: naik, count: mentions, method: threshold, window: 6h, at_least: 5, receivers: [layar]}
receivers:
  - {name: layar, console: {}}
"""


def configured() -> None:
    Path("sources.yaml").write_text(SOURCES, encoding="utf-8")


def test_what_is_stored_is_judged_anew_and_debunks_stay() -> None:
    configured()
    store = SqliteStore(Path("siaga.db"))
    store.sources.register([source("Tempo")], NOW)
    loud = draft("a", title="GEMPAR!! BANSOS RESMI DIHAPUS, SEBARKAN!!", suspicion=0.1)
    store.items.record_poll(record(loud, draft("b", title="[SALAH] Bansos dihapus")))
    store.close()
    done = run("rescore")
    assert done.exit_code == 0
    assert "suspicious:" in done.output
    store = SqliteStore(Path("siaga.db"))
    found = store.items.find("https://tempo.example/a")
    store.close()
    assert found is not None
    assert found.judgement.judge == "combined"
    assert found.judgement.suspicion >= 0.5


def test_broken_weights_beside_the_database_are_named() -> None:
    configured()
    Path("siaga.weights.json").write_text(json.dumps({"format": 7}), encoding="utf-8")
    done = run("explain", "Bansos dihapus")
    assert "siaga.weights.json" in str(done.exception)


def test_the_desks_own_verdicts_on_issues_teach_without_a_file() -> None:
    configured()
    with SqliteStore(Path("siaga.db")) as store:
        store.sources.register([source("Tempo")], NOW)
        for number, row in enumerate(verdicts(swapped=True)):
            found_on_desk(store, f"{number}", row["title"], Verdict.FALSE if row["label"] == "hoax" else Verdict.TRUE)
    done = run("train", "--output", "own.json", "--replace")
    assert done.exit_code == 0, done.output
    assert "from the database: " in done.output
    assert "ROC area" in done.output
    assert read(Path("own.json").read_text(encoding="utf-8")).about["changed_from"] == shipped().version


def test_a_desk_without_verdicts_is_told_how_many_it_needs() -> None:
    configured()
    with SqliteStore(Path("siaga.db")) as store:
        store.sources.register([source("Tempo")], NOW)
    done = run("train")
    assert done.exit_code == 2
    assert "from the database: 0 claims and 0 other items with a verdict" in done.output


def found_on_desk(store: SqliteStore, name: str, title: str, verdict: Verdict) -> None:
    """An item with an issue of its own, and the desk's verdict on it."""
    store.items.record_poll(record(draft(name, title=title)))
    item = store.items.find(f"https://tempo.example/{name}")
    assert item is not None
    number = item.item.id
    store.issues.save([Membership(item_id=number, issue_id=number, voice=1, title=title, claim_key=None, seen_at=NOW)])
    store.ledger.change(IssueChange(issue_id=number, at=NOW, actor="meja", verdict=verdict))
