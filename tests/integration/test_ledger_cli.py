"""The ledger by its commands: a desk's day from a tip to a correction, its files, and what is removed on request."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from records import NOW, alert, delivery, draft, record, source

from alerts.notice import from_json
from alerts.render import Renderer
from collector.cli import siaga
from collector.model.alert import NoticeType
from collector.model.errors import SiagaError
from collector.model.issue import Membership
from collector.model.judgement import Verdict
from collector.model.ledger import Precision
from collector.store.base import MentionFilter
from collector.store.ledger import IssueFilter
from collector.store.sqlite import SqliteStore

CONFIG = """
version: 1
sources: [{name: Tempo, url: https://tempo.example/feed}]
topics: [bansos, pemilu_umum]
receivers: [{name: meja, console: {}}, {name: sistem, console: {}}]
rules: []
ledger: {desk: Meja Kami}
"""
CHECK = "https://meja.example/cek/bansos"
RUMOUR = "Bansos dihapus mulai besok, sebarkan sebelum dihapus"


class Desk:
    """A folder with a configuration and a database, and the commands on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "sources.yaml").write_text(CONFIG, encoding="utf-8")

    def tries(self, *words: str) -> Result:
        paths = ["--config", str(self.folder / "sources.yaml"), "--db", str(self.folder / "siaga.db")]
        return CliRunner().invoke(siaga, [*paths, *words], standalone_mode=False)

    def does(self, *words: str) -> str:
        result = self.tries(*words)
        assert result.exception is None, result.output
        return result.output

    def asks(self, *words: str) -> object:
        return json.loads(self.does(*words, "--json"))

    def writes(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)

    def store(self) -> SqliteStore:
        return SqliteStore(self.folder / "siaga.db")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def rumour_spreads(desk: Desk, *, issue: int = 1, names: tuple[str, ...] = ("a", "b"), seen_at: datetime = NOW) -> None:
    with desk.store() as store:
        store.sources.register([source()], NOW)
        posts = [draft(name, title=f"{RUMOUR} {name}", seen_at=seen_at) for name in names]
        store.items.record_poll(record(*posts))
        for post in posts:
            item = store.items.find(post.identity)
            assert item is not None
            store.issues.save(
                [
                    Membership(
                        item_id=item.item.id, issue_id=issue, voice=1, title=RUMOUR, claim_key=None, seen_at=seen_at
                    )
                ]
            )
        store.alerts.save(
            alert(issue, key=f"k{issue}"), deliveries=[delivery(f"m{issue}", alert_id=issue)], evidence=[item.item.id]
        )


# ---------------------------------------------------------------- verdicts


def test_a_verdict_is_given_shown_and_known_when_the_claim_returns(desk: Desk) -> None:
    rumour_spreads(desk)
    desk.does("verdict", "1", "false", "--note", "Kemensos membantah", "--link", "https://cek.example/1", "--by", "ani")
    shown = desk.does("show", "1")
    assert "checked false" in shown
    assert "ani: verdict — -> false (Kemensos membantah)" in shown
    answer = desk.does("tip", RUMOUR, "--from", "WA Ibu Sri")
    assert "sudah diperiksa: salah" in answer
    assert "Meja Kami" in answer
    assert "https://cek.example/1" in answer


def test_a_first_verdict_corrects_nobody(desk: Desk) -> None:
    rumour_spreads(desk)
    assert "correction" not in desk.does("verdict", "1", "false", "--note", "x")
    with desk.store() as store:
        assert [one.reason for one in store.outbox.list()] == ["first"]


def test_a_changed_verdict_is_told_again_to_everyone_who_was_told(desk: Desk) -> None:
    rumour_spreads(desk)
    desk.does("verdict", "1", "false", "--note", "belum ada pengumuman")
    desk.does("tip", RUMOUR, "--from", "Sri")
    said = desk.does("verdict", "1", "true", "--note", "sudah diumumkan")
    assert "Told again, as a correction: meja." in said
    assert "Still to be told: Sri (tip) heard false; by you" in said
    with desk.store() as store:
        letter = store.outbox.list()[0]
        notice = from_json(letter.notice)
        told = store.ledger.told(1)
    assert (letter.receiver, letter.reason, notice.type) == ("meja", "correction", NoticeType.CORRECTION)
    assert "sekarang benar, semula salah" in notice.headline.id
    assert [(one.channel, one.correction) for one in told if one.recipient == "meja"] == [
        ("alert", False),
        ("correction", True),
    ]


def test_a_correction_reads_as_one_in_the_message(desk: Desk) -> None:
    rumour_spreads(desk)
    desk.does("verdict", "1", "false", "--note", "x")
    desk.does("verdict", "1", "misleading", "--note", "konteks lama")
    with desk.store() as store:
        notice = from_json(store.outbox.list()[0].notice)
    message = Renderer(language="id", zone=ZoneInfo("Asia/Jakarta")).render(notice)
    assert message.subject.startswith("[Siaga] KOREKSI: isu 1 sekarang menyesatkan, semula salah")
    assert "konteks lama" in message.text


def test_a_correction_links_to_the_check_that_the_desk_names(desk: Desk) -> None:
    rumour_spreads(desk)
    desk.does("verdict", "1", "false", "--note", "x")
    desk.does("verdict", "1", "misleading", "--note", "lihat https://palsu.example/x", "--link", CHECK)
    with desk.store() as store:
        message = Renderer(language="id", zone=ZoneInfo("Asia/Jakarta")).render(
            from_json(store.outbox.list()[0].notice)
        )
    assert f"Hasil pemeriksaan: {CHECK}" in message.text
    assert f'href="{CHECK}"' in message.html
    assert CHECK in message.brief
    assert message.data["annotations"]["link"] == CHECK  # type: ignore[index]
    assert "hxxps://palsu[.]example/x" in message.text
    assert "https://palsu.example" not in message.html + message.text


@pytest.mark.parametrize(
    "words",
    [("show", "1"), ("issues",), ("alerts", "--all"), ("sources",), ("mentions",), ("silence", "list"), ("status",)],
)
def test_every_time_in_json_ends_with_z(desk: Desk, words: tuple[str, ...]) -> None:
    rumour_spreads(desk)
    desk.does("verdict", "1", "false", "--note", "x")
    desk.does("silence", "add", "--topic", "bansos", "--for", "8h", "--comment", "x")
    said = desk.does(*words, "--json")
    times = re.findall(r'"(\d{4}-\d\d-\d\dT[^"]*)"', said)
    assert [at for at in times if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", at)] == []
    assert times or words[0] in ("sources", "status")


def test_the_same_verdict_with_another_note_is_no_correction(desk: Desk) -> None:
    rumour_spreads(desk)
    desk.does("verdict", "1", "false", "--note", "x")
    assert "correction" not in desk.does("verdict", "1", "false", "--note", "y")
    assert desk.asks("show", "1")["issue"]["state"] == "checked"  # type: ignore[index]


def test_merging_an_issue_with_another_verdict_corrects_those_who_heard_of_it(desk: Desk) -> None:
    rumour_spreads(desk)
    rumour_spreads(desk, issue=2, names=("c",))
    desk.does("verdict", "1", "false", "--note", "x")
    desk.does("verdict", "2", "true", "--note", "y")
    assert "Told again, as a correction: meja" in desk.does("merge", "2", "1", "--why", "satu klaim")
    assert desk.asks("show", "1")["issue"]["items"] == 3  # type: ignore[index]
    assert "Issue 1 is scam" in desk.does("verdict", "2", "scam", "--note", "z")  # a merged one is its target


# ---------------------------------------------------------------- life of an issue


def test_an_issue_is_taken_up_renamed_split_acted_on_and_closed(desk: Desk) -> None:
    rumour_spreads(desk)
    desk.does("state", "1", "under_check", "--why", "ramai")
    desk.does("rename", "1", "Bansos dihapus")
    assert "Issue 2: Bansos di Aceh" in desk.does("split", "1", "2", "--title", "Bansos di Aceh", "--why", "lain")
    desk.does("action", "1", "taken_down", "--by", "Meta", "--at", "2026-11", "--note", "12 unggahan")
    desk.does("state", "1", "closed")
    whole = desk.asks("show", "1")
    assert isinstance(whole, dict)
    assert (whole["issue"]["title"], whole["issue"]["state"], whole["issue"]["actions"]) == (
        "Bansos dihapus",
        "closed",
        1,
    )
    assert whole["actions"][0]["precision"] == "month"
    assert [event["kind"] for event in whole["history"]] == ["state", "title", "split", "action", "state"]


def test_issues_are_listed_and_narrowed(desk: Desk) -> None:
    rumour_spreads(desk)
    rumour_spreads(desk, issue=2, names=("c",))
    desk.does("verdict", "2", "false", "--note", "x")
    assert [one["id"] for one in desk.asks("issues")] == [2, 1]  # type: ignore[attr-defined, index]
    assert [one["id"] for one in desk.asks("issues", "--checked")] == [2]  # type: ignore[attr-defined, index]
    assert [one["id"] for one in desk.asks("issues", "--search", "bansos dihapus", "--state", "new")] == [1]  # type: ignore[attr-defined, index]
    assert "1 items" in desk.does("issues", "--topic", "bansos")


def test_an_action_of_a_day_to_come_is_taken_with_a_note(desk: Desk) -> None:
    rumour_spreads(desk)
    ahead = desk.tries("action", "1", "taken_down", "--by", "Meta", "--at", "2999-01-01")
    assert (ahead.exit_code, "2999-01-01 lies ahead" in ahead.stderr) == (0, True)
    past = desk.tries("action", "1", "taken_down", "--by", "Meta", "--at", "2024-01-01")
    assert (past.exit_code, past.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "9"), "no issue 9"),
        (("merge", "1", "1"), "part of issue"),
        (("split", "1", "99"), "no item 99"),
        (("verdict", "1", "false", "--note", " "), "rests on"),
        (("verdict", "1", "false", "--note", "x", "--link", "javascript:x"), "begins with http"),
        (("action", "1", "reported", "--by", "x", "--at", "kapan"), "is not a date"),
        (("tip", "  "), "nothing to check"),
        (("forget", "bukan", "--why", "x"), "neither an item"),
    ],
)
def test_a_mistake_is_said_in_a_sentence(desk: Desk, words: tuple[str, ...], said: str) -> None:
    rumour_spreads(desk)
    result = desk.tries(*words)
    assert result.exception is not None
    assert said in str(getattr(result.exception, "message", result.exception))


