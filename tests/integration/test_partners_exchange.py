"""Two installations as each other's partners: what one finds reaches the other and never comes back."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from fakes import FakeClock
from newsroom import JUDOL, Newsroom

import collector
from collector.app import App
from collector.cli.context import Context
from collector.cli.partner import partner as partner_verbs
from collector.config.secret import Secret
from collector.config.settings import Network, Partner, PartnerReceive, PartnerSend, Settings, Web
from collector.model.judgement import Stance, Verdict
from collector.partners import outgoing
from collector.partners.findings import findings
from collector.partners.outgoing import Told
from collector.store.base import MentionFilter
from collector.store.ledger import IssueFilter
from collector.store.sqlite import SqliteStore
from collector.web.desk import Desk
from collector.web.serving import PageServer
from collector.web.site import create

KEY = "kunci-bersama-yang-panjang"
SCHEMA = json.loads((Path(collector.__file__).parent / "data" / "partner.schema.json").read_text(encoding="utf-8"))
HOAX = "Judi online resmi dibolehkan mulai Desember menurut surat edaran palsu"


def free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@dataclass
class Installation:
    """A desk with its own store, page and outbox."""

    app: App
    newsroom: Newsroom
    server: PageServer
    clock: FakeClock

    def publishes(self, title: str = HOAX, **more: object) -> None:
        self.newsroom.publishes(1, self.clock.now(), title=title, numbered=False, **more)  # type: ignore[arg-type]
        self.app.prune_now()  # which groups

    def exchanges(self) -> int:
        self.clock.moves(timedelta(hours=1))
        self.app.digest_now()
        sent, unsent = self.app.deliver_now()
        assert unsent == 0
        return sent

    def titles(self) -> list[str]:
        return [one.item.title for one in self.app.store.items.list(MentionFilter(on_topic_only=False))]

    def issue(self) -> int:
        (issue,) = self.app.store.ledger.list(IssueFilter())
        return issue.id


def installed(folder: Path, name: str, other: str, here: str, there: str, clock: FakeClock) -> Installation:
    folder.mkdir()
    store = SqliteStore(folder / "siaga.db")
    secret = Secret(KEY)
    exchange = Partner(
        name=other,
        send=PartnerSend(url=Secret(f"http://{there}/api/partners/{name}/reports"), secret=secret),
        receive=PartnerReceive(secrets=(secret,)),
    )
    settings = Settings(
        path=folder / "sources.yaml",
        database=folder / "siaga.db",
        network=Network(allow_private=(there,)),
        topics=(JUDOL,),
        partners=(exchange,),
        web=Web(listen=here),
    )
    app = App(settings, store=store, clock=clock)
    server = PageServer(create(Desk(lambda: app)), here)
    server.start()
    return Installation(app=app, newsroom=Newsroom(store, clock.now()), server=server, clock=clock)


@pytest.fixture
def two(tmp_path: Path, now: datetime) -> Iterator[tuple[Installation, Installation]]:
    here, there = free_address(), free_address()
    clock = FakeClock(now)  # signatures are good for five minutes: both look at the same one
    jakarta = installed(tmp_path / "jakarta", "jakarta", "surabaya", here, there, clock)
    surabaya = installed(tmp_path / "surabaya", "surabaya", "jakarta", there, here, clock)
    yield jakarta, surabaya
    for one in (jakarta, surabaya):
        one.server.stop()
        one.app.close()
        one.app.store.close()


def test_what_one_finds_reaches_the_other_with_its_reach_and_links(two: tuple[Installation, Installation]) -> None:
    jakarta, surabaya = two
    jakarta.publishes()
    assert jakarta.exchanges() == 1
    assert surabaya.titles() == [HOAX]
    (report,) = surabaya.app.store.partners.list("jakarta")
    assert (report.reference, report.issue_id) == (str(jakarta.issue()), surabaya.issue())


def test_it_works_in_both_directions(two: tuple[Installation, Installation]) -> None:
    jakarta, surabaya = two
    surabaya.publishes("Surat edaran palsu: judi online dapat bantuan modal pemerintah")
    assert surabaya.exchanges() == 1
    assert jakarta.titles() == ["Surat edaran palsu: judi online dapat bantuan modal pemerintah"]


def test_nothing_of_theirs_goes_back(two: tuple[Installation, Installation]) -> None:
    jakarta, surabaya = two
    jakarta.publishes()
    jakarta.exchanges()
    for _ in range(3):
        assert (surabaya.exchanges(), jakarta.exchanges()) == (0, 0)
    assert jakarta.titles() == [HOAX]


def test_only_our_own_part_of_a_common_issue_is_told(two: tuple[Installation, Installation]) -> None:
    jakarta, surabaya = two
    jakarta.publishes()
    jakarta.exchanges()
    surabaya.publishes(f"{HOAX} kata grup sebelah")
    assert surabaya.exchanges() == 1
    (report,) = jakarta.app.store.partners.list("surabaya")
    assert jakarta.titles().count(HOAX) == 1
    assert report.issue_id == jakarta.issue()  # one claim, one issue, on both sides
    assert (jakarta.exchanges(), surabaya.exchanges()) == (0, 0)


def test_a_verdict_on_their_report_is_answered_and_stands_in_their_ledger(
    two: tuple[Installation, Installation],
) -> None:
    jakarta, surabaya = two
    jakarta.publishes()
    jakarta.exchanges()
    surabaya.app.desk.verdict(
        surabaya.issue(), Verdict.FALSE, note="Edaran itu palsu.", actor="ani", now=surabaya.clock.now()
    )
    assert surabaya.exchanges() == 1
    told = [one for one in jakarta.app.store.ledger.told(jakarta.issue()) if one.channel == "partner"]
    assert [one.answer for one in told] == ["false Edaran itu palsu."]
    assert surabaya.exchanges() == 0  # once


def test_the_ledger_keeps_what_the_partner_answered(two: tuple[Installation, Installation]) -> None:
    jakarta, surabaya = two
    jakarta.publishes()
    jakarta.exchanges()
    (told,) = [one for one in jakarta.app.store.ledger.told(jakarta.issue()) if one.channel == "partner"]
    (report,) = surabaya.app.store.partners.list()
    assert told.answer.startswith("201")
    assert report.id in told.answer


def test_a_changed_verdict_is_told_as_a_correction(two: tuple[Installation, Installation]) -> None:
    jakarta, surabaya = two
    jakarta.publishes()
    jakarta.app.desk.verdict(jakarta.issue(), Verdict.FALSE, note="", actor="ani", now=jakarta.clock.now())
    jakarta.exchanges()
    jakarta.app.desk.verdict(
        jakarta.issue(), Verdict.TRUE, note="Ternyata benar.", actor="ani", now=jakarta.clock.now()
    )
    assert jakarta.exchanges() == 1
    told = [one for one in jakarta.app.store.ledger.told(jakarta.issue()) if one.channel == "partner"]
    assert [(one.verdict, one.correction) for one in told] == [(Verdict.FALSE, False), (Verdict.TRUE, True)]
    claims = {claim.publisher: claim.verdict for claim in surabaya.app.store.claims.list()}
    assert claims == {"jakarta": Verdict.TRUE}


OTHER = "Kementerian bagikan bantuan modal lewat judi online, daftar sebelum Jumat"


def two_issues_are_told(jakarta: Installation) -> tuple[int, int]:
    """The number that stays and the one that goes."""
    jakarta.publishes()
    jakarta.publishes(OTHER)
    assert jakarta.exchanges() == 2
    first, second = sorted(one.id for one in jakarta.app.store.ledger.list(IssueFilter()))
    return first, second


def test_a_merge_is_told_at_once_with_the_numbers_that_became_one(two: tuple[Installation, Installation]) -> None:
    jakarta, surabaya = two
    stays, goes = two_issues_are_told(jakarta)
    jakarta.app.desk.merge(goes, stays, why="satu klaim", actor="ani", now=jakarta.clock.now())
    jakarta.app.digest_now()  # a tick, long before the next exchange
    assert jakarta.app.deliver_now() == (1, 0)
    letter = json.loads(jakarta.app.store.outbox.list()[0].notice)
    body = {"type": letter["type"], "timestamp": letter["at"], "data": letter["data"]}
    jsonschema.validate(body, SCHEMA, jsonschema.Draft202012Validator)
    assert (letter["type"], letter["data"]["id"]) == ("report.updated", str(stays))
    assert (letter["data"]["replaces"], letter["data"]["correction"]) == ([str(goes)], True)
    report = surabaya.app.store.partners.list("jakarta")[0]
    assert (report.reference, report.replaces) == (str(stays), (str(goes),))
    jakarta.app.digest_now()
    assert (jakarta.exchanges(), jakarta.app.deliver_now()) == (0, (0, 0))  # once


def test_a_later_message_still_names_the_numbers_and_is_no_correction(two: tuple[Installation, Installation]) -> None:
    jakarta, _ = two
    stays, goes = two_issues_are_told(jakarta)
    jakarta.app.desk.merge(goes, stays, why="", actor="ani", now=jakarta.clock.now())
    jakarta.app.digest_now()
    jakarta.publishes(outlets=["tiga"])
    jakarta.clock.moves(timedelta(hours=1))
    jakarta.app.digest_now()
    letters = [json.loads(one.notice)["data"] for one in jakarta.app.store.outbox.list()[:2]]
    assert [(one["replaces"], one["correction"]) for one in letters] == [([str(goes)], False), ([str(goes)], True)]


def test_who_heard_of_one_number_alone_and_keeps_it_hears_of_no_merge(two: tuple[Installation, Installation]) -> None:
    jakarta, _ = two
    jakarta.publishes()
    jakarta.exchanges()
    stays = jakarta.issue()
    jakarta.publishes(OTHER)
    goes = max(one.id for one in jakarta.app.store.ledger.list(IssueFilter()))
    jakarta.app.desk.merge(goes, stays, why="", actor="ani", now=jakarta.clock.now())
    jakarta.clock.moves(timedelta(hours=1))
    jakarta.app.digest_now()
    letter = json.loads(jakarta.app.store.outbox.list()[0].notice)["data"]
    assert (letter["id"], letter["correction"], "replaces" in letter) == (str(stays), False, False)


def test_what_they_answer_to_a_merged_number_is_kept_with_what_was_told(
    two: tuple[Installation, Installation],
) -> None:
    jakarta, surabaya = two
    stays, goes = two_issues_are_told(jakarta)
    jakarta.app.desk.merge(goes, stays, why="", actor="ani", now=jakarta.clock.now())
    report = next(one for one in surabaya.app.store.partners.list("jakarta") if one.reference == str(goes))
    assert report.issue_id is not None
    surabaya.app.desk.verdict(report.issue_id, Verdict.FALSE, note="palsu", actor="x", now=surabaya.clock.now())
    surabaya.exchanges()
    assert "false palsu" in [one.answer for one in jakarta.app.store.ledger.told(stays)]


def test_a_changed_verdict_does_not_wait_for_the_next_exchange(two: tuple[Installation, Installation]) -> None:
    jakarta, surabaya = two
    jakarta.publishes()
    jakarta.app.desk.verdict(jakarta.issue(), Verdict.FALSE, note="", actor="ani", now=jakarta.clock.now())
    jakarta.exchanges()
    jakarta.publishes(OTHER)  # news, which waits
    jakarta.app.desk.verdict(
        min(one.id for one in jakarta.app.store.ledger.list(IssueFilter())),
        Verdict.TRUE,
        note="",
        actor="ani",
        now=jakarta.clock.now(),
    )
    jakarta.app.digest_now()
    assert jakarta.app.deliver_now() == (1, 0)
    claims = {claim.publisher: claim.verdict for claim in surabaya.app.store.claims.list()}
    assert claims == {"jakarta": Verdict.TRUE}
    jakarta.app.digest_now()
    assert jakarta.app.deliver_now() == (0, 0)
    assert jakarta.exchanges() == 1


def test_a_changed_answer_to_their_report_does_not_wait_either(two: tuple[Installation, Installation]) -> None:
    jakarta, surabaya = two
    jakarta.publishes()
    jakarta.exchanges()
    for found in (Verdict.FALSE, Verdict.MISLEADING):
        surabaya.app.desk.verdict(surabaya.issue(), found, note="", actor="x", now=surabaya.clock.now())
        if found is Verdict.FALSE:
            surabaya.exchanges()
    surabaya.app.digest_now()
    assert surabaya.app.deliver_now() == (1, 0)
    assert surabaya.exchanges() == 0


def test_a_merge_does_not_hide_that_another_verdict_was_told(two: tuple[Installation, Installation]) -> None:
    """What was told last of the issue may have been told of another one that is part of it now."""
    jakarta, _ = two
    jakarta.publishes()
    found = jakarta.issue()
    jakarta.app.desk.verdict(found, Verdict.MISLEADING, note="", actor="ani", now=jakarta.clock.now())
    told = Told(jakarta.app.store, "surabaya")
    finding_then = next(findings(jakarta.app.store, "surabaya"))
    first = told.telling(finding_then, jakarta.clock.now(), reference="")
    later = replace(first, about="report.created x", verdict=None)
    jakarta.app.store.ledger.tell([first, later])
    jakarta.app.desk.verdict(found, Verdict.FALSE, note="", actor="ani", now=jakarta.clock.now())
    assert told.telling(next(findings(jakarta.app.store, "surabaya")), jakarta.clock.now(), reference="").correction


def test_who_was_told_more_than_is_read_at_once_is_told_nothing_twice(
    two: tuple[Installation, Installation], monkeypatch: pytest.MonkeyPatch
) -> None:
    jakarta, _ = two
    monkeypatch.setattr(outgoing, "MOST_TOLD", 1)
    jakarta.publishes()
    assert (jakarta.exchanges(), jakarta.exchanges()) == (1, 0)


def test_what_nobody_suspects_is_not_told(two: tuple[Installation, Installation]) -> None:
    jakarta, _ = two
    jakarta.publishes("Polisi menutup situs judi online di Bekasi", suspicion=0.05, stance=Stance.NEWS)
    assert jakarta.exchanges() == 0


def test_what_is_sent_fits_the_schema(two: tuple[Installation, Installation]) -> None:
    jakarta, _ = two
    jakarta.publishes()
    jakarta.publishes("[SALAH] Judi online resmi dibolehkan mulai Desember", suspicion=0.0, stance=Stance.DEBUNK,
                      verdict=Verdict.FALSE)  # fmt: skip
    jakarta.clock.moves(timedelta(hours=1))
    jakarta.app.digest_now()
    letters = [json.loads(one.notice) for one in jakarta.app.store.outbox.list()]
    assert letters
    for letter in letters:
        body = {"type": letter["type"], "timestamp": letter["at"], "data": letter["data"]}
        jsonschema.validate(body, SCHEMA, jsonschema.Draft202012Validator)


# ---------------------------------------------------------------- files


def config(folder: Path) -> Path:
    file = folder / "sources.yaml"
    file.write_text(
        "version: 1\ntopics: [{id: judi_online, name: Judi online, strong: [judi online]}]\n"
        "partners: [{name: surabaya}, {name: jakarta}]\nreceivers: [{name: sistem, console: {}}]\n"
    )
    return file


def run(folder: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(partner_verbs, list(words), obj=Context(config=str(config(folder))))
    return result.exit_code, result.output


@pytest.mark.parametrize("suffix", ["json", "csv"])
def test_an_exported_file_is_imported_by_the_other_side(
    two: tuple[Installation, Installation], tmp_path: Path, suffix: str
) -> None:
    jakarta, _ = two
    jakarta.publishes()
    file, third = tmp_path / f"temuan.{suffix}", tmp_path / "medan"
    third.mkdir()
    assert run(tmp_path / "jakarta", "export", "surabaya", "--format", suffix, "--out", str(file))[0] == 0
    code, printed = run(third, "import", "jakarta", str(file))
    assert (code, printed.strip()) == (0, "1 new, 0 known, 0 refused")
    assert run(third, "import", "jakarta", str(file))[1].strip() == "0 new, 1 known, 0 refused"
    with SqliteStore(third / "siaga.db") as store:
        (item,) = store.items.list(MentionFilter(on_topic_only=False))
    assert (item.item.title, item.item.source_id) == (HOAX, "(partner) jakarta")


def test_an_export_tells_once_and_since_a_day_tells_again(
    two: tuple[Installation, Installation], tmp_path: Path
) -> None:
    jakarta, _ = two
    jakarta.publishes()
    folder = tmp_path / "jakarta"
    assert "1 issues" in run(folder, "export", "surabaya", "--preview")[1]
    assert "1 issues" in run(folder, "export", "surabaya")[1]
    assert "0 issues" in run(folder, "export", "surabaya")[1]
    assert "1 issues" in run(folder, "export", "surabaya", "--since", "2020-01-01")[1]


def test_claim_review_is_given_for_published_fact_checks(
    two: tuple[Installation, Installation], tmp_path: Path
) -> None:
    jakarta, _ = two
    jakarta.publishes()
    jakarta.app.desk.verdict(
        jakarta.issue(), Verdict.FALSE, note="", actor="ani", now=jakarta.clock.now(), link="https://meja.example/1"
    )
    file = tmp_path / "klaim.json"
    _, printed = run(tmp_path / "jakarta", "export", "surabaya", "--format", "claimreview", "--out", str(file))
    assert json.loads(file.read_text()), printed
    (review,) = json.loads(file.read_text())
    assert (review["@type"], review["url"]) == ("ClaimReview", "https://meja.example/1")
    assert review["reviewRating"]["alternateName"] == "Salah"
    assert review["claimReviewed"] == HOAX


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("export", "siapa"), 2, "no partner siapa"),
        (("export", "surabaya", "--since", "kemarin"), 2, "is no date"),
        (("import", "surabaya", "nowhere.json"), 2, "does not exist"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(tmp_path: Path, words: tuple[str, ...], code: int, said: str) -> None:
    exited, printed = run(tmp_path, *words)
    assert exited == code
    assert said in printed


def test_findings_that_are_not_utf_8_are_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes(b"title\nS\xe9rat\n")
    exited, printed = run(tmp_path, "import", "surabaya", str(tmp_path / "latin.csv"))
    assert exited == 2
    assert "latin.csv is not UTF-8 (at byte 7)" in printed