# ---------------------------------------------------------------- tips


def test_a_new_tip_is_noted_grouped_and_answered(desk: Desk) -> None:
    first = desk.asks("tip", "VIRALKAN! Bansos PKH dihapus mulai besok pagi di Kabupaten Seroja, sebarkan!")
    assert isinstance(first, dict)
    assert (first["checked"], first["topics"], first["known_before"]) == (False, ["bansos"], False)
    assert first["answer"]["id"].startswith("belum diperiksa; dicatat sebagai konten 1, isu 1")
    again = desk.asks("tip", "Sebarkan! Bansos PKH dihapus mulai besok pagi di Kabupaten Seroja, viralkan!")
    assert isinstance(again, dict)
    assert again["issue"]["id"] == 1
    assert again["issue"]["items"] == 2


def test_the_same_tip_twice_is_one_item(desk: Desk) -> None:
    desk.does("tip", RUMOUR)
    again = desk.asks("tip", RUMOUR)
    assert isinstance(again, dict)
    assert (again["item"], again["known_before"]) == (1, True)


def test_a_tip_joins_its_issue_while_a_daemon_does_the_grouping(desk: Desk) -> None:
    rumour_spreads(desk, seen_at=datetime.now(UTC))  # a tip comes now, and is compared with the last weeks
    with desk.store() as daemon, daemon.lock():
        answer = desk.asks("tip", f"{RUMOUR} lewat grup WA")
    assert isinstance(answer, dict)
    assert answer["issue"]["id"] == 1


def test_a_tip_hides_personal_numbers(desk: Desk) -> None:
    answer = desk.asks("tip", f"{RUMOUR}\nhubungi 0812 3456 7890", "--from", "Sri 081234567890")
    assert isinstance(answer, dict)
    with desk.store() as store:
        assert "3456" not in store.items.get(answer["item"]).item.excerpt
        assert all("3456" not in one.recipient for one in store.ledger.told(answer["issue"]["id"]))


def test_a_tip_off_topic_is_kept_and_compared_all_the_same(desk: Desk) -> None:
    claims = desk.writes("k.csv", "claim,verdict,publisher\nMinum air kelapa menyembuhkan demam berdarah,false,Cek\n")
    desk.does("import", "claims", claims)
    answer = desk.asks("tip", "Minum air kelapa menyembuhkan demam berdarah")
    assert isinstance(answer, dict)
    assert (answer["verdict"], answer["publisher"], answer["topics"], answer["issue"]) == ("false", "Cek", [], None)


# ---------------------------------------------------------------- files


def test_a_desks_list_of_issues_is_entered_once(desk: Desk) -> None:
    table = (
        "judul;bulan;putusan;catatan;topik\nSurat suara dicoblos;2024-02;Hoaks;KPU membantah;pemilu_umum\nX;kapan;;;\n"
    )
    file = desk.writes("isu.csv", table)
    said = desk.does("import", "issues", file)
    assert "1 new issues, 0 known already" in said
    assert "line 3: 'kapan' is not a date" in said
    assert "0 new issues, 1 known already" in desk.does("import", "issues", file)
    with desk.store() as store:
        (issue,) = store.ledger.list(IssueFilter())
        assert (issue.verdict, issue.opened_precision, issue.topics) == (Verdict.FALSE, "month", ("pemilu_umum",))
        assert len([one for one in store.ledger.history(issue.id) if one.kind == "verdict"]) == 1
        assert store.claims.count() == 1


def test_a_corrected_list_corrects_the_issue(desk: Desk) -> None:
    desk.does("import", "issues", desk.writes("a.csv", "title,date,verdict\nKlaim,2024-02-01,false\n"))
    desk.does("import", "issues", desk.writes("a.csv", "title,date,verdict\nKlaim,2024-02-01,true\n"))
    (issue,) = desk.asks("issues")  # type: ignore[misc]
    assert (issue["verdict"], issue["state"]) == ("true", "corrected")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("i.csv", "title,date,issue,topic\nSurat suara dicoblos di Seroja,2024-02,Surat suara,pemilu_umum\n"),
        (
            "i.ndjson",
            '{"judul": "Surat suara dicoblos di Seroja", "tanggal": "2024-02", "isu": "Surat suara"}\n[1]\nx\n',
        ),
    ],
)
def test_a_desks_items_count_on_their_own_dates_and_raise_nothing(desk: Desk, name: str, text: str) -> None:
    desk.does("import", "issues", desk.writes("isu.csv", "title,date\nSurat suara,2024-02\n"))
    assert "1 new items" in desk.does("import", "items", desk.writes(name, text))
    assert "0 new items, 1 known already" in desk.does("import", "items", desk.writes(name, text))
    with desk.store() as store:
        (item,) = store.items.list(MentionFilter(on_topic_only=False))
        assert (item.item.date_precision, item.item.timing, item.item.issue_id) == (Precision.MONTH, "backfill", 1)
        assert [mention.topic_id for mention in item.mentions] == ["pemilu_umum"]
    report = desk.asks("report", "--from", "2024-02", "--to", "2024-02")
    assert isinstance(report, dict)
    assert (report["issues"], report["items"]) == (1, 1)
    by_day = desk.asks("report", "--from", "2024-02", "--to", "2024-02", "--by", "day")
    assert isinstance(by_day, dict)
    assert any("2 yang hanya diketahui bulannya" in note for note in by_day["notes"])


def test_an_item_of_an_unknown_issue_is_kept_without_one(desk: Desk) -> None:
    said = desk.does("import", "items", desk.writes("i.csv", "title,date,issue\nBansos,2024-02-01,Tidak ada\n"))
    assert "1 new items" in said
    assert "no issue is called 'Tidak ada'" in said


@pytest.mark.parametrize("kind", ["issues", "items", "counts"])
def test_a_file_without_its_columns_is_refused_in_a_sentence(desk: Desk, kind: str) -> None:
    result = desk.tries("import", kind, desk.writes("x.csv", "a,b\n1,2\n"))
    assert "no column" in str(getattr(result.exception, "message", ""))


# ---------------------------------------------------------------- reports


def test_a_report_counts_issues_items_and_actions_apart_whatever_it_is_told_by(desk: Desk) -> None:
    rumour_spreads(desk)
    desk.does("action", "1", "labelled", "--by", "Meta", "--at", "2026-11-25")
    window = ("report", "--from", "2026-11-24", "--to", "2026-11-26")
    for by in ("day", "week", "month", "topic", "source"):
        found = desk.asks(*window, "--by", by)
        assert isinstance(found, dict)
        assert (found["issues"], found["items"], found["actions"]) == (1, 2, 1)
        assert sum(group["issues"] or 0 for group in found["groups"]) == 1
    assert [group["label"] for group in found["groups"]] == ["tempo.example"]
    assert "dilabeli 1" in desk.does(*window)


def test_even_handedness_names_intervals_and_warns_of_small_counts(desk: Desk) -> None:
    rumour_spreads(desk)
    assert "programme " in desk.does("report", "--from", "2026-11", "--to", "2026-11", "--evenness")
    found = desk.asks("report", "--from", "2026-11", "--to", "2026-11", "--name", "sebarkan sebelum dihapus")
    assert isinstance(found, dict)
    (named,) = found["evenness"]
    assert (named["items"], named["flagged"]["count"], named["alerted"]["count"]) == (2, 2, 1)
    assert 0.3 < named["flagged"]["low"] < named["flagged"]["high"] == 1.0
    assert "terlalu sedikit" in named["warning"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "2026-11-02", "--to", "2026-11-01"), "is after"),
        (("--from", "kapan", "--to", "2026-11"), "is not a date"),
        (("--from", "2026-11", "--to", "2026-11", "--vs", "2025"), "is no window"),
        (("--from", "1900-01", "--to", "2026-11"), "longer than ten years"),
        (("--from", "2026-11", "--to", "2026-11", "--json", "--csv"), "at most one"),
        (("--from", "2026-11", "--to", "2026-11", "--topic", "bansoss"), "did you mean bansos"),
    ],
)
def test_a_report_that_cannot_be_made_says_why(desk: Desk, words: tuple[str, ...], said: str) -> None:
    result = desk.tries("report", *words)
    assert said in str(getattr(result.exception, "message", result.exception))


# ---------------------------------------------------------------- removal and copies


def test_what_is_forgotten_does_not_come_back_with_a_tip(desk: Desk) -> None:
    rumour_spreads(desk)
    assert "content of item 1 is removed" in desk.does("forget", "1", "--why", "permintaan")
    result = desk.tries("tip", "Kabar lain", "--link", "https://tempo.example/a")
    assert isinstance(result.exception, SiagaError)
    assert "removed on request" in str(result.exception)
    assert "was removed before" in str(desk.tries("forget", "1", "--why", "x").exception)
    assert desk.asks("show", "1")["issue"]["items"] == 2  # type: ignore[index]


def test_what_is_forgotten_keeps_its_score_when_all_is_judged_anew(desk: Desk) -> None:
    rumour_spreads(desk)
    desk.does("forget", "1", "--why", "permintaan")
    desk.does("rescore")
    with desk.store() as store:
        judged = store.items.get(1)
    assert (judged.judgement.suspicion, judged.judgement.signals) == (0.6, ())


def test_forgetting_is_written_down_without_the_content(desk: Desk) -> None:
    rumour_spreads(desk)
    desk.does("forget", "https://tempo.example/a?utm_source=x", "--why", "hak dihapus", "--by", "ani")
    with desk.store() as store:
        (entry,) = store.audit.list()
    assert (entry.actor, entry.action, entry.subject, entry.detail) == ("ani", "forget", "item:1", "hak dihapus")
    kept = b"".join(file.read_bytes() for file in desk.folder.glob("siaga.db*"))
    assert f"{RUMOUR} b".encode() in kept
    assert f"{RUMOUR} a".encode() not in kept  # nor in the file's free space


def test_a_kept_page_is_described_written_and_removed(desk: Desk) -> None:
    from collector.ledger.evidence import copy_of
    from collector.model.source import Fetched

    rumour_spreads(desk)
    answer = Fetched(
        url="https://tempo.example/a",
        final_url="https://tempo.example/a",
        status=200,
        body=b"<html>" + b"bukti " * 1000,
        headers={"content-type": "text/html"},
        fetched_at=NOW,
        duration=timedelta(seconds=1),
    )
    with desk.store() as store:
        copy, body = copy_of(1, answer, max_bytes=60)
        store.copies.keep(copy, body)
    said = desk.does("copy", "1", "--out", str(desk.folder / "page.html"))
    assert "of 6006 bytes (cut)" in said
    assert (desk.folder / "page.html").read_bytes() == answer.body[:60]
    assert "page kept" in desk.does("show", "1")
    desk.does("copy", "1", "--remove")
    assert "Not kept: removed" in desk.does("copy", "1")
